//! Meetings that are held: an actor per meeting owns its conduct, governs its room, and keeps what happened.
//!
//! [`Live`] finds the meeting's actor or starts it, from the store where the meeting was under way before; a [`LiveMeeting`] is the way to it.

mod actor;
mod allowance;
mod board;
mod freezes;
mod seats;
mod shown;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};

pub use seats::{Choice, Entry, choices, invited};
pub use shown::{BallotShown, ConductView, Shown, VenueView};

use super::{Meeting, MeetingError, Meetings};
use crate::base::{Clock, MeetingId, UtcMs, VenueId};
use crate::conduct::{Actor, Command, Conduct, Presence, Refusal};
use crate::room::token::TokenError;
use crate::room::{JoinError, Rooms};
use crate::store::{Store, StoreError};

/// Commands that wait for a meeting's actor.
const WAITING: usize = 256;

#[derive(Debug, thiserror::Error)]
pub enum LiveError {
    #[error("没有会议“{0}” / there is no meeting `{0}`")]
    Missing(MeetingId),
    #[error("会议“{0}”已取消 / meeting `{0}` was cancelled")]
    Cancelled(MeetingId),
    #[error("会议“{0}”已结束 / meeting `{0}` is over")]
    Over(MeetingId),
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error("操作过于频繁,请稍候再试 / too many commands at once, try again in a moment")]
    TooMany,
    #[error(transparent)]
    Room(#[from] JoinError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Meeting(#[from] MeetingError),
    #[error("入会令牌无法签发 / the token cannot be issued: {0}")]
    Token(TokenError),
    #[error("会议“{0}”的状态无法读出 / the state of meeting `{0}` cannot be read: {1}")]
    Corrupt(MeetingId, serde_json::Error),
}

/// What somebody finds who asks to come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    Open,
    /// Until the chair lets them in.
    Waiting,
}

/// What a meeting's actor is told.
enum Message {
    Knock { venue: VenueId, title: String, answer: oneshot::Sender<Result<Door, LiveError>> },
    Introduce { venue: VenueId, title: String, answer: oneshot::Sender<Result<(), LiveError>> },
    Command { actor: Actor, command: Box<Command>, answer: oneshot::Sender<Result<u64, LiveError>> },
}

/// The way to a meeting's actor.
#[derive(Clone)]
pub struct LiveMeeting {
    messages: mpsc::Sender<Message>,
    conduct: watch::Receiver<Arc<Conduct>>,
    freezes: freezes::Freezes,
    clock: Arc<dyn Clock>,
}

/// All meetings that are held; clones share them.
#[derive(Clone)]
pub struct Live(Arc<Inner>);

struct Inner {
    held: Mutex<HashMap<MeetingId, LiveMeeting>>,
    /// Held while one is started, so that none is started twice.
    starting: tokio::sync::Mutex<()>,
    /// How much anybody may draw on the board.
    drawing: Mutex<HashMap<MeetingId, allowance::Allowance>>,
    meetings: Meetings,
    rooms: Rooms,
}

impl Live {
    pub fn new(meetings: Meetings, rooms: Rooms) -> Self {
        Self(Arc::new(Inner { held: Mutex::default(), starting: tokio::sync::Mutex::default(), drawing: Mutex::default(), meetings, rooms }))
    }

    /// The meeting's actor, started if it is not there; not for one that is over or called off.
    pub async fn meeting(&self, booked: &Meeting) -> Result<LiveMeeting, LiveError> {
        actor::require_held(booked, self.clock().now())?;
        self.started(&booked.id).await
    }

    async fn started(&self, id: &MeetingId) -> Result<LiveMeeting, LiveError> {
        if let Some(live) = self.find(id) {
            return Ok(live);
        }
        let _turn = self.0.starting.lock().await;
        if let Some(live) = self.find(id) {
            return Ok(live);
        }
        let (live, actor, freezes) = actor::prepare(self, id).await?;
        self.lock().insert(id.clone(), live.clone());
        tokio::spawn(super::after::observe(id.clone(), self.0.rooms.clone(), self.store().clone(), self.clock().clone(), live.watch(), freezes));
        let (inner, ended) = (Arc::downgrade(&self.0), id.clone());
        tokio::spawn(async move {
            actor.run().await;
            if let Some(inner) = inner.upgrade() {
                inner.held.lock().unwrap_or_else(PoisonError::into_inner).remove(&ended);
                inner.drawing.lock().unwrap_or_else(PoisonError::into_inner).remove(&ended);
            }
        });
        Ok(live)
    }

