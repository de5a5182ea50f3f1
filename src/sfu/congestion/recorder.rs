//! The receiving side of transport-wide feedback: remembers when a publisher's packets came and writes the messages that tell it.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::twcc::{self, TICK_US};

/// libwebrtc spends a twentieth of the media on feedback of about 68 bytes; in packets of 1,000 bytes that is one message per 1.36 packets,
/// within these bounds.
const INTERVAL_MIN: Duration = Duration::from_millis(50);
const INTERVAL_MAX: Duration = Duration::from_millis(100);
const INTERVAL_PER_PACKET_US: u64 = 1_360_000;
/// A sequence number further ahead is another stream's or a lie: begin anew rather than report a gap that fills messages.
/// A message holds such a gap and the packet behind it (`twcc::write`).
const GAP_MAX: i64 = 3_800;
/// What was told already is kept for this many packets: one that comes late is told again, from its place on.
const TOLD_KEPT: i64 = 256;
/// Nobody asked for feedback that long: the oldest is forgotten.
const UNTOLD_MAX: usize = 4_096;

/// One per publishing peer. A few hundred bytes until packets come, then 16 for each of the last few hundred packets.
#[derive(Debug)]
pub struct Recorder {
    epoch: Option<Instant>,
    /// Arrivals in ticks of 250 µs since the epoch, of sequence numbers from `first` on.
    arrivals: VecDeque<Option<i64>>,
    /// Unwrapped sequence numbers: of the front of `arrivals`, and of the next to be told.
    first: i64,
    untold: i64,
    feedback_count: u8,
    built: Option<Instant>,
    interval: Duration,
    since_built: u32,
    ignored: u64,
}

impl Default for Recorder {
    fn default() -> Self {
        Self { epoch: None, arrivals: VecDeque::new(), first: 0, untold: 0, feedback_count: 0, built: None, interval: INTERVAL_MAX, since_built: 0, ignored: 0 }
    }
}

impl Recorder {
    pub fn new() -> Self {
        Self::default()
    }

    /// A packet with this transport-wide sequence number came.
    pub fn record(&mut self, now: Instant, sequence: u16) {
        let epoch = *self.epoch.get_or_insert(now);
        let ticks = i64::try_from(now.saturating_duration_since(epoch).as_micros()).unwrap_or(i64::MAX) / TICK_US;
        self.built.get_or_insert(now);
        let end = self.first + self.arrivals.len() as i64;
        let ahead = if self.arrivals.is_empty() { GAP_MAX } else { i64::from(sequence.wrapping_sub((end - 1) as u16) as i16) };
        if !(-GAP_MAX..GAP_MAX).contains(&ahead) {
            // The unwrapped number only has to agree with the sequence in its lower 16 bits.
            self.arrivals.clear();
            self.first = i64::from(sequence);
            self.untold = self.first;
            self.arrivals.push_back(Some(ticks));
        } else if ahead > 0 {
            self.arrivals.extend((1..ahead).map(|_| None));
            self.arrivals.push_back(Some(ticks));
        } else {
            let number = end - 1 + ahead;
            let slot = usize::try_from(number - self.first).ok().and_then(|at| self.arrivals.get_mut(at));
            match slot {
                Some(slot @ None) => {
                    *slot = Some(ticks);
                    self.untold = self.untold.min(number);
                }
                // A duplicate, or older than what is kept.
                _ => {
                    self.ignored += 1;
                    return;
                }
            }
        }
        self.since_built = self.since_built.saturating_add(1);
        if let Some(excess) = self.arrivals.len().checked_sub(UNTOLD_MAX) {
            self.forget(excess);
        }
    }

    /// When `build` will have something to write.
    pub fn next(&self) -> Option<Instant> {
        self.built.filter(|_| self.has_untold()).map(|built| built + self.interval)
    }

    /// Appends the FCI of one message to `out` and says how many packets it tells of, if it is time. Call until `None`: a wide gap in time takes two messages.
    pub fn build(&mut self, now: Instant, out: &mut Vec<u8>) -> Option<usize> {
        let built = self.built.filter(|built| self.has_untold() && now.saturating_duration_since(*built) >= self.interval)?;
        let from = usize::try_from(self.untold - self.first).ok()?;
        let told = twcc::write(out, self.untold as u16, self.feedback_count, self.arrivals.make_contiguous().get(from..)?);
        if told == 0 {
            // Only gaps: cannot be, the last of `arrivals` is one that came.
            return None;
        }
        self.feedback_count = self.feedback_count.wrapping_add(1);
        self.untold += told as i64;
        self.forget(usize::try_from(self.untold - self.first - TOLD_KEPT).unwrap_or(0));
        if !self.has_untold() {
            self.pace(now, built);
        }
        Some(told)
    }

    /// Duplicates and packets too old to tell of.
    pub fn ignored(&self) -> u64 {
        self.ignored
    }

    fn has_untold(&self) -> bool {
        self.untold < self.first + self.arrivals.len() as i64
    }

    /// The oldest; `count` is at most how many there are.
    fn forget(&mut self, count: usize) {
        self.arrivals.drain(..count);
        self.first += count as i64;
        self.untold = self.untold.max(self.first);
    }

