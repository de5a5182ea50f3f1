//! What receivers ask and tell (RFC 4585 6, RFC 5104 4.3.1): packets again, a key picture, when packets came.

use super::Rtcp;
use super::wire::{self, Message, word};

/// Entries of one NACK: it fits a datagram on any line.
const NACK_ENTRIES: usize = 250;

/// Sequence numbers that are asked for again, in the order they stand.
#[derive(Debug, Clone)]
pub struct Lost<'a> {
    entries: std::slice::Iter<'a, [u8; 4]>,
    /// The number that bit 0 of the mask stands for.
    next: u16,
    mask: u32,
}

impl<'a> Lost<'a> {
    fn new(fci: &'a [u8]) -> Self {
        let (entries, _) = fci.as_chunks();
        Self { entries: entries.iter(), next: 0, mask: 0 }
    }
}

impl Iterator for Lost<'_> {
    type Item = u16;

    fn next(&mut self) -> Option<u16> {
        if self.mask == 0 {
            let [p0, p1, b0, b1] = *self.entries.next()?;
            self.next = u16::from_be_bytes([p0, p1]);
            self.mask = u32::from(u16::from_be_bytes([b0, b1])) << 1 | 1;
        }
        let skipped = self.mask.trailing_zeros();
        let sequence = self.next.wrapping_add(skipped as u16);
        self.next = sequence.wrapping_add(1);
        self.mask = self.mask >> skipped >> 1;
        Some(sequence)
    }
}

/// Sources that shall make a key picture, each with the number of the command: one with the number of the last is a repetition.
#[derive(Debug, Clone)]
pub struct FirEntries<'a> {
    entries: std::slice::Iter<'a, [u8; 8]>,
}

impl Iterator for FirEntries<'_> {
    type Item = (u32, u8);

    fn next(&mut self) -> Option<(u32, u8)> {
        let [a, b, c, d, sequence, ..] = *self.entries.next()?;
        Some((u32::from_be_bytes([a, b, c, d]), sequence))
    }
}

pub fn read_nack(body: &[u8]) -> Option<Rtcp<'_>> {
    Some(Rtcp::Nack { sender: word(body, 0)?, media: word(body, 4)?, lost: Lost::new(body.get(8..)?) })
}

pub fn read_pli(body: &[u8]) -> Option<Rtcp<'_>> {
    Some(Rtcp::Pli { sender: word(body, 0)?, media: word(body, 4)? })
}

pub fn read_fir(body: &[u8]) -> Option<Rtcp<'_>> {
    // The source in the header is not used (RFC 5104 4.3.1.1).
    let (entries, _) = body.get(8..)?.as_chunks();
    Some(Rtcp::Fir { sender: word(body, 0)?, entries: FirEntries { entries: entries.iter() } })
}

pub fn read_transport(body: &[u8]) -> Option<Rtcp<'_>> {
    Some(Rtcp::TransportFeedback { sender: word(body, 0)?, media: word(body, 4)?, fci: body.get(8..)? })
}

/// `lost` in ascending order, over the wrap too, for the best packing. Nothing is written for none; many become several messages.
pub fn write_nack(out: &mut Vec<u8>, sender: u32, media: u32, lost: impl IntoIterator<Item = u16>) {
    let mut lost = lost.into_iter().peekable();
    while lost.peek().is_some() {
        let mut message = Message::begin(out, wire::TRANSPORT_FEEDBACK, wire::NACK);
        message.words(&[sender, media]);
        for _ in 0..NACK_ENTRIES {
            let Some(first) = lost.next() else { break };
            let mut mask = 0u32;
            while let Some(next) = lost.next_if(|next| next.wrapping_sub(first) <= 16) {
                mask |= 1 << next.wrapping_sub(first);
            }
            message.words(&[u32::from(first) << 16 | mask >> 1]);
        }
        message.end();
    }
}

pub fn write_pli(out: &mut Vec<u8>, sender: u32, media: u32) {
    let mut message = Message::begin(out, wire::PAYLOAD_FEEDBACK, wire::PLI);
    message.words(&[sender, media]);
    message.end();
}

/// `sequence` goes up by one for each new command, not for a repetition.
pub fn write_fir(out: &mut Vec<u8>, sender: u32, media: u32, sequence: u8) {
    let mut message = Message::begin(out, wire::PAYLOAD_FEEDBACK, wire::FIR);
    message.words(&[sender, 0, media, u32::from(sequence) << 24]);
    message.end();
}

/// `fci` is filled with zeros up to a whole word.
pub fn write_transport_feedback(out: &mut Vec<u8>, sender: u32, media: u32, fci: &[u8]) {
    let mut message = Message::begin(out, wire::TRANSPORT_FEEDBACK, wire::TRANSPORT_WIDE);
    message.words(&[sender, media]);
    message.bytes(fci);
    message.end();
}
