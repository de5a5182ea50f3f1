//! What is left of a meeting, from real tables: a province with a hall, two prefectures, two counties (see `meeting::tests`).

use super::*;
use crate::base::{MeetingId, PaperId, UtcMs, VenueId};
use crate::conduct::{Actor, Beginning, Command, Conduct, Expected, Input, RollMark};
use crate::document::Documents;
use crate::document::tests::text_of;
use crate::meeting::tests::{HOUR, MONDAY, World, answer, new, site};
use crate::meeting::{AgendaPoint, MeetingError, MeetingState, Reply};
use crate::org::{Actor as Doer, Role, SitePatch, UnitPatch};
use crate::store::after::LineMinute;
use crate::store::papers::PaperRow;
use crate::store::{Done, Passed};

const MINUTE: i64 = 60_000;

/// A meeting that is conducted and over: the hall and these came, with so many people where they said it.
async fn held(world: &World, unit: &str, main: &str, branches: &[&str], came: &[(&str, Option<u32>)], after_hours: i64) -> MeetingId {
    let mut booked = new(unit, main, branches, after_hours);
    booked.title = "全省防汛工作视频会议".to_owned();
    booked.agenda = vec![AgendaPoint { title: "通报汛情".to_owned(), minutes: Some(20), speaker: Some("水利厅".to_owned()) }];
    let meeting = world.book(unit, booked).await.unwrap();
    for branch in branches {
        if came.iter().any(|(name, people)| name == branch && *people == Some(0)) {
            let reply = crate::meeting::NewReply { headcount: Some(40), ..answer(branch, Reply::Accepted) };
            world.meetings.reply(world.clerk(branch), &meeting.id, reply).await.unwrap();
        }
    }
    let store = &world.fixture.store;
    let venues = meeting.venues.iter().map(|venue| Expected { venue: venue.venue.clone(), title: venue.title.clone() }).collect();
    let mut conduct = Conduct::new(Beginning { mode: crate::conduct::Mode::Lecture, main: site(main), chair: None, venues, ends: meeting.ends });
    let starts = meeting.starts;
    let come = |conduct: &mut Conduct, name: &str| {
        conduct.handle(starts, Input::Knocked { venue: site(name), title: name.to_owned() }).unwrap();
        conduct.handle(starts, Input::Joined { venue: site(name) }).unwrap();
    };
    let (mut log, mut passed) = (Vec::new(), Vec::new());
    let mut does = |conduct: &mut Conduct, minute: i64, actor: Actor, command: Command| {
        let at = starts + minute * MINUTE;
        conduct.command(at, &actor, command.clone()).unwrap();
        let actor = if let Actor::Venue(venue) = &actor { venue.to_string() } else { "desk".to_owned() };
        log.push(Done { at, actor, command: serde_json::to_string(&command).unwrap() });
    };
    for name in [&(main, None)].into_iter().chain(came).map(|(name, _)| *name) {
        come(&mut conduct, name);
        passed.push(Passed::Came { venue: site(name), title: format!("{name} 会议室"), at: starts });
    }
    let chair = Actor::Venue(site(main));
    does(&mut conduct, 0, chair.clone(), Command::CallRoll);
    for (name, people) in came {
        does(&mut conduct, 1, Actor::Venue(site(name)), Command::AnswerRoll);
        // Nothing is typed in where the reply said it.
        if let Some(people) = people.filter(|people| *people > 0) {
            does(&mut conduct, 1, Actor::Venue(site(name)), Command::Headcount { people });
        }
    }
    does(&mut conduct, 2, chair.clone(), Command::EndRoll);
    does(&mut conduct, 3, Actor::Desk, Command::SetAgenda { at: Some(0) });
    if let Some((first, _)) = came.first() {
        does(&mut conduct, 4, chair.clone(), Command::GiveFloor { venue: site(first) });
        does(&mut conduct, 9, chair.clone(), Command::TakeFloor { venue: site(first) });
    }
    does(&mut conduct, 50, chair, Command::Close);
    store.keep_conduct(&meeting.id, &serde_json::to_string(&conduct).unwrap(), &log, &passed).await.unwrap();
    store.end_stays(&meeting.id, starts + 50 * MINUTE).await.unwrap();
    world.meetings.set_state(&Doer::server(), &meeting.id, MeetingState::Open).await.unwrap();
    world.meetings.set_state(&Doer::server(), &meeting.id, MeetingState::Closed).await.unwrap();
    meeting.id
}

async fn brings(world: &World, meeting: &MeetingId, title: &str, distributed: Option<UtcMs>) {
    let paper = PaperRow {
        id: PaperId::random(),
        meeting: meeting.clone(),
        title: title.to_owned(),
        file_name: format!("{title}.pdf"),
        media_type: "application/pdf".to_owned(),
        bytes: 1,
        hash: "00".to_owned(),
        point: None,
        position: 0,
        venue: None,
        uploaded_by: None,
        uploaded_by_name: String::new(),
        created: MONDAY,
        distributed,
    };
    let mut change = world.fixture.store.change().await.unwrap();
    change.insert_paper(&paper).await.unwrap();
    change.commit_apart().await.unwrap();
}

