//! Text of tables in every character set, whole and in parts.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yizhan_fuzz::epg::{Charset, decode, decode_parts, fold_title};

fuzz_target!(|input: (Vec<u8>, u8)| {
    let (bytes, cut) = input;
    let sets = [Charset::Auto, Charset::Gb18030, Charset::Utf8, Charset::Big5, Charset::EucKr, Charset::Iso6937, Charset::Iso8859(5)];
    for default in sets {
        let text = decode(&bytes, default);
        assert!(!text.text.contains(|c: char| c.is_control() && c != '\n'));
        assert_eq!(fold_title(&fold_title(&text.text)), fold_title(&text.text));
        decode_parts(bytes.chunks(usize::from(cut).max(1)), default);
    }
});
