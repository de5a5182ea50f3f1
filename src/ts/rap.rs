//! Random access points: can decoding begin at this PES packet? Judged from its first bytes, as few as it takes.

use super::StreamKind;
use super::index::RapKind;

/// A verdict is due within so many bytes of a PES packet (parameter sets and SEI of real encoders take less than 1 kB).
pub const LOOK_AHEAD: usize = 8 << 10;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Rap(RapKind),
    Not,
    /// The bytes end before the first coded picture shows.
    NeedMore,
}

/// Judges the elementary stream's bytes at the head of a PES packet of pictures.
pub fn judge(kind: StreamKind, data: &[u8]) -> Verdict {
    let verdict = match kind {
        StreamKind::H264 => h264(data),
        StreamKind::H265 => h265(data),
        StreamKind::Mpeg2Video => mpeg2(data),
        _ => Verdict::Not,
    };
    if verdict == Verdict::NeedMore && data.len() >= LOOK_AHEAD { Verdict::Not } else { verdict }
}

/// What follows each start code `00 00 01`.
fn units(data: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while let Some(window) = data.get(at..at + 3) {
            match window {
                [0, 0, 1] => {
                    at += 3;
                    return Some(&data[at..]);
                }
                // A start code that begins at any of these three would need a zero here.
                [_, _, 1..=255] => at += 3,
                _ => at += 1,
            }
        }
        None
    })
}

/// ITU-T H.264, 7.3 and annex D.
fn h264(data: &[u8]) -> Verdict {
    let (mut parameters, mut recovery) = (false, false);
    for unit in units(data) {
        let [header, rest @ ..] = unit else { break };
        match header & 0x1f {
            7 => parameters = true,
            6 => match has_recovery_point(rest) {
                Some(found) => recovery |= found,
                None => break,
            },
            5 if parameters => return Verdict::Rap(RapKind::Idr),
            1 if parameters && recovery => return Verdict::Rap(RapKind::RecoveryPoint),
            1 if parameters => {
                return match slice_type(rest) {
                    Some(2 | 7) => Verdict::Rap(RapKind::OpenGop),
                    Some(_) => Verdict::Not,
                    None => Verdict::NeedMore,
                };
            }
            1..=5 => return Verdict::Not,
            _ => {}
        }
    }
    Verdict::NeedMore
}

/// Walks the messages of an SEI unit for payload type 6; `None` where the bytes end within it.
fn has_recovery_point(mut sei: &[u8]) -> Option<bool> {
    loop {
        let kind = take_ff_coded(&mut sei)?;
        let size = take_ff_coded(&mut sei)?;
        if kind == 6 {
            return Some(true);
        }
        // Emulation prevention bytes are not in `size`; they only make the walk end early, at bytes that are no message.
        sei = sei.get(size..)?;
        match sei {
            [] => return None,
            [0x80, ..] | [0, 0, ..] => return Some(false),
            _ => {}
        }
    }
}

fn take_ff_coded(bytes: &mut &[u8]) -> Option<usize> {
    let mut value = 0;
    loop {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value += usize::from(byte);
        if byte != 0xff {
            return Some(value);
        }
    }
}

/// `slice_type` of a slice header: the second Exp-Golomb number (7.3.3).
fn slice_type(slice: &[u8]) -> Option<u32> {
    let mut bit = 0;
    let mut number = || {
        let mut read = || {
            let value = slice.get(bit / 8)? >> (7 - bit % 8) & 1;
            bit += 1;
            Some(u32::from(value))
        };
        let mut zeros = 0;
        while read()? == 0 {
            zeros += 1;
            if zeros > 20 {
                return None;
            }
        }
        let mut value = 1;
        for _ in 0..zeros {
            value = value << 1 | read()?;
        }
        Some(value - 1)
    };
    number()?;
    number()
}

/// ITU-T H.265, table 7-1.
fn h265(data: &[u8]) -> Verdict {
    let mut parameters = false;
    for unit in units(data) {
        let [header, ..] = unit else { break };
        match header >> 1 & 0x3f {
            33 => parameters = true,
            16..=20 if parameters => return Verdict::Rap(RapKind::Idr),
            21 if parameters => return Verdict::Rap(RapKind::OpenGop),
            0..=31 => return Verdict::Not,
            _ => {}
        }
    }
    Verdict::NeedMore
}

