//! Giving a number, freeing it, changing it for another.

use super::reserved::service_of;
use super::{Given, Holder, HolderKind, Number, NumberingError, Plan, Segment, State, Units};
use crate::base::{NumberSegmentId, UnitId, UtcMs};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// A meeting's number comes back with its end; for a day it reaches nobody, for those who dial it late.
const MEETING_COOLING_DAYS: u16 = 1;

/// What is asked for. Without a segment: the one that the number is in, or else the nearest of the holder's unit upward that has one left.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wish<'a> {
    pub segment: Option<&'a NumberSegmentId>,
    /// None: the next free one.
    pub number: Option<Number>,
}

impl Plan {
    /// A number for a holder of `unit` that has none yet. `ends`: given for the time until then.
    pub fn give(&self, wish: Wish, holder: Holder, unit: &UnitId, ends: Option<UtcMs>, units: &impl Units, now: UtcMs) -> Result<Given, NumberingError> {
        if let Some(given) = self.number_of(holder.kind(), holder.id(), now) {
            return Err(NumberingError::HasNumber { number: given.number });
        }
        if let Some(at) = ends.filter(|ends| *ends <= now) {
            return Err(NumberingError::Past { at });
        }
        let (segment, number) = self.choose(wish, &holder, unit, units, now)?;
        let rests_until = ends.map(|ends| ends + rest_ms(segment, &holder));
        Ok(Given { number, holder, alias_of: None, given: now, ends, rests_until })
    }

    /// Ends the number now; with a holder's own number end its old ones too.
    pub fn free(&self, number: Number, now: UtcMs) -> Result<Vec<Given>, NumberingError> {
        let given = self.given(number).filter(|given| given.answers(now)).ok_or(NumberingError::NotInUse { number })?;
        let with_it = |other: &&Given| other.number == number || other.alias_of == Some(number);
        Ok(self.answering_for(given.holder.kind(), given.holder.id(), now).filter(with_it).map(|given| self.ended(given, now)).collect())
    }

    /// Ends all that answer for the holder: it is no more.
    pub fn free_all_of(&self, kind: HolderKind, id: &str, now: UtcMs) -> Vec<Given> {
        self.answering_for(kind, id, now).map(|given| self.ended(given, now)).collect()
    }

    /// Another number for the same holder; the old one answers beside it until `alias_until` (none: ends now). The new one comes first.
    pub fn renumber(
        &self,
        old: Number,
        wish: Wish,
        unit: &UnitId,
        alias_until: Option<UtcMs>,
        units: &impl Units,
        now: UtcMs,
    ) -> Result<Vec<Given>, NumberingError> {
        let before = self.given(old).filter(|given| given.answers(now)).ok_or(NumberingError::NotInUse { number: old })?;
        if let Some(of) = before.alias_of {
            return Err(NumberingError::IsAlias { number: old, of });
        }
        if let Some(at) = alias_until.filter(|until| *until <= now) {
            return Err(NumberingError::Past { at });
        }
        let (segment, number) = self.choose(wish, &before.holder, unit, units, now)?;
        let rests_until = before.ends.map(|ends| ends + rest_ms(segment, &before.holder));
        let new = Given { number, alias_of: None, given: now, rests_until, ..before.clone() };
        let older = self.answering_for(before.holder.kind(), before.holder.id(), now).filter(|given| given.alias_of == Some(old));
        let older = older.map(|given| Given { alias_of: Some(number), ..given.clone() });
        let until = alias_until.map(|until| before.ends.map_or(until, |ends| ends.min(until)));
        let alias = match until {
            Some(until) => Given { alias_of: Some(number), ends: Some(until), rests_until: Some(until + self.rest_of(before)), ..before.clone() },
            None => self.ended(before, now),
        };
        Ok([new, alias].into_iter().chain(older).collect())
    }

    /// Lets a number that was given for a time answer until another.
    pub fn extend(&self, number: Number, ends: UtcMs, now: UtcMs) -> Result<Given, NumberingError> {
        let before = self.given(number).filter(|given| given.answers(now)).ok_or(NumberingError::NotInUse { number })?;
        if ends <= now {
            return Err(NumberingError::Past { at: ends });
        }
        Ok(Given { ends: Some(ends), rests_until: Some(ends + self.rest_of(before)), ..before.clone() })
    }

