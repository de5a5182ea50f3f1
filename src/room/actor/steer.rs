//! What programs do to a room (RoomService).

use std::time::Instant;

use livekit_protocol::{
    DataPacket, DisconnectReason, MuteTrackRequest, ParticipantInfo, Room, SendDataRequest, TrackInfo, TrackSource, UpdateParticipantMetadata,
    UpdateParticipantRequest, UpdateSubscription, UserPacket, data_packet, leave_request, signal_response,
};
use tokio::sync::oneshot;

use super::{Governed, Plain, PlainError, Purpose, RoomActor};
use crate::room::lines::LineSource;
use crate::room::seat::{RoomSeat, SeatOptions};
use crate::room::token::Claims;

/// A command, and where its answer goes. None: the participant or track is not here.
pub(in crate::room) enum Steer {
    Describe(oneshot::Sender<(Room, Vec<ParticipantInfo>)>),
    /// Where the figures of each participant's line are.
    Lines(oneshot::Sender<Vec<LineSource>>),
    Remove {
        identity: String,
        answer: oneshot::Sender<Option<()>>,
    },
    Mute {
        identity: String,
        track_sid: String,
        muted: bool,
        answer: oneshot::Sender<Option<TrackInfo>>,
    },
    Update {
        request: Box<UpdateParticipantRequest>,
        answer: oneshot::Sender<Option<ParticipantInfo>>,
    },
    Subscribe {
        identity: String,
        update: UpdateSubscription,
        answer: oneshot::Sender<Option<()>>,
    },
    Send(Box<SendDataRequest>),
    Metadata {
        metadata: String,
        answer: oneshot::Sender<Room>,
    },
    Govern {
        governed: Vec<Governed>,
        metadata: Option<String>,
    },
    /// Opens or closes a microphone at the client.
    Microphone {
        identity: String,
        is_open: bool,
    },
    Seat {
        options: Box<SeatOptions>,
        answer: oneshot::Sender<Result<RoomSeat, u32>>,
    },
    SeatLeft {
        participant: String,
    },
    Plain {
        claims: Box<Claims>,
        purpose: Purpose,
        offer: String,
        answer: oneshot::Sender<Result<Plain, PlainError>>,
    },
    PlainPatch {
        resource: String,
        etag: Option<String>,
        fragment: String,
        answer: oneshot::Sender<Result<Option<(String, String)>, PlainError>>,
    },
    PlainEnd {
        resource: String,
        answer: oneshot::Sender<Result<(), PlainError>>,
    },
    End(DisconnectReason),
}

impl RoomActor {
    pub(super) fn steer(&mut self, steer: Steer) {
        // An answer that nobody waits for is dropped.
        match steer {
            Steer::Describe(answer) => {
                let participants = self.participants.values().map(|participant| participant.info.clone()).collect();
                let _ = answer.send((self.room.clone(), participants));
            }
            Steer::Lines(answer) => {
                let _ = answer.send(self.participants.values().map(LineSource::of).collect());
            }
            Steer::Remove { identity, answer } => {
                let sid = self.sid_of(&identity);
                if let Some(sid) = &sid {
                    self.remove(sid, DisconnectReason::ParticipantRemoved, Some(leave_request::Action::Disconnect));
                }
                let _ = answer.send(sid.map(drop));
            }
            Steer::Mute { identity, track_sid, muted, answer } => {
                let _ = answer.send(self.mute_by_service(&identity, &track_sid, muted));
            }
            Steer::Update { request, answer } => {
                let _ = answer.send(self.update(*request));
            }
            Steer::Subscribe { identity, update, answer } => {
                let sid = self.sid_of(&identity);
                if let Some(sid) = &sid {
                    self.update_subscription(sid, &update);
                }
                let _ = answer.send(sid.map(drop));
            }
            Steer::Send(request) => self.send_by_service(*request),
            Steer::Metadata { metadata, answer } => {
                self.room.metadata = metadata;
                self.tell_room();
                let _ = answer.send(self.room.clone());
            }
            Steer::Govern { governed, metadata } => {
                self.govern(governed);
                if let Some(metadata) = metadata.filter(|metadata| *metadata != self.room.metadata) {
                    self.room.metadata = metadata;
                    self.tell_room();
                }
            }
            Steer::Microphone { identity, is_open } => {
                if let Some(sid) = self.sid_of(&identity) {
                    self.mute_source(&sid, TrackSource::Microphone, !is_open);
                }
            }
            Steer::Seat { options, answer } => {
                let _ = answer.send(self.seat(*options));
            }
            Steer::SeatLeft { participant } => self.seat_left(&participant),
            Steer::Plain { claims, purpose, offer, answer } => {
                let _ = answer.send(self.plain(&claims, purpose, &offer));
            }
            Steer::PlainPatch { resource, etag, fragment, answer } => {
                let _ = answer.send(self.plain_patch(&resource, etag.as_deref(), &fragment));
            }
            Steer::PlainEnd { resource, answer } => {
                let _ = answer.send(self.plain_end(&resource));
            }
            Steer::End(reason) => self.end_reason = Some(reason),
        }
    }

