//! One train of probing packets: how large it is, what of it arrived, and what that shows of the line.

/// A train lasts at least this long and has at least so many bytes: few enough that a slow line's short queue holds them.
const TRAIN_US: f64 = 20_000.0;
const TRAIN_BYTES: usize = 4_000;
const TRAIN_PACKETS: u32 = 4;
/// The queue that a train may leave on a line that is no wider than the estimate.
const TRAIN_QUEUE_US: f64 = 40_000.0;
/// Share that must have arrived for the measure to stand; of a train that filled the line the rest may have been dropped.
const ARRIVED: f64 = 0.8;
const ARRIVED_FULL: f64 = 0.5;
/// Left within less than this share of the time it arrived in: the line was full.
const FULL: f64 = 0.9;
/// Packets sent within this are of one bunch.
const BUNCH_US: i64 = 1_000;
const ARRIVED_MAX: usize = 512;
/// So many times what chance takes on average may be missing.
const MISSING_SPREAD: f64 = 1.5;
/// Arrived so many times faster than it left: bunched on the way, or a lie.
const BUNCHED: f64 = 2.0;
/// So many packets tell how fast they came.
const TAIL_PACKETS: usize = 4;
/// Where the line was full, stay a little below.
const UNDER_FULL: f64 = 0.92;

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// What may be sent.
    pub bitrate_bps: f64,
    /// What the line carries, if the train filled it.
    pub line_bps: Option<f64>,
}

#[derive(Debug)]
pub struct Train {
    pub rate_bps: f64,
    pub bytes: usize,
    pub begun_us: i64,
    pub sent_bytes: usize,
    pub sent_packets: u32,
    pub first_sent_us: i64,
    pub last_sent_us: i64,
    pub answered: u32,
    /// In the order of answers, which is that of sending as far as answers are not late. Empty but while a train is measured.
    arrived: Vec<Arrived>,
}

#[derive(Debug, Clone, Copy)]
struct Arrived {
    sent_us: i64,
    arrival_us: i64,
    bytes: u16,
}

impl Train {
    pub fn new(rate_bps: f64, estimate_bps: f64, doubts: u32) -> Self {
        let over = (rate_bps / estimate_bps.max(1.0) - 1.0).max(0.01);
        let most = (rate_bps * TRAIN_QUEUE_US / over / 8e6) as usize;
        Self {
            rate_bps,
            // What deceived shorter ones is a bucket of tokens before the line: a train has to empty it, and leaves no queue while it does.
            bytes: (TRAIN_BYTES.max((rate_bps * TRAIN_US / 8e6) as usize) * (1 + 2 * doubts as usize)).min(most.max(TRAIN_BYTES) * (1 + doubts as usize)),
            begun_us: 0,
            sent_bytes: 0,
            sent_packets: 0,
            first_sent_us: 0,
            last_sent_us: 0,
            answered: 0,
            arrived: Vec::new(),
        }
    }

    /// How long it is meant to last.
    pub fn planned_us(&self) -> i64 {
        (self.bytes as f64 * 8e6 / self.rate_bps.max(1.0)) as i64
    }

    /// Its packet left.
    pub fn sent(&mut self, now_us: i64, bytes: u16) {
        if self.sent_packets == 0 {
            self.first_sent_us = now_us;
        }
        self.last_sent_us = now_us;
        self.sent_packets += 1;
        self.sent_bytes += usize::from(bytes);
    }

    pub fn is_whole(&self) -> bool {
        self.sent_bytes >= self.bytes && self.sent_packets >= TRAIN_PACKETS
    }

    /// Too little left to show anything.
    pub fn is_in_vain(&self) -> bool {
        self.sent_bytes * 2 < self.bytes || self.sent_packets < TRAIN_PACKETS
    }

    /// An answer about one of its packets: its arrival, or `None` for a loss.
    pub fn answered(&mut self, sent_us: i64, bytes: u16, arrival_us: Option<i64>) {
        self.answered += 1;
        let Some(arrival_us) = arrival_us else { return };
        if self.arrived.len() < ARRIVED_MAX {
            self.arrived.push(Arrived { sent_us, arrival_us, bytes });
        }
    }

