//! Media times (90 kHz ticks of the tape, `i64`) as GStreamer's buffer times and back, exact to the tick.

use gstreamer::ClockTime;

/// Buffer times cannot be negative, and pictures before the cut come first: buffer time 0 is an hour before the task's beginning.
const LEAD_90K: i64 = 3600 * 90_000;

/// Where a task's buffer times stand on the tape's line.
#[derive(Debug, Clone, Copy)]
pub struct TimeBase {
    zero_90k: i64,
}

impl TimeBase {
    pub fn of_task(from_90k: i64) -> Self {
        Self { zero_90k: from_90k.saturating_sub(LEAD_90K) }
    }

    /// `None` more than an hour before the task.
    pub fn to_buffer(self, media_90k: i64) -> Option<ClockTime> {
        let ticks = u64::try_from(media_90k.checked_sub(self.zero_90k)?).ok()?;
        // A tick is 11,111.1 ns: rounded to the nearest, it comes back the same.
        let ns = (u128::from(ticks) * 100_000 + 4) / 9;
        u64::try_from(ns).ok().map(ClockTime::from_nseconds)
    }

    pub fn to_media_90k(self, time: ClockTime) -> i64 {
        let ticks = (u128::from(time.nseconds()) * 9 + 50_000) / 100_000;
        self.zero_90k.saturating_add(ticks as i64)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn ticks_come_back(from in 0i64..1 << 60, after in -LEAD_90K..1i64 << 40) {
            let base = TimeBase::of_task(from);
            prop_assert_eq!(base.to_buffer(from + after).map(|t| base.to_media_90k(t)), Some(from + after));
        }
    }
}
