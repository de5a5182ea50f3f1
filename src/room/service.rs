//! `RoomService`: what programs may do to rooms, by name of the method and bytes of the request (Twirp: protobuf or JSON).

use livekit_protocol as proto;
use prost::Message;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::oneshot;

use super::actor::Steer;
use super::rooms::{JoinError, Rooms};
use super::token::{Claims, Refusal, TokenError};

/// An answer, in the form of its request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceReply {
    pub is_json: bool,
    pub body: Vec<u8>,
}

/// Twirp's errors, as far as they are used here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ServiceError {
    #[error("{0}")]
    Unauthenticated(String),
    #[error("{0}")]
    PermissionDenied(String),
    #[error("{0}")]
    NotFound(String),
    #[error("{0}")]
    Malformed(String),
    #[error("{0}")]
    InvalidArgument(String),
    #[error("{0}")]
    ResourceExhausted(String),
    #[error("`{0}` is not a method of this service, or not one that is supported")]
    BadRoute(String),
}

impl ServiceError {
    /// The code of the Twirp specification (version 7) and its HTTP status.
    pub fn code(&self) -> (&'static str, u16) {
        match self {
            Self::Unauthenticated(_) => ("unauthenticated", 401),
            Self::PermissionDenied(_) => ("permission_denied", 403),
            Self::NotFound(_) => ("not_found", 404),
            Self::Malformed(_) => ("malformed", 400),
            Self::InvalidArgument(_) => ("invalid_argument", 400),
            Self::ResourceExhausted(_) => ("resource_exhausted", 429),
            Self::BadRoute(_) => ("bad_route", 404),
        }
    }
}

impl From<Refusal> for ServiceError {
    fn from(refusal: Refusal) -> Self {
        Self::PermissionDenied(refusal.to_string())
    }
}

impl From<TokenError> for ServiceError {
    fn from(e: TokenError) -> Self {
        Self::Unauthenticated(e.to_string())
    }
}

impl From<JoinError> for ServiceError {
    fn from(e: JoinError) -> Self {
        Self::ResourceExhausted(e.to_string())
    }
}

/// Longer than any metadata that a room may have.
const METADATA_BYTES: usize = 64_000;

impl Rooms {
    /// One call of `livekit.RoomService`.
    pub async fn serve(&self, method: &str, token: &str, is_json: bool, body: &[u8]) -> Result<ServiceReply, ServiceError> {
        let claims = self.verify(token)?;
        let call = Call { rooms: self, claims, is_json, body };
        match method {
            "CreateRoom" => call.create().await,
            "ListRooms" => call.list().await,
            "DeleteRoom" => call.delete().await,
            "ListParticipants" => call.list_participants().await,
            "GetParticipant" => call.participant().await,
            "RemoveParticipant" => call.remove().await,
            "MutePublishedTrack" => call.mute().await,
            "UpdateParticipant" => call.update().await,
            "UpdateSubscriptions" => call.update_subscriptions().await,
            "SendData" => call.send_data(),
            "UpdateRoomMetadata" => call.update_metadata().await,
            other => Err(ServiceError::BadRoute(other.to_owned())),
        }
    }
}

struct Call<'c> {
    rooms: &'c Rooms,
    claims: Claims,
    is_json: bool,
    body: &'c [u8],
}

