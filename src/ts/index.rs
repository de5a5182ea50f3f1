//! The index of a tape segment: an append-only file of 48-byte records, each with its CRC, so that a torn tail is seen and dropped.
//!
//! Layout of a record, little endian: tag u8, code u8, small u16, word u32, then `a b c d` of 8 bytes each, `extra` u32, CRC-32 of the 44 bytes before.

use crate::base::UtcMs;

/// Bytes of a record.
pub const RECORD_LEN: usize = 48;
/// What this code writes; a reader refuses others.
pub const INDEX_VERSION: u16 = 1;

/// An instant of a tape, on both of its time lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TapeInstant {
    /// The machine's UTC, slewed.
    pub utc: UtcMs,
    /// The tape's continuous 90 kHz line.
    pub media_90k: i64,
}

/// What kind of place decoding can begin at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RapKind {
    /// H.264 or HEVC instantaneous decoder refresh (HEVC BLA as well).
    Idr,
    /// An intra picture with its parameters that later pictures may look back across: MPEG-2 open GOP, HEVC CRA, H.264 I without a recovery point.
    OpenGop,
    /// H.264 recovery point SEI: pictures become right some time after it.
    RecoveryPoint,
    /// MPEG-2 sequence header and closed GOP.
    Sequence,
    /// A sound PES start of a service without pictures.
    Audio,
    /// No random access point came for so long that the tape went on at an ordinary picture.
    Forced,
}

impl RapKind {
    /// Nothing after it (in output order) depends on anything before it.
    pub fn is_clean(self) -> bool {
        matches!(self, Self::Idr | Self::Sequence | Self::Audio)
    }

    const ALL: [Self; 6] = [Self::Idr, Self::OpenGop, Self::RecoveryPoint, Self::Sequence, Self::Audio, Self::Forced];

    fn code(self) -> u8 {
        Self::ALL.iter().position(|&k| k == self).unwrap_or(0) as u8
    }
}

/// A random access point. From `offset` on a demuxer needs nothing before it: a PAT and a PMT packet stand there, then the PES packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rap {
    pub kind: RapKind,
    pub offset: u64,
    /// When it is shown (its PTS).
    pub at: TapeInstant,
    /// Its PTS as it stands in the stream.
    pub pts_33: u64,
    /// The PCR on the media line when it was received: everything shown before this is behind `offset` already.
    pub received_90k: i64,
}

/// Why a tape has a gap, or a new epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BreakReason {
    /// The first of the tape.
    Start,
    /// The server was not running, or the channel was off.
    Stopped,
    /// Nothing of the service arrived.
    SignalLost,
    /// The source's clock jumped.
    PcrJump,
    /// The machine's clock was set, or the source's stood still.
    ClockStep,
    /// The tape could not be written.
    DiskFull,
    /// The tape could not be written for another reason than a full disk.
    DiskError,
    /// The service was taken out of the multiplex, scrambled, or had nothing to tape.
    ServiceLost,
}

impl BreakReason {
    const ALL: [Self; 8] = [Self::Start, Self::Stopped, Self::SignalLost, Self::PcrJump, Self::ClockStep, Self::DiskFull, Self::DiskError, Self::ServiceLost];

    fn code(self) -> u8 {
        Self::ALL.iter().position(|&r| r == self).unwrap_or(0) as u8
    }
}

/// Time that is not on the tape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    pub from: UtcMs,
    pub to: UtcMs,
    pub reason: BreakReason,
}

/// One record of an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Record {
    /// The first of a file.
    Header {
        service: u16,
        /// The HLS sequence number of the segment that begins at the first RAP.
        first_sequence: u64,
        epoch: u32,
    },
    Rap(Rap),
    /// This tape segment begins a new epoch, for this reason.
    Discontinuity {
        reason: BreakReason,
        epoch: u32,
        at: TapeInstant,
    },
    /// What is missing before this tape segment.
    Gap(Gap),
    /// Damage received since the record before, up to `at`.
    Errors {
        at: TapeInstant,
        continuity: u32,
        transport: u32,
    },
    /// The last of a file that was closed in order.
    End(End),
}

