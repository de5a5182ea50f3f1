//! All rooms of this process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use livekit_protocol::{CreateRoomRequest, DisconnectReason, ParticipantInfo, Room, SendDataRequest};
use tokio::sync::oneshot;

use super::actor::{Beginning, Governed, JoinRefusal, Joining, Plain, PlainError, Purpose, RoomHandle, Steer, start};
use super::events::{RoomEvents, RoomTeller};
use super::id;
use super::lines::{self, LineSample};
use super::link::SignalLink;
use super::present::Present;
use super::seat::{RoomSeat, SeatOptions};
use super::signal::JoinQuery;
use super::token::{Claims, Keys, Refusal, TokenError};
use super::webhook::Webhooks;
use crate::base::Clock;
use crate::sfu::codec::Codec;
use crate::transport::Media;

/// How rooms are, where nobody says otherwise.
#[derive(Debug, Clone)]
pub struct Options {
    pub empty_timeout_seconds: u32,
    pub departure_timeout_seconds: u32,
    pub max_rooms: usize,
    pub max_participants: u32,
    /// In all rooms together.
    pub max_participants_per_node: usize,
    pub max_tracks: u32,
    /// Best first.
    pub codecs: Vec<Codec>,
    /// What is sent to one participant at most.
    pub ceiling_bps: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JoinError {
    #[error(transparent)]
    Token(#[from] TokenError),
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error(transparent)]
    Room(#[from] JoinRefusal),
    #[error("there are {0} rooms, as many as may be")]
    TooManyRooms(usize),
}

/// Why a client without signalling does not come in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlainRefusal {
    #[error(transparent)]
    Join(#[from] JoinError),
    #[error(transparent)]
    Plain(#[from] PlainError),
}

/// A room, for a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomSummary {
    pub name: String,
    pub sid: String,
    pub participants: u32,
    pub publishers: u32,
    pub created_at_ms: i64,
}

/// The handle; clones share the rooms.
#[derive(Clone)]
pub struct Rooms {
    inner: Arc<Inner>,
}

struct Inner {
    rooms: Mutex<HashMap<String, RoomHandle>>,
    media: Media,
    options: Arc<Options>,
    keys: Keys,
    webhooks: Option<Webhooks>,
    clock: Arc<dyn Clock>,
    present: Present,
    teller: RoomTeller,
}

impl Rooms {
    pub fn new(media: Media, options: Options, keys: Keys, webhooks: Option<Webhooks>, clock: Arc<dyn Clock>) -> Self {
        let inner = Inner {
            rooms: Mutex::default(),
            media,
            options: Arc::new(options),
            keys,
            webhooks,
            clock,
            present: Present::default(),
            teller: RoomTeller::default(),
        };
        Self { inner: Arc::new(inner) }
    }

    pub fn keys(&self) -> &Keys {
        &self.inner.keys
    }

    /// What happens in all rooms from now on.
    pub fn events(&self) -> RoomEvents {
        self.inner.teller.listen()
    }

    pub fn media(&self) -> &Media {
        &self.inner.media
    }

    /// What a token allows now.
    pub fn verify(&self, token: &str) -> Result<Claims, TokenError> {
        self.inner.keys.verify(token, self.inner.clock.now())
    }

    /// Whether this token gets in, without coming in (`/validate`).
    pub fn validate(&self, token: &str) -> Result<Claims, JoinError> {
        let claims = self.verify(token)?;
        claims.join()?;
        Ok(claims)
    }

    /// Comes in, or back: the room is made if it is not there.
    pub async fn join(&self, token: &str, query: JoinQuery) -> Result<SignalLink, JoinError> {
        let claims = self.validate(token)?;
        let name = claims.join()?.room.to_owned();
        loop {
            let handle = self.open(&name, |room| {
                let Some(defaults) = &claims.room_defaults else { return };
                set(&mut room.empty_timeout, defaults.empty_timeout_seconds);
                set(&mut room.departure_timeout, defaults.departure_timeout_seconds);
                set(&mut room.max_participants, defaults.max_participants);
                room.metadata.clone_from(&defaults.metadata);
            })?;
            // A room that ended between is made anew.
            if let Some(joined) = handle.join(Joining { claims: claims.clone(), query: query.clone() }).await {
                let joined = joined?;
                return Ok(SignalLink::new(joined.link, joined.participant, handle, joined.queue));
            }
            tokio::task::yield_now().await;
        }
    }

    /// Makes a room, or finds the one of that name.
    pub async fn create(&self, request: &CreateRoomRequest) -> Result<Room, JoinError> {
        let handle = self.open(&request.name, |room| {
            set(&mut room.empty_timeout, request.empty_timeout);
            set(&mut room.departure_timeout, request.departure_timeout);
            set(&mut room.max_participants, request.max_participants);
            room.metadata.clone_from(&request.metadata);
        })?;
        Ok(describe(&handle).await.map(|(room, _)| room).unwrap_or_default())
    }

    /// Those that are there; of these names, or all.
    pub async fn list(&self, names: &[String]) -> Vec<Room> {
        let mut rooms = Vec::new();
        for handle in self.handles(names) {
            rooms.extend(describe(&handle).await.map(|(room, _)| room));
        }
        rooms.sort_by(|a, b| a.name.cmp(&b.name));
        rooms
    }

    pub async fn summaries(&self) -> Vec<RoomSummary> {
        let of = |room: Room| RoomSummary {
            name: room.name,
            sid: room.sid,
            participants: room.num_participants,
            publishers: room.num_publishers,
            created_at_ms: room.creation_time_ms,
        };
        self.list(&[]).await.into_iter().map(of).collect()
    }

    /// A place for something inside the process; the room is made if it is not there.
    pub async fn seat(&self, room: &str, options: SeatOptions) -> Result<RoomSeat, JoinError> {
        loop {
            let handle = self.open(room, |_| {})?;
            let (answer, answered) = oneshot::channel();
            handle.steer(Steer::Seat { options: Box::new(options.clone()), answer });
            // A room that ended between is made anew.
            if let Ok(seat) = answered.await {
                return Ok(seat.map_err(JoinRefusal::Full)?);
            }
            tokio::task::yield_now().await;
        }
    }

    /// A client without signalling comes in: WHIP, WHEP.
    pub async fn plain(&self, token: &str, room: &str, purpose: Purpose, offer: String) -> Result<Plain, PlainRefusal> {
        let claims = self.validate(token)?;
        let granted = claims.join().map_err(JoinError::from)?.room;
        if granted != room {
            let other = Refusal::OtherRoom { grant: "roomJoin", granted: granted.to_owned(), asked: room.to_owned() };
            return Err(JoinError::from(other).into());
        }
        let handle = self.open(room, |_| {})?;
        let (answer, answered) = oneshot::channel();
        handle.steer(Steer::Plain { claims: Box::new(claims), purpose, offer, answer });
        Ok(answered.await.unwrap_or(Err(PlainError::NoSession))?)
    }

    /// A fragment of its description: the answer's text and entity tag, if there is something to answer.
    pub async fn plain_patch(&self, room: &str, resource: String, etag: Option<String>, fragment: String) -> Result<Option<(String, String)>, PlainError> {
        let (answer, answered) = oneshot::channel();
        self.steer(room, Steer::PlainPatch { resource, etag, fragment, answer });
        answered.await.unwrap_or(Err(PlainError::NoSession))
    }

    pub async fn plain_end(&self, room: &str, resource: String) -> Result<(), PlainError> {
        let (answer, answered) = oneshot::channel();
        self.steer(room, Steer::PlainEnd { resource, answer });
        answered.await.unwrap_or(Err(PlainError::NoSession))
    }

    /// Says what participants may do from now on, and what everybody is told of the room. The room is made if it is not there.
    pub fn govern(&self, room: &str, governed: Vec<Governed>, metadata: Option<String>) -> Result<(), JoinError> {
        // One that ended between is governed anew by whoever comes next.
        self.open(room, |_| {})?.steer(Steer::Govern { governed, metadata });
        Ok(())
    }

    /// Opens or closes a microphone at its client.
    pub fn set_microphone(&self, room: &str, identity: &str, is_open: bool) {
        self.steer(room, Steer::Microphone { identity: identity.to_owned(), is_open });
    }

    /// Says something to everybody in the room, under a topic of ours.
    pub fn tell(&self, room: &str, topic: &str, data: Vec<u8>) {
        let request = SendDataRequest { data, topic: Some(topic.to_owned()), ..SendDataRequest::default() };
        self.steer(room, Steer::Send(Box::new(request)));
    }

    /// Sends somebody out.
    pub async fn remove(&self, room: &str, identity: &str) {
        let (answer, answered) = oneshot::channel();
        self.steer(room, Steer::Remove { identity: identity.to_owned(), answer });
        let _ = answered.await;
    }

    /// The room is over: everybody is told to go.
    pub fn end(&self, room: &str) {
        self.steer(room, Steer::End(DisconnectReason::RoomDeleted));
    }

    /// None: there is no such room.
    pub async fn participants(&self, room: &str) -> Option<Vec<ParticipantInfo>> {
        describe(&self.find(room)?).await.map(|(_, participants)| participants)
    }

    /// How the lines of a room's participants are at this moment; nobody where there is no such room.
    pub async fn lines(&self, room: &str) -> Vec<LineSample> {
        let Some(handle) = self.find(room) else { return Vec::new() };
        let (answer, sources) = oneshot::channel();
        handle.steer(Steer::Lines(answer));
        lines::sample(&self.inner.media, sources.await.unwrap_or_default()).await
    }

    /// The server stops: rooms end, and their clients are told to come again. Waits a moment until they were told.
    pub async fn close(&self) {
        let handles = self.handles(&[]);
        for handle in &handles {
            handle.steer(Steer::End(DisconnectReason::ServerShutdown));
        }
        for _ in 0..100 {
            if handles.iter().all(RoomHandle::is_ended) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub(super) fn steer(&self, room: &str, steer: Steer) -> bool {
        self.find(room).is_some_and(|handle| handle.steer(steer))
    }

    fn find(&self, name: &str) -> Option<RoomHandle> {
        self.lock().get(name).filter(|handle| !handle.is_ended()).cloned()
    }

    fn handles(&self, names: &[String]) -> Vec<RoomHandle> {
        self.lock().iter().filter(|(name, _)| names.is_empty() || names.contains(name)).map(|(_, handle)| handle.clone()).collect()
    }

    fn open(&self, name: &str, prepare: impl FnOnce(&mut Room)) -> Result<RoomHandle, JoinError> {
        let mut rooms = self.lock();
        if let Some(handle) = rooms.get(name).filter(|handle| !handle.is_ended()) {
            return Ok(handle.clone());
        }
        if rooms.len() >= self.inner.options.max_rooms {
            return Err(JoinError::TooManyRooms(rooms.len()));
        }
        let now_ms = self.inner.clock.now().0;
        let mut room = Room {
            sid: id::room(),
            name: name.to_owned(),
            empty_timeout: self.inner.options.empty_timeout_seconds,
            departure_timeout: self.inner.options.departure_timeout_seconds,
            max_participants: self.inner.options.max_participants,
            creation_time: now_ms.div_euclid(1_000),
            creation_time_ms: now_ms,
            ..Room::default()
        };
        prepare(&mut room);
        let (inner, ended) = (Arc::downgrade(&self.inner), name.to_owned());
        let handle = start(Beginning {
            room,
            media: self.inner.media.clone(),
            options: self.inner.options.clone(),
            webhooks: self.inner.webhooks.clone(),
            clock: self.inner.clock.clone(),
            keys: self.inner.keys.clone(),
            present: self.inner.present.clone(),
            teller: self.inner.teller.clone(),
            ended: Box::new(move || {
                if let Some(inner) = inner.upgrade() {
                    // One of the same name may have begun meanwhile.
                    inner.rooms.lock().unwrap_or_else(PoisonError::into_inner).retain(|name, handle| *name != ended || !handle.is_ended());
                }
            }),
        });
        rooms.insert(name.to_owned(), handle.clone());
        Ok(handle)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, RoomHandle>> {
        self.inner.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn describe(handle: &RoomHandle) -> Option<(Room, Vec<ParticipantInfo>)> {
    let (answer, described) = oneshot::channel();
    handle.steer(Steer::Describe(answer));
    described.await.ok()
}

/// Zero means that nothing was said.
fn set(value: &mut u32, said: u32) {
    if said != 0 {
        *value = said;
    }
}

#[cfg(test)]
impl Rooms {
    /// Rooms on free ports of this machine.
    pub fn for_tests(max_participants_per_node: usize) -> Self {
        let unix = Duration::from_secs(1);
        let media = crate::transport::MediaOptions { udp_port: 0, threads: 2, tcp: Vec::new(), addresses: vec![[127, 0, 0, 1].into()], dscp: None, unix };
        let options = Options {
            empty_timeout_seconds: 60,
            departure_timeout_seconds: 60,
            max_rooms: 10,
            max_participants: 100,
            max_participants_per_node,
            max_tracks: 4,
            codecs: Codec::ALL.to_vec(),
            ceiling_bps: None,
        };
        let keys = Keys::new([("k", "0123456789abcdef0123456789abcdef")]).unwrap();
        Self::new(Media::start(media).unwrap(), options, keys, None, Arc::new(crate::base::SystemClock))
    }
}
