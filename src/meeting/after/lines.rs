//! Lines' figures, added up per venue and minute. In memory is one minute of each venue.

use std::collections::HashMap;
use std::time::Duration;

use crate::base::{UtcMs, VenueId};
use crate::room::LineSample;
use crate::store::after::LineMinute;

pub const MINUTE_MS: i64 = 60_000;
/// Below this there is no picture to speak of.
const THIN_BPS: u64 = 100_000;
/// Between two samples no more than this is taken for seen.
const LONGEST_MS: i64 = 15_000;
/// Of a venue in one meeting; a meeting that goes on for longer is not told of further.
const MOST_MINUTES: u32 = 24 * 60;

#[derive(Debug, Default)]
pub struct Lines(HashMap<VenueId, Line>);

#[derive(Debug, Default)]
struct Line {
    last: Option<Last>,
    /// Freezes are told up to here.
    told: UtcMs,
    sum: Sum,
    kept: u32,
}

#[derive(Debug)]
struct Last {
    at: UtcMs,
    sid: String,
    is_away: bool,
    lost: u64,
    expected: u64,
}

/// Milliseconds, and figures times milliseconds.
#[derive(Debug, Default)]
struct Sum {
    minute: UtcMs,
    ms: i64,
    up: u64,
    down: u64,
    least_bps: Option<u64>,
    lost: u64,
    expected: u64,
    down_loss: f64,
    worst_loss: f64,
    rtt: u64,
    rtt_ms: i64,
    worst_rtt_ms: u32,
    paused_ms: i64,
    thin_ms: i64,
    away_ms: i64,
    comebacks: u32,
    frozen_ms: i64,
}

fn minute_of(at: UtcMs) -> UtcMs {
    UtcMs(at.0.div_euclid(MINUTE_MS) * MINUTE_MS)
}

impl Lines {
    /// Takes a sample, and gives the minute that it ended.
    pub fn take(&mut self, now: UtcMs, venue: &VenueId, sample: &LineSample) -> Option<LineMinute> {
        let line = self.0.entry(venue.clone()).or_default();
        let minute = minute_of(now);
        let ended = if line.sum.minute == minute { None } else { line.end(venue) };
        line.sum.minute = minute;
        let last = line.last.replace(Last { at: now, sid: sample.sid.clone(), is_away: sample.is_away, lost: sample.up_lost, expected: sample.up_expected });
        if last.as_ref().is_none_or(|last| now - last.at > LONGEST_MS) {
            // It has just come: before, it had no picture that could stand still.
            line.told = now;
        }
        // Of the first sample it is not known how long it has been so.
        let Some(last) = last else { return ended };
        let ms = (now - last.at).clamp(0, LONGEST_MS);
        let sum = &mut line.sum;
        if last.sid != sample.sid {
            sum.comebacks += 1;
        } else if sample.is_away && !last.is_away {
            // Its signalling alone broke: the place is kept, and it comes back to it.
            sum.comebacks += 1;
        }
        // Tracks that ended take their counts with them.
        let (lost, expected) = (sample.up_lost.saturating_sub(last.lost), sample.up_expected.saturating_sub(last.expected));
        let up_loss = if last.sid == sample.sid && expected > 0 { lost.min(expected) as f64 / expected as f64 } else { 0.0 };
        if last.sid == sample.sid {
            (sum.lost, sum.expected) = (sum.lost + lost.min(expected), sum.expected + expected);
        }
        let down_loss = f64::from(sample.down_loss.clamp(0.0, 1.0));
        sum.ms += ms;
        sum.up += sample.up_bps.saturating_mul(ms as u64);
        sum.down += sample.down_bps.saturating_mul(ms as u64);
        sum.down_loss += down_loss * ms as f64;
        sum.worst_loss = sum.worst_loss.max(down_loss).max(up_loss);
        sum.least_bps = Some(sum.least_bps.unwrap_or(u64::MAX).min(sample.estimate_bps));
        if let Some(rtt) = sample.rtt {
            let rtt = rtt.as_millis().min(60_000) as u32;
            (sum.rtt, sum.rtt_ms) = (sum.rtt + u64::from(rtt) * ms as u64, sum.rtt_ms + ms);
            sum.worst_rtt_ms = sum.worst_rtt_ms.max(rtt);
        }
        sum.paused_ms += if sample.paused > 0 { ms } else { 0 };
        sum.thin_ms += if sample.estimate_bps < THIN_BPS { ms } else { 0 };
        sum.away_ms += if sample.is_away { ms } else { 0 };
        ended
    }