/// How a tape segment ended, with sums over it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct End {
    /// Bytes of the file.
    pub offset: u64,
    pub at: TapeInstant,
    /// Sums over the segment.
    pub continuity: u32,
    pub transport: u32,
    /// HLS segments in it.
    pub hls_segments: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IndexError {
    #[error("record {number} of the index has a wrong CRC")]
    Crc { number: usize },
    #[error("record {number} of the index has unknown tag {tag}")]
    Tag { number: usize, tag: u8 },
    #[error("the index has version {0}, this program reads version {INDEX_VERSION}")]
    Version(u16),
    #[error("the index does not begin with a header")]
    NoHeader,
}

#[derive(Default)]
struct Raw {
    tag: u8,
    code: u8,
    small: u16,
    word: u32,
    a: i64,
    b: i64,
    c: i64,
    d: i64,
    extra: u32,
}

impl Record {
    pub fn encode(&self) -> [u8; RECORD_LEN] {
        let raw = match *self {
            Self::Header { service, first_sequence, epoch } => {
                Raw { tag: 1, small: service, word: epoch, a: first_sequence as i64, b: i64::from(INDEX_VERSION), ..Raw::default() }
            }
            Self::Rap(rap) => Raw {
                tag: 2,
                code: rap.kind.code(),
                a: rap.offset as i64,
                b: rap.at.utc.0,
                c: rap.at.media_90k,
                d: rap.pts_33 as i64,
                extra: (rap.at.media_90k - rap.received_90k).clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32 as u32,
                ..Raw::default()
            },
            Self::Discontinuity { reason, epoch, at } => Raw { tag: 3, code: reason.code(), word: epoch, b: at.utc.0, c: at.media_90k, ..Raw::default() },
            Self::Gap(gap) => Raw { tag: 4, code: gap.reason.code(), a: gap.from.0, b: gap.to.0, ..Raw::default() },
            Self::Errors { at, continuity, transport } => Raw { tag: 5, word: continuity, b: at.utc.0, c: at.media_90k, extra: transport, ..Raw::default() },
            Self::End(end) => Raw {
                tag: 6,
                word: end.continuity,
                a: end.offset as i64,
                b: end.at.utc.0,
                c: end.at.media_90k,
                d: i64::from(end.hls_segments),
                extra: end.transport,
                ..Raw::default()
            },
        };
        let mut out = [0; RECORD_LEN];
        out[0] = raw.tag;
        out[1] = raw.code;
        out[2..4].copy_from_slice(&raw.small.to_le_bytes());
        out[4..8].copy_from_slice(&raw.word.to_le_bytes());
        for (at, value) in [(8, raw.a), (16, raw.b), (24, raw.c), (32, raw.d)] {
            out[at..at + 8].copy_from_slice(&value.to_le_bytes());
        }
        out[40..44].copy_from_slice(&raw.extra.to_le_bytes());
        let crc = crc32fast::hash(&out[..44]);
        out[44..].copy_from_slice(&crc.to_le_bytes());
        out
    }

    /// `number` is the record's place in its file, for the error.
    pub fn decode(bytes: &[u8; RECORD_LEN], number: usize) -> Result<Self, IndexError> {
        let word = |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
        let long = |at: usize| i64::from(word(at)) | i64::from(word(at + 4) as i32) << 32;
        if crc32fast::hash(&bytes[..44]) != word(44) {
            return Err(IndexError::Crc { number });
        }
        let (tag, code) = (bytes[0], usize::from(bytes[1]));
        let unknown = || IndexError::Tag { number, tag };
        let at = TapeInstant { utc: UtcMs(long(16)), media_90k: long(24) };
        let reason = || BreakReason::ALL.get(code).copied().ok_or_else(unknown);
        Ok(match tag {
            1 => {
                let version = long(16);
                if version != i64::from(INDEX_VERSION) {
                    return Err(IndexError::Version(version.clamp(0, 0xffff) as u16));
                }
                Self::Header { service: u16::from_le_bytes([bytes[2], bytes[3]]), first_sequence: long(8) as u64, epoch: word(4) }
            }
            2 => Self::Rap(Rap {
                kind: *RapKind::ALL.get(code).ok_or_else(unknown)?,
                offset: long(8) as u64,
                at,
                pts_33: long(32) as u64,
                received_90k: at.media_90k.wrapping_sub(i64::from(word(40) as i32)),
            }),
            3 => Self::Discontinuity { reason: reason()?, epoch: word(4), at },
            4 => Self::Gap(Gap { from: UtcMs(long(8)), to: UtcMs(long(16)), reason: reason()? }),
            5 => Self::Errors { at, continuity: word(4), transport: word(40) },
            6 => Self::End(End { offset: long(8) as u64, at, continuity: word(4), transport: word(40), hls_segments: long(32) as u32 }),
            _ => return Err(unknown()),
        })
    }
}

