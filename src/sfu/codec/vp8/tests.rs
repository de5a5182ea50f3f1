use proptest::prelude::*;

use super::*;
use crate::sfu::codec::{Codec, describe};

/// The heads of payloads that GStreamer made of 320x180 by libvpx: the first and the second packet of a key picture, then the next picture's first.
const KEY: [u8; 14] = [0x90, 0x80, 0xa8, 0xf5, 0xb0, 0x59, 0x00, 0x9d, 0x01, 0x2a, 0x40, 0x01, 0xb4, 0x00];
const KEY_GOES_ON: [u8; 7] = [0x80, 0x80, 0xa8, 0xf5, 0xf0, 0x11, 0x11];
const DELTA: [u8; 7] = [0x90, 0x80, 0xa8, 0xf6, 0xf1, 0x23, 0x00];
/// As a browser sends the upper of two temporal layers: 15-bit picture ID, TL0PICIDX, TID 1 with Y, KEYIDX 3, not referred to.
const UPPER: [u8; 8] = [0xb0, 0xf0, 0x92, 0x34, 0x07, 0x63, 0x51, 0x02];

#[test]
fn a_key_picture_is_seen_in_its_first_packet_with_its_size() {
    let d = Descriptor::parse(&KEY).unwrap();
    assert_eq!((d.len, d.begins, d.is_key, d.picture_id, d.resolution), (4, true, true, Some(0x28f5), Some((320, 180))));
    let d = Descriptor::parse(&KEY_GOES_ON).unwrap();
    assert_eq!((d.begins, d.is_key, d.picture_id, d.resolution), (false, false, Some(0x28f5), None));
    let d = Descriptor::parse(&DELTA).unwrap();
    assert_eq!((d.begins, d.is_key, d.picture_id, d.resolution), (true, false, Some(0x28f6), None));
}

#[test]
fn temporal_layers_are_read() {
    let d = Descriptor::parse(&UPPER).unwrap();
    assert_eq!((d.len, d.picture_id, d.tl0, d.temporal, d.layer_sync, d.key_index), (6, Some(0x1234), Some(7), Some(1), true, Some(3)));
    assert!(d.begins && d.discardable && !d.is_key);
    let picture = describe(Codec::Vp8, &UPPER);
    assert_eq!((picture.temporal, picture.layer_sync, picture.discardable, picture.starts_key), (Some(1), true, true, false));
}

#[test]
fn a_layer_without_t_or_an_index_without_k_is_not_one() {
    let keyed = Descriptor::parse(&[0x90, 0x10, 0xe5, 1]).unwrap();
    assert_eq!((keyed.temporal, keyed.layer_sync, keyed.key_index), (None, false, Some(5)));
    let layered = Descriptor::parse(&[0x90, 0x20, 0xe5, 1]).unwrap();
    assert_eq!((layered.temporal, layered.layer_sync, layered.key_index), (Some(3), true, None));
}

#[test]
fn only_partition_0_begins_a_picture() {
    assert!(Descriptor::parse(&[0x10, 0]).unwrap().begins);
    assert!(!Descriptor::parse(&[0x11, 0]).unwrap().begins);
    assert!(!Descriptor::parse(&[0x00, 0]).unwrap().begins);
}

#[test]
fn new_numbers_take_the_place_of_the_old() {
    let mut payload = UPPER;
    rewrite(&mut payload, 0x7fff, 255).unwrap();
    assert_eq!(payload, [0xb0, 0xf0, 0xff, 0xff, 0xff, 0x63, 0x51, 0x02]);
    rewrite(&mut payload, 0x8000, 0).unwrap();
    assert_eq!(payload, [0xb0, 0xf0, 0x80, 0x00, 0x00, 0x63, 0x51, 0x02]);
}

#[test]
fn a_narrow_picture_id_stays_narrow() {
    let mut payload = [0x90, 0x80, 0x7e, 0x51];
    rewrite(&mut payload, 0x17f, 9).unwrap();
    assert_eq!(payload, [0x90, 0x80, 0x7f, 0x51]);
    rewrite(&mut payload, 0x180, 9).unwrap();
    assert_eq!(payload, [0x90, 0x80, 0x00, 0x51]);
}

#[test]
fn what_is_not_there_is_not_added() {
    let mut payload = [0x10, 0x51, 0x02];
    rewrite(&mut payload, 77, 9).unwrap();
    assert_eq!(payload, [0x10, 0x51, 0x02]);
}

#[test]
fn a_descriptor_that_ends_early_is_told() {
    for len in 0..6 {
        let error = Descriptor::parse(&UPPER[..len]).unwrap_err();
        assert_eq!(error, PayloadError::Truncated { what: "VP8 descriptor", len, needed: len + 1 });
        assert_eq!(describe(Codec::Vp8, &UPPER[..len]), Picture::default());
    }
}

proptest! {
    #[test]
    fn rewriting_changes_the_numbers_and_nothing_else(mut payload in prop::collection::vec(any::<u8>(), 0..24), picture_id: u16, tl0: u8) {
        let before = Descriptor::parse(&payload);
        let len = payload.len();
        prop_assert_eq!(rewrite(&mut payload, picture_id, tl0).is_ok(), before.is_ok());
        prop_assert_eq!(payload.len(), len);
        if let Ok(before) = before {
            let mask = if before.picture_id_is_wide { 0x7fff } else { 0x7f };
            let expected = Descriptor { picture_id: before.picture_id.map(|_| picture_id & mask), tl0: before.tl0.map(|_| tl0), ..before };
            prop_assert_eq!(Descriptor::parse(&payload), Ok(expected));
        }
    }
}
