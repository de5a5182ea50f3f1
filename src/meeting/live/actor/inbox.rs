//! What the meeting's actor is asked: to be let in, and what somebody does.

use std::mem::discriminant;

use super::MeetingActor;
use crate::base::VenueId;
use crate::conduct::{Actor, Command, Effect, Input};
use crate::meeting::live::{Door, LiveError, Message};
use crate::store::Done;

impl MeetingActor {
    pub(super) fn message(&mut self, message: Message) {
        // An answer that nobody waits for is dropped.
        match message {
            Message::Knock { venue, title, answer } => {
                let said = self.knock(venue, title);
                self.news.answers.push(Box::new(move || drop(answer.send(said))));
            }
            Message::Command { actor, command, answer } => {
                let said = self.command(actor, *command);
                self.news.answers.push(Box::new(move || drop(answer.send(said))));
            }
        }
    }

    fn knock(&mut self, venue: VenueId, title: String) -> Result<Door, LiveError> {
        let (before, version) = (self.conduct.venues.get(&venue).map(|known| discriminant(&known.presence)), self.conduct.version);
        let effects = self.conduct.handle(self.clock.now(), Input::Knocked { venue: venue.clone(), title })?;
        let door = if effects.contains(&Effect::Admit(venue.clone())) { Door::Open } else { Door::Waiting };
        if self.conduct.venues.get(&venue).map(|known| discriminant(&known.presence)) == before {
            // Who waits asks again and again: that is no news.
            self.conduct.version = version;
        } else {
            self.news.changed(effects);
        }
        Ok(door)
    }

    fn command(&mut self, actor: Actor, command: Command) -> Result<u64, LiveError> {
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
        self.news.done.push(done);
        self.news.changed(effects);
        Ok(self.conduct.version)
    }
}
