//! Who is here, what they publish, and what they take: it comes, changes and goes.

use std::time::Instant;

use super::peer::{Binding, Peer};
use super::{DownlinkOptions, Forward, PeerOptions, Rejected, Settings, UplinkOptions};
use crate::sfu::downlink::Downlink;
use crate::sfu::uplink::{Source, Uplink};
use crate::sfu::{PeerId, TrackId};

impl Forward {
    /// Adds a peer and tells its place, by which it is known on the hot paths.
    pub fn add_peer(&mut self, now: Instant, id: PeerId, options: PeerOptions) -> Result<usize, Rejected> {
        if self.places.contains_key(&id) {
            return Err(Rejected::PeerExists(id));
        }
        let place = self.peers.insert(Peer::new(now, id, options));
        self.places.insert(id, place);
        Ok(place)
    }

    pub fn remove_peer(&mut self, id: PeerId) {
        let Some(place) = self.places.remove(&id) else { return };
        let published = self.peers.get(place).map(|peer| peer.uplinks.clone()).unwrap_or_default();
        for uplink in published {
            if let Some(track) = self.uplinks.get(uplink).map(|uplink| uplink.id) {
                self.remove_uplink(track);
            }
        }
        if let Some(peer) = self.peers.try_remove(place) {
            for (at, downlink) in &peer.downlinks {
                if let Some(uplink) = self.uplinks.get_mut(downlink.uplink) {
                    uplink.subscribers.retain(|subscriber| *subscriber != (place, at));
                }
                self.tell_wanted(downlink.uplink);
            }
        }
        self.ready.retain(|ready| *ready != place);
        self.waiting.retain(|waiting| *waiting != place);
    }

    /// The connection stands: what the peer is to get may flow.
    pub fn connected(&mut self, now: Instant, id: PeerId) {
        let Some(place) = self.places.get(&id).copied() else { return };
        if let Some(peer) = self.peers.get_mut(place) {
            peer.is_connected = true;
            peer.connected_at = Some(now);
        }
        self.divide(now, place);
    }

    pub fn add_uplink(&mut self, id: PeerId, options: UplinkOptions) -> Result<(), Rejected> {
        let place = self.place(id)?;
        if self.tracks.contains_key(&options.track) {
            return Err(Rejected::TrackExists(options.track));
        }
        let (extensions, ssrcs, layers) = (options.extensions, options.ssrcs.clone(), options.rids.len());
        let at = self.insert_uplink(Source::Peer(place), options);
        if let Some(peer) = self.peers.get_mut(place) {
            peer.uplinks.push(at);
            peer.learn(&extensions);
            for (layer, (ssrc, rtx)) in ssrcs.iter().enumerate().take(layers) {
                peer.bind(*ssrc, Binding { uplink: at, layer, is_repair: false });
                if let Some(rtx) = rtx {
                    peer.bind(*rtx, Binding { uplink: at, layer, is_repair: true });
                }
            }
        }
        Ok(())
    }

    pub(super) fn insert_uplink(&mut self, source: Source, options: UplinkOptions) -> usize {
        let track = options.track;
        let mut uplink = Uplink::new(track, source, options.kind, &options.rids);
        (uplink.mid, uplink.payloads, uplink.extensions) = (options.mid, options.payloads, options.extensions);
        for (layer, (ssrc, rtx)) in uplink.layers.iter_mut().zip(&options.ssrcs) {
            (layer.ssrc, layer.rtx_ssrc) = (Some(*ssrc), *rtx);
        }
        let at = self.uplinks.insert(uplink);
        self.tracks.insert(track, at);
        at
    }

    pub fn remove_uplink(&mut self, track: TrackId) {
        let Some(at) = self.tracks.remove(&track) else { return };
        let Some(uplink) = self.uplinks.try_remove(at) else { return };
        match uplink.source {
            Source::Peer(place) => {
                if let Some(peer) = self.peers.get_mut(place) {
                    peer.forget(at);
                }
            }
            Source::Relay(_) => self.mirrors.retain(|mirror| *mirror != at),
        }
        for (place, downlink) in uplink.subscribers {
            if let Some(peer) = self.peers.get_mut(place) {
                peer.remove_downlink(downlink);
            }
        }
    }

    /// Muted tracks are not waited for, nor paid for.
    pub fn mute(&mut self, track: TrackId, is_muted: bool) {
        if let Some(uplink) = self.tracks.get(&track).and_then(|at| self.uplinks.get_mut(*at)) {
            uplink.is_muted = is_muted;
        }
    }

    pub fn add_downlink(&mut self, now: Instant, id: PeerId, options: DownlinkOptions) -> Result<(), Rejected> {
        let place = self.place(id)?;
        let at = *self.tracks.get(&options.track).ok_or(Rejected::NoTrack(options.track))?;
        self.remove_downlink(id, options.track);
        let seed = self.random();
        let (Some(uplink), Some(peer)) = (self.uplinks.get_mut(at), self.peers.get_mut(place)) else { return Err(Rejected::NoTrack(options.track)) };
        let mut downlink = Downlink::new(now, at, uplink.kind, options.ssrc, options.rtx_ssrc, seed);
        (downlink.payloads, downlink.extensions) = (options.payloads, options.extensions);
        let downlink = peer.add_downlink(downlink, options.track, options.settings);
        uplink.subscribers.push((place, downlink));
        self.divide(now, place);
        self.tell_wanted(at);
        Ok(())
    }

    pub fn remove_downlink(&mut self, id: PeerId, track: TrackId) {
        let Some((place, downlink)) = self.downlink(id, track) else { return };
        if let Some(peer) = self.peers.get_mut(place) {
            peer.remove_downlink(downlink);
        }
        let Some(at) = self.tracks.get(&track).copied() else { return };
        if let Some(uplink) = self.uplinks.get_mut(at) {
            uplink.subscribers.retain(|subscriber| *subscriber != (place, downlink));
        }
        self.tell_wanted(at);
    }

    pub fn set(&mut self, now: Instant, id: PeerId, track: TrackId, settings: Settings) {
        let Some((place, downlink)) = self.downlink(id, track) else { return };
        if let Some(wish) = self.peers.get_mut(place).and_then(|peer| peer.wishes.get_mut(&downlink)) {
            wish.settings = settings;
        }
        self.divide(now, place);
        if let Some(at) = self.tracks.get(&track).copied() {
            self.tell_wanted(at);
        }
    }

    /// The line's plan: no more than this is sent to the peer.
    pub fn set_ceiling(&mut self, id: PeerId, bps: Option<u64>) {
        if let Some(peer) = self.places.get(&id).and_then(|place| self.peers.get_mut(*place)) {
            peer.congestion.set_ceiling_bps(bps);
        }
    }

    pub(super) fn place(&self, id: PeerId) -> Result<usize, Rejected> {
        self.places.get(&id).copied().ok_or(Rejected::NoPeer(id))
    }

    fn downlink(&self, id: PeerId, track: TrackId) -> Option<(usize, usize)> {
        let place = *self.places.get(&id)?;
        let (downlink, _) = self.peers.get(place)?.wishes.iter().find(|(_, wish)| wish.track == track)?;
        Some((place, *downlink))
    }
}
