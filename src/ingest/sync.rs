//! Finds transport packets in bytes that need not begin at one: packets of 188 bytes, of 192 (a time code before each, as in M2TS) and of 204 (Reed-Solomon
//! after each). Pure.

use crate::ts::{PACKET_LEN, SYNC_BYTE};

/// The distances at which packets may follow each other.
const STRIDES: [usize; 3] = [188, 192, 204];
/// So many sync bytes at one distance are taken for packets.
const SYNCS: usize = 4;

/// Re-aligns a byte stream. Feed it pieces of any size.
#[derive(Debug, Default)]
pub struct Resync {
    pending: Vec<u8>,
    /// The distance in force; `None` while it is searched for.
    stride: Option<usize>,
    skipped_bytes: u64,
}

impl Resync {
    /// Takes the next bytes and hands on every packet that is whole.
    pub fn push(&mut self, bytes: &[u8], mut packet: impl FnMut(&[u8])) {
        self.pending.extend_from_slice(bytes);
        let mut at = 0;
        loop {
            let rest = &self.pending[at..];
            let Some(stride) = self.stride else {
                match find(rest) {
                    Found::At { offset, stride } => {
                        self.skipped_bytes += offset as u64;
                        at += offset;
                        self.stride = Some(stride);
                        continue;
                    }
                    Found::NotBefore(offset) => {
                        self.skipped_bytes += offset as u64;
                        at += offset;
                        break;
                    }
                }
            };
            match rest.first() {
                Some(&SYNC_BYTE) if rest.len() >= stride => {
                    packet(&rest[..PACKET_LEN]);
                    at += stride;
                }
                // The last packet of a file has nothing after it that would complete a longer stride.
                Some(&SYNC_BYTE) | None => break,
                Some(_) => self.stride = None,
            }
        }
        self.pending.drain(..at);
    }

    /// Ends the stream: hands on a last packet whose trailer (time code of the next, parity) is missing, and forgets the rest.
    pub fn finish(&mut self, mut packet: impl FnMut(&[u8])) {
        if self.stride.is_some() && self.pending.first() == Some(&SYNC_BYTE) && self.pending.len() >= PACKET_LEN {
            packet(&self.pending[..PACKET_LEN]);
        }
        self.pending.clear();
        self.stride = None;
    }

    /// Bytes that belonged to no packet, since this was last asked.
    pub fn take_skipped(&mut self) -> u64 {
        std::mem::take(&mut self.skipped_bytes)
    }
}

enum Found {
    At {
        offset: usize,
        stride: usize,
    },
    /// Nothing begins before here; what follows is too short to tell.
    NotBefore(usize),
}

fn find(bytes: &[u8]) -> Found {
    for (offset, _) in bytes.iter().enumerate().filter(|&(_, &b)| b == SYNC_BYTE) {
        let mut undecided = false;
        for stride in STRIDES {
            let mut syncs = (1..SYNCS).map(|n| bytes.get(offset + n * stride));
            if syncs.clone().flatten().all(|&b| b == SYNC_BYTE) {
                if syncs.next_back().flatten().is_some() {
                    return Found::At { offset, stride };
                }
                undecided = true;
            }
        }
        if undecided {
            return Found::NotBefore(offset);
        }
    }
    Found::NotBefore(bytes.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn packet(n: u8) -> Vec<u8> {
        let mut bytes = vec![0x47, 0, n, 0x10];
        bytes.resize(PACKET_LEN, n);
        bytes
    }

    fn stream(count: u8, before: usize, after: usize) -> Vec<u8> {
        (0..count).flat_map(|n| [vec![0xaa; before], packet(n % 0x40), vec![0xbb; after]].concat()).collect()
    }

    fn packets(bytes: &[u8], piece: usize) -> (Vec<u8>, u64) {
        let (mut resync, mut out) = (Resync::default(), Vec::new());
        bytes.chunks(piece).for_each(|piece| resync.push(piece, |p| out.push(p[2])));
        resync.finish(|p| out.push(p[2]));
        (out, resync.take_skipped())
    }

    #[test]
    fn garbage_in_between_costs_only_itself() {
        let bytes = [stream(10, 0, 0), vec![0; 100], stream(10, 0, 0)].concat();
        let (out, skipped) = packets(&bytes, 1000);
        assert_eq!((out.len(), skipped), (20, 100));
    }

    #[test]
    fn no_stream_no_packets_and_no_growth() {
        let mut resync = Resync::default();
        for _ in 0..100 {
            resync.push(&[0x47; 50], |_| ());
            resync.push(&[0x00; 5000], |_| panic!("a packet in garbage"));
            assert!(resync.pending.len() < 1000);
        }
    }

    proptest! {
        #[test]
        fn every_packet_is_found_in_every_framing(which in 0usize..3, lead in 0usize..188, piece in 1usize..2000) {
            let (before, after) = [(0, 0), (4, 0), (0, 16)][which];
            let bytes = [vec![0u8; lead], stream(40, before, after)].concat();
            let (out, _) = packets(&bytes, piece);
            prop_assert_eq!(out, (0..40).collect::<Vec<u8>>());
        }

        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(prop_oneof![Just(0x47u8), any::<u8>()], 0..3000), piece in 1usize..500) {
            let (out, _) = packets(&bytes, piece);
            prop_assert!(out.len() <= bytes.len() / PACKET_LEN);
        }
    }
}
