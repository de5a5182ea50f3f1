//! VP8 (RFC 7741), with 15 bits of picture id, TL0PICIDX and temporal layers.

use super::{MOST_BYTES, Packets, pieces};
use crate::load::pattern::Place;
use crate::load::stamp::{self, Stamp};

const DESCRIPTOR_BYTES: usize = 6;
/// RFC 6386 9.1: of a key picture's head.
const START_CODE: [u8; 3] = [0x9d, 0x01, 0x2a];

/// What counts up in a stream's descriptors.
#[derive(Debug, Clone, Copy)]
pub struct Numbers {
    picture_id: u16,
    tl0: u8,
}

impl Numbers {
    pub fn starting(at: u16) -> Self {
        Self { picture_id: at & 0x7fff, tl0: at as u8 }
    }

    /// Before each picture.
    pub fn advance(&mut self, place: Place) {
        self.picture_id = self.picture_id.wrapping_add(1) & 0x7fff;
        if place.temporal == 0 {
            self.tl0 = self.tl0.wrapping_add(1);
        }
    }

    fn descriptor(self, place: Place, begins: bool) -> [u8; DESCRIPTOR_BYTES] {
        let first = 0x80 | u8::from(place.is_discardable) << 5 | u8::from(begins) << 4;
        let [high, low] = self.picture_id.to_be_bytes();
        let temporal = place.temporal << 6 | u8::from(place.is_sync) << 5;
        // X; then I, L and T.
        [first, 0xe0, 0x80 | high, low, self.tl0, temporal]
    }
}

/// A picture that nobody will decode: its head is right, the rest is noise.
pub fn made_up(is_key: bool, size: (u16, u16), bytes: usize, noise: &[u8]) -> Vec<u8> {
    let first_partition = (bytes / 4) as u32;
    // Frame tag: key, version 0, shown, size of the first partition.
    let tag = u32::from(!is_key) | 1 << 4 | (first_partition & 0x7_ffff) << 5;
    let mut picture = Vec::with_capacity(bytes.max(16));
    picture.extend(tag.to_le_bytes().into_iter().take(3));
    if is_key {
        picture.extend(START_CODE);
        picture.extend(size.0.to_le_bytes());
        picture.extend(size.1.to_le_bytes());
    }
    let rest = bytes.saturating_sub(picture.len()).max(1);
    picture.extend(noise.iter().cycle().take(rest));
    picture
}

/// The stamp stands behind the picture, where no decoder looks.
pub fn packets(picture: &[u8], numbers: Numbers, place: Place, mut stamp: Stamp) -> Packets {
    let most = MOST_BYTES - DESCRIPTOR_BYTES - stamp::BYTES;
    let pieces = pieces(picture, most);
    let count = pieces.len();
    stamp.packets = count as u16;
    stamp.index = count.saturating_sub(1) as u16;
    pieces
        .enumerate()
        .map(|(at, piece)| {
            let burnt_in = stamp.bytes();
            let last: &[u8] = if at + 1 == count { &burnt_in } else { &[] };
            [&numbers.descriptor(place, at == 0), piece, last].concat().into()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sfu::codec::vp8::Descriptor;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_sfu_reads_what_was_packed(bytes in 20_usize..60_000, since_key in 0_u32..20, start: u16) {
            let place = Place::of_three(since_key);
            let is_key = place == Place::KEY;
            let picture = made_up(is_key, (640, 360), bytes, &[7; 100]);
            let mut numbers = Numbers::starting(start);
            numbers.advance(place);
            let stamp = Stamp { run: 1, publisher: 2, number: 3, needs: 4, index: 0, packets: 0, layer: 0, is_key, made_ns: 5 };
            let packets = packets(&picture, numbers, place, stamp);
            let mut whole = Vec::new();
            for (at, packet) in packets.iter().enumerate() {
                prop_assert!(packet.len() <= MOST_BYTES);
                let descriptor = Descriptor::parse(packet).unwrap();
                prop_assert_eq!(descriptor.begins, at == 0);
                prop_assert_eq!(descriptor.is_key, at == 0 && is_key);
                prop_assert_eq!(descriptor.resolution, (at == 0 && is_key).then_some((640, 360)));
                prop_assert_eq!((descriptor.temporal, descriptor.discardable, descriptor.layer_sync), (Some(place.temporal), place.is_discardable, place.is_sync));
                prop_assert_eq!(descriptor.picture_id, Some(start.wrapping_add(1) & 0x7fff));
                prop_assert_eq!(descriptor.tl0, Some((start as u8).wrapping_add(u8::from(place.temporal == 0))));
                whole.extend_from_slice(&packet[descriptor.len..]);
            }
            prop_assert_eq!(whole[..picture.len()].to_vec(), picture);
            let found = Stamp::find(packets.last().unwrap(), 1).unwrap();
            prop_assert_eq!((found.index as usize + 1, found.packets as usize), (packets.len(), packets.len()));
        }
    }
}
