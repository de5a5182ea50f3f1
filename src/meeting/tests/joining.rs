use super::*;
use crate::base::Clock;
use crate::meeting::stands::{Answers, NewStand, Stands};
use crate::org::{AuditFilter, HolderKind};

impl World {
    /// The province has numbers, hangzhou some of its own, ningbo too; the other two are below hangzhou.
    async fn with_numbers() -> Self {
        let world = Self::new().await;
        let server = world.fixture.org.as_server();
        for (id, unit, range) in [("of-hangzhou", "hangzhou", "571xx"), ("of-ningbo", "ningbo", "5740")] {
            let segment = serde_json::json!({"id": id, "unit": unit, "range": range, "cooling_days": 0});
            world.fixture.org.create_number_segment(&server, serde_json::from_value(segment).unwrap()).await.unwrap();
        }
        world
    }

    fn numbers(&self) -> Vec<String> {
        let query = crate::org::NumberQuery { kind: Some(HolderKind::Meeting), ..Default::default() };
        self.fixture.org.find_numbers(&self.fixture.org.as_server(), &query).unwrap().into_iter().map(|entry| entry.number).collect()
    }

    async fn actions(&self, noun: &str) -> Vec<String> {
        let filter = AuditFilter { action: Some(noun.to_owned()), ..Default::default() };
        let mut entries = self.fixture.org.audit(&self.fixture.org.as_server(), filter, 100).await.unwrap();
        entries.reverse();
        entries.into_iter().map(|entry| entry.action).collect()
    }
}

#[tokio::test]
async fn a_meeting_has_a_number_of_its_office_until_it_is_over() {
    let world = World::with_numbers().await;
    let made = world.book("xihu", new("xihu", "xihu", &[], 0)).await.unwrap();
    assert_eq!(made.number.as_deref(), Some("57100"), "out of the segment of the office above");
    assert_eq!(world.meeting(&made.id).await, made);
    let listed = world.meetings.list(world.clerk("xihu"), ListQuery { from: MONDAY, to: MONDAY + HOUR, ..Default::default() }).await.unwrap();
    assert_eq!(listed, std::slice::from_ref(&made));
    let own = world.book("root", new("root", "root", &["xihu"], 2)).await.unwrap();
    assert_eq!(own.number, None, "an office without a segment books without a number");
    let other = world.book("yuhang", new("yuhang", "yuhang", &[], 0)).await.unwrap();
    assert_eq!(other.number.as_deref(), Some("57101"));

    let moved = MeetingPatch { starts: Some(MONDAY + 30 * HOUR), title: Some("改期的例会".to_owned()), ..Default::default() };
    let moved = world.meetings.change(world.clerk("xihu"), &made.id, moved).await.unwrap();
    assert_eq!(moved.number, made.number, "it keeps its number when it moves");
    world.fixture.clock.advance_ms(MONDAY + 20 * HOUR - world.fixture.clock.now());
    assert_eq!(world.meeting(&made.id).await.number, made.number, "and it answers until then");
    world.meetings.cancel(world.clerk("xihu"), &made.id, Cancel::default()).await.unwrap();
    assert_eq!((world.meeting(&made.id).await.number, world.numbers()), (None, vec![]), "the other was never held, and its number came back by itself");
    assert!(world.actions("number.").await.ends_with(&["number.extend".to_owned(), "number.free".to_owned()]));
}

#[tokio::test]
async fn a_meeting_that_is_held_keeps_its_number_while_it_goes_on() {
    let world = World::with_numbers().await;
    let made = world.book("xihu", new("xihu", "xihu", &[], 0)).await.unwrap();
    world.fixture.clock.advance_ms(MONDAY - world.fixture.clock.now());
    let server = crate::org::Actor::server();
    world.meetings.set_state(&server, &made.id, MeetingState::Open).await.unwrap();
    world.meetings.set_end(&server, &made.id, MONDAY + 20 * HOUR).await.unwrap();
    world.fixture.clock.advance_ms(19 * HOUR);
    assert_eq!(world.meeting(&made.id).await.number, made.number);
    world.meetings.set_state(&server, &made.id, MeetingState::Closed).await.unwrap();
    assert_eq!((world.meeting(&made.id).await.number, world.numbers()), (None, vec![]));
}

