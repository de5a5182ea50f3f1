use super::*;
use crate::sfu::codec::{Codec, describe};

/// The sequence header that libaom made for 320x180, and that of SVT-AV1 for 1920x1080, with OBU headers as RTP has them: without a size.
const SMALL: [u8; 14] = [0x08, 0x20, 0x00, 0x00, 0x04, 0x3c, 0xfe, 0xcc, 0xda, 0xf9, 0x20, 0x21, 0xa0, 0x00];
const LARGE: [u8; 12] = [0x08, 0x00, 0x00, 0x00, 0x42, 0xab, 0xbf, 0xc3, 0x73, 0xef, 0xe4, 0x01];

fn packet(head: u8, elements: &[&[u8]]) -> Vec<u8> {
    let mut out = vec![head];
    let bare = usize::from(head >> 4 & 3);
    for (i, element) in elements.iter().enumerate() {
        if i + 1 != bare {
            out.push(element.len() as u8);
        }
        out.extend_from_slice(element);
    }
    out
}

#[test]
fn a_coded_video_sequence_begins_with_its_size() {
    for (header, size) in [(&SMALL[..], (320, 180)), (&LARGE, (1920, 1080))] {
        // Two elements, N; the frame goes on in the next packet.
        for head in [0x68, 0x48] {
            let picture = describe(Codec::Av1, &packet(head, &[header, &[0x30, 0x10, 0x00]]));
            assert_eq!((picture.starts_key, picture.begins, picture.resolution), (true, true, Some(size)));
        }
    }
}

#[test]
fn a_packet_that_goes_on_begins_nothing() {
    let picture = describe(Codec::Av1, &packet(0x90, &[&[0x30, 0x10, 0x00]]));
    assert_eq!(picture, Picture::default());
    // What goes on is no header, whatever it looks like; the unit after it is one.
    let picture = describe(Codec::Av1, &packet(0xa0, &[&SMALL, &[0x34, 0x48, 0x00]]));
    assert_eq!((picture.begins, picture.resolution, picture.temporal), (false, None, Some(2)));
}

#[test]
fn layers_are_read_from_the_extension() {
    // Frame, temporal 1, spatial 0; then spatial 1, which does not begin the picture.
    let picture = describe(Codec::Av1, &packet(0x10, &[&[0x34, 0x20, 0x10]]));
    assert_eq!((picture.begins, picture.starts_key, picture.temporal, picture.spatial), (true, false, Some(1), Some(0)));
    let picture = describe(Codec::Av1, &packet(0x10, &[&[0x34, 0x28, 0x10]]));
    assert_eq!((picture.begins, picture.temporal, picture.spatial), (false, Some(1), Some(1)));
}

#[test]
fn elements_are_counted_or_all_have_lengths() {
    let each = |payload: &[u8]| Elements::of(payload).unwrap().1.map(<[u8]>::len).collect::<Vec<_>>();
    assert_eq!(each(&packet(0x00, &[&[1, 2], &[3], &[4, 5, 6]])), [2, 1, 3]);
    assert_eq!(each(&packet(0x30, &[&[1, 2], &[3], &[4, 5, 6]])), [2, 1, 3]);
    assert_eq!(each(&packet(0x10, &[&[4, 5, 6]])), [3]);
    // A length over what is there, and one that never ends.
    assert_eq!(each(&[0x00, 1, 9, 200]), [1]);
    assert_eq!(each(&[0x00, 1, 9, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), [1]);
    assert!(Elements::of(&[]).is_err());
}

#[test]
fn sizes_inside_units_are_passed_over() {
    let mut sized = vec![0x0a, SMALL.len() as u8 - 1];
    sized.extend_from_slice(&SMALL[1..]);
    assert_eq!(describe(Codec::Av1, &packet(0x18, &[&sized])).resolution, Some((320, 180)));
}

#[test]
fn a_header_that_says_everything_is_read_to_its_size() {
    // Timing with an equal interval, a decoder model, display delays, two operating points of which the first is of a high tier.
    let fields: &[(u32, u64)] = &[
        (3, 0),
        (1, 0),
        (1, 0), // profile, still, reduced
        (1, 1),
        (32, 1),
        (32, 30),
        (1, 1),
        (3, 0b010), // timing
        (1, 1),
        (5, 9),
        (32, 1),
        (5, 9),
        (5, 9), // decoder model
        (1, 1),
        (5, 1), // display delays, two points
        (12, 0x101),
        (5, 9),
        (1, 1),
        (1, 1),
        (10, 5),
        (10, 5),
        (1, 0),
        (1, 1),
        (4, 3),
        (12, 0x103),
        (5, 4),
        (1, 0),
        (1, 0),
        (4, 9),
        (4, 9),
        (10, 639),
        (10, 359),
    ];
    let bits: Vec<bool> = fields.iter().flat_map(|(len, value)| (0..*len).rev().map(move |bit| value >> bit & 1 == 1)).collect();
    let body: Vec<u8> = bits.chunks(8).map(|byte| byte.iter().enumerate().fold(0, |sum, (i, bit)| sum | u8::from(*bit) << (7 - i))).collect();
    assert_eq!(sequence::resolution(&body), Some((640, 360)));
    assert_eq!(sequence::resolution(&body[..body.len() - 3]), None);
    // A still picture's reduced header: a level, then 4 bits each of width and height.
    assert_eq!(sequence::resolution(&[0x19, 0x0c, 0xcd, 0xc0]), Some((4, 8)));
}
