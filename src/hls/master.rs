//! The multivariant playlist, which DESIGN and the field still call the master playlist (RFC 8216bis, 4.4.6).

use std::fmt;
use std::str::FromStr;

use super::attributes::{Attributes, Milli, PlaylistError, Quoted, lines, milli};

/// Which renditions there are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MasterPlaylist {
    pub audio: Vec<AudioRendition>,
    /// The first is what players begin with.
    pub variants: Vec<Variant>,
}

/// Sound of its own, in a group that variants name (EXT-X-MEDIA).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AudioRendition {
    pub group: String,
    pub name: String,
    /// RFC 5646.
    pub language: Option<String>,
    pub default: bool,
    pub channels: Option<u8>,
    pub uri: String,
}

/// A variant stream (EXT-X-STREAM-INF).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Variant {
    /// Peak of the picture and of the sound that goes with it.
    pub bandwidth_bps: u64,
    pub average_bandwidth_bps: Option<u64>,
    /// RFC 6381, the sound's included.
    pub codecs: Vec<String>,
    pub resolution: Option<(u32, u32)>,
    pub frame_rate_milli: Option<u32>,
    /// The group of its sound.
    pub audio: Option<String>,
    pub uri: String,
}

impl fmt::Display for MasterPlaylist {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS")?;
        for rendition in &self.audio {
            writeln!(f, "{rendition}")?;
        }
        for variant in &self.variants {
            writeln!(f, "{variant}")?;
        }
        Ok(())
    }
}

impl fmt::Display for AudioRendition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID={},NAME={}", Quoted(&self.group), Quoted(&self.name))?;
        if let Some(language) = &self.language {
            write!(f, ",LANGUAGE={}", Quoted(language))?;
        }
        write!(f, ",DEFAULT={},AUTOSELECT=YES", if self.default { "YES" } else { "NO" })?;
        if let Some(channels) = self.channels {
            write!(f, ",CHANNELS=\"{channels}\"")?;
        }
        write!(f, ",URI={}", Quoted(&self.uri))
    }
}

impl fmt::Display for Variant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#EXT-X-STREAM-INF:BANDWIDTH={}", self.bandwidth_bps)?;
        if let Some(average) = self.average_bandwidth_bps {
            write!(f, ",AVERAGE-BANDWIDTH={average}")?;
        }
        if !self.codecs.is_empty() {
            write!(f, ",CODECS={}", Quoted(&self.codecs.join(",")))?;
        }
        if let Some((width, height)) = self.resolution {
            write!(f, ",RESOLUTION={width}x{height}")?;
        }
        if let Some(rate) = self.frame_rate_milli {
            write!(f, ",FRAME-RATE={}", Milli(rate.into()))?;
        }
        if let Some(group) = &self.audio {
            write!(f, ",AUDIO={}", Quoted(group))?;
        }
        write!(f, "\n{}", self.uri)
    }
}

impl FromStr for MasterPlaylist {
    type Err = PlaylistError;

    fn from_str(text: &str) -> Result<Self, PlaylistError> {
        let mut playlist = Self::default();
        let mut variant: Option<Variant> = None;
        for (line, content) in lines(text)? {
            let unreadable = || PlaylistError::Line { line, text: content.to_owned() };
            if let Some(list) = content.strip_prefix("#EXT-X-MEDIA:") {
                let attributes = Attributes::parse(list).ok_or_else(unreadable)?;
                if attributes.text("TYPE") == Some("AUDIO") {
                    playlist.audio.push(AudioRendition::read(&attributes).ok_or_else(unreadable)?);
                }
            } else if let Some(list) = content.strip_prefix("#EXT-X-STREAM-INF:") {
                let attributes = Attributes::parse(list).ok_or_else(unreadable)?;
                variant = Some(Variant::read(&attributes).ok_or_else(unreadable)?);
            } else if !content.starts_with('#') {
                let variant = variant.take().ok_or_else(unreadable)?;
                playlist.variants.push(Variant { uri: content.to_owned(), ..variant });
            }
        }
        match variant {
            Some(_) => Err(PlaylistError::Missing("the last variant's URI")),
            None => Ok(playlist),
        }
    }
}

