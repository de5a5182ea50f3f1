//! The media playlist (RFC 8216bis, 4.4.3 to 4.4.5).

use std::fmt;
use std::str::FromStr;

use crate::base::UtcMs;

use super::attributes::{Attributes, Milli, PlaylistError, Quoted, lines, milli};

/// What may happen to a playlist.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Kind {
    /// It is whole: nothing is added or taken away.
    #[default]
    Vod,
    /// Segments are added and none taken away; `ended` once the last is there.
    Event { ended: bool },
    /// A window: segments are added at its end and leave at its beginning.
    Live,
}

/// The segments of one rendition.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MediaPlaylist {
    pub kind: Kind,
    /// Number of the first segment here.
    pub media_sequence: u64,
    /// Discontinuities that have left a live window before the first segment here.
    pub discontinuity_sequence: u64,
    /// Seconds from the beginning where players start, from the end where negative; in thousandths (EXT-X-START).
    pub start_offset_ms: Option<i64>,
    /// At least this as the target duration, so that it never changes while a playlist grows (4.4.3.1).
    pub least_target_seconds: u64,
    pub segments: Vec<Segment>,
}

/// One segment and the tags before it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Segment {
    pub uri: String,
    pub duration_ms: u64,
    /// The time line begins anew here: an epoch of the tape.
    pub discontinuity: bool,
    /// There is nothing to be had for this stretch: players skip it (EXT-X-GAP).
    pub gap: bool,
    /// The machine's UTC of its first picture.
    pub program_date_time: Option<UtcMs>,
    /// Its init segment, where that is another than the segment's before it; the first must name one.
    pub map: Option<Map>,
}

/// An init segment (EXT-X-MAP).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Map {
    pub uri: String,
}

impl MediaPlaylist {
    /// The longest segment, rounded to the nearest second (4.4.3.1), and at least 1.
    pub fn target_seconds(&self) -> u64 {
        let longest = self.segments.iter().map(|s| s.duration_ms).max().unwrap_or(0);
        ((longest + 500) / 1000).max(self.least_target_seconds).max(1)
    }

    /// Keeps the last `count` segments of a live window, and counts what leaves.
    pub fn slide(&mut self, count: usize) {
        let leaving = self.segments.len().saturating_sub(count);
        let mut map = None;
        for gone in self.segments.drain(..leaving) {
            self.media_sequence += 1;
            self.discontinuity_sequence += u64::from(gone.discontinuity);
            map = gone.map.or(map);
        }
        if let Some(first) = self.segments.first_mut() {
            first.map = first.map.take().or(map);
        }
    }
}

impl fmt::Display for MediaPlaylist {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Version 8 brought EXT-X-GAP; 7 is what fMP4 needs (section 8).
        let version = if self.segments.iter().any(|s| s.gap) { 8 } else { 7 };
        writeln!(f, "#EXTM3U\n#EXT-X-VERSION:{version}\n#EXT-X-TARGETDURATION:{}", self.target_seconds())?;
        if self.media_sequence != 0 {
            writeln!(f, "#EXT-X-MEDIA-SEQUENCE:{}", self.media_sequence)?;
        }
        if self.discontinuity_sequence != 0 {
            writeln!(f, "#EXT-X-DISCONTINUITY-SEQUENCE:{}", self.discontinuity_sequence)?;
        }
        match self.kind {
            Kind::Vod => writeln!(f, "#EXT-X-PLAYLIST-TYPE:VOD")?,
            Kind::Event { .. } => writeln!(f, "#EXT-X-PLAYLIST-TYPE:EVENT")?,
            Kind::Live => {}
        }
        writeln!(f, "#EXT-X-INDEPENDENT-SEGMENTS")?;
        if let Some(offset) = self.start_offset_ms {
            let sign = if offset < 0 { "-" } else { "" };
            writeln!(f, "#EXT-X-START:TIME-OFFSET={sign}{},PRECISE=YES", Milli(offset.unsigned_abs()))?;
        }
        for segment in &self.segments {
            write!(f, "{segment}")?;
        }
        if matches!(self.kind, Kind::Vod | Kind::Event { ended: true }) {
            writeln!(f, "#EXT-X-ENDLIST")?;
        }
        Ok(())
    }
}

impl fmt::Display for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.discontinuity {
            writeln!(f, "#EXT-X-DISCONTINUITY")?;
        }
        if let Some(map) = &self.map {
            writeln!(f, "#EXT-X-MAP:URI={}", Quoted(&map.uri))?;
        }
        if let Some(at) = self.program_date_time {
            writeln!(f, "#EXT-X-PROGRAM-DATE-TIME:{at}")?;
        }
        if self.gap {
            writeln!(f, "#EXT-X-GAP")?;
        }
        writeln!(f, "#EXTINF:{},\n{}", Milli(self.duration_ms), self.uri)
    }
}

