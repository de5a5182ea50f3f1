//! Commands: each is looked up in the table, then done.

use super::Effect;
use super::ballot::BallotKind;
use super::command::{Chat, Command, Mode, Whom};
use super::presence::{AWAY_KEPT_MS, Presence, RING_MS, WAITING_KEPT_MS};
use super::refusal::Refusal;
use super::rule::{Actor, Phase};
use super::state::{Conduct, is_quiet};
use crate::base::{UtcMs, VenueId};

const MOST_TEXT: usize = 500;
const MOST_MINUTES: u32 = 720;
const MOST_PEOPLE: u32 = 100_000;

/// What people write: without the blanks around it, of a length that a screen holds.
pub(super) fn text(what: &'static str, text: String) -> Result<String, Refusal> {
    let trimmed = text.trim();
    match trimmed.chars().count() {
        0..=MOST_TEXT => Ok(trimmed.chars().filter(|letter| !letter.is_control() || *letter == '\n').collect()),
        given => Err(Refusal::Range { what, given: given as u64, least: 0, most: MOST_TEXT as u64 }),
    }
}

impl Conduct {
    /// Whether this actor may do it now.
    pub fn allows(&self, actor: &Actor, act: super::Act) -> Result<(), Refusal> {
        let (role, rule) = (self.role(actor), act.rule());
        if !rule.is_for(role) {
            return Err(Refusal::Role { act, role });
        }
        if !rule.is_in(self.phase) {
            return Err(Refusal::Phase { act, phase: self.phase });
        }
        Ok(())
    }

    /// Does it, or says why not; then nothing has changed.
    pub fn command(&mut self, now: UtcMs, actor: &Actor, command: Command) -> Result<Vec<Effect>, Refusal> {
        self.allows(actor, command.act())?;
        if let Actor::Venue(venue) = actor {
            self.venue_here(venue)?;
        }
        let mut after = self.clone();
        let mut effects = Vec::new();
        after.apply(now, actor, command, &mut effects)?;
        after.version += 1;
        *self = after;
        Ok(effects)
    }

    fn apply(&mut self, now: UtcMs, actor: &Actor, command: Command, effects: &mut Vec<Effect>) -> Result<(), Refusal> {
        match command {
            Command::Open => self.open(now, effects),
            Command::CallRoll => self.call_roll(now),
            Command::EndRoll => self.end_roll(now),
            Command::MarkRoll { venue, mark } => {
                self.venue(&venue)?;
                self.roll.mark(now, &venue, mark, true);
            }
            Command::Begin => {
                self.open(now, effects);
                self.phase = Phase::InSession;
                self.began.get_or_insert(now);
            }
            Command::Pause { until } => (self.phase, self.break_until) = (Phase::Break, until),
            Command::Resume => (self.phase, self.break_until) = (Phase::InSession, None),
            Command::Extend { minutes } => self.extend(minutes)?,
            Command::Close => self.close(now, effects)?,
            Command::SetMode { mode } => self.set_mode(mode, effects),
            Command::HandOver { to } => self.sit(to)?,
            Command::Reclaim => self.reclaim(actor)?,
            Command::Broadcast { venue } => self.broadcast(venue)?,
            Command::EndBroadcast => self.stage.broadcast = None,
            Command::Look { venue } => self.look(venue)?,
            Command::EndLook => self.stage.look = None,
            Command::ReturnPicture { venue } => self.return_picture(venue)?,
            Command::Poll { screen, venues, seconds, at_once } => self.start_poll(now, screen, venues, seconds, at_once)?,
            Command::PausePoll { screen } => self.polls.pause(now, screen)?,
            Command::ResumePoll { screen } => self.polls.resume(now, screen)?,
            Command::StepPoll { screen } => self.step_poll(now, screen)?,
            Command::StopPoll { screen } => self.polls.stop(screen)?,
            Command::GiveFloor { venue } => self.give_floor(&venue, effects)?,
            Command::TakeFloor { venue } => self.take_floor(&venue, effects)?,
            Command::DismissHand { venue } => self.floor.lower(&venue),
            Command::Mute { whom } => self.set_muted(&whom, true, effects)?,
            Command::Unmute { whom } => self.set_muted(&whom, false, effects)?,
            Command::LockMute { locked } => self.is_mute_locked = locked,
            Command::Camera { venue, off } => self.venue_mut(&venue)?.is_camera_off = off,
            Command::SetLayout { layout } => self.layout = layout,
            Command::SetBanner { text: banner } => self.banner = text("banner", banner)?,
            Command::SetSubtitle { text: subtitle } => self.subtitle = text("subtitle", subtitle)?,
            Command::StartVote { title, options, is_secret } => self.start_ballot(now, BallotKind::Vote, title, options, is_secret)?,
            Command::StartSignIn { title } => self.start_ballot(now, BallotKind::SignIn, title, Vec::new(), false)?,
            Command::EndBallot => self.end_ballot(now)?,
            Command::Invite { venue, title } => self.invite(now, venue, text("title", title)?, effects)?,
            Command::Redial { venue } => self.redial(now, venue, effects)?,
            Command::Remove { venue } => self.send_out(&venue, effects)?,
            Command::TurnAway { venue } => self.send_out(&venue, effects)?,
            Command::Admit { venue } => self.admit(now, &venue, effects)?,
            Command::LockDoor { locked } => self.is_door_locked = locked,
            Command::SetAgenda { at } => self.agenda = at,
            Command::AllowShare { venue, allowed } => self.venue_mut(&venue)?.may_share = allowed,
            Command::SetChat { chat } => self.chat = chat,
            Command::SetInterpreter { venue, language, named } => self.set_interpreter(venue, language, named)?,
            Command::SetReactions { on } => self.has_reactions = on,
            Command::OpenBoard { open } => self.is_board_open = open,
            own => return self.own(now, actor, own, effects),
        }
        Ok(())
    }

