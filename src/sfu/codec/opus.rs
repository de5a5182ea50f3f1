//! Opus (RFC 6716 3, RFC 7587): the TOC byte, and packets of silence.

use std::time::Duration;

/// What the first byte of a packet says (RFC 6716 3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Toc {
    pub mode: Mode,
    pub stereo: bool,
    pub frame: Duration,
    /// `None` where the packet says it itself in its second byte.
    pub frames: Option<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Silk,
    Hybrid,
    Celt,
}

impl Toc {
    pub fn new(byte: u8) -> Self {
        let config = byte >> 3;
        let step = config & 3;
        // Units of 2.5 ms (RFC 6716 table 2).
        let (mode, units) = match config {
            0..12 => (Mode::Silk, [4, 8, 16, 24][usize::from(step)]),
            12..16 => (Mode::Hybrid, [4, 8][usize::from(step & 1)]),
            _ => (Mode::Celt, 1 << step),
        };
        let frames = match byte & 3 {
            0 => Some(1),
            1 | 2 => Some(2),
            _ => None,
        };
        Self { mode, stereo: byte & 4 != 0, frame: Duration::from_micros(2500) * units, frames }
    }
}

/// How much sound a packet holds; `None` where it is empty or breaks the rule of 120 ms (RFC 6716 3.4).
pub fn duration(payload: &[u8]) -> Option<Duration> {
    let toc = Toc::new(*payload.first()?);
    let frames = toc.frames.or(payload.get(1).map(|byte| byte & 0x3f))?;
    Some(toc.frame * u32::from(frames)).filter(|sum| !sum.is_zero() && *sum <= Duration::from_millis(120))
}

/// A packet that only keeps silence going: a TOC with nothing or one byte after it (RFC 6716 2.1.9; encoders send one every 400 ms).
pub fn is_dtx(payload: &[u8]) -> bool {
    (1..=2).contains(&payload.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_packet_of_a_browser_is_20_ms_of_celt() {
        // 0x78: hybrid fullband 20 ms; 0xfc: CELT fullband 20 ms stereo.
        assert_eq!(Toc::new(0x78), Toc { mode: Mode::Hybrid, stereo: false, frame: Duration::from_millis(20), frames: Some(1) });
        assert_eq!(Toc::new(0xfc), Toc { mode: Mode::Celt, stereo: true, frame: Duration::from_millis(20), frames: Some(1) });
        assert_eq!(duration(&[0x78, 1, 2, 3]), Some(Duration::from_millis(20)));
    }

    #[test]
    fn durations_are_those_of_table_2() {
        let of = |config: u8| Toc::new(config << 3).frame.as_micros();
        assert_eq!([0, 1, 2, 3].map(of), [10_000, 20_000, 40_000, 60_000]);
        assert_eq!([12, 13, 14, 15].map(of), [10_000, 20_000, 10_000, 20_000]);
        assert_eq!([16, 17, 18, 19].map(of), [2_500, 5_000, 10_000, 20_000]);
        assert_eq!(duration(&[0x7b, 6]), Some(Duration::from_millis(120)));
        assert_eq!([duration(&[]), duration(&[0x7b]), duration(&[0x7b, 7]), duration(&[0x7b, 0])], [None; 4]);
    }

    #[test]
    fn silence_is_one_or_two_bytes() {
        assert!(is_dtx(&[0x78]) && is_dtx(&[0x78, 0xff]));
        assert!(!is_dtx(&[]) && !is_dtx(&[0x78, 1, 2]));
    }
}
