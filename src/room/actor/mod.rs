//! The actor of a room: the one owner of its state.

mod data;
mod govern;
mod interpret;
mod join;
mod media;
mod negotiate;
mod plain;
mod publish;
mod reactions;
mod relays;
mod requests;
mod seats;
mod steer;
mod subscribe;

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use livekit_protocol::{
    DisconnectReason, LeaveRequest, ParticipantInfo, ParticipantUpdate, Room, RoomUpdate, leave_request, participant_info, signal_response,
};
use tokio::sync::{mpsc, oneshot};

pub use govern::Governed;
pub use join::{JoinRefusal, Joined, Joining};
pub use plain::{Plain, PlainError, Purpose};
pub(super) use steer::Steer;

use super::events::{RoomEvent, RoomTeller};
use super::link::Request;
use super::participant::Participant;
use super::present::Present;
use super::rooms::Options;
use super::token::{Claims, Keys};
use super::webhook::{Happening, Webhooks, event, stamped};
use crate::base::Clock;
use crate::sfu::speakers::Speakers;
use crate::sfu::{PeerId, TrackId};
use crate::transport::{Command, EventSender, Happened, Media};

/// A signalling connection, of those that a participant had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LinkId(pub u64);

/// What a room is told from outside its media.
pub(super) enum Message {
    Join(Box<Joining>, oneshot::Sender<Result<Joined, JoinRefusal>>),
    Signal { participant: String, link: LinkId, request: Box<Request> },
    LinkLost { participant: String, link: LinkId },
    Steer(Steer),
}

/// The way to a room's actor.
#[derive(Debug, Clone)]
pub struct RoomHandle {
    messages: mpsc::UnboundedSender<Message>,
}

impl RoomHandle {
    /// None: the room has just ended, and can be made anew.
    pub(super) async fn join(&self, joining: Joining) -> Option<Result<Joined, JoinRefusal>> {
        let (answer, joined) = oneshot::channel();
        self.messages.send(Message::Join(Box::new(joining), answer)).ok()?;
        joined.await.ok()
    }

    pub(super) fn signal(&self, participant: String, link: LinkId, request: Request) {
        // A room that ended has ended its connections.
        let _ = self.messages.send(Message::Signal { participant, link, request: Box::new(request) });
    }

    pub(super) fn link_lost(&self, participant: String, link: LinkId) {
        let _ = self.messages.send(Message::LinkLost { participant, link });
    }

    pub(super) fn steer(&self, steer: Steer) -> bool {
        self.messages.send(Message::Steer(steer)).is_ok()
    }

    pub fn is_ended(&self) -> bool {
        self.messages.is_closed()
    }
}

/// What a room begins with.
pub(super) struct Beginning {
    pub room: Room,
    pub media: Media,
    pub options: Arc<Options>,
    pub webhooks: Option<Webhooks>,
    pub clock: Arc<dyn Clock>,
    pub keys: Keys,
    pub present: Present,
    pub teller: RoomTeller,
    /// Called when the room has ended.
    pub ended: Box<dyn FnOnce() + Send>,
}

pub(super) struct RoomActor {
    room: Room,
    media: Media,
    /// The media thread that its participants are on, as long as they are no crowd.
    home: usize,
    options: Arc<Options>,
    webhooks: Option<Webhooks>,
    clock: Arc<dyn Clock>,
    keys: Keys,
    /// Of ourselves, for those who sit here.
    handle: RoomHandle,
    present: Present,
    teller: RoomTeller,
    counted: usize,
    happened: EventSender,
    participants: BTreeMap<String, Participant>,
    peers: HashMap<PeerId, String>,
    /// What whoever conducts says of participants, by identity.
    governed: HashMap<String, Governed>,
    tracks: HashMap<TrackId, (String, String)>,
    published: HashMap<TrackId, relays::Published>,
    speakers: Speakers,
    /// Reliable data of the last moments, for those who come back.
    recent: VecDeque<data::Recent>,
    /// Since when nobody is here, and whether somebody was.
    empty_since: Option<Instant>,
    was_used: bool,
    next_link: u64,
    end_reason: Option<DisconnectReason>,
}

