//! What losses say about the line.
//!
//! Two things lose packets: the air (or a bad cable), whatever is sent, and a full queue, the more the more is sent. So each quarter of a second is an observation
//! (bitrate sent, share lost), and two explanations compete by least squares over the last five seconds:
//!
//! - every packet is lost with the same chance `p`;
//! - the line carries `b` bits per second and drops what is above, and the rest with chance `p`: lost = p + (1 − p) · max(0, 1 − b / sent).
//!
//! Only where the second explains clearly better is the line said to be full. A chance above a tenth is not believed until a lower rate has not helped. That is the
//! idea of libwebrtc's second loss-based estimator, reduced to a closed form.
//!
//! A short queue that drops what does not fit is seen sooner: what comes right before a loss stood longer than the rest, since the queue was full just then,
//! while the air takes packets whatever the queue.

use super::window::Moments;

const OBSERVATIONS: usize = 20;
const OBSERVATION_US: i64 = 250_000;
const OBSERVATION_PACKETS: u32 = 20;
/// Where little is sent, an observation of fewer packets has to do.
const OBSERVATION_LONG_US: i64 = 1_000_000;
/// Weight of an observation beside the next newer one.
const FADE: f64 = 0.93;
/// Losses come in bursts: so many packets tell as much as one would that is lost for itself.
const DISPERSION: f64 = 2.0;
/// How much better (in squared deviations) the explanation by a narrow line has to be.
const CLEARLY: f64 = 6.0;
/// Below this nobody asks why.
const HARMLESS: f64 = 0.02;
/// Chances of loss believed without and with proof.
const CHANCE_BELIEVED: f64 = 0.10;
const CHANCE_MAX: f64 = 0.35;
/// A proven chance is forgotten within a minute or so.
const CHANCE_FORGOTTEN: f64 = 0.001;
/// Loss for which a full queue is looked for.
const QUEUE_LOSS: f64 = 0.03;
/// How much longer packets before a loss must have stood: in deviations of the mean, and at all.
const QUEUE_CLEARLY: f64 = 3.0;
const QUEUE_LONGER_MS: f64 = 3.0;
/// Delays are compared over about a second.
const DELAY_FADE: f64 = 0.7;

/// What the losses come to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Verdict {
    /// The line is full, drops, and carries this many bits per second.
    Full(f64),
    /// Lower rates lost as much: cuts for loss were wrong.
    Air,
}

#[derive(Debug, Clone, Copy, Default)]
struct Observation {
    sent_bps: f64,
    packets: f64,
    lost: f64,
}

#[derive(Debug)]
pub struct Losses {
    ring: [Observation; OBSERVATIONS],
    count: usize,
    // The observation being made.
    bytes: u64,
    packets: u32,
    lost: u32,
    first_sent_us: i64,
    last_sent_us: i64,
    /// Share lost, over about a second.
    share: f64,
    /// Delays of all packets, in milliseconds on clocks that differ, and of those that came before a loss.
    delays: Moments,
    delays_before_loss: Moments,
    delay_ms: Option<f64>,
    clocks_us: Option<i64>,
    chance_believed: f64,
    /// Packets sent before this were sent at the rate before the last cut, and say nothing about it.
    deaf_until_us: i64,
}

impl Default for Losses {
    fn default() -> Self {
        Self {
            ring: Default::default(),
            count: 0,
            bytes: 0,
            packets: 0,
            lost: 0,
            first_sent_us: 0,
            last_sent_us: 0,
            share: 0.0,
            delays: Moments::default(),
            delays_before_loss: Moments::default(),
            delay_ms: None,
            clocks_us: None,
            chance_believed: CHANCE_BELIEVED,
            deaf_until_us: 0,
        }
    }
}

impl Losses {
    /// An answer about a packet, in the order of sending: its delay (between clocks that differ), or `None` if it is lost.
    #[inline]
    pub fn record(&mut self, sent_us: i64, bytes: u16, delay_us: Option<i64>) {
        if self.packets == 0 {
            self.first_sent_us = sent_us;
            self.last_sent_us = sent_us;
        }
        self.last_sent_us = self.last_sent_us.max(sent_us);
        self.bytes += u64::from(bytes);
        self.packets += 1;
        match delay_us {
            Some(delay_us) => {
                // The difference of the clocks is taken away, since squares follow.
                let delay_ms = delay_us.saturating_sub(*self.clocks_us.get_or_insert(delay_us)) as f64 / 1e3;
                self.delays.add(delay_ms);
                self.delay_ms = Some(delay_ms);
            }
            None => {
                self.lost += 1;
                if let Some(delay_ms) = self.delay_ms {
                    self.delays_before_loss.add(delay_ms);
                }
            }
        }
    }

    /// One counted as lost has come after all.
    pub fn found(&mut self) {
        self.lost = self.lost.saturating_sub(1);
    }

