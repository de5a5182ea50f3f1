//! What happened in its order, read from the log of commands and from when venues were in.

use super::Facts;
use crate::base::{UtcMs, VenueId};
use crate::conduct::{Actor, Command};

/// A line of the log. A command that this version does not know is None: it is passed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    pub at: UtcMs,
    pub actor: Actor,
    pub command: Option<Command>,
}

/// In which way somebody was heard or seen by all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    Chair,
    Floor,
    Broadcast,
}

/// `to` is absent while it goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Speech {
    pub venue: VenueId,
    pub how: How,
    pub from: UtcMs,
    pub to: Option<UtcMs>,
}

/// A point of the agenda was on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointSpan {
    pub point: u32,
    pub from: UtcMs,
    pub to: Option<UtcMs>,
}

/// What everybody noticed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    Opened,
    RollCalled,
    RollEnded,
    Began,
    Paused,
    Resumed,
    Extended(u32),
    ChairTaken(VenueId),
    Invited(String),
    Removed(VenueId),
    VoteBegan(String),
    SignInBegan(String),
    Closed,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Course {
    pub began: Option<UtcMs>,
    /// By the time they began.
    pub speeches: Vec<Speech>,
    pub points: Vec<PointSpan>,
    pub events: Vec<(UtcMs, Event)>,
}

/// Whose connection broke keeps the floor for so long (`conduct`).
const KEPT_MS: i64 = 60_000;
/// What is taken up again at once was never put down.
const BREATH_MS: i64 = 2_000;

enum Happened<'f> {
    Done(&'f Logged, &'f Command),
    Gone(&'f VenueId),
}

#[derive(Default)]
struct Under {
    speeches: Vec<Speech>,
    point: Option<PointSpan>,
}

impl Course {
    pub fn of(facts: &Facts) -> Self {
        let mut happened: Vec<(UtcMs, Happened)> =
            facts.log.iter().filter_map(|logged| Some((logged.at, Happened::Done(logged, logged.command.as_ref()?)))).collect();
        happened.extend(gone(facts).map(|(at, venue)| (at, Happened::Gone(venue))));
        // Stable: what was done in one millisecond stays in its order.
        happened.sort_by_key(|(at, _)| *at);
        let mut course = Self::default();
        let mut under = Under::default();
        if let Some(conduct) = &facts.conduct {
            // From the first moment on somebody chairs.
            let first = facts.stays.iter().map(|stay| stay.came).chain(happened.iter().map(|(at, _)| *at)).min();
            if let Some(at) = first {
                under.begin(at, How::Chair, &conduct.booked_chair);
            }
        }
        for (at, happened) in happened {
            match happened {
                Happened::Done(logged, command) => course.done(facts, &mut under, at, &logged.actor, command),
                Happened::Gone(venue) => course.end(&mut under, at, |speech| speech.venue == *venue && speech.how != How::Chair),
            }
        }
        if let Some(closed) = facts.conduct.as_ref().and_then(|conduct| conduct.closed) {
            course.close(&mut under, closed);
        }
        course.speeches.append(&mut under.speeches);
        course.points.extend(under.point);
        course.tidy();
        course
    }

