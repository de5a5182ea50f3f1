use proptest::prelude::*;

use super::*;

/// Fields of so many bits each, filled up with zeros.
fn packed(fields: &[(u32, u32)]) -> Vec<u8> {
    let bits: Vec<u8> = fields.iter().flat_map(|(len, value)| (0..*len).rev().map(move |bit| (value >> bit & 1) as u8)).collect();
    bits.chunks(8).map(|byte| byte.iter().enumerate().fold(0, |sum, (i, bit)| sum | bit << (7 - i))).collect()
}

/// L1T2 at 640x360 with template identifiers from 62 on, so that they wrap: three templates (0, 1, 1), two decode targets, one chain.
fn key_of_two_temporal_layers() -> Vec<u8> {
    packed(&[
        (1, 1),
        (1, 1),
        (6, 62),
        (16, 0x0102), // whole frame, template, number
        (5, 0b10000), // a structure
        (6, 62),
        (5, 1), // offset, two targets
        (2, 1),
        (2, 0),
        (2, 3),                 // one temporal layer up, another template of it, the end
        (12, 0b1111_0000_1010), // what templates mean to targets
        (1, 0),
        (1, 1),
        (4, 1),
        (1, 0),
        (1, 1),
        (4, 0),
        (1, 1),
        (4, 1),
        (1, 0),    // references
        (2, 0b10), // one chain: numbers below 3 take two bits, but for 0
        (4, 0),
        (4, 1),
        (4, 2),
        (1, 1),
        (16, 639),
        (16, 359),
    ])
}

#[test]
fn a_frame_of_a_known_structure_takes_three_bytes() {
    let d = Dependency::parse(&[0x85, 0x12, 0x34]).unwrap();
    assert_eq!((d.starts_frame, d.ends_frame, d.template_id, d.frame_number, d.structure), (true, false, 5, 0x1234, None));
    assert!(!d.starts_key());
    // Custom fields without a structure are left unread.
    assert_eq!(Dependency::parse(&[0x45, 0, 1, 0x7f]).unwrap().structure, None);
}

#[test]
fn a_structure_tells_layers_and_size() {
    let d = Dependency::parse(&key_of_two_temporal_layers()).unwrap();
    assert!(d.starts_key());
    let structure = d.structure.unwrap();
    assert_eq!([62, 63, 0].map(|id| structure.layer(id)), [Some((0, 0)), Some((1, 0)), Some((1, 0))]);
    assert_eq!([1, 61].map(|id| structure.layer(id)), [None, None]);
    assert_eq!((structure.decode_targets, structure.resolution), (2, Some((640, 360))));
}

#[test]
fn a_descriptor_that_ends_early_is_told() {
    assert_eq!(Dependency::parse(&[0x80, 0]), Err(PayloadError::Truncated { what: "dependency descriptor", len: 2, needed: 3 }));
    let whole = key_of_two_temporal_layers();
    assert!((4..whole.len() - 1).all(|len| Dependency::parse(&whole[..len]).is_err()));
}

proptest! {
    #[test]
    fn no_bytes_can_make_it_panic(mut bytes in prop::collection::vec(any::<u8>(), 0..255), id: u8) {
        if let Some(flags) = bytes.get_mut(3) {
            *flags |= 0x80;
        }
        if let Ok(Dependency { structure: Some(structure), .. }) = Dependency::parse(&bytes) {
            let _ = structure.layer(id);
        }
    }
}
