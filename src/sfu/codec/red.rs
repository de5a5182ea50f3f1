//! Redundant audio (RFC 2198): earlier frames repeated before the newest, the primary.

use super::PayloadError;

/// One frame of a redundant payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block<'a> {
    pub payload_type: u8,
    /// How much earlier than the packet's timestamp, in its units; 14 bits.
    pub timestamp_offset: u16,
    pub data: &'a [u8],
}

/// The frames of a payload, the primary last; all of them were found to lie within it.
#[derive(Debug, Clone)]
pub struct Blocks<'a> {
    headers: &'a [u8],
    data: &'a [u8],
}

/// Of a packet with more frames than this something is wrong: browsers repeat one or two.
const BLOCKS_MAX: usize = 32;
const HEADER_LEN: usize = 4;

impl<'a> Blocks<'a> {
    pub fn parse(payload: &'a [u8]) -> Result<Self, PayloadError> {
        let (mut at, mut sum) = (0, 0);
        loop {
            let header = payload.get(at..).unwrap_or_default();
            match *header {
                [head, _, high, low, ..] if head & 0x80 != 0 => {
                    sum += usize::from(u16::from_be_bytes([high & 3, low]));
                    at += HEADER_LEN;
                }
                [head, ..] if head & 0x80 == 0 => break,
                _ => return Err(PayloadError::Truncated { what: "RED headers", len: payload.len(), needed: at + HEADER_LEN }),
            }
            if at > HEADER_LEN * BLOCKS_MAX {
                return Err(PayloadError::Value { what: "number of RED blocks", value: (at / HEADER_LEN) as u64 });
            }
        }
        let (headers, data) = payload.split_at(at + 1);
        if sum > data.len() {
            return Err(PayloadError::Truncated { what: "RED payload", len: payload.len(), needed: at + 1 + sum });
        }
        Ok(Self { headers, data })
    }
}

impl<'a> Iterator for Blocks<'a> {
    type Item = Block<'a>;

    fn next(&mut self) -> Option<Block<'a>> {
        match *self.headers {
            [head, offset, low, len, ref rest @ ..] => {
                let offset = u16::from_be_bytes([offset, low]) >> 2;
                let (data, more) = self.data.split_at_checked(usize::from(u16::from_be_bytes([low & 3, len])))?;
                (self.headers, self.data) = (rest, more);
                Some(Block { payload_type: head & 0x7f, timestamp_offset: offset, data })
            }
            [head] => {
                self.headers = &[];
                Some(Block { payload_type: head, timestamp_offset: 0, data: self.data })
            }
            _ => None,
        }
    }
}

/// The newest frame: what a subscriber without RED gets.
pub fn primary(payload: &[u8]) -> Result<Block<'_>, PayloadError> {
    Blocks::parse(payload)?.last().ok_or(PayloadError::Truncated { what: "RED headers", len: payload.len(), needed: 1 })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Opus 20 and 40 ms ago, then now: as a browser sends it with distance 2.
    const TWO_OLDER: [u8; 15] = [
        0xef, 0x1e, 0x00, 0x02, // type 111, 1,920 units ago, 2 bytes
        0xef, 0x0f, 0x00, 0x01, // 960 units ago, 1 byte
        0x6f, // now
        0x78, 0xaa, // the frames
        0x78, //
        0x78, 0xbb, 0xcc,
    ];

    #[test]
    fn blocks_come_oldest_first() {
        let blocks: Vec<_> = Blocks::parse(&TWO_OLDER).unwrap().collect();
        assert_eq!(
            blocks,
            [
                Block { payload_type: 111, timestamp_offset: 1920, data: &[0x78, 0xaa] },
                Block { payload_type: 111, timestamp_offset: 960, data: &[0x78] },
                Block { payload_type: 111, timestamp_offset: 0, data: &[0x78, 0xbb, 0xcc] },
            ]
        );
    }

    #[test]
    fn the_primary_is_pulled_out() {
        assert_eq!(primary(&TWO_OLDER).unwrap().data, [0x78, 0xbb, 0xcc]);
        assert_eq!(primary(&[0x6f, 1, 2]).unwrap(), Block { payload_type: 111, timestamp_offset: 0, data: &[1, 2] });
    }

    #[test]
    fn lengths_that_lie_are_told() {
        assert_eq!(primary(&[0xef, 0, 0, 9, 0x6f, 1]), Err(PayloadError::Truncated { what: "RED payload", len: 6, needed: 14 }));
        assert_eq!(primary(&[]), Err(PayloadError::Truncated { what: "RED headers", len: 0, needed: 4 }));
        assert_eq!(primary(&[0xef; 600]), Err(PayloadError::Value { what: "number of RED blocks", value: 33 }));
    }

    proptest! {
        #[test]
        fn no_bytes_can_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            if let Ok(blocks) = Blocks::parse(&bytes) {
                let total: usize = blocks.clone().map(|block| block.data.len()).sum();
                prop_assert!(total < bytes.len());
                prop_assert_eq!(blocks.last(), primary(&bytes).ok());
            }
        }
    }
}