impl FromStr for MediaPlaylist {
    type Err = PlaylistError;

    fn from_str(text: &str) -> Result<Self, PlaylistError> {
        let mut playlist = Self { kind: Kind::Live, ..Self::default() };
        let (mut segment, mut has_duration, mut ended) = (Segment::default(), false, false);
        for (line, content) in lines(text)? {
            let unreadable = || PlaylistError::Line { line, text: content.to_owned() };
            if !content.starts_with('#') {
                if !std::mem::take(&mut has_duration) {
                    return Err(PlaylistError::Missing("EXTINF before a segment"));
                }
                segment.uri = content.to_owned();
                playlist.segments.push(std::mem::take(&mut segment));
                continue;
            }
            let (tag, value) = content.split_once(':').unwrap_or((content, ""));
            let number = || value.parse::<u64>().map_err(|_| unreadable());
            match tag {
                "#EXT-X-TARGETDURATION" => playlist.least_target_seconds = number()?,
                "#EXT-X-MEDIA-SEQUENCE" => playlist.media_sequence = number()?,
                "#EXT-X-DISCONTINUITY-SEQUENCE" => playlist.discontinuity_sequence = number()?,
                "#EXT-X-PLAYLIST-TYPE" if value == "VOD" => playlist.kind = Kind::Vod,
                "#EXT-X-PLAYLIST-TYPE" if value == "EVENT" => playlist.kind = Kind::Event { ended: false },
                "#EXT-X-PLAYLIST-TYPE" => return Err(unreadable()),
                "#EXT-X-START" => playlist.start_offset_ms = Some(start_offset(value).ok_or_else(unreadable)?),
                "#EXT-X-ENDLIST" => ended = true,
                "#EXT-X-DISCONTINUITY" => segment.discontinuity = true,
                "#EXT-X-GAP" => segment.gap = true,
                "#EXT-X-MAP" => {
                    let uri = Attributes::parse(value).and_then(|a| a.text("URI")).ok_or_else(unreadable)?;
                    segment.map = Some(Map { uri: uri.to_owned() });
                }
                "#EXT-X-PROGRAM-DATE-TIME" => {
                    let at: jiff::Timestamp = value.parse().map_err(|_| unreadable())?;
                    segment.program_date_time = Some(UtcMs(at.as_millisecond()));
                }
                "#EXTINF" => {
                    let duration = value.split(',').next().unwrap_or_default();
                    segment.duration_ms = milli(duration).ok_or_else(unreadable)?;
                    has_duration = true;
                }
                _ => {}
            }
        }
        if segment != Segment::default() || has_duration {
            return Err(PlaylistError::Missing("the last segment's URI"));
        }
        match &mut playlist.kind {
            Kind::Event { ended: e } => *e = ended,
            // A window that has ended changes no more.
            kind @ Kind::Live if ended => *kind = Kind::Vod,
            _ => {}
        }
        // Others write too small a target, or none.
        playlist.least_target_seconds = playlist.target_seconds();
        Ok(playlist)
    }
}

