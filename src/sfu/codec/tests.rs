use proptest::prelude::*;

use super::*;

#[test]
fn names_are_those_of_sdp_in_any_case() {
    for codec in Codec::ALL {
        assert_eq!(Codec::from_name(codec.name()), Some(codec));
        assert_eq!(Codec::from_name(&codec.name().to_lowercase()), Some(codec));
    }
    assert_eq!(Codec::from_name("PCMU"), None);
    assert_eq!((Codec::Red.clock_rate_hz(), Codec::H264.clock_rate_hz()), (48_000, 90_000));
}

#[test]
fn sound_can_be_started_on_anywhere() {
    for codec in [Codec::Opus, Codec::Red] {
        assert!(describe(codec, &[0x78, 1]).starts_key);
        assert!(!describe(codec, &[]).starts_key);
    }
}

proptest! {
    #[test]
    fn no_bytes_can_make_a_codec_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for codec in Codec::ALL {
            let picture = describe(codec, &bytes);
            prop_assert!(!picture.starts_key || picture.begins);
        }
        let _ = h264::Sps::parse(&bytes);
        let _ = opus::duration(&bytes);
    }

    /// Begun like a parameter set, so that the later fields are reached.
    #[test]
    fn no_parameter_set_can_make_it_panic(profile in prop::sample::select(vec![66, 77, 100, 110, 244]), bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        let set = [&[0x67, profile, 0, 30], bytes.as_slice()].concat();
        let picture = describe(Codec::H264, &set);
        prop_assert!(picture.starts_key && picture.begins);
        let sequence = [&[0x18, 0x08], bytes.as_slice()].concat();
        prop_assert!(describe(Codec::Av1, &sequence).starts_key);
    }
}
