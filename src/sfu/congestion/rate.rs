//! The bitrate that the delay allows: additive increase near what the line was seen to carry, multiplicative below, and a cut to less than what arrives
//! when the queue grows (draft-ietf-rmcat-gcc-02, section 5.6).
//!
//! Besides the draft: after a cut the standing queue is drained, the faster the longer it is, and the rate then returns to just under the line's.

use super::delay::Usage;

/// Section 5.6: of what arrives.
const BETA: f64 = 0.85;
const INCREASE_PER_S: f64 = 1.08;
/// Additive increase: a packet per response time, and never more than this per second.
const NEAR_INCREASE_PER_S: f64 = 0.05;
/// Slower still from this share of the capacity on, and not beyond that: more is found by probes, and each step over the edge costs a queue.
const EDGE: f64 = 0.91;
const EDGE_INCREASE_PER_S: f64 = 0.01;
const EDGE_MAX: f64 = 0.95;
/// What was seen longer ago says nothing about the line of now.
const CAPACITY_OLD_US: i64 = 30_000_000;
const PACKET_BITS: f64 = 1_200.0 * 8.0;
const RESPONSE_EXTRA_S: f64 = 0.1;
/// The estimate may lead what arrives by this much (section 5.6), or nothing would ever rise.
const LEAD: f64 = 1.5;
const LEAD_BPS: f64 = 10_000.0;
/// Less than this share of the estimate arriving: it is the application that limits, and a cut to what arrives would be blind.
const APPLICATION_LIMITED: f64 = 0.6;
const LIMITED_CUT: f64 = 0.7;
/// Of what a line carries that drops the rest.
const DROPPING: f64 = 0.92;
const NO_QUEUE_US: i64 = 4_000;
const SHORT_QUEUE_US: i64 = 60_000;
/// A longer queue than this is drained, until it is as short as that.
const DRAIN_FROM_US: i64 = 60_000;
const DRAIN_TO_US: i64 = 25_000;
/// The least of what the line carries that is still sent while draining: sound goes on.
const DRAIN_LEAST: f64 = 0.25;
/// How long it may take beyond what it should.
const DRAIN_EXTRA_US: i64 = 1_000_000;
/// Where the rate returns to, of what arrived while the queue was there.
const RESUME: f64 = 0.9;
/// No increase into a queue like this.
const HOLD_QUEUE_US: i64 = 50_000;
/// A queue like this that stays is an overuse although it does not grow.
const STANDING_QUEUE_US: i64 = 120_000;
const STANDING_FOR_US: i64 = 700_000;

/// What one feedback message tells the control.
#[derive(Debug, Clone, Copy)]
pub struct Signal {
    pub now_us: i64,
    pub usage: Usage,
    /// Over half a second: what arrived, yet no more than was sent.
    pub acknowledged_bps: Option<f64>,
    /// Over the last 150 ms, as it arrived.
    pub arriving_bps: Option<f64>,
    pub queued_us: i64,
    pub rtt_us: i64,
}

#[derive(Debug, Clone, Copy)]
struct Drain {
    until_us: i64,
    queued_us: i64,
    resume_bps: f64,
}

/// What the line was seen to carry when it was full: mean and relative variance, as in libwebrtc.
#[derive(Debug, Clone, Copy)]
struct Capacity {
    mean_kbps: f64,
    variance: f64,
    learnt_us: i64,
}

#[derive(Debug)]
pub struct Rate {
    estimate_bps: f64,
    least_bps: f64,
    most_bps: f64,
    capacity: Option<Capacity>,
    drain: Option<Drain>,
    standing_since_us: Option<i64>,
    updated_us: i64,
    next_cut_us: i64,
    /// The estimate before the present series of cuts.
    before_cut_bps: Option<f64>,
    cuts: u64,
    is_queue_doubted: bool,
}

impl Rate {
    pub fn new(start_bps: f64, least_bps: f64, most_bps: f64) -> Self {
        Self {
            estimate_bps: start_bps.clamp(least_bps, most_bps),
            least_bps,
            most_bps,
            capacity: None,
            drain: None,
            standing_since_us: None,
            updated_us: 0,
            next_cut_us: 0,
            before_cut_bps: None,
            cuts: 0,
            is_queue_doubted: false,
        }
    }