    fn ended(&self, given: &Given, now: UtcMs) -> Given {
        Given { ends: Some(now), rests_until: Some(now + self.rest_of(given)), ..given.clone() }
    }

    fn rest_of(&self, given: &Given) -> i64 {
        self.segment_of(given.number).map_or(0, |segment| rest_ms(segment, &given.holder))
    }

    fn choose(&self, wish: Wish, holder: &Holder, unit: &UnitId, units: &impl Units, now: UtcMs) -> Result<(&Segment, Number), NumberingError> {
        let named = match wish.segment {
            Some(id) => Some(self.segment(id).ok_or_else(|| NumberingError::NoSegment { id: id.to_string() })?),
            None => None,
        };
        let Some(number) = wish.number else {
            return match named {
                Some(segment) => {
                    require_owner(segment, unit, units)?;
                    self.next_free(segment, now).map(|number| (segment, number)).ok_or_else(|| self.exhausted(segment, units, now))
                }
                None => self.nearest(unit, units, now),
            };
        };
        let innermost = self.segment_of(number).ok_or(NumberingError::NoSegmentFor { number })?;
        let segment = named.unwrap_or(innermost);
        if !segment.range.contains(number) {
            return Err(NumberingError::OutsideSegment { number, segment: segment.named(units) });
        }
        if segment.id != innermost.id {
            return Err(NumberingError::HandedDown { number, to: innermost.named(units) });
        }
        require_owner(segment, unit, units)?;
        self.judge_number(segment, number, holder, units, now)?;
        Ok((segment, number))
    }

    fn judge_number(&self, segment: &Segment, number: Number, holder: &Holder, units: &impl Units, now: UtcMs) -> Result<(), NumberingError> {
        if let Some(service) = service_of(number) {
            return Err(NumberingError::PublicService { number, service });
        }
        if segment.reserved.iter().any(|range| range.contains(number)) {
            return Err(NumberingError::Reserved { number, segment: segment.named(units) });
        }
        match self.given(number).map(|given| (given, given.state(now))) {
            Some((_, State::Answers)) => Err(NumberingError::Taken { number }),
            // Whoever had it last may have it back: nobody is surprised by who answers.
            Some((given, State::Rests { until })) if !given.holder.is(holder) => Err(NumberingError::Resting { number, until, days: days(until - now) }),
            _ => Ok(()),
        }
    }

    /// The next free number of the nearest unit upward whose segments have one.
    fn nearest(&self, unit: &UnitId, units: &impl Units, now: UtcMs) -> Result<(&Segment, Number), NumberingError> {
        let mut full = None;
        for owner in units.upward(unit) {
            for segment in self.segments().into_iter().filter(|segment| segment.unit == owner) {
                if let Some(number) = self.next_free(segment, now) {
                    return Ok((segment, number));
                }
                full = full.or(Some(segment));
            }
        }
        Err(full.map_or_else(|| NumberingError::NoSegmentOf { unit: units.title(unit) }, |segment| self.exhausted(segment, units, now)))
    }

    fn exhausted(&self, segment: &Segment, units: &impl Units, now: UtcMs) -> NumberingError {
        let usage = self.usage(segment, now);
        let above = self.upward(&segment.id).skip(1).map(|above| (above, self.usage(above, now).free));
        let more = above.filter(|(_, free)| *free > 0).map(|(above, free)| (above.named(units), free)).next();
        NumberingError::Exhausted {
            segment: segment.named(units),
            total: usage.total,
            given: usage.given,
            handed_down: usage.handed_down,
            reserved: usage.reserved,
            resting: usage.resting,
            back: usage.next_back.map(|back| days(back - now)),
            more,
        }
    }
}

/// Days as one would say them: what is begun counts.
fn days(ms: i64) -> i64 {
    (ms + DAY_MS - 1) / DAY_MS
}

fn require_owner(segment: &Segment, unit: &UnitId, units: &impl Units) -> Result<(), NumberingError> {
    match units.is_within(unit, &segment.unit) {
        true => Ok(()),
        false => Err(NumberingError::NotOfSegment { unit: units.title(unit), segment: segment.named(units) }),
    }
}

fn rest_ms(segment: &Segment, holder: &Holder) -> i64 {
    let days = match holder.kind() {
        HolderKind::Meeting => segment.cooling_days.min(MEETING_COOLING_DAYS),
        HolderKind::Site | HolderKind::Person => segment.cooling_days,
    };
    i64::from(days) * DAY_MS
}
