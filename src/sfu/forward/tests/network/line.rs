//! A line in virtual time: a rate with a queue before it, a delay, and what goes wrong on it.

use std::collections::BTreeMap;

/// xorshift64*: the same in every run.
#[derive(Clone)]
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// From 0 to 1.
    pub fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        (self.next() >> 8) % limit.max(1)
    }
}

#[derive(Clone)]
pub struct Line {
    /// From that millisecond on, so many bits per second; none is no limit.
    pub rates_bps: Vec<(u64, Option<f64>)>,
    pub queue_ms: u64,
    pub delay_ms: u64,
    pub jitter_ms: f64,
    /// The receiver looks for packets so often, and takes all that came.
    pub looks_ms: u64,
    /// Jitter changes the order.
    pub reorders: bool,
    pub loss: f64,
    pub duplication: f64,
    pub random: Random,
    /// When the last bit of what waits leaves.
    pub free_us: u64,
    pub last_us: u64,
    pub order: u64,
    pub flying: BTreeMap<(u64, u64), Vec<u8>>,
    pub lost: usize,
    pub dropped: usize,
    /// Millisecond, and how long the packet then sent stood in the queue.
    pub waits_ms: Vec<(u64, f64)>,
    /// Bytes that came through, by seconds, IP and UDP included.
    pub carried: Vec<usize>,
}

/// IP, UDP, and the SRTP tag.
const OVERHEAD: usize = 28 + 16;

impl Line {
    pub fn wide() -> Self {
        Self {
            rates_bps: vec![(0, None)],
            queue_ms: 200,
            delay_ms: 20,
            jitter_ms: 0.0,
            looks_ms: 1,
            reorders: false,
            loss: 0.0,
            duplication: 0.0,
            random: Random::new(7),
            free_us: 0,
            last_us: 0,
            order: 0,
            flying: BTreeMap::new(),
            lost: 0,
            dropped: 0,
            waits_ms: Vec::new(),
            carried: Vec::new(),
        }
    }

    pub fn of(bps: f64) -> Self {
        Self { rates_bps: vec![(0, Some(bps))], ..Self::wide() }
    }

    pub fn lossy(loss: f64) -> Self {
        Self { loss, ..Self::wide() }
    }

    pub fn seeded(self, seed: u64) -> Self {
        Self { random: Random::new(seed), ..self }
    }

    pub fn rate_bps(&self, ms: u64) -> Option<f64> {
        self.rates_bps.iter().rev().find(|(from, _)| *from <= ms).and_then(|(_, rate)| *rate)
    }

    pub fn push(&mut self, now_ms: u64, packet: Vec<u8>) {
        let now_us = now_ms * 1_000;
        let bytes = packet.len() + OVERHEAD;
        let mut left_us = now_us;
        if let Some(bps) = self.rate_bps(now_ms) {
            let waits_us = self.free_us.saturating_sub(now_us);
            if waits_us > self.queue_ms * 1_000 {
                self.dropped += 1;
                return;
            }
            self.waits_ms.push((now_ms, waits_us as f64 / 1e3));
            self.free_us = self.free_us.max(now_us) + (bytes as f64 * 8e6 / bps) as u64;
            left_us = self.free_us;
        }
        if self.random.share() < self.loss {
            self.lost += 1;
            return;
        }
        let second = (left_us / 1_000_000) as usize;
        self.carried.resize(self.carried.len().max(second + 1), 0);
        self.carried[second] += bytes;
        let mut arrives_us = left_us + self.delay_ms * 1_000 + (self.random.share() * self.jitter_ms * 1e3) as u64;
        arrives_us = arrives_us.next_multiple_of(self.looks_ms * 1_000);
        if !self.reorders {
            arrives_us = arrives_us.max(self.last_us);
        }
        self.last_us = self.last_us.max(arrives_us);
        if self.random.share() < self.duplication {
            self.order += 1;
            self.flying.insert((arrives_us + 2_000, self.order), packet.clone());
        }
        self.order += 1;
        self.flying.insert((arrives_us, self.order), packet);
    }

    pub fn pop(&mut self, now_ms: u64) -> Option<Vec<u8>> {
        let ((at, order), _) = self.flying.first_key_value()?;
        let key = (*at, *order);
        if key.0 > now_ms * 1_000 {
            return None;
        }
        self.flying.remove(&key)
    }

    /// The wait that only so many of a thousand exceed.
    pub fn wait_ms(&self, from_ms: u64, to_ms: u64, quantile: f64) -> f64 {
        let mut waits: Vec<f64> = self.waits_ms.iter().filter(|(at, _)| (from_ms..to_ms).contains(at)).map(|(_, wait)| *wait).collect();
        waits.sort_by(f64::total_cmp);
        waits.get(((waits.len() as f64 * quantile) as usize).min(waits.len().saturating_sub(1))).copied().unwrap_or(0.0)
    }

    /// Bits per second that came through, in these seconds.
    pub fn carried_bps(&self, from_s: usize, to_s: usize) -> f64 {
        self.carried.iter().take(to_s).skip(from_s).sum::<usize>() as f64 * 8.0 / (to_s - from_s) as f64
    }
}
