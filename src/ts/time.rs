//! Tape time: the source's clock (PCR) unwrapped onto the tape's continuous 90 kHz line, and that line's slewed relation to UTC.
//!
//! Within an epoch the line is the source's clock exactly. UTC follows the earliest arrivals of the last seconds (jitter only ever
//! delays), and moves toward them by at most [`MAX_SLEW_PPM`], so that neither jitter nor a source's drift shows as a jump.

use super::index::TapeInstant;
use super::{TICKS_PER_SECOND, wrapped_distance};
use crate::base::UtcMs;

/// How fast UTC is moved against the source's clock.
pub const MAX_SLEW_PPM: i64 = 500;
/// A PCR further from where arrival puts it than this is a jump.
const JUMP_90K: i64 = 2 * TICKS_PER_SECOND;
/// Two PCRs are never further apart than this while a source plays (the standard says 0.1 s), whatever the arrival.
const LONGEST_STEP_90K: i64 = 10 * TICKS_PER_SECOND;
/// A discontinuity that the source marks is believed when the clock is off by this.
const MARKED_JUMP_90K: i64 = TICKS_PER_SECOND / 10;
/// A lasting error of this size is not slewed away.
const STEP_90K: i64 = TICKS_PER_SECOND;
/// One bucket of the delay filter, and how many it remembers.
const BUCKET_90K: i64 = TICKS_PER_SECOND;
const BUCKETS: usize = 10;

/// How a PCR relates to those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PcrVerdict {
    /// There was none before.
    First,
    Continues,
    /// Out of line: damaged, or the first of another time base.
    Jumps,
}

#[derive(Debug, Clone, Copy)]
struct Line {
    /// The last PCR's base and where it lies on the media line.
    pcr_33: u64,
    media_90k: i64,
    /// UTC × 90 minus media.
    offset_90k: i64,
    /// Slewing is slower than one tick per PCR: what is left over (millionths of a tick).
    slew_rest: i64,
    arrival: UtcMs,
}

/// Earliest and latest delays per bucket of media time.
#[derive(Debug, Clone, Copy)]
struct Delays {
    began_90k: i64,
    buckets: [(i64, i64); BUCKETS],
    used: usize,
}

impl Delays {
    fn new(media_90k: i64) -> Self {
        Self { began_90k: media_90k, buckets: [(i64::MAX, i64::MIN); BUCKETS], used: 1 }
    }

    fn add(&mut self, media_90k: i64, delay: i64) {
        if media_90k - self.began_90k >= BUCKET_90K {
            self.began_90k = media_90k;
            self.buckets.rotate_right(1);
            self.buckets[0] = (i64::MAX, i64::MIN);
            self.used = BUCKETS.min(self.used + 1);
        }
        let (low, high) = &mut self.buckets[0];
        *low = delay.min(*low);
        *high = delay.max(*high);
    }

    fn earliest(&self) -> i64 {
        self.buckets.iter().map(|b| b.0).min().unwrap_or(0)
    }

    fn latest(&self) -> i64 {
        self.buckets.iter().map(|b| b.1).max().unwrap_or(0)
    }
}

/// The clock of one tape.
#[derive(Debug, Clone)]
pub struct TapeClock {
    line: Option<Line>,
    delays: Delays,
    /// A new line begins no earlier than this.
    floor_90k: i64,
    /// UTC is not followed: the bytes come from a file, their arrival is not known.
    replay: bool,
}

impl TapeClock {
    /// A clock whose first line begins no earlier than `floor_90k` (the end of what is on the tape already).
    pub fn new(floor_90k: i64) -> Self {
        Self { line: None, delays: Delays::new(0), floor_90k, replay: false }
    }

    /// A clock for bytes of a tape read again: arrival is ignored, `pts_33` stands at `at`.
    pub fn replay(pts_33: u64, at: TapeInstant) -> Self {
        let offset_90k = at.utc.ticks_90k() - at.media_90k;
        let line = Line { pcr_33: pts_33, media_90k: at.media_90k, offset_90k, slew_rest: 0, arrival: at.utc };
        Self { line: Some(line), delays: Delays::new(at.media_90k), floor_90k: i64::MIN, replay: true }
    }