    /// After each feedback message. `arriving_bps` is what came through lately.
    pub fn update(&mut self, now_us: i64, arriving_bps: Option<f64>) -> Option<Verdict> {
        let span_us = self.last_sent_us - self.first_sent_us;
        if span_us < OBSERVATION_US || (self.packets < OBSERVATION_PACKETS && span_us < OBSERVATION_LONG_US) {
            return None;
        }
        let observed = Observation { sent_bps: self.bytes as f64 * 8e6 / span_us as f64, packets: f64::from(self.packets), lost: f64::from(self.lost) };
        let is_deaf = self.first_sent_us < self.deaf_until_us;
        (self.bytes, self.packets, self.lost) = (0, 0, 0);
        let lost = observed.lost / observed.packets;
        self.share += (lost - self.share) * (span_us as f64 / 1e6).clamp(0.25, 1.0);
        self.chance_believed = (self.chance_believed - CHANCE_FORGOTTEN).max(CHANCE_BELIEVED);
        if let Some(place) = self.ring.get_mut(self.count % OBSERVATIONS) {
            *place = observed;
        }
        self.count += 1;
        let is_queue_full = lost.min(self.share) > QUEUE_LOSS && self.is_queue_full();
        self.delays.fade(DELAY_FADE);
        self.delays_before_loss.fade(DELAY_FADE);
        if is_deaf || self.share < HARMLESS || lost < HARMLESS {
            return None;
        }
        let verdict = match arriving_bps {
            Some(arriving_bps) if is_queue_full => Some(Verdict::Full(arriving_bps)),
            _ => self.judge(arriving_bps.unwrap_or(0.0)),
        };
        if let Some(Verdict::Full(_)) = verdict {
            self.deaf_until_us = now_us;
            self.delays = Moments::default();
            self.delays_before_loss = Moments::default();
        }
        verdict
    }

    /// More is lost than chance is believed to take.
    pub fn is_excessive(&self) -> bool {
        self.share > self.chance_believed
    }

    /// The receiver's clock, or the path, is another.
    pub fn forget_delays(&mut self) {
        self.delays = Moments::default();
        self.delays_before_loss = Moments::default();
        (self.delay_ms, self.clocks_us) = (None, None);
    }

    fn is_queue_full(&self) -> bool {
        let longer_ms = self.delays_before_loss.mean() - self.delays.mean();
        let deviation_ms = self.delays.deviation() / self.delays_before_loss.count().max(1.0).sqrt();
        self.delays_before_loss.count() >= 2.0 && longer_ms > QUEUE_LONGER_MS && longer_ms > QUEUE_CLEARLY * deviation_ms
    }

    /// Share of packets lost, 0 to 1, over about a second.
    pub fn share(&self) -> f64 {
        self.share
    }

    /// A probe came through at a higher bitrate: the line is another than was thought.
    pub fn forget(&mut self) {
        self.count = 0;
    }

    /// Which of the two explains the losses.
    fn judge(&mut self, arriving_bps: f64) -> Option<Verdict> {
        let by_chance = self.fit(f64::INFINITY, self.chance_believed);
        let mut line_bps = self.weighted().fold(0.0, |most: f64, (_, seen)| most.max(seen.sent_bps));
        let mut best = (line_bps, by_chance.1);
        for _ in 0..16 {
            let (_, deviation) = self.fit(line_bps, self.chance_believed);
            if deviation < best.1 {
                best = (line_bps, deviation);
            }
            line_bps *= 0.94;
        }
        let (line_bps, deviation) = best;
        let by_proven_chance = self.fit(f64::INFINITY, CHANCE_MAX);
        if by_proven_chance.1 + CLEARLY < deviation {
            let is_new = by_proven_chance.0 > self.chance_believed;
            self.chance_believed = self.chance_believed.max((by_proven_chance.0 + 0.02).min(CHANCE_MAX));
            return is_new.then_some(Verdict::Air);
        }
        (deviation + CLEARLY < by_chance.1).then_some(Verdict::Full(line_bps.max(arriving_bps)))
    }

    /// The best chance of loss up to `most` beside a line of this bitrate, and the squared deviations it leaves.
    fn fit(&self, line_bps: f64, most: f64) -> (f64, f64) {
        let dropped = |seen: &Observation| if seen.sent_bps > line_bps { 1.0 - line_bps / seen.sent_bps } else { 0.0 };
        let variance = (self.share * (1.0 - self.share)).max(0.02) * DISPERSION;
        let (mut above, mut below) = (0.0, 0.0);
        for (weight, seen) in self.weighted() {
            let (lost, dropped) = (seen.lost / seen.packets, dropped(seen));
            above += weight * seen.packets * (1.0 - dropped) * (lost - dropped);
            below += weight * seen.packets * (1.0 - dropped) * (1.0 - dropped);
        }
        let chance = if below > 0.0 { (above / below).clamp(0.0, most) } else { 0.0 };
        let deviation = self
            .weighted()
            .map(|(weight, seen)| {
                let dropped = dropped(seen);
                let apart = seen.lost / seen.packets - (chance + (1.0 - chance) * dropped);
                weight * seen.packets * apart * apart
            })
            .sum::<f64>();
        (chance, deviation / variance)
    }

    /// Newest first.
    fn weighted(&self) -> impl Iterator<Item = (f64, &Observation)> {
        let mut weight = 1.0;
        (1..=self.count.min(OBSERVATIONS)).filter_map(move |back| {
            let fading = weight;
            weight *= FADE;
            self.ring.get((self.count - back) % OBSERVATIONS).map(|seen| (fading, seen))
        })
    }
}
