//! What offices do with their segments, case by case.

use super::*;
use crate::base::MeetingId;

/// A province with 61xxxx for Jinan, in it 613xxx for Lixia, and 62xxxx for Qingdao.
fn plan() -> Plan {
    let segments = [
        segment("top", None, "province", "6xxxxx"),
        segment("jn", Some("top"), "jinan", "61xxxx"),
        segment("qd", Some("top"), "qingdao", "62xxxx"),
        segment("lx", Some("jn"), "lixia", "613xxx"),
    ];
    Plan::new(segments, [])
}

fn asked(text: &str) -> Wish<'static> {
    Wish { segment: None, number: Some(number(text)) }
}

fn give(plan: &mut Plan, wish: Wish, holder: &str, unit: &str) -> Result<String, NumberingError> {
    let given = plan.give(wish, site(holder), &unit.into(), None, &province(), NOON)?;
    let number = given.number.to_string();
    plan.take(given);
    Ok(number)
}

#[test]
fn an_office_gives_what_it_did_not_hand_down() {
    let mut plan = plan();
    assert_eq!(give(&mut plan, Wish::default(), "hall", "lixia").unwrap(), "613000", "the nearest office gives");
    assert_eq!(give(&mut plan, Wish::default(), "room", "lixia").unwrap(), "613001");
    assert_eq!(give(&mut plan, Wish::default(), "centre", "jinan").unwrap(), "610000");
    assert_eq!(give(&mut plan, asked("619999"), "spare", "jinan").unwrap(), "619999");
    let down = Wish { segment: Some(&"jn".into()), number: Some(number("613500")) };
    let error = plan.give(down, site("x"), &"jinan".into(), None, &province(), NOON).unwrap_err();
    assert_eq!(error, NumberingError::HandedDown { number: number("613500"), to: "613xxx(lixia)".to_owned() });
    assert!(matches!(give(&mut plan, asked("613001"), "x", "lixia"), Err(NumberingError::Taken { .. })));
    assert!(matches!(give(&mut plan, asked("620000"), "x", "lixia"), Err(NumberingError::NotOfSegment { .. })));
    assert!(matches!(give(&mut plan, asked("700000"), "x", "lixia"), Err(NumberingError::NoSegmentFor { .. })));
    assert!(matches!(give(&mut plan, asked("613009"), "hall", "lixia"), Err(NumberingError::HasNumber { .. })));
    assert_eq!(plan.holder_of(number("613001"), NOON), Some(&site("room")));
    assert_eq!(plan.holder_of(number("613002"), NOON), None);
}

#[test]
fn what_does_not_fit_is_refused_with_its_neighbour() {
    let plan = plan();
    let judge = |segment: Segment| plan.judge_segment(&segment, &province(), NOON);
    assert!(judge(segment("new", Some("top"), "qingdao", "63xxxx")).is_ok());
    assert_eq!(
        judge(segment("new", Some("top"), "qingdao", "615000-625000")),
        Err(NumberingError::Overlap { range: "615000-625000".parse().unwrap(), other: "61xxxx(jinan)".to_owned() })
    );
    assert!(matches!(judge(segment("new", Some("jn"), "lixia", "62xxxx")), Err(NumberingError::OutsideParent { .. })));
    assert!(matches!(judge(segment("new", Some("jn"), "shinan", "614xxx")), Err(NumberingError::NotBelow { .. })));
    assert!(matches!(judge(segment("new", None, "province", "613")), Err(NumberingError::Overlap { .. })), "613 begins 613000");
    assert!(judge(segment("new", None, "province", "8xxx")).is_ok());
    assert!(matches!(judge(segment("jn", Some("top"), "jinan", "614000-619999")), Err(NumberingError::ChildOutside { .. })));
    assert!(matches!(judge(segment("jn", Some("lx"), "jinan", "613xxx")), Err(NumberingError::InsideItself)));
    assert!(matches!(judge(segment("jn", Some("none"), "jinan", "61xxxx")), Err(NumberingError::NoSegment { .. })));
    let reserved = Segment { reserved: vec!["620000".parse().unwrap()], ..segment("lx", Some("jn"), "lixia", "613xxx") };
    assert!(matches!(judge(reserved), Err(NumberingError::ReservedOutside { .. })));
}