    fn done(&mut self, facts: &Facts, under: &mut Under, at: UtcMs, actor: &Actor, command: &Command) {
        let event = match command {
            Command::Open => Event::Opened,
            Command::CallRoll => Event::RollCalled,
            Command::EndRoll => {
                self.began.get_or_insert(at);
                Event::RollEnded
            }
            Command::Begin => {
                self.began.get_or_insert(at);
                Event::Began
            }
            Command::Pause { .. } => Event::Paused,
            Command::Resume => Event::Resumed,
            Command::Extend { minutes } => Event::Extended(*minutes),
            Command::Close => {
                self.close(under, at);
                Event::Closed
            }
            Command::HandOver { to } => return self.chair(under, at, to),
            Command::Reclaim => match actor {
                Actor::Venue(venue) => return self.chair(under, at, venue),
                // To where it was booked.
                Actor::Desk => return facts.conduct.iter().for_each(|conduct| self.chair(under, at, &conduct.booked_chair)),
            },
            Command::GiveFloor { venue } => {
                self.end(under, at, |speech| speech.how == How::Floor && speech.venue == *venue);
                return under.begin(at, How::Floor, venue);
            }
            Command::TakeFloor { venue } => return self.end(under, at, |speech| speech.how == How::Floor && speech.venue == *venue),
            Command::Broadcast { venue } => {
                self.end(under, at, |speech| speech.how == How::Broadcast);
                return under.begin(at, How::Broadcast, venue);
            }
            Command::EndBroadcast => return self.end(under, at, |speech| speech.how == How::Broadcast),
            Command::SetAgenda { at: point } => {
                self.end_point(under, at);
                under.point = point.map(|point| PointSpan { point, from: at, to: None });
                return;
            }
            Command::Invite { title, .. } => Event::Invited(title.clone()),
            Command::Remove { venue } => {
                self.end(under, at, |speech| speech.venue == *venue && speech.how != How::Chair);
                Event::Removed(venue.clone())
            }
            Command::StartVote { title, .. } => Event::VoteBegan(title.clone()),
            Command::StartSignIn { title } => Event::SignInBegan(title.clone()),
            _ => return,
        };
        self.events.push((at, event));
    }

    fn chair(&mut self, under: &mut Under, at: UtcMs, to: &VenueId) {
        if under.speeches.iter().any(|speech| speech.how == How::Chair && speech.venue == *to) {
            return;
        }
        // Who chairs has no need of the floor.
        self.end(under, at, |speech| speech.how == How::Chair || (speech.how == How::Floor && speech.venue == *to));
        under.begin(at, How::Chair, to);
        self.events.push((at, Event::ChairTaken(to.clone())));
    }

    fn close(&mut self, under: &mut Under, at: UtcMs) {
        self.end(under, at, |_| true);
        self.end_point(under, at);
    }

    fn end(&mut self, under: &mut Under, at: UtcMs, ended: impl Fn(&Speech) -> bool) {
        let (over, on) = std::mem::take(&mut under.speeches).into_iter().partition(ended);
        under.speeches = on;
        self.speeches.extend(Vec::into_iter(over).map(|speech: Speech| Speech { to: Some(at.max(speech.from)), ..speech }));
    }

    fn end_point(&mut self, under: &mut Under, at: UtcMs) {
        self.points.extend(under.point.take().map(|span| PointSpan { to: Some(at.max(span.from)), ..span }));
    }

    /// In order, and what was taken up again at once as one.
    fn tidy(&mut self) {
        // Of what began in one millisecond, what ended first was first.
        let key = |speech: &Speech| (speech.from, speech.to.unwrap_or(UtcMs(i64::MAX)), speech.how);
        self.speeches.sort_by(|a, b| (key(a), &a.venue).cmp(&(key(b), &b.venue)));
        let mut kept: Vec<Speech> = Vec::new();
        for speech in std::mem::take(&mut self.speeches) {
            let before = kept.iter_mut().rev().find(|before| before.how == speech.how);
            match before {
                Some(before) if before.venue == speech.venue && before.to.is_some_and(|to| speech.from - to < BREATH_MS) => before.to = speech.to,
                _ => kept.push(speech),
            }
        }
        self.speeches = kept;
        self.points.sort_by_key(|span| (span.from, span.to.unwrap_or(UtcMs(i64::MAX))));
        self.points.dedup_by(|next, before| {
            let is_same = next.point == before.point && before.to.is_some_and(|to| next.from - to < BREATH_MS);
            if is_same {
                before.to = next.to;
            }
            is_same
        });
    }
}

impl Under {
    fn begin(&mut self, at: UtcMs, how: How, venue: &VenueId) {
        self.speeches.push(Speech { venue: venue.clone(), how, from: at, to: None });
    }
}

/// When venues left for good: those whose connection broke were back in a minute.
fn gone(facts: &Facts) -> impl Iterator<Item = (UtcMs, &VenueId)> {
    facts.stays.iter().filter_map(|stay| {
        let went = stay.went?;
        let is_back = facts.stays.iter().any(|other| other.venue == stay.venue && other.came > stay.came && other.came - went < KEPT_MS);
        (!is_back).then_some((went, &stay.venue))
    })
}