fn start_offset(list: &str) -> Option<i64> {
    let offset = Attributes::parse(list)?.text("TIME-OFFSET")?;
    match offset.strip_prefix('-') {
        Some(from_end) => i64::try_from(milli(from_end)?).ok().map(|ms| -ms),
        None => i64::try_from(milli(offset)?).ok(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::option::of;
    use proptest::prelude::*;

    use super::*;

    fn segment(uri: &str, duration_ms: u64) -> Segment {
        Segment { uri: uri.to_owned(), duration_ms, ..Segment::default() }
    }

    #[test]
    fn a_live_window_with_a_new_epoch() {
        let playlist = MediaPlaylist {
            kind: Kind::Live,
            media_sequence: 41,
            discontinuity_sequence: 2,
            start_offset_ms: Some(-6_500),
            least_target_seconds: 3,
            segments: vec![
                Segment {
                    map: Some(Map { uri: "init.mp4".to_owned() }),
                    program_date_time: Some(UtcMs(1_795_276_800_040)),
                    ..segment("1795276800000-0.m4s", 2_000)
                },
                Segment { gap: true, ..segment("1795276800000-1.m4s", 3_499) },
                Segment { discontinuity: true, map: Some(Map { uri: "init-2.mp4".to_owned() }), ..segment("1795276809000-0.m4s", 1_960) },
            ],
        };
        let text = "#EXTM3U\n#EXT-X-VERSION:8\n#EXT-X-TARGETDURATION:3\n#EXT-X-MEDIA-SEQUENCE:41\n#EXT-X-DISCONTINUITY-SEQUENCE:2\n\
            #EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-START:TIME-OFFSET=-6.500,PRECISE=YES\n\
            #EXT-X-MAP:URI=\"init.mp4\"\n#EXT-X-PROGRAM-DATE-TIME:2026-11-21T16:00:00.040Z\n#EXTINF:2.000,\n1795276800000-0.m4s\n\
            #EXT-X-GAP\n#EXTINF:3.499,\n1795276800000-1.m4s\n\
            #EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI=\"init-2.mp4\"\n#EXTINF:1.960,\n1795276809000-0.m4s\n";
        assert_eq!(playlist.to_string(), text);
        assert_eq!(text.parse(), Ok(playlist));
    }

    #[test]
    fn the_target_is_rounded_to_the_nearest_second() {
        let of = |durations: &[u64]| {
            let segments = durations.iter().map(|&d| segment("a.m4s", d)).collect();
            MediaPlaylist { segments, ..MediaPlaylist::default() }.target_seconds()
        };
        assert_eq!((of(&[]), of(&[400]), of(&[2_499]), of(&[2_000, 2_500, 1_000])), (1, 1, 2, 3));
    }

    #[test]
    fn what_leaves_a_window_is_counted() {
        let mut playlist = MediaPlaylist { kind: Kind::Live, media_sequence: 7, ..MediaPlaylist::default() };
        playlist.segments = (0..6).map(|n| Segment { discontinuity: n == 1 || n == 4, ..segment(&format!("{n}.m4s"), 2_000) }).collect();
        playlist.segments[0].map = Some(Map { uri: "a.mp4".to_owned() });
        playlist.segments[1].map = Some(Map { uri: "b.mp4".to_owned() });
        playlist.slide(3);
        assert_eq!((playlist.media_sequence, playlist.discontinuity_sequence, playlist.segments.len()), (10, 1, 3));
        assert_eq!(playlist.segments[0].map, Some(Map { uri: "b.mp4".to_owned() }), "the first names its init segment");
        assert!(playlist.segments[1].discontinuity);
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        assert_eq!("<html>".parse::<MediaPlaylist>(), Err(PlaylistError::NoHeader));
        let wrong = "#EXTM3U\n#EXT-X-TARGETDURATION:soon\n".parse::<MediaPlaylist>();
        assert_eq!(wrong, Err(PlaylistError::Line { line: 2, text: "#EXT-X-TARGETDURATION:soon".to_owned() }));
        assert_eq!("#EXTM3U\n0.m4s\n".parse::<MediaPlaylist>(), Err(PlaylistError::Missing("EXTINF before a segment")));
        assert_eq!("#EXTM3U\n#EXTINF:2,\n".parse::<MediaPlaylist>(), Err(PlaylistError::Missing("the last segment's URI")));
    }

    #[test]
    fn a_target_that_others_left_out_is_what_we_would_write() {
        for text in ["#EXTM3U\n", "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:6,\n0.ts\n"] {
            let playlist: MediaPlaylist = text.parse().unwrap();
            assert_eq!(playlist.to_string().parse(), Ok(playlist));
        }
    }

    fn any_uri() -> impl Strategy<Value = String> {
        "[a-z0-9/._-]{1,16}"
    }

    prop_compose! {
        fn any_segment()(uri in any_uri(), duration_ms in 0..100_000_000_u64, discontinuity in any::<bool>(), gap in any::<bool>(),
            at in of(0..4_000_000_000_000_i64), map in of(any_uri())) -> Segment {
            Segment { uri, duration_ms, discontinuity, gap, program_date_time: at.map(UtcMs), map: map.map(|uri| Map { uri }) }
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            kind in prop_oneof![Just(Kind::Vod), Just(Kind::Event { ended: false }), Just(Kind::Event { ended: true }), Just(Kind::Live)],
            media_sequence in any::<u64>(), discontinuity_sequence in any::<u64>(), start_offset_ms in of(-1_000_000_000..1_000_000_000_i64),
            segments in prop::collection::vec(any_segment(), 0..6),
        ) {
            let mut playlist = MediaPlaylist { kind, media_sequence, discontinuity_sequence, start_offset_ms, least_target_seconds: 0, segments };
            playlist.least_target_seconds = playlist.target_seconds();
            prop_assert_eq!(playlist.to_string().parse(), Ok(playlist));
        }

        #[test]
        fn nothing_panics(text in "(#EXTM3U\n)?(#EXT(INF|-X-(MAP|START|PROGRAM-DATE-TIME|MEDIA-SEQUENCE)):[A-Z\",=0-9T:.-]{0,30}\n|.{0,20}\n){0,8}") {
            let _ = text.parse::<MediaPlaylist>();
        }
    }
}