    /// What a venue does for itself.
    fn own(&mut self, now: UtcMs, actor: &Actor, command: Command, effects: &mut Vec<Effect>) -> Result<(), Refusal> {
        // The table lets nobody else come here.
        let Actor::Venue(venue) = actor else { return Ok(()) };
        match command {
            Command::AnswerRoll => self.answer_roll(now, venue),
            Command::RaiseHand => self.floor.raise(now, venue),
            Command::LowerHand => self.floor.lower(venue),
            Command::MuteSelf { muted } => {
                if !muted && self.on_air(venue).is_some() {
                    return Err(Refusal::OnAir);
                }
                if !muted && !self.rights(venue).may_unmute {
                    return Err(Refusal::Locked);
                }
                self.venue_mut(venue)?.is_muted = muted;
            }
            Command::Share { on } => {
                if on && !self.may_share(venue) {
                    return Err(Refusal::MayNotShare);
                }
                self.venue_mut(venue)?.is_sharing = on;
            }
            Command::Cast { choice } => self.cast(now, venue, BallotKind::Vote, choice)?,
            Command::SignIn { headcount } => {
                self.cast(now, venue, BallotKind::SignIn, 0)?;
                if let Some(people) = headcount {
                    self.count(venue, people)?;
                }
            }
            Command::Headcount { people } => self.count(venue, people)?,
            Command::Interpret { language, on } => self.interpret(venue, &language, on, effects)?,
            Command::OfferInterpreting { language, to } => self.offer_interpreting(venue, &language, to)?,
            _ => {}
        }
        Ok(())
    }

    fn count(&mut self, venue: &VenueId, people: u32) -> Result<(), Refusal> {
        if people > MOST_PEOPLE {
            return Err(Refusal::Range { what: "people", given: people.into(), least: 0, most: MOST_PEOPLE.into() });
        }
        self.venue_mut(venue)?.headcount = Some(people);
        Ok(())
    }

    /// The doors open: those who wait and belong here come in.
    pub(super) fn open(&mut self, now: UtcMs, effects: &mut Vec<Effect>) {
        if self.phase != Phase::Called {
            return;
        }
        self.phase = Phase::Gathering;
        let waiting = |venue: &super::Venue| venue.is_expected && !venue.must_ask && matches!(venue.presence, Presence::Waiting { .. });
        let in_time: Vec<VenueId> = self.venues.iter().filter(|(_, venue)| waiting(venue)).map(|(id, _)| id.clone()).collect();
        for venue in in_time.iter().filter(|_| !self.is_door_locked).collect::<Vec<_>>() {
            self.let_in(now, venue, effects);
        }
    }

