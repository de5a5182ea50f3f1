use super::*;

#[tokio::test]
async fn a_change_of_the_time_asks_every_venue_anew() {
    let world = World::new().await;
    let made = world.book("root", new("root", "root", &["xihu", "yuhang"], 0)).await.unwrap();
    world.meetings.reply(world.clerk("xihu"), &made.id, NewReply { headcount: Some(3), ..answer("xihu", Reply::Accepted) }).await.unwrap();
    let title = MeetingPatch { title: Some("新标题".to_owned()), ..Default::default() };
    let after = world.meetings.change(world.clerk("root"), &made.id, title).await.unwrap();
    assert_eq!((after.revision, after.venue(&site("xihu")).unwrap().headcount), (1, Some(3)));
    let moved = MeetingPatch { starts: Some(MONDAY + HOUR), ..Default::default() };
    let after = world.meetings.change(world.clerk("root"), &made.id, moved).await.unwrap();
    assert_eq!((after.starts, after.ends, after.revision), (MONDAY + HOUR, MONDAY + 2 * HOUR, 2), "who says only the start moves the meeting");
    assert!(after.venues.iter().all(|venue| venue.reply == Reply::Pending && venue.headcount.is_none()));
    let told: Vec<_> = world.notices("xihu").await.into_iter().map(|notice| notice.kind).collect();
    assert_eq!(told, [NoticeKind::Changed, NoticeKind::Changed, NoticeKind::Invited]);
    let same = world.meetings.change(world.clerk("root"), &made.id, MeetingPatch::default()).await.unwrap();
    assert_eq!(same, after, "nothing said, nothing changed");
    assert_eq!(world.notices("xihu").await.len(), 3);
}

#[tokio::test]
async fn who_comes_and_who_goes_is_told_so() {
    let world = World::new().await;
    let made = world.book("root", new("root", "root", &["xihu", "ningbo"], 0)).await.unwrap();
    world.meetings.reply(world.clerk("ningbo"), &made.id, answer("ningbo", Reply::Accepted)).await.unwrap();
    let patch = MeetingPatch { branches: Some(vec![site("yuhang"), site("ningbo")]), ..Default::default() };
    let after = world.meetings.change(world.clerk("root"), &made.id, patch).await.unwrap();
    assert_eq!(after.venue(&site("ningbo")).unwrap().reply, Reply::Accepted, "who stays has answered");
    let last = |notices: Vec<Notice>| notices.first().map(|notice| notice.kind);
    assert_eq!(last(world.notices("xihu").await), Some(NoticeKind::Cancelled));
    assert_eq!(last(world.notices("yuhang").await), Some(NoticeKind::Invited));
    assert_eq!(last(world.notices("ningbo").await), Some(NoticeKind::Changed));
    world.book("xihu", new("xihu", "xihu", &[], 0)).await.unwrap();
}

#[tokio::test]
async fn a_change_finds_its_venues_free_or_changes_nothing() {
    let world = World::new().await;
    world.book("xihu", new("xihu", "xihu", &[], 3)).await.unwrap();
    let made = world.book("root", new("root", "root", &["xihu"], 0)).await.unwrap();
    let moved = MeetingPatch { starts: Some(MONDAY + 3 * HOUR), title: Some("新".to_owned()), ..Default::default() };
    assert!(matches!(world.meetings.change(world.clerk("root"), &made.id, moved).await, Err(MeetingError::Busy(_))));
    assert_eq!(world.meeting(&made.id).await, made);
    let larger = MeetingPatch { picture: Some(Some(PictureSize::P1080)), ..Default::default() };
    assert!(matches!(world.meetings.change(world.clerk("root"), &made.id, larger).await, Err(MeetingError::Line(_))));
    let longer = MeetingPatch { ends: Some(made.ends + HOUR), ..Default::default() };
    world.meetings.change(world.clerk("root"), &made.id, longer).await.unwrap();
    let past = MeetingPatch { starts: Some(UtcMs(0)), ..Default::default() };
    assert!(matches!(world.meetings.change(world.clerk("root"), &made.id, past).await, Err(MeetingError::Invalid { .. })));
}

#[tokio::test]
async fn all_that_follow_are_changed_together() {
    let world = World::new().await;
    let daily = Repeat { every: Every::Workday, until: None, count: Some(4) };
    let made = world.meetings.create(world.clerk("xihu"), NewMeeting { repeat: Some(daily), ..new("xihu", "xihu", &[], 0) }).await.unwrap();
    let later = MeetingPatch { starts: Some(made[1].starts + 2 * HOUR), title: Some("晚两小时".to_owned()), scope: Scope::Following, ..Default::default() };
    world.meetings.change(world.clerk("xihu"), &made[1].id, later).await.unwrap();
    let mut after = vec![];
    for meeting in &made {
        let now = world.meeting(&meeting.id).await;
        after.push(((now.starts - meeting.starts) / HOUR, now.title == "晚两小时", (now.ends - now.starts) / HOUR));
    }
    assert_eq!(after, [(0, false, 1), (2, true, 1), (2, true, 1), (2, true, 1)]);
    // A day on: each takes the place of the one after it.
    let next_day = MeetingPatch { starts: Some(made[1].starts + 26 * HOUR), scope: Scope::Following, ..Default::default() };
    world.meetings.change(world.clerk("xihu"), &made[1].id, next_day).await.unwrap();
    assert_eq!(world.meeting(&made[3].id).await.starts, made[3].starts + 26 * HOUR);
    let cancel = Cancel { scope: Scope::Following, reason: String::new() };
    world.meetings.cancel(world.clerk("xihu"), &made[2].id, cancel).await.unwrap();
    let mut states = vec![];
    for meeting in &made {
        states.push(world.meeting(&meeting.id).await.state);
    }
    assert_eq!(states, [MeetingState::Booked, MeetingState::Booked, MeetingState::Cancelled, MeetingState::Cancelled]);
}

