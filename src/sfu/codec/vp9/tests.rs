use super::*;
use crate::sfu::codec::{Codec, describe};

/// The heads of payloads that GStreamer made of 320x180 by libvpx: a key picture with its structure, its second and last packet, the next picture.
const KEY: [u8; 13] = [0x8a, 0xe2, 0x54, 0x18, 0x01, 0x40, 0x00, 0xb4, 0x01, 0x04, 0x01, 0xb1, 0x24];
const KEY_GOES_ON: [u8; 4] = [0x80, 0xe2, 0x54, 0xc2];
const KEY_ENDS: [u8; 4] = [0x84, 0xe2, 0x54, 0x63];
const DELTA: [u8; 4] = [0xc8, 0xe2, 0x55, 0xb3];
/// Three spatial and temporal layers in flexible mode, as a browser sends a key picture: layer 0 with the structure, then layer 1 upon it.
const SVC_KEY: [u8; 17] = [0xba, 0x81, 0x01, 0x00, 0x50, 0x01, 0x40, 0x00, 0xb4, 0x02, 0x80, 0x01, 0x68, 0x05, 0x00, 0x02, 0xd0];
const SVC_KEY_UPPER: [u8; 5] = [0xb8, 0x81, 0x01, 0x03, 0x82];
/// Not flexible: TID 2, switching up, SID 0, TL0PICIDX 9.
const UPPER: [u8; 5] = [0xe8, 0x05, 0x50, 0x09, 0x86];

#[test]
fn a_key_picture_is_seen_in_its_first_packet_with_its_size() {
    let d = Descriptor::parse(&KEY).unwrap();
    assert_eq!((d.len, d.picture_id, d.layers, d.resolution), (11, Some(0x6254), Some(1), Some((320, 180))));
    assert!(d.starts_key() && d.begins_picture() && !d.ends_frame);
    for rest in [KEY_GOES_ON, KEY_ENDS] {
        let d = Descriptor::parse(&rest).unwrap();
        assert!(!d.starts_key() && !d.begins_picture());
    }
    assert!(Descriptor::parse(&KEY_ENDS).unwrap().ends_frame);
    let d = Descriptor::parse(&DELTA).unwrap();
    assert_eq!((d.picture_id, d.starts_key(), d.begins_picture()), (Some(0x6255), false, true));
}

#[test]
fn a_key_picture_of_layers_starts_with_the_lowest() {
    let whole = Descriptor::parse(&[SVC_KEY.as_slice(), &[0x82]].concat());
    assert_eq!(whole.map(|d| (d.len, d.resolution, d.layers)), Ok((17, Some((1280, 720)), Some(3))));
    let picture = describe(Codec::Vp9, &SVC_KEY);
    assert_eq!((picture.starts_key, picture.begins, picture.temporal, picture.spatial), (true, true, Some(0), Some(0)));
    let picture = describe(Codec::Vp9, &SVC_KEY_UPPER);
    assert_eq!((picture.starts_key, picture.begins, picture.spatial), (false, false, Some(1)));
    assert!(Descriptor::parse(&SVC_KEY_UPPER).unwrap().inter_layer);
}

#[test]
fn temporal_layers_and_switching_points_are_read() {
    let d = Descriptor::parse(&UPPER).unwrap();
    assert_eq!((d.len, d.temporal, d.spatial, d.tl0, d.layer_sync), (4, Some(2), Some(0), Some(9), true));
    assert_eq!((d.picture_id, d.picture_id_is_wide), (Some(5), false));
}

#[test]
fn flexible_references_are_passed_over() {
    let d = Descriptor::parse(&[0xf8, 0x05, 0x20, 0x03, 0x05, 0x06, 0x86]).unwrap();
    assert_eq!((d.len, d.temporal, d.tl0), (6, Some(1), None));
}

#[test]
fn a_descriptor_that_ends_early_is_told() {
    for len in 0..11 {
        let error = Descriptor::parse(&KEY[..len]).unwrap_err();
        assert_eq!(error, PayloadError::Truncated { what: "VP9 descriptor", len, needed: len + 1 });
    }
}
