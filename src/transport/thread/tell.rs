//! What rooms and operators are told.

use std::time::{Duration, Instant};

use super::run::Thread;
use super::{EventSender, Happened, PeerEvent};
use crate::sfu::{Event, TrackId};
use crate::transport::session::{self, Via};

const COUNT: Duration = Duration::from_secs(1);
/// Tracks, and how loud they were.
type Levels = Vec<(TrackId, Option<u8>)>;

impl Thread {
    /// The thread's figures, for operators.
    pub(super) fn count(&mut self, now: Instant) {
        if now < self.next_count {
            return;
        }
        self.next_count = now + COUNT;
        let counters = self.forward.counters;
        let sessions = self.connections.iter().flatten().count();
        let mut refused = self.ended;
        self.connections.iter_mut().flatten().filter_map(|connection| connection.session()).for_each(|session| refused += *session.counters());
        for (what, count) in refused.named() {
            metrics::counter!("yizhan_media_refused_total", "thread" => self.name.clone(), "what" => what).absolute(count);
        }
        metrics::gauge!("yizhan_media_sessions", "thread" => self.name.clone()).set(sessions as f64);
        for (what, count) in [
            ("received", counters.received),
            ("sent", counters.sent),
            ("malformed", counters.malformed),
            ("unknown_stream", counters.unknown_stream),
            ("duplicate", counters.duplicates),
            ("repaired", counters.repaired),
            ("relayed", counters.relayed),
            ("relay_full", self.relay_full),
            ("resent", counters.nacks_answered),
            ("unknown_payload", counters.unknown_payload),
            ("nack_refused", counters.nacks_refused),
            ("lie", counters.lies),
            ("too_late", counters.too_late),
            ("queue_full", counters.queue_full),
            ("stranger", self.strangers),
            ("oversized", self.udp.as_ref().map_or(0, |udp| udp.counters.oversized)),
            ("send_call", self.udp.as_ref().map_or(0, |udp| udp.counters.calls)),
            ("send_failed", self.udp.as_ref().map_or(0, |udp| udp.counters.send_failures)),
        ] {
            metrics::counter!("yizhan_media_packets_total", "thread" => self.name.clone(), "what" => what).absolute(count);
        }
    }

    pub(super) fn session_event(&mut self, now: Instant, place: usize, event: session::Event) {
        let Some(connection) = self.connections.get_mut(place).and_then(Option::as_mut) else { return };
        let said = match event {
            session::Event::Connected { .. } => {
                self.forward.connected(now, connection.id);
                PeerEvent::Connected
            }
            session::Event::Quiet(is_quiet) => PeerEvent::Quiet(is_quiet),
            session::Event::PathChanged(path) => PeerEvent::Moved { is_tcp: path.via != Via::Udp },
            session::Event::ChannelOpened { channel, label, .. } => {
                connection.name_channel(channel, &label);
                PeerEvent::ChannelOpened { label }
            }
            session::Event::ChannelClosed { channel } => {
                connection.forget_channel(channel);
                return;
            }
            session::Event::Data { channel, is_text, bytes } => {
                let Some(label) = connection.labels.get(&channel).cloned() else { return };
                PeerEvent::Data { label, is_text, bytes }
            }
            session::Event::Closed(why) => PeerEvent::Closed(why),
        };
        // A room that ended does not listen.
        let _ = connection.events.send(Happened::Peer(connection.id, said));
    }

    /// Tells rooms what their media does.
    pub(super) fn tell(&mut self) {
        while let Some(event) = self.forward.poll_event() {
            match event {
                Event::Levels(levels) => self.tell_levels(levels),
                Event::StreamState { peer, .. } | Event::Quality { peer, .. } => {
                    if let Some(connection) = self.places.get(&peer).and_then(|place| self.connections.get(*place)).and_then(Option::as_ref) {
                        let _ = connection.events.send(Happened::Media(event));
                    }
                }
                Event::Started { track, .. } | Event::Wanted { track, .. } => {
                    if let Some(events) = self.tracks.get(&track) {
                        let _ = events.send(Happened::Media(event));
                    }
                }
            }
        }
    }

    /// Each room hears of its own tracks.
    fn tell_levels(&mut self, levels: Levels) {
        let mut rooms: Vec<(&EventSender, Levels)> = Vec::new();
        for level in levels {
            let Some(events) = self.tracks.get(&level.0) else { continue };
            match rooms.iter_mut().find(|(known, _)| known.same_channel(events)) {
                Some((_, levels)) => levels.push(level),
                None => rooms.push((events, vec![level])),
            }
        }
        for (events, levels) in rooms {
            let _ = events.send(Happened::Media(Event::Levels(levels)));
        }
    }
}
