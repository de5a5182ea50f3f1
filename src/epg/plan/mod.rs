//! From rules, guide and tape to what is recorded: a pure decision, made again whenever one of them or the clock has moved on.
//!
//! A [`Take`] is a programme that a rule (or a person) has claimed for a column. The plan claims programmes shortly before they begin, or at once where
//! they are on the tape already; follows the guide as it moves them; drops what vanished before it began; and closes a take when the tape has it whole.
//! Invariants: an event goes to a column once, whatever rules match it; planning again after the plan was carried out, with nothing else changed, plans nothing.

mod claim;
mod follow;
mod keep;

use std::collections::BTreeMap;

use crate::base::{AssetId, ChannelId, ColumnId, RuleId, UtcMs, Zone};

use super::{EventKey, Programme, Rule};

pub use keep::{Kept, expired};

/// How far a take has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TakeState {
    /// Not cut yet: it follows the guide.
    Open,
    /// Cut, whatever became of it since.
    Closed,
    /// A person cancelled or deleted it, or it was kept long enough: it is not taken again.
    Refused,
}

/// A programme that was claimed. Takes are remembered as long as the tape has their programme, also when their asset is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Take {
    pub id: AssetId,
    /// `None`: a person cut it by hand; the guide does not move it.
    pub rule: Option<RuleId>,
    pub column: ColumnId,
    pub channel: ChannelId,
    pub event: EventKey,
    pub title: String,
    /// The programme's times.
    pub start: UtcMs,
    pub end: UtcMs,
    /// The start when it was claimed: what the rule's time window is held against, as a programme that is moved out of the window stays claimed.
    pub first_start: UtcMs,
    /// The cut, padding included.
    pub from: UtcMs,
    pub to: UtcMs,
    pub state: TakeState,
}

/// What a channel's tape holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tape {
    pub channel: ChannelId,
    /// [from, to) in order, without the gaps.
    pub extents: Vec<(UtcMs, UtcMs)>,
    /// It is being recorded: the last extent grows.
    pub growing: bool,
}

/// What is planned from.
#[derive(Debug, Clone, Copy)]
pub struct Situation<'a> {
    pub now: UtcMs,
    pub zone: &'a Zone,
    /// In the order in which they were made: where several match, the first one's padding holds.
    pub rules: &'a [Rule],
    /// The merged guides of all channels, at least from the oldest tape's beginning to the end of the last open take.
    pub guide: &'a [Programme],
    pub takes: &'a [Take],
    pub tapes: &'a [Tape],
    /// Programmes are claimed so long before their cut begins.
    pub claim_ahead_ms: i64,
}

/// How long before its cut begins a programme is claimed, unless the situation says otherwise.
pub const CLAIM_AHEAD_MS: i64 = 15 * 60_000;
/// A programme that the stream says is still on is waited for so long after its announced end.
const OVERRUN_MS: i64 = 10 * 60_000;
/// A closed take is opened again when the guide moves its end later within this time.
const REOPEN_MS: i64 = 10 * 60_000;
/// The tape is waited for so long; then what it has is taken.
const TAPE_LAG_MS: i64 = 30_000;
/// Less than this missing is no partial take: a tape begins at a random access point.
const MISSING_MS: i64 = 3000;
/// An identity stands for another event when it is further away than this.
const SAME_EVENT_MS: i64 = 18 * 3_600_000;
/// Channels that carry the same programme begin it within this.
const SIMULCAST_MS: i64 = 60_000;

/// Why a take is dropped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    #[error("the programme vanished from the guide before it began")]
    Vanished,
    #[error("its rule was removed or switched off before the programme began")]
    RuleGone,
    #[error("its rule no longer matches the programme")]
    NoMatch,
    #[error("the tape has nothing of it")]
    NotOnTape,
}

/// What is to be done, in this order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    Drop {
        take: AssetId,
        why: Why,
    },
    /// The guide or the rule changed: the take's event, title, times and cut are now these.
    Move {
        take: AssetId,
        programme: Programme,
        from: UtcMs,
        to: UtcMs,
    },
    /// The guide moved the end of a closed take later: it is open again, with these times.
    Reopen {
        take: AssetId,
        programme: Programme,
        from: UtcMs,
        to: UtcMs,
    },
    Claim(Claim),
    /// The tape has all that it will have: cut.
    Close {
        take: AssetId,
        /// Part of the programme itself is not on the tape.
        partial: bool,
    },
}