#[test]
fn what_is_kept_back_is_not_given() {
    let mut plan = Plan::new(
        [Segment { reserved: vec!["8000-8009".parse().unwrap()], ..segment("a", None, "province", "8xxx") }, segment("b", None, "province", "1xxxx")],
        [],
    );
    assert_eq!(give(&mut plan, Wish { segment: Some(&"a".into()), number: None }, "x", "province").unwrap(), "8010");
    assert!(matches!(give(&mut plan, asked("8003"), "y", "province"), Err(NumberingError::Reserved { .. })));
    let service = give(&mut plan, asked("11912"), "y", "province").unwrap_err();
    assert!(service.to_string().contains("火警"), "{service}");
    assert!(matches!(give(&mut plan, asked("12345"), "y", "province"), Err(NumberingError::PublicService { .. })));
    let usage = plan.usage(plan.segment(&"b".into()).unwrap(), NOON);
    assert_eq!(usage.reserved, 6 * 100 + 20, "blocks of six short numbers, and the long ones outside them");
    assert_eq!(usage.total, usage.reserved + usage.free);
}

#[test]
fn exhaustion_tells_what_is_left_and_who_has_more() {
    let mut plan = Plan::new([segment("top", None, "jinan", "80-89"), segment("part", Some("top"), "lixia", "80-82")], []);
    for holder in ["a", "b", "c"] {
        give(&mut plan, Wish { segment: Some(&"part".into()), number: None }, holder, "lixia").unwrap();
    }
    let freed = plan.free(number("81"), NOON).unwrap();
    freed.into_iter().for_each(|given| plan.take(given));
    let full = give(&mut plan, Wish { segment: Some(&"part".into()), number: None }, "d", "lixia").unwrap_err();
    let expected = NumberingError::Exhausted {
        segment: "80-82(lixia)".to_owned(),
        total: 3,
        given: 2,
        handed_down: 0,
        reserved: 0,
        resting: 1,
        back: Some(90),
        more: Some(("8x(jinan)".to_owned(), 7)),
    };
    assert_eq!(full, expected);
    assert!(full.to_string().contains("可向 8x(jinan) 申请,还有 7 个") && full.to_string().contains("90 days"), "{full}");
    // Where nobody says which, the office above helps out.
    assert_eq!(give(&mut plan, Wish::default(), "d", "lixia").unwrap(), "83");
}

#[test]
fn a_freed_number_rests_and_its_last_holder_may_have_it_back() {
    let mut plan = plan();
    give(&mut plan, Wish::default(), "hall", "lixia").unwrap();
    plan.free(number("613000"), NOON).unwrap().into_iter().for_each(|given| plan.take(given));
    assert_eq!(plan.holder_of(number("613000"), NOON), None);
    let error = give(&mut plan, asked("613000"), "room", "lixia").unwrap_err();
    assert_eq!(error, NumberingError::Resting { number: number("613000"), until: NOON + 90 * DAY_MS, days: 90 });
    assert_eq!(give(&mut plan.clone(), Wish::default(), "room", "lixia").unwrap(), "613001");
    assert_eq!(give(&mut plan.clone(), asked("613000"), "hall", "lixia").unwrap(), "613000");
    let later = plan.give(asked("613000"), site("room"), &"lixia".into(), None, &province(), NOON + 90 * DAY_MS);
    assert!(later.is_ok());
    assert!(matches!(plan.free(number("613000"), NOON), Err(NumberingError::NotInUse { .. })));
}

#[test]
fn a_meetings_number_comes_back_with_its_end() {
    let mut plan = plan();
    let meeting = Holder::Meeting { id: MeetingId::from("m1"), unit: "lixia".into(), title: "防汛会商".to_owned() };
    let ends = NOON + DAY_MS;
    let given = plan.give(Wish::default(), meeting.clone(), &"lixia".into(), Some(ends), &province(), NOON).unwrap();
    plan.take(given.clone());
    assert_eq!(plan.holder_of(given.number, ends - 1), Some(&meeting));
    assert_eq!(plan.holder_of(given.number, ends), None);
    let again = |now| plan.give(Wish { number: Some(given.number), segment: None }, site("x"), &"lixia".into(), None, &province(), now);
    assert!(matches!(again(ends), Err(NumberingError::Resting { .. })));
    assert!(again(ends + DAY_MS).is_ok());
    let longer = plan.extend(given.number, ends + 1, NOON).unwrap();
    assert_eq!((longer.ends, longer.rests_until), (Some(ends + 1), Some(ends + 1 + DAY_MS)));
    assert!(plan.give(Wish::default(), site("y"), &"lixia".into(), Some(NOON), &province(), NOON).is_err(), "not for a time that is over");
}

