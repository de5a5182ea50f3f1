//! What a peer's line can carry is divided among what it wants.

use std::time::{Duration, Instant};

use super::peer::Peer;
use super::{Event, Forward, Need};
use crate::allocation::{self, Class, Demand};
use crate::sfu::LAYERS;
use crate::sfu::codec::{Codec, Kind};
use crate::sfu::uplink::Source;

/// Who falls so soon after it rose did not fit, and is wary for a while.
const SOON: Duration = Duration::from_secs(20);
const WARY: Duration = Duration::from_secs(60);
const NEAR_PERCENT: u64 = 65;
/// An estimate swings about what the line carries: what is given is kept through a low of a fifth, if it is short.
const SHORT: Duration = Duration::from_millis(1_500);
const SHORT_PERCENT: u64 = 80;
/// A line that nobody has measured yet gets the benefit of the doubt: what has one layer only begins at once; the first answers tell.
const NEW: Duration = Duration::from_millis(1_500);
const NEW_FACTOR: u64 = 3;
/// For stills a publisher makes no more key pictures than this.
const STILL_REST: Duration = Duration::from_secs(3);

/// What a downlink gets of its track.
#[derive(Debug, Clone, Copy)]
struct Given {
    layer: Option<usize>,
    is_thinned: bool,
    /// Stills of the lowest layer, with so much of the line for them.
    still_bps: Option<u64>,
}

impl Given {
    /// More is better.
    fn rank(self) -> usize {
        match (self.layer, self.is_thinned) {
            (None, _) => 0,
            (Some(_), true) => 1,
            (Some(layer), false) => 2 + layer,
        }
    }
}

impl Peer {
    /// What may be divided, where `current_bps` is what everything costs as it is.
    fn budget_bps(&mut self, now: Instant, current_bps: u64) -> u64 {
        let target_bps = self.congestion.target_bps();
        if target_bps >= current_bps {
            self.short_since = None;
            return target_bps;
        }
        let since = *self.short_since.get_or_insert(now);
        let is_low = target_bps * 100 >= current_bps * SHORT_PERCENT && now.saturating_duration_since(since) < SHORT;
        if is_low { current_bps } else { target_bps }
    }

    fn is_unmeasured(&self, now: Instant) -> bool {
        self.connected_at.is_some_and(|at| now.saturating_duration_since(at) < NEW) && !self.congestion.is_congested()
    }
}

impl Forward {
    /// Chooses the layer of every downlink of the peer anew.
    pub(super) fn divide(&mut self, now: Instant, place: usize) {
        // For one who is not there yet nothing begins: it would miss the key picture.
        let Some(peer) = self.peers.get_mut(place).filter(|peer| peer.is_connected) else { return };
        let mut places = Vec::with_capacity(peer.downlinks.len());
        let mut demands = Vec::with_capacity(peer.downlinks.len());
        for (at, downlink) in &peer.downlinks {
            let (Some(wish), Some(uplink)) = (peer.wishes.get(&at), self.uplinks.get_mut(downlink.uplink)) else { continue };
            let mut costs_bps = uplink.costs(now);
            if downlink.is_plain {
                costs_bps[0] = costs_bps[0].map(|_| uplink.plain_bps(now));
            }
            if costs_bps.iter().all(Option::is_none) && !uplink.is_muted {
                // Nothing came yet: it is let through, so that it can begin with its first packet.
                costs_bps = [Some(0), None, None];
            }
            let class = if uplink.kind == Kind::Audio { Class::Sound } else { wish.settings.class };
            places.push(at);
            demands.push(Demand {
                class,
                costs_bps,
                max: wish.settings.max_layer.map(|max| max.min(LAYERS - 1)),
                thinned_bps: uplink.thinned_bps(now).filter(|_| class != Class::Sound),
                is_thinned: downlink.is_thinned,
                current: downlink.target.filter(|_| !downlink.is_thinned && downlink.still.is_none()),
                is_wary: wish.fell.is_some_and(|fell| now.saturating_duration_since(fell) < WARY),
            });
        }
        let mut layers = Vec::new();
        peer.congestion.set_wanted_bps(allocation::wanted_bps(&demands));
        if peer.is_unmeasured(now) && peer.congestion.statistics().messages == 0 {
            // The first answers come within a tenth of a second: until then a thin line is not filled for seconds by a large key picture.
            for demand in &mut demands {
                let lowest = demand.costs_bps.iter().position(Option::is_some);
                demand.max = demand.max.map(|max| max.min(lowest.unwrap_or(max)));
            }
        }
        peer.is_thin = allocation::is_thin(peer.congestion.target_bps(), &demands, peer.is_thin);
        let current_bps = allocation::current_bps(&demands);
        let budget_bps = peer.budget_bps(now, current_bps);
        // A line that breaks down says nothing about what it carried before.
        let is_near_miss = budget_bps * 100 >= current_bps * NEAR_PERCENT;
        allocation::divide(budget_bps, &demands, &mut layers);
        if peer.is_unmeasured(now) {
            allocation::begin(budget_bps * NEW_FACTOR, &demands, &mut layers);
        }
        let thinned = allocation::thin(budget_bps, &demands, &mut layers);
        let still = allocation::still(budget_bps, &demands, &layers);
        for (index, (((at, demand), layer), is_thinned)) in places.into_iter().zip(&demands).zip(layers).zip(thinned).enumerate() {
            let still_bps = still.filter(|(of, _)| *of == index).map(|(_, bps)| bps);
            self.give(now, place, at, demand, Given { layer, is_thinned, still_bps }, is_near_miss);
        }
        if let Some(peer) = self.peers.get_mut(place) {
            let is_thin = peer.is_thin;
            peer.downlinks.iter_mut().for_each(|(_, downlink)| downlink.is_plain = is_thin && downlink.payload(Codec::Opus).is_some());
        }
    }

