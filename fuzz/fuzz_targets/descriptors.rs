//! Payloads of every codec, and renumbering in place.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yizhan_fuzz::sfu::codec::{Codec, av1, dependency, describe, h264, opus, red, vp8, vp9};

fuzz_target!(|input: (&[u8], u16, u8)| {
    let (bytes, picture_id, tl0) = input;
    for codec in Codec::ALL {
        let picture = describe(codec, bytes);
        assert!(picture.begins || !picture.starts_key);
    }
    let mut payload = bytes.to_vec();
    if vp8::rewrite(&mut payload, picture_id, tl0).is_ok() {
        let (before, after) = (vp8::Descriptor::parse(bytes), vp8::Descriptor::parse(&payload));
        assert_eq!(before.map(|d| (d.len, d.begins, d.temporal, d.is_key)), after.map(|d| (d.len, d.begins, d.temporal, d.is_key)));
        assert!(after.is_ok_and(|d| d.tl0.is_none_or(|is| is == tl0) && d.picture_id.is_none_or(|is| is & 0x7f == picture_id & 0x7f)));
    } else {
        assert_eq!(payload, bytes);
    }
    assert!(vp9::Descriptor::parse(bytes).is_ok_and(|d| d.len <= bytes.len()) || vp9::Descriptor::parse(bytes).is_err());
    assert!(h264::Nals::of(bytes).map(|nal| nal.body.len() + 1).sum::<usize>() <= bytes.len());
    let _ = h264::Sps::parse(bytes);
    if let Ok((_, elements)) = av1::Elements::of(bytes) {
        assert!(elements.map(<[u8]>::len).sum::<usize>() < bytes.len());
    }
    if let Ok(blocks) = red::Blocks::parse(bytes) {
        assert!(blocks.clone().map(|block| block.data.len()).sum::<usize>() < bytes.len());
        assert_eq!(blocks.last(), red::primary(bytes).ok());
    }
    assert!(opus::duration(bytes).is_none_or(|duration| duration.as_millis() <= 120));
    if let Ok(dependency::Dependency { structure: Some(structure), template_id, .. }) = dependency::Dependency::parse(bytes) {
        let _ = structure.layer(template_id);
    }
});
