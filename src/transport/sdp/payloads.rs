//! The payload types and header extension identifiers of our own offers: the same in every section, as a BUNDLE wants it (RFC 9143 9.1).

use super::local::{Options, feedback};
use super::{CodecLine, SectionKind};
use crate::sfu::codec::{Codec, Kind};
use crate::sfu::packet::Extension;

/// One payload type of the table.
#[derive(Clone, Copy)]
struct Row {
    payload_type: u8,
    codec: Codec,
    repaired_by: Option<u8>,
    parameters: &'static [(&'static str, &'static str)],
}

const fn row(payload_type: u8, codec: Codec, repaired_by: Option<u8>, parameters: &'static [(&'static str, &'static str)]) -> Row {
    Row { payload_type, codec, repaired_by, parameters }
}

/// 64 to 95 would be taken for RTCP (RFC 5761 4).
const TABLE: [Row; 7] = [
    row(63, Codec::Red, None, &[("111/111", "")]),
    row(111, Codec::Opus, None, &[]),
    row(96, Codec::Vp8, Some(97), &[]),
    row(102, Codec::H264, Some(103), &[("level-asymmetry-allowed", "1"), ("packetization-mode", "1"), ("profile-level-id", "42e01f")]),
    row(104, Codec::H264, Some(105), &[("level-asymmetry-allowed", "1"), ("packetization-mode", "1"), ("profile-level-id", "640032")]),
    row(98, Codec::Vp9, Some(99), &[("profile-id", "0")]),
    row(45, Codec::Av1, Some(46), &[("profile", "0")]),
];

/// A number that fits the one-byte form (RFC 8285 4.2).
pub(super) fn extension_id(extension: Extension) -> u8 {
    match extension {
        Extension::AudioLevel => 1,
        Extension::AbsSendTime => 2,
        Extension::TransportSequence => 3,
        Extension::Mid => 4,
        Extension::PlayoutDelay => 5,
        Extension::DependencyDescriptor => 8,
        Extension::Rid => 10,
        Extension::RepairedRid => 11,
        Extension::VideoOrientation => 13,
    }
}

/// The allowed codecs of a section that we send on, best first.
pub(super) fn lines(kind: SectionKind, options: &Options) -> Vec<CodecLine> {
    let red = (options.red && options.codecs.contains(&Codec::Opus)).then_some(Codec::Red);
    let wanted = red.into_iter().chain(options.codecs.iter().copied().filter(|codec| *codec != Codec::Red));
    let wanted = wanted.filter(|codec| Some(codec.kind()) == kind.media());
    wanted.flat_map(|codec| TABLE.into_iter().filter(move |row| row.codec == codec)).map(|row| line(row, options)).collect()
}

fn line(row: Row, options: &Options) -> CodecLine {
    let Row { payload_type, codec, repaired_by, parameters } = row;
    let mut parameters: Vec<_> = parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    if codec == Codec::Opus {
        parameters = options.opus(true, false);
    }
    CodecLine {
        payload_type,
        codec: Some(codec),
        name: codec.name().to_owned(),
        clock_rate_hz: codec.clock_rate_hz(),
        channels: if codec.kind() == Kind::Audio { 2 } else { 1 },
        parameters,
        feedback: feedback(codec.kind()).iter().map(|word| (*word).to_owned()).collect(),
        repaired_by,
    }
}
