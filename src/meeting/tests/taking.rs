//! What units above may take.

use super::*;

fn taking(new: NewMeeting) -> NewMeeting {
    NewMeeting { take: true, ..new }
}

#[tokio::test]
async fn the_province_takes_a_venue_and_those_concerned_are_told() {
    let world = World::new().await;
    let taken = world.book("xihu", new("xihu", "xihu", &["yuhang"], 0)).await.unwrap();
    assert!(matches!(world.book("root", new("root", "root", &["xihu"], 0)).await, Err(MeetingError::Busy(_))), "not without being told to");
    let check = world.meetings.check(world.clerk("root"), taking(new("root", "root", &["xihu"], 0))).await.unwrap();
    assert_eq!(check.occurrences[0].takes, std::slice::from_ref(&taken.id));
    assert_eq!(world.meeting(&taken.id).await.taken_by, None);
    let taker = world.book("root", taking(new("root", "root", &["xihu"], 0))).await.unwrap();
    let marked = world.meeting(&taken.id).await;
    assert_eq!((marked.taken_by.as_ref(), marked.state, marked.holds()), (Some(&taker.id), MeetingState::Booked, false));
    for unit in ["xihu", "yuhang"] {
        let notices = world.notices(unit).await;
        let notice = notices.iter().find(|notice| notice.kind == NoticeKind::Taken).unwrap_or_else(|| panic!("{unit} is told: {notices:?}"));
        assert!(notice.meeting == taken.id && notice.text.contains("root 例会"), "{}", notice.text);
    }
    assert!(world.log().await.iter().any(|(action, person, _)| action == "meeting.take" && person.as_deref() == Some("root")));
    // It is booked anew at another time, and is its own again.
    let patch = MeetingPatch { starts: Some(MONDAY + 5 * HOUR), ..Default::default() };
    let anew = world.meetings.change(world.clerk("xihu"), &taken.id, patch).await.unwrap();
    assert_eq!((anew.taken_by.clone(), anew.ends), (None, MONDAY + 6 * HOUR));
}

#[tokio::test]
async fn a_taken_meeting_cannot_be_booked_anew_against_its_taker() {
    let world = World::new().await;
    let taken = world.book("xihu", new("xihu", "xihu", &[], 0)).await.unwrap();
    world.book("root", taking(new("root", "root", &["xihu"], 0))).await.unwrap();
    let again = world.meetings.change(world.clerk("xihu"), &taken.id, MeetingPatch::default()).await.unwrap_err();
    assert!(matches!(again, MeetingError::Busy(_)), "{again}");
}

#[tokio::test]
async fn nobody_takes_from_beside_or_above() {
    let world = World::new().await;
    world.book("root", new("root", "root", &["hangzhou"], 0)).await.unwrap();
    world.book("ningbo", new("ningbo", "ningbo", &[], 0)).await.unwrap();
    let chair = Some(me(world.clerk("yuhang")));
    for venue in ["hangzhou", "ningbo"] {
        let asked = NewMeeting { chair: chair.clone(), ..taking(new("hangzhou", venue, &[], 0)) };
        assert!(matches!(world.book("hangzhou", asked).await, Err(MeetingError::Busy(_))), "{venue}");
    }
    let own = taking(new("ningbo", "ningbo", &[], 0));
    assert!(matches!(world.book("ningbo", own).await, Err(MeetingError::Busy(_))), "nor from one's own unit");
}

#[tokio::test]
async fn a_meeting_under_way_is_taken_in_an_emergency_only() {
    let world = World::new().await;
    let actor = world.clerk("xihu").actor();
    let open = world.book("xihu", new("xihu", "xihu", &[], 0)).await.unwrap();
    world.meetings.set_state(&actor, &open.id, MeetingState::Open).await.unwrap();
    assert!(matches!(world.book("root", taking(new("root", "root", &["xihu"], 0))).await, Err(MeetingError::Busy(_))));
    world.book("root", NewMeeting { mode: Mode::Emergency, ..taking(new("root", "root", &["xihu"], 0)) }).await.unwrap();
    assert!(world.meeting(&open.id).await.taken_by.is_some());
}

#[tokio::test]
async fn a_share_of_a_line_is_taken_as_far_as_needed() {
    let world = World::new().await;
    // Both hold a share of xihu's line, by people who sit there.
    let more = world.fixture.person("li", "xihu", &[]).await;
    let small = |person: &PersonId, unit: &str, size| NewMeeting { branches: vec![VenueId::person(person)], picture: Some(size), ..new(unit, unit, &[], 0) };
    let one = world.book("hangzhou", small(&more.id, "hangzhou", PictureSize::P480)).await.unwrap();
    let asked = || NewMeeting { picture: Some(PictureSize::P480), ..new("root", "root", &["xihu"], 0) };
    let error = world.book("root", asked()).await.unwrap_err();
    let MeetingError::Line(line) = &error else { panic!("{error}") };
    assert_eq!((line.free_kbps, line.largest, &line.held_by[0].meeting), (236, Some(PictureSize::Audio), &one.id));
    assert!(error.to_string().contains("hangzhou 例会"), "{error}");
    // What fits without taking takes nothing.
    let audio = NewMeeting { picture: Some(PictureSize::Audio), ..taking(asked()) };
    assert!(world.meetings.check(world.clerk("root"), audio).await.unwrap().occurrences[0].takes.is_empty());
    let taker = world.book("root", taking(asked())).await.unwrap();
    assert_eq!(world.meeting(&one.id).await.taken_by, Some(taker.id));
}

#[tokio::test]
async fn what_was_taken_comes_back_when_the_taker_is_off() {
    let world = World::new().await;
    let first = world.book("xihu", new("xihu", "xihu", &[], 0)).await.unwrap();
    let taker = world.book("hangzhou", taking(new("hangzhou", "xihu", &[], 0))).await.unwrap();
    let above = world.book("root", taking(new("root", "xihu", &[], 0))).await.unwrap();
    assert_eq!(world.meeting(&taker.id).await.taken_by, Some(above.id.clone()));
    // The first was taken by the middle one: it does not come back while the province has the room.
    world.meetings.cancel(world.clerk("hangzhou"), &taker.id, Cancel::default()).await.unwrap();
    assert_eq!(world.meeting(&first.id).await.taken_by, Some(taker.id.clone()));
    let second = world.book("hangzhou", new("hangzhou", "yuhang", &[], 0)).await.unwrap();
    let taker = world.book("root", NewMeeting { chair: Some(me(world.clerk("ningbo"))), ..taking(new("root", "yuhang", &[], 0)) }).await.unwrap();
    world.meetings.cancel(world.clerk("root"), &taker.id, Cancel { reason: "改期".to_owned(), ..Default::default() }).await.unwrap();
    assert_eq!(world.meeting(&second.id).await.taken_by, None);
    let notices = world.notices("yuhang").await;
    assert!(notices.iter().any(|notice| notice.kind == NoticeKind::Changed && notice.meeting == second.id), "{notices:?}");
}