/// The records of an index up to the first that is torn or wrong, and how many bytes those take. Fails only where there is no usable header.
pub fn read_index(bytes: &[u8]) -> Result<(Vec<Record>, u64), IndexError> {
    let mut records = Vec::with_capacity(bytes.len() / RECORD_LEN);
    for (number, record) in bytes.as_chunks::<RECORD_LEN>().0.iter().enumerate() {
        match Record::decode(record, number) {
            Ok(record) => records.push(record),
            Err(error) if number == 0 => return Err(error),
            Err(_) => break,
        }
    }
    match records.first() {
        Some(Record::Header { .. }) => {
            let length = (records.len() * RECORD_LEN) as u64;
            Ok((records, length))
        }
        _ => Err(IndexError::NoHeader),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn record() -> impl Strategy<Value = Record> {
        let instant = (any::<i64>(), -(1i64 << 60)..1 << 60).prop_map(|(utc, media_90k)| TapeInstant { utc: UtcMs(utc), media_90k });
        prop_oneof![
            (any::<u16>(), any::<u64>(), any::<u32>()).prop_map(|(service, first_sequence, epoch)| Record::Header { service, first_sequence, epoch }),
            (0..6usize, any::<u64>(), instant.clone(), any::<u64>(), any::<i32>()).prop_map(|(kind, offset, at, pts_33, lead)| Record::Rap(Rap {
                kind: RapKind::ALL[kind],
                offset,
                at,
                pts_33,
                received_90k: at.media_90k - i64::from(lead),
            })),
            (0..8usize, any::<u32>(), instant.clone()).prop_map(|(r, epoch, at)| Record::Discontinuity { reason: BreakReason::ALL[r], epoch, at }),
            (any::<i64>(), any::<i64>(), 0..8usize).prop_map(|(f, t, r)| Record::Gap(Gap { from: UtcMs(f), to: UtcMs(t), reason: BreakReason::ALL[r] })),
            (instant.clone(), any::<u32>(), any::<u32>()).prop_map(|(at, continuity, transport)| Record::Errors { at, continuity, transport }),
            (any::<u64>(), instant, any::<u32>(), any::<u32>(), any::<u32>()).prop_map(|(offset, at, continuity, transport, hls_segments)| Record::End(End {
                offset,
                at,
                continuity,
                transport,
                hls_segments
            })),
        ]
    }

    proptest! {
        #[test]
        fn records_round_trip(record in record()) {
            prop_assert_eq!(Record::decode(&record.encode(), 0), Ok(record));
        }

        #[test]
        fn any_flipped_bit_is_seen(record in record(), bit in 0..RECORD_LEN * 8) {
            let mut bytes = record.encode();
            bytes[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(Record::decode(&bytes, 0).is_err());
        }

        #[test]
        fn a_torn_tail_is_dropped(records in prop::collection::vec(record(), 0..10), cut in 0..RECORD_LEN) {
            let mut bytes = Record::Header { service: 1, first_sequence: 0, epoch: 0 }.encode().to_vec();
            bytes.extend(records.iter().flat_map(Record::encode));
            let whole = bytes.len();
            bytes.extend(&Record::End(End::default()).encode()[..cut]);
            let (read, length) = read_index(&bytes).unwrap();
            prop_assert_eq!(length, whole as u64);
            prop_assert_eq!(&read[1..], &records[..]);
        }

        #[test]
        fn garbage_is_refused_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..500)) {
            let _ = read_index(&bytes);
        }
    }
}
