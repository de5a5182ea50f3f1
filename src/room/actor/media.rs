//! What the media threads tell: who is connected, who speaks, how lines are.

use std::time::Instant;

use livekit_protocol::{
    ConnectionQuality, ConnectionQualityInfo, ConnectionQualityUpdate, DisconnectReason, SpeakerInfo, SpeakersChanged, StreamState, StreamStateInfo,
    StreamStateUpdate, participant_info, signal_response,
};

use super::{RoomActor, is_hidden};
use crate::room::events::RoomEvent;
use crate::room::participant::Participant;
use crate::sfu::speakers::Speaker;
use crate::sfu::{Event, PeerId, Quality, TrackId};
use crate::transport::{Closed, Happened, PeerEvent};

impl RoomActor {
    pub(super) fn happened(&mut self, happened: Happened) {
        match happened {
            Happened::Peer(peer, event) => {
                let Some(sid) = self.peers.get(&peer).cloned() else { return };
                match event {
                    PeerEvent::Connected => self.connected(&sid, peer),
                    PeerEvent::Quiet(is_quiet) => self.quiet(&sid, peer, is_quiet),
                    PeerEvent::Data { label, bytes, .. } => self.data(&sid, &label, &bytes),
                    PeerEvent::Closed(why) => self.closed(&sid, peer, &why),
                    PeerEvent::Moved { .. } | PeerEvent::ChannelOpened { .. } => {}
                }
            }
            Happened::Media(event) => self.media_event(event),
        }
    }

    fn connected(&mut self, sid: &str, peer: PeerId) {
        let Some(participant) = self.participants.get_mut(sid) else { return };
        let (thread, is_first) = (participant.thread(), !participant.was_active);
        let opens = participant.subscriber.as_ref().is_some_and(|connection| connection.peer == peer && !connection.is_connected);
        for connection in [Some(&mut participant.publisher), participant.subscriber.as_mut()].into_iter().flatten() {
            connection.is_connected |= connection.peer == peer;
        }
        if is_first && participant.receiving().peer == peer {
            participant.was_active = true;
            participant.info.state = participant_info::State::Active as i32;
            let passed = participant.joined.elapsed();
            tracing::info!(room = self.room.name, identity = participant.identity(), sid, ms = passed.as_millis() as u64, "participant connected");
            self.tell_changed(sid);
        }
        if opens {
            self.open_channels(thread, peer);
        }
    }

    fn closed(&mut self, sid: &str, peer: PeerId, why: &Closed) {
        let Some(participant) = self.participants.get(sid) else { return };
        tracing::info!(room = self.room.name, identity = participant.identity(), sid, why = %why, "media connection ended");
        // One that said goodbye has gone. Others see the end themselves and begin anew, or have lost all, and have their seat kept.
        if participant.resource.is_some() || *why == Closed::ByClient {
            return self.remove(sid, DisconnectReason::ClientInitiated, None);
        }
        // Of two connections clients use the second only when they have use for it: one that never stood is missed by nobody while the other stands.
        let both = || [Some(&participant.publisher), participant.subscriber.as_ref()].into_iter().flatten().filter(|connection| connection.is_connected);
        if both().any(|connection| connection.peer == peer) || both().next().is_none() {
            self.remove(sid, DisconnectReason::ConnectionTimeout, Some(livekit_protocol::leave_request::Action::Reconnect));
        }
    }

    fn media_event(&mut self, event: Event) {
        match event {
            Event::Started { track, codec } => self.started(track, codec),
            Event::Levels(levels) => self.levels(levels),
            Event::StreamState { peer, track, is_paused } => self.stream_state(peer, track, is_paused),
            Event::Wanted { track, layer } => self.wanted_changed(track, layer),
            Event::Quality { peer, quality } => self.quality(peer, quality),
        }
    }

    /// The codec that a client really sends.
    fn started(&mut self, id: TrackId, codec: crate::sfu::codec::Codec) {
        let Some((sid, track_sid)) = self.tracks.get(&id).cloned() else { return };
        let Some(track) = self.participants.get_mut(&sid).and_then(|participant| participant.track_mut(&track_sid)) else { return };
        let before = track.info.mime_type.clone();
        track.set_codec(codec);
        if track.info.mime_type != before {
            self.tell_changed(&sid);
        }
    }

