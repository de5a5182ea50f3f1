//! When a repeated meeting is held: days by a rule, at the same time of day in the configured zone.

#[cfg(test)]
mod tests;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

use crate::base::{UtcMs, Zone};
use crate::meeting::MeetingError;

/// How often, and until when. One of `until` and `count` is needed; with both, what comes first ends it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Repeat {
    pub every: Every,
    /// The last day on which one may be (`2027-12-31`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub until: Option<Date>,
    /// How many there are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
}

/// On which days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "on", rename_all = "snake_case", deny_unknown_fields)]
pub enum Every {
    Day,
    /// Monday to Friday.
    Workday,
    /// On these days of every week.
    Week {
        days: Vec<DayOfWeek>,
    },
    /// On this day of every month, 1 to 31, or -1 for the last one. Months that have no such day are left out.
    MonthDay {
        day: i8,
    },
    /// On the first (1) to fifth (5) or last (-1) such day of every month. Months that have no fifth are left out.
    MonthWeekday {
        nth: i8,
        day: DayOfWeek,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DayOfWeek {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

/// Occurrences of one series at most, and days from the first to the last.
pub const OCCURRENCES: u32 = 366;
const DAYS: i32 = 3 * 366;

impl DayOfWeek {
    fn weekday(self) -> Weekday {
        match self {
            Self::Mon => Weekday::Monday,
            Self::Tue => Weekday::Tuesday,
            Self::Wed => Weekday::Wednesday,
            Self::Thu => Weekday::Thursday,
            Self::Fri => Weekday::Friday,
            Self::Sat => Weekday::Saturday,
            Self::Sun => Weekday::Sunday,
        }
    }
}

impl Every {
    /// Whether there is one on this day.
    fn has(&self, date: Date) -> bool {
        match self {
            Self::Day => true,
            Self::Workday => !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday),
            Self::Week { days } => days.iter().any(|day| day.weekday() == date.weekday()),
            Self::MonthDay { day: -1 } => date == date.last_of_month(),
            Self::MonthDay { day } => date.day() == *day,
            Self::MonthWeekday { nth: -1, day } => date.weekday() == day.weekday() && date.days_in_month() - date.day() < 7,
            Self::MonthWeekday { nth, day } => date.weekday() == day.weekday() && (date.day() - 1) / 7 + 1 == *nth,
        }
    }

    fn check(&self) -> Result<(), MeetingError> {
        let wrong = |zh: &str, en: &str| Err(MeetingError::invalid("repeat", format!("{zh} / {en}")));
        match self {
            Self::Week { days } if days.is_empty() => wrong("每周重复需要至少一个星期几", "a weekly repeat needs a day of the week"),
            Self::MonthDay { day } if !matches!(day, -1 | 1..=31) => {
                wrong("每月日期应为 1 到 31,或 -1(最后一天)", "the day of the month is 1 to 31, or -1 for the last")
            }
            Self::MonthWeekday { nth, .. } if !matches!(nth, -1 | 1..=5) => {
                wrong("每月第几个应为 1 到 5,或 -1(最后一个)", "which of the month is 1 to 5, or -1 for the last")
            }
            _ => Ok(()),
        }
    }
}

impl Repeat {
    /// When each begins and ends. The first is on the day of `starts`, or the first day after it that the rule has. The time of day is that of `starts`; where
    /// a change of the clocks skips it, the meeting begins just after; all last equally long.
    pub fn occurrences(&self, starts: UtcMs, ends: UtcMs, zone: &Zone) -> Result<Vec<(UtcMs, UtcMs)>, MeetingError> {
        self.every.check()?;
        if self.until.is_none() && self.count.is_none() {
            return Err(MeetingError::invalid("repeat", "重复需要截止日期或次数 / a repeat needs `until` or `count`"));
        }
        if let Some(count) = self.count.filter(|count| !(1..=OCCURRENCES).contains(count)) {
            return Err(MeetingError::invalid("repeat", format!("重复次数应为 1 到 {OCCURRENCES},现为 {count} / `count` is {count}, not 1 to {OCCURRENCES}")));
        }
        let (first, time, length) = (zone.date(starts), zone.time(starts), ends - starts);
        let last = first.saturating_add(DAYS.days());
        if let Some(until) = self.until.filter(|until| !(first..=last).contains(until)) {
            return Err(MeetingError::invalid(
                "repeat",
                format!("重复的截止日期 {until} 应在 {first} 到 {last} 之间 / `until` is {until}, not within {first} to {last}"),
            ));
        }
        let most = self.count.unwrap_or(OCCURRENCES + 1) as usize;
        let days = std::iter::successors(Some(first), |date| date.tomorrow().ok()).take_while(|date| *date <= self.until.unwrap_or(last));
        let found: Vec<(UtcMs, UtcMs)> = days
            .filter(|date| self.every.has(*date))
            // The first keeps its instant also where the clock shows its time twice.
            .map(|date| (date, if date == first { starts } else { zone.instant(date, time) }))
            // Samoa had no 30 December 2011.
            .filter(|(date, starts)| zone.date(*starts) == *date)
            .map(|(_, starts)| (starts, starts + length))
            .take(most)
            .collect();
        if found.is_empty() {
            return Err(MeetingError::invalid("repeat", "按此规则没有任何一天 / the rule has no day at all"));
        }
        if found.len() > OCCURRENCES as usize {
            return Err(MeetingError::invalid("repeat", format!("重复超过 {OCCURRENCES} 次 / more than {OCCURRENCES} occurrences")));
        }
        if let Some(pair) = found.windows(2).find(|pair| pair[0].1 > pair[1].0) {
            let date = zone.date(pair[1].0);
            return Err(MeetingError::invalid(
                "repeat",
                format!("{date} 的一次开始时,前一次还没有结束 / the one on {date} begins before the one before it ends"),
            ));
        }
        Ok(found)
    }
}
