//! Transport stream ↔ CMAF (ISO/IEC 23000-19): elementary access units out of packets, and one-track fragments for browsers.
//!
//! - [`Demuxer`]: packets of one service → [`Access`] units with media times, for decoders.
//! - [`Remuxer`]: packets of one service → CMAF segments cut at given times, without decoding.
//! - [`Track`], [`Sample`], [`init_segment`], [`media_segment`]: what encoders produced → the same kind of segments.
//! - [`Probe`]: what a piece of a service is; [`is_browser_playable`]: whether it may be copied.
//!
//! Pure: bytes go in, bytes come out. Media times are 90 kHz ticks on a tape's time line, near UTC × 90, so every `tfdt` needs 64 bits.

mod aac;
mod bits;
mod demux;
mod fragment;
mod h264;
mod init;
mod playable;
mod probe;
mod segment;
mod sniff;
mod track;

#[cfg(test)]
mod tests;

pub use aac::{Aac, AacError, AdtsHeader};
pub use demux::{Access, Demuxed, Demuxer};
pub use fragment::{Sample, media_segment};
pub use h264::{H264, H264Error, annex_b_to_length_prefixed};
pub use init::init_segment;
pub use playable::{NotPlayable, is_browser_playable};
pub use probe::{AudioFacts, Probe, Prober, VideoFacts};
pub use segment::{Output, Remuxer, TrackKind, Warning};
pub use track::{Codec, Track};
