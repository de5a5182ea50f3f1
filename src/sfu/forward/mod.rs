//! The peers, uplinks and downlinks of one media thread.

mod divide;
mod fill;
mod membership;
mod peer;
mod receive;
mod relay;
mod report;
mod rtcp_in;
mod rtcp_out;
mod send;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use slab::Slab;

use peer::Peer;
pub use peer::{PeerOptions, PeerReport};
pub use relay::{Need, RelayId, Relayed};
pub use report::{Quality, TrackReport};
pub use send::GROUP_BYTES;

use super::codec::{Codec, Kind};
use super::downlink::DownPayload;
use super::packet::{ExtensionIds, ntp};
use super::uplink::{Payload, Uplink};
use super::{PeerId, TrackId};
use crate::allocation::Class;

/// What one peer may make us keep.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Streams (SSRC) of a peer that are told apart.
    pub streams: usize,
    /// Packets that wait for a peer.
    pub queue: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { streams: 512, queue: 2_048 }
    }
}

/// A published track, as its section of the SDP has it.
#[derive(Debug, Clone)]
pub struct UplinkOptions {
    pub track: TrackId,
    pub kind: Kind,
    pub mid: Option<String>,
    pub payloads: Vec<Payload>,
    pub extensions: ExtensionIds,
    /// Lowest first; one without a name where there is no simulcast.
    pub rids: Vec<Option<String>>,
    /// SSRCs that the SDP names, with their repairs; as many as layers, or none.
    pub ssrcs: Vec<(u32, Option<u32>)>,
}

/// How a subscriber gets a track.
#[derive(Debug, Clone)]
pub struct DownlinkOptions {
    pub track: TrackId,
    pub ssrc: u32,
    pub rtx_ssrc: Option<u32>,
    pub payloads: Vec<DownPayload>,
    pub extensions: ExtensionIds,
    pub settings: Settings,
}

/// What a subscriber wants of a track.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    pub class: Class,
    /// The highest layer of use; None: nothing now.
    pub max_layer: Option<usize>,
    pub max_temporal: Option<u8>,
}

/// What the room should know.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The first packet of a track came.
    Started {
        track: TrackId,
        codec: Codec,
    },
    /// How loud the sound was in the last interval (−dBov); None is silence.
    Levels(Vec<(TrackId, Option<u8>)>),
    /// A subscriber's picture gave way to the line, or is back.
    StreamState {
        peer: PeerId,
        track: TrackId,
        is_paused: bool,
    },
    /// The highest layer that anybody takes of a track changed.
    Wanted {
        track: TrackId,
        layer: Option<usize>,
    },
    Quality {
        peer: PeerId,
        quality: Quality,
    },
}

/// Why something was not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    #[error("{0} is not here")]
    NoPeer(PeerId),
    #[error("{0} is not here")]
    NoTrack(TrackId),
    #[error("{0} is here already")]
    PeerExists(PeerId),
    #[error("{0} is here already")]
    TrackExists(TrackId),
}

/// Packets that were not forwarded, and why.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Counters {
    pub received: u64,
    pub sent: u64,
    pub malformed: u64,
    pub unknown_stream: u64,
    pub unknown_payload: u64,
    pub duplicates: u64,
    pub repaired: u64,
    /// Came from another thread.
    pub relayed: u64,
    pub nacks_answered: u64,
    pub nacks_refused: u64,
    pub queue_full: u64,
    pub too_late: u64,
    pub lies: u64,
}

const FAST_TICK: Duration = Duration::from_millis(5);
const IDLE_TICK: Duration = Duration::from_millis(50);

pub struct Forward {
    limits: Limits,
    origin: Instant,
    origin_unix: Duration,
    peers: Slab<Peer>,
    places: HashMap<PeerId, usize>,
    uplinks: Slab<Uplink>,
    tracks: HashMap<TrackId, usize>,
    /// Uplinks whose publishers are on other threads.
    mirrors: Vec<usize>,
    ready: VecDeque<usize>,
    /// Peers whose packets wait for their line.
    waiting: Vec<usize>,
    events: VecDeque<Event>,
    relayed: VecDeque<(RelayId, Relayed)>,
    needs: VecDeque<(TrackId, Need)>,
    next_tick: Option<Instant>,
    next_levels: Instant,
    seed: u64,
    pub counters: Counters,
}

impl Forward {
    /// `now` is `unix` after the Unix epoch, for the sender reports.
    pub fn new(now: Instant, unix: Duration, seed: u64, limits: Limits) -> Self {
        Self {
            limits,
            origin: now,
            origin_unix: unix,
            peers: Slab::new(),
            places: HashMap::new(),
            uplinks: Slab::new(),
            tracks: HashMap::new(),
            mirrors: Vec::new(),
            ready: VecDeque::new(),
            waiting: Vec::new(),
            events: VecDeque::new(),
            relayed: VecDeque::new(),
            needs: VecDeque::new(),
            next_tick: None,
            next_levels: now,
            seed,
            counters: Counters::default(),
        }
    }

    /// A peer that has something to send.
    pub fn next_ready(&mut self) -> Option<usize> {
        let place = self.ready.pop_front()?;
        if let Some(peer) = self.peers.get_mut(place) {
            peer.is_ready = false;
        }
        Some(place)
    }

    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    pub fn next_timeout(&self) -> Option<Instant> {
        self.next_tick.filter(|_| !self.peers.is_empty())
    }

    /// Time passes: what is due is asked for, reported, divided anew.
    pub fn tick(&mut self, now: Instant) {
        if self.next_tick.is_some_and(|tick| now < tick) {
            return;
        }
        for place in std::mem::take(&mut self.waiting) {
            if let Some(peer) = self.peers.get_mut(place) {
                peer.is_waiting = false;
            }
            self.make_ready(place);
        }
        if now >= self.next_levels {
            self.next_levels = now + report::LEVELS;
            self.tell_levels();
        }
        self.tick_mirrors(now);
        let places: Vec<usize> = self.peers.iter().filter(|(_, peer)| now >= peer.next_tick).map(|(place, _)| place).collect();
        for place in places {
            self.tick_peer(now, place);
        }
        self.schedule(now);
    }

    /// Packets wait, so time is short.
    fn schedule(&mut self, now: Instant) {
        let step = if self.waiting.is_empty() {
            self.peers.iter().map(|(_, peer)| peer.next_tick.saturating_duration_since(now)).min().unwrap_or(IDLE_TICK)
        } else {
            FAST_TICK
        };
        self.next_tick = Some(now + step.clamp(FAST_TICK, IDLE_TICK));
    }

    fn make_ready(&mut self, place: usize) {
        if let Some(peer) = self.peers.get_mut(place)
            && !std::mem::replace(&mut peer.is_ready, true)
        {
            self.ready.push_back(place);
        }
    }

    /// The server's wall clock (NTP, 32.32).
    fn ntp(&self, now: Instant) -> u64 {
        ntp::from_unix(self.origin_unix + now.saturating_duration_since(self.origin))
    }

    /// First numbers need not be secret, only unlike each other (SplitMix64).
    fn random(&mut self) -> u32 {
        self.seed = self.seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.seed ^ self.seed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        ((mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb) >> 32) as u32
    }
}
