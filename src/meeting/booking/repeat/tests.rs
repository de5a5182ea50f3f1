use jiff::civil::{date, time};
use proptest::prelude::*;

use super::*;

const HOUR: i64 = 3_600_000;

fn shanghai() -> Zone {
    Zone::named("Asia/Shanghai").unwrap()
}

fn repeat(every: Every, until: Option<&str>, count: Option<u32>) -> Repeat {
    Repeat { every, until: until.map(|text| text.parse().unwrap()), count }
}

/// The days, of a meeting that first is on this day at nine for an hour.
fn days(repeat: &Repeat, zone: &Zone, first: Date) -> Vec<String> {
    let starts = zone.instant(first, time(9, 0, 0, 0));
    let found = repeat.occurrences(starts, starts + HOUR, zone).unwrap_or_else(|error| panic!("{error}"));
    assert!(found.iter().all(|(starts, ends)| zone.time(*starts) == time(9, 0, 0, 0) && *ends - *starts == HOUR));
    found.iter().map(|(starts, _)| zone.date(*starts).strftime("%m-%d").to_string()).collect()
}

#[test]
fn days_are_those_of_the_rule() {
    let zone = shanghai();
    // 2026-11-20 is a Friday.
    let first = date(2026, 11, 20);
    assert_eq!(days(&repeat(Every::Day, Some("2026-11-22"), None), &zone, first), ["11-20", "11-21", "11-22"]);
    assert_eq!(days(&repeat(Every::Workday, None, Some(3)), &zone, first), ["11-20", "11-23", "11-24"]);
    let twice = Every::Week { days: vec![DayOfWeek::Thu, DayOfWeek::Mon] };
    assert_eq!(days(&repeat(twice, None, Some(3)), &zone, first), ["11-23", "11-26", "11-30"], "the first is the first day that the rule has");
    assert_eq!(days(&repeat(Every::MonthWeekday { nth: 1, day: DayOfWeek::Mon }, None, Some(2)), &zone, first), ["12-07", "01-04"]);
    assert_eq!(days(&repeat(Every::MonthWeekday { nth: -1, day: DayOfWeek::Fri }, None, Some(3)), &zone, first), ["11-27", "12-25", "01-29"]);
    assert_eq!(days(&repeat(Every::Day, Some("2026-11-30"), Some(2)), &zone, first).len(), 2, "what comes first ends it");
}

#[test]
fn the_31st_is_only_where_there_is_one() {
    let zone = shanghai();
    let found = days(&repeat(Every::MonthDay { day: 31 }, Some("2027-07-31"), None), &zone, date(2026, 12, 31));
    assert_eq!(found, ["12-31", "01-31", "03-31", "05-31", "07-31"]);
    assert_eq!(days(&repeat(Every::MonthWeekday { nth: 5, day: DayOfWeek::Mon }, None, Some(2)), &zone, date(2026, 11, 1)), ["11-30", "03-29"]);
}

#[test]
fn the_end_of_february_is_the_28th_or_the_29th() {
    let zone = shanghai();
    let last = |year| days(&repeat(Every::MonthDay { day: -1 }, None, Some(3)), &zone, date(year, 1, 31));
    assert_eq!(last(2027), ["01-31", "02-28", "03-31"]);
    assert_eq!(last(2028), ["01-31", "02-29", "03-31"]);
    assert_eq!(days(&repeat(Every::MonthDay { day: 29 }, None, Some(3)), &zone, date(2027, 1, 29)), ["01-29", "03-29", "04-29"]);
}

#[test]
fn summer_time_changes_the_instant_and_not_the_time_of_day() {
    let berlin = Zone::named("Europe/Berlin").unwrap();
    let starts = berlin.instant(date(2026, 3, 27), time(9, 0, 0, 0));
    let found = repeat(Every::Day, None, Some(4)).occurrences(starts, starts + HOUR, &berlin).unwrap();
    assert!(found.iter().all(|(starts, _)| berlin.time(*starts) == time(9, 0, 0, 0)));
    let gaps: Vec<i64> = found.windows(2).map(|pair| (pair[1].0 - pair[0].0) / HOUR).collect();
    assert_eq!(gaps, [24, 23, 24]);
    // China had summer time in 1986 to 1991.
    let starts = shanghai().instant(date(1991, 9, 13), time(9, 0, 0, 0));
    let found = repeat(Every::Day, None, Some(4)).occurrences(starts, starts + HOUR, &shanghai()).unwrap();
    assert_eq!(found[3].0 - found[0].0, 3 * 24 * HOUR + HOUR);
}