    pub fn estimate_bps(&self) -> f64 {
        self.estimate_bps
    }

    pub fn cuts(&self) -> u64 {
        self.cuts
    }

    pub fn is_draining(&self) -> bool {
        self.drain.is_some()
    }

    pub fn set_most_bps(&mut self, most_bps: f64) {
        self.most_bps = most_bps.max(self.least_bps);
        self.estimate_bps = self.estimate_bps.min(self.most_bps);
    }

    /// The estimate before the cuts that have just ended, once.
    pub fn take_before_cut_bps(&mut self) -> Option<f64> {
        if self.drain.is_some() { None } else { self.before_cut_bps.take() }
    }

    /// Draining did not shorten the queue: it is none, the path has become longer. Asked once.
    pub fn take_queue_doubt(&mut self) -> bool {
        std::mem::take(&mut self.is_queue_doubted)
    }

    pub fn update(&mut self, signal: &Signal) {
        let elapsed_s = (signal.now_us - self.updated_us).clamp(0, 500_000) as f64 / 1e6;
        self.updated_us = signal.now_us;
        self.drain(signal);
        if signal.usage == Usage::Overuse || self.is_standing(signal) {
            self.cut(signal);
        } else if signal.usage == Usage::Normal && self.drain.is_none() && signal.queued_us < HOLD_QUEUE_US {
            self.increase(signal, elapsed_s);
        }
    }

    /// A probe showed that this may be sent, and what the line carries if it was full.
    pub fn probed(&mut self, bitrate_bps: f64, line_bps: Option<f64>) {
        if let Some(line_bps) = line_bps {
            self.learn(line_bps, 0.5);
        }
        self.estimate_bps = self.estimate_bps.max(bitrate_bps).min(self.most_bps);
    }

    /// A first probe filled the line with less than the start value.
    pub fn lower_to(&mut self, bitrate_bps: f64) {
        self.estimate_bps = self.estimate_bps.min(bitrate_bps).max(self.least_bps);
    }

    /// Nothing is heard from the receiver.
    pub fn starve(&mut self) {
        self.before_cut_bps.get_or_insert(self.estimate_bps);
        self.estimate_bps = (self.estimate_bps * 0.8).max(self.least_bps);
        self.drain = None;
    }

    /// The line is full, carries this and drops the rest.
    pub fn dropped(&mut self, carried_bps: f64) {
        self.learn(carried_bps, 0.1);
        self.note_cut();
        self.estimate_bps = self.estimate_bps.min(carried_bps * DROPPING).max(self.least_bps);
    }

    /// The last cuts were for losses that are not the line's doing.
    pub fn undo(&mut self) {
        self.capacity = None;
        if let Some(before) = self.before_cut_bps.take() {
            self.estimate_bps = self.estimate_bps.max(before).min(self.most_bps);
        }
    }

    fn note_cut(&mut self) {
        self.before_cut_bps = Some(self.before_cut_bps.map_or(self.estimate_bps, |before| before.max(self.estimate_bps)));
        self.cuts += 1;
    }

    fn increase(&mut self, signal: &Signal, elapsed_s: f64) {
        let Some(acknowledged) = signal.acknowledged_bps else { return };
        if self.capacity.is_some_and(|capacity| acknowledged > capacity.upper_bps() || signal.now_us - capacity.learnt_us > CAPACITY_OLD_US) {
            self.capacity = None;
        }
        let risen = match self.capacity {
            Some(capacity) => {
                let per_s = PACKET_BITS / (signal.rtt_us as f64 / 1e6 + RESPONSE_EXTRA_S);
                let full_bps = capacity.mean_kbps * 1e3;
                let most = if self.estimate_bps > full_bps * EDGE { EDGE_INCREASE_PER_S } else { NEAR_INCREASE_PER_S };
                (self.estimate_bps + per_s.min(self.estimate_bps * most) * elapsed_s).min((full_bps * EDGE_MAX).max(self.estimate_bps))
            }
            None => self.estimate_bps * INCREASE_PER_S.powf(elapsed_s) + 1_000.0 * elapsed_s,
        };
        let lead = acknowledged * LEAD + LEAD_BPS;
        self.estimate_bps = risen.min(lead.max(self.estimate_bps)).min(self.most_bps);
    }

