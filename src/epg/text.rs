//! Text as DVB tables carry it (ETSI EN 300 468, annex A): the first bytes select the character set.
//!
//! What differs from `dvb-si`'s own decoding: text without a selector is in a character set that the operator names (by the
//! standard it is ISO 6937; Chinese cable networks put GB18030 there), a line break stays one, and what could not be decoded is told.
//! Control codes (0x80 to 0x9F) are only looked for in decoded text, as in GB18030 and Big5 these are bytes of characters.

use std::fmt;
use std::str::FromStr;

use dvb_si::text::DvbText;
use encoding_rs::Encoding;

/// The character set of text that selects none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Charset {
    /// Well-formed UTF-8, else well-formed GB18030, else ISO 6937.
    Auto,
    /// GB18030, which takes in GBK and GB2312.
    #[default]
    Gb18030,
    Utf8,
    Big5,
    /// KS C 5601.
    EucKr,
    /// ISO 6937 with the Euro sign: what the standard says.
    Iso6937,
    /// ISO 8859, part 1 to 15 (there is no part 12).
    Iso8859(u8),
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("character set `{0}` is not known: use auto, gb18030, utf-8, big5, euc-kr, iso6937 or iso-8859-1 to iso-8859-15")]
pub struct CharsetError(String);

impl FromStr for Charset {
    type Err = CharsetError;

    fn from_str(name: &str) -> Result<Self, CharsetError> {
        let plain: String = name.to_ascii_lowercase().chars().filter(|c| !matches!(c, '-' | '_' | ' ')).collect();
        Ok(match plain.as_str() {
            "auto" => Self::Auto,
            "gb18030" | "gbk" | "gb2312" => Self::Gb18030,
            "utf8" => Self::Utf8,
            "big5" => Self::Big5,
            "euckr" | "ksc5601" => Self::EucKr,
            "iso6937" => Self::Iso6937,
            "latin1" => Self::Iso8859(1),
            other => match other.strip_prefix("iso8859").and_then(|part| part.parse().ok()) {
                Some(part @ (1..=11 | 13..=15)) => Self::Iso8859(part),
                _ => return Err(CharsetError(name.chars().take(40).collect())),
            },
        })
    }
}

impl fmt::Display for Charset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::Gb18030 => f.write_str("gb18030"),
            Self::Utf8 => f.write_str("utf-8"),
            Self::Big5 => f.write_str("big5"),
            Self::EucKr => f.write_str("euc-kr"),
            Self::Iso6937 => f.write_str("iso6937"),
            Self::Iso8859(part) => write!(f, "iso-8859-{part}"),
        }
    }
}

/// Decoded text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text {
    /// Lines end with `\n`; no other control codes.
    pub text: String,
    /// Some bytes were no text in the character set that holds (they are U+FFFD): very likely it is another.
    pub lossy: bool,
}

/// What the first bytes say (annex A, tables A.3 and A.4).
enum Selected {
    Charset(Charset),
    Ucs2,
    /// Reserved, or not used by broadcasters.
    Unknown,
}

/// The selection and how many bytes it takes.
fn select(bytes: &[u8], default: Charset) -> (Selected, usize) {
    use Selected::{Ucs2, Unknown};
    match *bytes {
        [0x08 | 0x0c..=0x0f | 0x16..=0x1e, ..] => (Unknown, 1),
        [part @ 0x01..=0x0b, ..] => (Selected::Charset(Charset::Iso8859(part + 4)), 1),
        [0x10, 0x00, part @ (1..=11 | 13..=15), ..] => (Selected::Charset(Charset::Iso8859(part)), 3),
        [0x10, ..] => (Unknown, bytes.len().min(3)),
        [0x11, ..] => (Ucs2, 1),
        [0x12, ..] => (Selected::Charset(Charset::EucKr), 1),
        [0x13, ..] => (Selected::Charset(Charset::Gb18030), 1),
        [0x14, ..] => (Selected::Charset(Charset::Big5), 1),
        [0x15, ..] => (Selected::Charset(Charset::Utf8), 1),
        [0x1f, ..] => (Unknown, bytes.len().min(2)),
        [0x00, ..] => (Selected::Charset(default), 1),
        _ => (Selected::Charset(default), 0),
    }
}

/// Decodes one text field, selector included.
pub fn decode(bytes: &[u8], default: Charset) -> Text {
    let (selected, skip) = select(bytes, default);
    let body = &bytes[skip..];
    match selected {
        Selected::Ucs2 => tidy(encoding_rs::UTF_16BE.decode_without_bom_handling(body).0.into_owned()),
        Selected::Charset(charset) => tidy(decode_as(body, charset)),
        Selected::Unknown => Text { lossy: true, ..tidy(decode_as(body, default)) },
    }
}

