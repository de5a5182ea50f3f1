//! Decoded sound on a line of samples: small holes are filled with silence, overlaps cut off, large gaps left as gaps.

/// Samples a second of the line.
pub const RATE: i64 = 48_000;
/// Samples of an AAC frame.
pub const FRAME: i64 = 1024;
/// The encoder hears so many samples before it can give back the first.
pub const PRIMING: i64 = 1024;
/// Times of whole decoded frames that are off by less than this are rounding and jitter of the multiplexer.
const TOLERANCE: i64 = RATE / 50;
/// Longer holes are no lost frames but a gap in the tape.
const FILLED: i64 = 2 * RATE;
/// On the line and on 90 kHz both: a multiple of this many samples is a whole number of ticks (8 samples = 15 ticks).
const GRID: i64 = 8;

/// What happens to a stretch of decoded sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placement {
    /// A new run begins at this sample of the line, with the stretch.
    Run { at: i64 },
    /// Goes on, after so many samples of silence and without its first `skip`.
    Continue { silence: i64, skip: i64 },
    /// All of it has been heard already.
    Nothing,
}

/// Where the sound stands.
#[derive(Debug, Default)]
pub struct Line {
    next: Option<i64>,
}

impl Line {
    /// Places `length` samples that are said to begin at `start` (samples since media time 0).
    pub fn place(&mut self, start: i64, length: i64) -> Placement {
        let Some(next) = self.next else { return self.run(start, length) };
        let hole = start - next;
        if hole > FILLED {
            return self.run(start, length);
        }
        let (silence, skip) = match hole {
            h if h.abs() <= TOLERANCE => (0, 0),
            h if h > 0 => (h, 0),
            h => (0, -h),
        };
        if skip >= length {
            return Placement::Nothing;
        }
        self.next = Some(next + silence + length - skip);
        Placement::Continue { silence, skip }
    }

    fn run(&mut self, start: i64, length: i64) -> Placement {
        let at = start.div_euclid(GRID) * GRID;
        self.next = Some(at + length);
        Placement::Run { at }
    }
}

/// A media time on the line of samples.
pub fn samples_at(media_90k: i64) -> i64 {
    (media_90k * 8).div_euclid(15)
}

/// When what the n-th frame of a run gives back begins: one frame before what went in with it.
pub fn frame_start(run: i64, n: i64) -> i64 {
    run - PRIMING + n * FRAME
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn holes_are_filled_overlaps_cut_and_gaps_left() {
        let mut line = Line::default();
        assert_eq!(line.place(1003, 1152), Placement::Run { at: 1000 });
        assert_eq!(line.place(2155, 1152), Placement::Continue { silence: 0, skip: 0 });
        assert_eq!(line.place(2152 + 1152 * 2, 1152), Placement::Continue { silence: 1152, skip: 0 });
        assert_eq!(line.place(1000, 1152), Placement::Nothing);
        let next = 1000 + 4 * 1152;
        assert_eq!(line.place(next - 1000, 1152), Placement::Continue { silence: 0, skip: 1000 });
        assert_eq!(line.place(next + 10 * RATE, 1152), Placement::Run { at: (next + 10 * RATE) / 8 * 8 });
    }

    proptest! {
        #[test]
        fn the_line_never_strays_from_what_is_said(jumps in proptest::collection::vec((-200_000i64..200_000, 1i64..5000), 1..50)) {
            let mut line = Line::default();
            let mut said = 1 << 40;
            for (jump, length) in jumps {
                said += jump;
                if line.place(said, length) != Placement::Nothing {
                    let off = line.next.unwrap_or_default() - (said + length);
                    prop_assert!(off.abs() <= TOLERANCE + GRID);
                }
                said += length;
            }
        }
    }
}
