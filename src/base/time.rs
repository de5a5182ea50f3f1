//! Instants in UTC milliseconds, and days in the configured zone.

use std::fmt;
use std::ops::{Add, Sub};
use std::time::Duration;

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// An instant: milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(transparent)]
#[schema(value_type = i64)]
pub struct UtcMs(pub i64);

impl UtcMs {
    /// The same instant on the media time line of a tape (90 kHz ticks).
    pub fn ticks_90k(self) -> i64 {
        self.0 * 90
    }

    pub fn saturating_since(self, earlier: UtcMs) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0).max(0) as u64)
    }
}

/// Milliseconds later.
impl Add<i64> for UtcMs {
    type Output = UtcMs;
    fn add(self, ms: i64) -> UtcMs {
        UtcMs(self.0 + ms)
    }
}

/// Milliseconds earlier.
impl Sub<i64> for UtcMs {
    type Output = UtcMs;
    fn sub(self, ms: i64) -> UtcMs {
        UtcMs(self.0 - ms)
    }
}

/// Milliseconds between two instants.
impl Sub<UtcMs> for UtcMs {
    type Output = i64;
    fn sub(self, other: UtcMs) -> i64 {
        self.0 - other.0
    }
}

/// RFC 3339 with milliseconds, in UTC: `2026-11-21T11:00:00.000Z`.
impl fmt::Display for UtcMs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(at) => write!(f, "{at:.3}"),
            Err(_) => write!(f, "{} ms", self.0),
        }
    }
}

/// The zone that days and timetables are in.
#[derive(Debug, Clone)]
pub struct Zone(TimeZone);

#[derive(Debug, thiserror::Error)]
#[error("time zone `{name}` is not known: {source}")]
pub struct ZoneError {
    name: String,
    source: jiff::Error,
}

impl Zone {
    /// By its IANA name, such as `Asia/Shanghai`.
    pub fn named(name: &str) -> Result<Self, ZoneError> {
        TimeZone::get(name).map(Self).map_err(|source| ZoneError { name: name.to_owned(), source })
    }

    pub fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// The civil date on which the instant falls.
    pub fn date(&self, at: UtcMs) -> Date {
        self.civil(at).date()
    }

    /// The civil time of day of the instant.
    pub fn time(&self, at: UtcMs) -> Time {
        self.civil(at).time()
    }

    pub fn weekday(&self, at: UtcMs) -> Weekday {
        self.date(at).weekday()
    }

    /// The instant of a civil date and time. A time that a change of the clocks skips is taken just after it.
    pub fn instant(&self, date: Date, time: Time) -> UtcMs {
        self.0.to_ambiguous_zoned(date.to_datetime(time)).compatible().map_or(UtcMs(0), |z| UtcMs(z.timestamp().as_millisecond()))
    }

    /// The first instant of a civil date.
    pub fn day_start(&self, date: Date) -> UtcMs {
        self.instant(date, Time::midnight())
    }

    fn civil(&self, at: UtcMs) -> jiff::civil::DateTime {
        let at = jiff::Timestamp::from_millisecond(at.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        self.0.to_datetime(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_days_of_the_zone() {
        let zone = Zone::named("Asia/Shanghai").unwrap();
        let evening = UtcMs(1_795_276_800_000); // 2026-11-21T16:00:00Z
        assert_eq!(evening.to_string(), "2026-11-21T16:00:00.000Z");
        assert_eq!(zone.date(evening).to_string(), "2026-11-22");
        assert_eq!(zone.day_start(zone.date(evening)), evening);
    }
}
