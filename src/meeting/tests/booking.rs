use super::*;

#[tokio::test]
async fn what_is_free_is_booked() {
    let world = World::new().await;
    let asked = NewMeeting {
        agenda: vec![AgendaPoint { title: "一、传达".to_owned(), minutes: Some(20), speaker: Some(" 王 ".to_owned()) }],
        papers: vec![Paper { title: "通知.pdf".to_owned(), point: Some(0) }],
        notice: "请提前十分钟入会".to_owned(),
        ..new("root", "root", &["hangzhou", "xihu", "hangzhou"], 0)
    };
    let made = world.book("root", asked).await.unwrap();
    assert_eq!(world.meeting(&made.id).await, made, "what is returned is what is kept");
    let venues: Vec<_> = made.venues.iter().map(|venue| (venue.venue.as_str(), venue.role, venue.invited, venue.title.as_str())).collect();
    let expected = [
        ("site:root", VenueRole::Main, false, "root 会议室"),
        ("site:hangzhou", VenueRole::Branch, false, "hangzhou 会议室"),
        ("site:xihu", VenueRole::Branch, false, "xihu 会议室"),
    ];
    assert_eq!(venues, expected, "each venue once");
    assert_eq!((made.chair_name.as_str(), made.state, made.agenda[0].speaker.as_deref()), ("root", MeetingState::Booked, Some("王")));
    // xihu has 1000 kb/s for media: 480p with sound is 764.
    assert_eq!((made.picture, made.copy_kbps), (PictureSize::P480, 764));
    let log = world.log().await;
    assert_eq!((log[0].0.as_str(), log[0].1.as_deref()), ("meeting.create", Some("root")));
}

#[tokio::test]
async fn of_two_clerks_at_once_one_wins_and_the_other_is_told_who() {
    let world = World::new().await;
    for round in 0..8 {
        let asked = |unit| new(unit, "xihu", &[], round);
        let (one, other) = tokio::join!(world.book("hangzhou", asked("hangzhou")), world.book("xihu", asked("xihu")));
        let (winner, loser) = match (one, other) {
            (Ok(winner), Err(loser)) | (Err(loser), Ok(winner)) => (winner, loser),
            both => panic!("{both:?}"),
        };
        let MeetingError::Busy(busy) = &loser else { panic!("{loser}") };
        assert_eq!((busy.len(), &busy[0].meeting, &busy[0].venue), (1, &winner.id, &site("xihu")));
        let said = loser.to_string();
        assert!(said.contains("xihu 会议室") && said.contains(&winner.booked_by_name) && said.contains("2026-11-23"), "{said}");
    }
}

#[tokio::test]
async fn a_venue_is_free_right_after_another_meeting() {
    let world = World::new().await;
    world.book("xihu", new("xihu", "xihu", &[], 0)).await.unwrap();
    world.book("xihu", new("xihu", "xihu", &[], 1)).await.unwrap();
    world.book("xihu", new("xihu", "xihu", &[], -1)).await.unwrap();
    let between = NewMeeting { starts: MONDAY + HOUR / 2, ..new("xihu", "xihu", &[], 0) };
    // The chair is as busy as the room.
    assert!(matches!(world.book("xihu", between).await, Err(MeetingError::Busy(busy)) if busy.len() == 2));
}

#[tokio::test]
async fn the_chair_is_in_one_meeting_at_a_time() {
    let world = World::new().await;
    let person = me(world.clerk("ningbo"));
    let chair = Some(person.clone());
    world.book("hangzhou", NewMeeting { chair: chair.clone(), ..new("hangzhou", "hangzhou", &[], 0) }).await.unwrap();
    let refused = world.book("xihu", NewMeeting { chair, ..new("xihu", "xihu", &[], 0) }).await.unwrap_err();
    assert!(matches!(&refused, MeetingError::Busy(busy) if busy[0].venue == VenueId::person(&me(world.clerk("ningbo")))), "{refused}");
    let as_venue = NewMeeting { main: VenueId::person(&person), ..new("xihu", "xihu", &[], 0) };
    assert!(matches!(world.book("xihu", as_venue).await, Err(MeetingError::Busy(_))));
}

