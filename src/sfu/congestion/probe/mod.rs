//! Probing: short trains of packets faster than the estimate, to learn whether the line is wider.
//!
//! At the start at three and six times the start value; after a drop at most of what there was before; and as long as more is wanted than is estimated, by scouts of
//! half as much again. A train that comes through is followed by one of twice its rate at once, so a line that was mended is found again in a few round trips after
//! the next scout. The pause between scouts grows to four seconds and no further: rooms promise full quality within eight seconds.

mod train;

use std::num::NonZeroU8;

pub use train::Outcome;
use train::Train;

const START_FACTORS: [f64; 2] = [3.0, 6.0];
const SCOUT_FACTOR: f64 = 1.5;
const FOLLOW_FACTOR: f64 = 2.0;
/// Of the estimate before a drop.
const RECOVER_FACTOR: f64 = 0.85;
const RECOVER_AFTER_US: i64 = 500_000;
/// Not worth a train.
const WORTH: f64 = 1.05;
const INTERVAL_FIRST_US: i64 = 1_500_000;
const INTERVAL_MAX_US: i64 = 4_000_000;
/// Neither begin with a full queue nor right after one.
const POSTPONED_US: i64 = 300_000;

/// A piece of a train worth sending.
const PIECE_BYTES: usize = 1_000;
/// A caller that has nothing to fill it with does not keep it open.
const TRAIN_EXTRA_US: i64 = 150_000;
/// After a round trip and this the rest of the answers is not waited for; and after this much more the train was in vain.
const ANSWER_EXTRA_US: i64 = 250_000;
const ANSWER_LATE_US: i64 = 750_000;
/// Train and wake say nothing about the queue that media alone would make.
const WAKE_MAX_US: i64 = 300_000;

/// A cut so soon after a train refutes it; one so long after says that it was right.
const REFUTED_US: i64 = 2_000_000;
const CONFIRMED_US: i64 = 10_000_000;
const DOUBTS_MAX: u32 = 3;

/// One train of probing packets. Labels wrap: only one train is under way at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClusterId(NonZeroU8);

impl ClusterId {
    pub fn get(self) -> u8 {
        self.0.get()
    }

    fn next(self) -> Self {
        Self(self.0.checked_add(1).unwrap_or(NonZeroU8::MIN))
    }
}

/// What ought to leave now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Probe {
    pub cluster: ClusterId,
    /// Of media and padding together while the train lasts.
    pub rate_bps: u64,
    /// Padding to send at once, in packets of any size (1,200 bytes are well).
    pub bytes: usize,
}

/// What the plan is made from.
#[derive(Debug, Clone, Copy)]
pub struct Wish {
    pub now_us: i64,
    pub estimate_bps: f64,
    /// Never probe above: what is wanted, the line's plan.
    pub limit_bps: f64,
    pub is_congested: bool,
    pub rtt_us: i64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Phase {
    Idle,
    /// The next `due` begins it.
    Ready,
    Sending,
    Measuring {
        until_us: i64,
    },
}

#[derive(Debug)]
pub struct Probing {
    phase: Phase,
    cluster: ClusterId,
    train: Train,
    start_bps: f64,
    start_step: usize,
    follow_bps: Option<f64>,
    recover: Option<(i64, f64)>,
    next_scout_us: i64,
    /// When a train last raised the estimate, and how often that was refuted soon after: trains get longer, to be less easily deceived.
    raised_us: Option<i64>,
    doubts: u32,
    interval_us: i64,
    wake_until_us: i64,
    rtt_us: i64,
    begun: u64,
    succeeded: u64,
}

impl Probing {
    pub fn new(start_bps: f64) -> Self {
        Self {
            phase: Phase::Idle,
            cluster: ClusterId(NonZeroU8::MIN),
            train: Train::new(0.0, 0.0, 0),
            start_bps,
            start_step: 0,
            follow_bps: None,
            recover: None,
            next_scout_us: 0,
            raised_us: None,
            doubts: 0,
            interval_us: INTERVAL_FIRST_US,
            wake_until_us: i64::MIN,
            rtt_us: 0,
            begun: 0,
            succeeded: 0,
        }
    }

    /// Where the line was full with less during these first trains, the start value was too high.
    pub fn is_starting(&self) -> bool {
        self.begun <= START_FACTORS.len() as u64
    }

    pub fn begun(&self) -> u64 {
        self.begun
    }

    pub fn succeeded(&self) -> u64 {
        self.succeeded
    }

    /// Cuts have ended; before them the estimate was this.
    pub fn recover(&mut self, now_us: i64, before_bps: f64) {
        self.start_step = START_FACTORS.len();
        self.follow_bps = None;
        self.interval_us = INTERVAL_FIRST_US;
        self.next_scout_us = now_us + INTERVAL_FIRST_US;
        self.recover = Some((now_us + RECOVER_AFTER_US, before_bps * RECOVER_FACTOR));
    }

    /// A train has raised the estimate.
    pub fn raised(&mut self, now_us: i64) {
        self.raised_us = Some(now_us);
    }

    /// The estimate was cut.
    pub fn cut(&mut self, now_us: i64) {
        if let Some(raised_us) = self.raised_us.take() {
            if now_us - raised_us < REFUTED_US {
                self.doubts = (self.doubts + 1).min(DOUBTS_MAX);
            } else if now_us - raised_us > CONFIRMED_US {
                self.doubts = self.doubts.saturating_sub(1);
            }
        }
    }

