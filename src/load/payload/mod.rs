//! Payloads as browsers make them, so that an SFU finds what it looks for.

pub mod h264;
pub mod opus;
pub mod vp8;

use std::sync::Arc;

/// Of a payload: with headers, SRTP and IP it stays below 1,280 bytes.
pub const MOST_BYTES: usize = 1_150;

/// The packets of a picture, in their order; the last has the marker.
pub type Packets = Vec<Arc<[u8]>>;

/// Pieces of about the same size, as libwebrtc cuts them, none longer than `most`.
fn pieces(bytes: &[u8], most: usize) -> std::slice::Chunks<'_, u8> {
    let count = bytes.len().div_ceil(most.max(1)).max(1);
    bytes.chunks(bytes.len().div_ceil(count).max(1))
}
