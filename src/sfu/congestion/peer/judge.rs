//! What follows from it: the estimate, and where to probe.

use super::{Congestion, LONG, RTT_START_US, Voice};
use crate::sfu::congestion::delay::Usage;
use crate::sfu::congestion::loss::Verdict;
use crate::sfu::congestion::probe::Wish;
use crate::sfu::congestion::rate::Signal;

/// 150 ms in buckets of 50 ms.
const SHORT: i64 = 3;
/// Probe a little above what is wanted, so that the estimate reaches it.
const OVER_WANTED: f64 = 1.1;
const START_LIMIT: f64 = 6.0;

impl Congestion {
    pub(super) fn judge(&mut self, now_us: i64) {
        let signal = Signal {
            now_us,
            usage: self.detector.usage(),
            acknowledged_bps: self.acknowledged_bps(),
            arriving_bps: self.arriving.bitrate_bps(SHORT),
            queued_us: self.queue.queued_us(),
            rtt_us: self.rtt_us.unwrap_or(RTT_START_US),
        };
        if let Some(outcome) = self.probing.outcome(now_us, self.rate.estimate_bps(), self.loss.share())
            && signal.usage != Usage::Overuse
            && !self.rate.is_draining()
        {
            if outcome.line_bps.is_some() && self.probing.is_starting() {
                self.rate.lower_to(outcome.bitrate_bps);
            }
            if outcome.bitrate_bps > self.rate.estimate_bps() {
                self.probing.raised(now_us);
            }
            self.rate.probed(outcome.bitrate_bps, outcome.line_bps);
            self.loss.forget();
        }
        let cuts = self.rate.cuts();
        self.rate.update(&signal);
        if self.rate.take_queue_doubt() {
            self.queue.reset();
            self.detector.reset();
        }
        if signal.usage == Usage::Normal
            && let Some(before) = self.rate.take_before_cut_bps()
        {
            self.probing.recover(now_us, before);
        }
        let came_bps = signal.arriving_bps.map(|arriving| arriving.max(self.arriving.bitrate_bps(LONG).unwrap_or(0.0)));
        match self.loss.update(now_us, came_bps) {
            Some(Verdict::Full(carried_bps)) => self.rate.dropped(carried_bps),
            Some(Verdict::Air) => self.rate.undo(),
            None => {}
        }
        if self.rate.cuts() > cuts {
            self.probing.cut(now_us);
        }
        self.plan(now_us);
    }

    pub(super) fn plan(&mut self, now_us: i64) {
        // Without answers about single packets a train measures nothing.
        if self.voice == Voice::Reports || self.history.in_flight_bytes() == 0 {
            return;
        }
        let most = self.most_bps() as f64;
        let limit_bps = self.wanted_bps.map_or(self.options.start_bps as f64 * START_LIMIT, |wanted| wanted as f64 * OVER_WANTED).min(most);
        self.probing.plan(&Wish {
            now_us,
            estimate_bps: self.estimate_bps(),
            limit_bps,
            is_congested: self.is_congested(),
            rtt_us: self.rtt_us.unwrap_or(RTT_START_US),
        });
    }
}
