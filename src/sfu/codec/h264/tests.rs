use super::*;
use crate::sfu::codec::{Codec, describe};

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<_> = hex.chars().filter_map(|c| c.to_digit(16)).collect();
    digits.as_chunks().0.iter().map(|[high, low]| (high << 4 | low) as u8).collect()
}

/// The heads of payloads that GStreamer made of x264's pictures of 320x180 in several slices.
const KEY_SETS: &str = "78 0002 0910 001e 6764000cacb202833f3e02d418181a940000030004000003007a3c50a920 0005 68ebccb22c 0001 06";
const KEY_SLICE_GOES_ON: &str = "7c 05 b0efb8cae1e557f093b12fb7d3e2568a";
const KEY_SECOND_SLICE: &str = "7c 85 03c8884066fffef7d33fccb2ebf739b5";
const DELTA: &str = "58 0002 0930 000c 419a3b105efffed68cb00179";
const DELTA_SECOND_SLICE: &str = "5c 81 03c9a3b105efffed68cb00a65da6ea";

#[test]
fn a_key_picture_starts_with_its_parameter_sets() {
    let picture = describe(Codec::H264, &bytes(KEY_SETS));
    assert_eq!((picture.starts_key, picture.begins, picture.resolution), (true, true, Some((320, 180))));
    let kinds: Vec<_> = Nals::of(&bytes(KEY_SETS)).map(|nal| nal.kind).collect();
    assert_eq!(kinds, [9, 7, 8, 6]);
    for rest in [KEY_SLICE_GOES_ON, KEY_SECOND_SLICE] {
        let picture = describe(Codec::H264, &bytes(rest));
        assert_eq!((picture.starts_key, picture.begins), (false, false));
    }
}

#[test]
fn a_key_picture_starts_with_its_first_idr_slice_too() {
    for first in ["65 88 84 00", "7c 85 88 84 00", "78 0005 0600000000 0003 658884"] {
        let picture = describe(Codec::H264, &bytes(first));
        assert_eq!((picture.starts_key, picture.begins), (true, true), "{first}");
    }
    // The fragments after it do not; neither does a picture parameter set, which has no use without the other.
    for rest in ["7c 05 88 84", "7c 45 88 84", "68 cb 83"] {
        assert!(!describe(Codec::H264, &bytes(rest)).starts_key, "{rest}");
    }
}

#[test]
fn another_picture_begins_with_its_first_slice() {
    let picture = describe(Codec::H264, &bytes(DELTA));
    assert_eq!((picture.starts_key, picture.begins, picture.discardable), (false, true, false));
    assert!(!describe(Codec::H264, &bytes(DELTA_SECOND_SLICE)).begins);
    assert!(describe(Codec::H264, &bytes("5c 81 9a 3b")).begins);
}

#[test]
fn what_nothing_refers_to_is_discardable() {
    for slice in ["01 9a 3b", "1c 81 9a 3b", "1c 41 9a 3b", "18 0002 0930 0003 019a3b"] {
        assert!(describe(Codec::H264, &bytes(slice)).discardable, "{slice}");
    }
    // Referred to; of both kinds; no slice at all.
    for other in ["41 9a 3b", "58 0002 019a 0002 419a", "06 05 01", "5c 41 9a 3b"] {
        assert!(!describe(Codec::H264, &bytes(other)).discardable, "{other}");
    }
}

#[test]
fn sizes_are_those_x264_was_told() {
    // High, baseline, 4:4:4, interlaced main, 4:2:2, high with scaling lists.
    for (size, set) in [
        ((1920, 1080), "640028acd940780227e5c044000003000400000300c83c60c658"),
        ((1280, 720), "42c01fd9005005bb011000000300100000030320f18324 80"),
        ((640, 360), "f4001e919b281405ff1380880000030008000003019078b16cb0"),
        ((720, 576), "4d401eeca05a126c0440000003004000000c87c50a6580"),
        ((854, 480), "7a001ebcd940d83de6f011000003000100000300320f162d96"),
        ((640, 360), "64001eacd940a02ff97011000003000100000300320f162d96"),
    ] {
        let set = bytes(set);
        assert_eq!(Sps::parse(&set).map(|sps| sps.resolution()), Some(size));
        assert_eq!(Sps::parse(&set).map(|sps| sps.profile_idc), set.first().copied());
        for len in 0..8 {
            assert_eq!(Sps::parse(&set[..len]), None, "cut at {len}");
        }
    }
}

#[test]
fn cropping_that_leaves_nothing_is_no_size() {
    // Baseline, 16x16, cropped by 8 units of 2 at the left.
    let bits = "01000010 00000000 00001010 1 1 1 1 1 0 1 1 1 1 1 0001001 1 1 1 1";
    let digits: Vec<u8> = bits.bytes().filter(|c| *c != b' ').map(|c| c - b'0').collect();
    let set: Vec<u8> = digits.chunks(8).map(|byte| byte.iter().enumerate().fold(0, |sum, (i, bit)| sum | bit << (7 - i))).collect();
    assert_eq!(Sps::parse(&set), None);
}

#[test]
fn modes_that_nobody_sends_and_damage_say_nothing() {
    for odd in ["", "00 01", "1a 0001", "1d 85 88", "7c", "78 00", "78 ffff 65", "78 0000"] {
        let picture = describe(Codec::H264, &bytes(odd));
        assert_eq!((picture.starts_key, picture.begins), (false, false), "{odd}");
    }
}