async fn operator(world: &World, name: &str, unit: &str) -> crate::org::Caller {
    world.fixture.person(name, unit, &[(Role::Operator, unit)]).await;
    world.fixture.sign_in(name).await
}

#[tokio::test]
async fn the_minutes_tell_who_was_there_and_who_spoke_and_come_out_of_the_pdf_again() {
    let world = World::new().await;
    let id = held(&world, "root", "root", &["xihu", "ningbo", "hangzhou"], &[("hangzhou", Some(23)), ("xihu", Some(0))], 0).await;
    brings(&world, &id, "水情简报", Some(MONDAY)).await;
    brings(&world, &id, "领导参阅", None).await;
    let minutes = world.meetings.minutes(world.clerk("root"), &id, None).await.unwrap();
    assert!(minutes.text.contains("水情简报") && !minutes.text.contains("领导参阅"), "of papers those that were handed out: {}", minutes.text);
    assert_eq!((minutes.version, minutes.is_from_log, minutes.versions.len()), (0, true, 0));
    for said in [
        "# 全省防汛工作视频会议纪要（草稿）",
        "应到 4 个会场，实到 3 个，共 64 人",
        "| 缺席 | ningbo 会议室 |",
        "| 1 | 通报汛情 | 水利厅 | 09:03–09:50 |",
        "| 09:04–09:09 | hangzhou 会议室 | 发言 |",
        "40（按回复）",
        "- 09:50 会议结束",
    ] {
        assert!(minutes.text.contains(said), "{said} is missing in\n{}", minutes.text);
    }
    // In the order of the tree: the province, Hangzhou with its county, Ningbo.
    let list = minutes.text.split("## ").nth(1).unwrap();
    let place = |name: &str| list.find(&format!("| {name} 会议室"));
    let places: Vec<_> = ["root", "hangzhou", "xihu", "ningbo"].map(place).into();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?}\n{}", minutes.text);
    let pdf = Documents::new("").pdf(documents::minutes(&minutes.text)).await.unwrap();
    let text = text_of(&pdf);
    for said in ["全省防汛工作视频会议纪要", "通报汛情", "hangzhou 会议室", "议定事项"] {
        assert!(text.contains(said), "{said} is missing in\n{text}");
    }
    let attendance = documents::attendance(&world.meetings.held(world.clerk("root"), &id).await.unwrap(), world.meetings.zone());
    let text = text_of(&Documents::new("").pdf(attendance).await.unwrap());
    assert!(text.contains("按回复") && text.contains("会上填报") && text.contains("缺席"), "{text}");
}

#[tokio::test]
async fn two_clerks_do_not_overwrite_each_other_and_every_version_is_kept() {
    let world = World::new().await;
    let id = held(&world, "root", "root", &["xihu"], &[("xihu", Some(5))], 0).await;
    let clerk = world.clerk("root");
    let write = async |text: Option<&str>, after: u32| world.meetings.write_minutes(clerk, &id, NewMinutes { text: text.map(str::to_owned), after }).await;
    let first = write(Some("# 纪要\r\n议定:加固堤防。"), 0).await.unwrap();
    assert_eq!((first.version, first.is_from_log, first.text.as_str()), (2, false, "# 纪要\n议定:加固堤防。"));
    assert_eq!(first.versions.iter().map(|of| (of.version, of.is_from_log, of.person_name.as_str())).collect::<Vec<_>>(), [(2, false, "root"), (1, true, "")]);
    assert!(world.meetings.minutes(clerk, &id, Some(1)).await.unwrap().text.contains("（草稿）"), "what the log said is kept");
    for after in [0, 1, 7] {
        let late = write(Some("# 另一份"), after).await.unwrap_err();
        assert!(matches!(&late, MeetingError::Stale { newest: 2, by } if by == "root"), "{late}");
    }
    let anew = write(None, 2).await.unwrap();
    assert!((anew.version, anew.is_from_log) == (3, true) && anew.text.contains("（草稿）"));
    assert!(matches!(write(Some(&"长".repeat(200_001)), 3).await, Err(MeetingError::Invalid { field: "text", .. })));
    assert!(world.meetings.minutes(clerk, &id, Some(9)).await.is_err());
    // Who has no part in steering it does not see it.
    assert!(matches!(world.meetings.minutes(world.clerk("ningbo"), &id, None).await, Err(MeetingError::Denied(_))));
    let log = world.log().await;
    assert_eq!(
        log.iter().filter(|(action, ..)| action.starts_with("meeting.minutes")).map(|(action, ..)| action.as_str()).collect::<Vec<_>>(),
        ["meeting.minutes", "meeting.minutes_anew"]
    );
}