    fn give(&mut self, now: Instant, place: usize, at: usize, demand: &Demand, given: Given, is_near_miss: bool) {
        let layer = given.layer;
        let Some(peer) = self.peers.get_mut(place) else { return };
        let id = peer.id;
        // What waits of a still is not what the line has no room for.
        let stands = given.still_bps.is_some() && peer.downlinks.get(at).is_some_and(|downlink| downlink.still.is_some());
        if layer.is_none() && !stands {
            peer.take_back(at);
        }
        let (Some(downlink), Some(wish)) = (peer.downlinks.get_mut(at), peer.wishes.get_mut(&at)) else { return };
        let moves = downlink.target.filter(|_| downlink.still.is_none());
        let before = Given { layer: moves, is_thinned: downlink.is_thinned, still_bps: None };
        // The first picture of all is no rise; one that comes back after a pause is.
        if given.rank() > before.rank() && (moves.is_some() || wish.is_paused) {
            wish.rose = Some(now);
        } else if given.rank() < before.rank() && is_near_miss && wish.rose.is_some_and(|rose| now.saturating_duration_since(rose) < SOON) {
            wish.fell = Some(now);
        }
        downlink.is_thinned = given.is_thinned;
        downlink.max_temporal = if given.is_thinned { 0 } else { wish.settings.max_temporal.unwrap_or(u8::MAX) };
        match (layer, given.still_bps) {
            (Some(layer), _) => (downlink.target, downlink.still) = (Some(layer), None),
            (None, Some(bps)) => downlink.stand(now, allocation::lowest(demand), bps),
            (None, None) => {
                downlink.pause();
                downlink.still = None;
            }
        }
        // Paused is what the line forbids, not what was not asked for, or does not come.
        let is_paused = layer.is_none() && demand.max.is_some() && demand.costs_bps.iter().any(Option::is_some);
        if std::mem::replace(&mut wish.is_paused, is_paused) != is_paused {
            self.events.push_back(Event::StreamState { peer: id, track: wish.track, is_paused });
        }
        let (uplink, awaited, is_dark) = (downlink.uplink, downlink.awaited(), downlink.current().is_none());
        let Some(awaited) = awaited else { return };
        if given.still_bps.is_some() && !self.wants_still(now, place, at, awaited) {
            return;
        }
        if is_dark {
            self.begin_from_store(now, place, at);
        }
        let still_waits = self.peers.get(place).and_then(|peer| peer.downlinks.get(at)).is_some_and(|downlink| downlink.awaited().is_some());
        if still_waits {
            self.want_key(now, uplink, awaited);
        }
    }

    /// Whether a key picture is asked for to make a still of: one that others had made does for all for a while.
    fn wants_still(&self, now: Instant, place: usize, at: usize, layer: usize) -> bool {
        let Some(downlink) = self.peers.get(place).and_then(|peer| peer.downlinks.get(at)) else { return false };
        let layer = self.uplinks.get(downlink.uplink).and_then(|uplink| uplink.layers.get(layer));
        downlink.still.as_ref().is_some_and(|still| still.is_due(now)) && layer.is_some_and(|layer| layer.key_request.rested(now, STILL_REST))
    }

    /// Which layer of a track is of use to anybody (dynacast).
    pub(super) fn tell_wanted(&mut self, at: usize) {
        let Some(uplink) = self.uplinks.get(at) else { return };
        let wishes = uplink.subscribers.iter().filter_map(|(place, downlink)| self.peers.get(*place)?.wishes.get(downlink)?.settings.max_layer);
        let (track, layer) = (uplink.id, wishes.chain(uplink.relays.iter().map(|(_, highest)| *highest)).max());
        if let Some(uplink) = self.uplinks.get_mut(at)
            && uplink.wanted.replace(layer) != Some(layer)
        {
            match uplink.source {
                Source::Peer(_) => self.events.push_back(Event::Wanted { track, layer }),
                Source::Relay(_) => self.needs.push_back((track, Need::Layers(layer))),
            }
        }
    }
}