    /// Judges a PCR (base, 33 bits) without taking it.
    pub fn judge(&self, arrival: UtcMs, pcr_33: u64, marked: bool) -> PcrVerdict {
        let Some(line) = &self.line else { return PcrVerdict::First };
        let step = wrapped_distance(line.pcr_33, pcr_33);
        if self.replay {
            // The first distance is from a PTS, which is ahead of the PCR.
            return if step.abs() <= LONGEST_STEP_90K { PcrVerdict::Continues } else { PcrVerdict::Jumps };
        }
        let ahead = step - (arrival - line.arrival) * 90;
        let limit = if marked { MARKED_JUMP_90K } else { JUMP_90K };
        let jumps = !(0..=LONGEST_STEP_90K).contains(&step) || ahead > limit || marked && ahead < -limit;
        if jumps { PcrVerdict::Jumps } else { PcrVerdict::Continues }
    }

    /// Whether `later` can follow `earlier` on one time base.
    pub fn agree(earlier: (UtcMs, u64), later: (UtcMs, u64)) -> bool {
        let step = wrapped_distance(earlier.1, later.1);
        (0..=LONGEST_STEP_90K).contains(&step) && step - (later.0 - earlier.0) * 90 <= JUMP_90K
    }

    /// Begins a new line (epoch) at this PCR: its instant is that of its arrival, unless that would go back on the media line.
    pub fn begin(&mut self, arrival: UtcMs, pcr_33: u64) {
        let media_90k = arrival.ticks_90k().max(self.floor_90k);
        let offset_90k = arrival.ticks_90k() - media_90k;
        self.line = Some(Line { pcr_33, media_90k, offset_90k, slew_rest: 0, arrival });
        self.delays = Delays::new(media_90k);
        self.delays.add(media_90k, offset_90k);
    }

    /// Takes a PCR that continues the line.
    pub fn advance(&mut self, arrival: UtcMs, pcr_33: u64) {
        let Some(line) = &mut self.line else { return };
        let step = wrapped_distance(line.pcr_33, pcr_33);
        line.pcr_33 = pcr_33;
        line.media_90k += step;
        if self.replay {
            return;
        }
        line.arrival = arrival;
        self.delays.add(line.media_90k, arrival.ticks_90k() - line.media_90k);
        let most = step.max(0) * MAX_SLEW_PPM + line.slew_rest;
        line.slew_rest = most % 1_000_000;
        let most = most / 1_000_000;
        line.offset_90k += (self.delays.earliest() - line.offset_90k).clamp(-most, most);
    }

    /// The error is lasting and too large to be slewed: the machine's clock was set, or the source stood still.
    pub fn is_off(&self) -> bool {
        let Some(line) = self.line.as_ref().filter(|_| self.delays.used == BUCKETS) else { return false };
        self.delays.earliest() - line.offset_90k > STEP_90K || self.delays.latest() - line.offset_90k < -STEP_90K
    }

    /// Anchors the line anew at the last arrival, for a new epoch that follows without loss. Returns whether there was a line.
    pub fn begin_here(&mut self) -> bool {
        let Some(Line { pcr_33, arrival, .. }) = self.line else { return false };
        self.begin(arrival, pcr_33);
        true
    }

    /// The line has ended; the next PCR begins another.
    pub fn end(&mut self) {
        self.line = None;
    }

    /// Where a PTS or DTS lies.
    pub fn at(&self, pts_33: u64) -> Option<TapeInstant> {
        let line = self.line.as_ref()?;
        let media_90k = line.media_90k + wrapped_distance(line.pcr_33, pts_33);
        Some(line.instant(media_90k))
    }

    /// UTC of a place of the media line.
    pub fn at_media(&self, media_90k: i64) -> Option<TapeInstant> {
        self.line.as_ref().map(|line| line.instant(media_90k))
    }

    /// Where what is on the tape ends.
    pub fn floor_90k(&self) -> i64 {
        self.floor_90k
    }

    /// Where the last PCR lies: what has been received.
    pub fn edge(&self) -> Option<TapeInstant> {
        self.line.as_ref().map(|line| line.instant(line.media_90k))
    }

    /// New lines begin at or after this place of the media line.
    pub fn raise_floor(&mut self, floor_90k: i64) {
        self.floor_90k = self.floor_90k.max(floor_90k);
    }

    /// Moves the line forward, UTC staying as it is: what is to be written must not lie before what was.
    pub fn shift(&mut self, by_90k: i64) {
        if let Some(line) = &mut self.line {
            line.media_90k += by_90k;
            line.offset_90k -= by_90k;
            self.delays = Delays::new(line.media_90k);
            self.delays.add(line.media_90k, line.offset_90k);
        }
    }
}