#[tokio::test]
async fn who_is_to_be_phoned_is_told_with_what_was_wrong() {
    let world = World::new().await;
    let id = held(&world, "root", "root", &["xihu"], &[("xihu", Some(5))], 0).await;
    let contact = SitePatch { contact_name: Some(Some(" 李四 ".to_owned())), contact_phone: Some(Some("0571-1234".to_owned())), ..SitePatch::default() };
    world.fixture.org.change_site(&world.fixture.org.as_server(), &"xihu".into(), contact).await.unwrap();
    let minute = |venue: &str, at: i64, loss: u32, thin: u32| LineMinute {
        venue: site(venue),
        minute: MONDAY + at * MINUTE,
        seconds: 60,
        up_kbps: 800,
        down_kbps: 1_000,
        least_kbps: if thin > 0 { 60 } else { 900 },
        up_loss: loss,
        down_loss: 0,
        worst_loss: loss,
        rtt_ms: 40,
        worst_rtt_ms: 90,
        paused_seconds: 0,
        thin_seconds: thin,
        away_seconds: 0,
        comebacks: 0,
    };
    let minutes: Vec<LineMinute> = (0..30).map(|at| minute("xihu", at, if (12..17).contains(&at) { 80 } else { 0 }, if at == 20 { 30 } else { 0 })).collect();
    world.fixture.store.keep_lines(&id, &minutes).await.unwrap();
    // The same minute from before a restart of the server counts as half.
    world.fixture.store.keep_lines(&id, &[minute("root", 0, 0, 0), minute("root", 1, 40, 0)]).await.unwrap();
    world.fixture.store.keep_lines(&id, &[minute("root", 1, 0, 0)]).await.unwrap();
    let report = world.meetings.quality(world.clerk("root"), &id).await.unwrap();
    assert_eq!((report.from, report.to), (Some(MONDAY), Some(MONDAY + 30 * MINUTE)));
    let [root, xihu] = &report.venues[..] else { panic!("{report:?}") };
    assert_eq!((root.title.as_str(), root.minutes[1].loss_percent, root.seconds), ("root 会议室", 2.0, 120), "in the order of the tree");
    assert_eq!((xihu.contact_name.as_deref(), xihu.contact_phone.as_deref(), xihu.capacity_kbps), (Some("李四"), Some("0571-1234"), Some(2_000)));
    let troubles: Vec<_> =
        xihu.troubles.iter().map(|trouble| (trouble.kind, (trouble.from - MONDAY) / MINUTE, (trouble.to - MONDAY) / MINUTE, trouble.figure)).collect();
    assert_eq!(troubles, [(TroubleKind::Loss, 12, 17, 8.0), (TroubleKind::Thin, 20, 21, 60.0)]);
    assert_eq!((xihu.grade, xihu.thin_seconds, xihu.minutes[12].grade, xihu.minutes[0].grade), (Grade::Poor, 30, Grade::Poor, Grade::Good));
    let held = world.meetings.held(world.clerk("root"), &id).await.unwrap();
    let text = text_of(&Documents::new("").pdf(documents::quality(&held, &report, world.meetings.zone())).await.unwrap());
    let text: String = text.split_whitespace().collect();
    assert!(text.contains("网络在09:12–09:17丢包8.0%") && text.contains("建议联系李四，电话0571-1234"), "{text}");
    assert_eq!(world.fixture.store.forget_lines(MONDAY + 29 * MINUTE).await.unwrap(), 31);
}

