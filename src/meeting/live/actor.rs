//! The actor of a meeting: the one owner of its conduct.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};

use super::allowance::Allowance;
use super::shown::{Shown, governed};
use super::{Door, Live, LiveError, LiveMeeting, Message, WAITING};
use crate::base::{Clock, MeetingId, UtcMs, VenueId};
use crate::conduct::{Actor, Beginning, Command, Conduct, Effect, Expected, Input, Mode, Phase, Presence};
use crate::meeting::{Meeting, MeetingState, Meetings, VenueRole};
use crate::org::Actor as Doer;
use crate::room::{Governed, Passage, RoomEvent, Rooms};
use crate::store::{Done, Store};

/// A meeting that is over its time and empty for so long is closed.
const FORGOTTEN_MS: i64 = 15 * 60_000;
const LOOK_EVERY: Duration = Duration::from_secs(60);

pub struct MeetingActor {
    id: MeetingId,
    title: String,
    conduct: Conduct,
    told: watch::Sender<Arc<Conduct>>,
    messages: mpsc::Receiver<Message>,
    rooms: Rooms,
    meetings: Meetings,
    store: Store,
    clock: Arc<dyn Clock>,
    allowance: Allowance,
    governed: Vec<Governed>,
    /// What was done and is not kept yet.
    done: Vec<Done>,
    is_open: bool,
    /// As it is booked.
    ends: UtcMs,
}

/// From the store: as it was left, or as it is booked.
pub async fn prepare(live: &Live, id: &MeetingId) -> Result<(LiveMeeting, MeetingActor), LiveError> {
    let (store, clock) = (live.store().clone(), live.clock().clone());
    let meeting = store.meeting(id).await?.ok_or_else(|| LiveError::Missing(id.clone()))?;
    match meeting.state {
        MeetingState::Cancelled => return Err(LiveError::Cancelled(id.clone())),
        MeetingState::Closed => return Err(LiveError::Over(id.clone())),
        MeetingState::Booked | MeetingState::Open => {}
    }
    let mut conduct = match store.conduct(id).await? {
        Some(kept) => serde_json::from_str(&kept).map_err(|error| LiveError::Corrupt(id.clone(), error))?,
        None => Conduct::new(beginning(&meeting)),
    };
    conduct.handle(clock.now(), Input::Restarted)?;
    store.end_stays(id, None, clock.now()).await?;
    let (messages, inbox) = mpsc::channel(WAITING);
    let (told, watched) = watch::channel(Arc::new(conduct.clone()));
    let actor = MeetingActor {
        id: id.clone(),
        title: meeting.title,
        conduct,
        told,
        messages: inbox,
        rooms: live.0.rooms.clone(),
        meetings: live.0.meetings.clone(),
        store,
        clock,
        allowance: Allowance::default(),
        governed: Vec::new(),
        done: Vec::new(),
        is_open: meeting.state == MeetingState::Open,
        ends: meeting.ends,
    };
    Ok((LiveMeeting { messages, conduct: watched }, actor))
}

fn beginning(meeting: &Meeting) -> Beginning {
    let main = meeting.venues.iter().find(|venue| venue.role == VenueRole::Main).or(meeting.venues.first());
    let chair = VenueId::person(&meeting.chair);
    let main = main.map_or_else(|| chair.clone(), |main| main.venue.clone());
    let mut venues: Vec<Expected> = meeting.venues.iter().map(|venue| Expected { venue: venue.venue.clone(), title: venue.title.clone() }).collect();
    if !venues.iter().any(|venue| venue.venue == main) {
        venues.push(Expected { venue: main.clone(), title: meeting.chair_name.clone() });
    }
    // Who chairs sits in the main venue; where they take part on their own they chair from there.
    let chair = Some(chair).filter(|chair| venues.iter().any(|venue| venue.venue == *chair));
    Beginning { mode: mode(meeting.mode), main, chair, venues, ends: meeting.ends }
}

fn mode(booked: crate::meeting::Mode) -> Mode {
    match booked {
        crate::meeting::Mode::Lecture => Mode::Lecture,
        crate::meeting::Mode::Discussion => Mode::Discussion,
        crate::meeting::Mode::Training => Mode::Training,
        crate::meeting::Mode::Emergency => Mode::Emergency,
    }
}

