//! The plan as a whole: the tree of segments and the numbers given.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Given, Holder, HolderKind, Number, Range, Segment};
use crate::base::{NumberSegmentId, UnitId, UtcMs};

/// What the plan asks about units.
pub trait Units {
    /// Whether `unit` is `top` or below it.
    fn is_within(&self, unit: &UnitId, top: &UnitId) -> bool;
    /// As messages name it.
    fn title(&self, unit: &UnitId) -> String;
    /// The unit and those above it, nearest first.
    fn upward(&self, unit: &UnitId) -> Vec<UnitId>;
}

#[derive(Debug, Clone, Default)]
pub struct Plan {
    segments: BTreeMap<NumberSegmentId, Segment>,
    /// The parts of each segment, and under none the tops, in the order of their numbers.
    below: HashMap<Option<NumberSegmentId>, Vec<NumberSegmentId>>,
    given: BTreeMap<Number, Given>,
    of_holder: HashMap<(HolderKind, String), BTreeSet<Number>>,
}

impl Plan {
    pub fn new(segments: impl IntoIterator<Item = Segment>, given: impl IntoIterator<Item = Given>) -> Self {
        let segments = segments.into_iter().map(|segment| (segment.id.clone(), segment)).collect();
        let mut plan = Self { segments, ..Self::default() };
        plan.sort();
        given.into_iter().for_each(|given| plan.take(given));
        plan
    }

    fn sort(&mut self) {
        self.below.clear();
        let mut sorted: Vec<&Segment> = self.segments.values().collect();
        sorted.sort_by_key(|segment| segment.range.first());
        for segment in sorted {
            self.below.entry(segment.parent.clone()).or_default().push(segment.id.clone());
        }
    }

    /// Makes it so: in the place of what is known of the number.
    pub fn take(&mut self, given: Given) {
        let key = (given.holder.kind(), given.holder.id().to_owned());
        let number = given.number;
        if let Some(before) = self.given.insert(number, given) {
            let key = (before.holder.kind(), before.holder.id().to_owned());
            if let Some(numbers) = self.of_holder.get_mut(&key) {
                numbers.remove(&number);
            }
        }
        self.of_holder.entry(key).or_default().insert(number);
    }

    /// Makes it so: new, or in the place of the one with its id.
    pub fn take_segment(&mut self, segment: Segment) {
        self.segments.insert(segment.id.clone(), segment);
        self.sort();
    }

    pub fn drop_segment(&mut self, id: &NumberSegmentId) {
        self.segments.remove(id);
        self.sort();
    }

    pub fn segment(&self, id: &NumberSegmentId) -> Option<&Segment> {
        self.segments.get(id)
    }

    /// From the tops down, each before its parts, in the order of their numbers.
    pub fn segments(&self) -> Vec<&Segment> {
        let mut found = Vec::with_capacity(self.segments.len());
        let mut waiting: Vec<&Segment> = self.below(None).collect();
        waiting.reverse();
        while let Some(segment) = waiting.pop() {
            found.push(segment);
            let at = waiting.len();
            waiting.extend(self.below(Some(&segment.id)));
            waiting[at..].reverse();
        }
        found
    }

    /// The parts of a segment; of none: the tops.
    pub fn below(&self, id: Option<&NumberSegmentId>) -> impl Iterator<Item = &Segment> {
        self.below.get(&id.cloned()).into_iter().flatten().filter_map(|id| self.segments.get(id))
    }

    /// The segment itself, the one it is a part of, and so on.
    pub fn upward(&self, id: &NumberSegmentId) -> impl Iterator<Item = &Segment> {
        std::iter::successors(self.segment(id), |segment| self.segment(segment.parent.as_ref()?)).take(self.segments.len())
    }

    /// The innermost segment that the number is in: whose office gives it.
    pub fn segment_of(&self, number: Number) -> Option<&Segment> {
        let inside = |id: Option<&NumberSegmentId>| {
            let parts = self.below.get(&id.cloned())?;
            if id.is_none() {
                return parts.iter().filter_map(|id| self.segments.get(id)).find(|segment| segment.range.contains(number));
            }
            // The parts of one segment are of one length and in order.
            let next = parts.partition_point(|id| self.segments.get(id).is_some_and(|segment| segment.range.first() <= number));
            parts[..next].last().and_then(|id| self.segments.get(id)).filter(|segment| segment.range.contains(number))
        };
        std::iter::successors(inside(None), |segment| inside(Some(&segment.id))).last()
    }

    /// What is known of the number, though it may answer no more.
    pub fn given(&self, number: Number) -> Option<&Given> {
        self.given.get(&number)
    }

    pub fn all_given(&self) -> impl Iterator<Item = &Given> {
        self.given.values()
    }

    pub fn given_in(&self, range: &Range) -> impl Iterator<Item = &Given> {
        self.given.range(range.first()..=range.last()).map(|(_, given)| given)
    }

    /// Whom the number reaches.
    pub fn holder_of(&self, number: Number, now: UtcMs) -> Option<&Holder> {
        self.given.get(&number).filter(|given| given.answers(now)).map(|given| &given.holder)
    }

    /// All that answer for the holder, old numbers too.
    pub fn answering_for(&self, kind: HolderKind, id: &str, now: UtcMs) -> impl Iterator<Item = &Given> {
        let numbers = self.of_holder.get(&(kind, id.to_owned())).into_iter().flatten();
        numbers.filter_map(|number| self.given.get(number)).filter(move |given| given.answers(now))
    }

    /// The number by which the holder is known.
    pub fn number_of(&self, kind: HolderKind, id: &str, now: UtcMs) -> Option<&Given> {
        self.answering_for(kind, id, now).find(|given| given.alias_of.is_none())
    }

    /// Whether the number is not of its holder's own unit: given, but due to be changed.
    pub fn is_foreign(&self, number: Number, holder_unit: &UnitId, units: &impl Units) -> bool {
        let Some(segment) = self.segment_of(number) else { return true };
        !units.is_within(holder_unit, &segment.unit) || self.upward(&segment.id).any(|above| self.is_foreign_segment(above, units))
    }
}
