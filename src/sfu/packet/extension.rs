//! The header extensions that a room uses: their names in SDP, the identifiers of one peer, their values.

use std::time::Duration;

use super::ntp;

/// A header extension by what it carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Extension {
    /// Which media section (RFC 9143 15.2).
    Mid,
    /// Which layer of simulcast (RFC 8852).
    Rid,
    /// Which layer a retransmission repairs (RFC 8852).
    RepairedRid,
    /// draft-holmer-rmcat-transport-wide-cc-extensions-01.
    TransportSequence,
    AbsSendTime,
    /// Client to mixer (RFC 6464).
    AudioLevel,
    /// 3GPP TS 26.114 7.4.5.
    VideoOrientation,
    /// AV1's RTP payload format, appendix A; of use with other codecs too.
    DependencyDescriptor,
    PlayoutDelay,
}

impl Extension {
    pub const ALL: [Self; 9] = [
        Self::Mid,
        Self::Rid,
        Self::RepairedRid,
        Self::TransportSequence,
        Self::AbsSendTime,
        Self::AudioLevel,
        Self::VideoOrientation,
        Self::DependencyDescriptor,
        Self::PlayoutDelay,
    ];

    /// As `a=extmap` says it.
    pub fn uri(self) -> &'static str {
        match self {
            Self::Mid => "urn:ietf:params:rtp-hdrext:sdes:mid",
            Self::Rid => "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
            Self::RepairedRid => "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id",
            Self::TransportSequence => "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
            Self::AbsSendTime => "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
            Self::AudioLevel => "urn:ietf:params:rtp-hdrext:ssrc-audio-level",
            Self::VideoOrientation => "urn:3gpp:video-orientation",
            Self::DependencyDescriptor => "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension",
            Self::PlayoutDelay => "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay",
        }
    }

    pub fn from_uri(uri: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|each| each.uri() == uri)
    }
}

/// Which identifier a peer uses for which extension in a media section.
#[derive(Clone, Copy, Default, Debug, PartialEq, Eq)]
pub struct ExtensionIds {
    /// By the order of [`Extension::ALL`]; zero, which no extension can have, where there is none.
    ids: [u8; Extension::ALL.len()],
}

impl ExtensionIds {
    pub fn get(&self, extension: Extension) -> Option<u8> {
        Some(self.ids[extension as usize]).filter(|id| *id != 0)
    }

    /// Zero takes the extension away.
    pub fn set(&mut self, extension: Extension, id: u8) {
        self.ids[extension as usize] = id;
    }

    /// Those that have an identifier.
    pub fn iter(&self) -> impl Iterator<Item = (Extension, u8)> {
        Extension::ALL.into_iter().zip(self.ids).filter(|(_, id)| *id != 0)
    }
}

/// How loud a packet is (RFC 6464 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AudioLevel {
    /// Below overload: 0 is the loudest, 127 silence.
    pub minus_dbov: u8,
    /// The sender believes that somebody speaks.
    pub voice: bool,
}

impl AudioLevel {
    pub fn read(value: &[u8]) -> Option<Self> {
        value.first().map(|byte| Self { minus_dbov: byte & 0x7f, voice: byte & 0x80 != 0 })
    }

    pub fn bytes(self) -> [u8; 1] {
        [u8::from(self.voice) << 7 | self.minus_dbov.min(127)]
    }
}

/// How long a receiver may hold pictures back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlayoutDelay {
    pub min: Duration,
    pub max: Duration,
}

impl PlayoutDelay {
    /// The unit on the wire, of 12 bits each.
    const UNIT_MS: u64 = 10;

    pub fn read(value: &[u8]) -> Option<Self> {
        let [a, b, c] = *value.first_chunk()?;
        let units = |high: u8, low: u8| Duration::from_millis((u64::from(high) << 8 | u64::from(low)) * Self::UNIT_MS);
        Some(Self { min: units(a >> 4, a << 4 | b >> 4), max: units(b & 0x0f, c) })
    }

    /// More than 40.95 s is said as that.
    pub fn bytes(self) -> [u8; 3] {
        let units = |delay: Duration| (delay.as_millis() / u128::from(Self::UNIT_MS)).min(0xfff) as u32;
        let [_, bytes @ ..] = (units(self.min) << 12 | units(self.max)).to_be_bytes();
        bytes
    }
}

/// When a packet was sent: seconds modulo 64 in 18 bits of fraction.
pub mod abs_send_time {
    use super::{Duration, ntp};

    /// The span after which the value begins anew.
    pub const WRAP: Duration = Duration::from_secs(64);

    pub fn read(value: &[u8]) -> Option<u32> {
        let [a, b, c] = *value.first_chunk()?;
        Some(u32::from_be_bytes([0, a, b, c]))
    }

    /// Of a time since any epoch that stays the same.
    pub fn bytes(since_epoch: Duration) -> [u8; 3] {
        from_ntp(ntp::from_unix(since_epoch))
    }

    pub fn from_ntp(ntp: u64) -> [u8; 3] {
        let [_, bytes @ ..] = ((ntp >> 14) as u32).to_be_bytes();
        bytes
    }

    /// Within its 64 s.
    pub fn to_duration(value: u32) -> Duration {
        Duration::from_nanos((u64::from(value & 0xff_ffff) * 1_000_000_000) >> 18)
    }
}

/// The sequence number over all packets of a transport.
pub mod transport_sequence {
    pub fn read(value: &[u8]) -> Option<u16> {
        value.first_chunk().map(|bytes| u16::from_be_bytes(*bytes))
    }

    pub fn bytes(sequence: u16) -> [u8; 2] {
        sequence.to_be_bytes()
    }
}

/// How a picture is turned: forwarded as it came (bits 0000CFRR: camera, flip, rotation).
pub mod orientation {
    pub fn read(value: &[u8]) -> Option<u8> {
        value.first().copied()
    }
}