impl MeetingActor {
    pub async fn run(mut self) {
        let mut events = self.rooms.events();
        let mut look = tokio::time::interval(LOOK_EVERY);
        self.govern();
        while !self.conduct.is_over() {
            let due = self.conduct.next_due().map(|due| due.saturating_since(self.clock.now()));
            tokio::select! {
                message = self.messages.recv() => match message {
                    Some(message) => self.message(message).await,
                    None => return,
                },
                Some(event) = events.next() => self.room_event(event).await,
                () = tokio::time::sleep(due.unwrap_or(Duration::MAX)), if due.is_some() => {
                    if self.conduct.tick(self.clock.now()) {
                        self.changed(Vec::new()).await;
                    }
                }
                _ = look.tick() => self.look().await,
            }
        }
        tracing::info!(meeting = %self.id, "meeting is over");
    }

    async fn message(&mut self, message: Message) {
        // An answer that nobody waits for is dropped.
        match message {
            Message::Knock { venue, title, answer } => {
                let _ = answer.send(self.knock(venue, title).await);
            }
            Message::Command { actor, command, answer } => {
                let _ = answer.send(self.command(actor, *command).await);
            }
        }
    }

    async fn knock(&mut self, venue: VenueId, title: String) -> Result<Door, LiveError> {
        let before = self.conduct.clone();
        let effects = self.conduct.handle(self.clock.now(), Input::Knocked { venue: venue.clone(), title })?;
        let door = if effects.contains(&Effect::Admit(venue.clone())) { Door::Open } else { Door::Waiting };
        if self.conduct.venues == before.venues {
            // Who waits asks again and again.
            self.conduct = before;
        } else {
            self.changed(effects).await;
        }
        Ok(door)
    }

    async fn command(&mut self, actor: Actor, command: Command) -> Result<u64, LiveError> {
        let now = self.clock.now();
        if !self.allowance.take(now, &actor) {
            return Err(LiveError::TooMany);
        }
        let done = Done {
            at: now,
            actor: match &actor {
                Actor::Venue(venue) => venue.to_string(),
                Actor::Desk => "desk".to_owned(),
            },
            command: serde_json::to_string(&command).unwrap_or_default(),
        };
        let effects = self.conduct.command(now, &actor, command)?;
        self.done.push(done);
        self.changed(effects).await;
        Ok(self.conduct.version)
    }

    async fn room_event(&mut self, event: RoomEvent) {
        if !event.is_of(self.id.as_str()) {
            return;
        }
        match event.passage() {
            // The room was made anew: it knows nothing yet.
            Some(Passage::RoomBegan) => {
                self.governed.clear();
                self.govern();
            }
            Some(Passage::Came { identity, name }) => {
                if let Ok(venue) = identity.parse() {
                    self.joined(venue, name).await;
                }
            }
            Some(Passage::Left { identity, is_meant }) => {
                if let Ok(venue) = identity.parse() {
                    self.left(venue, is_meant).await;
                }
            }
            None => match &event {
                RoomEvent::Muted { identity, is_muted, .. } => self.muted(identity, *is_muted).await,
                RoomEvent::Missed(_) => self.compare().await,
                RoomEvent::Changed(_) | RoomEvent::Speakers { .. } => {}
            },
        }
    }

    async fn joined(&mut self, venue: VenueId, name: &str) {
        let now = self.clock.now();
        // Somebody with a token from elsewhere asks at the door, as all do.
        if !self.conduct.venues.contains_key(&venue) {
            let _ = self.conduct.handle(now, Input::Knocked { venue: venue.clone(), title: name.to_owned() });
        }
        let Ok(effects) = self.conduct.handle(now, Input::Joined { venue: venue.clone() }) else { return };
        if self.conduct.is_in(&venue) {
            let title = self.conduct.venues.get(&venue).map_or(name, |venue| venue.title.as_str()).to_owned();
            self.note(self.store.begin_stay(&self.id, &venue, &title, now).await.err());
        }
        self.changed(effects).await;
    }

    async fn left(&mut self, venue: VenueId, is_meant: bool) {
        let now = self.clock.now();
        if self.conduct.handle(now, Input::Left { venue: venue.clone(), is_meant }).is_ok() {
            self.note(self.store.end_stays(&self.id, Some(&venue), now).await.err());
            self.changed(Vec::new()).await;
        }
    }

