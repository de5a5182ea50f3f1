//! The presenter turns the pages of a paper.

use super::*;
use crate::base::PaperId;

fn show(page: u32) -> Command {
    Command::ShowPaper { paper: PaperId::from("report"), page }
}

fn page(conduct: &Conduct) -> Option<(u32, Option<VenueId>)> {
    conduct.paper.as_ref().map(|shown| (shown.page, shown.by.clone()))
}

#[test]
fn who_has_the_floor_presents_until_it_is_taken() {
    let mut conduct = in_session(Mode::Lecture);
    assert_eq!(conduct.command(BEGIN, &by("a"), show(1)), Err(Refusal::MayNotShare), "a branch without the floor");
    conduct.command(BEGIN, &by("main"), Command::GiveFloor { venue: venue("a") }).unwrap();
    conduct.command(BEGIN, &by("a"), show(2)).unwrap();
    assert_eq!(page(&conduct), Some((2, Some(venue("a")))));
    conduct.command(BEGIN, &by("main"), Command::TakeFloor { venue: venue("a") }).unwrap();
    assert_eq!(page(&conduct), None, "with the floor goes the paper");
}

#[test]
fn what_one_presents_is_taken_over_by_who_steers_or_has_the_floor() {
    let mut conduct = in_session(Mode::Discussion);
    conduct.command(BEGIN, &by("a"), show(3)).unwrap();
    assert_eq!(conduct.command(BEGIN, &by("b"), show(9)), Err(Refusal::MayNotShare), "two do not turn the pages against each other");
    assert_eq!(conduct.command(BEGIN, &by("b"), Command::HidePaper), Err(Refusal::MayNotShare));
    conduct.command(BEGIN, &Actor::Desk, show(4)).unwrap();
    assert_eq!(page(&conduct), Some((4, None)));
    conduct.command(BEGIN, &by("main"), Command::GiveFloor { venue: venue("b") }).unwrap();
    conduct.command(BEGIN, &by("b"), show(5)).unwrap();
    conduct.command(BEGIN, &by("main"), Command::HidePaper).unwrap();
    assert_eq!(page(&conduct), None);
}

#[test]
fn a_presenter_who_is_away_keeps_the_page_and_one_who_left_does_not() {
    let mut conduct = in_session(Mode::Discussion);
    conduct.command(BEGIN, &by("c"), show(7)).unwrap();
    conduct.handle(BEGIN, Input::Left { venue: venue("c"), is_meant: false }).unwrap();
    assert_eq!(page(&conduct), Some((7, Some(venue("c")))), "a broken line is mended in a moment");
    conduct.tick(BEGIN + 61_000);
    assert_eq!(page(&conduct), None);
}

#[test]
fn pages_begin_at_one_and_a_state_from_before_papers_is_read() {
    let mut conduct = in_session(Mode::Discussion);
    for wrong in [0, 10_001, u32::MAX] {
        assert!(matches!(conduct.command(BEGIN, &by("main"), show(wrong)), Err(Refusal::Range { what: "page", .. })), "{wrong}");
    }
    let mut kept = serde_json::to_value(&conduct).unwrap();
    kept.as_object_mut().unwrap().remove("paper");
    assert_eq!(serde_json::from_value::<Conduct>(kept).unwrap().paper, None);
}
