//! From a client's text to the lines of a description: what is not needed is left out before it can fail, then `rtc` reads the grammar.

use std::io::Cursor;

use rtc::sdp::SessionDescription;

use super::error::{SdpError, excerpt};
use super::{SECTION_LIMIT, TEXT_LIMIT};

/// Reads a description. Line ends of any kind, empty lines, other orders than RFC 8866's and lines that cannot be understood do no harm.
pub(super) fn read(text: &str) -> Result<SessionDescription, SdpError> {
    let mut lines = lines(text)?.peekable();
    match lines.next() {
        Some(line) if line.replace(' ', "") == "v=0" => read_lines(lines),
        other => Err(SdpError::NotSdp(excerpt(other.unwrap_or_default()))),
    }
}

/// Reads a fragment (RFC 8840 9), which begins with any line.
pub(super) fn read_fragment(text: &str) -> Result<SessionDescription, SdpError> {
    read_lines(lines(text)?)
}

fn lines(text: &str) -> Result<impl Iterator<Item = &str>, SdpError> {
    if text.len() > TEXT_LIMIT {
        return Err(SdpError::TooLong { bytes: text.len() });
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    Ok(text.split(['\r', '\n']).map(str::trim).filter(|line| !line.is_empty()))
}

fn read_lines<'a>(lines: impl Iterator<Item = &'a str>) -> Result<SessionDescription, SdpError> {
    let (mut origin, mut body, mut sections) = (None, String::new(), 0);
    for line in lines {
        let Some((name, value)) = line.split_once('=') else { continue };
        let (name, value) = (name.trim(), value.trim());
        let kept = match name {
            "o" => {
                origin = origin.or_else(|| read_origin(value));
                false
            }
            "m" => {
                sections += 1;
                true
            }
            "b" => sections > 0 && is_bandwidth(value),
            "a" => !value.is_empty(),
            // Names, times, keys, addresses: of no meaning with ICE and DTLS.
            _ => false,
        };
        if sections > SECTION_LIMIT {
            return Err(SdpError::TooManySections);
        }
        if kept {
            body.extend([name, "=", value, "\r\n"]);
        }
    }
    let (id, version) = origin.unwrap_or_default();
    let tidy = format!("v=0\r\no=- {id} {version} IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n{body}");
    SessionDescription::unmarshal(&mut Cursor::new(tidy)).map_err(|error| SdpError::Grammar(excerpt(&error.to_string())))
}

fn read_origin(value: &str) -> Option<(u64, u64)> {
    let mut words = value.split_whitespace().skip(1);
    Some((words.next()?.parse().ok()?, words.next()?.parse().ok()?))
}

fn is_bandwidth(value: &str) -> bool {
    value.split_once(':').is_some_and(|(_, number)| number.parse::<u64>().is_ok())
}
