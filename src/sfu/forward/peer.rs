//! What is kept of a peer: its streams, what it is given, and what waits for its line.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use slab::Slab;

use super::Settings;
use super::report::Score;
use crate::sfu::codec::Kind;
use crate::sfu::congestion::{Congestion, Pacer, Recorder};
use crate::sfu::downlink::Downlink;
use crate::sfu::packet::{Extension, ExtensionIds};
use crate::sfu::uplink::{Stored, WallClock};
use crate::sfu::{PeerId, TrackId};

/// What is agreed with a peer apart from its tracks.
#[derive(Debug, Clone)]
pub struct PeerOptions {
    /// Packets to it carry the transport-wide number, and it reports on them.
    pub congestion: crate::sfu::congestion::Options,
    /// The name of its streams for those who receive them (RFC 3550 section 6.5.1).
    pub cname: String,
}

/// A peer's figures, for people.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct PeerReport {
    pub target_bps: u64,
    pub sent_bps: u64,
    pub rtt: Option<Duration>,
    pub loss: f32,
    /// What it sends.
    pub received_bps: u64,
    /// Of what it sent, since each of its tracks began: what never came, repairs included, and what should have.
    pub lost: u64,
    pub expected: u64,
    /// Pictures that it wants and does not get for its line's sake.
    pub paused: usize,
}

/// Where packets of an SSRC belong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Binding {
    pub uplink: usize,
    pub layer: usize,
    pub is_repair: bool,
}

/// What a subscriber wants of a track, beside its downlink.
#[derive(Debug)]
pub(super) struct Wish {
    pub track: TrackId,
    pub settings: Settings,
    pub is_paused: bool,
    /// When it was last given a higher layer, and when it last lost one soon after.
    pub rose: Option<Instant>,
    pub fell: Option<Instant>,
}

/// A packet that waits: by its number downstream.
#[derive(Debug, Clone, Copy)]
pub(super) struct Queued {
    pub downlink: usize,
    pub number: u16,
    pub payload_len: u16,
    /// Milliseconds since the peer came.
    pub since_ms: u32,
}

pub(super) struct Peer {
    pub id: PeerId,
    pub cname: String,
    pub is_connected: bool,
    pub connected_at: Option<Instant>,
    pub since: Instant,
    // What it sends.
    pub uplinks: Vec<usize>,
    pub bindings: HashMap<u32, Binding>,
    pub receives: ExtensionIds,
    pub recorder: Recorder,
    pub wall: WallClock,
    // What it gets.
    pub downlinks: Slab<Downlink>,
    pub wishes: HashMap<usize, Wish>,
    pub by_ssrc: HashMap<u32, usize>,
    pub sound: VecDeque<Queued>,
    pub repairs: VecDeque<Queued>,
    pub pictures: VecDeque<Queued>,
    pub congestion: Congestion,
    pub pacer: Pacer,
    pub transport_sequence: u16,
    /// All that it wants is paused and nothing is under way: a little padding keeps its line under observation.
    pub is_silent: bool,
    /// Its line hardly carries the least of everything: sound comes without redundancy.
    pub is_thin: bool,
    pub is_ready: bool,
    /// It is among those whose packets wait.
    pub is_waiting: bool,
    pub rtcp: VecDeque<Vec<u8>>,
    pub next_tick: Instant,
    pub next_reports: Instant,
    pub next_divide: Instant,
    /// Since when what it is given costs a little more than the line seems to carry.
    pub short_since: Option<Instant>,
    pub score: Score,
    /// Packets it claims that were never sent to it.
    pub lies: u64,
    pub sent_rate: crate::sfu::uplink::Rate,
}