    fn pace(&mut self, now: Instant, built: Instant) {
        let elapsed_us = now.saturating_duration_since(built).as_micros().clamp(1, 10_000_000) as u64;
        let interval_us = INTERVAL_PER_PACKET_US * elapsed_us / (u64::from(self.since_built.max(1)) * 1_000_000);
        self.interval = Duration::from_micros(interval_us).clamp(INTERVAL_MIN, INTERVAL_MAX);
        self.built = Some(now);
        self.since_built = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::super::twcc::Feedback;
    use super::*;

    fn us(us: u64) -> Duration {
        Duration::from_micros(us)
    }

    /// All messages that are due, as (sequence, arrival in µs since the start).
    fn told(recorder: &mut Recorder, now: Instant) -> Vec<(u16, Option<i64>)> {
        let (mut told, mut fci) = (Vec::new(), Vec::new());
        while let Some(count) = recorder.build(now, &mut fci) {
            assert!(fci.len() <= 1_200 && fci.len().is_multiple_of(4), "{}", fci.len());
            let feedback = Feedback::parse(&fci).unwrap();
            assert_eq!(usize::from(feedback.packet_count()), count);
            told.extend(feedback.packets());
            fci.clear();
        }
        told
    }

    #[test]
    fn every_packet_is_told_once_with_its_arrival_across_the_wrap() {
        let start = Instant::now();
        let mut recorder = Recorder::new();
        let mut all = Vec::new();
        for at in 0..2_000u64 {
            let now = start + us(at * 2_000);
            recorder.record(now, 65_000u16.wrapping_add(at as u16));
            all.extend(told(&mut recorder, now));
        }
        all.extend(told(&mut recorder, start + us(9_000_000)));
        let expected: Vec<_> = (0..2_000).map(|at| (65_000u16.wrapping_add(at as u16), Some(i64::from(at) * 2_000))).collect();
        assert_eq!(all, expected);
    }

    #[test]
    fn a_message_comes_each_50_ms_of_a_fast_stream_and_each_100_ms_of_a_slow_one() {
        for (every_us, expected) in [(2_000, 58..=60), (90_000, 27..=30)] {
            let start = Instant::now();
            let (mut recorder, mut messages, mut sequence) = (Recorder::new(), 0, 0u16);
            for at in (0..3_000_000).step_by(1_000) {
                if at % every_us == 0 {
                    sequence += 1;
                    recorder.record(start + us(at), sequence);
                }
                messages += usize::from(recorder.build(start + us(at), &mut Vec::new()).is_some());
            }
            assert!(expected.contains(&messages), "{messages}");
        }
    }

    #[test]
    fn late_packets_are_told_again_and_duplicates_are_not() {
        let start = Instant::now();
        let mut recorder = Recorder::new();
        for (at, sequence) in [(0, 10), (1_000, 11), (2_000, 13), (3_000, 13)] {
            recorder.record(start + us(at), sequence);
        }
        assert_eq!(told(&mut recorder, start + us(100_000)), [(10, Some(0)), (11, Some(1_000)), (12, None), (13, Some(2_000))]);
        recorder.record(start + us(110_000), 12);
        recorder.record(start + us(111_000), 10);
        assert_eq!(told(&mut recorder, start + us(300_000)), [(12, Some(110_000)), (13, Some(2_000))]);
        assert_eq!(recorder.ignored(), 2);
        assert_eq!(recorder.next(), None);
    }

    #[test]
    fn a_gap_in_time_too_wide_for_a_delta_begins_a_new_message() {
        let start = Instant::now();
        let mut recorder = Recorder::new();
        for (at, sequence) in [(0, 1), (20_000_000, 2), (20_500_000, 3)] {
            recorder.record(start + us(at), sequence);
        }
        assert_eq!(told(&mut recorder, start + us(21_000_000)), [(1, Some(0)), (2, Some(20_000_000)), (3, Some(20_500_000))]);
    }

    #[test]
    fn a_gap_in_numbers_is_told_as_loss_and_a_jump_begins_anew() {
        let start = Instant::now();
        let mut recorder = Recorder::new();
        recorder.record(start, 0);
        recorder.record(start + us(1_000), 3_000);
        let all = told(&mut recorder, start + us(200_000));
        assert_eq!((all.len(), all.iter().filter(|(_, arrival)| arrival.is_none()).count()), (3_001, 2_999));
        recorder.record(start + us(300_000), 20_000);
        assert_eq!(told(&mut recorder, start + us(500_000)), [(20_000, Some(300_000))]);
    }

    #[test]
    fn memory_is_bounded_when_nobody_builds() {
        let start = Instant::now();
        let mut recorder = Recorder::new();
        let mut sequence = 0u16;
        for at in 0..200_000 {
            sequence = sequence.wrapping_add(if at % 1_000 == 0 { 3_000 } else { 1 });
            recorder.record(start + us(at * 100), sequence);
            assert!(recorder.arrivals.len() <= UNTOLD_MAX);
        }
        assert!(!told(&mut recorder, start + us(30_000_000)).is_empty());
    }
}
