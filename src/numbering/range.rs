//! A range of numbers of one length, as offices write it: `61xxxx`, or `613000-613499`.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use super::number::{Glyph, LENGTHS, Number, NumberError, glyph};

/// Both ends belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Range {
    pub(super) length: u8,
    pub(super) first: u64,
    pub(super) last: u64,
}

/// Why a text is no range.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RangeError {
    #[error("号段“{text}”无效:{error} / in `{text}`: {error}")]
    Number { text: String, error: NumberError },
    #[error("号段“{text}”无效:数字要写在 x 之前,如 61xxxx / in `{text}` the digits come before the x, as in 61xxxx")]
    DigitAfterWildcard { text: String },
    #[error("号段两端位数不同:{first} 与 {last} / the ends have different lengths: {first} and {last}")]
    Lengths { first: Number, last: Number },
    #[error("号段起号 {first} 大于止号 {last} / the range begins with {first}, after its end {last}")]
    Backwards { first: Number, last: Number },
}

impl Range {
    pub fn between(first: Number, last: Number) -> Result<Self, RangeError> {
        if first.length != last.length {
            return Err(RangeError::Lengths { first, last });
        }
        if first.value > last.value {
            return Err(RangeError::Backwards { first, last });
        }
        Ok(Self { length: first.length, first: first.value, last: last.value })
    }

    pub fn first(&self) -> Number {
        Number { length: self.length, value: self.first }
    }

    pub fn last(&self) -> Number {
        Number { length: self.length, value: self.last }
    }

    /// How many numbers it holds: at least one.
    pub fn size(&self) -> u64 {
        self.last - self.first + 1
    }

    pub fn contains(&self, number: Number) -> bool {
        number.length == self.length && (self.first..=self.last).contains(&number.value)
    }

    pub fn covers(&self, other: &Range) -> bool {
        self.length == other.length && self.first <= other.first && other.last <= self.last
    }

    pub fn overlaps(&self, other: &Range) -> bool {
        self.length == other.length && self.first <= other.last && other.first <= self.last
    }

    /// Whether a number of one is a number of the other, or begins one: a telephone would not know whether more digits come.
    pub fn clashes(&self, other: &Range) -> bool {
        let length = self.length.max(other.length);
        self.seen_from(length).overlaps(&other.seen_from(length))
    }

    /// The numbers of `length` digits that begin with one of these, or that one of these begins with.
    pub(super) fn seen_from(&self, length: u8) -> Range {
        match length.checked_sub(self.length) {
            Some(longer) => {
                let scale = 10u64.pow(u32::from(longer));
                Range { length, first: self.first * scale, last: self.last * scale + (scale - 1) }
            }
            None => {
                let scale = 10u64.pow(u32::from(self.length - length));
                Range { length, first: self.first / scale, last: self.last / scale }
            }
        }
    }

    /// How many of its last digits are free, when it is all numbers that begin alike.
    fn wildcards(&self) -> Option<usize> {
        (1..=usize::from(self.length)).find(|count| {
            let block = 10u64.pow(*count as u32);
            self.size() == block && self.first.is_multiple_of(block)
        })
    }
}

impl FromStr for Range {
    type Err = RangeError;

    fn from_str(text: &str) -> Result<Self, RangeError> {
        let about = |error| RangeError::Number { text: shown(text), error };
        let number = |part: &str| part.parse::<Number>().map_err(about);
        if text.chars().any(is_wildcard) {
            let wrong = text.chars().skip_while(|c| !is_wildcard(*c)).any(|c| matches!(glyph(c), Glyph::Digit(_)));
            if wrong {
                return Err(RangeError::DigitAfterWildcard { text: shown(text) });
            }
            let filled = |digit: char| number(&text.chars().map(|c| if is_wildcard(c) { digit } else { c }).collect::<String>());
            return Self::between(filled('0')?, filled('9')?);
        }
        match ends(text) {
            Some((first, last)) => Self::between(number(first)?, number(last)?),
            None => number(text).and_then(|one| Self::between(one, one)),
        }
    }
}

/// As much of what somebody typed as a message shows.
fn shown(text: &str) -> String {
    text.trim().chars().take(40).collect()
}

fn is_wildcard(c: char) -> bool {
    matches!(c, 'x' | 'X' | '*' | '?' | '\u{D7}' | '\u{FF58}' | '\u{FF38}' | '\u{FF0A}' | '\u{FF1F}')
}

