//! A line, a sender and a receiver in virtual time, in steps of one millisecond.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::{ClusterId, Congestion, Options, Pacer, Recorder};

const PACKET_BYTES: usize = 1_200;
const SOUND_BYTES: usize = 120;
const PADDING_BYTES: usize = 1_000;

/// xorshift64*: the same in every run.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// From 0 to 1.
    pub fn share(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11) as f64 / (1u64 << 53) as f64
    }
}

#[derive(Clone)]
pub struct Line {
    /// From that second on, so many bits per second.
    pub rates_bps: Vec<(f64, f64)>,
    pub propagation: Duration,
    /// Tail drop: what the line carries in this time, but three packets at least.
    pub queue: Duration,
    /// What passes at once after a pause, as shapers of providers let it (a token bucket).
    pub bucket_bytes: usize,
    /// Of each direction.
    pub loss: f64,
    /// Each packet is late by up to this, in order of sending unless `reorders`.
    pub jitter: Duration,
    pub reorders: bool,
    pub duplication: f64,
    /// Nothing comes back in these seconds.
    pub deaf: Option<(f64, f64)>,
    pub seed: u64,
}

impl Line {
    pub fn new(rate_bps: f64, queue: Duration) -> Self {
        Self {
            rates_bps: vec![(0.0, rate_bps)],
            propagation: Duration::from_millis(25),
            queue,
            bucket_bytes: 0,
            loss: 0.0,
            jitter: Duration::ZERO,
            reorders: false,
            duplication: 0.0,
            deaf: None,
            seed: 1,
        }
    }

    fn rate_bps(&self, at_s: f64) -> f64 {
        self.rates_bps.iter().rev().find(|(from, _)| *from <= at_s).map_or(0.0, |(_, rate)| *rate)
    }
}

/// What the sender sends.
#[derive(Clone)]
pub enum Content {
    /// An encoder that follows the target.
    Adaptive,
    /// The highest of these bitrates that the target holds, as an SFU forwards simulcast layers.
    Layers(Vec<f64>),
    /// So many bits per second, whatever the target.
    Fixed(f64),
    /// Sound alone.
    Sound,
}

#[derive(Clone, Copy, Default)]
pub struct Second {
    pub target_bps: f64,
    pub arrived_bps: f64,
    pub line_bps: f64,
    pub lost: usize,
    pub layer: usize,
}

struct Packet {
    sequence: u16,
    bytes: usize,
    sent_us: i64,
    flow: usize,
    is_foreign: bool,
}

struct Sender {
    congestion: Congestion,
    pacer: Pacer,
    recorder: Recorder,
    content: Content,
    sequence: u16,
    media: VecDeque<usize>,
    frame: u64,
    layer: usize,
    feedback: VecDeque<(i64, Vec<u8>)>,
    seconds: Vec<Second>,
    /// (second of arrival, time in the line's queue in ms, time in the sender's queue is not in it)
    queued: Vec<(f64, f64)>,
    targets: Vec<(f64, f64)>,
}

pub struct Report {
    pub seconds: Vec<Second>,
    pub queued: Vec<(f64, f64)>,
    pub targets: Vec<(f64, f64)>,
    pub congestion: Congestion,
}

impl Report {
    /// Of the line, by what arrived.
    pub fn utilisation(&self, from_s: usize, to_s: usize) -> f64 {
        let (mut arrived, mut line) = (0.0, 0.0);
        for second in self.seconds.iter().take(to_s).skip(from_s) {
            arrived += second.arrived_bps;
            line += second.line_bps;
        }
        arrived / line
    }

    pub fn queued_ms(&self, from_s: f64, to_s: f64, quantile: f64) -> f64 {
        let mut queued: Vec<f64> = self.queued.iter().filter(|(at, _)| (from_s..to_s).contains(at)).map(|(_, queued)| *queued).collect();
        queued.sort_by(f64::total_cmp);
        queued.get(((queued.len() as f64 * quantile) as usize).min(queued.len().saturating_sub(1))).copied().unwrap_or(0.0)
    }

    /// Seconds from `from_s` until the target is at least `bps`, and stays so (with a tenth to spare) for two seconds.
    pub fn reached_s(&self, from_s: f64, bps: f64) -> f64 {
        let mut since = None;
        for (at, target) in self.targets.iter().filter(|(at, _)| *at >= from_s) {
            match since {
                None if *target >= bps => since = Some(*at),
                Some(_) if *target < bps * 0.9 => since = None,
                Some(begun) if at - begun > 2.0 => return begun - from_s,
                _ => {}
            }
        }
        f64::INFINITY
    }

    pub fn least_target(&self, from_s: f64, to_s: f64) -> f64 {
        self.targets.iter().filter(|(at, _)| (from_s..to_s).contains(at)).map(|(_, target)| *target).fold(f64::INFINITY, f64::min)
    }

    pub fn most_target(&self, from_s: f64, to_s: f64) -> f64 {
        self.targets.iter().filter(|(at, _)| (from_s..to_s).contains(at)).map(|(_, target)| *target).fold(0.0, f64::max)
    }

