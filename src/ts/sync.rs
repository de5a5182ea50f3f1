//! From bytes to packets: finds the packet size (188; 192 with a time stamp before; 204 with parity behind), keeps alignment and finds it again.
//!
//! What comes out depends on the bytes alone, never on how they were divided into datagrams or reads.

use super::{PACKET_LEN, Packet, SYNC_BYTE};

/// Known distances between sync bytes.
const STRIDES: [usize; 3] = [PACKET_LEN, 192, 204];
/// So many sync bytes at one distance make an alignment.
const SYNCS: usize = 4;

/// Counts since the beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SyncCounts {
    pub packets: u64,
    /// Times the alignment was lost.
    pub losses: u64,
    /// Bytes that belonged to no packet.
    pub skipped_bytes: u64,
}

#[derive(Debug, Clone, Default)]
pub struct PacketSync {
    stride: Option<usize>,
    /// What could not be judged yet: less than `SYNCS` strides, except when bytes are pushed that are no transport stream.
    pending: Vec<u8>,
    counts: SyncCounts,
}

enum Found {
    At(usize, usize),
    /// Nothing before this offset; more bytes are needed.
    NotBefore(usize),
}

impl PacketSync {
    /// Takes the next bytes of the source and hands over each whole packet.
    pub fn push(&mut self, bytes: &[u8], mut packet: impl FnMut(&Packet<'_>)) {
        if self.pending.is_empty() {
            let used = self.walk(bytes, &mut packet);
            self.pending.extend_from_slice(&bytes[used..]);
        } else {
            let mut pending = std::mem::take(&mut self.pending);
            pending.extend_from_slice(bytes);
            let used = self.walk(&pending, &mut packet);
            pending.drain(..used);
            self.pending = pending;
        }
    }

    /// The source has ended: packets that waited for a confirmation are handed over; fewer than make an alignment only where they are nothing but packets.
    pub fn finish(&mut self, mut packet: impl FnMut(&Packet<'_>)) {
        let pending = std::mem::take(&mut self.pending);
        if self.stride.is_none() && !is_packets(&pending) {
            self.counts.skipped_bytes += pending.len() as u64;
            return;
        }
        let stride = self.stride.unwrap_or(PACKET_LEN);
        for chunk in pending.chunks(stride) {
            match chunk.get(..PACKET_LEN).and_then(|c| Packet::parse(c).ok()) {
                Some(p) => {
                    self.counts.packets += 1;
                    packet(&p);
                }
                None => self.counts.skipped_bytes += chunk.len() as u64,
            }
        }
    }

    pub fn counts(&self) -> SyncCounts {
        self.counts
    }

    /// Distance between packets, once known: 188, 192 or 204.
    pub fn stride(&self) -> Option<usize> {
        self.stride
    }

    /// Returns how many bytes are done with.
    fn walk(&mut self, bytes: &[u8], packet: &mut impl FnMut(&Packet<'_>)) -> usize {
        let mut at = 0;
        loop {
            let Some(stride) = self.stride else {
                match search(&bytes[at..]) {
                    Found::At(offset, stride) => {
                        self.counts.skipped_bytes += offset as u64;
                        self.stride = Some(stride);
                        at += offset;
                        continue;
                    }
                    Found::NotBefore(offset) => {
                        self.counts.skipped_bytes += offset as u64;
                        return at + offset;
                    }
                }
            };
            // Parity or the next time stamp is skipped with the packet, once it is here.
            let Some(window) = bytes.get(at..at + stride) else { return at };
            if let Ok(p) = Packet::parse(&window[..PACKET_LEN]) {
                self.counts.packets += 1;
                packet(&p);
                at += stride;
                continue;
            }
            // One damaged sync byte costs one packet; anything else is searched for anew.
            let Some(&second) = bytes.get(at + 2 * stride) else { return at };
            self.counts.losses += 1;
            if bytes[at + stride] == SYNC_BYTE && second == SYNC_BYTE {
                self.counts.skipped_bytes += stride as u64;
                at += stride;
            } else {
                self.stride = None;
            }
        }
    }
}

/// Whole packets of 188 bytes and nothing else, as in most datagrams.
pub fn is_packets(bytes: &[u8]) -> bool {
    !bytes.is_empty() && bytes.len().is_multiple_of(PACKET_LEN) && bytes.iter().step_by(PACKET_LEN).all(|&b| b == SYNC_BYTE)
}

fn search(bytes: &[u8]) -> Found {
    'offset: for offset in 0..bytes.len() {
        if bytes[offset] != SYNC_BYTE {
            continue;
        }
        for stride in STRIDES {
            let mut syncs = (1..SYNCS).map(|n| bytes.get(offset + n * stride));
            match syncs.find(|b| *b != Some(&SYNC_BYTE)) {
                None => return Found::At(offset, stride),
                Some(None) => return Found::NotBefore(offset),
                Some(Some(_)) => {}
            }
        }
        continue 'offset;
    }
    Found::NotBefore(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn packets(count: usize) -> Vec<[u8; PACKET_LEN]> {
        (0..count)
            .map(|n| {
                let mut p = [n as u8 | 0x80; PACKET_LEN];
                p[..4].copy_from_slice(&[0x47, 0x01, n as u8, 0x10]);
                p
            })
            .collect()
    }

    fn run(chunks: &[&[u8]]) -> (Vec<Vec<u8>>, SyncCounts) {
        let (mut sync, mut out) = (PacketSync::default(), Vec::new());
        for chunk in chunks {
            sync.push(chunk, |p| out.push(p.bytes().to_vec()));
        }
        sync.finish(|p| out.push(p.bytes().to_vec()));
        (out, sync.counts())
    }

    #[test]
    fn all_three_sizes_are_found() {
        let source = packets(20);
        for (before, after) in [(0, 0), (4, 0), (0, 16)] {
            let bytes: Vec<u8> = source.iter().flat_map(|p| [vec![0; before], p.to_vec(), vec![0; after]].concat()).collect();
            let (out, counts) = run(&[&bytes]);
            assert_eq!(out, source, "{before} before, {after} after");
            assert_eq!(counts.losses, 0);
        }
    }

    #[test]
    fn a_damaged_sync_byte_costs_one_packet_and_a_missing_byte_is_found() {
        let source = packets(30);
        let mut bytes = source.concat();
        bytes[10 * PACKET_LEN] = 0;
        let (out, counts) = run(&[&bytes]);
        assert_eq!((out.len(), counts.losses), (29, 1));
        let mut bytes = source.concat();
        bytes.remove(10 * PACKET_LEN + 7);
        let (out, counts) = run(&[&bytes]);
        assert_eq!(out.len(), 29, "the short packet swallows one byte of the next: one is lost, one is damaged");
        assert_eq!(counts.losses, 1);
        assert_eq!(out[12..], source[13..]);
    }

    proptest! {
        #[test]
        fn chunks_do_not_matter(noise in prop::collection::vec(any::<u8>(), 0..600), count in 0usize..40, sizes in prop::collection::vec(1usize..700, 1..60)) {
            let bytes = [noise.clone(), packets(count).concat(), noise, packets(count).concat()].concat();
            let whole = run(&[&bytes]);
            let (mut rest, mut chunks) = (&bytes[..], Vec::new());
            for size in sizes.iter().cycle() {
                if rest.is_empty() { break; }
                let (head, tail) = rest.split_at(rest.len().min(*size));
                chunks.push(head);
                rest = tail;
            }
            prop_assert_eq!(run(&chunks), whole);
        }
    }
}