/// Decodes a text that was cut into several fields, as extended event descriptors do. Some senders repeat the selector in
/// each field, some do not and cut inside a character: so parts of one character set are joined before they are decoded.
pub fn decode_parts<'a>(parts: impl IntoIterator<Item = &'a [u8]>, default: Charset) -> Text {
    let mut out = Text::default();
    let mut joined: Vec<u8> = Vec::new();
    let mut skip = 0;
    let mut flush = |joined: &mut Vec<u8>| {
        let text = decode(joined, default);
        out.text.push_str(&text.text);
        out.lossy |= text.lossy;
        joined.clear();
    };
    for part in parts {
        let (_, own) = select(part, default);
        let continues = !joined.is_empty() && (own == 0 || part[..own] == joined[..skip]);
        if !continues {
            flush(&mut joined);
            skip = own;
        }
        joined.extend_from_slice(if continues { &part[own..] } else { part });
    }
    flush(&mut joined);
    out
}

fn decode_as(body: &[u8], charset: Charset) -> String {
    match charset {
        Charset::Utf8 => String::from_utf8_lossy(body).into_owned(),
        Charset::Gb18030 => multi_byte(body, encoding_rs::GB18030),
        Charset::Big5 => multi_byte(body, encoding_rs::BIG5),
        Charset::EucKr => multi_byte(body, encoding_rs::EUC_KR),
        Charset::Iso6937 => single_byte(body, &[0x00]),
        Charset::Iso8859(part) => single_byte(body, &[0x10, 0x00, part]),
        Charset::Auto => match std::str::from_utf8(body) {
            Ok(text) => text.to_owned(),
            Err(_) => match encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(body) {
                Some(text) => text.into_owned(),
                None => decode_as(body, Charset::Iso6937),
            },
        },
    }
}

fn multi_byte(body: &[u8], encoding: &'static Encoding) -> String {
    encoding.decode_without_bom_handling(body).0.into_owned()
}

/// One line at a time, as `dvb-si` makes a line break (0x8A, in every single-byte table) a space.
fn single_byte(body: &[u8], selector: &[u8]) -> String {
    let lines = body.split(|&b| b == 0x8a).map(|line| DvbText::new(&[selector, line].concat()).decode().into_owned());
    lines.collect::<Vec<_>>().join("\n")
}

