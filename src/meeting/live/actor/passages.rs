//! What the meeting's room tells: who came, who went, who opened a microphone.

use super::MeetingActor;
use crate::base::VenueId;
use crate::conduct::{Actor, Command, Input, Presence};
use crate::room::{Passage, RoomEvent};
use crate::store::Passed;

impl MeetingActor {
    pub(super) async fn room_event(&mut self, event: RoomEvent) {
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
                    self.joined(venue, name);
                }
            }
            Some(Passage::Left { identity, is_meant }) => {
                if let Ok(venue) = identity.parse() {
                    self.left(venue, is_meant);
                }
            }
            None => match &event {
                RoomEvent::Muted { identity, is_muted, .. } => self.muted(identity, *is_muted),
                RoomEvent::Missed(_) => self.compare().await,
                RoomEvent::Changed(_) | RoomEvent::Speakers { .. } => {}
            },
        }
    }

    fn joined(&mut self, venue: VenueId, name: &str) {
        let now = self.clock.now();
        // Somebody with a token from elsewhere asks at the door, as all do.
        if !self.conduct.venues.contains_key(&venue) {
            let _ = self.conduct.handle(now, Input::Knocked { venue: venue.clone(), title: name.to_owned() });
        }
        let Ok(effects) = self.conduct.handle(now, Input::Joined { venue: venue.clone() }) else { return };
        if self.conduct.is_in(&venue) {
            let title = self.conduct.venues.get(&venue).map_or(name, |venue| venue.title.as_str()).to_owned();
            self.news.passed.push(Passed::Came { venue, title, at: now });
        }
        self.news.changed(effects);
    }

    fn left(&mut self, venue: VenueId, is_meant: bool) {
        let now = self.clock.now();
        if let Ok(effects) = self.conduct.handle(now, Input::Left { venue: venue.clone(), is_meant }) {
            self.news.passed.push(Passed::Went { venue, at: now });
            self.news.changed(effects);
        }
    }

    /// Somebody opened or closed their microphone in the room itself.
    fn muted(&mut self, identity: &str, is_muted: bool) {
        let Ok(venue) = identity.parse::<VenueId>() else { return };
        if self.conduct.venues.get(&venue).is_none_or(|known| known.is_muted == is_muted) {
            return;
        }
        if let Ok(effects) = self.conduct.command(self.clock.now(), &Actor::Venue(venue), Command::MuteSelf { muted: is_muted }) {
            self.news.changed(effects);
        }
    }

    /// Events were missed: who is in the room is looked up.
    async fn compare(&mut self) {
        let there: Vec<VenueId> =
            self.rooms.participants(self.id.as_str()).await.unwrap_or_default().iter().filter_map(|participant| participant.identity.parse().ok()).collect();
        let gone: Vec<VenueId> =
            self.conduct.venues.iter().filter(|(id, venue)| venue.presence == Presence::In && !there.contains(id)).map(|(id, _)| id.clone()).collect();
        for venue in gone {
            self.left(venue, false);
        }
        for venue in there.into_iter().filter(|venue| !self.conduct.is_in(venue)).collect::<Vec<_>>() {
            self.joined(venue, "");
        }
    }
}