#[tokio::test]
async fn a_series_has_one_number_until_the_last_of_it_is_over() {
    let world = World::with_numbers().await;
    let weekly = Repeat { every: Every::Workday, until: None, count: Some(3) };
    let made = world.meetings.create(world.clerk("ningbo"), NewMeeting { repeat: Some(weekly), ..new("ningbo", "ningbo", &[], 0) }).await.unwrap();
    assert!(made.iter().all(|meeting| meeting.number.as_deref() == Some("5740")), "{made:?}");
    let full = world.book("ningbo", new("ningbo", "ningbo", &[], 200)).await.unwrap();
    assert_eq!(full.number, None, "nothing is left in the segment: the meeting takes place without");
    let reached = world.meetings.reach(world.clerk("ningbo"), "57 40").await.unwrap();
    assert_eq!((reached.kind, &reached.meetings[0].id), (HolderKind::Meeting, &made[0].id), "the next of them");
    world.meetings.cancel(world.clerk("ningbo"), &made[0].id, Cancel::default()).await.unwrap();
    let reached = world.meetings.reach(world.clerk("ningbo"), "5740").await.unwrap();
    assert_eq!(reached.meetings[0].id, made[1].id);
    world.meetings.cancel(world.clerk("ningbo"), &made[1].id, Cancel { scope: Scope::Following, ..Cancel::default() }).await.unwrap();
    assert_eq!(world.numbers(), Vec::<String>::new());
}

#[tokio::test]
async fn the_invitation_says_the_number() {
    let world = World::with_numbers().await;
    let made = world.book("hangzhou", new("hangzhou", "hangzhou", &["xihu"], 0)).await.unwrap();
    assert!(world.notices("xihu").await[0].text.contains("会议号 57100"), "{:?}", world.notices("xihu").await);
    assert!(world.meetings.calendar(&[made]).contains("会议号:57100"));
}

#[tokio::test]
async fn numbers_reach_whom_one_may_call_and_guesses_end() {
    let world = World::with_numbers().await;
    let server = world.fixture.org.as_server();
    let made = world.book("hangzhou", new("hangzhou", "hangzhou", &["xihu"], 0)).await.unwrap();
    let number = made.number.clone().unwrap();
    let hall = serde_json::json!({"kind": "site", "id": "xihu", "number": "57150"});
    world.fixture.org.give_number(&server, serde_json::from_value(hall).unwrap()).await.unwrap();
    let found = world.meetings.reach(world.clerk("xihu"), &format!("{}-{}", &number[..2], &number[2..])).await.unwrap();
    assert_eq!((found.number, found.meetings[0].id.clone()), (number.clone(), made.id.clone()));
    let hall = world.meetings.reach(world.clerk("xihu"), "57150").await.unwrap();
    assert_eq!((hall.kind, hall.title.as_str(), hall.meetings.len()), (HolderKind::Site, "xihu 会议室", 0), "its meeting is on Monday");
    world.fixture.clock.advance_ms(MONDAY - HOUR / 2 - world.fixture.clock.now());
    world.fixture.clock.advance_ms(0);
    let clerk = world.fixture.sign_in("xihu").await;
    assert_eq!(world.meetings.reach(&clerk, "57150").await.unwrap().meetings.len(), 1);

    // Of another prefecture: it is not even told that there is such a meeting.
    let stranger = world.fixture.sign_in("yuhang").await;
    assert!(matches!(world.meetings.reach(&stranger, &number).await, Err(MeetingError::NoSuchNumber(_))));
    assert!(matches!(world.meetings.reach(&stranger, "12x").await, Err(MeetingError::Invalid { field: "number", .. })));
    for guess in 0..9 {
        let wrong = world.meetings.reach(&stranger, &format!("5712{guess}")).await;
        assert!(matches!(wrong, Err(MeetingError::NoSuchNumber(_))), "{guess}: {wrong:?}");
    }
    let held_back = world.meetings.reach(&stranger, "57150").await.unwrap_err();
    assert!(matches!(held_back, MeetingError::TooManyWrong { seconds: 1..=60 }), "even a right one is not told now: {held_back}");
    assert!(world.meetings.reach(&clerk, &number).await.is_ok(), "others at the same address go on");
    world.fixture.clock.advance_ms(60_000);
    assert!(world.meetings.reach(&stranger, "57150").await.is_ok());
    assert!(matches!(world.meetings.reach(&world.fixture.anonymous("10.0.0.9").await, &number).await, Err(MeetingError::Denied(_))));
}

fn link(title: &str) -> NewGuestLink {
    NewGuestLink { title: title.to_owned(), most: None, walks_in: false, expires: None }
}

fn secret(made: &MadeGuestLink) -> &str {
    made.path.strip_prefix("/guest#").unwrap()
}