impl Call<'_> {
    async fn create(self) -> Result<ServiceReply, ServiceError> {
        let request: proto::CreateRoomRequest = self.request()?;
        self.claims.may_create()?;
        if request.name.is_empty() || request.name.len() > super::token::MOST_ROOM_BYTES {
            return Err(ServiceError::InvalidArgument(format!("a room's name has 1 to {} bytes", super::token::MOST_ROOM_BYTES)));
        }
        fit(&request.metadata)?;
        let room = self.rooms.create(&request).await?;
        self.reply(&room)
    }

    async fn list(self) -> Result<ServiceReply, ServiceError> {
        let request: proto::ListRoomsRequest = self.request()?;
        self.claims.may_list()?;
        let rooms = self.rooms.list(&request.names).await;
        self.reply(&proto::ListRoomsResponse { rooms })
    }

    async fn delete(self) -> Result<ServiceReply, ServiceError> {
        let request: proto::DeleteRoomRequest = self.request()?;
        self.claims.may_create()?;
        if !self.rooms.steer(&request.room, Steer::End(proto::DisconnectReason::RoomDeleted)) {
            return Err(no_room(&request.room));
        }
        self.reply(&proto::DeleteRoomResponse {})
    }

    async fn list_participants(self) -> Result<ServiceReply, ServiceError> {
        let request: proto::ListParticipantsRequest = self.request()?;
        self.claims.may_administer(&request.room)?;
        let participants = self.rooms.participants(&request.room).await.ok_or_else(|| no_room(&request.room))?;
        self.reply(&proto::ListParticipantsResponse { participants })
    }

    async fn participant(self) -> Result<ServiceReply, ServiceError> {
        let request: proto::RoomParticipantIdentity = self.request()?;
        self.claims.may_administer(&request.room)?;
        let participants = self.rooms.participants(&request.room).await.ok_or_else(|| no_room(&request.room))?;
        let participant = participants.into_iter().find(|participant| participant.identity == request.identity).ok_or_else(|| nobody(&request.identity))?;
        self.reply(&participant)
    }

    async fn remove(self) -> Result<ServiceReply, ServiceError> {
        let request: proto::RoomParticipantIdentity = self.request()?;
        self.claims.may_administer(&request.room)?;
        let identity = request.identity.clone();
        self.ask(&request.room, |answer| Steer::Remove { identity, answer }).await?.ok_or_else(|| nobody(&request.identity))?;
        self.reply(&proto::RemoveParticipantResponse {})
    }

    async fn mute(self) -> Result<ServiceReply, ServiceError> {
        let request: proto::MuteRoomTrackRequest = self.request()?;
        self.claims.may_administer(&request.room)?;
        let (identity, track_sid, muted) = (request.identity, request.track_sid, request.muted);
        let missing = ServiceError::NotFound(format!("`{identity}` has no track `{track_sid}`"));
        let track = self.ask(&request.room, |answer| Steer::Mute { identity, track_sid, muted, answer }).await?.ok_or(missing)?;
        self.reply(&proto::MuteRoomTrackResponse { track: Some(track) })
    }

    async fn update(self) -> Result<ServiceReply, ServiceError> {
        let request: proto::UpdateParticipantRequest = self.request()?;
        self.claims.may_administer(&request.room)?;
        fit(&request.metadata)?;
        let (room, identity) = (request.room.clone(), request.identity.clone());
        let info = self.ask(&room, |answer| Steer::Update { request: Box::new(request), answer }).await?.ok_or_else(|| nobody(&identity))?;
        self.reply(&info)
    }

    async fn update_subscriptions(self) -> Result<ServiceReply, ServiceError> {
        let request: proto::UpdateSubscriptionsRequest = self.request()?;
        self.claims.may_administer(&request.room)?;
        let identity = request.identity.clone();
        let update = proto::UpdateSubscription { track_sids: request.track_sids, subscribe: request.subscribe, participant_tracks: request.participant_tracks };
        self.ask(&request.room, |answer| Steer::Subscribe { identity, update, answer }).await?.ok_or_else(|| nobody(&request.identity))?;
        self.reply(&proto::UpdateSubscriptionsResponse {})
    }

    fn send_data(self) -> Result<ServiceReply, ServiceError> {
        let request: proto::SendDataRequest = self.request()?;
        self.claims.may_administer(&request.room)?;
        let room = request.room.clone();
        if !self.rooms.steer(&room, Steer::Send(Box::new(request))) {
            return Err(no_room(&room));
        }
        self.reply(&proto::SendDataResponse {})
    }

    async fn update_metadata(self) -> Result<ServiceReply, ServiceError> {
        let request: proto::UpdateRoomMetadataRequest = self.request()?;
        self.claims.may_administer(&request.room)?;
        fit(&request.metadata)?;
        let metadata = request.metadata.clone();
        let room = self.ask(&request.room, |answer| Steer::Metadata { metadata, answer }).await?;
        self.reply(&room)
    }

    async fn ask<T>(&self, room: &str, steer: impl FnOnce(oneshot::Sender<T>) -> Steer) -> Result<T, ServiceError> {
        let (answer, answered) = oneshot::channel();
        if !self.rooms.steer(room, steer(answer)) {
            return Err(no_room(room));
        }
        answered.await.map_err(|_| no_room(room))
    }

    fn request<T: Message + Default + DeserializeOwned>(&self) -> Result<T, ServiceError> {
        match self.is_json {
            true => serde_json::from_slice(if self.body.is_empty() { b"{}" } else { self.body }).map_err(|e| ServiceError::Malformed(e.to_string())),
            false => T::decode(self.body).map_err(|e| ServiceError::Malformed(e.to_string())),
        }
    }

    fn reply<T: Message + Serialize>(&self, reply: &T) -> Result<ServiceReply, ServiceError> {
        let body = if self.is_json { serde_json::to_vec(reply).map_err(|e| ServiceError::Malformed(e.to_string()))? } else { reply.encode_to_vec() };
        Ok(ServiceReply { is_json: self.is_json, body })
    }
}

fn no_room(room: &str) -> ServiceError {
    ServiceError::NotFound(format!("room `{room}` does not exist"))
}

fn nobody(identity: &str) -> ServiceError {
    ServiceError::NotFound(format!("participant `{identity}` is not in the room"))
}

fn fit(metadata: &str) -> Result<(), ServiceError> {
    let is_fit = metadata.len() <= METADATA_BYTES;
    is_fit.then_some(()).ok_or_else(|| ServiceError::InvalidArgument(format!("metadata of {} bytes; at most {METADATA_BYTES} are kept", metadata.len())))
}
