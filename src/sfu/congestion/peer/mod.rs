//! The congestion control of one subscribing peer: it [hears](hear) what came, [judges](judge) what the line carries, and says it.

mod hear;
mod judge;

use std::time::{Duration, Instant};

use hear::ReceiverClock;

use super::bunch::Bunches;
use super::delay::{Detector, Usage};
use super::history::History;
use super::loss::Losses;
use super::probe::{ClusterId, Probe, Probing};
use super::queue::Queue;
use super::rate::Rate;
use super::remb::Remb;
use super::throughput::Throughput;
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
/// Half a second, in buckets of 50 ms.
const LONG: i64 = 10;
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
    bunches: Bunches,
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
            bunches: Bunches::default(),
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

    /// What may leave at once.
    pub fn burst_bytes(&self) -> usize {
        if self.is_congested() { 0 } else { self.bunches.allowed_bytes() }
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

    fn since_epoch(&self, now: Instant) -> i64 {
        let since = now.saturating_duration_since(self.epoch);
        since.as_secs() as i64 * 1_000_000 + i64::from(since.subsec_micros())
    }
}