#[test]
fn after_a_move_numbers_stay_and_are_foreign_until_they_are_changed() {
    let (mut plan, mut units) = (plan(), province());
    give(&mut plan, Wish::default(), "hall", "lixia").unwrap();
    let old = number("613000");
    assert!(!plan.is_foreign(old, &"lixia".into(), &units));
    // The county goes to another prefecture, with its segment.
    units.put_below("lixia", "qingdao");
    assert_eq!(plan.holder_of(old, NOON), Some(&site("hall")));
    assert!(plan.is_foreign(old, &"lixia".into(), &units));
    assert!(plan.judge_segment(plan.segment(&"lx".into()).unwrap(), &units, NOON).is_ok(), "it can still be changed in other respects");

    plan.take_segment(segment("lx2", Some("qd"), "lixia", "625xxx"));
    let until = NOON + 180 * DAY_MS;
    let changes = plan.renumber(old, Wish { segment: Some(&"lx2".into()), number: None }, &"lixia".into(), Some(until), &units, NOON).unwrap();
    changes.into_iter().for_each(|given| plan.take(given));
    let new = plan.number_of(HolderKind::Site, "hall", NOON).unwrap().number;
    assert_eq!(new, number("625000"));
    assert!(!plan.is_foreign(new, &"lixia".into(), &units));
    assert_eq!(plan.holder_of(old, until - 1), Some(&site("hall")), "the old number answers");
    assert_eq!(plan.holder_of(old, until), None);
    assert!(matches!(plan.renumber(old, Wish::default(), &"lixia".into(), None, &units, NOON), Err(NumberingError::IsAlias { .. })));

    // Changed once more, both old numbers lead to the newest; freed, all end together.
    let changes = plan.renumber(new, asked("625777"), &"lixia".into(), Some(until), &units, NOON).unwrap();
    changes.into_iter().for_each(|given| plan.take(given));
    assert_eq!(plan.given(old).unwrap().alias_of, Some(number("625777")));
    assert_eq!(plan.answering_for(HolderKind::Site, "hall", NOON).count(), 3);
    let ended = plan.free(number("625777"), NOON).unwrap();
    assert_eq!(ended.len(), 3);
}

#[test]
fn a_segment_given_to_another_unit_keeps_its_numbers() {
    let mut plan = plan();
    give(&mut plan, Wish::default(), "hall", "lixia").unwrap();
    let handed = Segment { unit: "jinan".into(), ..plan.segment(&"lx".into()).unwrap().clone() };
    assert!(plan.judge_segment(&handed, &province(), NOON).is_ok());
    let away = Segment { unit: "qingdao".into(), ..handed.clone() };
    assert!(matches!(plan.judge_segment(&away, &province(), NOON), Err(NumberingError::NotBelow { .. })));
    // Taken off its parent it may go anywhere; its numbers are then foreign.
    let mut other = Plan::new([segment("own", None, "qingdao", "613xxx")], plan.all_given().cloned());
    assert!(other.is_foreign(number("613000"), &"lixia".into(), &province()));
    assert_eq!(other.holder_of(number("613000"), NOON), Some(&site("hall")));
    assert!(matches!(other.judge_removal(other.segment(&"own".into()).unwrap(), &province(), NOON), Err(NumberingError::HasNumbers { count: 1, .. })));
    let smaller = segment("own", None, "qingdao", "6131xx");
    assert!(matches!(other.judge_segment(&smaller, &province(), NOON), Err(NumberingError::LeftOut { count: 1, .. })));
    other.free(number("613000"), NOON).unwrap().into_iter().for_each(|given| other.take(given));
    assert!(other.judge_segment(&smaller, &province(), NOON).is_ok());
    // A part that is dissolved leaves its numbers to the segment above.
    assert!(plan.judge_removal(plan.segment(&"lx".into()).unwrap(), &province(), NOON).is_ok());
    assert!(matches!(plan.judge_removal(plan.segment(&"jn".into()).unwrap(), &province(), NOON), Err(NumberingError::HasParts { count: 1, .. })));
    plan.drop_segment(&"lx".into());
    assert_eq!(plan.segment_of(number("613000")).unwrap().id, "jn".into());
}

#[test]
fn parts_of_a_use_add_up() {
    let mut plan = plan();
    for holder in ["a", "b"] {
        give(&mut plan, Wish { segment: Some(&"jn".into()), number: None }, holder, "jinan").unwrap();
    }
    plan.free(number("610001"), NOON).unwrap().into_iter().for_each(|given| plan.take(given));
    let jinan = Segment { reserved: vec!["610000".parse().unwrap(), "612990-613100".parse().unwrap()], ..plan.segment(&"jn".into()).unwrap().clone() };
    plan.take_segment(jinan);
    let usage = plan.usage(plan.segment(&"jn".into()).unwrap(), NOON);
    let expected = Use { total: 10_000, given: 1, handed_down: 1000, reserved: 10, resting: 1, free: 8988, next_back: Some(NOON + 90 * DAY_MS) };
    assert_eq!(usage, expected);
    let top = plan.usage(plan.segment(&"top".into()).unwrap(), NOON);
    assert_eq!((top.total, top.handed_down, top.free), (100_000, 20_000, 80_000));
    assert_eq!(plan.segments().iter().map(|segment| segment.id.as_str()).collect::<Vec<_>>(), ["top", "jn", "lx", "qd"]);
}
