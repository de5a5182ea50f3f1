//! Fewer pictures a second for small rungs.

use std::collections::VecDeque;

use gstreamer::{ClockTime, Fraction};

/// Takes every n-th picture by its time, and each that must be kept because a segment begins with it.
pub struct FrameDropper {
    every: i32,
    rate: Fraction,
    /// Closer to the last one taken than this is too close.
    least: ClockTime,
    last: Option<ClockTime>,
    kept: VecDeque<ClockTime>,
}

impl FrameDropper {
    /// `limit` is in pictures a second; 0 takes all.
    pub fn new(rate: Fraction, limit: u32) -> Self {
        let per_second = f64::from(rate.numer()) / f64::from(rate.denom().max(1));
        let every = if limit == 0 || per_second <= 0.0 { 1 } else { (per_second / f64::from(limit) - 0.02).ceil().max(1.0) as i32 };
        let least = if every == 1 { 0.0 } else { (f64::from(every) - 0.5) / per_second };
        Self { every, rate, least: ClockTime::from_nseconds((least * 1e9) as u64), last: None, kept: VecDeque::new() }
    }

    /// The rate of what is taken.
    pub fn frame_rate(&self) -> Fraction {
        Fraction::new(self.rate.numer(), self.rate.denom() * self.every)
    }

    /// The picture of this time, yet to come, is taken in any case.
    pub fn keep(&mut self, pts: ClockTime) {
        self.kept.push_back(pts);
    }

    pub fn wants(&mut self, pts: ClockTime) -> bool {
        while self.kept.front().is_some_and(|&kept| kept < pts) {
            self.kept.pop_front();
        }
        let forced = self.kept.front() == Some(&pts);
        let wanted = forced || self.last.is_none_or(|last| pts.saturating_sub(last) >= self.least);
        if wanted {
            self.last = Some(pts);
        }
        wanted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_second_of_fifty_and_those_that_begin_segments() {
        let mut dropper = FrameDropper::new(Fraction::new(50, 1), 30);
        assert_eq!(dropper.frame_rate(), Fraction::new(25, 1));
        let at = |n: u64| ClockTime::from_mseconds(20 * n);
        dropper.keep(at(5));
        let taken: Vec<u64> = (0..10).filter(|&n| dropper.wants(at(n))).collect();
        assert_eq!(taken, [0, 2, 4, 5, 7, 9]);
    }

    #[test]
    fn sixty_and_its_ntsc_sister_are_halved_and_thirty_is_left() {
        assert_eq!(FrameDropper::new(Fraction::new(60_000, 1001), 30).frame_rate(), Fraction::new(30_000, 1001));
        assert_eq!(FrameDropper::new(Fraction::new(60, 1), 30).frame_rate(), Fraction::new(30, 1));
        assert_eq!(FrameDropper::new(Fraction::new(30, 1), 30).frame_rate(), Fraction::new(30, 1));
    }
}
