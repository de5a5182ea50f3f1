//! Receiver estimated maximum bitrate (draft-alvestrand-rmcat-remb-03).

use super::wire::{self, Message, word};
use super::{Rtcp, SsrcList};

const MARK: &[u8; 4] = b"REMB";
const MANTISSA_BITS: u32 = 18;

/// Whether application feedback is this one.
pub fn is_remb(body: &[u8]) -> bool {
    body.get(8..12).is_some_and(|mark| mark == MARK)
}

pub fn read(body: &[u8]) -> Option<Rtcp<'_>> {
    let packed = word(body, 12)?;
    let (exponent, mantissa) = (packed >> MANTISSA_BITS & 0x3f, u64::from(packed & 0x3_ffff));
    // No line is that fast; more than 64 bits are said as that.
    let bitrate_bps = if exponent <= mantissa.leading_zeros() { mantissa << exponent } else { u64::MAX };
    Some(Rtcp::Remb { sender: word(body, 0)?, bitrate_bps, ssrcs: SsrcList::new(body.get(16..)?, (packed >> 24) as u8)? })
}

/// The bitrate keeps its upper 18 bits. Sources over 255 are left out.
pub fn write_remb(out: &mut Vec<u8>, sender: u32, bitrate_bps: u64, ssrcs: &[u32]) {
    let ssrcs = ssrcs.get(..ssrcs.len().min(255)).unwrap_or_default();
    let exponent = (u64::BITS - bitrate_bps.leading_zeros()).saturating_sub(MANTISSA_BITS);
    let mantissa = (bitrate_bps >> exponent) as u32;
    let mut message = Message::begin(out, wire::PAYLOAD_FEEDBACK, wire::APPLICATION);
    message.words(&[sender, 0]);
    message.bytes(MARK);
    message.words(&[(ssrcs.len() as u32) << 24 | exponent << MANTISSA_BITS | mantissa]);
    message.words(ssrcs);
    message.end();
}
