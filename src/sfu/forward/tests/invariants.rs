//! What must be true of a `Forward` at all times.

use super::super::Forward;
use crate::sfu::uplink::Source;

impl Forward {
    /// Nothing points at what is not there.
    pub fn assert_sound(&self) {
        assert_eq!((self.peers.len(), self.uplinks.len()), (self.places.len(), self.tracks.len()));
        for (id, place) in &self.places {
            assert_eq!(self.peers[*place].id, *id);
        }
        for (at, uplink) in &self.uplinks {
            assert_eq!(self.tracks[&uplink.id], at);
            match uplink.source {
                Source::Peer(place) => assert!(self.peers[place].uplinks.contains(&at)),
                Source::Relay(_) => assert!(self.mirrors.contains(&at)),
            }
            for (place, downlink) in &uplink.subscribers {
                assert_eq!(self.peers[*place].downlinks[*downlink].uplink, at);
            }
        }
        for (place, peer) in &self.peers {
            assert!(peer.uplinks.iter().all(|at| matches!(self.uplinks[*at].source, Source::Peer(at) if at == place)));
            assert!(peer.bindings.values().all(|binding| peer.uplinks.contains(&binding.uplink) && binding.layer < self.uplinks[binding.uplink].layers.len()));
            assert!(peer.bindings.len() <= self.limits.streams);
            assert_eq!(peer.wishes.len(), peer.downlinks.len());
            for (at, downlink) in &peer.downlinks {
                assert_eq!(self.uplinks[downlink.uplink].subscribers.iter().filter(|subscriber| **subscriber == (place, at)).count(), 1);
                assert_eq!(self.uplinks[downlink.uplink].id, peer.wishes[&at].track);
            }
            assert!(peer.by_ssrc.values().all(|at| peer.downlinks.contains(*at)));
            for queue in [&peer.sound, &peer.repairs, &peer.pictures] {
                assert!(queue.iter().all(|queued| peer.downlinks.contains(queued.downlink)));
            }
            assert_eq!(peer.is_waiting, self.waiting.contains(&place));
            assert_eq!(peer.is_ready, self.ready.contains(&place));
        }
        assert!(self.waiting.iter().chain(&self.ready).all(|place| self.peers.contains(*place)));
    }

    pub fn is_empty(&self) -> bool {
        self.peers.is_empty() && self.places.is_empty() && self.uplinks.is_empty() && self.tracks.is_empty() && self.ready.is_empty() && self.waiting.is_empty()
    }

    /// Bytes of packets, and of the subscribers' own books.
    pub fn held_bytes(&self) -> (usize, usize) {
        let store = self.uplinks.iter().flat_map(|(_, uplink)| &uplink.layers).map(|layer| layer.store.held_bytes()).sum();
        let of_peer = |peer: &super::super::Peer| {
            let queues = [&peer.sound, &peer.repairs, &peer.pictures].map(|queue| queue.capacity() * size_of::<super::super::peer::Queued>());
            let downlinks: usize = peer.downlinks.iter().map(|(_, downlink)| size_of::<crate::sfu::downlink::Downlink>() + downlink.sent.held_bytes()).sum();
            size_of::<super::super::Peer>() + queues.into_iter().sum::<usize>() + downlinks
        };
        (store, self.peers.iter().filter(|(_, peer)| !peer.downlinks.is_empty()).map(|(_, peer)| of_peer(peer)).sum())
    }
}