    fn admit(&mut self, now: UtcMs, venue: &VenueId, effects: &mut Vec<Effect>) -> Result<(), Refusal> {
        match self.venue(venue)?.presence {
            Presence::Waiting { .. } | Presence::Removed => self.let_in(now, venue, effects),
            _ => return Err(Refusal::NotIn(venue.clone())),
        }
        Ok(())
    }

    fn extend(&mut self, minutes: u32) -> Result<(), Refusal> {
        if !(1..=MOST_MINUTES).contains(&minutes) {
            return Err(Refusal::Range { what: "minutes", given: minutes.into(), least: 1, most: MOST_MINUTES.into() });
        }
        (self.ends, self.is_extended) = (self.ends + i64::from(minutes) * 60_000, true);
        Ok(())
    }

    fn close(&mut self, now: UtcMs, effects: &mut Vec<Effect>) -> Result<(), Refusal> {
        if self.ballot.is_some() {
            self.end_ballot(now)?;
        }
        if self.phase == Phase::RollCall {
            self.end_roll(now);
        }
        (self.phase, self.closed) = (Phase::Closed, Some(now));
        self.stage = super::Stage::default();
        self.floor = super::Floor::default();
        self.polls.clear();
        self.interpretation.iter_mut().for_each(|each| (each.on_air, each.offered) = (None, None));
        for venue in self.venues.values_mut() {
            (venue.presence, venue.is_sharing) = (Presence::Absent, false);
        }
        effects.push(Effect::Close);
        Ok(())
    }

    fn set_mode(&mut self, mode: Mode, effects: &mut Vec<Effect>) {
        if std::mem::replace(&mut self.mode, mode) == mode {
            return;
        }
        self.is_mute_locked = is_quiet(mode);
        self.chat = Chat::Open;
        if is_quiet(mode) {
            let silent: Vec<VenueId> = self.branches().filter(|venue| !self.floor.has(venue)).cloned().collect();
            self.mute_each(silent, true, effects);
        }
    }

    /// All but those who steer.
    fn branches(&self) -> impl Iterator<Item = &VenueId> {
        self.venues.keys().filter(|venue| **venue != self.chair && **venue != self.main)
    }

    fn set_muted(&mut self, whom: &Whom, is_muted: bool, effects: &mut Vec<Effect>) -> Result<(), Refusal> {
        let venues = match whom {
            Whom::One(venue) => vec![self.venue(venue).map(|_| venue.clone())?],
            Whom::All => self.venues.keys().filter(|venue| **venue != self.chair).cloned().collect(),
            Whom::AllBut(kept) => self.venues.keys().filter(|venue| **venue != self.chair && !kept.contains(venue)).cloned().collect(),
        };
        self.mute_each(venues, is_muted, effects);
        Ok(())
    }

    fn mute_each(&mut self, venues: Vec<VenueId>, is_muted: bool, effects: &mut Vec<Effect>) {
        for id in venues {
            let Some(venue) = self.venues.get_mut(&id) else { continue };
            if std::mem::replace(&mut venue.is_muted, is_muted) != is_muted && venue.presence.is_here() {
                effects.push(Effect::Microphone { venue: id, is_open: !is_muted });
            }
        }
    }

    /// Time passed. Whether anything changed.
    pub fn tick(&mut self, now: UtcMs) -> bool {
        let mut changed = self.phase != Phase::Closed && self.tick_polls(now);
        let late: Vec<VenueId> =
            self.venues.iter().filter(|(_, venue)| until(venue.presence).is_some_and(|until| until <= now)).map(|(id, _)| id.clone()).collect();
        for venue in late {
            self.gone(&venue);
            changed = true;
        }
        self.version += u64::from(changed);
        changed
    }

    /// When [`Conduct::tick`] has something to do.
    pub fn next_due(&self) -> Option<UtcMs> {
        self.venues.values().filter_map(|venue| until(venue.presence)).chain(self.polls.next_due()).min()
    }
}

/// How long a venue is so, where that ends by itself.
fn until(presence: Presence) -> Option<UtcMs> {
    match presence {
        Presence::Ringing { since } => Some(since + RING_MS),
        Presence::Waiting { asked, .. } => Some(asked + WAITING_KEPT_MS),
        Presence::Away { since } => Some(since + AWAY_KEPT_MS),
        _ => None,
    }
}
