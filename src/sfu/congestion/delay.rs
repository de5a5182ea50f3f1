//! Overuse of the line, seen in how the delay between bursts grows (draft-ietf-rmcat-gcc-02, sections 5.1 to 5.5, with the trendline filter that later
//! took the Kalman filter's place).

/// Section 5.2: packets sent within this are one burst.
const BURST_US: i64 = 5_000;
/// What arrives back to back after a pause of the path (Wi-Fi, a busy scheduler) is one burst too, as long as it is shorter than this.
const BURST_MAX_US: i64 = 100_000;
/// Bursts that arrive before the one sent earlier: after so many the clock is not to be trusted.
const REORDERED_MAX: u8 = 3;

const WINDOW: usize = 20;
const SMOOTHING: f64 = 0.9;
const GAIN: f64 = 4.0;
const DELTAS_MAX: u32 = 60;
/// Section 5.5, the adaptive threshold: the one start and bounds (ms), and speeds by which it follows up and down.
const THRESHOLD_MS: f64 = 12.5;
const THRESHOLD_MIN_MS: f64 = 6.0;
const THRESHOLD_MAX_MS: f64 = 600.0;
const THRESHOLD_UP: f64 = 0.0087;
const THRESHOLD_DOWN: f64 = 0.039;
/// A peak so far above it leaves the threshold alone.
const THRESHOLD_PEAK_MS: f64 = 15.0;
/// Overuse has to last.
const OVERUSE_MS: f64 = 10.0;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Usage {
    #[default]
    Normal,
    /// The queue grows.
    Overuse,
    /// The queue drains.
    Underuse,
}

#[derive(Debug, Clone, Copy)]
struct Burst {
    first_sent_us: i64,
    last_sent_us: i64,
    first_arrival_us: i64,
    last_arrival_us: i64,
}

/// Feed it every packet that arrived, in the order of sending.
#[derive(Debug)]
pub struct Detector {
    current: Option<Burst>,
    previous: Option<Burst>,
    reordered: u8,
    // The trendline: points (arrival, smoothed delay) in milliseconds since the first.
    points: [(f64, f64); WINDOW],
    deltas: u32,
    first_arrival_us: i64,
    accumulated_ms: f64,
    smoothed_ms: f64,
    // The detector.
    threshold_ms: f64,
    threshold_at_us: Option<i64>,
    over_ms: f64,
    over_count: u32,
    trend_before: f64,
    usage: Usage,
}

impl Default for Detector {
    fn default() -> Self {
        Self {
            current: None,
            previous: None,
            reordered: 0,
            points: [(0.0, 0.0); WINDOW],
            deltas: 0,
            first_arrival_us: 0,
            accumulated_ms: 0.0,
            smoothed_ms: 0.0,
            threshold_ms: THRESHOLD_MS,
            threshold_at_us: None,
            over_ms: 0.0,
            over_count: 0,
            trend_before: 0.0,
            usage: Usage::Normal,
        }
    }
}

impl Detector {
    pub fn usage(&self) -> Usage {
        self.usage
    }

    #[inline]
    pub fn record(&mut self, sent_us: i64, arrival_us: i64) {
        let Some(current) = &mut self.current else {
            self.current = Some(Burst { first_sent_us: sent_us, last_sent_us: sent_us, first_arrival_us: arrival_us, last_arrival_us: arrival_us });
            return;
        };
        if sent_us < current.first_sent_us {
            return;
        }
        let arrival_delta = arrival_us - current.last_arrival_us;
        let propagation_delta = arrival_delta - (sent_us - current.last_sent_us);
        let is_back_to_back = propagation_delta < 0 && arrival_delta <= BURST_US && arrival_us - current.first_arrival_us < BURST_MAX_US;
        if sent_us - current.first_sent_us <= BURST_US || is_back_to_back {
            current.last_sent_us = current.last_sent_us.max(sent_us);
            current.last_arrival_us = current.last_arrival_us.max(arrival_us);
        } else {
            self.turn(Burst { first_sent_us: sent_us, last_sent_us: sent_us, first_arrival_us: arrival_us, last_arrival_us: arrival_us });
        }
    }

