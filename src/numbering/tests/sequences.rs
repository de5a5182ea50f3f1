//! Any sequence of what offices do, and of what happens to them: the rules hold after each step, by a book that is kept beside the plan.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

const UNITS: [&str; 7] = ["root", "a", "b", "a1", "a2", "b1", "b2"];
const SITES: [&str; 8] = ["s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7"];
const SEGMENTS: [&str; 8] = ["g0", "g1", "g2", "g3", "g4", "g5", "g6", "g7"];

#[derive(Debug, Clone)]
enum Step {
    /// New or changed: which, below which, whose, from, how many, what of it is kept back.
    Segment(usize, Option<usize>, usize, u64, u64, Option<u64>),
    Drop(usize),
    Give {
        site: usize,
        segment: Option<usize>,
        number: Option<u64>,
        days: Option<i64>,
    },
    Free(u64),
    Renumber {
        site: usize,
        segment: Option<usize>,
        number: Option<u64>,
        days: Option<i64>,
    },
    Extend(u64, i64),
    MoveUnit(usize, usize),
    MoveSite(usize, usize),
    Pass(i64),
}

fn step() -> impl Strategy<Value = Step> {
    let value = || prop_oneof![100u64..160, 600u64..660];
    let choice = || (0..8usize, prop::option::of(0..8usize), prop::option::of(value()), prop::option::of(0i64..20));
    prop_oneof![
        3 => (0..8usize, prop::option::of(0..8usize), 0..7usize, value(), 1u64..40, prop::option::of(value()))
            .prop_map(|(id, parent, unit, first, size, kept)| Step::Segment(id, parent, unit, first, size, kept)),
        1 => (0..8usize).prop_map(Step::Drop),
        5 => choice().prop_map(|(site, segment, number, days)| Step::Give { site, segment, number, days }),
        2 => value().prop_map(Step::Free),
        2 => choice().prop_map(|(site, segment, number, days)| Step::Renumber { site, segment, number, days }),
        1 => (value(), 0i64..20).prop_map(|(number, days)| Step::Extend(number, days)),
        1 => (1..7usize, 0..7usize).prop_map(|(unit, parent)| Step::MoveUnit(unit, parent)),
        1 => (0..8usize, 0..7usize).prop_map(|(site, unit)| Step::MoveSite(site, unit)),
        1 => (1i64..100).prop_map(Step::Pass),
    ]
}

/// Three digits: short enough that everything meets everything.
fn three(value: u64) -> Number {
    Number { length: 3, value }
}

struct World {
    plan: Plan,
    units: Tree,
    unit_of: Vec<UnitId>,
    now: UtcMs,
    /// Who answers on a number until when, and until when nobody else may have it: as told by the answers alone.
    book: BTreeMap<Number, (Holder, Option<UtcMs>, UtcMs)>,
}

impl World {
    fn new() -> Self {
        let units =
            Tree::new(&[("root", None), ("a", Some("root")), ("b", Some("root")), ("a1", Some("a")), ("a2", Some("a")), ("b1", Some("b")), ("b2", Some("b"))]);
        let unit_of = (0..8).map(|at| UNITS[at % 7].into()).collect();
        let mut plan = Plan::default();
        plan.take_segment(segment("g0", None, "root", "600-659"));
        Self { plan, units, unit_of, now: NOON, book: BTreeMap::new() }
    }

