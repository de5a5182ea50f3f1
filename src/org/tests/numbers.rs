//! The number plan through the organisation: who may, what is written down, what follows from changes elsewhere.

use super::*;
use crate::numbering::{HolderKind, Number};
use crate::org::{
    AuditFilter, NewMeetingNumber, NewNumber, NewNumberSegment, NewSite, NumberQuery, NumberSegmentPatch, NumberingError, Renumbering, SitePatch, Sort,
    UnitPatch,
};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

fn new_segment(id: &str, parent: Option<&str>, unit: &str, range: &str) -> NewNumberSegment {
    NewNumberSegment {
        id: Some(id.to_owned()),
        parent: parent.map(Into::into),
        unit: unit.into(),
        title: String::new(),
        range: range.to_owned(),
        reserved: vec![],
        cooling_days: None,
    }
}

fn for_site(id: &str, number: Option<&str>) -> NewNumber {
    NewNumber { kind: HolderKind::Site, id: id.to_owned(), segment: None, number: number.map(str::to_owned) }
}

fn number(text: &str) -> Number {
    text.parse().unwrap()
}

fn looking_for(text: &str) -> NumberQuery {
    NumberQuery { text: text.to_owned(), ..NumberQuery::default() }
}

impl Fixture {
    async fn site(&self, id: &str, unit: &str) {
        let new = NewSite {
            id: Some(id.to_owned()),
            unit: unit.into(),
            title: format!("{id} 会议室"),
            capacity_kbps: None,
            media_share_percent: None,
            highest_rung: None,
            contact_name: None,
            contact_phone: None,
        };
        self.org.create_site(&self.org.as_server(), new).await.unwrap();
    }

    /// A province with two prefectures, a county in the first, segments for all, and an administrator of each.
    async fn province() -> Self {
        let fixture = Self::new().await;
        for (unit, parent) in [("jinan", "root"), ("qingdao", "root"), ("lixia", "jinan")] {
            fixture.unit(unit, parent).await;
        }
        for unit in ["root", "jinan", "qingdao", "lixia"] {
            fixture.person(&format!("{unit}-admin"), unit, &[(Role::Administrator, unit)]).await;
        }
        let server = fixture.org.as_server();
        for new in [
            new_segment("top", None, "root", "6xxxxx"),
            new_segment("jn", Some("top"), "jinan", "61xxxx"),
            new_segment("qd", Some("top"), "qingdao", "62xxxx"),
            new_segment("lx", Some("jn"), "lixia", "613xxx"),
        ] {
            fixture.org.create_number_segment(&server, new).await.unwrap();
        }
        for (site, unit) in [("hall", "lixia"), ("room", "lixia"), ("centre", "jinan")] {
            fixture.site(site, unit).await;
        }
        fixture
    }
}

