//! The actor of a meeting: the one owner of its conduct.
//!
//! What waits is taken together; then one pass brings it to the room, to all screens and to the disk, and who asked is answered when it is kept. A roll call
//! that 65 venues answer at once costs a few passes, not 65.

mod inbox;
mod keep;
mod passages;
mod prepare;

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::{mpsc, watch};

use super::Message;
use super::allowance::Allowance;
use super::shown::{Shown, governed};
use crate::base::{Clock, MeetingId};
use crate::conduct::{Actor, Command, Conduct, Effect, Input, Phase};
use crate::meeting::{Meeting, MeetingState, Meetings};
use crate::room::{Governed, RoomEvents, Rooms};
use crate::store::{Done, Passed, Store};

pub use prepare::{prepare, require_held};

/// A meeting that is over its time and empty for so long is closed.
const FORGOTTEN_MS: i64 = 15 * 60_000;
/// Tests have a clock of their own, and no minute.
const LOOK_EVERY: Duration = if cfg!(test) { Duration::from_millis(50) } else { Duration::from_secs(60) };

pub struct MeetingActor {
    id: MeetingId,
    /// As it was when last looked up.
    booked: Meeting,
    /// How often bookings have changed, and how often when this one was last looked up.
    bookings: watch::Receiver<u64>,
    looked_up_at: u64,
    conduct: Conduct,
    told: watch::Sender<Arc<Conduct>>,
    messages: mpsc::Receiver<Message>,
    events: RoomEvents,
    rooms: Rooms,
    meetings: Meetings,
    store: Store,
    clock: Arc<dyn Clock>,
    allowance: Allowance,
    governed: Vec<Governed>,
    news: News,
    /// It was never opened, and will not be: called off, or long past its time.
    is_dropped: bool,
}

/// What was taken and has not taken effect yet.
#[derive(Default)]
struct News {
    is_changed: bool,
    effects: Vec<Effect>,
    done: Vec<Done>,
    passed: Vec<Passed>,
    answers: Vec<Box<dyn FnOnce() + Send + Sync>>,
}

impl News {
    fn changed(&mut self, effects: Vec<Effect>) {
        self.is_changed = true;
        self.effects.extend(effects);
    }
}

impl MeetingActor {
    pub async fn run(mut self) {
        let mut look = tokio::time::interval(LOOK_EVERY);
        self.govern();
        while !self.conduct.is_over() && !self.is_dropped {
            let due = self.conduct.next_due().map(|due| due.saturating_since(self.clock.now()));
            tokio::select! {
                message = self.messages.recv() => match message {
                    Some(message) => self.message(message),
                    None => return,
                },
                Some(event) = self.events.next() => self.room_event(event).await,
                Ok(()) = self.bookings.changed() => self.booked_anew().await,
                () = tokio::time::sleep(due.unwrap_or(Duration::MAX)), if due.is_some() => self.news.is_changed |= self.conduct.tick(self.clock.now()),
                _ = look.tick() => self.look(),
            }
            while let Ok(message) = self.messages.try_recv() {
                self.message(message);
            }
            while let Some(Some(event)) = self.events.next().now_or_never() {
                self.room_event(event).await;
            }
            self.settle().await;
        }
        tracing::info!(meeting = %self.id, "meeting is over");
    }

    /// What is new takes effect: first in the room, then on all screens; then it is kept, and who asked is answered.
    async fn settle(&mut self) {
        let news = std::mem::take(&mut self.news);
        if news.is_changed {
            self.govern();
            for effect in news.effects {
                self.take_effect(effect).await;
            }
            self.told.send_replace(Arc::new(self.conduct.clone()));
            // Computers that stand ready look who rings.
            self.meetings.tell_held();
            self.keep(&news.done, &news.passed).await;
        }
        news.answers.into_iter().for_each(|answer| answer());
    }

    async fn take_effect(&self, effect: Effect) {
        match effect {
            Effect::Microphone { venue, is_open } => self.rooms.set_microphone(self.id.as_str(), venue.as_str(), is_open),
            Effect::Remove(venue) => self.rooms.remove(self.id.as_str(), venue.as_str()).await,
            Effect::Close => self.rooms.end(self.id.as_str()),
            // Who rings or waits sees it in the state.
            Effect::Ring(_) | Effect::Admit(_) => {}
        }
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
        let metadata = serde_json::to_string(&Shown::of(&self.conduct, &self.booked.title)).ok();
        if let Err(error) = self.rooms.govern(self.id.as_str(), news, metadata) {
            tracing::error!(meeting = %self.id, %error, "the meeting's room cannot be opened");
        }
    }

    /// Some booking was changed or called off, and may be this one.
    async fn booked_anew(&mut self) {
        let changes = *self.bookings.borrow_and_update();
        if std::mem::replace(&mut self.looked_up_at, changes) == changes {
            return;
        }
        let booked = match self.meetings.meeting(&self.id).await {
            Ok(booked) if booked.revision != self.booked.revision => booked,
            Ok(_) => return,
            Err(error) => return self.note(Some(error)),
        };
        let before = std::mem::replace(&mut self.booked, booked);
        if self.booked.state == MeetingState::Cancelled {
            self.is_dropped = true;
            return self.news.changed(vec![Effect::Close]);
        }
        let dropped = before.venues.iter().filter(|venue| self.booked.venue(&venue.venue).is_none()).map(|venue| venue.venue.clone()).collect();
        let booking = prepare::beginning(&self.booked);
        if let Ok(effects) = self.conduct.handle(self.clock.now(), Input::Booked { booking, dropped }) {
            self.news.changed(effects);
        }
    }

    /// What is over its time and empty is closed; what was never opened is forgotten.
    fn look(&mut self) {
        let now = self.clock.now();
        if now <= self.conduct.ends + FORGOTTEN_MS || !self.conduct.is_empty() {
            return;
        }
        tracing::info!(meeting = %self.id, "nobody is left and the time is over");
        if self.conduct.phase == Phase::Called {
            self.is_dropped = true;
        } else if let Ok(effects) = self.conduct.command(now, &Actor::Desk, Command::Close) {
            self.news.changed(effects);
        }
    }

    /// The meeting goes on when the disk is full; the log says so.
    fn note(&self, error: Option<impl std::fmt::Display>) {
        if let Some(error) = error {
            tracing::error!(meeting = %self.id, %error, "what happened in the meeting cannot be kept");
        }
    }
}