    /// Falls of the target by more than a quarter of what it was up to two seconds before.
    pub fn falls(&self, from_s: f64, to_s: f64) -> usize {
        let mut falls = 0;
        let mut peak = 0.0f64;
        for (_, target) in self.targets.iter().filter(|(at, _)| (from_s..to_s).contains(at)) {
            peak = peak.max(*target);
            if *target < peak * 0.75 {
                falls += 1;
                peak = *target;
            }
        }
        falls
    }
}

#[derive(Clone)]
pub struct Flow {
    pub content: Content,
    pub wanted_bps: Option<u64>,
    pub ceiling_bps: Option<u64>,
    pub begins_s: f64,
    pub options: Options,
}

impl Flow {
    pub fn new(content: Content, wanted_bps: u64) -> Self {
        Self { content, wanted_bps: Some(wanted_bps), ceiling_bps: None, begins_s: 0.0, options: Options::default() }
    }
}

pub fn run(line: &Line, flow: Flow, seconds: usize) -> Report {
    run_shared(line, vec![flow], None, seconds).remove(0)
}

/// `foreign`: (from, to, bits per second) of traffic on the same line that follows nothing.
pub fn run_shared(line: &Line, flows: Vec<Flow>, foreign: Option<(f64, f64, f64)>, seconds: usize) -> Vec<Report> {
    let start = Instant::now();
    let mut random = Random::new(line.seed);
    let begins: Vec<f64> = flows.iter().map(|flow| flow.begins_s).collect();
    let mut senders: Vec<Sender> = flows
        .into_iter()
        .enumerate()
        .map(|(at, flow)| {
            let mut congestion = Congestion::new(start, flow.options);
            if let Some(wanted) = flow.wanted_bps {
                congestion.set_wanted_bps(wanted);
            }
            congestion.set_ceiling_bps(flow.ceiling_bps);
            Sender {
                pacer: Pacer::new(start, congestion.pacing_bps()),
                congestion,
                recorder: Recorder::new(),
                content: flow.content,
                sequence: 65_000u16.wrapping_add(at as u16 * 777),
                media: VecDeque::new(),
                frame: 0,
                layer: 0,
                feedback: VecDeque::new(),
                seconds: vec![Second::default(); seconds],
                queued: Vec::new(),
                targets: Vec::new(),
            }
        })
        .collect();
    let mut queue: VecDeque<Packet> = VecDeque::new();
    let (mut queue_bytes, mut credit_bits) = (0usize, 0.0f64);
    let mut on_the_way: Vec<(i64, Packet)> = Vec::new();
    let mut last_arrival_us = 0;
    let mut foreign_bits = 0.0;
    for ms in 0..seconds as i64 * 1_000 {
        let (now_us, at_s) = (ms * 1_000, ms as f64 / 1e3);
        let now = start + Duration::from_micros(now_us as u64);
        let second = ms as usize / 1_000;
        let mut entering = Vec::new();
        for (flow, sender) in senders.iter_mut().enumerate() {
            if at_s >= begins.get(flow).copied().unwrap_or(0.0) {
                sender.turn(now, ms, flow, &mut random, &mut entering);
            }
        }
        if let Some((from, to, rate)) = foreign
            && (from..to).contains(&at_s)
        {
            foreign_bits += rate / 1e3;
            while foreign_bits > PACKET_BYTES as f64 * 8.0 {
                foreign_bits -= PACKET_BYTES as f64 * 8.0;
                entering.push(Packet { sequence: 0, bytes: PACKET_BYTES, sent_us: now_us, flow: 0, is_foreign: true });
            }
        }
        let queue_max_bytes = ((line.rate_bps(at_s) / 8.0 * line.queue.as_secs_f64()) as usize).max(3 * PACKET_BYTES);
        for packet in entering {
            if queue_bytes + packet.bytes > queue_max_bytes {
                if !packet.is_foreign {
                    senders[packet.flow].seconds[second].lost += 1;
                }
            } else {
                queue_bytes += packet.bytes;
                queue.push_back(packet);
            }
        }
        // The line serves what one millisecond allows; a packet leaves at the point within it where its last bit does.
        let per_ms = line.rate_bps(at_s) / 1e3;
        credit_bits += per_ms;
        if queue.is_empty() {
            credit_bits = credit_bits.min(per_ms.max(line.bucket_bytes as f64 * 8.0));
        }
        while let Some(packet) = queue.pop_front_if(|packet| packet.bytes as f64 * 8.0 <= credit_bits) {
            let bits = packet.bytes as f64 * 8.0;
            credit_bits -= bits;
            queue_bytes -= packet.bytes;
            let left_us = now_us + 1_000 - (credit_bits / per_ms.max(1e-9) * 1e3).min(1_000.0) as i64;
            if packet.is_foreign {
                continue;
            }
            let sender = &mut senders[packet.flow];
            let serialised_us = bits / line.rate_bps(at_s).max(1.0) * 1e6;
            sender.queued.push((at_s, ((left_us - packet.sent_us) as f64 - serialised_us).max(0.0) / 1e3));
            if random.share() < line.loss {
                sender.seconds[second].lost += 1;
                continue;
            }
            let mut arrival_us = left_us + line.propagation.as_micros() as i64 + (random.share() * line.jitter.as_micros() as f64) as i64;
            if !line.reorders {
                arrival_us = arrival_us.max(last_arrival_us);
            }
            last_arrival_us = arrival_us;
            if random.share() < line.duplication {
                on_the_way.push((arrival_us + 3_000, Packet { ..packet }));
            }
            on_the_way.push((arrival_us, packet));
        }
        on_the_way.sort_by_key(|(arrival_us, _)| *arrival_us);
        let come = on_the_way.partition_point(|(arrival_us, _)| *arrival_us < now_us + 1_000);
        for (arrival_us, packet) in on_the_way.drain(..come) {
            let sender = &mut senders[packet.flow];
            sender.recorder.record(start + Duration::from_micros(arrival_us as u64), packet.sequence);
            sender.seconds[second].arrived_bps += packet.bytes as f64 * 8.0;
        }
        let is_deaf = line.deaf.is_some_and(|(from, to)| (from..to).contains(&at_s));
        for sender in &mut senders {
            let mut fci = Vec::new();
            while sender.recorder.build(now + Duration::from_millis(1), &mut fci).is_some() {
                if !is_deaf && random.share() >= line.loss {
                    sender.feedback.push_back((now_us + line.propagation.as_micros() as i64, std::mem::take(&mut fci)));
                }
                fci.clear();
            }
            sender.seconds[second].line_bps += line.rate_bps(at_s) / 1e3;
        }
    }
    senders
        .into_iter()
        .map(|sender| Report { seconds: sender.seconds, queued: sender.queued, targets: sender.targets, congestion: sender.congestion })
        .collect()
}

