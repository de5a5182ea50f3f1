//! Times of day and weekdays as people type them.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

use crate::base::{UtcMs, Zone};

/// A wall-clock time to the minute, written `19:00`. `24:00` is the end of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, example = "19:00")]
pub struct TimeOfDay(u16);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a time of day such as 19:00 (00:00 to 24:00)")]
pub struct TimeOfDayError(String);

impl TimeOfDay {
    /// Minutes since midnight, 0 to 1,440.
    pub fn minutes(self) -> u16 {
        self.0
    }

    /// The minute in which the instant falls.
    pub fn of(at: UtcMs, zone: &Zone) -> Self {
        let time = zone.time(at);
        Self(time.hour() as u16 * 60 + time.minute() as u16)
    }

    /// The instant at which clocks show this time on that date; 24:00 is midnight of the day after.
    pub fn on(self, date: Date, zone: &Zone) -> UtcMs {
        if self.0 == 1440 {
            return zone.day_start(date.tomorrow().unwrap_or(date));
        }
        zone.instant(date, jiff::civil::time((self.0 / 60) as i8, (self.0 % 60) as i8, 0, 0))
    }
}

impl FromStr for TimeOfDay {
    type Err = TimeOfDayError;

    fn from_str(text: &str) -> Result<Self, TimeOfDayError> {
        let error = || TimeOfDayError(text.chars().take(40).collect());
        let (hour, minute) = text.split_once(':').ok_or_else(error)?;
        let number = |part: &str, widths: std::ops::RangeInclusive<usize>| {
            (widths.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse::<u16>().ok()).flatten().ok_or_else(error)
        };
        let minutes = number(hour, 1..=2)? * 60 + number(minute, 2..=2).and_then(|m| if m < 60 { Ok(m) } else { Err(error()) })?;
        if minutes <= 1440 { Ok(Self(minutes)) } else { Err(error()) }
    }
}

impl TryFrom<String> for TimeOfDay {
    type Error = TimeOfDayError;
    fn try_from(text: String) -> Result<Self, TimeOfDayError> {
        text.parse()
    }
}

impl From<TimeOfDay> for String {
    fn from(time: TimeOfDay) -> String {
        time.to_string()
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

/// Days of the week, 1 (Monday) to 7 (Sunday), in order and each once.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(try_from = "Vec<u8>", into = "Vec<u8>")]
#[schema(value_type = Vec<u8>)]
pub struct Weekdays(Vec<u8>);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("weekday {0} is not known: 1 is Monday, 7 is Sunday")]
pub struct WeekdaysError(u8);

impl Weekdays {
    pub fn new(days: impl IntoIterator<Item = u8>) -> Result<Self, WeekdaysError> {
        let mut days: Vec<u8> = days.into_iter().collect();
        if let Some(&bad) = days.iter().find(|d| !(1..=7).contains(*d)) {
            return Err(WeekdaysError(bad));
        }
        days.sort_unstable();
        days.dedup();
        Ok(Self(days))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn contains(&self, day: Weekday) -> bool {
        self.0.contains(&(day.to_monday_one_offset() as u8))
    }

    pub fn days(&self) -> &[u8] {
        &self.0
    }
}

impl TryFrom<Vec<u8>> for Weekdays {
    type Error = WeekdaysError;
    fn try_from(days: Vec<u8>) -> Result<Self, WeekdaysError> {
        Self::new(days)
    }
}

impl From<Weekdays> for Vec<u8> {
    fn from(days: Weekdays) -> Vec<u8> {
        days.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_day_is_written_as_it_is_read() {
        for (text, minutes) in [("00:00", 0), ("9:05", 545), ("19:00", 1140), ("23:59", 1439), ("24:00", 1440)] {
            let time: TimeOfDay = text.parse().unwrap();
            assert_eq!(time.minutes(), minutes);
            assert_eq!(time.to_string().parse(), Ok(time));
        }
        for text in ["", "19", "19:0", "19:60", "24:01", "25:00", "-1:00", "+1:00", "１９:00", "19:00:00", "7 :00"] {
            assert!(text.parse::<TimeOfDay>().is_err(), "{text}");
        }
        assert_eq!(serde_json::to_string(&"7:30".parse::<TimeOfDay>().unwrap()).unwrap(), "\"07:30\"");
        assert!(serde_json::from_str::<TimeOfDay>("\"half past\"").unwrap_err().to_string().contains("half past"));
    }

    #[test]
    fn an_unknown_weekday_is_named() {
        assert_eq!(Weekdays::new([7, 1, 1]).unwrap().days(), [1, 7]);
        assert_eq!(Weekdays::new([1, 8]).unwrap_err().to_string(), "weekday 8 is not known: 1 is Monday, 7 is Sunday");
    }
}
