//! Polls show one venue after the other.

use super::*;

fn poll(screen: Screen, at_once: Option<usize>) -> Command {
    Command::Poll { screen, venues: ["a", "b", "c", "d"].map(venue).into(), seconds: 10, at_once }
}

#[test]
fn a_poll_passes_over_who_is_not_in_and_stands_while_paused() {
    let mut conduct = in_session(Mode::Lecture);
    conduct.handle(BEGIN, Input::Left { venue: venue("b"), is_meant: true }).unwrap();
    conduct.command(BEGIN, &by("main"), poll(Screen::All, None)).unwrap();
    assert_eq!(conduct.on_screen(), Some(&venue("a")));
    assert_eq!(conduct.scene(&venue("d")).next, Some(venue("c")), "the next is kept warm");
    assert!(!conduct.tick(BEGIN + 9_999) && conduct.tick(BEGIN + 10_000));
    assert_eq!(conduct.on_screen(), Some(&venue("c")));
    conduct.command(BEGIN + 14_000, &by("main"), Command::PausePoll { screen: Screen::All }).unwrap();
    assert!(!conduct.tick(BEGIN + 100_000) && conduct.next_due().is_none());
    conduct.command(BEGIN + 100_000, &by("main"), Command::ResumePoll { screen: Screen::All }).unwrap();
    assert_eq!(conduct.next_due(), Some(BEGIN + 106_000), "it goes on with the six seconds that were left");
    assert!(conduct.tick(BEGIN + 106_000));
    assert_eq!(conduct.on_screen(), Some(&venue("d")));
    conduct.command(BEGIN + 106_000, &by("main"), Command::StepPoll { screen: Screen::All }).unwrap();
    assert_eq!(conduct.on_screen(), Some(&venue("a")), "and round");
    conduct.command(BEGIN + 106_000, &by("main"), Command::StopPoll { screen: Screen::All }).unwrap();
    assert_eq!(conduct.on_screen(), Some(&venue("main")));
}

#[test]
fn three_polls_do_not_know_of_each_other() {
    let mut conduct = in_session(Mode::Lecture);
    conduct.command(BEGIN, &by("main"), Command::Poll { screen: Screen::Chair, venues: vec![venue("c"), venue("d")], seconds: 5, at_once: None }).unwrap();
    conduct.command(BEGIN, &by("main"), poll(Screen::All, None)).unwrap();
    conduct.command(BEGIN, &by("main"), poll(Screen::Wall, Some(3))).unwrap();
    conduct.tick(BEGIN + 5_000);
    assert_eq!(conduct.scene(&venue("main")).large, Some(venue("d")));
    assert_eq!(conduct.scene(&venue("b")).large, Some(venue("a")));
    assert_eq!(conduct.scene(&venue("b")).wall, ["a", "b", "c"].map(venue));
    conduct.tick(BEGIN + 10_000);
    assert_eq!(conduct.scene(&venue("b")).wall, [venue("d")], "the last page is short");
    conduct.command(BEGIN + 10_000, &by("main"), Command::Look { venue: venue("a") }).unwrap();
    assert_eq!(conduct.scene(&venue("main")).large, Some(venue("a")), "a look comes before the poll");
    assert_eq!(conduct.command(BEGIN, &by("main"), poll(Screen::All, Some(2))), Err(Refusal::Range { what: "at_once", given: 2, least: 1, most: 1 }));
}

#[test]
fn who_is_broadcast_sees_what_the_main_venue_chose() {
    let mut conduct = in_session(Mode::Lecture);
    conduct.command(BEGIN, &by("main"), Command::Broadcast { venue: venue("a") }).unwrap();
    assert_eq!(conduct.scene(&venue("b")).large, Some(venue("a")));
    assert_eq!(conduct.scene(&venue("a")).large, Some(venue("main")));
    conduct.command(BEGIN, &by("main"), Command::ReturnPicture { venue: Some(venue("b")) }).unwrap();
    assert_eq!(conduct.scene(&venue("a")).large, Some(venue("b")));
    assert_eq!(conduct.command(BEGIN, &by("main"), Command::Broadcast { venue: venue("nobody") }), Err(Refusal::Unknown(venue("nobody"))));
    conduct.handle(BEGIN, Input::Left { venue: venue("d"), is_meant: true }).unwrap();
    assert_eq!(conduct.command(BEGIN, &by("main"), Command::Broadcast { venue: venue("d") }), Err(Refusal::NotIn(venue("d"))));
}
