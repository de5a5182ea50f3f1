//! Who is heard, who chairs, who is let in.

use super::*;

#[test]
fn in_a_lecture_branches_are_silent_until_they_have_the_floor() {
    let mut conduct = in_session(Mode::Lecture);
    assert!(!conduct.rights(&venue("a")).is_heard);
    assert_eq!(conduct.command(BEGIN, &by("a"), Command::MuteSelf { muted: false }), Err(Refusal::Locked));
    conduct.command(BEGIN, &by("b"), Command::RaiseHand).unwrap();
    conduct.command(BEGIN, &by("a"), Command::RaiseHand).unwrap();
    conduct.command(BEGIN, &by("b"), Command::RaiseHand).unwrap();
    let queue: Vec<_> = conduct.floor.hands.iter().map(|hand| hand.venue.clone()).collect();
    assert_eq!(queue, [venue("b"), venue("a")], "a second time is no new place");
    let effects = conduct.command(BEGIN, &by("main"), Command::GiveFloor { venue: venue("a") }).unwrap();
    assert_eq!(effects, [Effect::Microphone { venue: venue("a"), is_open: true }]);
    assert!(conduct.rights(&venue("a")).is_heard && conduct.floor.hands.len() == 1);
    assert_eq!(conduct.on_screen(), Some(&venue("a")), "who has the floor is seen");
    conduct.command(BEGIN, &by("a"), Command::MuteSelf { muted: true }).unwrap();
    conduct.command(BEGIN, &by("a"), Command::MuteSelf { muted: false }).unwrap();
    let effects = conduct.command(BEGIN, &by("main"), Command::TakeFloor { venue: venue("a") }).unwrap();
    assert_eq!(effects, [Effect::Microphone { venue: venue("a"), is_open: false }]);
    assert!(!conduct.rights(&venue("a")).is_heard && !conduct.rights(&venue("a")).may_unmute);
}

#[test]
fn a_cut_keeps_place_and_floor_and_a_farewell_does_not() {
    let mut conduct = in_session(Mode::Lecture);
    conduct.command(BEGIN, &by("main"), Command::GiveFloor { venue: venue("a") }).unwrap();
    conduct.command(BEGIN, &by("main"), Command::Broadcast { venue: venue("a") }).unwrap();
    conduct.handle(BEGIN, Input::Left { venue: venue("a"), is_meant: false }).unwrap();
    assert_eq!(conduct.on_screen(), Some(&venue("main")), "meanwhile the chair is seen");
    assert!(!conduct.tick(BEGIN + 59_999));
    come(&mut conduct, &["a"]);
    assert_eq!(conduct.on_screen(), Some(&venue("a")));
    assert!(conduct.rights(&venue("a")).is_heard);
    conduct.handle(BEGIN, Input::Left { venue: venue("a"), is_meant: false }).unwrap();
    assert_eq!(conduct.next_due(), Some(BEGIN + 60_000));
    assert!(conduct.tick(BEGIN + 60_000));
    come(&mut conduct, &["a"]);
    assert!(!conduct.rights(&venue("a")).is_heard && conduct.stage.broadcast.is_none());
}

#[test]
fn a_restarted_server_has_the_meeting_as_it_was() {
    let mut conduct = in_session(Mode::Lecture);
    conduct.command(BEGIN, &by("main"), Command::Broadcast { venue: venue("c") }).unwrap();
    conduct.command(BEGIN, &by("main"), Command::SetBanner { text: " 全省防汛工作视频会议 ".to_owned() }).unwrap();
    let kept = serde_json::to_string(&conduct).unwrap();
    let mut restored: Conduct = serde_json::from_str(&kept).unwrap();
    assert_eq!(restored, conduct);
    restored.handle(BEGIN, Input::Restarted).unwrap();
    assert_eq!(restored.on_screen(), None);
    come(&mut restored, &["main", "c"]);
    assert_eq!((restored.on_screen(), restored.banner.as_str()), (Some(&venue("c")), "全省防汛工作视频会议"));
}

#[test]
fn the_chair_is_one_and_is_not_lost() {
    let mut conduct = in_session(Mode::Discussion);
    assert_eq!(conduct.command(BEGIN, &by("a"), Command::Close), Err(Refusal::Role { act: Act::Close, role: Role::Branch }));
    conduct.command(BEGIN, &by("main"), Command::HandOver { to: venue("a") }).unwrap();
    assert_eq!((conduct.role(&by("a")), conduct.role(&by("main"))), (Role::Chair, Role::Main));
    assert_eq!(conduct.command(BEGIN, &by("b"), Command::Reclaim), Err(Refusal::ChairIsHere));
    // Who was booked to chair takes it back at any time.
    conduct.command(BEGIN, &by("main"), Command::Reclaim).unwrap();
    assert_eq!(conduct.role(&by("main")), Role::Chair);
    conduct.command(BEGIN, &by("main"), Command::HandOver { to: venue("b") }).unwrap();
    assert_eq!(conduct.command(BEGIN, &Actor::Desk, Command::Reclaim), Err(Refusal::ChairIsHere));
    conduct.handle(BEGIN, Input::Left { venue: venue("b"), is_meant: false }).unwrap();
    conduct.command(BEGIN, &Actor::Desk, Command::Reclaim).unwrap();
    assert_eq!(conduct.chair, venue("main"));
}

