//! What becomes of takes that there are already.

use std::collections::BTreeMap;

use super::{Action, Desk, REOPEN_MS, TAPE_LAG_MS, Take, TakeState, Why, cut};
use crate::base::{AssetId, UtcMs};
use crate::epg::{Programme, Rule};

/// Drops, moves and reopens; returns the takes as they are after that.
pub(super) fn follow(desk: &Desk<'_>, actions: &mut Vec<Action>) -> Vec<Take> {
    let mut takes = desk.s.takes.to_vec();
    loop {
        let verdicts = verdicts(desk, &takes);
        // What a dropped take leaves may be another's: all are looked at again.
        let dropped: BTreeMap<AssetId, Why> = verdicts.iter().filter_map(|(id, v)| Some((id.clone(), v.as_ref().err()?.clone()))).collect();
        if dropped.is_empty() {
            for (take, (_, verdict)) in takes.iter_mut().zip(verdicts) {
                if let Ok(Some((programme, from, to))) = verdict {
                    let (id, programme, closed) = (take.id.clone(), programme.clone(), take.state == TakeState::Closed);
                    take.follow(&programme, from, to);
                    actions.push(if closed { Action::Reopen { take: id, programme, from, to } } else { Action::Move { take: id, programme, from, to } });
                }
            }
            return takes;
        }
        takes.retain(|take| !dropped.contains_key(&take.id));
        actions.extend(dropped.into_iter().map(|(take, why)| Action::Drop { take, why }));
    }
}

/// The programme and cut that a take is to have; `None`: as it is.
type Verdict<'a> = Result<Option<(&'a Programme, UtcMs, UtcMs)>, Why>;

fn verdicts<'a>(desk: &Desk<'a>, takes: &[Take]) -> Vec<(AssetId, Verdict<'a>)> {
    let programmes = programmes_of_takes(desk, takes);
    let judged = |(take, programme): (&Take, Option<&'a Programme>)| {
        let verdict = verdict(desk, take, programme).and_then(|followed| {
            let mut then = take.clone();
            if let Some((programme, from, to)) = followed {
                then.follow(programme, from, to);
            }
            let nothing = then.state == TakeState::Open && matches!(ripeness(desk, &then), Ripeness::Nothing);
            if nothing { Err(Why::NotOnTape) } else { Ok(followed) }
        });
        (take.id.clone(), verdict)
    };
    takes.iter().zip(programmes).map(judged).collect()
}

/// The programme of each take: by its identity; else its twin, if that is no other take's of the same column.
fn programmes_of_takes<'a>(desk: &Desk<'a>, takes: &[Take]) -> Vec<Option<&'a Programme>> {
    let followed = |take: &Take| take.rule.is_some() && take.state != TakeState::Refused;
    let nearest = |take: &Take| desk.programmes(&take.channel).iter().copied().filter(|p| take.is_of(p)).min_by_key(|p| (p.start - take.start).abs());
    let mut found: Vec<Option<&Programme>> = takes.iter().map(|take| if followed(take) { nearest(take) } else { None }).collect();
    for (i, take) in takes.iter().enumerate() {
        if found[i].is_some() || !followed(take) || take.state != TakeState::Open {
            continue;
        }
        let free = |p: &&Programme| !takes.iter().zip(&found).any(|(other, has)| other.column == take.column && has.is_some_and(|has| std::ptr::eq(has, *p)));
        let refused = |p: &&Programme| takes.iter().any(|other| other.state == TakeState::Refused && other.column == take.column && other.is_of(p));
        found[i] = desk.programmes(&take.channel).iter().copied().filter(|p| take.is_twin_of(p)).filter(free).find(|p| !refused(p));
    }
    found
}

fn verdict<'a>(desk: &Desk<'_>, take: &Take, programme: Option<&'a Programme>) -> Verdict<'a> {
    let Some(rule) = take.rule.as_ref() else { return Ok(None) };
    let rule = desk.s.rules.iter().find(|r| r.id == *rule && r.enabled);
    match take.state {
        TakeState::Refused => Ok(None),
        TakeState::Closed => match programme {
            // Only longer: one that was put off after it was cut is left alone.
            Some(p) if p.start < take.end && p.end > take.end && desk.s.now < take.to + REOPEN_MS => to_follow(take, rule, p),
            _ => Ok(None),
        },
        TakeState::Open => {
            if desk.s.now < programme.map_or(take.start, |p| p.start) {
                // Not begun: whatever speaks against it now ends it.
                let Some(p) = programme else { return Err(Why::Vanished) };
                let Some(rule) = rule else { return Err(Why::RuleGone) };
                let claimed = take.first_start;
                if rule.column != take.column || !rule.matches_what(p) || !rule.matches_when(claimed, desk.s.zone) {
                    return Err(Why::NoMatch);
                }
            }
            programme.map_or(Ok(None), |p| to_follow(take, rule, p))
        }
    }
}

/// A rule that is gone leaves the padding it gave.
fn to_follow<'a>(take: &Take, rule: Option<&Rule>, p: &'a Programme) -> Verdict<'a> {
    let (from, to) = match rule {
        Some(rule) => cut(rule, p),
        None => (p.start - (take.start - take.from), p.end + (take.to - take.end)),
    };
    let same = (&take.event, &take.title, take.start, take.end, take.from, take.to) == (&p.event, &p.title, p.start, p.end, from, to);
    if same { Ok(None) } else { Ok(Some((p, from, to))) }
}

/// Closes what is over and on the tape.
pub(super) fn close(desk: &Desk<'_>, takes: &[Take], actions: &mut Vec<Action>) {
    for take in takes.iter().filter(|take| take.state == TakeState::Open) {
        if let Ripeness::Whole { partial } = ripeness(desk, take) {
            actions.push(Action::Close { take: take.id.clone(), partial });
        }
    }
}

pub(super) enum Ripeness {
    /// More may come.
    Unripe,
    /// The tape has all that it will have.
    Whole { partial: bool },
    /// And that is nothing.
    Nothing,
}

pub(super) fn ripeness(desk: &Desk<'_>, take: &Take) -> Ripeness {
    let still_on = |p: &Programme| take.rule.is_some() && take.is_of(p) && p.running && desk.s.now < take.to + super::OVERRUN_MS;
    if desk.s.now < take.to || desk.programmes(&take.channel).iter().any(|p| still_on(p)) {
        return Ripeness::Unripe;
    }
    match desk.tapes.get(&take.channel) {
        Some(tape) if !tape.is_past(take.to, desk.s.now) => Ripeness::Unripe,
        Some(tape) if tape.has_ms(take.from, take.to) > 0 => {
            Ripeness::Whole { partial: tape.lacks(take.start, take.end, desk.s.now.max(take.end + TAPE_LAG_MS)) }
        }
        _ => Ripeness::Nothing,
    }
}