#[tokio::test]
async fn a_guest_has_a_seat_and_keeps_it() {
    let world = World::new().await;
    let (guest, clerk) = (world.fixture.anonymous("192.0.2.7").await, world.clerk("root"));
    let meeting = world.book("root", NewMeeting { notice: "请静音".to_owned(), ..new("root", "root", &["xihu"], 0) }).await.unwrap();
    for stranger in ["xihu", "ningbo"] {
        assert!(matches!(world.meetings.create_guest_link(world.clerk(stranger), &meeting.id, link("x")).await, Err(MeetingError::Denied(_))));
        assert!(matches!(world.meetings.guest_links(world.clerk(stranger), &meeting.id).await, Err(MeetingError::Denied(_))));
    }
    let made = world.meetings.create_guest_link(clerk, &meeting.id, NewGuestLink { most: Some(2), ..link("设计院专家") }).await.unwrap();
    let view = world.meetings.look_as_guest(&guest, secret(&made), None).await.unwrap();
    assert_eq!((view.title.as_str(), view.notice.as_str(), view.seat), ("root 例会", "请静音", None));

    let seat = world.meetings.seat_guest(&guest, secret(&made), " 王工\u{202E} ", None).await.unwrap();
    assert_eq!((seat.title.as_str(), seat.venue.is_guest(), seat.walks_in), ("王工(来宾)", true, false));
    let cookie = seat.secret.clone().unwrap();
    let again = world.meetings.seat_guest(&guest, secret(&made), "李工", Some(&cookie)).await.unwrap();
    assert_eq!((again.venue.clone(), again.title, again.secret), (seat.venue, "王工(来宾)".to_owned(), None), "the same guest, the same seat");
    let view = world.meetings.look_as_guest(&guest, secret(&made), Some(&cookie)).await.unwrap();
    assert_eq!(view.seat.as_deref(), Some("王工"));

    let second = world.meetings.seat_guest(&guest, secret(&made), "李工", Some("forged")).await.unwrap();
    assert_ne!(second.venue, again.venue);
    assert!(matches!(world.meetings.seat_guest(&guest, secret(&made), "张工", None).await, Err(MeetingError::LinkIsFull { most: 2 })));
    assert!(world.meetings.seat_guest(&guest, secret(&made), "王工", Some(&cookie)).await.is_ok(), "who has a seat comes back to it");
    let listed = world.meetings.guest_links(clerk, &meeting.id).await.unwrap();
    assert_eq!(listed[0].guests.iter().map(|guest| guest.name.as_str()).collect::<Vec<_>>(), ["王工", "李工"]);
    for bad in ["", "  ", "\u{200B}", &"长".repeat(10_000)] {
        let other = world.meetings.create_guest_link(clerk, &meeting.id, link("另一个")).await.unwrap();
        assert!(matches!(world.meetings.seat_guest(&guest, secret(&other), bad, None).await, Err(MeetingError::Invalid { field: "name", .. })), "{bad}");
    }
    // Nothing by which somebody else could come is kept or logged.
    let kept = std::fs::read(world.fixture.folder().join("yizhan.db")).unwrap();
    let wal = std::fs::read(world.fixture.folder().join("yizhan.db-wal")).unwrap();
    for hidden in [secret(&made), &cookie] {
        assert!([&kept, &wal].iter().all(|bytes| !bytes.windows(hidden.len()).any(|part| part == hidden.as_bytes())));
    }
    assert!(world.actions("guest_link.").await.starts_with(&["guest_link.create", "guest_link.use", "guest_link.use"].map(String::from)));
}

#[tokio::test]
async fn a_link_ends_by_itself_by_hand_and_with_its_meeting() {
    let world = World::new().await;
    let (guest, clerk) = (world.fixture.anonymous("192.0.2.7").await, world.clerk("root"));
    let meeting = world.book("root", new("root", "root", &[], 0)).await.unwrap();
    let make = async |new: NewGuestLink| world.meetings.create_guest_link(clerk, &meeting.id, new).await.unwrap();
    let (revoked, short, lasting) =
        (make(link("a")).await, make(NewGuestLink { expires: Some(world.fixture.clock.now() + 1_000), ..link("b") }).await, make(link("c")).await);
    world.meetings.revoke_guest_link(clerk, &meeting.id, &revoked.about.id).await.unwrap();
    world.fixture.clock.advance_ms(1_000);
    for made in [&revoked, &short] {
        assert!(matches!(world.meetings.look_as_guest(&guest, secret(made), None).await, Err(MeetingError::NoSuchLink)));
        assert!(matches!(world.meetings.seat_guest(&guest, secret(made), "王工", None).await, Err(MeetingError::NoSuchLink)));
    }
    assert!(world.meetings.look_as_guest(&guest, secret(&lasting), None).await.is_ok());
    let other = world.book("xihu", new("xihu", "xihu", &[], 0)).await.unwrap();
    assert!(world.meetings.revoke_guest_link(world.clerk("xihu"), &other.id, &lasting.about.id).await.is_err(), "a link is its own meeting's to revoke");
    world.meetings.cancel(clerk, &meeting.id, Cancel::default()).await.unwrap();
    assert!(matches!(world.meetings.seat_guest(&guest, secret(&lasting), "王工", None).await, Err(MeetingError::LinkIsOver { .. })));
    assert!(world.meetings.create_guest_link(clerk, &meeting.id, link("late")).await.is_err());
    for _ in 0..30 {
        let _ = world.meetings.look_as_guest(&guest, "0123456789abcdef", None).await;
    }
    assert!(matches!(world.meetings.look_as_guest(&guest, secret(&lasting), None).await, Err(MeetingError::TooManyWrong { .. })), "guesses end");
}

