//! How a layer's RTP time stamps lie on the server's wall clock, by the publisher's sender reports (RFC 3550 section 6.4.1).

use std::time::{Duration, Instant};

/// A publisher's wall clock against the server's: one for all tracks of a peer, so that its sound and picture stay together.
#[derive(Debug, Default, Clone, Copy)]
pub struct WallClock {
    /// Server's minus publisher's, in seconds of 1/2³². The transit time of the quickest report is in it, alike for all tracks.
    offset: Option<i64>,
}

impl WallClock {
    /// A report that says `theirs` arrived when the server's clock said `ours` (both NTP, 32.32).
    pub fn report(&mut self, theirs: u64, ours: u64) {
        let seen = ours.wrapping_sub(theirs) as i64;
        self.offset = Some(match self.offset {
            // The quickest has the least queueing in it. A clock that was set, or drifts, is followed.
            Some(known) if seen > known && seen - known < STEP => known.saturating_add((seen - known) / 64),
            _ => seen,
        });
    }

    pub fn to_server(self, theirs: u64) -> Option<u64> {
        self.offset.map(|offset| theirs.wrapping_add_signed(offset))
    }
}

/// Two seconds: beyond, the publisher's clock was set.
const STEP: i64 = 2 << 32;

/// One point of a layer's time line.
#[derive(Debug, Clone, Copy)]
pub struct LayerClock {
    pub timestamp: u32,
    /// On the publisher's clock (NTP, 32.32).
    pub ntp: u64,
    pub received: Instant,
    pub rate_hz: u32,
}

impl LayerClock {
    /// The publisher's time (NTP) of a time stamp near the report.
    pub fn ntp_of(&self, timestamp: u32) -> u64 {
        let ticks = i64::from(timestamp.wrapping_sub(self.timestamp) as i32);
        self.ntp.wrapping_add_signed((i128::from(ticks) * (1_i128 << 32) / i128::from(self.rate_hz.max(1))) as i64)
    }

    /// The time stamp at a time of the publisher near the report.
    pub fn timestamp_at(&self, ntp: u64) -> u32 {
        let distance = ntp.wrapping_sub(self.ntp) as i64;
        self.timestamp.wrapping_add(((i128::from(distance) * i128::from(self.rate_hz)) >> 32) as u32)
    }
}

/// A duration as ticks of an RTP clock.
pub fn ticks(duration: Duration, rate_hz: u32) -> u32 {
    (duration.as_nanos() * u128::from(rate_hz) / 1_000_000_000) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_stamps_and_wall_time_go_both_ways_over_a_wrap() {
        let clock = LayerClock { timestamp: u32::MAX - 44_999, ntp: 10 << 32, received: Instant::now(), rate_hz: 90_000 };
        assert_eq!(clock.ntp_of(45_000), 11 << 32);
        assert_eq!(clock.timestamp_at(11 << 32), 45_000);
        assert_eq!(clock.timestamp_at(9 << 32), u32::MAX - 134_999);
    }

    #[test]
    fn the_quickest_report_counts_and_a_clock_that_is_set_is_followed() {
        let ms = |n: u64| (n << 32) / 1_000;
        let mut clock = WallClock::default();
        clock.report(ms(1_000), ms(5_050));
        clock.report(ms(2_000), ms(6_020));
        clock.report(ms(3_000), ms(7_400));
        let mapped = clock.to_server(ms(4_000)).unwrap();
        assert!(mapped.abs_diff(ms(8_026)) < ms(1), "{}", mapped.abs_diff(ms(8_020)));
        clock.report(ms(1_000_000), ms(9_000));
        assert_eq!(clock.to_server(ms(1_000_000)), Some(ms(9_000)));
    }
}