#[tokio::test]
async fn a_meeting_of_others_is_named_by_its_unit_only() {
    let world = World::new().await;
    let secret = NewMeeting { title: "内部会议".to_owned(), ..new("ningbo", "ningbo", &["root"], 0) };
    let made = world.book("ningbo", secret).await.unwrap();
    let reply = world.meetings.reply(world.clerk("root"), &made.id, answer("root", Reply::Accepted)).await.unwrap();
    assert!(reply.venue(&site("root")).unwrap().invited);
    let said = world.book("xihu", new("xihu", "xihu", &["root"], 0)).await.unwrap_err().to_string();
    assert!(said.contains("ningbo 区") && !said.contains("内部会议"), "{said}");
    let said = world.book("root", new("root", "root", &[], 0)).await.unwrap_err().to_string();
    assert!(said.contains("内部会议"), "whoever may see it is told: {said}");
}

#[tokio::test]
async fn an_invitation_holds_a_venue_only_once_accepted() {
    let world = World::new().await;
    let invited = world.book("xihu", new("xihu", "xihu", &["root"], 0)).await.unwrap();
    let own = world.book("root", new("root", "root", &[], 0)).await.unwrap();
    let refused = world.meetings.reply(world.clerk("root"), &invited.id, answer("root", Reply::Accepted)).await.unwrap_err();
    assert!(matches!(&refused, MeetingError::Busy(busy) if busy[0].meeting == own.id), "{refused}");
    world.meetings.cancel(world.clerk("root"), &own.id, Cancel::default()).await.unwrap();
    world.meetings.reply(world.clerk("root"), &invited.id, answer("root", Reply::Accepted)).await.unwrap();
    assert!(matches!(world.book("root", new("root", "root", &[], 0)).await, Err(MeetingError::Busy(_))));
    world.meetings.reply(world.clerk("root"), &invited.id, answer("root", Reply::Declined)).await.unwrap();
    world.book("root", new("root", "root", &[], 0)).await.unwrap();
}

#[tokio::test]
async fn venues_answer_with_a_headcount() {
    let world = World::new().await;
    let made = world.book("root", new("root", "root", &["xihu", "yuhang"], 0)).await.unwrap();
    let reply = NewReply { venue: None, reply: Reply::Accepted, headcount: Some(12), remark: " 局长参加 ".to_owned() };
    let after = world.meetings.reply(world.clerk("xihu"), &made.id, reply.clone()).await.unwrap();
    let venue = after.venue(&site("xihu")).unwrap();
    assert_eq!((venue.reply, venue.headcount, venue.remark.as_str()), (Reply::Accepted, Some(12), "局长参加"));
    assert_eq!((venue.replied_by.clone(), venue.replied_at), (Some(me(world.clerk("xihu"))), Some(crate::org::tests::NOON)));
    let ambiguous = world.meetings.reply(world.clerk("hangzhou"), &made.id, reply.clone()).await.unwrap_err();
    assert!(matches!(ambiguous, MeetingError::Invalid { field: "venue", .. }));
    let crowd = NewReply { headcount: Some(u32::MAX), ..reply.clone() };
    assert!(matches!(world.meetings.reply(world.clerk("xihu"), &made.id, crowd).await, Err(MeetingError::Invalid { field: "headcount", .. })));
    // Declined: the room is free, and who comes back must find it so.
    world.meetings.reply(world.clerk("xihu"), &made.id, answer("xihu", Reply::Declined)).await.unwrap();
    world.book("xihu", new("xihu", "xihu", &[], 0)).await.unwrap();
    let back = world.meetings.reply(world.clerk("xihu"), &made.id, answer("xihu", Reply::Accepted)).await.unwrap_err();
    assert!(matches!(back, MeetingError::Busy(_)), "{back}");
    world.meetings.cancel(world.clerk("root"), &made.id, Cancel::default()).await.unwrap();
    let late = world.meetings.reply(world.clerk("yuhang"), &made.id, answer("yuhang", Reply::Accepted)).await.unwrap_err();
    assert!(matches!(late, MeetingError::State { from: MeetingState::Cancelled, .. }));
}

