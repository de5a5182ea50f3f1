//! What all messages have in common: types, formats, and the header with its length in words.

pub const SENDER_REPORT: u8 = 200;
pub const RECEIVER_REPORT: u8 = 201;
pub const SDES: u8 = 202;
pub const BYE: u8 = 203;
/// RTPFB and its formats (RFC 4585 6.2).
pub const TRANSPORT_FEEDBACK: u8 = 205;
pub const NACK: u8 = 1;
pub const TRANSPORT_WIDE: u8 = 15;
/// PSFB and its formats (RFC 4585 6.3, RFC 5104 4.3).
pub const PAYLOAD_FEEDBACK: u8 = 206;
pub const PLI: u8 = 1;
pub const FIR: u8 = 4;
pub const APPLICATION: u8 = 15;

/// The count of a header has five bits.
pub const COUNT_MAX: usize = 31;

/// The big-endian word at `at`.
pub fn word(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|word| u32::from_be_bytes(*word))
}

/// A message being appended to a compound packet; [`Message::end`] fills it to whole words and writes its length.
#[must_use]
pub struct Message<'a> {
    out: &'a mut Vec<u8>,
    start: usize,
}

impl<'a> Message<'a> {
    pub fn begin(out: &'a mut Vec<u8>, payload_type: u8, count: u8) -> Self {
        let start = out.len();
        out.extend_from_slice(&[0x80 | count & 0x1f, payload_type, 0, 0]);
        Self { out, start }
    }

    pub fn words(&mut self, words: &[u32]) {
        words.iter().for_each(|word| self.bytes(&word.to_be_bytes()));
    }

    pub fn bytes(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }

    /// Zeros up to the next whole word.
    pub fn align(&mut self) {
        let len = self.out.len() - self.start;
        self.out.resize(self.start + len.next_multiple_of(4), 0);
    }

    pub fn end(mut self) {
        self.align();
        let words = (self.out.len() - self.start) / 4 - 1;
        if let Some([_, _, l0, l1, ..]) = self.out.get_mut(self.start..) {
            [*l0, *l1] = (words as u16).to_be_bytes();
        }
    }
}