    /// Somebody opened or closed their microphone in the room itself.
    async fn muted(&mut self, identity: &str, is_muted: bool) {
        let Ok(venue) = identity.parse::<VenueId>() else { return };
        if self.conduct.venues.get(&venue).is_none_or(|known| known.is_muted == is_muted) {
            return;
        }
        if self.conduct.command(self.clock.now(), &Actor::Venue(venue), Command::MuteSelf { muted: is_muted }).is_ok() {
            self.changed(Vec::new()).await;
        }
    }

    /// Events were missed: who is in the room is looked up.
    async fn compare(&mut self) {
        let there: Vec<VenueId> =
            self.rooms.participants(self.id.as_str()).await.unwrap_or_default().iter().filter_map(|participant| participant.identity.parse().ok()).collect();
        let gone: Vec<VenueId> =
            self.conduct.venues.iter().filter(|(id, venue)| venue.presence == Presence::In && !there.contains(id)).map(|(id, _)| id.clone()).collect();
        for venue in gone {
            self.left(venue, false).await;
        }
        for venue in there.into_iter().filter(|venue| !self.conduct.is_in(venue)).collect::<Vec<_>>() {
            self.joined(venue, "").await;
        }
    }

    /// What is over its time and empty is closed.
    async fn look(&mut self) {
        let now = self.clock.now();
        if now > self.conduct.ends + FORGOTTEN_MS && self.conduct.is_empty() && self.conduct.phase != Phase::Called {
            tracing::info!(meeting = %self.id, "nobody is left and the time is over");
            if let Ok(effects) = self.conduct.command(now, &Actor::Desk, Command::Close) {
                self.changed(effects).await;
            }
        }
    }

    /// The new state takes effect: first in the room, then on all screens, then it is kept.
    async fn changed(&mut self, effects: Vec<Effect>) {
        self.govern();
        for effect in effects {
            match effect {
                Effect::Microphone { venue, is_open } => self.rooms.set_microphone(self.id.as_str(), venue.as_str(), is_open),
                Effect::Remove(venue) => self.rooms.remove(self.id.as_str(), venue.as_str()).await,
                Effect::Close => self.rooms.end(self.id.as_str()),
                // Who rings or waits sees it in the state.
                Effect::Ring(_) | Effect::Admit(_) => {}
            }
        }
        self.told.send_replace(Arc::new(self.conduct.clone()));
        self.keep().await;
    }

    /// The room holds to what was decided; only what is new is said.
    fn govern(&mut self) {
        // An empty room ends by itself, and is not made anew for nobody.
        if self.conduct.is_empty() {
            return self.governed.clear();
        }
        let all = governed(&self.conduct);
        let news: Vec<Governed> = all.iter().filter(|governed| !self.governed.contains(governed)).cloned().collect();
        self.governed = all;
        let metadata = serde_json::to_string(&Shown::of(&self.conduct, &self.title)).ok();
        if let Err(error) = self.rooms.govern(self.id.as_str(), news, metadata) {
            tracing::error!(meeting = %self.id, %error, "the meeting's room cannot be opened");
        }
    }

    async fn keep(&mut self) {
        let done = std::mem::take(&mut self.done);
        let kept = serde_json::to_string(&self.conduct).unwrap_or_default();
        self.note(self.store.keep_conduct(&self.id, &kept, &done).await.err());
        if !self.is_open && !matches!(self.conduct.phase, Phase::Called | Phase::Closed) {
            self.is_open = true;
            self.set_state(MeetingState::Open).await;
        }
        if self.conduct.is_over() {
            self.note(self.store.end_stays(&self.id, None, self.clock.now()).await.err());
            self.set_state(MeetingState::Closed).await;
        }
        if self.conduct.ends != self.ends && self.is_open {
            self.ends = self.conduct.ends;
            self.note(self.meetings.set_end(&Doer::server(), &self.id, self.ends).await.err());
        }
    }

    async fn set_state(&self, state: MeetingState) {
        self.note(self.meetings.set_state(&Doer::server(), &self.id, state).await.err());
    }

    /// The meeting goes on when the disk is full; the log says so.
    fn note(&self, error: Option<impl std::fmt::Display>) {
        if let Some(error) = error {
            tracing::error!(meeting = %self.id, %error, "what happened in the meeting cannot be kept");
        }
    }
}