#[tokio::test]
async fn the_bottleneck_is_named_with_what_would_fit() {
    let world = World::new().await;
    let large = |unit, main, branches: &[&str]| NewMeeting { picture: Some(PictureSize::P720), ..new(unit, main, branches, 0) };
    let error = world.book("root", large("root", "root", &["hangzhou", "xihu"])).await.unwrap_err();
    let MeetingError::Line(line) = &error else { panic!("{error}") };
    assert_eq!((line.site.as_str(), line.free_kbps, line.needed_kbps, line.largest), ("xihu", 1000, 1264, Some(PictureSize::P480)));
    let said = error.to_string();
    assert!(said.contains("xihu 会议室") && said.contains("1264") && said.contains("480p"), "{said}");
    // Hangzhou's line carries a copy for each of those behind it: 3 × 1264 of 5000.
    world.book("hangzhou", large("hangzhou", "hangzhou", &[])).await.unwrap();
    let check = world.meetings.check(world.clerk("root"), new("root", "root", &["xihu", "yuhang"], 0)).await.unwrap();
    assert!(check.fits && check.occurrences[0].picture == Some(PictureSize::P480));
    let person = VenueId::person(&me(world.clerk("xihu")));
    let alone = NewMeeting { branches: vec![person, site("xihu")], ..new("root", "root", &[], 0) };
    let check = world.meetings.check(world.clerk("root"), alone).await.unwrap();
    let line = check.occurrences[0].bottleneck.clone().unwrap();
    assert_eq!((line.site.as_str(), line.largest, line.needed_kbps), ("xihu", Some(PictureSize::P270), 728), "a person sits at the site of their unit");
}

#[tokio::test]
async fn lines_are_shared_by_meetings_of_the_same_time() {
    let world = World::new().await;
    let person = VenueId::person(&me(world.clerk("yuhang")));
    let first = NewMeeting { branches: vec![person], picture: Some(PictureSize::P480), ..new("root", "root", &[], 0) };
    let first = world.book("root", first).await.unwrap();
    let check = |hours| world.meetings.check(world.clerk("yuhang"), new("hangzhou", "yuhang", &[], hours));
    assert!(check(0).await.is_err(), "yuhang's clerk may not book for hangzhou");
    let chair = Some(me(world.clerk("hangzhou")));
    let check = |hours| world.meetings.check(world.clerk("yuhang"), NewMeeting { chair: chair.clone(), ..new("yuhang", "yuhang", &[], hours) });
    let now = check(0).await.unwrap().occurrences.remove(0);
    assert_eq!((now.picture, now.fits), (Some(PictureSize::Audio), true), "236 kb/s are left");
    assert_eq!(now.bottleneck.unwrap().held_by[0].meeting, first.id);
    assert_eq!(check(1).await.unwrap().occurrences[0].picture, Some(PictureSize::P480));
}