    fn cut(&mut self, signal: &Signal) {
        // A large picture is slower than a small one on any line: while some packets still come without delay there is no queue to cut for.
        if signal.now_us < self.next_cut_us || signal.queued_us < NO_QUEUE_US {
            return;
        }
        self.next_cut_us = signal.now_us + signal.rtt_us.clamp(10_000, 200_000);
        let arriving = signal.arriving_bps.unwrap_or(self.estimate_bps);
        let is_limited = signal.acknowledged_bps.is_some_and(|acknowledged| acknowledged < self.estimate_bps * APPLICATION_LIMITED);
        let queued_s = signal.queued_us as f64 / 1e6;
        let share = (1.0 - queued_s).clamp(DRAIN_LEAST, BETA);
        let mut target = arriving * share;
        if is_limited && signal.queued_us < SHORT_QUEUE_US {
            // A hiccup while little is sent: what arrives says little about the line.
            target = target.max(self.estimate_bps * LIMITED_CUT);
        } else {
            self.learn(arriving, 0.1);
        }
        self.note_cut();
        self.estimate_bps = self.estimate_bps.min(target).max(self.least_bps);
        self.standing_since_us = None;
        if signal.queued_us > DRAIN_FROM_US {
            let until_us = signal.now_us + signal.rtt_us + DRAIN_EXTRA_US + (signal.queued_us as f64 / (1.0 - share)) as i64;
            let resume_bps = arriving * RESUME;
            let drain = self.drain.get_or_insert(Drain { until_us, queued_us: signal.queued_us, resume_bps });
            // While the queue stands, what arrives is what the line carries; the first samples may still be of the time before it narrowed.
            drain.resume_bps = drain.resume_bps.min(resume_bps);
            drain.until_us = drain.until_us.max(until_us);
            drain.queued_us = drain.queued_us.max(signal.queued_us);
        }
    }

    fn drain(&mut self, signal: &Signal) {
        let Some(drain) = self.drain else { return };
        let is_over = signal.now_us >= drain.until_us;
        if signal.queued_us <= DRAIN_TO_US || is_over {
            self.drain = None;
            self.estimate_bps = self.estimate_bps.max(drain.resume_bps.min(self.most_bps));
            self.is_queue_doubted = is_over && signal.queued_us > drain.queued_us * 7 / 10;
        }
    }

    fn is_standing(&mut self, signal: &Signal) -> bool {
        if signal.queued_us < STANDING_QUEUE_US || self.drain.is_some() {
            self.standing_since_us = None;
            return false;
        }
        signal.now_us - *self.standing_since_us.get_or_insert(signal.now_us) > STANDING_FOR_US
    }

    fn learn(&mut self, bitrate_bps: f64, weight: f64) {
        let kbps = bitrate_bps / 1e3;
        self.capacity = Some(match self.capacity {
            // Another line than before: begin anew.
            Some(known) if (known.lower_bps()..known.upper_bps()).contains(&bitrate_bps) => {
                let mean_kbps = known.mean_kbps + weight * (kbps - known.mean_kbps);
                let apart = mean_kbps - kbps;
                let variance = (1.0 - weight) * known.variance + weight * apart * apart / mean_kbps.max(1.0);
                Capacity { mean_kbps, variance: variance.clamp(0.4, 2.5), learnt_us: self.updated_us }
            }
            _ => Capacity { mean_kbps: kbps, variance: 0.4, learnt_us: self.updated_us },
        });
    }
}

impl Capacity {
    fn deviation_bps(&self) -> f64 {
        (self.variance * self.mean_kbps).sqrt() * 1e3
    }

    fn upper_bps(&self) -> f64 {
        self.mean_kbps * 1e3 + 3.0 * self.deviation_bps()
    }

    fn lower_bps(&self) -> f64 {
        self.mean_kbps * 1e3 - 3.0 * self.deviation_bps()
    }
}