    /// The server was started anew: what was under way goes on, before its venues are back.
    pub async fn resume(&self) {
        let open = match self.store().open_meetings().await {
            Ok(open) => open,
            Err(error) => return tracing::error!(%error, "meetings that were under way cannot be read"),
        };
        for id in open {
            match self.started(&id).await {
                Ok(_) => tracing::info!(meeting = %id, "meeting goes on after the restart"),
                Err(error) => tracing::error!(meeting = %id, %error, "meeting cannot go on after the restart"),
            }
        }
    }

    /// The meetings under way that a venue belongs to, as they are now.
    pub fn held_with(&self, venue: &VenueId) -> Vec<(MeetingId, Arc<Conduct>)> {
        let held: Vec<_> = self.lock().iter().map(|(id, live)| (id.clone(), live.conduct())).collect();
        held.into_iter().filter(|(_, conduct)| !conduct.is_over() && conduct.venues.contains_key(venue)).collect()
    }

    /// A meeting that is held, as it is now.
    pub fn held(&self, id: &MeetingId) -> Option<Arc<Conduct>> {
        self.find(id).map(|live| live.conduct())
    }

    /// Who is called now, and since when.
    pub fn ringing(&self) -> Vec<(MeetingId, VenueId, UtcMs)> {
        let held: Vec<_> = self.lock().iter().map(|(id, live)| (id.clone(), live.conduct())).collect();
        let of = |(id, conduct): &(MeetingId, Arc<Conduct>)| {
            let called = conduct.venues.iter().filter_map(|(venue, is)| match is.presence {
                Presence::Ringing { since } => Some((id.clone(), venue.clone(), since)),
                _ => None,
            });
            called.collect::<Vec<_>>()
        };
        held.iter().flat_map(of).collect()
    }

    fn store(&self) -> &Store {
        &self.0.meetings.0.store
    }

    fn clock(&self) -> &Arc<dyn Clock> {
        &self.0.meetings.0.clock
    }

    fn find(&self, id: &MeetingId) -> Option<LiveMeeting> {
        self.lock().get(id).filter(|live| !live.messages.is_closed()).cloned()
    }

    fn drawing(&self) -> std::sync::MutexGuard<'_, HashMap<MeetingId, allowance::Allowance>> {
        self.0.drawing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<MeetingId, LiveMeeting>> {
        self.0.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl LiveMeeting {
    /// Asks to come in.
    pub async fn knock(&self, venue: VenueId, title: String) -> Result<Door, LiveError> {
        self.ask(|answer| Message::Knock { venue, title, answer }).await
    }

    /// The venue belongs to the meeting from now on: it comes in with the others.
    pub async fn introduce(&self, venue: VenueId, title: String) -> Result<(), LiveError> {
        self.ask(|answer| Message::Introduce { venue, title, answer }).await
    }

    /// Does something; answers with the version of the state in which it is done.
    pub async fn command(&self, actor: Actor, command: Command) -> Result<u64, LiveError> {
        self.ask(|answer| Message::Command { actor, command: Box::new(command), answer }).await
    }

    /// A venue tells how long the picture stood still on its screen since it last told.
    pub fn tell_frozen(&self, venue: VenueId, still: Duration) -> Result<(), LiveError> {
        self.freezes.tell(self.clock.now(), venue, still)
    }

    /// As it is now.
    pub fn conduct(&self) -> Arc<Conduct> {
        self.conduct.borrow().clone()
    }

    /// Tells of every change; who is slow sees the latest.
    pub fn watch(&self) -> watch::Receiver<Arc<Conduct>> {
        self.conduct.clone()
    }

    async fn ask<T>(&self, message: impl FnOnce(oneshot::Sender<Result<T, LiveError>>) -> Message) -> Result<T, LiveError> {
        let (answer, answered) = oneshot::channel();
        self.messages.try_send(message(answer)).map_err(|_| LiveError::TooMany)?;
        answered.await.unwrap_or(Err(LiveError::TooMany))
    }
}