    /// What it has shown; `loss` is the share that is lost without trains.
    pub fn measure(&self, loss: f64) -> Option<Outcome> {
        let sent = f64::from(self.sent_packets);
        let share = self.arrived.len() as f64 / sent;
        // Spans reach from large packets to large ones: a small one is through so much sooner that on a slow line it would hide the queue.
        let largest = self.arrived.iter().map(|packet| packet.bytes).max()?;
        let edges = || self.arrived.iter().filter(|packet| packet.bytes >= largest / 2);
        let (first_sent_us, last_sent_us) = (edges().map(|packet| packet.sent_us).min()?, edges().map(|packet| packet.sent_us).max()?);
        let (first, last) = (edges().min_by_key(|packet| packet.arrival_us)?, edges().max_by_key(|packet| packet.arrival_us)?);
        let (sent_us, arrived_us) = (last_sent_us - first_sent_us, last.arrival_us - first.arrival_us);
        if self.arrived.len() < 3 || sent_us <= 0 || arrived_us <= 0 || arrived_us as f64 * BUNCHED < sent_us as f64 {
            return None;
        }
        let bytes = |from_us: i64| -> f64 {
            let span = self.arrived.iter().filter(|packet| (from_us..=last_sent_us).contains(&packet.sent_us));
            span.map(|packet| f64::from(packet.bytes)).sum()
        };
        // Bytes arrive after the beginning of a span and leave before its end.
        let inner = bytes(first_sent_us) - f64::from(first.bytes);
        let bps = |span_us: f64| inner * 8e6 / span_us;
        // A pacer's turn sends several at once, which any line stretches: the last of them count as if they had left one by one.
        let bunch = (bytes(last_sent_us - BUNCH_US) - f64::from(largest)).max(0.0);
        let paced_us = sent_us as f64 + bunch * 8e6 / self.rate_bps;
        // A short queue thins the train instead of stretching it: more is missing than the line loses else.
        let is_thinned = sent * (1.0 - share) > (MISSING_SPREAD * loss * sent).round();
        if (is_thinned || paced_us <= arrived_us as f64 * FULL) && share >= ARRIVED_FULL * (1.0 - loss) {
            let line_bps = bps(arrived_us as f64);
            return Some(Outcome { bitrate_bps: line_bps * UNDER_FULL, line_bps: Some(line_bps) });
        }
        // A bucket of tokens lets the first packets pass at once: what the line carries, the last ones show.
        if let Some(line_bps) = self.tail_bps(largest) {
            return Some(Outcome { bitrate_bps: line_bps * UNDER_FULL, line_bps: Some(line_bps) });
        }
        // What was lost without slowing the rest was lost by chance; the train showed no more than it was meant to.
        let bitrate_bps = bps(sent_us as f64).min(self.rate_bps);
        (share >= ARRIVED * (1.0 - loss)).then_some(Outcome { bitrate_bps, line_bps: None })
    }

    /// Its arrivals are of no more use.
    pub fn forget(&mut self) {
        self.arrived = Vec::new();
    }

    /// At which bitrate the second half of the train arrived, if it was stretched.
    fn tail_bps(&self, largest: u16) -> Option<f64> {
        let mut large: Vec<&Arrived> = self.arrived.iter().filter(|packet| packet.bytes >= largest / 2).collect();
        large.sort_unstable_by_key(|packet| packet.arrival_us);
        let tail = large.get(large.len() / 2..).filter(|tail| tail.len() >= TAIL_PACKETS)?;
        let (first, last) = (tail.first()?, tail.last()?);
        let (sent_us, arrived_us) = (last.sent_us - first.sent_us, last.arrival_us - first.arrival_us);
        let between = self.arrived.iter().filter(|packet| packet.arrival_us > first.arrival_us && packet.arrival_us <= last.arrival_us);
        let bps = between.map(|packet| f64::from(packet.bytes)).sum::<f64>() * 8e6 / arrived_us.max(1) as f64;
        (sent_us as f64 <= arrived_us as f64 * FULL && bps < self.rate_bps * FULL).then_some(bps)
    }
}