#[tokio::test]
async fn a_journey_is_saved_by_who_is_not_in_the_place_of_the_main_venue() {
    let world = World::new().await;
    let server = world.fixture.org.as_server();
    for (unit, level) in [("root", "省"), ("hangzhou", "市"), ("ningbo", "市"), ("xihu", "县"), ("yuhang", "县")] {
        world.fixture.org.change_unit(&server, &unit.into(), UnitPatch { level: Some(level.to_owned()), ..UnitPatch::default() }).await.unwrap();
    }
    // The province's: 23 from a prefecture, 40 (by reply) and one (unsaid) from counties, the hall itself.
    held(&world, "root", "root", &["hangzhou", "xihu", "yuhang"], &[("hangzhou", Some(23)), ("xihu", Some(0)), ("yuhang", None)], 0).await;
    // A prefecture's own, with a county, in December.
    held(&world, "hangzhou", "hangzhou", &["xihu"], &[("xihu", Some(7))], 24 * 14).await;
    let duty = operator(&world, "duty", "root").await;
    let sheet = world.meetings.savings(&duty, &"root".into(), Some(2026)).await.unwrap();
    assert_eq!((sheet.total.meetings, sheet.total.venues, sheet.total.people, sheet.total.journeys, sheet.total.yuan), (2, 6, 73, 71, 14_200));
    assert_eq!((sheet.local, sheet.free, sheet.typed, sheet.replied, sheet.assumed), (2, 0, 30, 40, 3));
    assert_eq!((sheet.months[10].sum.journeys, sheet.months[11].sum.journeys, sheet.months.len()), (64, 7, 12));

    // Rates by level, and a prefecture in the same town as the province.
    let rates = Rates {
        yuan: 200,
        levels: vec![LevelRate { level: "市".to_owned(), yuan: 0 }, LevelRate { level: "县".to_owned(), yuan: 300 }],
        units: vec![UnitRate { unit: "yuhang".into(), yuan: 50 }],
    };
    assert!(matches!(world.meetings.set_rates(world.clerk("root"), rates.clone()).await, Err(MeetingError::Denied(_))));
    world.meetings.set_rates(&duty, rates).await.unwrap();
    let sheet = world.meetings.savings(&duty, &"root".into(), Some(2026)).await.unwrap();
    assert_eq!((sheet.total.journeys, sheet.total.yuan, sheet.free, sheet.local), (48, 47 * 300 + 50, 23, 2));
    let by_rate: Vec<_> = sheet.by_rate.iter().map(|of| (of.level.as_str(), of.yuan_each, of.journeys, of.yuan)).collect();
    assert_eq!(by_rate, [("县", 50, 1, 50), ("县", 300, 47, 14_100)]);
    assert_eq!(sheet.total.people, sheet.total.journeys + sheet.local + sheet.free, "everybody is accounted for");
    let regions: Vec<_> = sheet.regions.iter().map(|of| (of.unit.as_str(), of.is_own, of.sum.journeys, of.sum.yuan)).collect();
    assert_eq!(regions, [("root", true, 0, 0), ("hangzhou", false, 48, 14_150)]);

    // A prefecture sees its own subtree, and nobody else's.
    world.fixture.person("auditor", "hangzhou", &[(Role::Auditor, "hangzhou")]).await;
    let auditor = world.fixture.sign_in("auditor").await;
    let own = world.meetings.savings(&auditor, &"hangzhou".into(), None).await.unwrap();
    assert_eq!(own.regions.iter().map(|of| (of.unit.as_str(), of.sum.journeys)).collect::<Vec<_>>(), [("hangzhou", 0), ("xihu", 47), ("yuhang", 1)]);
    assert!(!own.may_set_rates && sheet.may_set_rates);
    assert!(matches!(world.meetings.savings(&auditor, &"root".into(), None).await, Err(MeetingError::Denied(_))));

    let documents = Documents::new("");
    let text = text_of(&documents.pdf(documents::savings(&sheet, world.meetings.zone())).await.unwrap());
    assert!(text.contains("14,150") && text.contains("县 300 元") && text.contains("另有 1 个单位单独规定"), "{text}");
    let bytes = documents.xlsx(documents::savings(&sheet, world.meetings.zone())).await.unwrap();
    let mut book: calamine::Xlsx<_> = calamine::Reader::new(std::io::Cursor::new(bytes)).unwrap();
    let detail = calamine::Reader::worksheet_range(&mut book, "明细").unwrap();
    let sum: f64 = detail.rows().skip(1).filter_map(|row| calamine::DataType::get_float(row.last()?)).sum();
    assert_eq!((detail.height(), sum), (7, 14_150.0), "a row per venue and meeting, which add up");
}

#[tokio::test]
async fn a_meeting_that_is_opened_again_is_counted_anew() {
    let world = World::new().await;
    let id = held(&world, "root", "root", &["xihu"], &[("xihu", Some(5))], 0).await;
    let duty = operator(&world, "duty", "root").await;
    let journeys = async || world.meetings.savings(&duty, &"root".into(), Some(2026)).await.unwrap().total.journeys;
    assert_eq!(journeys().await, 5);
    world.meetings.set_state(&Doer::server(), &id, MeetingState::Open).await.unwrap();
    assert_eq!(journeys().await, 0, "it is not over");
    let mut conduct: Conduct = serde_json::from_str(&world.fixture.store.conduct(&id).await.unwrap().unwrap()).unwrap();
    let venue: VenueId = site("xihu");
    conduct.venues.get_mut(&venue).unwrap().headcount = Some(9);
    conduct.roll.answers.get_mut(&venue).unwrap().mark = RollMark::Late;
    world.fixture.store.keep_conduct(&id, &serde_json::to_string(&conduct).unwrap(), &[], &[]).await.unwrap();
    world.fixture.clock.set(UtcMs(MONDAY.0 + 5 * HOUR));
    world.meetings.set_state(&Doer::server(), &id, MeetingState::Closed).await.unwrap();
    assert_eq!(journeys().await, 9);
}