/// Speakers that are told of, at once.
const SPEAKERS: usize = 8;
/// What is not due at a moment is looked at so often.
const TICK: Duration = Duration::from_millis(500);
/// Newer tokens for those who are in.
const TOKEN_EVERY: Duration = Duration::from_secs(300);
const TOKEN_VALID: Duration = Duration::from_secs(1_200);
/// How long a seat is kept for a client whose signalling is gone: a cut of 30 s comes back to the same seat.
const SEAT_KEPT: Duration = Duration::from_secs(45);

/// Starts a room's actor.
pub(super) fn start(beginning: Beginning) -> RoomHandle {
    let (messages, inbox) = mpsc::unbounded_channel();
    let (happened, media_events) = mpsc::unbounded_channel();
    let handle = RoomHandle { messages };
    let Beginning { room, media, options, webhooks, clock, keys, present, teller, ended } = beginning;
    let actor = RoomActor {
        home: media.home(),
        room,
        media,
        options,
        webhooks,
        clock,
        keys,
        handle: handle.clone(),
        present,
        teller,
        counted: 0,
        happened,
        participants: BTreeMap::new(),
        peers: HashMap::new(),
        governed: HashMap::new(),
        tracks: HashMap::new(),
        published: HashMap::new(),
        speakers: Speakers::new(SPEAKERS),
        recent: VecDeque::new(),
        empty_since: Some(Instant::now()),
        was_used: false,
        next_link: 0,
        end_reason: None,
    };
    tokio::spawn(async move {
        actor.run(inbox, media_events).await;
        ended();
    });
    handle
}

impl RoomActor {
    async fn run(mut self, mut inbox: mpsc::UnboundedReceiver<Message>, mut media_events: mpsc::UnboundedReceiver<Happened>) {
        tracing::info!(room = self.room.name, sid = self.room.sid, "room started");
        self.report(Happening::RoomStarted, None, None);
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        while self.end_reason.is_none() {
            tokio::select! {
                Some(message) = inbox.recv() => self.message(message),
                Some(happened) = media_events.recv() => self.happened(happened),
                _ = tick.tick() => self.tick(Instant::now()),
            }
        }
        self.end();
        // Whoever asks now is told that the room is gone, by the closed queue.
        inbox.close();
        tracing::info!(room = self.room.name, sid = self.room.sid, "room ended");
    }

    fn message(&mut self, message: Message) {
        match message {
            Message::Join(joining, answer) => {
                let _ = answer.send(self.join(*joining));
            }
            Message::Signal { participant, link, request } => self.request(&participant, link, *request),
            Message::LinkLost { participant, link } => self.link_lost(&participant, link),
            Message::Steer(steer) => self.steer(steer),
        }
    }

    fn link_lost(&mut self, sid: &str, link: LinkId) {
        let Some(participant) = self.participants.get_mut(sid) else { return };
        if participant.outbox.as_ref().is_some_and(|outbox| outbox.id == link) {
            participant.outbox = None;
            participant.link_lost = Some(Instant::now());
        }
    }

    fn tick(&mut self, now: Instant) {
        let gone: Vec<String> = self
            .participants
            .values()
            .filter(|participant| participant.link_lost.is_some_and(|lost| now.saturating_duration_since(lost) > SEAT_KEPT))
            .map(|participant| participant.sid().to_owned())
            .collect();
        for sid in gone {
            self.remove(&sid, DisconnectReason::ConnectionTimeout, None);
        }
        self.refresh_tokens(now);
        self.tell_wanted(now);
        self.forget_old_data(now);
        let Some(empty_since) = self.empty_since else { return };
        let seconds = if self.was_used { self.room.departure_timeout } else { self.room.empty_timeout };
        if now.saturating_duration_since(empty_since) > Duration::from_secs(u64::from(seconds)) {
            self.end_reason = Some(DisconnectReason::RoomClosed);
        }
    }

    /// Who is in can come back, however old the token is that it came with.
    fn refresh_tokens(&mut self, now: Instant) {
        for participant in self.participants.values_mut().filter(|participant| participant.outbox.is_some() && now >= participant.next_token) {
            participant.next_token = now + TOKEN_EVERY;
            let Some(key) = self.keys.get(&participant.claims.key) else { continue };
            let expires = Claims::lasting(self.clock.now(), TOKEN_VALID).expires.max(participant.claims.expires);
            if let Ok(token) = key.issue(&Claims { expires, ..participant.claims.clone() }) {
                participant.tell(signal_response::Message::RefreshToken(token));
            }
        }
    }

