//! When packets may leave: a token bucket per peer (or per line), in whole numbers and without allocation, since it is asked for every packet.

use std::time::{Duration, Instant};

/// Two packets may always leave together (a burst is at most 5 ms of the line or two packets, whichever is more; `Bunches` knows more of the line).
const TWO_PACKETS_BYTES: i64 = 2 * 1_500;
const BURST_US: i64 = 5_000;
/// `next` waits for one packet.
const PACKET_BYTES: i64 = 1_500;
/// Sound is charged and not held: its debt holds back the picture for no longer than this.
const DEBT_US: i64 = 500_000;
/// Nothing piles up over a longer idle time.
const IDLE_US: i64 = 1_000_000;
/// The level counts bits per second times microseconds: millionths of a bit.
const PER_BYTE: i64 = 8_000_000;
const RATE_MAX_BPS: u64 = 1_000_000_000_000;

#[derive(Debug, Clone)]
pub struct Pacer {
    rate_bps: i64,
    burst: i64,
    level: i64,
    filled: Instant,
}

impl Pacer {
    /// Begins full.
    pub fn new(now: Instant, rate_bps: u64) -> Self {
        let mut pacer = Self { rate_bps: 0, burst: 0, level: 0, filled: now };
        pacer.set(now, rate_bps, 0);
        pacer.level = pacer.burst;
        pacer
    }

    /// The rate, and a burst that is known to do no harm.
    pub fn set(&mut self, now: Instant, rate_bps: u64, burst_bytes: usize) {
        self.fill(now);
        self.rate_bps = rate_bps.min(RATE_MAX_BPS) as i64;
        let harmless = burst_bytes.min(1 << 20) as i64 * PER_BYTE;
        self.burst = (self.rate_bps * BURST_US).max(TWO_PACKETS_BYTES * PER_BYTE).max(harmless);
        self.level = self.level.clamp(-self.rate_bps * DEBT_US, self.burst);
    }

    pub fn rate_bps(&self) -> u64 {
        self.rate_bps as u64
    }

    /// Bytes that may leave now.
    #[inline]
    pub fn budget(&mut self, now: Instant) -> usize {
        self.fill(now);
        (self.level.max(0) / PER_BYTE) as usize
    }

    /// Bytes left: within the budget, or sound, which does not ask.
    #[inline]
    pub fn spent(&mut self, now: Instant, bytes: usize) {
        self.fill(now);
        self.level = (self.level - bytes.min(1 << 20) as i64 * PER_BYTE).max(-self.rate_bps * DEBT_US);
    }

    /// When a whole packet may leave; `None` while the rate is zero.
    pub fn next(&self, now: Instant) -> Option<Instant> {
        let missing = PACKET_BYTES * PER_BYTE - self.level;
        if missing <= 0 {
            return Some(now);
        }
        let wait_us = missing.checked_add(self.rate_bps - 1)?.checked_div(self.rate_bps)?;
        Some(now.max(self.filled + Duration::from_micros(wait_us as u64)))
    }

    #[inline]
    fn fill(&mut self, now: Instant) {
        let elapsed = now.saturating_duration_since(self.filled);
        let elapsed_us = if elapsed.as_secs() > 0 { IDLE_US } else { i64::from(elapsed.subsec_micros()) };
        if elapsed_us == 0 {
            return;
        }
        // The part of a microsecond that is not counted is kept for the next time.
        self.filled = if elapsed_us == IDLE_US { now } else { self.filled + Duration::from_micros(elapsed_us as u64) };
        self.level = (self.level + self.rate_bps * elapsed_us).min(self.burst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes that leave in a second from a full queue of packets, asked every `turn`.
    fn leave(pacer: &mut Pacer, start: Instant, turn: Duration) -> usize {
        let (mut now, mut left) = (start, 0);
        while now < start + Duration::from_secs(1) {
            while pacer.budget(now) >= 1_200 {
                pacer.spent(now, 1_200);
                left += 1_200;
            }
            now += turn;
        }
        left
    }

    #[test]
    fn the_rate_is_kept_however_often_it_is_asked() {
        for rate_bps in [300_000u64, 2_000_000, 50_000_000] {
            for turn_us in [1u64, 7, 333, 1_000, 5_000] {
                let start = Instant::now();
                let left = leave(&mut Pacer::new(start, rate_bps), start, Duration::from_nanos(turn_us * 1_000 + 300)) as f64;
                let expected = rate_bps as f64 / 8.0;
                // A burst more; a turn of 5 ms and a bucket of 5 ms lose what does not fill a packet.
                assert!((expected * 0.94..expected * 1.01 + 3_000.0).contains(&left), "{rate_bps} {turn_us}: {left} of {expected}");
            }
        }
    }

    #[test]
    fn a_burst_is_two_packets_or_five_milliseconds() {
        let start = Instant::now();
        assert_eq!(Pacer::new(start, 300_000).budget(start + Duration::from_secs(60)), 3_000);
        assert_eq!(Pacer::new(start, 80_000_000).budget(start + Duration::from_secs(60)), 50_000);
    }

    #[test]
    fn sound_is_charged_and_its_debt_is_bounded() {
        let start = Instant::now();
        let mut pacer = Pacer::new(start, 800_000);
        pacer.spent(start, 13_000);
        assert_eq!(pacer.budget(start), 0);
        // 10,000 bytes of debt and a packet of 1,500 at 100 bytes a millisecond.
        assert_eq!(pacer.next(start), Some(start + Duration::from_millis(115)));
        assert_eq!(pacer.budget(start + Duration::from_millis(115)), 1_500);
        (0..100).for_each(|_| pacer.spent(start, 1_000_000));
        assert_eq!(pacer.next(start).map(|next| next <= start + Duration::from_millis(650)), Some(true));
    }

    #[test]
    fn nothing_leaves_at_rate_zero_once_the_burst_is_gone() {
        let start = Instant::now();
        let mut pacer = Pacer::new(start, 0);
        assert_eq!(pacer.budget(start), 3_000);
        pacer.spent(start, 3_000);
        assert_eq!((pacer.budget(start + Duration::from_secs(9)), pacer.next(start)), (0, None));
        // And a clock that stands or steps back makes nothing.
        pacer.set(start, u64::MAX, 0);
        assert_eq!(pacer.budget(start), 0);
    }
}
