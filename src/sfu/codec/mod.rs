//! What a forwarder has to know of a codec's payload: where pictures begin, which of them can be started on, which layer they are of.
//! Nothing is decoded.

pub mod av1;
mod bits;
pub mod dependency;
mod error;
pub mod h264;
pub mod opus;
pub mod red;
#[cfg(test)]
mod tests;
pub mod vp8;
pub mod vp9;

pub use error::PayloadError;

/// The codecs of a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Codec {
    Opus,
    /// Opus with earlier frames repeated (RFC 2198).
    Red,
    Vp8,
    Vp9,
    H264,
    Av1,
}

/// What a codec carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    Audio,
    Video,
}

impl Codec {
    pub const ALL: [Self; 6] = [Self::Opus, Self::Red, Self::Vp8, Self::Vp9, Self::H264, Self::Av1];

    pub fn kind(self) -> Kind {
        match self {
            Self::Opus | Self::Red => Kind::Audio,
            Self::Vp8 | Self::Vp9 | Self::H264 | Self::Av1 => Kind::Video,
        }
    }

    /// As `a=rtpmap` says it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Opus => "opus",
            Self::Red => "red",
            Self::Vp8 => "VP8",
            Self::Vp9 => "VP9",
            Self::H264 => "H264",
            Self::Av1 => "AV1",
        }
    }

    /// In any case of letters (RFC 4855 3).
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|each| each.name().eq_ignore_ascii_case(name))
    }

    pub fn clock_rate_hz(self) -> u32 {
        match self.kind() {
            Kind::Audio => 48_000,
            Kind::Video => 90_000,
        }
    }
}

/// What one packet's payload tells. `default()` is what is said of bytes that make no sense: nothing can be started on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Picture {
    /// A receiver that has nothing yet can start with this packet. Several packets of one picture may say so; the first counts.
    pub starts_key: bool,
    /// First packet of a picture, as far as the payload tells (the timestamp tells more).
    pub begins: bool,
    pub temporal: Option<u8>,
    pub spatial: Option<u8>,
    /// From here a receiver of lower temporal layers can go up to this one.
    pub layer_sync: bool,
    /// Width and height in pixels.
    pub resolution: Option<(u16, u16)>,
    /// No other picture refers to it.
    pub discardable: bool,
}

/// Reads the beginning of a payload. Sound can be started on any packet.
pub fn describe(codec: Codec, payload: &[u8]) -> Picture {
    match codec {
        Codec::Vp8 => vp8::Descriptor::parse(payload).map(Picture::from).unwrap_or_default(),
        Codec::Vp9 => vp9::Descriptor::parse(payload).map(Picture::from).unwrap_or_default(),
        Codec::H264 => h264::describe(payload),
        Codec::Av1 => av1::describe(payload),
        Codec::Opus | Codec::Red if payload.is_empty() => Picture::default(),
        Codec::Opus | Codec::Red => Picture { starts_key: true, begins: true, ..Picture::default() },
    }
}