#[tokio::test]
async fn each_office_gives_out_its_own() {
    let fixture = Fixture::province().await;
    let (org, county, prefecture) = (&fixture.org, fixture.sign_in("lixia-admin").await, fixture.sign_in("jinan-admin").await);
    assert_eq!(org.give_number(&county, for_site("hall", None)).await.unwrap().number, "613000");
    assert_eq!(org.give_number(&county, for_site("room", Some("613 - 888"))).await.unwrap().number, "613888");
    assert!(matches!(org.give_number(&county, for_site("centre", None)).await, Err(OrgError::Denied(_))), "another unit's site");
    let up = NewNumber { segment: Some("jn".into()), ..for_site("hall", None) };
    org.free_number(&county, "613000").await.unwrap();
    assert!(matches!(org.give_number(&county, up.clone()).await, Err(OrgError::Denied(_))), "another unit's segment");
    assert_eq!(org.give_number(&prefecture, up).await.unwrap().number, "610000");
    let person = fixture.org.directory().person_named("lixia-admin").unwrap().id.clone();
    let to_person = NewNumber { kind: HolderKind::Person, id: person.to_string(), segment: None, number: None };
    assert_eq!(org.give_number(&county, to_person).await.unwrap().number, "613001", "613000 rests");
    // No query: the picture in memory knows.
    let directory = fixture.org.directory();
    assert_eq!(directory.numbers.holder_of(number("613888"), NOON).map(|holder| holder.id()), Some("room"));
    assert_eq!(directory.numbers.number_of(HolderKind::Site, "hall", NOON).map(|given| given.number), Some(number("610000")));

    // Dividing is for the owner of what is divided, tops for the root's.
    let divide = new_segment("part", Some("lx"), "lixia", "6139xx");
    assert!(matches!(org.create_number_segment(&fixture.sign_in("qingdao-admin").await, divide.clone()).await, Err(OrgError::Denied(_))));
    org.create_number_segment(&county, divide).await.unwrap();
    assert!(matches!(org.create_number_segment(&county, new_segment("own", None, "lixia", "8xxx")).await, Err(OrgError::Denied(_))));
    let larger = NumberSegmentPatch { range: Some("613000-614999".to_owned()), ..NumberSegmentPatch::default() };
    assert!(matches!(org.change_number_segment(&county, &"lx".into(), larger.clone()).await, Err(OrgError::Denied(_))));
    assert_eq!(org.change_number_segment(&prefecture, &"lx".into(), larger).await.unwrap().range, "613000-614999");
    let kept = NumberSegmentPatch { reserved: Some(vec!["613002".to_owned(), "613100-613199".to_owned()]), ..NumberSegmentPatch::default() };
    let kept = org.change_number_segment(&county, &"lx".into(), kept).await.unwrap();
    assert_eq!((kept.reserved.len(), kept.usage.reserved, kept.usage.handed_down, kept.usage.given), (2, 101, 100, 2));
    assert!(matches!(org.delete_number_segment(&prefecture, &"lx".into()).await, Err(OrgError::Numbering(NumberingError::HasParts { .. }))));

    let auditor = org.as_server();
    let entries = org.audit(&auditor, AuditFilter { action: Some("number.give".to_owned()), ..AuditFilter::default() }, 100).await.unwrap();
    assert_eq!(entries.len(), 4);
    assert!(entries.iter().all(|entry| entry.unit == Some("lixia".into())));
}

#[tokio::test]
async fn it_is_so_after_a_restart() {
    let fixture = Fixture::province().await;
    let server = fixture.org.as_server();
    fixture.org.give_number(&server, for_site("hall", None)).await.unwrap();
    let kept = NumberSegmentPatch { reserved: Some(vec!["613500-613509".to_owned()]), cooling_days: Some(7), ..NumberSegmentPatch::default() };
    fixture.org.change_number_segment(&server, &"lx".into(), kept).await.unwrap();
    let meeting = NewMeetingNumber { meeting: "m1".into(), unit: "jinan".into(), title: "防汛会商".to_owned(), until: NOON + DAY_MS };
    give(&fixture.org, &server, meeting).await.unwrap();
    let again = Org::open(fixture.store.clone(), options(), Arc::new(fixture.clock.clone())).await.unwrap();
    assert_eq!(again.number_segments(&again.as_server()).unwrap(), fixture.org.number_segments(&fixture.org.as_server()).unwrap());
    let all = |org: &Org| org.find_numbers(&org.as_server(), &NumberQuery::default()).unwrap();
    assert_eq!((all(&again).len(), all(&again)), (2, all(&fixture.org)));
}

#[tokio::test]
async fn a_unit_that_moves_keeps_its_numbers_until_they_are_changed() {
    let fixture = Fixture::province().await;
    let (org, server) = (&fixture.org, fixture.org.as_server());
    org.give_number(&server, for_site("hall", None)).await.unwrap();
    let moved = UnitPatch { parent: Some("qingdao".into()), ..UnitPatch::default() };
    org.change_unit(&server, &"lixia".into(), moved).await.unwrap();
    let foreign = |org: &Org| org.find_numbers(&org.as_server(), &NumberQuery { foreign: Some(true), ..NumberQuery::default() }).unwrap();
    assert_eq!(foreign(org).iter().map(|entry| entry.number.as_str()).collect::<Vec<_>>(), ["613000"]);
    assert!(org.number_segments(&org.as_server()).unwrap().iter().any(|segment| segment.id == "lx".into() && segment.foreign));

    org.create_number_segment(&server, new_segment("lx2", Some("qd"), "lixia", "625xxx")).await.unwrap();
    let change = Renumbering { segment: Some("lx2".into()), number: None, alias_until: Some(NOON + 30 * DAY_MS) };
    let county = fixture.sign_in("lixia-admin").await;
    let numbers = org.renumber(&county, "613000", change).await.unwrap();
    assert_eq!(
        numbers.iter().map(|entry| (entry.number.as_str(), entry.alias_of.as_deref())).collect::<Vec<_>>(),
        [("625000", None), ("613000", Some("625000"))]
    );
    let reached = |text: &str| org.directory().numbers.holder_of(number(text), org.now()).map(|holder| holder.id().to_owned());
    assert_eq!((reached("613000"), reached("625000")), (Some("hall".to_owned()), Some("hall".to_owned())));
    fixture.clock.advance_ms(30 * DAY_MS);
    assert_eq!((reached("613000"), reached("625000")), (None, Some("hall".to_owned())), "no job is needed for its end");
    // A site that moves alone is foreign too, and with it gone its number is free.
    org.change_site(&server, &"hall".into(), SitePatch { unit: Some("jinan".into()), ..SitePatch::default() }).await.unwrap();
    assert_eq!(foreign(org).len(), 1);
    org.delete_site(&server, &"hall".into()).await.unwrap();
    assert_eq!(reached("625000"), None);
    let freed = org.audit(&server, AuditFilter { action: Some("number.free".to_owned()), ..AuditFilter::default() }, 10).await.unwrap();
    assert_eq!(freed.len(), 1);
    let again = org.give_number(&county, for_site("room", Some("625000"))).await.unwrap_err();
    assert!(again.to_string().contains("90 天"), "{again}");
}