impl Peer {
    pub fn new(now: Instant, id: PeerId, options: PeerOptions) -> Self {
        let congestion = Congestion::new(now, options.congestion);
        Self {
            id,
            cname: options.cname,
            is_connected: false,
            connected_at: None,
            since: now,
            uplinks: Vec::new(),
            bindings: HashMap::new(),
            receives: ExtensionIds::default(),
            recorder: Recorder::new(),
            wall: WallClock::default(),
            downlinks: Slab::new(),
            wishes: HashMap::new(),
            by_ssrc: HashMap::new(),
            sound: VecDeque::new(),
            repairs: VecDeque::new(),
            pictures: VecDeque::new(),
            pacer: Pacer::new(now, congestion.pacing_bps()),
            congestion,
            transport_sequence: 0,
            is_silent: false,
            is_thin: false,
            is_ready: false,
            is_waiting: false,
            rtcp: VecDeque::new(),
            next_tick: now,
            // Not all at the same moment.
            next_reports: now + Duration::from_millis(200 + id.0 * 37 % 800),
            next_divide: now,
            short_since: None,
            score: Score::default(),
            lies: 0,
            sent_rate: crate::sfu::uplink::Rate::default(),
        }
    }

    /// The sections of a bundle agree on their ids (RFC 9143 section 9).
    pub fn learn(&mut self, extensions: &ExtensionIds) {
        for (extension, id) in extensions.iter() {
            self.receives.set(extension, id);
        }
    }

    pub fn bind(&mut self, ssrc: u32, binding: Binding) {
        self.bindings.insert(ssrc, binding);
    }

    /// An uplink is gone.
    pub fn forget(&mut self, uplink: usize) {
        self.uplinks.retain(|at| *at != uplink);
        self.bindings.retain(|_, binding| binding.uplink != uplink);
    }

    pub fn add_downlink(&mut self, downlink: Downlink, track: TrackId, settings: Settings) -> usize {
        let (ssrc, rtx) = (downlink.ssrc, downlink.rtx_ssrc);
        let at = self.downlinks.insert(downlink);
        self.by_ssrc.insert(ssrc, at);
        if let Some(rtx) = rtx {
            self.by_ssrc.insert(rtx, at);
        }
        self.wishes.insert(at, Wish { track, settings, is_paused: false, rose: None, fell: None });
        at
    }

    pub fn remove_downlink(&mut self, at: usize) {
        if self.downlinks.try_remove(at).is_some() {
            self.wishes.remove(&at);
            self.by_ssrc.retain(|_, downlink| *downlink != at);
            for queue in [&mut self.sound, &mut self.repairs, &mut self.pictures] {
                queue.retain(|queued| queued.downlink != at);
            }
        }
    }

    /// A packet is to leave under this number.
    pub fn queue(&mut self, now: Instant, at: usize, number: u16, (stored, descriptor, payload): (&Stored, &[u8], &[u8])) {
        let since_ms = self.since_ms(now);
        let Some(downlink) = self.downlinks.get_mut(at) else { return };
        if let Some(still) = &mut downlink.still {
            still.keep(stored, descriptor, payload);
        }
        let queue = if downlink.kind == Kind::Audio { &mut self.sound } else { &mut self.pictures };
        queue.push_back(Queued { downlink: at, number, payload_len: payload.len() as u16, since_ms });
    }

    /// What waits of this downlink's pictures is of no use any more: it does not leave, and its numbers are used again.
    pub fn take_back(&mut self, at: usize) {
        let waiting = self.pictures.len();
        self.pictures.retain(|queued| queued.downlink != at);
        if self.pictures.len() < waiting
            && let Some(downlink) = self.downlinks.get_mut(at)
        {
            downlink.take_back();
        }
    }

    /// How fast, and how much at once, by what is known of the line now.
    pub fn pace(&mut self, now: Instant) {
        self.pacer.set(now, self.congestion.pacing_bps(), self.congestion.burst_bytes());
    }

    /// So many bytes left for it.
    pub fn spent(&mut self, now: Instant, bytes: usize) {
        self.pacer.spent(now, bytes);
        self.sent_rate.add(now, bytes);
    }

    pub fn since_ms(&self, now: Instant) -> u32 {
        now.saturating_duration_since(self.since).as_millis() as u32
    }

    pub fn sends_transport_sequence(&self) -> bool {
        self.downlinks.iter().any(|(_, downlink)| downlink.extensions.get(Extension::TransportSequence).is_some())
    }
}
