//! The weekly timetable of a channel that announces nothing itself: typed in by an operator.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{EventKey, Programme, Source, TimeOfDay, Weekdays};
use crate::base::{ChannelId, SlotId, UtcMs, Zone};

/// A programme that comes every week: on these days, from `start` to `end` by the clocks of the zone.
/// An `end` not after `start` is on the day after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Slot {
    pub id: SlotId,
    pub weekdays: Weekdays,
    pub start: TimeOfDay,
    pub end: TimeOfDay,
    pub title: String,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimetableError {
    #[error("slot {0} has no title")]
    Title(SlotId),
    #[error("slot {0} is on no weekday")]
    Weekdays(SlotId),
    #[error("slot {0} (`{1}`) begins and ends at {2}")]
    Empty(SlotId, String, TimeOfDay),
    #[error("slot {0} (`{1}`) cannot begin at 24:00")]
    Start(SlotId, String),
    #[error("on weekday {weekday} `{first}` (to {first_end}) overlaps `{second}` (from {second_start})")]
    Overlap { weekday: u8, first: String, first_end: TimeOfDay, second: String, second_start: TimeOfDay },
}

const DAY: u32 = 24 * 60;
const WEEK: u32 = 7 * DAY;

impl Slot {
    fn length_minutes(&self) -> u32 {
        let (start, end) = (u32::from(self.start.minutes()), u32::from(self.end.minutes()));
        if end > start { end - start } else { end + DAY - start }
    }

    /// The dates are those on which it begins.
    fn programme(&self, channel: &ChannelId, date: Date, zone: &Zone) -> Programme {
        let end_date = if self.end > self.start { date } else { date.tomorrow().unwrap_or(date) };
        let start = self.start.on(date, zone);
        Programme {
            channel: channel.clone(),
            event: EventKey::slot(&self.id, date),
            title: self.title.clone(),
            subtitle: String::new(),
            description: String::new(),
            start,
            end: self.end.on(end_date, zone).max(start),
            source: Source::Timetable,
            running: false,
            scrambled: false,
        }
    }
}

/// Checks each slot and that no two overlap anywhere in the week.
pub fn check_timetable(slots: &[Slot]) -> Result<(), TimetableError> {
    let mut week = Vec::new();
    for slot in slots {
        if slot.title.trim().is_empty() {
            return Err(TimetableError::Title(slot.id.clone()));
        }
        if slot.weekdays.is_empty() {
            return Err(TimetableError::Weekdays(slot.id.clone()));
        }
        if slot.start.minutes() == DAY as u16 {
            return Err(TimetableError::Start(slot.id.clone(), slot.title.clone()));
        }
        if slot.start == slot.end {
            return Err(TimetableError::Empty(slot.id.clone(), slot.title.clone(), slot.start));
        }
        for &day in slot.weekdays.days() {
            let from = u32::from(day - 1) * DAY + u32::from(slot.start.minutes());
            week.push((from, from + slot.length_minutes(), day, slot));
        }
    }
    week.sort_by_key(|&(from, to, ..)| (from, to));
    // The week is a circle: the last slot may reach into the first of the next week.
    let next_week = week.first().map(|&(from, to, day, slot)| (from + WEEK, to + WEEK, day, slot));
    for (first, second) in week.iter().copied().zip(week.iter().copied().skip(1).chain(next_week)) {
        if second.0 < first.1 {
            return Err(TimetableError::Overlap {
                weekday: second.2,
                first: first.3.title.clone(),
                first_end: first.3.end,
                second: second.3.title.clone(),
                second_start: second.3.start,
            });
        }
    }
    Ok(())
}