    pub fn plan(&mut self, wish: &Wish) {
        self.rtt_us = wish.rtt_us;
        match self.phase {
            Phase::Idle => self.choose(wish),
            Phase::Ready if wish.is_congested || wish.limit_bps < self.train.rate_bps * 0.99 => self.phase = Phase::Idle,
            Phase::Sending if wish.now_us - self.train.begun_us > 3 * self.train.planned_us() + TRAIN_EXTRA_US => self.end_train(wish.now_us),
            Phase::Measuring { until_us } if wish.now_us > until_us + ANSWER_LATE_US => self.fail(wish.now_us),
            _ => {}
        }
    }

    fn choose(&mut self, wish: &Wish) {
        if wish.is_congested {
            self.next_scout_us = self.next_scout_us.max(wish.now_us + POSTPONED_US);
            self.follow_bps = None;
            return;
        }
        let rate = if let Some(follow) = self.follow_bps.take() {
            follow
        } else if let Some(factor) = START_FACTORS.get(self.start_step) {
            self.start_bps * factor
        } else if let Some((_, before)) = self.recover.take_if(|(at_us, _)| wish.now_us >= *at_us) {
            before
        } else if wish.now_us >= self.next_scout_us {
            wish.estimate_bps * SCOUT_FACTOR
        } else {
            return;
        };
        let rate = rate.min(wish.limit_bps);
        if rate > wish.estimate_bps * WORTH {
            self.train = Train::new(rate, wish.estimate_bps, self.doubts);
            self.phase = Phase::Ready;
        }
    }

    /// Padding that ought to leave now.
    pub fn due(&mut self, now_us: i64) -> Option<Probe> {
        match self.phase {
            Phase::Ready => {
                self.phase = Phase::Sending;
                self.cluster = self.cluster.next();
                self.train.begun_us = now_us;
                self.begun += 1;
                self.start_step += 1;
            }
            Phase::Sending => {}
            _ => return None,
        }
        let train = &self.train;
        let left = train.bytes.saturating_sub(train.sent_bytes).max(PIECE_BYTES / 4);
        // The first packet leaves at once, as if it had been due before.
        let by_now = PIECE_BYTES + (train.rate_bps * (now_us - train.begun_us).max(0) as f64 / 8e6) as usize;
        let bytes = by_now.saturating_sub(train.sent_bytes).min(left);
        (bytes >= PIECE_BYTES.min(left)).then_some(Probe { cluster: self.cluster, rate_bps: train.rate_bps as u64, bytes })
    }

    /// When `due` may have more.
    pub fn next_due_us(&self) -> Option<i64> {
        match self.phase {
            Phase::Ready => Some(i64::MIN),
            Phase::Sending => Some(self.train.begun_us + (self.train.sent_bytes as f64 * 8e6 / self.train.rate_bps) as i64),
            _ => None,
        }
    }

    /// A packet leaves. While a train lasts, media between its padding belongs to it: the label for it, 0 for none.
    #[inline]
    pub fn sent(&mut self, now_us: i64, bytes: u16) -> u8 {
        if self.phase != Phase::Sending {
            return 0;
        }
        self.train.sent(now_us, bytes);
        if self.train.is_whole() {
            self.end_train(now_us);
        }
        self.cluster.get()
    }

    /// Whether a packet sent then was in a train or in its wake.
    #[inline]
    pub fn is_disturbed(&self, sent_us: i64, cluster: u8) -> bool {
        cluster != 0 || (sent_us <= self.wake_until_us && sent_us >= self.train.first_sent_us)
    }

    /// An answer about a packet of a train: its arrival, or `None` for a loss.
    pub fn answered(&mut self, cluster: u8, sent_us: i64, bytes: u16, arrival_us: Option<i64>) {
        if cluster != self.cluster.get() || !matches!(self.phase, Phase::Sending | Phase::Measuring { .. }) {
            return;
        }
        self.train.answered(sent_us, bytes, arrival_us);
    }

    /// After each feedback message: what the train has shown, once all of it is answered. `loss` is the share that is lost without trains.
    pub fn outcome(&mut self, now_us: i64, estimate_bps: f64, loss: f64) -> Option<Outcome> {
        let Phase::Measuring { until_us } = self.phase else { return None };
        if self.train.answered < self.train.sent_packets {
            if now_us <= until_us || self.train.answered * 2 < self.train.sent_packets {
                return None;
            }
            // Some answers were lost: the others will do.
            self.train.sent_packets = self.train.answered;
        }
        let outcome = self.train.measure(loss);
        self.train.forget();
        match outcome {
            Some(outcome) if outcome.bitrate_bps > estimate_bps * WORTH => {
                self.phase = Phase::Idle;
                self.interval_us = INTERVAL_FIRST_US;
                self.next_scout_us = now_us + INTERVAL_FIRST_US;
                if outcome.line_bps.is_some() {
                    self.start_step = START_FACTORS.len();
                } else {
                    self.succeeded += 1;
                    self.follow_bps = (self.start_step >= START_FACTORS.len()).then_some(outcome.bitrate_bps * FOLLOW_FACTOR);
                }
            }
            _ => self.fail(now_us),
        }
        if outcome.is_none() {
            // It has shown nothing: the next comes sooner.
            self.next_scout_us = now_us + INTERVAL_FIRST_US;
        }
        outcome
    }

    fn fail(&mut self, now_us: i64) {
        self.phase = Phase::Idle;
        self.start_step = START_FACTORS.len();
        self.next_scout_us = now_us + self.interval_us;
        self.interval_us = (self.interval_us * 3 / 2).min(INTERVAL_MAX_US);
    }

    fn end_train(&mut self, now_us: i64) {
        self.wake_until_us = now_us + (self.train.last_sent_us - self.train.first_sent_us).clamp(0, WAKE_MAX_US);
        if self.train.is_in_vain() {
            self.fail(now_us);
        } else {
            self.phase = Phase::Measuring { until_us: now_us + self.rtt_us + ANSWER_EXTRA_US };
        }
    }
}