async fn give(org: &Org, caller: &Caller, new: NewMeetingNumber) -> Result<String, OrgError> {
    let mut turn = org.turn(caller).await?;
    let number = turn.give_meeting_number(new).await?;
    turn.finish().await?;
    Ok(number.to_string())
}

#[tokio::test]
async fn a_meetings_number_is_given_by_its_chair_for_its_time() {
    let fixture = Fixture::province().await;
    fixture.person("chair", "lixia", &[(Role::Chair, "lixia")]).await;
    fixture.person("viewer", "lixia", &[(Role::Viewer, "lixia")]).await;
    let (org, chair) = (&fixture.org, fixture.sign_in("chair").await);
    let new = |meeting: &str, unit: &str| NewMeetingNumber { meeting: meeting.into(), unit: unit.into(), title: "周例会".to_owned(), until: NOON + DAY_MS };
    assert_eq!(give(org, &chair, new("m1", "lixia")).await.unwrap(), "613000");
    let entry = org.find_numbers(&fixture.sign_in("chair").await, &looking_for("613000")).unwrap().remove(0);
    assert_eq!((entry.number.as_str(), entry.until, entry.kind), ("613000", Some(NOON + DAY_MS), HolderKind::Meeting));
    fixture.person("stranger", "qingdao", &[]).await;
    assert_eq!(org.find_numbers(&fixture.sign_in("stranger").await, &looking_for("613000")).unwrap(), [], "a meeting's number is not read out to everybody");
    assert!(matches!(give(org, &chair, new("m2", "jinan")).await, Err(OrgError::Denied(_))));
    assert!(matches!(give(org, &fixture.sign_in("viewer").await, new("m2", "lixia")).await, Err(OrgError::Denied(_))));
    assert!(matches!(org.give_number(&chair, for_site("hall", None)).await, Err(OrgError::Denied(_))));
    let mut turn = org.turn(&chair).await.unwrap();
    assert!(turn.extend_meeting_number(&"m1".into(), "月例会", NOON + 2 * DAY_MS).await.unwrap());
    turn.finish().await.unwrap();
    let mut turn = org.turn(&chair).await.unwrap();
    assert!(!turn.extend_meeting_number(&"m1".into(), "月例会", NOON + 2 * DAY_MS).await.unwrap(), "it is so already");
    drop(turn);
    fixture.clock.advance_ms(DAY_MS);
    assert_eq!(org.find_numbers(&org.as_server(), &looking_for("例会")).unwrap().len(), 1);
    for had_one in [true, false] {
        let mut turn = org.turn(&chair).await.unwrap();
        assert_eq!(turn.free_meeting_number(&"m1".into()).await.unwrap(), had_one);
        turn.finish().await.unwrap();
    }
    assert_eq!(org.find_numbers(&org.as_server(), &looking_for("")).unwrap().len(), 0);
    fixture.clock.advance_ms(DAY_MS);
    let reused = NewMeetingNumber { until: NOON + 9 * DAY_MS, ..new("m3", "lixia") };
    assert_eq!(give(org, &chair, reused).await.unwrap(), "613000");
}