/// The programmes of the timetable that touch [`from`, `to`), by start. At most ten years are looked at.
pub fn programmes_of(channel: &ChannelId, slots: &[Slot], from: UtcMs, to: UtcMs, zone: &Zone) -> Vec<Programme> {
    let mut out = Vec::new();
    if from >= to {
        return out;
    }
    let last = zone.date(to);
    let mut date = zone.date(from).yesterday().unwrap_or(zone.date(from)); // a slot may pass midnight
    for _ in 0..3660 {
        let of_day = slots.iter().filter(|slot| slot.weekdays.contains(date.weekday()));
        // A slot that a change of the clocks swallows whole (02:00 to 02:30 in spring) is not on.
        out.extend(of_day.map(|slot| slot.programme(channel, date, zone)).filter(|p| p.overlaps(from, to) && p.duration_ms() > 0));
        match date.tomorrow() {
            Ok(next) if next <= last => date = next,
            _ => break,
        }
    }
    out.sort_by(|a, b| (a.start, a.end, &a.event).cmp(&(b.start, b.end, &b.event)));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(id: &str, days: &[u8], start: &str, end: &str, title: &str) -> Slot {
        let weekdays = Weekdays::new(days.iter().copied()).unwrap();
        Slot { id: id.into(), weekdays, start: start.parse().unwrap(), end: end.parse().unwrap(), title: title.into() }
    }

    fn on(slots: &[Slot], zone: &Zone, from: Date, days: i64) -> Vec<String> {
        let begin = zone.day_start(from);
        programmes_of(&"a".into(), slots, begin, zone.day_start(from + jiff::Span::new().days(days)), zone)
            .iter()
            .map(|p| format!("{} {} {}+{}", p.title, zone.date(p.start), TimeOfDay::of(p.start, zone), p.duration_ms() / 60_000))
            .collect()
    }

    #[test]
    fn a_week_of_slots_becomes_programmes() {
        let zone = Zone::named("Asia/Shanghai").unwrap();
        let slots = [slot("n", &[1, 2, 3, 4, 5, 6, 7], "19:00", "19:30", "新闻联播"), slot("f", &[5], "23:30", "00:45", "电影")];
        assert_eq!(
            on(&slots, &zone, jiff::civil::date(2026, 11, 20), 2), // a Friday
            ["新闻联播 2026-11-20 19:00+30", "电影 2026-11-20 23:30+75", "新闻联播 2026-11-21 19:00+30"]
        );
        // Asked for Saturday alone, the film that began on Friday is still there, with the same identity.
        let saturday = zone.day_start(jiff::civil::date(2026, 11, 21));
        let p = programmes_of(&"a".into(), &slots, saturday, saturday + 1, &zone);
        assert_eq!(p[0].event.as_str(), "slot:f@2026-11-20");
    }

    #[test]
    fn wall_clock_times_hold_over_changes_of_the_clocks() {
        let zone = Zone::named("Europe/Paris").unwrap();
        let slots = [slot("j", &[1, 2, 3, 4, 5, 6, 7], "20:00", "20:40", "Journal"), slot("n", &[7], "02:00", "02:30", "Nuit")];
        let spring = on(&slots, &zone, jiff::civil::date(2026, 3, 28), 2);
        assert_eq!(spring[0], "Journal 2026-03-28 20:00+40");
        assert!(spring.contains(&"Journal 2026-03-29 20:00+40".to_owned()), "{spring:?}");
        let autumn = on(&slots, &zone, jiff::civil::date(2026, 10, 25), 1);
        assert!(autumn.contains(&"Journal 2026-10-25 20:00+40".to_owned()), "{autumn:?}");
    }

    #[test]
    fn overlaps_are_named_also_round_the_week() {
        let fine = [slot("a", &[1], "19:00", "19:30", "甲"), slot("b", &[1], "19:30", "20:00", "乙"), slot("c", &[7], "23:00", "24:00", "丙")];
        assert_eq!(check_timetable(&fine), Ok(()));
        assert_eq!(check_timetable(&[]), Ok(()));
        let clash = [slot("a", &[1, 2], "19:00", "19:30", "甲"), slot("b", &[2], "19:15", "20:00", "乙")];
        assert_eq!(check_timetable(&clash).unwrap_err().to_string(), "on weekday 2 `甲` (to 19:30) overlaps `乙` (from 19:15)");
        let round = [slot("a", &[7], "23:00", "01:00", "甲"), slot("b", &[1], "00:30", "02:00", "乙")];
        assert_eq!(check_timetable(&round).unwrap_err().to_string(), "on weekday 1 `甲` (to 01:00) overlaps `乙` (from 00:30)");
        assert!(check_timetable(&[slot("a", &[], "1:00", "2:00", "甲")]).is_err());
        assert!(check_timetable(&[slot("a", &[1], "1:00", "1:00", "甲")]).is_err());
        assert!(check_timetable(&[slot("a", &[1], "1:00", "2:00", " ")]).is_err());
        assert!(check_timetable(&[slot("a", &[1], "1:00", "2:00", "甲"), slot("b", &[1], "1:00", "2:00", "甲")]).is_err());
    }
}