    fn levels(&mut self, levels: Vec<(TrackId, Option<u8>)>) {
        let now = Instant::now();
        for (track, level) in levels {
            if self.is_of_booth(track) {
                continue;
            }
            self.speakers.heard(now, track, level);
        }
        let before = self.speaker_infos();
        let Some(speakers) = self.speakers.update(now) else { return };
        let mut changed = self.infos(&speakers);
        self.teller.tell(RoomEvent::Speakers { room: self.room.name.as_str().into(), speakers: changed.as_slice().into() });
        let ended = before
            .into_iter()
            .filter(|info| !changed.iter().any(|now| now.sid == info.sid))
            .map(|info| SpeakerInfo { level: 0.0, active: false, ..info })
            .collect::<Vec<_>>();
        changed.extend(ended);
        self.tell_others("", &signal_response::Message::SpeakersChanged(SpeakersChanged { speakers: changed }));
    }

    pub(super) fn speaker_infos(&self) -> Vec<SpeakerInfo> {
        self.infos(&self.speakers.speakers())
    }

    fn infos(&self, speakers: &[Speaker]) -> Vec<SpeakerInfo> {
        let of = |speaker: &Speaker| self.tracks.get(&speaker.track).map(|(sid, _)| SpeakerInfo { sid: sid.clone(), level: speaker.level, active: true });
        speakers.iter().filter_map(of).collect()
    }

    fn stream_state(&mut self, peer: PeerId, track: TrackId, is_paused: bool) {
        let (Some(sid), Some((publisher, track_sid))) = (self.peers.get(&peer).cloned(), self.tracks.get(&track).cloned()) else { return };
        let state = if is_paused { StreamState::Paused } else { StreamState::Active };
        let info = StreamStateInfo { participant_sid: publisher, track_sid, state: state as i32 };
        self.tell(&sid, signal_response::Message::StreamStateUpdate(StreamStateUpdate { stream_states: vec![info] }));
    }

    fn wanted_changed(&mut self, id: TrackId, layer: Option<usize>) {
        let Some((sid, track_sid)) = self.tracks.get(&id).cloned() else { return };
        let Some(track) = self.participants.get_mut(&sid).and_then(|participant| participant.track_mut(&track_sid)) else { return };
        if track.wanted.since.is_none() || track.wanted.layer != layer {
            track.wanted.layer = layer;
            track.wanted.since = Some(Instant::now());
        }
        self.tell_wanted(Instant::now());
    }

    fn quality(&mut self, peer: PeerId, quality: Quality) {
        let Some(sid) = self.peers.get(&peer).cloned() else { return };
        let (quality, score) = match quality {
            Quality::Excellent => (ConnectionQuality::Excellent, 5.0),
            Quality::Good => (ConnectionQuality::Good, 4.0),
            Quality::Poor => (ConnectionQuality::Poor, 2.0),
        };
        let Some(participant) = self.participants.get_mut(&sid) else { return };
        participant.quality = Some(ConnectionQualityInfo { participant_sid: sid.clone(), quality: quality as i32, score });
        self.tell_quality_of(&sid);
    }

    /// A line that carries nothing is lost for all to see, long before its seat is given up.
    fn quiet(&mut self, sid: &str, peer: PeerId, is_quiet: bool) {
        // Of two connections the one by which it sends is always used.
        let Some(participant) = self.participants.get_mut(sid).filter(|participant| participant.publisher.peer == peer) else { return };
        participant.is_quiet = is_quiet;
        self.tell_quality_of(sid);
    }

    fn tell_quality_of(&mut self, sid: &str) {
        let Some(info) = self.participants.get(sid).and_then(Participant::quality) else { return };
        self.tell_others("", &signal_response::Message::ConnectionQuality(ConnectionQualityUpdate { updates: vec![info] }));
    }

    /// Who comes, or comes back, sees at once how the lines of those are who are here: they are told only when they change.
    pub(super) fn tell_qualities_to(&mut self, sid: &str) {
        let updates: Vec<_> = self.participants.values().filter(|known| !is_hidden(&known.info)).filter_map(Participant::quality).collect();
        if !updates.is_empty() {
            self.tell(sid, signal_response::Message::ConnectionQuality(ConnectionQualityUpdate { updates }));
        }
    }
}
