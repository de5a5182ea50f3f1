//! The congestion control of one subscribing peer.

use std::time::{Duration, Instant};

use super::delay::{Detector, Usage};
use super::history::{Answer, History, State};
use super::loss::{Losses, Verdict};
use super::probe::{ClusterId, Probe, Probing, Wish};
use super::queue::Queue;
use super::rate::{Rate, Signal};
use super::remb::Remb;
use super::throughput::Throughput;
use super::twcc::{Feedback, REFERENCE_US, TwccError};
use super::{Options, Statistics};

/// Before anything was measured.
const RTT_START_US: i64 = 150_000;
/// A large picture leaves sooner than at the rate of its line, yet not all at once: by libwebrtc's factor on wide lines. On narrow ones what it sends ahead would
/// stand in the line's queue before the sound, which passes first only here.
const PACING: f64 = 2.5;
const PACING_NARROW: f64 = 1.25;
const NARROW_BPS: f64 = 500_000.0;
const WIDE_BPS: f64 = 2_000_000.0;
/// The queue is to shrink.
const PACING_DRAINING: f64 = 1.2;
/// Over the plan of the line.
const PACING_OVER_CEILING: f64 = 1.25;
/// Sending for so long without an answer, and so on at this pace, lowers the estimate.
const STARVED_US: i64 = 1_000_000;
const STARVED_AGAIN_US: i64 = 500_000;
/// A receiver's clock that is this far from where it should be was set anew.
const CLOCK_JUMP_US: i64 = 10_000_000;
/// Half a second, and 150 ms, in buckets of 50 ms.
const LONG: i64 = 10;
const SHORT: i64 = 3;
/// Probe a little above what is wanted, so that the estimate reaches it.
const OVER_WANTED: f64 = 1.1;
const START_LIMIT: f64 = 6.0;
const CONGESTED_LOSS: f64 = 0.10;

/// Who tells how the line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Voice {
    Nobody,
    Reports,
    Transport,
}

/// Owned by whoever forwards to the peer. About 2 KiB, and 16 bytes for each packet under way.
#[derive(Debug)]
pub struct Congestion {
    options: Options,
    epoch: Instant,
    ceiling_bps: Option<u64>,
    wanted_bps: Option<u64>,
    voice: Voice,
    history: History,
    clock: ReceiverClock,
    arriving: Throughput,
    leaving: Throughput,
    detector: Detector,
    is_detector_paused: bool,
    queue: Queue,
    rate: Rate,
    loss: Losses,
    probing: Probing,
    remb: Remb,
    rtt_us: Option<i64>,
    reported_loss: Option<f64>,
    /// Since when packets are under way and nothing is heard.
    waiting_since_us: Option<i64>,
    is_starved: bool,
    starved: u64,
    messages: u64,
}

impl Congestion {
    pub fn new(now: Instant, options: Options) -> Self {
        let (start, least) = (options.start_bps as f64, options.min_bps as f64);
        let most = options.max_bps.max(options.min_bps) as f64;
        Self {
            options,
            epoch: now,
            ceiling_bps: None,
            wanted_bps: None,
            voice: Voice::Nobody,
            history: History::default(),
            clock: ReceiverClock::default(),
            arriving: Throughput::default(),
            leaving: Throughput::default(),
            detector: Detector::default(),
            is_detector_paused: false,
            queue: Queue::default(),
            rate: Rate::new(start, least, most),
            loss: Losses::default(),
            probing: Probing::new(start),
            remb: Remb::new(start),
            rtt_us: None,
            reported_loss: None,
            waiting_since_us: None,
            is_starved: false,
            starved: 0,
            messages: 0,
        }
    }

