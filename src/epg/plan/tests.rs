//! The promises of the plan.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::epg::{Source, TitleMatch};

const MIN: i64 = 60_000;
/// 2026-11-20 19:00 in Shanghai.
const SEVEN: UtcMs = UtcMs(1_795_172_400_000);

fn programme(key: &str, title: &str, from: i64, to: i64) -> Programme {
    Programme {
        channel: "cctv1".into(),
        event: EventKey::from(key.to_owned()),
        title: title.into(),
        subtitle: String::new(),
        description: String::new(),
        start: SEVEN + from * MIN,
        end: SEVEN + to * MIN,
        source: Source::Eit,
        running: false,
        scrambled: false,
    }
}

fn rule(id: &str, title: &str) -> Rule {
    let rule: Rule = serde_json::from_str(r#"{"id":"r","title":"x","column":"news","enabled":true,"pad_before_seconds":60,"pad_after_seconds":120}"#).unwrap();
    Rule { id: id.into(), title: title.into(), ..rule }
}

/// A world that carries plans out.
struct World {
    now: UtcMs,
    zone: Zone,
    rules: Vec<Rule>,
    guide: Vec<Programme>,
    takes: Vec<Take>,
    tapes: Vec<Tape>,
    made: u32,
}

impl World {
    /// With a tape of three days that grows.
    fn new(rules: Vec<Rule>, guide: Vec<Programme>) -> Self {
        let tapes = ["cctv1", "cctv2"].map(|channel| Tape { channel: channel.into(), extents: vec![(SEVEN - 72 * 60 * MIN, SEVEN)], growing: true });
        Self { now: SEVEN, zone: Zone::named("Asia/Shanghai").unwrap(), rules, guide, takes: vec![], tapes: tapes.into(), made: 0 }
    }

    fn plan(&self) -> Vec<Action> {
        let Self { now, zone, rules, guide, takes, tapes, .. } = self;
        plan(&Situation { now: *now, zone, rules, guide, takes, tapes, claim_ahead_ms: CLAIM_AHEAD_MS })
    }

    fn take(&mut self, id: &AssetId) -> &mut Take {
        self.takes.iter_mut().find(|take| take.id == *id).unwrap()
    }

    /// At so many minutes after seven; what was done, in words.
    fn at(&mut self, minute: i64) -> Vec<String> {
        self.now = SEVEN + minute * MIN;
        for tape in self.tapes.iter_mut().filter(|tape| tape.growing) {
            tape.extents.last_mut().unwrap().1 = self.now;
        }
        let actions = self.plan();
        let words = actions.iter().map(|action| self.carry_out(action)).collect();
        assert_eq!(self.plan(), [], "planned twice");
        words
    }

    fn carry_out(&mut self, action: &Action) -> String {
        let minutes = |at: UtcMs| (at - SEVEN) as f64 / MIN as f64;
        match action {
            Action::Claim(claim) => {
                self.made += 1;
                let take = claim.take(format!("t{}", self.made).into());
                let partial = match (claim.partial, claim.complete) {
                    (true, true) => " partial complete",
                    (false, true) => " complete",
                    (true, false) => " partial",
                    (false, false) => "",
                };
                let words = format!("claim {} {} {}..{}{partial}", take.id, claim.programme.event, minutes(claim.from), minutes(claim.to));
                self.takes.push(take);
                words
            }
            Action::Move { take, programme, from, to } => {
                self.take(take).follow(programme, *from, *to);
                format!("move {take} {}..{}", minutes(*from), minutes(*to))
            }
            Action::Reopen { take, programme, from, to } => {
                assert_eq!(self.take(take).state, TakeState::Closed);
                self.take(take).follow(programme, *from, *to);
                format!("reopen {take} {}..{}", minutes(*from), minutes(*to))
            }
            Action::Drop { take, why } => {
                self.takes.retain(|t| t.id != *take);
                format!("drop {take}: {why}")
            }
            Action::Close { take, partial } => {
                self.take(take).state = TakeState::Closed;
                format!("close {take}{}", if *partial { " partial" } else { "" })
            }
        }
    }
}

const NONE: [&str; 0] = [];

#[test]
fn a_programme_is_claimed_followed_and_closed() {
    let mut world = World::new(vec![rule("r", "新闻")], vec![programme("e", "新闻联播", 60, 90)]);
    assert_eq!(world.at(0), NONE, "not an hour ahead");
    assert_eq!(world.at(45), ["claim t1 e 59..92"]);
    world.guide[0] = programme("e", "新闻联播", 65, 95);
    assert_eq!(world.at(50), ["move t1 64..97"]);
    world.guide[0] = programme("e", "新闻联播（加长）", 65, 110);
    assert_eq!(world.at(90), ["move t1 64..112"], "during the programme");
    assert_eq!(world.at(111), NONE);
    assert_eq!(world.at(112), ["close t1"]);
    assert_eq!(world.at(200), NONE);
}

#[test]
fn an_overrun_is_waited_for_and_a_late_correction_reopens() {
    let mut world = World::new(vec![rule("r", "新闻")], vec![programme("e", "新闻", 0, 30)]);
    world.at(0);
    world.guide[0].running = true;
    assert_eq!(world.at(33), NONE, "the stream says it is still on");
    world.guide[0].end = SEVEN + 40 * MIN;
    assert_eq!(world.at(34), ["move t1 -1..42"]);
    assert_eq!(world.at(53), ["close t1"], "a running flag is not believed for ever");
    world.guide[0].end = SEVEN + 50 * MIN;
    assert_eq!(world.at(51), ["reopen t1 -1..52"]);
    world.guide[0].running = false;
    assert_eq!(world.at(52), ["close t1"]);
    world.guide[0].end = SEVEN + 90 * MIN;
    assert_eq!(world.at(100), NONE, "too late");
}

#[test]
fn what_vanishes_before_it_began_is_dropped_and_after_that_kept() {
    let guide = vec![programme("e", "新闻", 10, 30), programme("f", "新闻二", 0, 10)];
    let mut world = World::new(vec![rule("r", "新闻")], guide);
    assert_eq!(world.at(1), ["claim t1 f -1..12", "claim t2 e 9..32"]);
    world.guide.clear();
    assert_eq!(world.at(2), ["drop t2: the programme vanished from the guide before it began"]);
    assert_eq!(world.at(12), ["close t1"]);
}

#[test]
fn a_rule_that_changes_before_the_programme_changes_the_take() {
    let mut world = World::new(vec![rule("r", "新闻")], vec![programme("e", "新闻", 10, 30)]);
    world.at(0);
    world.rules[0].pad_after_seconds = 600;
    assert_eq!(world.at(1), ["move t1 9..40"]);
    world.rules[0].title = "体育".into();
    assert_eq!(world.at(2), ["drop t1: its rule no longer matches the programme"]);
    world.rules[0].title = "新闻".into();
    assert_eq!(world.at(3), ["claim t2 e 9..40"]);
    world.rules[0].enabled = false;
    assert_eq!(world.at(4), ["drop t2: its rule was removed or switched off before the programme began"]);
    world.rules[0].enabled = true;
    assert_eq!(world.at(20), ["claim t3 e 9..40"]);
    world.rules.clear();
    assert_eq!((world.at(25), world.at(40)), (vec![], vec!["close t3".to_owned()]), "once begun it is finished, with the padding it had");
}

#[test]
fn a_programme_moved_out_of_the_rules_window_stays_claimed() {
    let windowed = Rule { from_time: "19:00".parse().ok(), to_time: "19:15".parse().ok(), ..rule("r", "新闻") };
    let mut world = World::new(vec![windowed], vec![programme("e", "新闻", 10, 30)]);
    world.at(0);
    world.guide[0] = programme("e", "新闻", 40, 60);
    assert_eq!(world.at(1), ["move t1 39..62"]);
    assert_eq!(world.at(2), NONE);
}

#[test]
fn an_event_goes_to_a_column_once() {
    let other_column = Rule { column: "all".into(), ..rule("c", "新闻") };
    let rules = vec![rule("a", "新闻"), rule("b", "联播"), other_column];
    let mut world = World::new(rules, vec![programme("e", "新闻联播", 0, 30)]);
    assert_eq!(world.at(0), ["claim t1 e -1..32", "claim t2 e -1..32"]);
    let columns: Vec<_> = world.takes.iter().map(|t| t.column.as_str()).collect();
    assert_eq!(columns, ["all", "news"]);
    // Announced under another identity it is the same; the same identity a day later is another.
    world.guide = vec![programme("slot", "新闻 联播", 0, 31)];
    assert_eq!(world.at(5), ["move t1 -1..33", "move t2 -1..33"]);
    world.at(33);
    world.guide.push(programme("slot", "新闻联播", 24 * 60, 24 * 60 + 30));
    assert_eq!(world.at(24 * 60 - 5).len(), 2);
}

#[test]
fn channels_that_carry_the_same_give_one_take_unless_rules_name_them() {
    let on_two = Programme { channel: "cctv2".into(), ..programme("e2", "新闻联播", 0, 30) };
    let guide = vec![on_two, programme("e", "新闻联播", 0, 30)];
    let mut world = World::new(vec![rule("r", "新闻")], guide.clone());
    assert_eq!(world.at(0), ["claim t1 e -1..32"]);
    let named = |channel: &str| Rule { channel: Some(channel.into()), ..rule(channel, "新闻") };
    let mut world = World::new(vec![named("cctv1"), named("cctv2")], guide);
    assert_eq!(world.at(0).len(), 2);
}

#[test]
fn back_to_back_programmes_of_one_title_are_all_taken() {
    let guide = (0..5).map(|n| programme(&format!("e{n}"), "新闻", n * 3, n * 3 + 1)).collect();
    let mut world = World::new(vec![rule("r", "新闻")], guide);
    assert_eq!(world.at(15).len(), 5);
}

#[test]
fn a_rule_made_afterwards_finds_what_the_tape_has() {
    let day = 24 * 60;
    let guide: Vec<_> = (0..5).map(|n| programme(&format!("e{n}"), "新闻", -n * day, -n * day + 30)).collect();
    let mut world = World::new(vec![rule("r", "新闻")], guide.clone());
    world.tapes[0].extents[0].0 = SEVEN - 2 * day * MIN + 20 * MIN;
    let done = world.at(40);
    assert_eq!(done, ["claim t1 e2 -2881..-2848 partial complete", "claim t2 e1 -1441..-1408 complete", "claim t3 e0 -1..32 complete"]);
    // A rule that keeps the last two does not take five to throw three away.
    let mut world = World::new(vec![Rule { keep_last: Some(2), ..rule("r", "新闻") }], guide.clone());
    world.tapes[0].extents[0].0 = SEVEN - 9 * day * MIN;
    assert_eq!(world.at(40), ["claim t1 e1 -1441..-1408 complete", "claim t2 e0 -1..32 complete"]);
    let mut world = World::new(vec![Rule { keep_days: Some(3), ..rule("r", "新闻") }], guide);
    world.tapes[0].extents[0].0 = SEVEN - 9 * day * MIN;
    assert_eq!(world.at(40).len(), 4);
}

#[test]
fn without_a_tape_nothing_is_taken() {
    let mut world = World::new(vec![rule("r", "新闻")], vec![programme("e", "新闻", 0, 30)]);
    world.tapes[0] = Tape { channel: "cctv1".into(), extents: vec![], growing: false };
    assert_eq!(world.at(0), ["claim t1 e -1..32"], "the signal may come back");
    assert_eq!(world.at(32), ["drop t1: the tape has nothing of it"]);
    world.tapes.clear();
    assert_eq!(world.at(5), NONE);
}

#[test]
fn what_a_person_refused_is_not_taken_again() {
    let mut world = World::new(vec![rule("r", "新闻")], vec![programme("e", "新闻", 0, 30)]);
    world.at(0);
    world.takes[0].state = TakeState::Refused;
    assert_eq!(world.at(10), NONE);
    world.guide[0].end = SEVEN + 50 * MIN;
    assert_eq!((world.at(20), world.at(55)), (vec![], vec![]));
}

#[test]
fn a_cut_by_hand_is_closed_when_the_tape_has_it() {
    let mut world = World::new(vec![], vec![]);
    let claim = Claim {
        rule: "r".into(),
        column: "news".into(),
        programme: programme("hand", "片段", 0, 10),
        from: SEVEN,
        to: SEVEN + 10 * MIN,
        partial: false,
        complete: false,
    };
    world.takes.push(Take { rule: None, ..claim.take("t1".into()) });
    assert_eq!((world.at(5), world.at(10)), (vec![], vec!["close t1".to_owned()]));
}

fn programmes() -> impl Strategy<Value = Vec<Programme>> {
    let one = (0..4_usize, 0..3_usize, 0..2_usize, -30..80_i64, 1..40_i64, any::<bool>()).prop_map(|(key, title, channel, start, length, running)| Programme {
        channel: ["cctv1", "cctv2"][channel].into(),
        running,
        ..programme(["a", "b", "c", "d"][key], ["新闻", "新闻联播", "体育"][title], start, start + length)
    });
    // An identity stands once in a channel's guide.
    prop::collection::vec(one, 0..7).prop_map(|list| {
        let mut seen = BTreeSet::new();
        list.into_iter().filter(|p| seen.insert((p.channel.clone(), p.event.clone()))).collect()
    })
}

fn rules() -> impl Strategy<Value = Vec<Rule>> {
    let one = (0..3_usize, 0..2_usize, any::<bool>(), 0..3_u32, prop::option::of(1..3_u32), any::<bool>());
    let one = one.prop_map(|(title, column, any_channel, pad, keep_last, enabled)| Rule {
        column: ["news", "all"][column].into(),
        channel: (!any_channel).then(|| "cctv1".into()),
        pad_before_seconds: pad * 60,
        title_match: if title == 2 { TitleMatch::Any } else { TitleMatch::Contains },
        keep_last,
        enabled,
        ..rule("r", ["新闻", "联播", ""][title])
    });
    prop::collection::vec(one, 0..4).prop_map(|list| list.into_iter().enumerate().map(|(n, rule)| Rule { id: format!("r{n}").into(), ..rule }).collect())
}

proptest! {
    /// Whatever guide and rules become: planning twice plans nothing (checked in `World::at`), no event is twice in a column,
    /// and every open take is closed or dropped in the end.
    #[test]
    fn plans_are_stable_and_take_nothing_twice(steps in prop::collection::vec((programmes(), rules(), 1..25_i64, any::<bool>()), 1..8)) {
        let mut world = World::new(vec![], vec![]);
        world.tapes[0].extents = vec![(SEVEN - 40 * MIN, SEVEN - 10 * MIN)];
        let mut minute = -20;
        for (guide, rules, later, hole) in steps {
            minute += later;
            (world.guide, world.rules) = (guide, rules);
            if hole {
                let now = SEVEN + minute * MIN;
                world.tapes[0].extents.push((now, now));
            }
            world.at(minute);
            let mut seen = BTreeSet::new();
            for take in &world.takes {
                prop_assert!(seen.insert((&take.column, &take.channel, &take.event)), "{:?}", world.takes);
                prop_assert!(take.from <= take.start && take.start < take.end && take.end <= take.to);
            }
        }
        world.at(minute + 500);
        world.at(minute + 501);
        prop_assert!(world.takes.iter().all(|take| take.state != TakeState::Open), "{:?}", world.takes);
    }
}