impl AudioRendition {
    fn read(a: &Attributes<'_>) -> Option<Self> {
        Some(Self {
            group: a.text("GROUP-ID")?.to_owned(),
            name: a.text("NAME")?.to_owned(),
            language: a.text("LANGUAGE").map(str::to_owned),
            default: a.yes("DEFAULT"),
            channels: a.number("CHANNELS"),
            uri: a.text("URI")?.to_owned(),
        })
    }
}

impl Variant {
    fn read(a: &Attributes<'_>) -> Option<Self> {
        let resolution = match a.text("RESOLUTION").map(|r| r.split_once('x')) {
            None => None,
            Some(size) => size.and_then(|(w, h)| Some((w.parse().ok()?, h.parse().ok()?))).map(Some)?,
        };
        Some(Self {
            bandwidth_bps: a.number("BANDWIDTH")?,
            average_bandwidth_bps: a.number("AVERAGE-BANDWIDTH"),
            codecs: a.text("CODECS").map(|list| list.split(',').map(|c| c.trim().to_owned()).collect()).unwrap_or_default(),
            resolution,
            frame_rate_milli: a.text("FRAME-RATE").and_then(milli).and_then(|rate| rate.try_into().ok()),
            audio: a.text("AUDIO").map(str::to_owned),
            uri: String::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::option::of;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sound_in_a_group_beside_a_ladder() {
        let playlist = MasterPlaylist {
            audio: vec![AudioRendition {
                group: "audio-128k".to_owned(),
                name: "普通话".to_owned(),
                language: Some("zh".to_owned()),
                default: true,
                channels: Some(2),
                uri: "audio-128k/index.m3u8".to_owned(),
            }],
            variants: vec![Variant {
                bandwidth_bps: 2_300_000,
                average_bandwidth_bps: Some(2_100_000),
                codecs: vec!["avc1.64001F".to_owned(), "mp4a.40.2".to_owned()],
                resolution: Some((1280, 720)),
                frame_rate_milli: Some(25_000),
                audio: Some("audio-128k".to_owned()),
                uri: "720p/index.m3u8".to_owned(),
            }],
        };
        let text = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n\
            #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"audio-128k\",NAME=\"普通话\",LANGUAGE=\"zh\",DEFAULT=YES,AUTOSELECT=YES,CHANNELS=\"2\",URI=\"audio-128k/index.m3u8\"\n\
            #EXT-X-STREAM-INF:BANDWIDTH=2300000,AVERAGE-BANDWIDTH=2100000,CODECS=\"avc1.64001F,mp4a.40.2\",RESOLUTION=1280x720,FRAME-RATE=25.000,AUDIO=\"audio-128k\"\n\
            720p/index.m3u8\n";
        assert_eq!(playlist.to_string(), text);
        assert_eq!(text.parse(), Ok(playlist));
    }

    fn word() -> impl Strategy<Value = String> {
        "[a-zA-Z0-9.,=/ 节目_-]{0,12}"
    }

    fn uri() -> impl Strategy<Value = String> {
        "[a-z0-9/._-]{1,16}"
    }

    prop_compose! {
        fn rendition()(group in word(), name in word(), language in of("[a-z]{2}"), default in any::<bool>(), channels in of(1..9_u8), uri in uri()) -> AudioRendition {
            AudioRendition { group, name, language, default, channels, uri }
        }
    }

    prop_compose! {
        fn variant()(bandwidth_bps in any::<u64>(), average_bandwidth_bps in of(any::<u64>()), codecs in prop::collection::vec("[a-z0-9.]{1,11}", 0..3),
            resolution in of(any::<(u32, u32)>()), frame_rate_milli in of(any::<u32>()), audio in of(word()), uri in uri()) -> Variant {
            Variant { bandwidth_bps, average_bandwidth_bps, codecs, resolution, frame_rate_milli, audio, uri }
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(audio in prop::collection::vec(rendition(), 0..4), variants in prop::collection::vec(variant(), 0..5)) {
            let playlist = MasterPlaylist { audio, variants };
            prop_assert_eq!(playlist.to_string().parse(), Ok(playlist));
        }

        #[test]
        fn nothing_panics(text in "(#EXTM3U\n)?(#EXT-X-(MEDIA|STREAM-INF):[A-Z\",=0-9x.-]{0,40}\n|.{0,20}\n){0,6}") {
            let _ = text.parse::<MasterPlaylist>();
        }
    }
}
