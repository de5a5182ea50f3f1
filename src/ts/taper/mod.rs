//! The heart of capture: packets and the time of their arrival in; the bytes of the tape, its index and what happened out.
//!
//! A tape segment begins at a random access point; every random access point is preceded by a PAT and a PMT packet, so that reading can begin at each.
//! PAT (of the one service) and PMT are written anew with counters of their own; everything else of the service stays as received.
//! While it is not yet known whether a PES packet is a random access point, bytes from it on are held back.

mod damage;
mod segment;
mod tables;
#[cfg(test)]
mod tests;
mod timebase;

use super::continuity::{Continuity, ContinuityCheck, ContinuityError};
use super::index::{BreakReason, End, Record, TapeInstant};
use super::service::{MuxServices, Route, ServiceFilter, Wanted};
use super::time::TapeClock;
use super::{Packet, Pmt};
use crate::base::UtcMs;
use damage::Damage;
use segment::{Hold, Segment};
use timebase::{Reference, Stash};

/// How a tape is made.
#[derive(Debug, Clone, Copy)]
pub struct TaperOptions {
    pub wanted: Wanted,
    /// A tape segment ends at the first random access point after this.
    pub segment_seconds: u32,
    /// Without pictures (or sound, of a service without) for so long, the signal is lost.
    pub signal_lost_ms: i64,
    pub resume: Resume,
}

/// Where the tape stands so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resume {
    /// The end of what is on it; `None`: it is new.
    pub end: Option<TapeInstant>,
    pub next_epoch: u32,
    /// The HLS sequence number that comes next.
    pub next_sequence: u64,
    /// Why there is a gap after it.
    pub reason: BreakReason,
}

impl Default for Resume {
    fn default() -> Self {
        Self { end: None, next_epoch: 0, next_sequence: 0, reason: BreakReason::Start }
    }
}

/// What the writer does at a place of the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// From here on the bytes belong to a new tape segment, which begins at this instant. Its header record follows.
    Begin(TapeInstant),
    /// For the index of the segment under way.
    Record(Record),
    /// The segment under way is complete.
    End(End),
}

/// What happened, for the log, the metrics and the operator's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Pictures (or the sound of a service without) arrive since, or are missing since.
    Signal {
        present: bool,
        since: UtcMs,
    },
    /// The PMT in force: the first, or another than before.
    PmtChanged(Pmt),
    /// The wanted service is not in the multiplex; these are.
    NoSuchService {
        services: Vec<u16>,
    },
    /// Services, their PMTs or their names changed: see [`Taper::services`].
    ServicesChanged,
    /// The service has neither pictures nor sound, so nothing of it can be taped.
    NothingToTape {
        service: u16,
    },
    Scrambled(bool),
    /// Damage received since the event before; the first continuity error is the evidence.
    Damage {
        at: UtcMs,
        continuity: u32,
        transport: u32,
        first: Option<ContinuityError>,
    },
    /// A new epoch begins with the next tape segment.
    Discontinuity {
        reason: BreakReason,
        at: UtcMs,
    },
    /// PTS are so far from the PCR that the time stamps of the pictures are taken for the clock.
    ClockFromPictures {
        pid: u16,
    },
    /// A tape segment began; what is missing before it, if anything, is in `gap_from`.
    SegmentBegan {
        at: TapeInstant,
        epoch: u32,
        gap_from: Option<UtcMs>,
    },
}

/// Sums since the taper was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Packets pushed, of all services.
    pub packets: u64,
    /// Bytes of the service's streams.
    pub service_bytes: u64,
    pub continuity_errors: u64,
    pub transport_errors: u64,
}