    /// A venue tells how long its picture stood still since it last told. A page may say anything: no more is believed than the time between, nothing of a venue
    /// whose line is not seen, and of what is told late no more than a minute. It counts in the minute in which it is told.
    pub fn freeze(&mut self, now: UtcMs, venue: &VenueId, still: Duration) {
        let Some(line) = self.0.get_mut(venue) else { return };
        if line.last.as_ref().is_none_or(|last| now - last.at > LONGEST_MS) {
            return;
        }
        let still_ms = i64::try_from(still.as_millis()).unwrap_or(i64::MAX);
        let ms = still_ms.min(now - line.told).clamp(0, MINUTE_MS);
        line.told = now;
        if line.sum.ms == 0 {
            line.sum.minute = minute_of(now);
        }
        line.sum.frozen_ms += ms;
    }

    /// What was begun ends here: those who are not there any more, or all.
    pub fn end(&mut self, now: UtcMs, is_over: bool) -> Vec<LineMinute> {
        let minute = minute_of(now);
        self.0.iter_mut().filter(|(_, line)| is_over || line.sum.minute != minute).filter_map(|(venue, line)| line.end(venue)).collect()
    }
}

impl Line {
    fn end(&mut self, venue: &VenueId) -> Option<LineMinute> {
        let sum = std::mem::take(&mut self.sum);
        if (sum.ms == 0 && sum.comebacks == 0) || self.kept >= MOST_MINUTES {
            return None;
        }
        self.kept += 1;
        let seconds = |ms: i64| ((ms + 500) / 1_000).min(60) as u32;
        let mean = |sum: u64, ms: i64| sum.checked_div(ms.max(1) as u64).unwrap_or(0);
        let thousandths = |share: f64| (share * 1_000.0).round().clamp(0.0, 1_000.0) as u32;
        let kbps = |bps: u64| (bps / 1_000).min(u64::from(u32::MAX / 2)) as u32;
        Some(LineMinute {
            venue: venue.clone(),
            minute: sum.minute,
            seconds: seconds(sum.ms),
            up_kbps: kbps(mean(sum.up, sum.ms)),
            down_kbps: kbps(mean(sum.down, sum.ms)),
            least_kbps: kbps(sum.least_bps.unwrap_or(0)),
            up_loss: thousandths(sum.lost as f64 / sum.expected.max(1) as f64),
            down_loss: thousandths(sum.down_loss / sum.ms.max(1) as f64),
            worst_loss: thousandths(sum.worst_loss),
            rtt_ms: mean(sum.rtt, sum.rtt_ms) as u32,
            worst_rtt_ms: sum.worst_rtt_ms,
            paused_seconds: seconds(sum.paused_ms),
            thin_seconds: seconds(sum.thin_ms),
            away_seconds: seconds(sum.away_ms),
            comebacks: sum.comebacks,
            frozen_seconds: seconds(sum.frozen_ms),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NINE: UtcMs = UtcMs(1_795_395_600_000);

    fn sample() -> LineSample {
        LineSample {
            identity: "site:a".to_owned(),
            sid: "PA_1".to_owned(),
            is_away: false,
            rtt: Some(Duration::from_millis(40)),
            up_bps: 800_000,
            up_lost: 0,
            up_expected: 0,
            down_bps: 1_200_000,
            down_loss: 0.0,
            estimate_bps: 1_500_000,
            paused: 0,
        }
    }

    /// A sample every five seconds, from nine o'clock on.
    fn run(samples: impl Iterator<Item = LineSample>) -> Vec<LineMinute> {
        let (mut lines, venue) = (Lines::default(), "site:a".parse().unwrap());
        let mut minutes = Vec::new();
        let mut last = NINE;
        for (at, sample) in samples.enumerate() {
            last = NINE + at as i64 * 5_000;
            minutes.extend(lines.take(last, &venue, &sample));
        }
        minutes.extend(lines.end(last, true));
        minutes
    }

    #[test]
    fn a_minute_tells_its_means_and_its_worst() {
        let minutes = run((0..25).map(|at| LineSample {
            up_expected: at * 100,
            up_lost: at * 8,
            down_loss: if at == 3 { 0.5 } else { 0.02 },
            estimate_bps: if at < 4 { 64_000 } else { 900_000 },
            paused: usize::from(at < 5),
            ..sample()
        }));
        assert_eq!(minutes.len(), 3, "two whole ones, and what was begun");
        let first = &minutes[0];
        assert_eq!((first.minute, first.seconds, first.up_kbps, first.down_kbps, first.least_kbps), (NINE, 55, 800, 1_200, 64));
        assert_eq!((first.up_loss, first.worst_loss, first.rtt_ms), (80, 500, 40));
        assert_eq!((first.thin_seconds, first.paused_seconds, first.comebacks), (15, 20, 0));
        assert_eq!((minutes[1].seconds, minutes[1].thin_seconds, minutes[1].worst_loss), (60, 0, 80));
    }

    #[test]
    fn who_comes_in_anew_came_back_and_lost_nothing_by_it() {
        let mut first = LineSample { up_expected: 10_000, ..sample() };
        let anew = LineSample { sid: "PA_2".to_owned(), up_expected: 10, ..sample() };
        let away = LineSample { is_away: true, ..anew.clone() };
        first.up_lost = 3;
        let minutes = run([first.clone(), first, anew.clone(), anew.clone(), away.clone(), away, anew].into_iter());
        assert_eq!((minutes[0].comebacks, minutes[0].up_loss, minutes[0].away_seconds), (2, 0, 10));
    }

    #[test]
    fn what_a_screen_tells_is_added_up_and_a_lie_is_no_longer_than_the_time_between() {
        let (mut lines, venue): (_, VenueId) = (Lines::default(), "site:a".parse().unwrap());
        let tells = |lines: &mut Lines, second: i64, ms: u64| lines.freeze(NINE + second * 1_000, &venue, Duration::from_millis(ms));
        let (mut minutes, mut seen) = (Vec::new(), 0);
        tells(&mut lines, 0, 9_000);
        let mut until = |lines: &mut Lines, second: i64| {
            while seen <= second {
                minutes.extend(lines.take(NINE + seen * 1_000, &venue, &sample()));
                seen += 5;
            }
        };
        until(&mut lines, 20);
        tells(&mut lines, 20, 1_200);
        until(&mut lines, 45);
        tells(&mut lines, 45, 2_400);
        until(&mut lines, 70);
        // In 25 seconds nothing stands still for an hour, and in none at all for nothing.
        tells(&mut lines, 70, 3_600_000);
        tells(&mut lines, 70, 3_600_000);
        until(&mut lines, 305);
        // It was quiet for four minutes: a minute has sixty seconds all the same.
        tells(&mut lines, 305, u64::MAX);
        minutes.extend(lines.end(NINE + 305_000, true));
        assert_eq!(minutes.iter().map(|of| of.frozen_seconds).collect::<Vec<_>>(), [4, 25, 0, 0, 0, 60]);
    }

    #[test]
    fn who_is_gone_tells_nothing_and_who_comes_back_not_of_the_time_between() {
        let (mut lines, venue) = (Lines::default(), "site:a".parse().unwrap());
        lines.take(NINE, &venue, &sample());
        lines.take(NINE + 5_000, &venue, &sample());
        lines.freeze(NINE + 40_000, &venue, Duration::from_secs(30));
        assert_eq!(lines.end(NINE + 61_000, false)[0].frozen_seconds, 0, "it was not seen for half a minute");
        lines.take(NINE + 600_000, &venue, &sample());
        lines.take(NINE + 605_000, &venue, &sample());
        lines.freeze(NINE + 606_000, &venue, Duration::from_secs(30));
        assert_eq!(lines.end(NINE + 606_000, true)[0].frozen_seconds, 6);
    }

    #[test]
    fn a_venue_that_is_not_there_is_not_told_of() {
        let (mut lines, venue) = (Lines::default(), "site:a".parse().unwrap());
        assert!(lines.take(NINE, &venue, &sample()).is_none());
        assert!(lines.take(NINE + 5_000, &venue, &sample()).is_none());
        assert_eq!(lines.end(NINE + 30_000, false), []);
        assert_eq!(lines.end(NINE + 61_000, false).len(), 1);
        // Two hours later it is back: what was between is not its line's.
        assert!(lines.take(NINE + 7_200_000, &venue, &sample()).is_none());
        assert_eq!(lines.end(NINE + 7_300_000, false)[0].seconds, 15);
    }
}