impl Sender {
    fn turn(&mut self, now: Instant, ms: i64, flow: usize, random: &mut Random, out: &mut Vec<Packet>) {
        let now_us = ms * 1_000;
        while let Some((_, fci)) = self.feedback.pop_front_if(|(due_us, _)| *due_us <= now_us) {
            self.congestion.feedback(now, &fci).unwrap();
        }
        if ms % 50 == 0 {
            self.congestion.tick(now);
            self.targets.push((ms as f64 / 1e3, self.congestion.target_bps() as f64));
        }
        self.pacer.set(now, self.congestion.pacing_bps(), self.congestion.burst_bytes());
        let second = &mut self.seconds[ms as usize / 1_000];
        second.target_bps = self.congestion.target_bps() as f64;
        second.layer = self.layer;
        if ms % 20 == 0 {
            self.leave(now, now_us, SOUND_BYTES, flow, None, out);
            self.pacer.spent(now, SOUND_BYTES);
        }
        if ms % 40 == 0 {
            self.encode(random);
        }
        // A media thread turns its pacers every 5 ms.
        if ms % 5 == 0 {
            while let Some(bytes) = self.media.pop_front_if(|bytes| self.pacer.budget(now) >= *bytes) {
                self.pacer.spent(now, bytes);
                self.leave(now, now_us, bytes, flow, None, out);
            }
            while !matches!(self.content, Content::Sound)
                && let Some(probe) = self.congestion.poll_probe(now)
            {
                let mut left = probe.bytes;
                while left > 0 {
                    let bytes = left.clamp(100, PADDING_BYTES);
                    self.leave(now, now_us, bytes, flow, Some(probe.cluster), out);
                    left = left.saturating_sub(bytes);
                }
            }
        }
    }

    fn encode(&mut self, random: &mut Random) {
        let target = self.congestion.target_bps() as f64;
        let sound = SOUND_BYTES as f64 * 8.0 * 50.0;
        let bitrate = match &self.content {
            Content::Adaptive => (target - sound).max(0.0),
            Content::Fixed(bitrate) => *bitrate,
            Content::Sound => 0.0,
            Content::Layers(layers) => {
                self.layer = layers.iter().rposition(|layer| layer + sound <= target).map_or(0, |at| at + 1);
                self.layer.checked_sub(1).map_or(0.0, |at| layers[at])
            }
        };
        // Key pictures are rare and four times as large; others vary by a fifth.
        self.frame += 1;
        let factor = if self.frame % 250 == 1 { 4.0 } else { 0.8 + 0.4 * random.share() };
        let mut bytes = (bitrate * 0.04 / 8.0 * factor) as usize;
        // A sender whose queue is over half a second long drops pictures.
        if self.media.iter().sum::<usize>() as f64 * 8.0 > target * 0.5 {
            return;
        }
        while bytes > 0 {
            let packet = bytes.clamp(60, PACKET_BYTES);
            self.media.push_back(packet);
            bytes = bytes.saturating_sub(packet);
        }
    }

    fn leave(&mut self, now: Instant, now_us: i64, bytes: usize, flow: usize, cluster: Option<ClusterId>, out: &mut Vec<Packet>) {
        self.sequence = self.sequence.wrapping_add(1);
        self.congestion.sent(now, self.sequence, bytes, cluster);
        out.push(Packet { sequence: self.sequence, bytes, sent_us: now_us, flow, is_foreign: false });
    }
}