/// What was made since it was taken last.
#[derive(Debug, Clone, Default)]
pub struct Output {
    pub bytes: Vec<u8>,
    /// In order; each at its place in `bytes`.
    pub steps: Vec<(usize, Step)>,
    pub events: Vec<Event>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Signal {
    Unknown,
    Present,
    Missing,
}

/// Makes the tape of one channel. Told the time; allocates nothing per packet.
pub struct Taper {
    options: TaperOptions,
    filter: ServiceFilter,
    continuity: ContinuityCheck,
    clock: TapeClock,
    out: Output,
    /// Place in the tape segment of the first byte of `out`; negative where the segment begins within it.
    out_offset: i64,
    segment: Option<Segment>,
    hold: Option<Hold>,
    /// The first bytes of the PES packet that is held.
    head: Vec<u8>,
    stash: Stash,
    reference: Reference,
    /// The next segment begins a new epoch, and why.
    break_reason: Option<BreakReason>,
    gap_from: Option<UtcMs>,
    next_epoch: u32,
    epoch: u32,
    next_sequence: u64,
    /// Media time since when no random access point came.
    waiting_since_90k: Option<i64>,
    damage: Damage,
    counts: Counts,
    signal: Signal,
    last_arrival: Option<UtcMs>,
    scrambled: bool,
    scrambled_run: u32,
    pat_due: bool,
    pmt_due: bool,
    /// The PMT changed: the next random access point begins a tape segment.
    rotate: bool,
    source_offset_ms: Option<i64>,
    /// Reading a tape again: bytes stay where they are, PAT and PMT are there already.
    replay: bool,
    /// While replaying: where the PAT is behind which nothing but PMT packets came.
    replay_pat: Option<i64>,
}

impl Taper {
    pub fn new(options: TaperOptions) -> Self {
        let resume = options.resume;
        Self {
            options,
            filter: ServiceFilter::new(options.wanted),
            continuity: ContinuityCheck::default(),
            clock: TapeClock::new(resume.end.map_or(i64::MIN, |e| e.media_90k)),
            out: Output::default(),
            out_offset: 0,
            segment: None,
            hold: None,
            head: Vec::new(),
            stash: Stash::default(),
            reference: Reference::default(),
            break_reason: Some(resume.reason),
            gap_from: resume.end.map(|e| e.utc),
            next_epoch: resume.next_epoch,
            epoch: resume.next_epoch,
            next_sequence: resume.next_sequence,
            waiting_since_90k: None,
            damage: Damage::default(),
            counts: Counts::default(),
            signal: Signal::Unknown,
            last_arrival: None,
            scrambled: false,
            scrambled_run: 0,
            pat_due: false,
            pmt_due: false,
            rotate: false,
            source_offset_ms: None,
            replay: false,
            replay_pat: None,
        }
    }

    /// Indexes bytes that are on a tape already, beginning at `offset` of their segment. Nothing is dropped, inserted or divided; the bytes that come out are those that went in.
    pub fn replay(wanted: Wanted, clock: Option<TapeClock>, offset: u64) -> Self {
        let options = TaperOptions { wanted, segment_seconds: u32::MAX, signal_lost_ms: i64::MAX, resume: Resume::default() };
        let mut taper = Self { replay: true, out_offset: offset as i64, ..Self::new(options) };
        if let Some(clock) = clock {
            taper.clock = clock;
        }
        taper
    }

    /// Takes the next packet of the source.
    pub fn push(&mut self, arrival: UtcMs, packet: &Packet<'_>) {
        self.counts.packets += 1;
        let route = self.filter.route(packet.pid());
        if route.is_nothing() && !self.replay {
            return;
        }
        self.referenced(arrival, packet, route);
    }

    /// Time passes without packets: call every so often, such as at each flush.
    pub fn tick(&mut self, now: UtcMs) {
        self.tick_stash(now);
        let last = *self.last_arrival.get_or_insert(now);
        if self.signal != Signal::Missing && now - last >= self.options.signal_lost_ms {
            self.lose_signal(last);
        }
        self.damage_tick(now);
    }

    /// The source ends or the channel is switched off: completes the segment.
    pub fn finish(&mut self) {
        self.release_stash();
        self.settle_hold();
        self.end_segment(None);
        self.break_with(BreakReason::Stopped);
    }

    /// The bytes taken could not be written: begins anew at the next random access point, from where the tape stands.
    pub fn abandon(&mut self, resume: Resume) {
        self.out.bytes.clear();
        self.out.steps.clear();
        self.hold = None;
        self.segment = None;
        self.waiting_since_90k = self.clock.edge().map(|e| e.media_90k);
        self.break_reason = Some(resume.reason);
        self.gap_from = resume.end.map(|e| e.utc);
        self.next_epoch = resume.next_epoch;
        self.next_sequence = resume.next_sequence;
        self.clock.raise_floor(resume.end.map_or(i64::MIN, |e| e.media_90k));
    }