    /// A packet left with this transport-wide sequence number. `bytes` should be all that the line carries, IP and UDP included. `cluster` is that of the
    /// [`Probe`] it fills; media that leaves while a train lasts is counted to it by itself.
    #[inline]
    pub fn sent(&mut self, now: Instant, sequence: u16, bytes: usize, cluster: Option<ClusterId>) {
        let now_us = self.since_epoch(now);
        let bytes = bytes.min(usize::from(u16::MAX)) as u16;
        let train = self.probing.sent(now_us, bytes);
        let label = if train == 0 { cluster.map_or(0, ClusterId::get) } else { train };
        self.history.sent(now_us, sequence, bytes, label);
        self.waiting_since_us.get_or_insert(now_us);
    }

    /// The FCI of a transport-wide feedback message came.
    pub fn feedback(&mut self, now: Instant, fci: &[u8]) -> Result<(), TwccError> {
        let feedback = Feedback::parse(fci)?;
        let now_us = self.since_epoch(now);
        let (reference_us, is_clock_new) = self.clock.unwrap(now_us, feedback.reference_time());
        if is_clock_new {
            self.forget_clock();
        }
        let mut heard = Heard::default();
        for (sequence, arrival_us) in feedback.packets_from(reference_us) {
            match (self.history.answer(sequence, arrival_us.is_some()), arrival_us) {
                (Answer::Received { sent, before }, Some(arrival_us)) => {
                    // One that was passed over is counted already.
                    if before != State::Passed {
                        self.arriving.record(arrival_us, sent.bytes);
                        self.leaving.record(sent.at_us, sent.bytes);
                    }
                    heard.note(sequence, sent.at_us, arrival_us);
                    if before == State::Missing {
                        self.loss.found();
                        continue;
                    }
                    self.loss.record(sent.at_us, sent.bytes, Some(arrival_us.saturating_sub(sent.at_us)));
                    if sent.cluster != 0 {
                        self.probing.answered(sent.cluster, sent.at_us, sent.bytes, Some(arrival_us));
                    }
                    if !self.probing.is_disturbed(sent.at_us, sent.cluster) {
                        self.detector.record(sent.at_us, arrival_us);
                        self.is_detector_paused = false;
                    } else if !self.is_detector_paused {
                        self.detector.pause();
                        self.is_detector_paused = true;
                    }
                }
                (Answer::Lost(sent), _) => {
                    self.loss.record(sent.at_us, sent.bytes, None);
                    if sent.cluster != 0 {
                        self.probing.answered(sent.cluster, sent.at_us, sent.bytes, None);
                    }
                }
                _ => {}
            }
        }
        if let Some(heard) = heard.finish() {
            self.voice = Voice::Transport;
            // Where a message was lost, what it would have told of is taken to have come as the rest did: else each lost message looks like a narrower line.
            self.history.reach(heard.last_sequence, |passed| {
                self.arriving.record(passed.at_us.saturating_add(heard.least_delay_us), passed.bytes);
                self.leaving.record(passed.at_us, passed.bytes);
            });
            self.waiting_since_us = None;
            self.is_starved = false;
            self.messages += 1;
            // What the message itself waited at the receiver falls out, except behind its last packet.
            let rtt_us = now_us.saturating_sub(heard.last_arrival_us).saturating_add(heard.least_delay_us).clamp(0, 10_000_000);
            self.rtt_us = Some(self.rtt_us.map_or(rtt_us, |known| known + (rtt_us - known) / 8));
            self.queue.record(now_us, heard.least_delay_us);
            self.judge(now_us);
        }
        Ok(())
    }

    /// The peer's own estimate (REMB). Bounds nothing once transport-wide feedback came.
    pub fn remb(&mut self, now: Instant, bitrate_bps: u64) {
        self.speak(Voice::Reports);
        self.remb.said(self.since_epoch(now), bitrate_bps as f64);
    }

    /// A receiver report: the worst `fraction_lost` of its blocks, in 256ths, and the round trip where it could be told (RFC 3550, section 6.4.1).
    pub fn receiver_report(&mut self, now: Instant, fraction_lost: u8, rtt: Option<Duration>) {
        let now_us = self.since_epoch(now);
        if self.voice != Voice::Transport {
            self.speak(Voice::Reports);
            if let Some(rtt) = rtt {
                self.rtt_us = Some(i64::try_from(rtt.as_micros()).unwrap_or(i64::MAX).min(10_000_000));
            }
        }
        let lost = f64::from(fraction_lost) / 256.0;
        self.reported_loss = Some(lost);
        self.remb.reported(now_us, lost, self.rtt_us.unwrap_or(RTT_START_US));
    }

