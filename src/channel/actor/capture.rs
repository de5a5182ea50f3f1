//! What is done with packets as they come: taped, listened to, looked at. Runs on a thread that may block.

use std::sync::Arc;

use super::services;
use crate::base::UtcMs;
use crate::channel::announced::{Announced, News};
use crate::channel::tape::{TapeEvent, TapeWriter};
use crate::channel::{OfferedService, Signal, SignalState};
use crate::cmaf::{Probe, Prober, is_browser_playable};
use crate::epg::GuideChange;
use crate::ingest::Chunk;
use crate::ts::taper::{Counts, Event};
use crate::ts::{PACKET_LEN, Packet};

/// Everything that packets go through.
pub struct Capture {
    writer: TapeWriter,
    announced: Announced,
    /// While it is looked at what the service is.
    look: Option<Look>,
    rate: Rate,
    present: Option<(bool, UtcMs)>,
    trouble: Option<String>,
    scrambled: bool,
    probe: Option<Probe>,
    services_changed: bool,
}

/// What there is to say after some packets.
#[derive(Default)]
pub struct Step {
    /// For the log.
    pub warnings: Vec<String>,
    /// For the log and the operator's page.
    pub notes: Vec<String>,
    pub guide: Vec<GuideChange>,
    pub services: Option<Vec<OfferedService>>,
    signal: Option<(SignalState, Option<String>)>,
    counts: Counts,
    bitrate_bps: u64,
    scrambled: bool,
    probe: Option<Probe>,
}

/// Looking at what the service is, until it is clear or so long.
struct Look {
    prober: Prober,
    until: UtcMs,
}

const LOOK_MS: i64 = 12_000;

impl Capture {
    pub fn new(writer: TapeWriter, announced: Announced) -> Self {
        Self { writer, announced, look: None, rate: Rate::default(), present: None, trouble: None, scrambled: false, probe: None, services_changed: false }
    }

    /// Takes chunks, writes what is due, and says what happened.
    pub fn step(&mut self, chunks: &[Arc<Chunk>], now: UtcMs) -> Step {
        let mut step = self.push(chunks);
        let events = self.writer.flush(now);
        self.tell(events, now, &mut step);
        step
    }

    /// The last step: completes the tape segment under way.
    pub fn finish(&mut self, chunks: &[Arc<Chunk>], now: UtcMs) -> Step {
        let mut step = self.push(chunks);
        let events = self.writer.finish(now);
        self.tell(events, now, &mut step);
        step
    }

    fn push(&mut self, chunks: &[Arc<Chunk>]) -> Step {
        let mut news = News::default();
        for chunk in chunks {
            for (at, packets) in chunk.runs() {
                self.writer.push(at, packets);
                self.announced.push(at, packets, &mut news);
                if let Some(look) = &mut self.look {
                    for bytes in packets.as_chunks::<PACKET_LEN>().0 {
                        if let Ok(packet) = Packet::parse(bytes) {
                            look.prober.push(&packet);
                        }
                    }
                }
            }
        }
        Step { notes: news.warnings, guide: news.changes, ..Step::default() }
    }

    fn tell(&mut self, events: Vec<TapeEvent>, now: UtcMs, step: &mut Step) {
        for event in events {
            self.hear(event, now, step);
        }
        self.conclude_look(now);
        let counts = self.writer.taper().counts();
        step.bitrate_bps = self.rate.of(counts.service_bytes, now);
        step.counts = counts;
        step.scrambled = self.scrambled;
        step.probe = self.probe.clone();
        if std::mem::take(&mut self.services_changed) {
            step.services = Some(services::offered(&self.writer.taper().services(), self.announced.names()));
        }
        step.signal = self.signal();
    }

    fn hear(&mut self, event: TapeEvent, now: UtcMs, step: &mut Step) {
        match event {
            TapeEvent::Taped(event) => self.hear_taper(event, now, step),
            TapeEvent::WriteFailed(error) => {
                let words = format!("录像写入失败:{error} / the tape cannot be written: {error}");
                step.warnings.push(words.clone());
                self.trouble = Some(words);
            }
            TapeEvent::WritingAgain => self.trouble = None,
            TapeEvent::SyncLost { times } => step.warnings.push(format!("packets lost their alignment {times} times")),
            TapeEvent::NotATransportStream { bytes } => {
                let words = format!("收到 {bytes} 字节,但不是传输流 / {bytes} bytes came that are not a transport stream");
                step.warnings.push(words.clone());
                self.trouble = Some(words);
            }
            TapeEvent::SegmentClosed(_) => {}
        }
    }

