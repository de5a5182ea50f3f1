//! What clients ask for.

use std::time::Instant;

use livekit_protocol::{
    DisconnectReason, Pong, RequestResponse, SyncState, TrackPublishedResponse, UpdateParticipantMetadata, request_response, signal_request, signal_response,
    simulate_scenario,
};

use super::{LinkId, RoomActor};
use crate::room::link::Request;
use crate::room::track::Track;

/// What a participant may say of itself.
const METADATA_BYTES: usize = 64_000;
const ATTRIBUTES_BYTES: usize = 64_000;
const NAME_BYTES: usize = 256;

impl RoomActor {
    pub(super) fn request(&mut self, sid: &str, link: LinkId, request: Request) {
        use signal_request::Message as Ask;
        let is_current = self.participants.get(sid).and_then(|participant| participant.outbox.as_ref()).is_some_and(|outbox| outbox.id == link);
        if !is_current {
            return; // Of a connection that was replaced.
        }
        match request {
            Ask::Offer(offer) => self.offered(sid, offer),
            Ask::Answer(answer) => self.answered(sid, &answer),
            // The client finds us; its own addresses are learnt from its checks.
            Ask::Trickle(_) => {}
            Ask::AddTrack(request) => self.add_track(sid, request),
            Ask::Mute(mute) => self.mute_by_client(sid, &mute.sid, mute.muted),
            Ask::Subscription(update) => self.update_subscription(sid, &update),
            Ask::TrackSetting(wish) => self.update_settings(sid, &wish),
            Ask::Leave(leave) => self.remove(sid, DisconnectReason::try_from(leave.reason).unwrap_or(DisconnectReason::ClientInitiated), None),
            Ask::SubscriptionPermission(permission) => {
                if let Some(participant) = self.participants.get_mut(sid) {
                    participant.permissions = permission;
                }
                self.permissions_changed(sid);
            }
            Ask::SyncState(sync) => self.sync(sid, sync),
            Ask::Simulate(simulate) => self.simulate(sid, simulate.scenario),
            Ask::Ping(_) => self.tell(sid, signal_response::Message::Pong(self.clock.now().0)),
            Ask::PingReq(ping) => {
                self.tell(sid, signal_response::Message::PongResp(Pong { last_ping_timestamp: ping.timestamp, timestamp: self.clock.now().0 }))
            }
            Ask::UpdateMetadata(update) => self.update_metadata(sid, update),
            Ask::UpdateAudioTrack(update) => self.update_track(sid, &update.track_sid, |track| track.info.audio_features = update.features.clone()),
            Ask::UpdateVideoTrack(update) => {
                self.update_track(sid, &update.track_sid, |track| (track.info.width, track.info.height) = (update.width, update.height))
            }
            Ask::PublishDataTrackRequest(asked) => self.unsupported(sid, request_response::Request::PublishDataTrack(asked)),
            Ask::UnpublishDataTrackRequest(asked) => self.unsupported(sid, request_response::Request::UnpublishDataTrack(asked)),
            // Data tracks and blobs are not supported; layers are seen by what arrives.
            _ => {}
        }
    }

    pub(super) fn tell(&mut self, sid: &str, message: signal_response::Message) {
        if let Some(participant) = self.participants.get_mut(sid) {
            participant.tell(message);
        }
    }

    pub(super) fn refuse(&mut self, sid: &str, request_id: u32, reason: request_response::Reason, message: &str, request: Option<request_response::Request>) {
        self.tell(sid, signal_response::Message::RequestResponse(RequestResponse { request_id, reason: reason as i32, message: message.to_owned(), request }));
    }

    fn unsupported(&mut self, sid: &str, request: request_response::Request) {
        self.refuse(sid, 0, request_response::Reason::NotAllowed, "data tracks are not supported", Some(request));
    }