    /// At least every 50 ms.
    pub fn tick(&mut self, now: Instant) {
        let now_us = self.since_epoch(now);
        if self.voice != Voice::Reports
            && let Some(since_us) = self.waiting_since_us
            && now_us - since_us > STARVED_US + self.rtt_us.unwrap_or(0)
        {
            self.rate.starve();
            self.is_starved = true;
            self.starved += 1;
            self.waiting_since_us = Some(since_us + STARVED_AGAIN_US);
        }
        self.plan(now_us);
    }

    /// What may be sent to the peer, sound, picture and repair together.
    pub fn target_bps(&self) -> u64 {
        (self.estimate_bps() as u64).clamp(self.options.min_bps, self.most_bps())
    }

    /// What the pacer should be set to.
    pub fn pacing_bps(&self) -> u64 {
        let width = ((self.estimate_bps() - NARROW_BPS) / (WIDE_BPS - NARROW_BPS)).clamp(0.0, 1.0);
        let factor = if self.rate.is_draining() { PACING_DRAINING } else { PACING_NARROW + (PACING - PACING_NARROW) * width };
        let over_ceiling = self.ceiling_bps.map_or(f64::INFINITY, |ceiling| ceiling as f64 * PACING_OVER_CEILING);
        (self.target_bps() as f64 * factor).min(over_ceiling) as u64
    }

    /// What full quality of all that the peer is subscribed to would cost: probes go no further. Without it only the start is probed.
    pub fn set_wanted_bps(&mut self, wanted_bps: u64) {
        self.wanted_bps = Some(wanted_bps);
    }

    /// What the plan of the line leaves the peer; the target never exceeds it. (Below the least rate of the options the least rate stands.)
    pub fn set_ceiling_bps(&mut self, ceiling_bps: Option<u64>) {
        self.ceiling_bps = ceiling_bps;
        self.rate.set_most_bps(self.most_bps() as f64);
    }

    /// Padding that ought to leave now, labelled with its cluster. Ask at every turn of the pacer while it gives any, and at `next_probe`;
    /// do not ask where nothing can be padded.
    pub fn poll_probe(&mut self, now: Instant) -> Option<Probe> {
        let now_us = self.since_epoch(now);
        if self.voice == Voice::Reports { None } else { self.probing.due(now_us) }
    }

    /// When `poll_probe` may have something.
    pub fn next_probe(&self, now: Instant) -> Option<Instant> {
        let due_us = self.probing.next_due_us().filter(|_| self.voice != Voice::Reports)?;
        Some(now.max(self.epoch + Duration::from_micros(u64::try_from(due_us).unwrap_or(0))))
    }

    pub fn rtt(&self) -> Option<Duration> {
        self.rtt_us.map(|rtt_us| Duration::from_micros(rtt_us as u64))
    }

    /// Share of packets lost, 0 to 1, over about the last second.
    pub fn loss(&self) -> f64 {
        match self.voice {
            Voice::Transport => self.loss.share(),
            _ => self.reported_loss.unwrap_or(0.0),
        }
    }

    /// The line is fuller than it should be at this moment: begin nothing new.
    pub fn is_congested(&self) -> bool {
        self.rate.is_draining() || self.detector.usage() == Usage::Overuse || self.is_starved || self.is_losing()
    }