#[test]
fn an_hour_that_is_skipped_is_taken_just_after_it() {
    let berlin = Zone::named("Europe/Berlin").unwrap();
    let starts = berlin.instant(date(2026, 3, 28), time(2, 30, 0, 0));
    let found = repeat(Every::Day, None, Some(3)).occurrences(starts, starts + HOUR, &berlin).unwrap();
    let times: Vec<_> = found.iter().map(|(starts, _)| berlin.time(*starts)).collect();
    assert_eq!(times, [time(2, 30, 0, 0), time(3, 30, 0, 0), time(2, 30, 0, 0)]);
    assert!(found.iter().all(|(starts, ends)| *ends - *starts == HOUR), "and is as long as the others");
}

#[test]
fn an_hour_that_is_there_twice_is_the_one_that_was_meant() {
    let berlin = Zone::named("Europe/Berlin").unwrap();
    let earlier = berlin.instant(date(2026, 10, 25), time(2, 30, 0, 0));
    for starts in [earlier, earlier + HOUR] {
        assert_eq!(berlin.time(starts), time(2, 30, 0, 0));
        let found = repeat(Every::Day, None, Some(2)).occurrences(starts, starts + HOUR, &berlin).unwrap();
        assert_eq!(found[0].0, starts);
        assert_eq!(berlin.time(found[1].0), time(2, 30, 0, 0));
    }
}

#[test]
fn what_makes_no_sense_is_refused() {
    let (zone, starts) = (shanghai(), shanghai().instant(date(2026, 11, 20), time(9, 0, 0, 0)));
    let refused = |every, until: Option<&str>, count| repeat(every, until, count).occurrences(starts, starts + HOUR, &zone).unwrap_err().to_string();
    assert!(refused(Every::Day, None, None).contains("until"));
    assert!(refused(Every::Day, None, Some(0)).contains('0'));
    assert!(refused(Every::Day, None, Some(367)).contains("367"));
    assert!(refused(Every::Day, Some("2026-11-19"), None).contains("2026-11-19"));
    assert!(refused(Every::Day, Some("9999-12-31"), None).contains("9999-12-31"));
    assert!(refused(Every::Day, Some("2027-12-31"), None).contains("366"));
    assert!(refused(Every::Week { days: vec![] }, None, Some(2)).contains("weekly"));
    for day in [0, 32, -2, i8::MIN] {
        assert!(refused(Every::MonthDay { day }, None, Some(2)).contains("-1"));
        assert!(refused(Every::MonthWeekday { nth: day, day: DayOfWeek::Mon }, None, Some(2)).contains("-1"));
    }
    assert!(refused(Every::MonthDay { day: 31 }, Some("2026-11-30"), None).contains("no day"));
    let long = repeat(Every::Day, None, Some(2)).occurrences(starts, starts + 25 * HOUR, &zone).unwrap_err().to_string();
    assert!(long.contains("2026-11-21"), "{long}");
}

proptest! {
    #[test]
    fn occurrences_are_in_order_and_on_days_of_the_rule(
        every in prop_oneof![
            Just(Every::Day), Just(Every::Workday), (-3_i8..34).prop_map(|day| Every::MonthDay { day }),
            (-3_i8..8).prop_map(|nth| Every::MonthWeekday { nth, day: DayOfWeek::Wed }), Just(Every::Week { days: vec![DayOfWeek::Sun] }),
        ],
        count in prop::option::of(0_u32..400), until in prop::option::of(0_i32..2000), starts in 0_i64..4_102_444_800_000,
        zone in prop::sample::select(vec!["Asia/Shanghai", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia"]),
    ) {
        let (zone, starts) = (Zone::named(zone).unwrap(), UtcMs(starts));
        let until = until.map(|days| zone.date(starts).saturating_add(days.days()));
        let repeat = Repeat { every, until, count };
        if let Ok(found) = repeat.occurrences(starts, starts + HOUR, &zone) {
            prop_assert!(!found.is_empty() && found.len() <= OCCURRENCES as usize);
            prop_assert!(found.windows(2).all(|pair| pair[0].1 <= pair[1].0));
            prop_assert!(found[0].0 >= starts);
            prop_assert!(count.is_none_or(|count| found.len() <= count as usize));
            prop_assert!(found.iter().all(|(starts, _)| until.is_none_or(|until| zone.date(*starts) <= until)));
        }
    }
}