    fn update_metadata(&mut self, sid: &str, update: UpdateParticipantMetadata) {
        let Some(participant) = self.participants.get_mut(sid) else { return };
        let id = update.request_id;
        let attributes: usize = update.attributes.iter().map(|(name, value)| name.len() + value.len()).sum();
        if !participant.permission().can_update_metadata {
            return self.refuse(
                sid,
                id,
                request_response::Reason::NotAllowed,
                "no permission to change one's own metadata",
                Some(request_response::Request::UpdateMetadata(update)),
            );
        }
        if update.metadata.len() > METADATA_BYTES || update.name.len() > NAME_BYTES || attributes > ATTRIBUTES_BYTES {
            return self.refuse(sid, id, request_response::Reason::LimitExceeded, "metadata, name or attributes are too long", None);
        }
        let kept: usize = participant.info.attributes.iter().filter(|(name, _)| !update.attributes.contains_key(*name)).map(|(n, v)| n.len() + v.len()).sum();
        if kept + attributes > ATTRIBUTES_BYTES {
            return self.refuse(sid, id, request_response::Reason::LimitExceeded, "attributes are too long together", None);
        }
        if !participant.allowance.take(Instant::now(), update.metadata.len() + update.name.len() + attributes) {
            return self.refuse(sid, id, request_response::Reason::LimitExceeded, "too much at once: everybody is told of it", None);
        }
        self.change(sid, &update);
        self.refuse(sid, id, request_response::Reason::Ok, "", None);
    }

    /// An empty attribute is taken away; an empty name or metadata stays as it is.
    pub(super) fn change(&mut self, sid: &str, update: &UpdateParticipantMetadata) {
        let Some(participant) = self.participants.get_mut(sid) else { return };
        if !update.metadata.is_empty() {
            participant.info.metadata.clone_from(&update.metadata);
        }
        if !update.name.is_empty() {
            participant.info.name.clone_from(&update.name);
        }
        for (name, value) in &update.attributes {
            match value.is_empty() {
                true => drop(participant.info.attributes.remove(name)),
                false => drop(participant.info.attributes.insert(name.clone(), value.clone())),
            }
        }
        self.tell_changed(sid);
    }

    fn update_track(&mut self, sid: &str, track_sid: &str, change: impl FnOnce(&mut Track)) {
        let Some(track) = self.participants.get_mut(sid).and_then(|participant| participant.track_mut(track_sid)) else { return };
        change(track);
        self.tell_changed(sid);
    }

    /// What a client that came back says it had: tracks that we do not know any more, it publishes anew.
    pub(super) fn sync(&mut self, sid: &str, sync: SyncState) {
        if let Some(subscription) = &sync.subscription {
            self.update_subscription(sid, subscription);
        }
        for state in &sync.datachannel_receive_states {
            self.send_missed(sid, &state.publisher_sid, state.last_seq);
        }
        let Some(participant) = self.participants.get_mut(sid) else { return };
        let is_known = |published: &TrackPublishedResponse| {
            published.track.as_ref().is_none_or(|track| participant.tracks.iter().any(|known| known.info.sid == track.sid))
        };
        if !sync.publish_tracks.iter().all(is_known) {
            self.remove(sid, DisconnectReason::StateMismatch, Some(livekit_protocol::leave_request::Action::Reconnect));
        }
    }

    /// Faults on demand, for tests of clients: those that the room can make.
    fn simulate(&mut self, sid: &str, scenario: Option<simulate_scenario::Scenario>) {
        match scenario {
            Some(simulate_scenario::Scenario::ServerLeave(true) | simulate_scenario::Scenario::NodeFailure(true)) => {
                self.remove(sid, DisconnectReason::StateMismatch, Some(livekit_protocol::leave_request::Action::Reconnect));
            }
            Some(simulate_scenario::Scenario::DisconnectSignalOnResume(true)) => {
                if let Some(participant) = self.participants.get_mut(sid) {
                    participant.outbox = None;
                    participant.link_lost = Some(std::time::Instant::now());
                }
            }
            _ => {}
        }
    }
}