#[tokio::test]
async fn what_is_over_is_not_changed() {
    let world = World::new().await;
    let made = world.book("xihu", new("xihu", "xihu", &[], 0)).await.unwrap();
    let actor = world.clerk("xihu").actor();
    world.meetings.set_state(&actor, &made.id, MeetingState::Open).await.unwrap();
    assert!(matches!(world.meetings.cancel(world.clerk("xihu"), &made.id, Cancel::default()).await, Err(MeetingError::State { .. })));
    let moved = MeetingPatch { starts: Some(MONDAY + HOUR), ..Default::default() };
    assert!(matches!(world.meetings.change(world.clerk("xihu"), &made.id, moved).await, Err(MeetingError::Invalid { field: "starts", .. })));
    let title = MeetingPatch { title: Some("开会中".to_owned()), ..Default::default() };
    assert_eq!(world.meetings.change(world.clerk("xihu"), &made.id, title.clone()).await.unwrap().state, MeetingState::Open);
    world.meetings.set_state(&actor, &made.id, MeetingState::Closed).await.unwrap();
    assert!(matches!(world.meetings.change(world.clerk("xihu"), &made.id, title).await, Err(MeetingError::State { .. })));
    assert!(matches!(world.meetings.set_end(&actor, &made.id, MONDAY + 9 * HOUR).await, Err(MeetingError::State { .. })));
}

#[tokio::test]
async fn all_of_a_series_that_are_to_come_are_changed_from_whichever_one() {
    let world = World::new().await;
    let daily = Repeat { every: Every::Workday, until: None, count: Some(4) };
    let made = world.meetings.create(world.clerk("xihu"), NewMeeting { repeat: Some(daily), ..new("xihu", "xihu", &[], 0) }).await.unwrap();
    // The first is over by then.
    world.fixture.clock.advance_ms(made[0].ends - crate::org::tests::NOON);
    let patch = |title: &str| MeetingPatch { title: Some(title.to_owned()), scope: Scope::All, ..Default::default() };
    world.meetings.change(world.clerk("xihu"), &made[2].id, patch("全部")).await.unwrap();
    let mut titles = vec![];
    for meeting in &made {
        titles.push(world.meeting(&meeting.id).await.title);
    }
    assert_eq!(titles, ["xihu 例会", "全部", "全部", "全部"]);
    let into_the_past = MeetingPatch { starts: Some(made[2].starts - 24 * HOUR), ..patch("早一天") };
    let refused = world.meetings.change(world.clerk("xihu"), &made[2].id, into_the_past).await;
    assert!(matches!(refused, Err(MeetingError::Invalid { field: "starts", .. })), "the second would be before now: {refused:?}");
}

#[tokio::test]
async fn a_change_is_checked_as_it_would_be_made() {
    let world = World::new().await;
    world.book("xihu", new("xihu", "xihu", &[], 3)).await.unwrap();
    let made = world.book("root", new("root", "root", &["xihu"], 0)).await.unwrap();
    let check = async |patch: MeetingPatch| world.meetings.check_change(world.clerk("root"), &made.id, patch).await.unwrap();
    let longer = check(MeetingPatch { ends: Some(made.ends + HOUR), ..Default::default() }).await;
    assert!(longer.fits && longer.occurrences[0].ends == made.ends + HOUR, "it does not stand in its own way: {longer:?}");
    let moved = check(MeetingPatch { starts: Some(MONDAY + 3 * HOUR), ..Default::default() }).await;
    assert!(!moved.fits && moved.occurrences[0].busy[0].venue == site("xihu"));
    let larger = check(MeetingPatch { picture: Some(Some(PictureSize::P1080)), ..Default::default() }).await;
    assert_eq!(larger.occurrences[0].bottleneck.as_ref().and_then(|line| line.largest), Some(made.picture));
    assert!(check(MeetingPatch { title: Some("新".to_owned()), ..Default::default() }).await.fits);
    assert!(check(MeetingPatch::default()).await.occurrences.is_empty());
    assert_eq!(world.meeting(&made.id).await, made, "nothing is changed by looking");
    assert!(world.meetings.check_change(world.clerk("yuhang"), &made.id, MeetingPatch::default()).await.is_err());
}

#[tokio::test]
async fn whom_to_invite_is_found_by_name_or_by_the_letters_of_its_pinyin() {
    let world = World::new().await;
    let server = world.fixture.org.as_server();
    let person = world.fixture.person("zhangsan", "ningbo", &[]).await;
    let patch = crate::org::PersonPatch { display_name: Some("张三丰".to_owned()), ..Default::default() };
    world.fixture.org.change_person(&server, &person.id, patch).await.unwrap();
    let find = |text: &str, people: bool| world.meetings.invitees(world.clerk("root"), text, people, 10).unwrap();
    for text in ["张三", "zsf", "ZSF "] {
        assert_eq!(find(text, false).iter().map(|one| one.title.as_str()).collect::<Vec<_>>(), ["张三丰"], "{text}");
    }
    assert!(find("会议室", false).len() == 5 && find("会议室", true).is_empty());
    assert_eq!(find("", false).len(), 10, "at most");
    let own = world.fixture.sign_in("zhangsan").await;
    assert!(world.meetings.invitees(&own, "z", false, 10).is_err(), "who books nothing finds nobody");
}