    /// Hands out what is ready. `output` is emptied first; its allocations are used again.
    pub fn take(&mut self, output: &mut Output) {
        output.bytes.clear();
        output.steps.clear();
        output.events.clear();
        std::mem::swap(output, &mut self.out);
        if let Some(hold) = &mut self.hold {
            self.out.bytes.extend_from_slice(&output.bytes[hold.at..]);
            output.bytes.truncate(hold.at);
            hold.at = 0;
        }
        self.out_offset += output.bytes.len() as i64;
    }

    /// Bytes that wait to be taken.
    pub fn pending_bytes(&self) -> usize {
        self.out.bytes.len()
    }

    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// What has been received, by the last PCR.
    pub fn edge(&self) -> Option<TapeInstant> {
        self.clock.edge()
    }

    pub fn services(&self) -> MuxServices {
        self.filter.services()
    }

    pub fn service(&self) -> Option<u16> {
        self.filter.service()
    }

    pub fn pmt(&self) -> Option<&Pmt> {
        self.filter.pmt()
    }

    pub fn is_scrambled(&self) -> bool {
        self.scrambled
    }

    /// The source's clock (TDT, TOT) minus the machine's.
    pub fn source_offset_ms(&self) -> Option<i64> {
        self.source_offset_ms
    }

    /// A packet whose time reference, if it has one, was dealt with.
    fn accept(&mut self, arrival: UtcMs, packet: &Packet<'_>, route: Route, number: u64) {
        if packet.transport_error() && !route.is_nothing() {
            // Its PID may be wrong too. It is kept where it seems to belong, and nothing is read from it.
            self.counts.transport_errors += 1;
            self.damage.transport(arrival);
        }
        if route.is_table() && !packet.transport_error() {
            self.table(packet);
        } else if route.is_stream() {
            self.stream(arrival, packet, route, number);
        } else if route.is_time() {
            if !packet.transport_error() {
                self.source_time(arrival, packet);
            }
            self.append(packet);
        }
        if self.replay && !route.is_stream() && !route.is_time() {
            let here = self.offset(self.out.bytes.len());
            match packet.pid() {
                0 => self.replay_pat = Some(here),
                _ if route.is_table() => {}
                _ => self.replay_pat = None,
            }
            self.append(packet);
        }
    }

    fn append(&mut self, packet: &Packet<'_>) {
        if self.segment.is_some() || self.hold.is_some() || self.replay {
            self.out.bytes.extend_from_slice(packet.bytes());
        }
    }

    /// Place in the tape segment of a place in `out`.
    fn offset(&self, at: usize) -> i64 {
        self.out_offset + at as i64
    }

    fn stream(&mut self, arrival: UtcMs, packet: &Packet<'_>, route: Route, number: u64) {
        if route.is_main() {
            self.note_presence(arrival);
        }
        self.counts.service_bytes += packet.bytes().len() as u64;
        let follows = self.continuity.check(packet, number);
        if let Continuity::Broken(error) = follows {
            // A packet that is marked as damaged is counted as that.
            if !packet.transport_error() {
                self.counts.continuity_errors += 1;
                self.damage.continuity(arrival, error);
            }
        }
        if route.is_main() {
            self.main_packet(packet, follows);
        } else {
            self.append(packet);
        }
        self.replay_pat = None;
        self.damage_tick(arrival);
    }

    /// The signal is there when its main stream is: sound alone of a service with pictures gives no place to begin at.
    fn note_presence(&mut self, arrival: UtcMs) {
        self.note_arrival_gap(arrival);
        if self.signal != Signal::Present {
            self.signal = Signal::Present;
            self.out.events.push(Event::Signal { present: true, since: arrival });
        }
        self.last_arrival = Some(arrival);
    }

    fn lose_signal(&mut self, since: UtcMs) {
        self.release_stash();
        self.settle_hold();
        self.end_segment(None);
        self.clock.end();
        let lost = self.filter.service().is_none() || self.scrambled;
        self.break_with(if lost { BreakReason::ServiceLost } else { BreakReason::SignalLost });
        self.continuity.forget_all();
        self.signal = Signal::Missing;
        self.out.events.push(Event::Signal { present: false, since });
    }

    /// The next segment begins a new epoch. The first reason stands until one begins.
    fn break_with(&mut self, reason: BreakReason) {
        self.break_reason.get_or_insert(reason);
    }
}