/// ISO/IEC 13818-2, 6.2.2.
fn mpeg2(data: &[u8]) -> Verdict {
    let (mut sequence, mut closed) = (false, false);
    for unit in units(data) {
        match unit {
            [0xb3, ..] => sequence = true,
            [0xb8, group @ ..] => match group.get(3) {
                Some(flags) => closed = flags & 0x40 != 0,
                None => break,
            },
            [0x00, picture @ ..] => {
                let Some(&[_, second]) = picture.first_chunk::<2>() else { break };
                let intra = second >> 3 & 7 == 1;
                return match (sequence && intra, closed) {
                    (true, true) => Verdict::Rap(RapKind::Sequence),
                    (true, false) => Verdict::Rap(RapKind::OpenGop),
                    _ => Verdict::Not,
                };
            }
            _ => {}
        }
    }
    Verdict::NeedMore
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const AUD: &[u8] = &[0, 0, 0, 1, 9, 0xf0];
    const SPS: &[u8] = &[0, 0, 0, 1, 0x67, 100, 0, 40, 0xac];
    const PPS: &[u8] = &[0, 0, 0, 1, 0x68, 0xee];
    const TIMING: &[u8] = &[0, 0, 1, 6, 1, 2, 0x11, 0x22, 0x80];
    const RECOVERY: &[u8] = &[0, 0, 1, 6, 1, 2, 0x11, 0x22, 6, 1, 0xc4, 0x80];
    const IDR: &[u8] = &[0, 0, 1, 0x65, 0x88, 0x84];
    const I: &[u8] = &[0, 0, 1, 0x41, 0x88, 0x84]; // first_mb 0, slice_type 7
    const P: &[u8] = &[0, 0, 1, 0x41, 0x9a, 0x24]; // first_mb 0, slice_type 5

    #[test]
    fn h264_pictures() {
        let check = |parts: &[&[u8]]| judge(StreamKind::H264, &parts.concat());
        assert_eq!(check(&[AUD, SPS, PPS, TIMING, IDR]), Verdict::Rap(RapKind::Idr));
        assert_eq!(check(&[AUD, SPS, PPS, RECOVERY, I]), Verdict::Rap(RapKind::RecoveryPoint));
        assert_eq!(check(&[AUD, SPS, PPS, TIMING, I]), Verdict::Rap(RapKind::OpenGop));
        assert_eq!(check(&[AUD, SPS, PPS, TIMING, P]), Verdict::Not);
        assert_eq!(check(&[AUD, TIMING, P]), Verdict::Not);
        assert_eq!(check(&[AUD, IDR]), Verdict::Not, "without parameters nothing can begin here");
        assert_eq!(check(&[AUD, SPS, PPS, &RECOVERY[..7]]), Verdict::NeedMore);
    }

    #[test]
    fn h265_pictures() {
        let unit = |kind: u8| vec![0, 0, 1, kind << 1, 1, 0xaa];
        let check = |kinds: &[u8]| judge(StreamKind::H265, &kinds.iter().flat_map(|&k| unit(k)).collect::<Vec<_>>());
        assert_eq!(check(&[35, 32, 33, 34, 39, 19]), Verdict::Rap(RapKind::Idr));
        assert_eq!(check(&[35, 32, 33, 34, 21]), Verdict::Rap(RapKind::OpenGop));
        assert_eq!(check(&[35, 39, 1]), Verdict::Not);
        assert_eq!(check(&[35, 32, 33]), Verdict::NeedMore);
    }

    #[test]
    fn mpeg2_pictures() {
        let sequence = [0, 0, 1, 0xb3, 0x2d, 0x02, 0x40, 0x33];
        let group = |closed: u8| [0, 0, 1, 0xb8, 0, 8, 0, closed << 6];
        let picture = |kind: u8| [0, 0, 1, 0, 0, kind << 3, 0, 0];
        let check = |parts: &[[u8; 8]]| judge(StreamKind::Mpeg2Video, &parts.concat());
        assert_eq!(check(&[sequence, group(1), picture(1)]), Verdict::Rap(RapKind::Sequence));
        assert_eq!(check(&[sequence, group(0), picture(1)]), Verdict::Rap(RapKind::OpenGop));
        assert_eq!(check(&[group(0), picture(1)]), Verdict::Not);
        assert_eq!(check(&[sequence, group(0)]), Verdict::NeedMore);
    }

    proptest! {
        /// More bytes never turn one verdict into another.
        #[test]
        fn a_verdict_stands(kind in prop_oneof![Just(StreamKind::H264), Just(StreamKind::H265), Just(StreamKind::Mpeg2Video)],
                            data in prop::collection::vec(prop_oneof![Just(0u8), Just(1), any::<u8>()], 0..300)) {
            let mut last = Verdict::NeedMore;
            for end in 0..=data.len() {
                let now = judge(kind, &data[..end]);
                prop_assert!(last == Verdict::NeedMore || last == now);
                last = now;
            }
        }
    }
}
