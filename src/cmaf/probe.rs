//! What a piece of a service is: for the ladder, for the operator's page, and for the question whether browsers play it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::base::work::Anchor;
use crate::ts::{Packet, Pmt, StreamKind};

use super::h264::{self, H264, nal};
use super::{Access, AdtsHeader, Demuxed, Demuxer, sniff};

/// The pictures of a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VideoFacts {
    pub kind: StreamKind,
    /// 0 until a header of the stream was seen, like all that follows.
    pub width: u32,
    pub height: u32,
    /// Frames per 1,000 seconds: from the header, else measured.
    pub frame_rate_milli: Option<u32>,
    pub interlaced: bool,
    /// Width to height of one pixel; (1, 1) where the stream says nothing.
    pub pixel_aspect: (u32, u32),
    pub bit_depth: u8,
    /// 0 monochrome, 1 4:2:0, 2 4:2:2, 3 4:4:4.
    pub chroma_format: u8,
    /// RFC 6381, of H.264.
    pub codecs: Option<String>,
    /// Pictures looked at, and how many of them decoding may begin with (IDR in H.264).
    pub pictures: u64,
    pub keys: u64,
}

/// The sound of a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AudioFacts {
    pub kind: StreamKind,
    /// 0 until a header was seen.
    pub sample_rate: u32,
    pub channels: u8,
    /// AAC: 2 is LC.
    pub object_type: Option<u8>,
    /// Several frames behind one ADTS header, which only a decoder takes apart.
    pub grouped: bool,
    pub language: Option<String>,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probe {
    /// The service's PMT was seen.
    pub found: bool,
    pub scrambled: bool,
    pub video: Option<VideoFacts>,
    pub audio: Option<AudioFacts>,
}

/// Looks at the packets of a service.
#[derive(Debug)]
pub struct Prober {
    demuxer: Demuxer,
    found: Probe,
    scrambled_packets: u64,
    last_dts: Option<i64>,
    /// How often pictures were so many ticks apart.
    distances: BTreeMap<i64, u32>,
}

impl Prober {
    pub fn new(service: u16) -> Self {
        Self {
            demuxer: Demuxer::new(service, Anchor { pts_33: 0, media_90k: 0 }),
            found: Probe::default(),
            scrambled_packets: 0,
            last_dts: None,
            distances: BTreeMap::new(),
        }
    }

    pub fn push(&mut self, packet: &Packet<'_>) {
        let pid = packet.pid();
        let ours = self.demuxer.streams().is_some_and(|pmt| pmt.video().into_iter().chain(pmt.audio()).any(|s| s.pid == pid));
        self.scrambled_packets += u64::from(ours && packet.scrambled());
        self.demuxer.push(packet);
        self.drain();
    }

    /// What is known so far.
    pub fn found(&self) -> Probe {
        let mut found = self.found.clone();
        // A conditional access descriptor may stand over streams that are sent in the clear.
        found.scrambled = self.scrambled_packets > 0;
        if let Some(video) = found.video.as_mut().filter(|v| v.frame_rate_milli.is_none()) {
            let usual = self.distances.iter().max_by_key(|&(_, count)| *count).map(|(&distance, _)| distance);
            video.frame_rate_milli = usual.and_then(|d| u32::try_from((90_000_000 + d / 2) / d).ok());
        }
        found
    }

    /// What is known at the end of the piece.
    pub fn finish(mut self) -> Probe {
        self.demuxer.finish();
        self.drain();
        self.found()
    }

    fn drain(&mut self) {
        while let Some(demuxed) = self.demuxer.poll() {
            match demuxed {
                Demuxed::Streams(pmt) => self.take_streams(&pmt),
                Demuxed::Access(access) if access.kind.is_video() => self.take_picture(&access),
                Demuxed::Access(access) => self.take_sound(&access),
            }
        }
    }

