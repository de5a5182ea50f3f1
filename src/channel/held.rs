//! What a tape holds and misses, as pages and the library ask.

use super::TapeHeld;
use super::tape::TapeReader;
use crate::base::UtcMs;
use crate::store::MissingStretch;
use crate::ts::index::Gap;

impl TapeReader {
    pub fn from(&self) -> Option<UtcMs> {
        self.extent().map(|(from, _)| from.utc)
    }

    /// The service on the tape segment of this name; 0 where it has gone.
    pub fn service_at(&self, segment: UtcMs) -> u16 {
        self.segments().iter().rev().find(|s| s.name == segment).map_or(0, |s| s.service)
    }

    /// Something of [from, to) is on the tape.
    pub fn touches(&self, from: UtcMs, to: UtcMs) -> bool {
        self.extent().is_some_and(|(first, last)| first.utc < to && last.utc > from)
    }

    /// Everything that is shown before this instant has been received.
    pub fn reached(&self, at: UtcMs) -> bool {
        let edge = self.live_edge().map(|edge| edge.at.utc);
        edge.or_else(|| self.extent().map(|(_, last)| last.utc)).is_some_and(|reached| reached >= at)
    }

    /// Gaps that touch [from, to).
    pub fn missing(&self, from: UtcMs, to: UtcMs) -> Vec<MissingStretch> {
        self.gaps(from, to).iter().map(stretch).collect()
    }

    /// All that it holds.
    pub fn held(&self) -> TapeHeld {
        let Some((from, to)) = self.extent() else { return TapeHeld::default() };
        let (from, to) = (from.utc, to.utc);
        let errors = self.segments().into_iter().filter(|s| s.continuity + s.transport > 0);
        TapeHeld {
            from: Some(from),
            to: Some(to),
            bytes: self.bytes(),
            gaps: self.missing(from, to),
            errors: errors.map(|s| (s.start.utc, u64::from(s.continuity), u64::from(s.transport))).collect(),
        }
    }
}

fn stretch(gap: &Gap) -> MissingStretch {
    let reason = serde_json::to_value(gap.reason).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default();
    MissingStretch { from: gap.from, to: gap.to, reason }
}
