//! RTP and RTCP on the wire: checked views of what came, writers for what goes out. Nothing is allocated but by the buffer that is written to.

mod extension;
pub mod ntp;
pub mod rtcp;
mod rtp;
mod sequence;
#[cfg(test)]
mod tests;

pub use extension::{AudioLevel, Extension, ExtensionIds, PlayoutDelay, abs_send_time, orientation, transport_sequence};
pub use rtcp::{Rtcp, RtcpError};
pub use rtp::{Extensions, Header, Rtp, RtpError, write_header, write_padding_only};
pub use sequence::{Unwrap, UnwrapTimestamp, is_newer};
