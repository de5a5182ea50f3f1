//! A number, and how people type it.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use serde::{Serialize, Serializer};

/// How many digits a number has. Shorter ones begin too many others, longer ones nobody remembers.
pub const LENGTHS: RangeInclusive<usize> = 2..=12;

/// Digits of a certain count: `0613` is not `613`. In the order of length, then value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number {
    pub(super) length: u8,
    pub(super) value: u64,
}

/// Why a text is no number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    #[error("没有输入号码 / no number was given")]
    Empty,
    #[error(
        "“{found}”(第 {at} 个字符)不是数字,号码只能由数字组成,可用空格或短横线分隔 / `{found}` (character {at}) is no digit; a number is digits, with blanks or dashes between them"
    )]
    NotADigit { found: char, at: usize },
    #[error("号码有 {count} 位,应为 {least} 到 {most} 位 / the number has {count} digits, not {least} to {most}", least = LENGTHS.start(), most = LENGTHS.end())]
    Length { count: usize },
}

impl FromStr for Number {
    type Err = NumberError;

    /// As typed: full-width digits count as digits; blanks, dashes, dots and brackets between them are left out.
    fn from_str(text: &str) -> Result<Self, NumberError> {
        let (mut value, mut count) = (0u64, 0);
        for (at, found) in text.chars().enumerate() {
            match glyph(found) {
                Glyph::Digit(digit) if count < *LENGTHS.end() => (value, count) = (value * 10 + u64::from(digit), count + 1),
                // Counted on for the message, not kept.
                Glyph::Digit(_) => count += 1,
                Glyph::Separator => {}
                Glyph::Other => return Err(NumberError::NotADigit { found, at: at + 1 }),
            }
        }
        match count {
            0 => Err(NumberError::Empty),
            count if LENGTHS.contains(&count) => Ok(Self { length: count as u8, value }),
            count => Err(NumberError::Length { count }),
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:0width$}", self.value, width = usize::from(self.length))
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

pub(super) enum Glyph {
    Digit(u8),
    Separator,
    Other,
}

pub(super) fn glyph(c: char) -> Glyph {
    match c {
        '0'..='9' => Glyph::Digit(c as u8 - b'0'),
        // Full-width, as a Chinese input method types them.
        '\u{FF10}'..='\u{FF19}' => Glyph::Digit((c as u32 - 0xFF10) as u8),
        '-' | '.' | '(' | ')' | '\u{B7}' => Glyph::Separator,
        // Hyphens and dashes, minus, the full-width dash, dot and brackets.
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FF0D}' | '\u{FF0E}' | '\u{FF08}' | '\u{FF09}' => Glyph::Separator,
        // Invisible marks that come along when text is copied out of a document.
        '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' => Glyph::Separator,
        c if c.is_whitespace() => Glyph::Separator,
        _ => Glyph::Other,
    }
}

/// The digits of a text that holds nothing but digits and what may stand between them: the beginning of a number that is looked for.
pub fn typed_digits(text: &str) -> Option<String> {
    let mut digits = String::new();
    for c in text.chars() {
        match glyph(c) {
            Glyph::Digit(digit) => digits.push(char::from(b'0' + digit)),
            Glyph::Separator => {}
            Glyph::Other => return None,
        }
    }
    (!digits.is_empty()).then_some(digits)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_are_read_as_people_type_them() {
        for text in [
            "613001",
            " 613 001 ",
            "613-001",
            "(613)001",
            "6.1.3.0.0.1",
            "\u{FF16}\u{FF11}\u{FF13}\u{3000}\u{FF10}\u{FF10}\u{FF11}",
            "613\u{2014}001\u{200B}",
            "613\n001",
        ] {
            assert_eq!(text.parse::<Number>().map(|number| number.to_string()), Ok("613001".to_owned()), "{text:?}");
        }
        assert_ne!("0613".parse::<Number>(), "613".parse::<Number>(), "a leading zero counts");
    }

    #[test]
    fn errors_name_what_is_wrong_and_where() {
        assert_eq!("".parse::<Number>(), Err(NumberError::Empty));
        assert_eq!(" - ".parse::<Number>(), Err(NumberError::Empty));
        assert_eq!("61a".parse::<Number>(), Err(NumberError::NotADigit { found: 'a', at: 3 }));
        assert_eq!("+86 613".parse::<Number>(), Err(NumberError::NotADigit { found: '+', at: 1 }));
        assert_eq!("六一三".parse::<Number>(), Err(NumberError::NotADigit { found: '六', at: 1 }));
        assert_eq!("7".parse::<Number>(), Err(NumberError::Length { count: 1 }));
        assert_eq!("9".repeat(10_000).parse::<Number>(), Err(NumberError::Length { count: 10_000 }));
        let told = "61a".parse::<Number>().unwrap_err().to_string();
        assert!(told.contains("第 3 个") && told.contains("character 3"), "{told}");
    }

    proptest! {
        #[test]
        fn what_was_written_is_read_again(length in LENGTHS, value in any::<u64>()) {
            let number = Number { length: length as u8, value: value % 10u64.pow(length as u32) };
            prop_assert_eq!(number.to_string().parse::<Number>(), Ok(number));
            prop_assert_eq!(typed_digits(&number.to_string()), Some(number.to_string()));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,40}|[0-9 \u{FF10}-\u{FF19}()x~.-]{0,40}") {
            if let Ok(number) = text.parse::<Number>() {
                prop_assert!(LENGTHS.contains(&number.to_string().len()));
                prop_assert_eq!(typed_digits(&text), Some(number.to_string()));
            }
        }
    }
}
