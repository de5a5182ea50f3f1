//! Continuity and transport errors, gathered for up to a second: one record and one event for a burst, not thousands.

use super::{Event, Taper};
use crate::base::UtcMs;
use crate::ts::continuity::ContinuityError;
use crate::ts::index::{Record, TapeInstant};

#[derive(Debug, Default)]
pub(super) struct Damage {
    since: Option<UtcMs>,
    continuity: u32,
    transport: u32,
    first: Option<ContinuityError>,
}

/// How long errors are gathered.
const GATHER_MS: i64 = 1000;

impl Damage {
    pub(super) fn continuity(&mut self, at: UtcMs, error: ContinuityError) {
        self.since.get_or_insert(at);
        self.first.get_or_insert(error);
        self.continuity += 1;
    }

    pub(super) fn transport(&mut self, at: UtcMs) {
        self.since.get_or_insert(at);
        self.transport += 1;
    }
}

impl Taper {
    /// Writes down what was gathered for long enough.
    pub(super) fn damage_tick(&mut self, now: UtcMs) {
        if self.damage.since.is_some_and(|since| now - since >= GATHER_MS) && self.hold.is_none() {
            self.write_damage(self.out.bytes.len());
        }
    }

    /// Writes down what was gathered, at a place of `out`.
    pub(super) fn write_damage(&mut self, at: usize) {
        let Damage { since: Some(since), continuity, transport, first } = std::mem::take(&mut self.damage) else { return };
        let edge = self.clock.edge();
        self.out.events.push(Event::Damage { at: edge.map_or(since, |e| e.utc), continuity, transport, first });
        if let Some(segment) = &mut self.segment {
            segment.continuity += continuity;
            segment.transport += transport;
            let at_instant = edge.unwrap_or(TapeInstant { utc: since, media_90k: segment.end_90k });
            self.out.steps.push((at, super::Step::Record(Record::Errors { at: at_instant, continuity, transport })));
        }
    }
}
