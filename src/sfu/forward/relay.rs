//! Tracks that cross to another media thread, once for all who take them there, where they are mirrored.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{Forward, Rejected, UplinkOptions};
use crate::sfu::TrackId;
use crate::sfu::codec::Kind;
use crate::sfu::packet::Rtp;
use crate::sfu::uplink::{Source, Uplink, WallClock};

/// Another thread, as this one knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RelayId(pub usize);

/// What crosses to where a track is mirrored.
#[derive(Debug, Clone)]
pub enum Relayed {
    Packet {
        track: TrackId,
        layer: usize,
        is_repair: bool,
        packet: Arc<[u8]>,
    },
    /// A sender report, and how its publisher's clock lies against the server's.
    Report {
        track: TrackId,
        layer: usize,
        ntp: u64,
        rtp_time: u32,
        wall: WallClock,
    },
}

/// What a mirror asks of where its track is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// This layer and those below it; None: nothing now.
    Layers(Option<usize>),
    KeyPicture {
        layer: usize,
    },
}

impl Forward {
    /// A track that another thread's peer publishes: subscribers take it as any other.
    pub fn add_mirror(&mut self, options: UplinkOptions) -> Result<(), Rejected> {
        if self.tracks.contains_key(&options.track) {
            return Err(Rejected::TrackExists(options.track));
        }
        let at = self.insert_uplink(Source::Relay(WallClock::default()), options);
        self.mirrors.push(at);
        Ok(())
    }

    /// Another thread's mirror asks for something.
    pub fn need(&mut self, now: Instant, track: TrackId, by: RelayId, need: Need) {
        let Some(at) = self.tracks.get(&track).copied() else { return };
        match need {
            Need::KeyPicture { layer } => self.want_key(now, at, layer),
            Need::Layers(highest) => {
                if let Some(uplink) = self.uplinks.get_mut(at) {
                    uplink.relays.retain(|(relay, _)| *relay != by);
                    uplink.relays.extend(highest.map(|highest| (by, highest)));
                }
                self.tell_wanted(at);
            }
        }
    }

    /// What came from where a track is published.
    pub fn receive_relayed(&mut self, now: Instant, relayed: Relayed) {
        let (Relayed::Packet { track, .. } | Relayed::Report { track, .. }) = relayed;
        // One that ended meanwhile is not missed.
        let Some(at) = self.tracks.get(&track).copied() else { return };
        let Some(uplink) = self.uplinks.get_mut(at) else { return };
        let Source::Relay(known) = &mut uplink.source else { return };
        match relayed {
            Relayed::Packet { layer, is_repair, packet, .. } => {
                let Ok(rtp) = Rtp::parse(&packet) else { return };
                self.counters.relayed += 1;
                if let Some(layer) = uplink.layers.get_mut(layer).filter(|_| !is_repair) {
                    layer.rebind(rtp.ssrc());
                }
                self.take(now, at, layer, is_repair, &rtp);
            }
            Relayed::Report { layer, ntp, rtp_time, wall, .. } => {
                *known = wall;
                let rate_hz = uplink.clock_rate_hz();
                if let Some(layer) = uplink.layers.get_mut(layer) {
                    layer.sender_report(now, ntp, rtp_time, rate_hz);
                }
            }
        }
    }

    /// What has to cross, and where to.
    pub fn poll_relayed(&mut self) -> Option<(RelayId, Relayed)> {
        self.relayed.pop_front()
    }

    /// What is to be asked of where a mirrored track is published.
    pub fn poll_need(&mut self) -> Option<(TrackId, Need)> {
        self.needs.pop_front()
    }

    /// A packet that was kept crosses to wherever its layer is of use.
    pub(super) fn relay_packet(&mut self, at: usize, layer: usize, is_repair: bool, packet: &[u8]) {
        let Some(uplink) = self.uplinks.get(at).filter(|uplink| !uplink.relays.is_empty()) else { return };
        let packet: Arc<[u8]> = packet.into();
        for (relay, _) in uplink.relays.iter().filter(|(_, highest)| layer <= *highest) {
            self.relayed.push_back((*relay, Relayed::Packet { track: uplink.id, layer, is_repair, packet: packet.clone() }));
        }
    }

    pub(super) fn relay_report(&mut self, at: usize, layer: usize, ntp: u64, rtp_time: u32, wall: WallClock) {
        let Some(uplink) = self.uplinks.get(at) else { return };
        for (relay, _) in &uplink.relays {
            self.relayed.push_back((*relay, Relayed::Report { track: uplink.id, layer, ntp, rtp_time, wall }));
        }
    }

    /// Key pictures that mirrors still wait for are asked for again. What is missing is asked for, and given up, where it is published.
    pub(super) fn tick_mirrors(&mut self, now: Instant) {
        for at in &self.mirrors {
            let Some(Uplink { id, kind, layers, .. }) = self.uplinks.get_mut(*at) else { continue };
            for (index, layer) in layers.iter_mut().enumerate() {
                if !layer.losses.is_complete() {
                    layer.losses.due(now, Duration::ZERO, |_| {});
                }
                if *kind == Kind::Video && layer.key_request.due(now) {
                    self.needs.push_back((*id, Need::KeyPicture { layer: index }));
                }
            }
        }
    }
}
