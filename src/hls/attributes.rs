//! Lines and attribute lists (RFC 8216bis, 4.1 and 4.2).

use std::fmt;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlaylistError {
    #[error("a playlist begins with #EXTM3U")]
    NoHeader,
    #[error("line {line}: `{text}` cannot be read")]
    Line { line: usize, text: String },
    #[error("{0} is missing")]
    Missing(&'static str),
}

/// The lines of a playlist behind `#EXTM3U`, numbered from 1; empty ones and comments are left out.
pub(super) fn lines(text: &str) -> Result<impl Iterator<Item = (usize, &str)>, PlaylistError> {
    let mut lines = text.lines().enumerate().map(|(i, line)| (i + 1, line.trim_end()));
    lines.next().filter(|(_, first)| *first == "#EXTM3U").ok_or(PlaylistError::NoHeader)?;
    Ok(lines.filter(|(_, line)| !line.is_empty() && (!line.starts_with('#') || line.starts_with("#EXT"))))
}

/// `NAME=value,NAME="value"`.
pub(super) struct Attributes<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Attributes<'a> {
    /// `None` where it is not a list.
    pub fn parse(mut text: &'a str) -> Option<Self> {
        let mut found = Vec::new();
        while !text.is_empty() {
            let (name, rest) = text.split_once('=')?;
            let (value, rest) = match rest.strip_prefix('"') {
                Some(quoted) => quoted.split_once('"')?,
                None => rest.split_at(rest.find(',').unwrap_or(rest.len())),
            };
            found.push((name, value));
            text = match rest.strip_prefix(',') {
                Some(rest) => rest,
                None if rest.is_empty() => rest,
                None => return None,
            };
        }
        Some(Self(found))
    }

    pub fn text(&self, name: &str) -> Option<&'a str> {
        self.0.iter().find(|(n, _)| *n == name).map(|&(_, value)| value)
    }

    pub fn number<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.text(name)?.parse().ok()
    }

    pub fn yes(&self, name: &str) -> bool {
        self.text(name) == Some("YES")
    }
}

/// A quoted string. Quotes and line ends cannot stand in one (4.2) and are left out.
pub(super) struct Quoted<'a>(pub &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.replace(['"', '\r', '\n'], ""))
    }
}

/// Thousandths as a decimal fraction: `2.000`, `25.000`.
pub(super) struct Milli(pub u64);

impl fmt::Display for Milli {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:03}", self.0 / 1000, self.0 % 1000)
    }
}

/// A decimal fraction in thousandths, to the nearest.
pub(super) fn milli(text: &str) -> Option<u64> {
    let value: f64 = text.parse().ok()?;
    (value.is_finite() && (0.0..1e12).contains(&value)).then(|| (value * 1000.0).round() as u64)
}
