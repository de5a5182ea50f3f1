//! Which programmes are claimed.

use super::follow::{Ripeness, ripeness};
use super::keep::is_too_old;
use super::{Action, Claim, Desk, SIMULCAST_MS, Take, TakeState, Tape, cut};
use crate::epg::guide::order;
use crate::epg::rule::{Matcher, PADDING_LIMIT_SECONDS};
use crate::epg::{Programme, Rule, fold_title};

/// Adds claims to the plan. New ones stand among `takes` at once, so that nothing is claimed twice.
pub(super) fn claim(desk: &Desk<'_>, takes: &mut Vec<Take>, actions: &mut Vec<Action>) {
    let mut due: Vec<(&Programme, &Tape)> = desk.s.guide.iter().filter_map(|p| Some((p, on_tape(desk, p)?))).collect();
    // Newest first: a rule that keeps the last five takes the five newest of what the tape has, and no more.
    due.sort_by(|(a, _), (b, _)| b.start.cmp(&a.start).then_with(|| (&a.channel, order(a)).cmp(&(&b.channel, order(b)))));
    let rules = Matcher::new(desk.s.rules);
    let mut claims = Vec::new();
    for (programme, tape) in due {
        for rule in rules.matching(programme, desk.s.zone) {
            let (from, to) = cut(rule, programme);
            if desk.s.now < from - desk.s.claim_ahead_ms || is_taken(takes, rule, programme) || would_expire(desk, takes, rule, programme) {
                continue;
            }
            let mut claim =
                Claim { rule: rule.id.clone(), column: rule.column.clone(), programme: programme.clone(), from, to, partial: false, complete: false };
            // It stands for a take until it is one.
            let mut take = claim.take(String::new().into());
            (claim.partial, claim.complete) = match ripeness(desk, &take) {
                Ripeness::Whole { partial } => (partial, true),
                _ => (tape.lacks(programme.start, programme.end, desk.s.now), false),
            };
            take.state = TakeState::Closed; // to be closed is not this plan's business
            takes.push(take);
            claims.push(claim);
        }
    }
    claims.sort_by(|a, b| order(&a.programme).cmp(&order(&b.programme)).then_with(|| a.column.cmp(&b.column)));
    actions.extend(claims.into_iter().map(Action::Claim));
}

/// The tape that has some of it or will have.
fn on_tape<'a>(desk: &Desk<'a>, p: &Programme) -> Option<&'a Tape> {
    let due = p.start - i64::from(PADDING_LIMIT_SECONDS) * 1000 - desk.s.claim_ahead_ms <= desk.s.now; // by no rule before that
    let tape = if due { *desk.tapes.get(&p.channel)? } else { return None };
    (p.duration_ms() > 0 && (p.end > desk.s.now || tape.has_ms(p.start, p.end) > 0)).then_some(tape)
}

/// The column has it, or had it, or has the same programme of a channel that carries it too.
fn is_taken(takes: &[Take], rule: &Rule, p: &Programme) -> bool {
    let simulcast = |take: &Take| {
        rule.channel.is_none() && take.channel != p.channel && (take.start - p.start).abs() < SIMULCAST_MS && fold_title(&take.title) == fold_title(&p.title)
    };
    takes.iter().filter(|take| take.column == rule.column).any(|take| take.is_of(p) || take.is_twin_of(p) || simulcast(take))
}

/// It has been on, and the rule's limits would remove it as soon as it is made.
fn would_expire(desk: &Desk<'_>, takes: &[Take], rule: &Rule, p: &Programme) -> bool {
    if p.end > desk.s.now {
        return false;
    }
    let newer = |take: &&Take| take.rule.as_ref() == Some(&rule.id) && take.state != TakeState::Refused && take.start >= p.start && take.start <= desk.s.now;
    let crowded = rule.keep_last.is_some_and(|last| takes.iter().filter(newer).count() >= last as usize);
    crowded || is_too_old(rule, p.start, desk.s.now, desk.s.zone)
}