#[tokio::test]
async fn a_series_is_booked_whole_or_not_at_all() {
    let world = World::new().await;
    let weekly = Repeat { every: Every::Week { days: vec![DayOfWeek::Mon] }, until: None, count: Some(4) };
    let blocking = world.book("xihu", new("xihu", "xihu", &[], 14 * 24)).await.unwrap();
    let series = NewMeeting { repeat: Some(weekly), ..new("hangzhou", "xihu", &[], 0) };
    let refused = world.meetings.create(world.clerk("hangzhou"), series.clone()).await.unwrap_err();
    assert!(refused.to_string().contains("2026-12-07"), "{refused}");
    let check = world.meetings.check(world.clerk("hangzhou"), series.clone()).await.unwrap();
    assert_eq!(check.occurrences.iter().map(|occurrence| occurrence.fits).collect::<Vec<_>>(), [true, true, false, true]);
    assert_eq!(world.fixture.store.meetings(&crate::store::meetings::MeetingQuery::default()).await.unwrap().len(), 1);
    world.meetings.cancel(world.clerk("xihu"), &blocking.id, Cancel::default()).await.unwrap();
    let made = world.meetings.create(world.clerk("hangzhou"), series).await.unwrap();
    assert_eq!(made.len(), 4);
    assert!(made.iter().all(|meeting| meeting.series.is_some() && meeting.series == made[0].series));
    let told = world.notices("xihu").await.into_iter().filter(|notice| made.iter().any(|meeting| meeting.id == notice.meeting));
    assert_eq!(told.count(), 1, "one notice for all");
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_and_named() {
    let world = World::new().await;
    let good = || new("root", "root", &["xihu"], 0);
    let person = world.fixture.person("gone", "xihu", &[]).await;
    let patch = crate::org::PersonPatch { disabled: Some(true), ..Default::default() };
    world.fixture.org.change_person(&world.fixture.org.as_server(), &person.id, patch).await.unwrap();
    let cases: Vec<(&str, NewMeeting)> = vec![
        ("10000", NewMeeting { title: "长".repeat(10_000), ..good() }),
        ("empty", NewMeeting { title: " \u{3000} ".to_owned(), ..good() }),
        ("U+0000", NewMeeting { title: "a\u{0}b".to_owned(), ..good() }),
        ("before it starts", NewMeeting { ends: MONDAY, ..good() }),
        ("before it starts", NewMeeting { ends: UtcMs(i64::MIN), ..good() }),
        ("24 hours", NewMeeting { ends: MONDAY + 24 * HOUR + 1, ..good() }),
        ("past", NewMeeting { starts: MONDAY - 72 * HOUR, ends: MONDAY - 71 * HOUR, ..good() }),
        ("past", NewMeeting { starts: UtcMs(i64::MIN), ..good() }),
        ("three years", NewMeeting { starts: UtcMs(i64::MAX), ends: UtcMs(i64::MAX), ..good() }),
        ("at most 500", NewMeeting { branches: (0..501).map(|n| site(&format!("s{n}"))).collect(), ..good() }),
        ("`nowhere`", NewMeeting { main: site("nowhere"), ..good() }),
        ("`nowhere`", NewMeeting { unit: "nowhere".into(), ..good() }),
        ("`nobody`", NewMeeting { chair: Some("nobody".into()), ..good() }),
        ("`none`", NewMeeting { column: Some("none".into()), ..good() }),
        ("`none`", NewMeeting { groups: vec!["none".into()], ..good() }),
        ("guest", NewMeeting { branches: vec![VenueId::guest()], ..good() }),
        ("disabled", NewMeeting { branches: vec![VenueId::person(&person.id)], ..good() }),
        ("at most 100", NewMeeting { agenda: vec![AgendaPoint { title: "x".to_owned(), minutes: None, speaker: None }; 101], ..good() }),
        ("point 0", NewMeeting { papers: vec![Paper { title: "x".to_owned(), point: Some(0) }], ..good() }),
        ("at most 2000", NewMeeting { notice: "x".repeat(2001), ..good() }),
        (
            "does not take part",
            NewMeeting { desk: vec![NewDeskPerson { person: me(world.clerk("xihu")), duty: Duty::Secretary, acts_for: Some("x".into()) }], ..good() },
        ),
    ];
    for (named, asked) in cases {
        let said = world.book("root", asked.clone()).await.unwrap_err().to_string();
        assert!(said.contains(named), "{named}: {said}");
        assert!(world.meetings.check(world.clerk("root"), asked).await.is_err());
    }
    for script in ["ئۇيغۇرچە يىغىن", "བོད་ཡིག་ཚོགས་འདུ", "𠮷野家的会议 👩‍👩‍👧", "A\u{301}́"] {
        let made = world.book("root", NewMeeting { title: script.to_owned(), ..good() }).await.unwrap();
        assert_eq!(world.meeting(&made.id).await.title, script);
        world.meetings.cancel(world.clerk("root"), &made.id, Cancel::default()).await.unwrap();
    }
}

#[tokio::test]
async fn a_meeting_is_started_at_once() {
    let world = World::new().await;
    let now = StartNow {
        unit: "xihu".into(),
        title: "碰头会".to_owned(),
        mode: Mode::Discussion,
        minutes: Some(30),
        chair: None,
        desk: vec![],
        main: site("xihu"),
        branches: vec![],
        groups: vec![],
        column: None,
        audience: None,
        walk_in: true,
        picture: None,
        take: false,
    };
    let made = world.meetings.start_now(world.clerk("xihu"), now.clone()).await.unwrap();
    assert_eq!((made.state, made.started, made.ends - made.starts), (MeetingState::Open, Some(crate::org::tests::NOON), HOUR / 2));
    assert!(matches!(world.meetings.start_now(world.clerk("xihu"), now.clone()).await, Err(MeetingError::Busy(_))));
    let actor = world.clerk("xihu").actor();
    let longer = world.meetings.set_end(&actor, &made.id, made.ends + HOUR).await.unwrap();
    assert_eq!(longer.ends - made.starts, HOUR * 3 / 2);
    world.meetings.set_state(&actor, &made.id, MeetingState::Closed).await.unwrap();
    world.meetings.start_now(world.clerk("xihu"), now).await.unwrap();
    assert!(matches!(world.meetings.set_state(&actor, &made.id, MeetingState::Booked).await, Err(MeetingError::State { .. })));
    world.fixture.store.keep_conduct(&made.id, "{\"chair\":1}", &[], &[]).await.unwrap();
    assert_eq!(world.meetings.conduct(&made.id).await.unwrap().as_deref(), Some("{\"chair\":1}"));
    assert!(world.meetings.conduct(&"none".into()).await.is_err());
    let log: Vec<String> = world.log().await.into_iter().map(|entry| entry.0).collect();
    assert_eq!(log, ["meeting.create", "meeting.extend", "meeting.close", "meeting.create"]);
}

#[tokio::test]
async fn groups_of_venues_are_invited_together() {
    let world = World::new().await;
    let group = NewVenueGroup { unit: "hangzhou".into(), title: "各区".to_owned(), venues: vec![site("xihu"), site("yuhang"), site("xihu")] };
    let made = world.meetings.create_group(world.clerk("hangzhou"), group.clone()).await.unwrap();
    assert_eq!(made.venues.len(), 2);
    assert!(matches!(
        world.meetings.create_group(world.clerk("hangzhou"), group.clone()).await,
        Err(MeetingError::Store(crate::store::StoreError::Exists { .. }))
    ));
    assert!(world.meetings.create_group(world.clerk("xihu"), group).await.is_err());
    let booked = world.book("hangzhou", NewMeeting { groups: vec![made.id.clone()], ..new("hangzhou", "hangzhou", &["yuhang"], 0) }).await.unwrap();
    assert_eq!(booked.venues.len(), 3);
    assert_eq!(world.meetings.groups(world.clerk("root")).await.unwrap(), std::slice::from_ref(&made), "those above use it, too");
    assert!(world.meetings.groups(world.clerk("xihu")).await.unwrap().is_empty());
    assert!(world.meetings.delete_group(world.clerk("xihu"), &made.id).await.is_err());
    world.meetings.delete_group(world.clerk("hangzhou"), &made.id).await.unwrap();
}
