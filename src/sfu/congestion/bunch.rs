//! How much may leave at once: as much as arrives within 5 ms. On a wide line that is a whole picture, in one system call.

/// Packets that left in one instant should all have arrived in this time.
const SPREAD_US: i64 = 5_000;
const LEAST_BYTES: usize = 3_000;
/// A large picture; more gains nothing.
const MOST_BYTES: usize = 30_000;

#[derive(Debug)]
pub struct Bunches {
    current: Option<Bunch>,
    allowed_bytes: usize,
}

/// Packets that left in the same instant, as far as they arrived.
#[derive(Debug, Clone, Copy)]
struct Bunch {
    sent_us: i64,
    first_us: i64,
    last_us: i64,
    bytes: usize,
    packets: u32,
}

impl Default for Bunches {
    fn default() -> Self {
        Self { current: None, allowed_bytes: LEAST_BYTES }
    }
}

impl Bunches {
    /// A packet that arrived; in the order in which they left.
    #[inline]
    pub fn record(&mut self, sent_us: i64, bytes: u16, arrival_us: i64) {
        if let Some(bunch) = self.current.as_mut().filter(|bunch| bunch.sent_us == sent_us) {
            bunch.first_us = bunch.first_us.min(arrival_us);
            bunch.last_us = bunch.last_us.max(arrival_us);
            bunch.bytes += usize::from(bytes);
            bunch.packets += 1;
            return;
        }
        let bunch = Bunch { sent_us, first_us: arrival_us, last_us: arrival_us, bytes: usize::from(bytes), packets: 1 };
        if let Some(ended) = self.current.replace(bunch) {
            self.judge(&ended);
        }
    }

    /// Down at once to what would have been in time; up step by step, and only by bunches that tried it.
    fn judge(&mut self, bunch: &Bunch) {
        if bunch.packets < 2 {
            return;
        }
        let spread_us = bunch.last_us - bunch.first_us;
        if spread_us > SPREAD_US {
            let in_time = (bunch.bytes as i64 * SPREAD_US / spread_us) as usize;
            self.allowed_bytes = self.allowed_bytes.min(in_time).max(LEAST_BYTES);
        } else if spread_us * 5 / 4 <= SPREAD_US && bunch.bytes * 4 >= self.allowed_bytes * 3 {
            self.allowed_bytes = (self.allowed_bytes * 5 / 4).min(MOST_BYTES);
        }
    }

    pub fn allowed_bytes(&self) -> usize {
        self.allowed_bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture of 12 packets 30 times a second, over a line of so many bits per second with a bucket of tokens before it, as shapers have.
    fn after(seconds: i64, line_bps: i64, bucket_bytes: i64) -> usize {
        let mut bunches = Bunches::default();
        let mut free_us = 0;
        for picture in 0..seconds * 30 {
            let (mut sent_us, mut left) = (picture * 33_333, 12);
            let mut tokens = bucket_bytes;
            while left > 0 {
                let count = (bunches.allowed_bytes() as i64 / 1_200).clamp(1, left);
                for _ in 0..count {
                    tokens -= 1_200;
                    free_us = free_us.max(sent_us) + if tokens >= 0 { 0 } else { 1_200 * 8_000_000 / line_bps };
                    bunches.record(sent_us, 1_200, free_us);
                }
                left -= count;
                sent_us += 2_500;
            }
        }
        bunches.allowed_bytes()
    }

    #[test]
    fn on_a_wide_line_a_picture_leaves_at_once() {
        assert!(after(1, 1_000_000_000, 0) >= 14_400);
        assert!(after(1, 100_000_000, 0) >= 14_400);
    }

    #[test]
    fn on_a_narrow_line_two_packets_do_whatever_its_shaper_lets_pass_first() {
        for line_bps in [300_000, 500_000, 2_000_000, 4_000_000] {
            assert!(after(3, line_bps, 0) <= 4_000, "{line_bps}: {}", after(3, line_bps, 0));
            assert!(after(3, line_bps, 5_000) <= 7_500, "{line_bps}: {}", after(3, line_bps, 5_000));
        }
    }

    #[test]
    fn one_hiccup_of_a_receiver_is_soon_forgotten() {
        let mut bunches = Bunches::default();
        let mut picture = |at_us: i64, spread_us: i64| {
            (0..12).for_each(|packet| bunches.record(at_us, 1_200, at_us + spread_us * packet / 12));
            bunches.allowed_bytes()
        };
        for at in 0..20 {
            picture(at * 33_333, 500);
        }
        let (before, hit) = (picture(700_000, 40_000), picture(733_333, 500));
        assert!(before > 14_400 && hit < 4_000, "{before} {hit}");
        let regained = (0..12).map(|at| picture(800_000 + at * 33_333, 500)).last();
        assert!(regained >= Some(14_400), "{regained:?}");
    }
}
