//! A codec as a section names it: `a=rtpmap`, `a=fmtp`, `a=rtcp-fb`, with its RTX beside it.

use rtc::sdp::description::common::Attribute;

use super::attributes::{split_word, values};
use super::error::SdpError;
use super::{CODEC_LIMIT, SectionKind};
use crate::sfu::codec::Codec;

/// Words of `a=rtcp-fb` that one codec may have, and parameters of `a=fmtp`. Browsers use five and four.
const FEEDBACK_LIMIT: usize = 16;
const PARAMETER_LIMIT: usize = 64;
/// RFC 3551 6; 127 is the last of seven bits.
const LAST_PAYLOAD_TYPE: u8 = 127;

/// A payload type and what it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodecLine {
    pub payload_type: u8,
    /// `None` for one that a room does not forward (G722, telephone-event, FEC).
    pub codec: Option<Codec>,
    /// As it was written.
    pub name: String,
    pub clock_rate_hz: u32,
    /// One where nothing was said.
    pub channels: u8,
    /// Of `a=fmtp`; a word without `=` has an empty value.
    pub parameters: Vec<(String, String)>,
    /// Such as `nack` and `nack pli`.
    pub feedback: Vec<String>,
    /// The payload type of the RTX stream (RFC 4588).
    pub repaired_by: Option<u8>,
}

impl CodecLine {
    /// The value of a parameter, its name in any case of letters (RFC 4855 3).
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(each, _)| each.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub fn has_feedback(&self, word: &str) -> bool {
        self.feedback.iter().any(|each| each == word)
    }

    /// Parameters as `a=fmtp` has them.
    pub(super) fn format(&self) -> String {
        let words = self.parameters.iter().map(|(name, value)| if value.is_empty() { name.clone() } else { format!("{name}={value}") });
        words.collect::<Vec<_>>().join(";")
    }

    /// `a=rtpmap` without its payload type.
    pub(super) fn map(&self) -> String {
        match self.channels {
            1 => format!("{}/{}", self.name, self.clock_rate_hz),
            channels => format!("{}/{}/{channels}", self.name, self.clock_rate_hz),
        }
    }
}

/// The codecs of a section in the order of its `m=` line. What has no `a=rtpmap` is left out: the fixed payload types carry nothing that a room forwards.
pub(super) fn read(section: usize, kind: SectionKind, formats: &[String], attributes: &[Attribute]) -> Result<Vec<CodecLine>, SdpError> {
    let mut lines: Vec<CodecLine> = Vec::new();
    let mut repairs: Vec<CodecLine> = Vec::new();
    // Where each payload type stands, so that a long text is gone through once.
    let mut maps: [Option<&str>; 128] = [None; 128];
    for (payload_type, map) in values(attributes, "rtpmap").filter_map(with_payload_type) {
        if let Some(place) = maps.get_mut(usize::from(payload_type)) {
            place.get_or_insert(map);
        }
    }
    for payload_type in formats.iter().filter_map(|format| format.parse::<u8>().ok()) {
        let Some(map) = maps.get_mut(usize::from(payload_type)).and_then(Option::take) else { continue };
        let Some(line) = named(kind, payload_type, map) else { continue };
        if line.name.eq_ignore_ascii_case("rtx") { repairs.push(line) } else { lines.push(line) }
    }
    let too_many = |what, limit| SdpError::TooMany { section, what, limit };
    if lines.len() > CODEC_LIMIT {
        return Err(too_many("codecs", CODEC_LIMIT));
    }
    for (payload_type, text) in values(attributes, "fmtp").filter_map(with_payload_type) {
        let Some(line) = lines.iter_mut().chain(&mut repairs).find(|line| line.payload_type == payload_type) else { continue };
        line.parameters.extend(text.split(';').filter_map(parameter));
        if line.parameters.len() > PARAMETER_LIMIT {
            return Err(too_many("parameters of a codec", PARAMETER_LIMIT));
        }
    }
    for (target, text) in values(attributes, "rtcp-fb").map(split_word) {
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let wanted = |line: &&mut CodecLine| target == "*" || target.parse() == Ok(line.payload_type);
        for line in lines.iter_mut().filter(wanted).filter(|_| !words.is_empty()) {
            if !line.has_feedback(&words) {
                line.feedback.push(words.clone());
            }
            if line.feedback.len() > FEEDBACK_LIMIT {
                return Err(too_many("kinds of feedback of a codec", FEEDBACK_LIMIT));
            }
        }
    }
    for repair in repairs {
        let media = repair.parameter("apt").and_then(|apt| apt.parse::<u8>().ok());
        if let Some(line) = lines.iter_mut().find(|line| Some(line.payload_type) == media && line.repaired_by.is_none()) {
            line.repaired_by = Some(repair.payload_type);
        }
    }
    Ok(lines)
}

fn with_payload_type(value: &str) -> Option<(u8, &str)> {
    let (payload_type, rest) = split_word(value);
    let payload_type = payload_type.parse().ok().filter(|number| *number <= LAST_PAYLOAD_TYPE)?;
    Some((payload_type, rest))
}

/// `opus/48000/2`.
fn named(kind: SectionKind, payload_type: u8, map: &str) -> Option<CodecLine> {
    let mut parts = split_word(map).0.split('/');
    let name = parts.next().filter(|name| !name.is_empty())?.to_owned();
    let clock_rate_hz = parts.next().and_then(|rate| rate.parse().ok())?;
    let channels = parts.next().and_then(|channels| channels.parse().ok()).unwrap_or(1).max(1);
    // `red` stands in video sections too, where it is another thing: it carries FEC.
    let codec = Codec::from_name(&name).filter(|codec| Some(codec.kind()) == kind.media() && codec.clock_rate_hz() == clock_rate_hz);
    Some(CodecLine { payload_type, codec, name, clock_rate_hz, channels, parameters: Vec::new(), feedback: Vec::new(), repaired_by: None })
}

fn parameter(text: &str) -> Option<(String, String)> {
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    let (name, value) = (name.trim(), value.trim());
    (!name.is_empty()).then(|| (name.to_owned(), value.to_owned()))
}