    fn take_streams(&mut self, pmt: &Pmt) {
        self.found.found = true;
        if self.found.video.as_ref().map(|v| v.kind) != pmt.video().map(|s| s.kind) {
            self.found.video = pmt.video().map(|s| VideoFacts::unknown(s.kind));
            self.distances.clear();
        }
        if self.found.audio.as_ref().map(|a| a.kind) != pmt.audio().map(|s| s.kind) {
            self.found.audio =
                pmt.audio().map(|s| AudioFacts { kind: s.kind, sample_rate: 0, channels: 0, object_type: None, grouped: false, language: s.language.clone() });
        }
    }

    fn take_picture(&mut self, access: &Access) {
        let dts = access.dts_90k.unwrap_or(access.pts_90k);
        if let Some(distance) = self.last_dts.replace(dts).map(|last| dts - last).filter(|d| (1..=90_000).contains(d)) {
            *self.distances.entry(distance).or_default() += 1;
        }
        let Some(video) = &mut self.found.video else { return };
        video.pictures += 1;
        video.keys += u64::from(access.key);
        // Damage in a header must not make a programme interlaced.
        if !access.damaged || video.width == 0 {
            video.learn(access);
        }
    }

    fn take_sound(&mut self, access: &Access) {
        let Some(audio) = &mut self.found.audio else { return };
        if access.kind == StreamKind::AacAdts {
            let Some(header) = AdtsHeader::parse(&access.data) else { return };
            audio.sample_rate = header.sample_rate;
            audio.channels = header.channels().unwrap_or(0);
            audio.object_type = Some(header.object_type);
            audio.grouped |= header.blocks > 1;
            return;
        }
        let sound = match access.kind {
            StreamKind::Mp2 => sniff::mpeg_audio(&access.data),
            StreamKind::Ac3 => sniff::ac3(&access.data),
            StreamKind::EAc3 => sniff::e_ac3(&access.data),
            StreamKind::AacLatm => sniff::latm(&access.data),
            _ => None,
        };
        if let Some(sound) = sound.filter(|_| audio.sample_rate == 0) {
            (audio.sample_rate, audio.channels) = (sound.sample_rate, sound.channels);
        }
    }
}

impl VideoFacts {
    fn unknown(kind: StreamKind) -> Self {
        Self {
            kind,
            width: 0,
            height: 0,
            frame_rate_milli: None,
            interlaced: false,
            pixel_aspect: (1, 1),
            bit_depth: 0,
            chroma_format: 0,
            codecs: None,
            pictures: 0,
            keys: 0,
        }
    }

    fn learn(&mut self, access: &Access) {
        let picture = match access.kind {
            StreamKind::H264 => return self.learn_h264(access),
            StreamKind::Mpeg2Video => sniff::sequence(&access.data),
            StreamKind::H265 if access.key => sniff::hevc_sps(&access.data),
            _ => None,
        };
        let Some(picture) = picture else { return };
        (self.width, self.height, self.interlaced) = (picture.width, picture.height, picture.interlaced);
        self.pixel_aspect = picture.pixel_aspect.unwrap_or((1, 1));
        (self.bit_depth, self.chroma_format, self.frame_rate_milli) = (picture.bit_depth, picture.chroma_format, picture.frame_rate_milli);
    }

    fn learn_h264(&mut self, access: &Access) {
        let sps = access.units.iter().map(|u| &access.data[u.clone()]).find(|unit| h264::nal_type(unit) == nal::SPS);
        let Some(track) = sps.and_then(|sps| H264::from_sps(sps).ok()) else { return };
        (self.width, self.height, self.interlaced) = (track.width, track.height, track.interlaced);
        self.pixel_aspect = track.sample_aspect.map_or((1, 1), |(across, down)| (across.into(), down.into()));
        (self.bit_depth, self.chroma_format, self.frame_rate_milli) = (track.bit_depth, track.chroma_format, track.frame_rate_milli);
        self.codecs = Some(track.rfc6381());
    }
}
