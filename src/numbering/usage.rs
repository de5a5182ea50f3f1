//! How full a segment is, and which number is free next.

use serde::Serialize;

use super::{Number, Plan, Range, Segment, State, reserved};
use crate::base::UtcMs;

/// The numbers of a segment by what became of them; the parts add up to `total`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, utoipa::ToSchema)]
pub struct Use {
    pub total: u64,
    /// They answer, old numbers too.
    pub given: u64,
    /// In parts that were handed down, whatever became of them there.
    pub handed_down: u64,
    /// Kept back by the office or for public services.
    pub reserved: u64,
    /// Freed lately.
    pub resting: u64,
    pub free: u64,
    /// When the first resting number is free again.
    pub next_back: Option<UtcMs>,
}

impl Plan {
    pub fn usage(&self, segment: &Segment, now: UtcMs) -> Use {
        let parts = merged(self.parts(segment));
        let barred = merged(self.parts(segment).chain(kept(segment)));
        let inside = |ranges: &[Range], number: Number| ranges.iter().any(|range| range.contains(number));
        let handed_down: u64 = parts.iter().map(Range::size).sum();
        let mut usage = Use { total: segment.range.size(), handed_down, ..Use::default() };
        // Given before they were kept back: they are counted as given.
        let mut given_and_kept = 0;
        for given in self.given_in(&segment.range).filter(|given| !inside(&parts, given.number)) {
            match given.state(now) {
                State::Answers => usage.given += 1,
                State::Rests { until } => {
                    usage.resting += 1;
                    usage.next_back = Some(usage.next_back.map_or(until, |back| back.min(until)));
                }
                State::Gone => continue,
            }
            given_and_kept += u64::from(inside(&barred, given.number));
        }
        usage.reserved = barred.iter().map(Range::size).sum::<u64>() - handed_down - given_and_kept;
        usage.free = usage.total - usage.handed_down - usage.reserved - usage.given - usage.resting;
        usage
    }

    /// The lowest number of the segment that may be given.
    pub fn next_free(&self, segment: &Segment, now: UtcMs) -> Option<Number> {
        let barred = merged(self.parts(segment).chain(kept(segment)));
        let mut barred = barred.iter().peekable();
        let mut taken = self.given_in(&segment.range).filter(|given| given.state(now) != State::Gone).peekable();
        let mut next = segment.range.first;
        while next <= segment.range.last {
            while barred.next_if(|range| range.last < next).is_some() {}
            while taken.next_if(|given| given.number.value < next).is_some() {}
            match (barred.peek(), taken.peek()) {
                (Some(range), _) if range.first <= next => next = range.last + 1,
                (_, Some(given)) if given.number.value == next => next += 1,
                _ => return Some(Number { length: segment.range.length, value: next }),
            }
        }
        None
    }

    fn parts(&self, segment: &Segment) -> impl Iterator<Item = Range> {
        self.below(Some(&segment.id)).map(|part| part.range)
    }
}

/// What of the segment is not to be given though it was not handed down.
fn kept(segment: &Segment) -> impl Iterator<Item = Range> {
    segment.reserved.iter().copied().chain(reserved::within(&segment.range)).map(|range| Range {
        first: range.first.max(segment.range.first),
        last: range.last.min(segment.range.last),
        ..range
    })
}

/// In order, each number in one range only.
fn merged(ranges: impl Iterator<Item = Range>) -> Vec<Range> {
    let mut sorted: Vec<Range> = ranges.collect();
    sorted.sort_by_key(|range| range.first);
    let mut merged: Vec<Range> = Vec::with_capacity(sorted.len());
    for range in sorted {
        match merged.last_mut() {
            Some(last) if range.first <= last.last + 1 => last.last = last.last.max(range.last),
            _ => merged.push(range),
        }
    }
    merged
}