    fn hear_taper(&mut self, event: Event, now: UtcMs, step: &mut Step) {
        match event {
            Event::Signal { present, since } => {
                self.present = Some((present, since));
                if present {
                    self.trouble = None;
                } else {
                    step.warnings.push(format!("no signal since {since}"));
                }
            }
            Event::PmtChanged(pmt) => {
                self.trouble = None;
                self.announced.follow(pmt.service);
                self.look = Some(Look { prober: Prober::new(pmt.service), until: now + LOOK_MS });
            }
            Event::NoSuchService { services } => {
                let words = format!("没有所选的节目;现有 {services:?} / the service is not there; there are {services:?}");
                step.warnings.push(words.clone());
                self.trouble = Some(words);
            }
            Event::ServicesChanged => self.services_changed = true,
            Event::NothingToTape { service } => {
                let words = format!("节目 {service} 既无图像也无声音 / service {service} has neither picture nor sound");
                step.warnings.push(words.clone());
                self.trouble = Some(words);
            }
            Event::Scrambled(scrambled) => self.scrambled = scrambled,
            Event::Damage { continuity, transport, first, .. } => {
                let first = first.map(|e| format!(", first {e}")).unwrap_or_default();
                step.warnings.push(format!("{continuity} continuity errors, {transport} packets marked as damaged{first}"));
            }
            Event::Discontinuity { reason, at } => step.warnings.push(format!("a new epoch at {at}: {reason:?}")),
            Event::ClockFromPictures { pid } => step.warnings.push(format!("pid {pid:#x}: its times are far from the PCR and are taken for the clock")),
            Event::SegmentBegan { .. } => {}
        }
    }

    /// The look ends when it is clear what the service is, or its time is over.
    fn conclude_look(&mut self, now: UtcMs) {
        let Some(look) = self.look.take() else { return };
        let found = look.prober.found();
        let pictures = found.video.as_ref().is_none_or(|v| v.width > 0 && v.keys > 1);
        let sound = found.audio.as_ref().is_none_or(|a| a.sample_rate > 0);
        if found.found && pictures && sound || now >= look.until {
            self.probe = Some(found);
        } else {
            self.look = Some(look);
        }
    }

    fn signal(&self) -> Option<(SignalState, Option<String>)> {
        if let Some(trouble) = &self.trouble {
            return Some((SignalState::Error, Some(trouble.clone())));
        }
        match self.present? {
            (true, _) if self.scrambled => Some((SignalState::Error, Some("节目已加扰,无法录制 / the service is scrambled".to_owned()))),
            (true, _) => Some((SignalState::Ok, None)),
            (false, _) => Some((SignalState::Missing, Some("没有信号 / no signal".to_owned()))),
        }
    }
}

impl Step {
    /// Brings the signal up to date; says whether anything changed.
    pub fn apply(&self, signal: &mut Signal, now: UtcMs) -> bool {
        let before = signal.clone();
        if let Some((state, message)) = &self.signal {
            signal.enter(*state, message.clone(), now);
        }
        signal.bitrate_bps = self.bitrate_bps;
        signal.continuity_errors = self.counts.continuity_errors;
        signal.transport_errors = self.counts.transport_errors;
        signal.scrambled = self.scrambled;
        if let Some(probe) = &self.probe {
            let word = |kind: crate::ts::StreamKind| serde_json::to_value(kind).ok().and_then(|v| v.as_str().map(str::to_owned));
            signal.video = probe.video.as_ref().and_then(|v| word(v.kind));
            signal.audio = probe.audio.as_ref().and_then(|a| word(a.kind));
            (signal.width, signal.height) = probe.video.as_ref().map_or((0, 0), |v| (v.width, v.height));
            let playable = is_browser_playable(probe);
            signal.browser_playable = playable.is_ok();
            signal.why_not = playable.err().map(|e| e.to_string());
        }
        *signal != before
    }
}

/// Bits per second over the last seconds.
#[derive(Default)]
struct Rate {
    since: Option<(UtcMs, u64)>,
    bps: u64,
}

const RATE_MS: i64 = 4_000;

impl Rate {
    fn of(&mut self, bytes: u64, now: UtcMs) -> u64 {
        let (at, had) = *self.since.get_or_insert((now, bytes));
        if now - at >= RATE_MS {
            self.bps = bytes.saturating_sub(had) * 8 * 1000 / (now - at) as u64;
            self.since = Some((now, bytes));
        }
        self.bps
    }
}