    pub fn statistics(&self) -> Statistics {
        Statistics {
            target_bps: self.target_bps(),
            acknowledged_bps: self.acknowledged_bps().unwrap_or(0.0) as u64,
            rtt: self.rtt(),
            queued: Duration::from_micros(self.queue.queued_us().max(0) as u64),
            loss: self.loss(),
            in_flight_bytes: self.history.in_flight_bytes(),
            is_congested: self.is_congested(),
            cuts: self.rate.cuts(),
            starved: self.starved,
            probes: self.probing.begun(),
            probes_through: self.probing.succeeded(),
            messages: self.messages,
            lies: self.history.lies(),
        }
    }

    fn judge(&mut self, now_us: i64) {
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

    fn plan(&mut self, now_us: i64) {
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

    fn estimate_bps(&self) -> f64 {
        match self.voice {
            // What nobody measures may follow what is wanted, not run away.
            Voice::Reports => self.remb.estimate_bps().min(self.wanted_bps.map_or(f64::INFINITY, |wanted| wanted as f64 * 1.5)),
            _ => self.rate.estimate_bps(),
        }
    }

    fn most_bps(&self) -> u64 {
        self.options.max_bps.min(self.ceiling_bps.unwrap_or(u64::MAX)).max(self.options.min_bps)
    }

    /// What arrives, yet never more than was sent: a receiver that tells of arrivals in a shorter time gains nothing.
    fn acknowledged_bps(&self) -> Option<f64> {
        Some(self.arriving.bitrate_bps(LONG)?.min(self.leaving.bitrate_bps(LONG)?))
    }

    fn is_losing(&self) -> bool {
        match self.voice {
            Voice::Transport => self.loss.is_excessive(),
            _ => self.loss() > CONGESTED_LOSS,
        }
    }

    fn speak(&mut self, voice: Voice) {
        if self.voice == Voice::Nobody {
            self.voice = voice;
        }
    }

    fn forget_clock(&mut self) {
        self.arriving.reset();
        self.detector.reset();
        self.queue.reset();
        self.loss.forget_delays();
    }

    fn since_epoch(&self, now: Instant) -> i64 {
        let since = now.saturating_duration_since(self.epoch);
        since.as_secs() as i64 * 1_000_000 + i64::from(since.subsec_micros())
    }
}

/// What one message has said altogether.
#[derive(Debug, Default)]
struct Heard {
    known: Option<Told>,
}

#[derive(Debug, Clone, Copy)]
struct Told {
    last_sequence: u16,
    last_arrival_us: i64,
    least_delay_us: i64,
}

impl Heard {
    #[inline]
    fn note(&mut self, sequence: u16, sent_us: i64, arrival_us: i64) {
        let delay_us = arrival_us.saturating_sub(sent_us);
        let told = self.known.get_or_insert(Told { last_sequence: sequence, last_arrival_us: arrival_us, least_delay_us: delay_us });
        told.last_sequence = sequence;
        told.last_arrival_us = told.last_arrival_us.max(arrival_us);
        told.least_delay_us = told.least_delay_us.min(delay_us);
    }

    fn finish(self) -> Option<Told> {
        self.known
    }
}

/// Unwraps the reference time of 24 bits.
#[derive(Debug, Default)]
struct ReceiverClock {
    last: Option<(i64, u32, i64)>,
}

impl ReceiverClock {
    /// Microseconds on the receiver's clock, and whether it was set anew.
    fn unwrap(&mut self, now_us: i64, reference: u32) -> (i64, bool) {
        let Some((last_now_us, last, last_us)) = self.last else {
            let us = i64::from(reference) * REFERENCE_US;
            self.last = Some((now_us, reference, us));
            return (us, false);
        };
        // Sign-extended difference of 24 bits.
        let steps = i64::from((reference.wrapping_sub(last) << 8) as i32 >> 8);
        let is_new = (steps * REFERENCE_US - (now_us - last_now_us)).abs() > CLOCK_JUMP_US;
        // A message that was overtaken does not set the clock back; one of another clock sets it as it is.
        let us = if is_new { i64::from(reference) * REFERENCE_US } else { last_us + steps * REFERENCE_US };
        if steps > 0 || is_new {
            self.last = Some((now_us, reference, us));
        }
        (us, is_new)
    }
}
