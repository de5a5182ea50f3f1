//! How well it goes, for the room: who is loud, whose line is poor.

use std::time::{Duration, Instant};

use super::peer::PeerReport;
use super::{Event, Forward};
use crate::sfu::codec::{Codec, Kind};
use crate::sfu::uplink::Source;
use crate::sfu::{PeerId, TrackId};

pub(super) const LEVELS: Duration = Duration::from_millis(100);
const QUALITY: u32 = 2;

/// A participant's connection, as people see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Quality {
    Poor,
    Good,
    Excellent,
}

/// Losses since the last judgement.
#[derive(Debug, Default)]
pub(super) struct Score {
    up: u8,
    down: u8,
    reports: u32,
    said: Option<Quality>,
}

impl Score {
    pub fn uplink_loss(&mut self, fraction: u8) {
        self.up = self.up.max(fraction);
    }

    pub fn downlink_loss(&mut self, fraction: u8) {
        self.down = self.down.max(fraction);
    }
}

/// A track's figures, for people.
#[derive(Debug, Clone, PartialEq)]
pub struct TrackReport {
    pub track: TrackId,
    pub codec: Option<Codec>,
    pub layers: Vec<LayerReport>,
    pub subscribers: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub struct LayerReport {
    pub rid: Option<String>,
    pub bitrate_bps: u64,
    pub resolution: Option<(u16, u16)>,
    pub lost: u64,
    pub expected: u64,
}

impl Forward {
    pub(super) fn tell_levels(&mut self) {
        let heard: Vec<_> = self
            .uplinks
            .iter_mut()
            .filter(|(_, uplink)| uplink.kind == Kind::Audio && uplink.has_started && matches!(uplink.source, Source::Peer(_)))
            .map(|(_, uplink)| (uplink.id, uplink.level.take().map(|level| level.minus_dbov).filter(|_| !uplink.is_muted)))
            .collect();
        if !heard.is_empty() {
            self.events.push_back(Event::Levels(heard));
        }
    }

    pub(super) fn tell_quality(&mut self, place: usize) {
        let Some(peer) = self.peers.get_mut(place) else { return };
        peer.score.reports += 1;
        // The first is said after a second, so that whoever comes sees soon how their line is.
        if peer.score.said.is_some() && peer.score.reports % QUALITY != 0 {
            return;
        }
        let paused = peer.wishes.values().filter(|wish| wish.is_paused).count();
        let worst = peer.score.up.max(peer.score.down);
        // In 1/256: 2 % is heard as nothing, 8 % is seen and heard.
        let quality = match (worst, paused) {
            (0..=5, 0) => Quality::Excellent,
            (0..=20, 0) => Quality::Good,
            (0..=20, _) if peer.congestion.target_bps() > 150_000 => Quality::Good,
            _ => Quality::Poor,
        };
        (peer.score.up, peer.score.down) = (0, 0);
        if peer.score.said.replace(quality) != Some(quality) {
            self.events.push_back(Event::Quality { peer: peer.id, quality });
        }
    }

    pub fn peer_report(&mut self, now: Instant, id: PeerId) -> Option<PeerReport> {
        let peer = self.peers.get_mut(*self.places.get(&id)?)?;
        let mut report = PeerReport {
            target_bps: peer.congestion.target_bps(),
            sent_bps: peer.sent_rate.bps(now),
            rtt: peer.congestion.rtt(),
            loss: peer.congestion.loss() as f32,
            paused: peer.wishes.values().filter(|wish| wish.is_paused).count(),
            ..PeerReport::default()
        };
        for uplink in &peer.uplinks {
            let Some(uplink) = self.uplinks.get_mut(*uplink) else { continue };
            for layer in &mut uplink.layers {
                let (lost, expected) = layer.lost();
                report.received_bps += layer.rate.bps(now);
                report.lost += lost;
                report.expected += expected;
            }
        }
        Some(report)
    }

    pub fn track_report(&mut self, now: Instant, track: TrackId) -> Option<TrackReport> {
        let uplink = self.uplinks.get_mut(*self.tracks.get(&track)?)?;
        let layers = uplink.layers.iter_mut().map(|layer| {
            let (lost, expected) = layer.lost();
            LayerReport { rid: layer.rid.clone(), bitrate_bps: layer.rate.bps(now), resolution: layer.resolution, lost, expected }
        });
        Some(TrackReport { track, codec: uplink.codec, layers: layers.collect(), subscribers: uplink.subscribers.len() })
    }
}
