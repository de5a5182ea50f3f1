//! H.264 (RFC 6184, packetization mode 1). The stamp is an SEI unit: by itself before a picture, or with its parameter sets (STAP-A).

use super::{MOST_BYTES, Packets, pieces};
use crate::load::stamp::Stamp;

const SLICE: u8 = 0x41;
const DISCARDABLE: u8 = 0x60;
const IDR: u8 = 0x65;
const SEI: u8 = 0x06;
const SPS: u8 = 0x67;
const STAP_A: u8 = 24;
const FU_A: u8 = 28;
/// H.264 D.1.6: user data, told apart by this UUID.
const USER_DATA: u8 = 5;
const UUID: [u8; 16] = *b"yizhan load test";
/// Constrained baseline, level 3.1; the profile that every client takes.
const PROFILE: [u8; 3] = [0x42, 0xc0, 0x1f];

/// Parameter sets and one slice of noise.
pub fn made_up(is_key: bool, size: (u16, u16), bytes: usize, noise: &[u8]) -> Vec<Vec<u8>> {
    // first_mb_in_slice 0 and slice_type 5 or 7 (all slices are P, or I), pic_parameter_set_id 0, as Exp-Golomb codes.
    let head = if is_key { [IDR, 0b1000_1000, 0b1000_0100] } else { [SLICE, 0b1001_1010, 0b0010_0100] };
    let slice: Vec<u8> = head.into_iter().chain(noise.iter().copied().map(|byte| byte | 1).cycle()).take(bytes.max(head.len() + 1)).collect();
    if is_key { vec![sps(size), vec![0x68, 0xce, 0x38, 0x80], slice] } else { vec![slice] }
}

/// A picture's units; the stamp comes with it.
pub fn packets(units: &[Vec<u8>], mut stamp: Stamp) -> Packets {
    let is_set = |unit: &&Vec<u8>| unit.first().is_some_and(|head| matches!(head & 0x1f, 7 | 8));
    let sets: Vec<&Vec<u8>> = units.iter().filter(is_set).collect();
    let rest = units.iter().filter(|unit| !is_set(unit));
    let mut after: Packets = Vec::new();
    for unit in rest {
        fragment(unit, &mut after);
    }
    stamp.index = 0;
    stamp.packets = after.len() as u16 + 1;
    let first = together(&sets, &sei(&stamp));
    std::iter::once(first.into()).chain(after).collect()
}

fn fragment(unit: &[u8], packets: &mut Packets) {
    let [head, body @ ..] = unit else { return };
    if unit.len() <= MOST_BYTES {
        return packets.push(unit.into());
    }
    let pieces = pieces(body, MOST_BYTES - 2);
    let last = pieces.len().saturating_sub(1);
    for (at, piece) in pieces.enumerate() {
        let fu_head = head & 0x1f | u8::from(at == 0) << 7 | u8::from(at == last) << 6;
        packets.push([&[head & DISCARDABLE | FU_A, fu_head], piece].concat().into());
    }
}

fn together(sets: &[&Vec<u8>], sei: &[u8]) -> Vec<u8> {
    if sets.is_empty() {
        return sei.to_vec();
    }
    let mut packet = vec![DISCARDABLE | STAP_A];
    for unit in sets.iter().map(|unit| unit.as_slice()).chain([sei]) {
        packet.extend((unit.len() as u16).to_be_bytes());
        packet.extend_from_slice(unit);
    }
    packet
}

fn sei(stamp: &Stamp) -> Vec<u8> {
    let letters = stamp.letters();
    let len = (UUID.len() + letters.len()) as u8;
    [&[SEI, USER_DATA, len], UUID.as_slice(), letters.as_bytes(), &[0x80]].concat()
}

/// A sequence parameter set (H.264 7.3.2.1.1): one reference picture, order as decoded.
fn sps((width, height): (u16, u16)) -> Vec<u8> {
    let mut bits = Bits::default();
    let (across, down) = (u32::from(width).div_ceil(16), u32::from(height).div_ceil(16));
    // seq_parameter_set_id, log2_max_frame_num_minus4, pic_order_cnt_type, max_num_ref_frames
    [0, 0, 2, 1].into_iter().for_each(|value| bits.exp_golomb(value));
    bits.push(0, 1); // gaps_in_frame_num_value_allowed_flag
    bits.exp_golomb(across - 1);
    bits.exp_golomb(down - 1);
    bits.push(0b11, 2); // frame_mbs_only_flag, direct_8x8_inference_flag
    let (right, bottom) = ((across * 16 - u32::from(width)) / 2, (down * 16 - u32::from(height)) / 2);
    bits.push(u32::from(right + bottom > 0), 1);
    if right + bottom > 0 {
        [0, right, 0, bottom].into_iter().for_each(|value| bits.exp_golomb(value));
    }
    bits.push(0, 1); // vui_parameters_present_flag
    bits.push(1, 1); // rbsp_stop_one_bit
    let mut unit = vec![SPS];
    unit.extend(PROFILE);
    unit.extend(bits.bytes);
    escaped(&unit)
}

/// H.264 7.4.1: no start code inside of a unit.
fn escaped(unit: &[u8]) -> Vec<u8> {
    let mut escaped = Vec::with_capacity(unit.len() + 2);
    for byte in unit {
        if *byte <= 3 && escaped.ends_with(&[0, 0]) {
            escaped.push(3);
        }
        escaped.push(*byte);
    }
    escaped
}

#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    used: u32,
}

impl Bits {
    fn push(&mut self, value: u32, count: u32) {
        for at in (0..count).rev() {
            if self.used.is_multiple_of(8) {
                self.bytes.push(0);
            }
            if let Some(last) = self.bytes.last_mut() {
                *last |= ((value >> at & 1) as u8) << (7 - self.used % 8);
            }
            self.used += 1;
        }
    }

    fn exp_golomb(&mut self, value: u32) {
        let bits = u32::BITS - (value + 1).leading_zeros();
        self.push(0, bits - 1);
        self.push(value + 1, bits);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sfu::codec::h264::{Nals, Sps};
    use proptest::prelude::*;

    fn stamp(is_key: bool) -> Stamp {
        Stamp { run: 1, publisher: 2, number: 3, needs: 4, index: 0, packets: 0, layer: 0, is_key, made_ns: 5 }
    }

    proptest! {
        #[test]
        fn an_sfu_reads_what_was_packed(bytes in 4_usize..60_000, is_key: bool) {
            let units = made_up(is_key, (1280, 720), bytes, &[0, 0, 1, 9]);
            let packets = packets(&units, stamp(is_key));
            prop_assert!(packets.iter().all(|packet| packet.len() <= MOST_BYTES));
            let kinds: Vec<u8> = packets.iter().flat_map(|packet| Nals::of(packet)).map(|nal| nal.kind).collect();
            prop_assert_eq!(kinds, if is_key { vec![7, 8, 6, 5] } else { vec![6, 1] });
            let found = Stamp::find(&packets[0], 1).unwrap();
            prop_assert_eq!((found.index, found.packets as usize), (0, packets.len()));
        }

        #[test]
        fn the_parameter_set_says_the_size(width in 8_u16..960, height in 8_u16..960) {
            let (width, height) = (width * 2, height * 2);
            let unit = sps((width, height));
            let sps = Sps::parse(&unit[1..]).unwrap();
            prop_assert_eq!((sps.width, sps.height), (width, height));
        }
    }
}
