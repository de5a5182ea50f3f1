//! Polls: venues are shown one after the other, at an interval; each of three screens has its own.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::command::Screen;
use super::refusal::Refusal;
use super::state::{Conduct, MOST_VENUES};
use crate::base::{UtcMs, VenueId};

/// How long a venue is shown, in seconds.
const LEAST_SECONDS: u32 = 3;
const MOST_SECONDS: u32 = 3_600;
/// Pictures of the wall.
pub(super) const MOST_WALL: usize = 25;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Poll {
    pub venues: Vec<VenueId>,
    pub seconds: u32,
    /// So many at once: more than one on the wall.
    pub at_once: usize,
    /// The first of those that are shown.
    pub at: usize,
    /// Since when they are shown; while paused, the moment they would have been shown since.
    pub since: UtcMs,
    /// It stands since then.
    pub paused: Option<UtcMs>,
}

impl Poll {
    fn due(&self) -> Option<UtcMs> {
        self.paused.is_none().then_some(self.since + i64::from(self.seconds) * 1_000)
    }
}

/// The polls that run, by their screens.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(transparent)]
#[schema(value_type = std::collections::HashMap<String, Poll>)]
pub struct Polls(BTreeMap<Screen, Poll>);

impl Polls {
    pub fn of(&self, screen: Screen) -> Option<&Poll> {
        self.0.get(&screen)
    }

    fn of_mut(&mut self, screen: Screen) -> Result<&mut Poll, Refusal> {
        self.0.get_mut(&screen).ok_or(Refusal::NoPoll)
    }

    pub(super) fn next_due(&self) -> Option<UtcMs> {
        self.0.values().filter_map(Poll::due).min()
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    pub(super) fn stop(&mut self, screen: Screen) -> Result<(), Refusal> {
        self.0.remove(&screen).map(drop).ok_or(Refusal::NoPoll)
    }

    pub(super) fn pause(&mut self, now: UtcMs, screen: Screen) -> Result<(), Refusal> {
        self.of_mut(screen)?.paused.get_or_insert(now);
        Ok(())
    }

    /// It goes on where it stood, for what was left of the interval.
    pub(super) fn resume(&mut self, now: UtcMs, screen: Screen) -> Result<(), Refusal> {
        let poll = self.of_mut(screen)?;
        if let Some(paused) = poll.paused.take() {
            poll.since = poll.since + (now - paused).max(0);
        }
        Ok(())
    }
}

impl Conduct {
    /// Without named venues: all that are expected, in the order of the list.
    pub(super) fn start_poll(&mut self, now: UtcMs, screen: Screen, venues: Vec<VenueId>, seconds: u32, at_once: Option<usize>) -> Result<(), Refusal> {
        let range = |what, given: u64, least: u64, most: u64| {
            if (least..=most).contains(&given) { Ok(()) } else { Err(Refusal::Range { what, given, least, most }) }
        };
        range("seconds", seconds.into(), LEAST_SECONDS.into(), MOST_SECONDS.into())?;
        let at_once = at_once.unwrap_or(if screen == Screen::Wall { 9 } else { 1 });
        range("at_once", at_once as u64, 1, screen.most_at_once() as u64)?;
        range("venues", venues.len() as u64, 0, MOST_VENUES as u64)?;
        for venue in &venues {
            self.venue(venue)?;
        }
        let named = !venues.is_empty();
        let venues = if named { venues } else { self.in_order().into_iter().filter(|venue| self.venues[*venue].is_expected).cloned().collect() };
        self.polls.0.insert(screen, Poll { venues, seconds, at_once, at: 0, since: now, paused: None });
        let first = self.from(screen, 0);
        if let (Some(poll), Some(first)) = (self.polls.0.get_mut(&screen), first) {
            poll.at = first;
        }
        Ok(())
    }

    pub(super) fn step_poll(&mut self, now: UtcMs, screen: Screen) -> Result<(), Refusal> {
        self.polls.of(screen).ok_or(Refusal::NoPoll)?;
        self.turn(now, screen);
        Ok(())
    }

    pub(super) fn tick_polls(&mut self, now: UtcMs) -> bool {
        let due: Vec<Screen> = Screen::ALL.into_iter().filter(|screen| self.polls.of(*screen).and_then(Poll::due).is_some_and(|due| due <= now)).collect();
        for screen in &due {
            self.turn(now, *screen);
        }
        !due.is_empty()
    }

    fn turn(&mut self, now: UtcMs, screen: Screen) {
        let next = self.after(screen);
        if let Some(poll) = self.polls.0.get_mut(&screen) {
            poll.at = next.unwrap_or(poll.at);
            poll.since = now;
            if poll.paused.is_some() {
                poll.paused = Some(now);
            }
        }
    }

    /// Those that the poll shows now.
    pub fn polled(&self, screen: Screen) -> Vec<&VenueId> {
        self.polls.of(screen).map(|poll| self.shown_from(poll, poll.at)).unwrap_or_default()
    }

    /// Those that come next: they are kept warm.
    pub fn polled_next(&self, screen: Screen) -> Vec<&VenueId> {
        let Some((poll, next)) = self.polls.of(screen).zip(self.after(screen)) else { return Vec::new() };
        if next == poll.at { Vec::new() } else { self.shown_from(poll, next) }
    }

    /// Where the next step begins: behind those that are shown.
    fn after(&self, screen: Screen) -> Option<usize> {
        let poll = self.polls.of(screen)?;
        let last = self.shown_from(poll, poll.at).last().and_then(|last| poll.venues.iter().position(|venue| venue == *last)).unwrap_or(poll.at);
        self.from(screen, last + 1)
    }

    /// The first venue that is in, at or after this place, and round.
    fn from(&self, screen: Screen, at: usize) -> Option<usize> {
        let venues = &self.polls.of(screen)?.venues;
        (at..at + venues.len()).map(|place| place % venues.len()).find(|place| venues.get(*place).is_some_and(|venue| self.is_in(venue)))
    }

    fn shown_from<'a>(&'a self, poll: &'a Poll, at: usize) -> Vec<&'a VenueId> {
        // A page of the wall does not begin anew at its end: the last one may be short.
        poll.venues.iter().skip(at).filter(|venue| self.is_in(venue)).take(poll.at_once).collect()
    }
}