#[tokio::test]
async fn the_directory_is_searched_by_digits_names_and_initials() {
    let fixture = Fixture::province().await;
    let (org, server) = (&fixture.org, fixture.org.as_server());
    for (site, asked) in [("hall", "613001"), ("room", "613010"), ("centre", "610001")] {
        org.give_number(&server, for_site(site, Some(asked))).await.unwrap();
    }
    let found = |text: &str| org.find_numbers(&org.as_server(), &looking_for(text)).unwrap().into_iter().map(|entry| entry.number).collect::<Vec<_>>();
    assert_eq!(found(""), ["610001", "613001", "613010"]);
    assert_eq!(found("613"), ["613001", "613010"]);
    assert_eq!(found("613 010"), ["613010"]);
    assert_eq!(found("\u{FF10}\u{FF10}\u{FF11}"), ["610001", "613001"]);
    assert_eq!(found("HALL"), ["613001"]);
    assert_eq!(found("hallhys"), ["613001"], "first letters of pinyin");
    assert_eq!(found("lixia 区"), ["613001", "613010"], "by the unit's name");
    assert!(found("没有").is_empty() && found(&"9".repeat(10_000)).is_empty());
    assert!(matches!(org.find_numbers(&fixture.anonymous("10.0.0.9").await, &looking_for("")), Err(OrgError::Denied(_))));
    let usage = org.number_segment_use(&org.as_server(), &"jn".into()).unwrap();
    assert_eq!((usage.sites, usage.usage.handed_down, usage.parts.len(), usage.parts[0].given), (1, 1000, 1, 2));
}

#[tokio::test]
async fn segments_and_numbers_come_out_and_in_as_tables() {
    let fixture = Fixture::province().await;
    let (org, server) = (&fixture.org, fixture.org.as_server());
    org.create_number_segment(&server, new_segment("same", Some("lx"), "lixia", "613xxx")).await.unwrap();
    org.give_number(&server, for_site("hall", None)).await.unwrap();
    org.renumber(&server, "613000", Renumbering { alias_until: Some(NOON + DAY_MS), ..Renumbering::default() }).await.unwrap();
    for sort in [Sort::NumberSegments, Sort::Numbers] {
        let out = org.export(&server, sort).unwrap();
        let report = org.import(&server, sort, out.as_bytes(), false).await.unwrap();
        assert_eq!((report.created, report.updated, &report.errors[..]), (0, 0, &[][..]), "{out}");
    }
    // The plan into another installation with the same units.
    let other = Fixture::new().await;
    for sort in [Sort::Units, Sort::NumberSegments] {
        let out = org.export(&server, sort).unwrap();
        assert!(other.org.import(&other.org.as_server(), sort, out.as_bytes(), false).await.unwrap().applied);
        assert_eq!(other.org.export(&other.org.as_server(), sort).unwrap(), out);
    }
    // Typed by hand: a part above what it is part of, ids and parents left out, numbers left to be found.
    let segments = "号段,单位,保留\n8011,/jinan 区,\n80xx,root,\"8000,8090-8099\"\n";
    let report = org.import(&server, Sort::NumberSegments, segments.as_bytes(), false).await.unwrap();
    assert_eq!((report.created, report.applied, &report.errors[..]), (2, true, &[][..]));
    let numbers = "号码,类型,名称,单位\n,会场,room 会议室,lixia\n613001,会场,centre 会议室,\n7,会场,room 会议室,\n613005,会议,x,\n613005,会场,没有,\n";
    let report = org.import(&server, Sort::Numbers, numbers.as_bytes(), false).await.unwrap();
    assert_eq!(report.errors.iter().map(|error| error.line).collect::<Vec<_>>(), [3, 4, 5, 6], "{:?}", report.errors);
    let numbers = "号码,类型,名称,单位\n,会场,room 会议室,lixia\n613002,人员,lixia-admin,\n610009,会场,centre 会议室,\n";
    let report = org.import(&server, Sort::Numbers, numbers.as_bytes(), false).await.unwrap();
    assert_eq!((report.created, &report.errors[..]), (3, &[][..]));
    assert_eq!(org.directory().numbers.number_of(HolderKind::Site, "room", NOON).unwrap().number, number("613003"));
    let county = fixture.sign_in("lixia-admin").await;
    let theirs = org.import(&county, Sort::NumberSegments, "号段,单位\n61xxxx,lixia\n63xxxx,lixia\n6131xx,lixia\n".as_bytes(), false).await.unwrap();
    assert_eq!(theirs.errors.len(), 2, "{:?}", theirs.errors);
}