    /// Packets were left out, or the receiver's clock jumped: the next burst has none before it to be compared with.
    pub fn pause(&mut self) {
        self.current = None;
        self.previous = None;
    }

    pub fn reset(&mut self) {
        *self = Self { threshold_ms: self.threshold_ms, ..Self::default() };
    }

    fn turn(&mut self, next: Burst) {
        let Some(current) = self.current.replace(next) else { return };
        let Some(previous) = self.previous.replace(current) else { return };
        let sent_delta_us = current.last_sent_us - previous.last_sent_us;
        let arrival_delta_us = current.last_arrival_us - previous.last_arrival_us;
        if arrival_delta_us < 0 {
            self.reordered += 1;
            if self.reordered >= REORDERED_MAX {
                self.reset();
            }
            return;
        }
        self.reordered = 0;
        self.filter(sent_delta_us as f64 / 1e3, (arrival_delta_us - sent_delta_us) as f64 / 1e3, current.last_arrival_us);
    }

    fn filter(&mut self, sent_delta_ms: f64, delta_ms: f64, arrival_us: i64) {
        if self.deltas == 0 {
            self.first_arrival_us = arrival_us;
        }
        self.accumulated_ms += delta_ms;
        self.smoothed_ms = SMOOTHING * self.smoothed_ms + (1.0 - SMOOTHING) * self.accumulated_ms;
        if let Some(point) = self.points.get_mut(self.deltas as usize % WINDOW) {
            *point = ((arrival_us - self.first_arrival_us) as f64 / 1e3, self.smoothed_ms);
        }
        self.deltas = self.deltas.wrapping_add(1).max(1);
        let trend = if (self.deltas as usize) < WINDOW { self.trend_before } else { self.slope().unwrap_or(self.trend_before) };
        self.detect(trend, sent_delta_ms, arrival_us);
    }

    /// Least squares, in one pass: taken from the first place of the ring, the numbers stay small whatever the age of the peer.
    fn slope(&self) -> Option<f64> {
        let (origin_x, origin_y) = *self.points.first()?;
        let (mut sum_x, mut sum_y, mut sum_xx, mut sum_xy) = (0.0, 0.0, 0.0, 0.0);
        for (x, y) in &self.points {
            let (x, y) = (x - origin_x, y - origin_y);
            sum_x += x;
            sum_y += y;
            sum_xx += x * x;
            sum_xy += x * y;
        }
        let count = WINDOW as f64;
        let below = count * sum_xx - sum_x * sum_x;
        (below > 0.0).then(|| (count * sum_xy - sum_x * sum_y) / below)
    }

    fn detect(&mut self, trend: f64, sent_delta_ms: f64, arrival_us: i64) {
        if self.deltas < 2 {
            return;
        }
        let modified = f64::from(self.deltas.min(DELTAS_MAX)) * trend * GAIN;
        if modified > self.threshold_ms {
            self.over_ms += if self.over_count == 0 { sent_delta_ms / 2.0 } else { sent_delta_ms };
            self.over_count += 1;
            if self.over_ms > OVERUSE_MS && self.over_count > 1 && trend >= self.trend_before {
                self.over_ms = 0.0;
                self.over_count = 0;
                self.usage = Usage::Overuse;
            }
        } else {
            self.over_ms = 0.0;
            self.over_count = 0;
            self.usage = if modified < -self.threshold_ms { Usage::Underuse } else { Usage::Normal };
        }
        self.trend_before = trend;
        self.adapt(modified.abs(), arrival_us);
    }

    fn adapt(&mut self, modified_ms: f64, arrival_us: i64) {
        let since_ms = (arrival_us - self.threshold_at_us.replace(arrival_us).unwrap_or(arrival_us)).clamp(0, 100_000) as f64 / 1e3;
        if modified_ms > self.threshold_ms + THRESHOLD_PEAK_MS {
            return;
        }
        let speed = if modified_ms < self.threshold_ms { THRESHOLD_DOWN } else { THRESHOLD_UP };
        self.threshold_ms = (self.threshold_ms + speed * (modified_ms - self.threshold_ms) * since_ms).clamp(THRESHOLD_MIN_MS, THRESHOLD_MAX_MS);
    }
}