    fn wish<'a>(&self, id: Option<&'a NumberSegmentId>, number: Option<u64>) -> Wish<'a> {
        Wish { segment: id, number: number.map(three) }
    }

    fn until(&self, days: Option<i64>) -> Option<UtcMs> {
        days.map(|days| self.now + days * DAY_MS)
    }

    /// A number that begins to answer for a holder: by all rules.
    fn check_new(&self, given: &Given, unit: &UnitId) {
        let (number, now) = (given.number, self.now);
        if let Some((holder, ends, rests)) = self.book.get(&number) {
            assert!(ends.is_some_and(|ends| ends <= now), "{number} is given while it answers for {holder:?}");
            assert!(*rests <= now || holder.is(&given.holder), "{number} is given while it rests");
        }
        let owners: Vec<&Segment> = self.all().into_iter().filter(|segment| segment.range.contains(number)).collect();
        let innermost: Vec<_> = owners.iter().filter(|segment| !owners.iter().any(|other| other.parent.as_ref() == Some(&segment.id))).collect();
        assert_eq!(innermost.len(), 1, "{number} is in one innermost segment");
        assert!(self.units.is_within(unit, &innermost[0].unit), "{number} is given by an office that is not above {unit}");
        assert!(innermost[0].reserved.iter().all(|range| !range.contains(number)), "{number} is kept back");
        assert!(
            ["110", "112", "114", "119", "120", "122", "121", "123"].iter().all(|service| *service != number.to_string()),
            "{number} is a public service's"
        );
    }

    fn all(&self) -> Vec<&Segment> {
        SEGMENTS.iter().filter_map(|id| self.plan.segment(&(*id).into())).collect()
    }

    fn note(&mut self, changes: Vec<Given>) {
        for given in changes {
            let rests = given.rests_until.unwrap_or(self.now);
            self.book.insert(given.number, (given.holder.clone(), given.ends, rests));
            self.plan.take(given);
        }
    }

    fn run(&mut self, step: Step) {
        let now = self.now;
        match step {
            Step::Segment(id, parent, unit, first, size, kept) => {
                let range = Range { length: 3, first, last: first + size - 1 };
                let mut new = segment(SEGMENTS[id], parent.map(|at| SEGMENTS[at]), UNITS[unit], "100");
                (new.range, new.cooling_days) = (range, 10);
                new.reserved = kept.into_iter().map(|value| Range { length: 3, first: value, last: value }).collect();
                if self.plan.judge_segment(&new, &self.units, now).is_ok() {
                    self.plan.take_segment(new);
                }
            }
            Step::Drop(id) => {
                let id = NumberSegmentId::from(SEGMENTS[id]);
                let may = self.plan.segment(&id).is_some_and(|segment| self.plan.judge_removal(segment, &self.units, now).is_ok());
                if may {
                    self.plan.drop_segment(&id);
                }
            }
            Step::Give { site: at, segment, number, days } => {
                let (id, unit) = (segment.map(|at| NumberSegmentId::from(SEGMENTS[at])), self.unit_of[at].clone());
                if let Ok(given) = self.plan.give(self.wish(id.as_ref(), number), site(SITES[at]), &unit, self.until(days), &self.units, now) {
                    assert!(number.is_none_or(|asked| given.number == three(asked)) && given.alias_of.is_none());
                    self.check_new(&given, &unit);
                    self.note(vec![given]);
                }
            }
            Step::Free(value) => {
                if let Ok(changes) = self.plan.free(three(value), now) {
                    assert!(changes.iter().all(|given| !given.answers(now)));
                    self.note(changes);
                }
            }
            Step::Renumber { site: at, segment, number, days } => {
                let Some(old) = self.plan.number_of(HolderKind::Site, SITES[at], now).map(|given| given.number) else { return };
                let (id, unit) = (segment.map(|at| NumberSegmentId::from(SEGMENTS[at])), self.unit_of[at].clone());
                if let Ok(changes) = self.plan.renumber(old, self.wish(id.as_ref(), number), &unit, self.until(days), &self.units, now) {
                    self.check_new(&changes[0], &unit);
                    self.note(changes);
                    let answers = self.plan.holder_of(old, now).is_some();
                    assert_eq!(answers, days.is_some(), "the old number answers until its date");
                }
            }
            Step::Extend(value, days) => {
                if let Ok(given) = self.plan.extend(three(value), now + days * DAY_MS, now) {
                    self.note(vec![given]);
                }
            }
            Step::MoveUnit(unit, parent) => {
                if !self.units.is_within(&UNITS[parent].into(), &UNITS[unit].into()) {
                    self.units.put_below(UNITS[unit], UNITS[parent]);
                }
            }
            Step::MoveSite(at, unit) => self.unit_of[at] = UNITS[unit].into(),
            Step::Pass(days) => self.now = now + days * DAY_MS,
        }
    }

    fn check(&self) {
        let segments = self.all();
        for (at, one) in segments.iter().enumerate() {
            for other in &segments[at + 1..] {
                assert!(one.parent != other.parent || !one.range.overlaps(&other.range), "{one:?} overlaps {other:?}");
            }
            if let Some(parent) = &one.parent {
                let parent = self.plan.segment(parent).expect("its parent is there");
                assert!(parent.range.covers(&one.range), "{one:?} leaves {parent:?}");
            }
            let usage = self.plan.usage(one, self.now);
            assert_eq!(usage.total, usage.given + usage.handed_down + usage.reserved + usage.resting + usage.free, "{usage:?}");
            assert_eq!(usage.free > 0, self.plan.next_free(one, self.now).is_some(), "{one:?} {usage:?}");
        }
        for (number, (holder, ends, _)) in &self.book {
            let answers = ends.is_none_or(|ends| self.now < ends);
            assert_eq!(self.plan.holder_of(*number, self.now), answers.then_some(holder), "{number}");
            assert!(!answers || self.plan.segment_of(*number).is_some(), "{number} answers and is in no segment");
        }
        for name in SITES {
            let own: Vec<_> = self.plan.answering_for(HolderKind::Site, name, self.now).filter(|given| given.alias_of.is_none()).collect();
            assert!(own.len() <= 1, "{name} has {own:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn nothing_overlaps_and_no_number_is_held_twice_or_outside_its_owners_segments(steps in prop::collection::vec(step(), 1..80)) {
        let mut world = World::new();
        for step in steps {
            world.run(step);
            world.check();
        }
    }
}