#[test]
fn the_door_opens_with_who_steers_and_strangers_wait() {
    let mut conduct = booked(Mode::Discussion);
    let knock = |conduct: &mut Conduct, name: &str| conduct.handle(BEGIN, Input::Knocked { venue: venue(name), title: name.to_owned() }).unwrap();
    assert_eq!(knock(&mut conduct, "a"), []);
    assert_eq!(knock(&mut conduct, "stranger"), []);
    assert_eq!(knock(&mut conduct, "main"), [Effect::Admit(venue("main"))]);
    assert_eq!(conduct.handle(BEGIN, Input::Joined { venue: venue("main") }).unwrap(), [Effect::Admit(venue("a"))], "who belongs here comes in");
    assert!(matches!(conduct.venues[&venue("stranger")].presence, Presence::Waiting { .. }));
    conduct.command(BEGIN, &by("main"), Command::Admit { venue: venue("stranger") }).unwrap();
    conduct.handle(BEGIN, Input::Joined { venue: venue("stranger") }).unwrap();
    assert!(conduct.is_in(&venue("stranger")));
    conduct.command(BEGIN, &by("main"), Command::LockDoor { locked: true }).unwrap();
    assert_eq!(knock(&mut conduct, "b"), [], "a locked door");
    conduct.handle(BEGIN, Input::Left { venue: venue("stranger"), is_meant: true }).unwrap();
    assert_eq!(conduct.handle(BEGIN, Input::Joined { venue: venue("stranger") }).unwrap(), [Effect::Remove(venue("stranger"))], "nor does a token of before");
    conduct.command(BEGIN, &by("main"), Command::Remove { venue: venue("a") }).unwrap();
    conduct.command(BEGIN, &by("main"), Command::LockDoor { locked: false }).unwrap();
    assert_eq!(knock(&mut conduct, "a"), [], "who was sent out asks again");
    assert_eq!(knock(&mut conduct, "a"), [], "and again");
    assert_eq!(conduct.handle(BEGIN, Input::Joined { venue: venue("a") }).unwrap(), [Effect::Remove(venue("a"))], "an old token does not help");
}

#[test]
fn all_but_is_all_but() {
    let mut conduct = in_session(Mode::Discussion);
    let effects = conduct.command(BEGIN, &by("main"), Command::Mute { whom: Whom::AllBut(vec![venue("c")]) }).unwrap();
    let silent: Vec<_> = ["a", "b", "d"].map(|name| Effect::Microphone { venue: venue(name), is_open: false }).into();
    assert_eq!(effects, silent);
    assert!(conduct.rights(&venue("c")).is_heard && conduct.rights(&venue("main")).is_heard);
    conduct.command(BEGIN, &by("a"), Command::MuteSelf { muted: false }).unwrap();
    conduct.command(BEGIN, &by("main"), Command::LockMute { locked: true }).unwrap();
    assert_eq!(conduct.command(BEGIN, &by("b"), Command::MuteSelf { muted: false }), Err(Refusal::Locked));
}

#[test]
fn absent_venues_are_called_until_they_come() {
    let mut conduct = booked(Mode::Discussion);
    come(&mut conduct, &["main", "a"]);
    let mut rung = conduct.command(BEGIN, &by("main"), Command::Redial { venue: None }).unwrap();
    rung.sort_by_key(|effect| format!("{effect:?}"));
    assert_eq!(rung, ["b", "c", "d"].map(|name| Effect::Ring(venue(name))));
    assert!(conduct.tick(BEGIN + 60_000));
    assert_eq!(conduct.venues[&venue("b")].presence, Presence::Absent);
    conduct.command(BEGIN, &by("main"), Command::Invite { venue: venue("new"), title: "新县".to_owned() }).unwrap();
    come(&mut conduct, &["new"]);
    assert!(conduct.is_in(&venue("new")));
}

#[test]
fn who_waits_and_asks_no_more_has_gone() {
    let mut conduct = booked(Mode::Discussion);
    let knock = |conduct: &mut Conduct, ms: i64| conduct.handle(BEGIN + ms, Input::Knocked { venue: venue("a"), title: "a".to_owned() }).unwrap();
    (0..30_000).step_by(2_000).for_each(|ms| assert_eq!(knock(&mut conduct, ms), []));
    assert!(!conduct.tick(BEGIN + 40_000), "it asked a moment ago");
    assert!(matches!(conduct.venues[&venue("a")].presence, Presence::Waiting { since: BEGIN, .. }));
    assert!(conduct.tick(BEGIN + 60_000) && conduct.is_empty());
    assert_eq!(conduct.venues[&venue("a")].presence, Presence::Absent);
}