    pub(super) fn sid_of(&self, identity: &str) -> Option<String> {
        self.participants.values().find(|participant| participant.identity() == identity).map(|participant| participant.sid().to_owned())
    }

    fn mute_by_service(&mut self, identity: &str, track_sid: &str, muted: bool) -> Option<TrackInfo> {
        let sid = self.sid_of(identity)?;
        self.participants.get(&sid)?.track(track_sid)?;
        // The client is told, so that it stops to send; until it does, nothing is forwarded.
        self.tell(&sid, signal_response::Message::Mute(MuteTrackRequest { sid: track_sid.to_owned(), muted }));
        self.mute(&sid, track_sid, muted);
        self.participants.get(&sid)?.track(track_sid).map(|track| track.info.clone())
    }

    fn update(&mut self, request: UpdateParticipantRequest) -> Option<ParticipantInfo> {
        let sid = self.sid_of(&request.identity)?;
        if let Some(permission) = request.permission {
            self.permit(&sid, permission);
        }
        let update = UpdateParticipantMetadata { metadata: request.metadata, name: request.name, attributes: request.attributes, request_id: 0 };
        self.change(&sid, &update);
        self.participants.get(&sid).map(|participant| participant.info.clone())
    }

    /// What may not be done any more ends at once.
    pub(super) fn permit(&mut self, sid: &str, permission: livekit_protocol::ParticipantPermission) {
        let Some(participant) = self.participants.get_mut(sid) else { return };
        let could_subscribe = participant.permission().can_subscribe;
        participant.info.permission = Some(permission.clone());
        if let Some(grant) = &mut participant.claims.video {
            grant.set_permission(&permission);
        }
        // The token by which it would come back is of today's rights.
        participant.next_token = Instant::now();
        let forbidden: Vec<String> = participant
            .tracks
            .iter()
            .filter(|track| !crate::room::token::may_publish(&permission, track.info.source()))
            .map(|track| track.info.sid.clone())
            .collect();
        let taken: Vec<String> = participant.subscriptions.iter().map(|subscription| subscription.track_sid.clone()).collect();
        for track_sid in forbidden {
            self.unpublish(sid, &track_sid);
        }
        match (could_subscribe, permission.can_subscribe) {
            (true, false) => {
                for track_sid in taken {
                    self.unsubscribe(sid, &track_sid, false);
                }
                self.renegotiate(sid);
            }
            (false, true) => {
                self.subscribe_to_all(sid);
                self.renegotiate(sid);
            }
            _ => {}
        }
    }

    fn send_by_service(&mut self, request: SendDataRequest) {
        let is_reliable = request.kind() == data_packet::Kind::Reliable;
        #[allow(deprecated)] // Older programs name sids.
        let by_sid: Vec<String> = request.destination_sids.iter().filter_map(|sid| Some(self.participants.get(sid)?.identity().to_owned())).collect();
        let user = UserPacket { payload: request.data, topic: request.topic, nonce: request.nonce, ..UserPacket::default() };
        let destination_identities = request.destination_identities.into_iter().chain(by_sid).collect();
        self.spread("", is_reliable, DataPacket { destination_identities, value: Some(data_packet::Value::User(user)), ..DataPacket::default() });
    }
}