/// Control codes out, line breaks in (annex A.1: 0x8A, in two-byte tables and UTF-8 U+E08A).
fn tidy(decoded: String) -> Text {
    let lossy = decoded.contains('\u{fffd}');
    let chars = decoded.chars().filter_map(|c| match c {
        '\n' | '\u{8a}' | '\u{e08a}' => Some('\n'),
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{e080}'..='\u{e09f}' | '\u{feff}' => None,
        c => Some(c),
    });
    Text { text: chars.collect(), lossy }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(selector: &[u8], encoding: &'static Encoding, text: &str) -> Vec<u8> {
        let (encoded, _, unmappable) = encoding.encode(text);
        assert!(!unmappable, "{text}");
        [selector, &encoded].concat()
    }

    fn plain(bytes: &[u8], default: Charset) -> String {
        let text = decode(bytes, default);
        assert!(!text.lossy, "{text:?}");
        text.text
    }

    /// Names of people in the news that GB2312 lacks; 0x88 0xD2 (堃) begins with what would be a control code.
    const NAMES: &str = "新闻联播：朱镕基 张堃 㐀𠀀";

    #[test]
    fn chinese_behind_each_selector_and_behind_none() {
        let gb = bytes(&[], encoding_rs::GB18030, NAMES);
        assert!(gb.windows(2).any(|w| w == [0x88, 0xd2]) && gb.windows(2).any(|w| w == [0xe9, 0x46]));
        assert_eq!(plain(&[&[0x13], &gb[..]].concat(), Charset::Iso6937), NAMES);
        assert_eq!(plain(&gb, Charset::Gb18030), NAMES);
        assert_eq!(plain(&gb, Charset::Auto), NAMES);
        assert_eq!(plain(&[&[0x15], NAMES.as_bytes()].concat(), Charset::Gb18030), NAMES);
        assert_eq!(plain(NAMES.as_bytes(), Charset::Auto), NAMES);
        assert_eq!(plain(NAMES.as_bytes(), Charset::Utf8), NAMES);
        let ucs2: Vec<u8> = "朱镕基".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(plain(&[&[0x11], &ucs2[..]].concat(), Charset::Gb18030), "朱镕基");
        assert_eq!(plain(&bytes(&[0x14], encoding_rs::BIG5, "新聞"), Charset::Gb18030), "新聞");
        assert_eq!(plain(&bytes(&[0x12], encoding_rs::EUC_KR, "뉴스"), Charset::Gb18030), "뉴스");
    }

    /// Every character that GB18030 has in two bytes comes through whole, those with bytes 0x80 to 0x9F too.
    #[test]
    fn no_byte_of_a_gb18030_character_is_taken_for_a_control_code() {
        for lead in 0x81..=0xfe_u8 {
            for trail in (0x40..=0x7e).chain(0x80..=0xfe) {
                let bytes = [lead, trail];
                let (expected, _) = encoding_rs::GB18030.decode_without_bom_handling(&bytes);
                let private = expected.chars().any(|c| ('\u{e080}'..='\u{e09f}').contains(&c));
                if !private {
                    assert_eq!(decode(&[0x13, lead, trail], Charset::Auto).text, expected);
                }
            }
        }
    }

    #[test]
    fn european_tables() {
        assert_eq!(plain(b"T\xc2el\xc2e", Charset::Iso6937), "Télé");
        assert_eq!(plain(&[0x05, b'T', 0xe9, b'l', 0xe9], Charset::Gb18030), "Télé");
        assert_eq!(plain(&[0x10, 0x00, 0x02, 0xb3], Charset::Gb18030), "ł");
        assert_eq!(plain(&[0x01, 0xbd], Charset::Gb18030), "Н", "ISO 8859-5");
        assert_eq!(plain(&[0x0b, 0xa4], Charset::Gb18030), "€", "ISO 8859-15");
        assert_eq!(plain(b"caf\xe9", "iso-8859-1".parse().unwrap()), "café");
    }

    #[test]
    fn emphasis_goes_and_line_breaks_stay() {
        assert_eq!(plain(b"\x86Rai 1\x87\x8ail telegiornale", Charset::Iso6937), "Rai 1\nil telegiornale");
        assert_eq!(plain("\x15\u{e086}央视\u{e087}\u{e08a}一套".as_bytes(), Charset::Gb18030), "央视\n一套");
        assert_eq!(plain(&[0x11, 0xe0, 0x86, 0x59, 0x2e, 0xe0, 0x8a], Charset::Gb18030), "央\n");
        assert_eq!(plain(b"a\x8a\x13b", Charset::Iso6937), "a\nb", "a selector only stands at the beginning");
    }

    #[test]
    fn a_wrong_character_set_is_told() {
        assert!(decode(&bytes(&[], encoding_rs::GB18030, "新闻联播"), Charset::Utf8).lossy);
        assert!(decode(b"\x13\xff\xff", Charset::Gb18030).lossy);
        assert!(decode(b"\x16abc", Charset::Gb18030).lossy, "a reserved selector");
        assert_eq!(decode(b"\x16abc", Charset::Gb18030).text, "abc");
        assert_eq!(decode(b"", Charset::Gb18030), Text::default());
        assert_eq!(decode(b"\x13", Charset::Gb18030), Text::default());
    }

    #[test]
    fn parts_are_joined_before_they_are_decoded() {
        let gb = bytes(&[0x13], encoding_rs::GB18030, "朱镕基访问驿站");
        for cut in 1..gb.len() {
            let (a, b) = gb.split_at(cut);
            assert_eq!(decode_parts([a, b], Charset::Iso6937).text, "朱镕基访问驿站", "cut at {cut}, no selector in the second");
            let b = [&[0x13], b].concat();
            assert_eq!(decode_parts([a, &b[..]], Charset::Iso6937).text, "朱镕基访问驿站");
        }
        assert_eq!(decode_parts([&b"\x05\xe9"[..], "\x15é".as_bytes()], Charset::Gb18030).text, "éé");
    }

    #[test]
    fn character_sets_are_named_in_the_configuration() {
        for name in ["auto", "gb18030", "utf-8", "big5", "euc-kr", "iso6937", "iso-8859-1", "iso-8859-15"] {
            assert_eq!(name.parse::<Charset>().unwrap().to_string(), name);
        }
        assert_eq!("GBK".parse(), Ok(Charset::Gb18030));
        assert_eq!("ISO8859-9".parse(), Ok(Charset::Iso8859(9)));
        for wrong in ["", "iso-8859-12", "iso-8859-16", "klingon"] {
            assert!(wrong.parse::<Charset>().unwrap_err().to_string().contains(&format!("`{wrong}`")));
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_decode(bytes: Vec<u8>, cut: usize) {
            for charset in [Charset::Auto, Charset::Gb18030, Charset::Utf8, Charset::Big5, Charset::EucKr, Charset::Iso6937, Charset::Iso8859(7)] {
                let whole = decode(&bytes, charset);
                proptest::prop_assert!(!whole.text.chars().any(|c| c.is_control() && c != '\n'));
                decode_parts(bytes.chunks(cut.max(1)), charset);
            }
        }
    }
}