    /// Takes a participant out. What its client is told, if it is there: leave, and how to go on.
    fn remove(&mut self, sid: &str, reason: DisconnectReason, action: Option<leave_request::Action>) {
        let Some(mut participant) = self.participants.remove(sid) else { return };
        if let Some(action) = action {
            participant.tell(signal_response::Message::Leave(LeaveRequest { reason: reason as i32, action: action as i32, ..LeaveRequest::default() }));
        }
        for peer in participant.peers().collect::<Vec<_>>() {
            self.peers.remove(&peer);
            self.command(participant.thread(), Command::Remove { peer });
        }
        for track in &participant.tracks {
            self.forget_track(track.id, &track.info.sid);
            if track.mid.is_some() {
                self.report(Happening::TrackUnpublished, Some(&participant.info), Some(&track.info));
            }
        }
        participant.info.state = participant_info::State::Disconnected as i32;
        participant.info.disconnect_reason = reason as i32;
        let what = if participant.was_active { Happening::ParticipantLeft } else { Happening::ParticipantConnectionAborted };
        let info = participant.changed();
        tracing::info!(room = self.room.name, identity = info.identity, sid, reason = reason.as_str_name(), "participant left");
        if !is_hidden(&info) {
            self.tell_others(sid, &signal_response::Message::Update(ParticipantUpdate { participants: vec![info.clone()] }));
        }
        self.report(what, Some(&info), None);
        self.count();
    }

    fn end(&mut self) {
        let reason = self.end_reason.unwrap_or(DisconnectReason::RoomClosed);
        // A server that is started again has its clients back at once.
        let action = if reason == DisconnectReason::ServerShutdown { leave_request::Action::Reconnect } else { leave_request::Action::Disconnect };
        for sid in self.participants.keys().cloned().collect::<Vec<_>>() {
            self.remove(&sid, reason, Some(action));
        }
        self.report(Happening::RoomFinished, None, None);
    }

    /// How many are here, for everybody, and for the time that an empty room is kept.
    fn count(&mut self) {
        self.present.change(&mut self.counted, self.participants.len());
        let visible = self.participants.values().filter(|participant| !is_hidden(&participant.info));
        let publishers = visible.clone().filter(|participant| participant.info.is_publisher).count() as u32;
        let participants = visible.count() as u32;
        match self.participants.is_empty() {
            true => self.empty_since = self.empty_since.or_else(|| Some(Instant::now())),
            false => {
                self.empty_since = None;
                self.was_used = true;
            }
        }
        if (self.room.num_participants, self.room.num_publishers) != (participants, publishers) {
            (self.room.num_participants, self.room.num_publishers) = (participants, publishers);
            self.tell_room();
        }
    }

    fn tell_room(&mut self) {
        let update = signal_response::Message::RoomUpdate(RoomUpdate { room: Some(self.room.clone()) });
        self.tell_others("", &update);
    }

    fn tell_others(&mut self, except: &str, message: &signal_response::Message) {
        for (_, participant) in self.participants.iter_mut().filter(|(sid, _)| *sid != except) {
            participant.tell(message.clone());
        }
    }

    /// Shows everybody, itself included, what changed of a participant.
    fn tell_changed(&mut self, sid: &str) -> Option<ParticipantInfo> {
        let participant = self.participants.get_mut(sid)?;
        let info = participant.changed();
        let update = signal_response::Message::Update(ParticipantUpdate { participants: vec![info.clone()] });
        match is_hidden(&info) {
            true => participant.tell(update),
            false => self.tell_others("", &update),
        }
        Some(info)
    }

    fn report(&self, what: Happening, participant: Option<&ParticipantInfo>, track: Option<&livekit_protocol::TrackInfo>) {
        let mut event = event(what, self.room.clone());
        event.participant = participant.cloned();
        event.track = track.cloned();
        let event = stamped(event, self.clock.now());
        self.teller.tell(RoomEvent::Changed(Arc::new(event.clone())));
        if let Some(webhooks) = &self.webhooks {
            webhooks.send(event);
        }
    }
}

fn is_hidden(info: &ParticipantInfo) -> bool {
    info.permission.as_ref().is_some_and(|permission| permission.hidden)
}