impl Line {
    fn instant(&self, media_90k: i64) -> TapeInstant {
        TapeInstant { utc: UtcMs((media_90k + self.offset_90k).div_euclid(90)), media_90k }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ts::WRAP_90K;
    use proptest::prelude::*;

    const START: UtcMs = UtcMs(1_795_276_800_000);
    const STEP: i64 = 3600; // 40 ms

    fn wrapped(at: i64) -> u64 {
        at.rem_euclid(WRAP_90K) as u64
    }

    #[test]
    fn a_wrap_of_the_pcr_is_not_a_jump() {
        let mut clock = TapeClock::new(i64::MIN);
        let first = WRAP_90K - 5 * STEP;
        clock.begin(START, wrapped(first));
        for n in 1..20 {
            let arrival = START + n * 40;
            assert_eq!(clock.judge(arrival, wrapped(first + n * STEP), false), PcrVerdict::Continues);
            clock.advance(arrival, wrapped(first + n * STEP));
        }
        assert_eq!(clock.edge().unwrap(), TapeInstant { utc: START + 19 * 40, media_90k: START.ticks_90k() + 19 * STEP });
        assert_eq!(clock.at(wrapped(first + 100 * STEP)).unwrap().media_90k, START.ticks_90k() + 100 * STEP, "a PTS beyond the wrap");
    }

    #[test]
    fn jumps_are_told_from_loss() {
        let mut clock = TapeClock::new(i64::MIN);
        clock.begin(START, 1_000_000);
        assert_eq!(clock.judge(START + 40, 1_000_000 - 1, false), PcrVerdict::Jumps, "backward");
        assert_eq!(clock.judge(START + 40, 1_000_000 + 300_000, false), PcrVerdict::Jumps, "3 s in 40 ms");
        assert_eq!(clock.judge(START + 3000, 1_000_000 + 270_000, false), PcrVerdict::Continues, "3 s of loss in 3 s");
        assert_eq!(clock.judge(START + 40, 1_000_000 + 3600, true), PcrVerdict::Continues, "marked, yet no jump");
        assert_eq!(clock.judge(START + 40, 1_000_000 + 36_000, true), PcrVerdict::Jumps, "marked");
    }

    #[test]
    fn a_clock_that_was_set_is_off_and_begins_anew() {
        for by in [-3_600_000, 5_000] {
            let mut clock = TapeClock::new(i64::MIN);
            clock.begin(START, 0);
            for n in 1..=600i64 {
                let arrival = START + n * 40 + if n > 300 { by } else { 0 };
                clock.advance(arrival, (n * STEP) as u64);
                assert!(n > 300 || !clock.is_off());
            }
            assert!(clock.is_off(), "by {by}");
            clock.raise_floor(clock.edge().unwrap().media_90k);
            assert!(clock.begin_here());
            let edge = clock.edge().unwrap();
            assert_eq!(edge.utc, START + 600 * 40 + by);
            assert!(edge.media_90k >= START.ticks_90k() + 600 * STEP, "the media line never goes back");
        }
    }

    #[test]
    fn a_line_is_shifted_without_touching_utc() {
        let mut clock = TapeClock::new(i64::MIN);
        clock.begin(START, 0);
        clock.shift(900);
        assert_eq!(clock.edge().unwrap(), TapeInstant { utc: START, media_90k: START.ticks_90k() + 900 });
    }

    proptest! {
        /// A source 100 ppm fast behind a jittering network: UTC stays near the truth and never moves faster than the slew allows.
        #[test]
        fn utc_is_slewed(jitter in prop::collection::vec(0i64..80, 3000), ppm in -100i64..100) {
            let mut clock = TapeClock::new(i64::MIN);
            let mut last: Option<TapeInstant> = None;
            for (n, jitter) in jitter.iter().enumerate() {
                let true_ms = n as i64 * 40;
                let pcr = true_ms * 90 + true_ms * 90 * ppm / 1_000_000;
                let arrival = START + true_ms + *jitter;
                match clock.judge(arrival, wrapped(pcr), false) {
                    PcrVerdict::First => clock.begin(arrival, wrapped(pcr)),
                    verdict => {
                        prop_assert_eq!(verdict, PcrVerdict::Continues);
                        clock.advance(arrival, wrapped(pcr));
                    }
                }
                let edge = clock.edge().unwrap();
                prop_assert!((edge.utc - (START + true_ms)).abs() <= 85, "{} off after {true_ms} ms", edge.utc - (START + true_ms));
                if let Some(last) = last {
                    let slewed = (edge.utc - last.utc) * 90 - (edge.media_90k - last.media_90k);
                    prop_assert!(slewed.abs() <= 90 + 2, "{slewed} ticks in one step");
                }
                last = Some(edge);
            }
        }
    }
}