#[tokio::test]
async fn a_computer_is_paired_by_its_code_and_is_its_venue_alone() {
    let world = World::new().await;
    let stands = Stands::new(world.meetings.clone());
    let begun = stands.begin_pairing("192.0.2.9".parse().unwrap(), "Chromium 150").unwrap();
    assert!(matches!(stands.claim_pairing(&begun.secret), Some(None)));
    let typed = |code: &str| NewStand { code: code.to_owned(), title: None };
    let (clerk, site) = (world.clerk("xihu"), "xihu".into());
    assert!(matches!(stands.pair(world.clerk("ningbo"), &site, typed(&begun.code)).await, Err(MeetingError::Denied(_))));
    assert!(matches!(stands.pair(clerk, &site, typed("1")).await, Err(MeetingError::NoSuchCode)));
    let stand = stands.pair(clerk, &site, typed(&format!("{} {}", &begun.code[..4], &begun.code[4..]))).await.unwrap();
    assert_eq!((stand.title.as_str(), stand.runs.as_str(), stand.address.as_deref()), ("xihu 会议室 1", "Chromium 150", Some("192.0.2.9")));
    assert!(matches!(stands.pair(clerk, &site, typed(&begun.code)).await, Err(MeetingError::NoSuchCode)), "a code pairs once");
    let cookie = stands.claim_pairing(&begun.secret).flatten().unwrap();
    assert!(stands.claim_pairing(&begun.secret).is_none(), "the cookie is handed out once");
    assert!(stands.by_cookie("forged", None).await.unwrap().is_none());

    let known = stands.by_cookie(&cookie, Some("192.0.2.10".parse().unwrap())).await.unwrap().unwrap();
    stands.report(&known, "Chromium 151 · 2 屏幕").await.unwrap();
    let listening = stands.listens(&known.id);
    let standing = stands.of_site(clerk, &site).await.unwrap();
    assert_eq!((standing.items[0].is_online, standing.items[0].about.runs.as_str()), (true, "Chromium 151 · 2 屏幕"));
    assert_eq!(standing.items[0].about.address.as_deref(), Some("192.0.2.10"));
    drop(listening);
    assert!(!stands.of_site(clerk, &site).await.unwrap().items[0].is_online);

    let monday = world.book("root", new("root", "root", &["xihu"], 0)).await.unwrap();
    world.book("yuhang", new("yuhang", "yuhang", &[], 0)).await.unwrap();
    assert_eq!(stands.view(&known, None).await.unwrap().meetings, [], "today's only");
    world.fixture.clock.advance_ms(MONDAY - HOUR - world.fixture.clock.now());
    let view = stands.view(&known, None).await.unwrap();
    assert_eq!(view.meetings.iter().map(|meeting| &meeting.id).collect::<Vec<_>>(), [&monday.id], "its own venue's only");
    assert_eq!((view.answers, view.venue_title.as_str()), (Answers::WhenCalled, "xihu 会议室"));
    let clerk = &world.fixture.sign_in("xihu").await;
    assert!(stands.set_answers(world.clerk("ningbo"), &site, Answers::ByHand).await.is_err());
    assert_eq!(stands.set_answers(clerk, &site, Answers::AtStart).await.unwrap().answers, Answers::AtStart);
    world.fixture.clock.advance_ms(3 * HOUR);
    assert_eq!(stands.view(&known, None).await.unwrap().meetings, [], "what nobody held is over");

    assert!(stands.revoke(world.clerk("ningbo"), &known.id).await.is_err());
    stands.revoke(clerk, &known.id).await.unwrap();
    assert!(stands.by_cookie(&cookie, None).await.unwrap().is_none(), "from that moment");
    assert_eq!(world.actions("stand.").await, ["stand.create", "stand.delete"]);
}

#[tokio::test]
async fn codes_are_not_found_by_trying() {
    let world = World::new().await;
    let stands = Stands::new(world.meetings.clone());
    let begun = stands.begin_pairing("192.0.2.9".parse().unwrap(), "").unwrap();
    let clerk = world.clerk("xihu");
    for wrong in 0..10 {
        let _ = stands.pair(clerk, &"xihu".into(), NewStand { code: format!("{wrong}"), title: None }).await.unwrap_err();
    }
    let held_back = stands.pair(clerk, &"xihu".into(), NewStand { code: begun.code, title: None }).await;
    assert!(matches!(held_back, Err(MeetingError::TooManyWrong { .. })), "{held_back:?}");
}