/// Cut at `..`, at a tilde or 到, 至, else at the dash with as many digits before as after it.
fn ends(text: &str) -> Option<(&str, &str)> {
    for mark in ["..", "~", "\u{FF5E}", "\u{301C}", "到", "至", "to"] {
        if let Some(ends) = text.split_once(mark) {
            return Some(ends);
        }
    }
    let digits = |text: &str| text.chars().filter(|c| matches!(glyph(*c), Glyph::Digit(_))).count();
    let dash = |c: &char| matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FF0D}');
    let cuts = text.char_indices().filter(|(_, c)| dash(c)).map(|(at, c)| (&text[..at], &text[at + c.len_utf8()..]));
    let mut cuts: Vec<(&str, &str)> = cuts.take(2 * LENGTHS.end()).filter(|(first, last)| digits(first) > 0 && digits(last) > 0).collect();
    match cuts.iter().position(|(first, last)| digits(first) == digits(last)) {
        Some(at) => Some(cuts.swap_remove(at)),
        // Of different lengths: the message then tells both.
        None if cuts.len() == 1 => cuts.pop(),
        None => None,
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.wildcards() {
            _ if self.first == self.last => self.first().fmt(f),
            Some(free) => {
                let whole = self.first().to_string();
                write!(f, "{}{}", &whole[..whole.len() - free], "x".repeat(free))
            }
            None => write!(f, "{}-{}", self.first(), self.last()),
        }
    }
}

impl Serialize for Range {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn range(text: &str) -> Range {
        text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn ranges_are_written_by_prefix_or_by_both_ends() {
        for text in ["61xxxx", "61XXXX", "61 ****", "610000-619999", "610000~619999", "610000 到 619999", "610-000-619-999", "\u{FF16}\u{FF11}xxxx"] {
            assert_eq!(range(text).to_string(), "61xxxx", "{text}");
        }
        assert_eq!(range("613000-613499").to_string(), "613000-613499");
        assert_eq!((range("613001").size(), range("613001").to_string()), (1, "613001".to_owned()));
    }

    #[test]
    fn wrong_ranges_are_told() {
        let told = |text: &str| text.parse::<Range>().unwrap_err().to_string();
        assert!(told("6x1xxx").contains("61xxxx"));
        assert!(told("619999-610000").contains("大于"));
        assert!(told("613-001").contains("大于"), "as many digits on both sides of a dash are two ends");
        assert!(told("6100-619999").contains("位数"));
        assert!(told("61a").contains("61a"));
        assert!(told(&"x".repeat(10_000)).len() < 400);
        assert!("".parse::<Range>().is_err());
    }

    #[test]
    fn a_number_that_begins_another_clashes_with_it() {
        assert!(range("613").clashes(&range("61xxxx")) && range("61xxxx").clashes(&range("613")));
        assert!(!range("62x").clashes(&range("61xxxx")));
        assert!(range("6xxxxx").clashes(&range("61xxxx")));
    }

    proptest! {
        #[test]
        fn what_was_written_is_read_again(length in LENGTHS, ends in any::<(u64, u64)>(), block in 0u32..4) {
            let most = 10u64.pow(length as u32);
            let (a, b) = (ends.0 % most, ends.1 % most);
            let free = 10u64.pow(block);
            let by_ends = Range { length: length as u8, first: a.min(b), last: a.max(b) };
            let by_prefix = Range { length: length as u8, first: a / free * free, last: (a / free * free + free - 1).min(most - 1) };
            for range in [by_ends, by_prefix] {
                prop_assert_eq!(range.to_string().parse::<Range>(), Ok(range), "{}", range);
            }
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,40}|[0-9 xX*~到.()\u{FF10}-\u{FF19}-]{0,40}") {
            if let Ok(range) = text.parse::<Range>() {
                prop_assert!(range.first <= range.last && LENGTHS.contains(&usize::from(range.length)));
            }
        }

        #[test]
        fn clashing_is_mutual(a in (2u8..5, 0u64..100, 0u64..50), b in (2u8..5, 0u64..100, 0u64..50)) {
            let of = |(length, first, more): (u8, u64, u64)| Range { length, first, last: (first + more).min(10u64.pow(u32::from(length)) - 1) };
            let (a, b) = (of(a), of(b));
            let begins = |short: &Range, long: &Range| (long.first..=long.last).any(|n| short.contains(Number { length: short.length, value: n / 10u64.pow(u32::from(long.length - short.length)) }));
            let expected = if a.length <= b.length { begins(&a, &b) } else { begins(&b, &a) };
            prop_assert_eq!(a.clashes(&b), expected);
            prop_assert_eq!(b.clashes(&a), expected);
        }
    }
}