/// A take to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    pub rule: RuleId,
    pub column: ColumnId,
    pub programme: Programme,
    pub from: UtcMs,
    pub to: UtcMs,
    /// Part of what has been on is not on the tape.
    pub partial: bool,
    /// It is over and the tape has all of it that it will have: the take is [`TakeState::Closed`] from the beginning, cut at once.
    pub complete: bool,
}

impl Claim {
    /// The take under its new asset's identity.
    pub fn take(&self, id: AssetId) -> Take {
        let p = self.programme.clone();
        Take {
            id,
            rule: Some(self.rule.clone()),
            column: self.column.clone(),
            channel: p.channel,
            event: p.event,
            title: p.title,
            start: p.start,
            end: p.end,
            first_start: p.start,
            from: self.from,
            to: self.to,
            state: if self.complete { TakeState::Closed } else { TakeState::Open },
        }
    }
}

impl Take {
    /// Takes over what a [`Action::Move`] or [`Action::Reopen`] says.
    pub fn follow(&mut self, programme: &Programme, from: UtcMs, to: UtcMs) {
        self.event.clone_from(&programme.event);
        self.title.clone_from(&programme.title);
        (self.start, self.end, self.from, self.to) = (programme.start, programme.end, from, to);
        self.state = TakeState::Open;
    }

    /// It is this very event.
    fn is_of(&self, p: &Programme) -> bool {
        self.channel == p.channel && self.event == p.event && (self.start - p.start).abs() < SAME_EVENT_MS
    }

    /// The same programme announced under another identity: same title, and for more than half of the shorter one at the same time.
    fn is_twin_of(&self, p: &Programme) -> bool {
        self.channel == p.channel
            && p.overlap_ms(self.start, self.end) * 2 > p.duration_ms().min(self.end - self.start)
            && super::fold_title(&self.title) == super::fold_title(&p.title)
    }
}

/// The cut of a programme by a rule's padding.
fn cut(rule: &Rule, p: &Programme) -> (UtcMs, UtcMs) {
    (p.start - i64::from(rule.pad_before_seconds) * 1000, p.end + i64::from(rule.pad_after_seconds) * 1000)
}

impl Tape {
    /// Milliseconds of [from, to) that it has.
    fn has_ms(&self, from: UtcMs, to: UtcMs) -> i64 {
        self.extents.iter().map(|&(a, b)| (b.min(to) - a.max(from)).max(0)).sum()
    }

    /// It has, or will have, all up to `to` that it will ever have.
    fn is_past(&self, to: UtcMs, now: UtcMs) -> bool {
        let reached = self.extents.last().is_some_and(|&(_, end)| end >= to);
        reached || !self.growing || now >= to + TAPE_LAG_MS
    }

    /// Part of what has been on of [start, end) is missing.
    fn lacks(&self, start: UtcMs, end: UtcMs, now: UtcMs) -> bool {
        // What was on a moment ago may not be written yet.
        let been = end.min(if self.growing { now - TAPE_LAG_MS } else { now });
        been > start && self.has_ms(start, been) < been - start - MISSING_MS
    }
}

/// What is to be done now. The same situation always gives the same plan.
pub fn plan(situation: &Situation<'_>) -> Vec<Action> {
    let desk = Desk::new(situation);
    let mut actions = Vec::new();
    let mut takes = follow::follow(&desk, &mut actions);
    claim::claim(&desk, &mut takes, &mut actions);
    follow::close(&desk, &takes, &mut actions);
    actions
}

/// The situation laid out by channel.
struct Desk<'a> {
    s: Situation<'a>,
    guide: BTreeMap<&'a ChannelId, Vec<&'a Programme>>,
    tapes: BTreeMap<&'a ChannelId, &'a Tape>,
}

impl<'a> Desk<'a> {
    fn new(s: &Situation<'a>) -> Self {
        let mut guide: BTreeMap<&ChannelId, Vec<&Programme>> = BTreeMap::new();
        for programme in s.guide {
            guide.entry(&programme.channel).or_default().push(programme);
        }
        Self { s: *s, guide, tapes: s.tapes.iter().map(|tape| (&tape.channel, tape)).collect() }
    }

    fn programmes(&self, channel: &ChannelId) -> &[&'a Programme] {
        self.guide.get(channel).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests;
