//! Who interprets, who is on air, and what that means for the floor.

use super::*;

pub fn language(tag: &str) -> Language {
    Language::try_from(tag.to_owned()).unwrap()
}

fn named(conduct: &mut Conduct, name: &str, tag: &str) {
    conduct.command(BEGIN, &by("main"), Command::SetInterpreter { venue: venue(name), language: language(tag), named: true }).unwrap();
}

fn on_air(conduct: &mut Conduct, name: &str, tag: &str) -> Result<Vec<Effect>, Refusal> {
    conduct.command(BEGIN, &by(name), Command::Interpret { language: language(tag), on: true })
}

#[test]
fn only_who_is_named_interprets() {
    let mut conduct = in_session(Mode::Discussion);
    assert_eq!(on_air(&mut conduct, "a", "ug"), Err(Refusal::NoInterpreter(venue("a"), language("ug"))));
    named(&mut conduct, "a", "ug");
    on_air(&mut conduct, "a", "ug").unwrap();
    assert_eq!(conduct.on_air(&venue("a")), Some(&language("ug")));
    assert!(on_air(&mut conduct, "b", "ug").is_err(), "a colleague is named first");
}

#[test]
fn who_interprets_is_not_heard_on_the_floor_until_off_air() {
    let mut conduct = in_session(Mode::Discussion);
    named(&mut conduct, "a", "ug");
    let effects = on_air(&mut conduct, "a", "ug").unwrap();
    assert_eq!(effects, [Effect::Microphone { venue: venue("a"), is_open: false }]);
    assert_eq!(conduct.command(BEGIN, &by("a"), Command::MuteSelf { muted: false }), Err(Refusal::OnAir));
    conduct.command(BEGIN, &by("main"), Command::Unmute { whom: Whom::All }).unwrap();
    assert!(!conduct.rights(&venue("a")).is_heard);
    conduct.command(BEGIN, &by("a"), Command::Interpret { language: language("ug"), on: false }).unwrap();
    conduct.command(BEGIN, &by("a"), Command::MuteSelf { muted: false }).unwrap();
    assert!(conduct.rights(&venue("a")).is_heard);
}

#[test]
fn a_colleague_who_is_asked_takes_over_by_its_own_hand() {
    let mut conduct = in_session(Mode::Discussion);
    for name in ["a", "b"] {
        named(&mut conduct, name, "bo");
    }
    let offer = |to: &str| Command::OfferInterpreting { language: language("bo"), to: Some(venue(to)) };
    assert_eq!(conduct.command(BEGIN, &by("a"), offer("b")), Err(Refusal::NotOnAir));
    on_air(&mut conduct, "a", "bo").unwrap();
    conduct.command(BEGIN, &by("a"), offer("b")).unwrap();
    let booth = &conduct.interpretation[0];
    assert_eq!((&booth.on_air, &booth.offered), (&Some(venue("a")), &Some(venue("b"))), "nobody's microphone opens by another's hand");
    on_air(&mut conduct, "b", "bo").unwrap();
    let booth = &conduct.interpretation[0];
    assert_eq!((&booth.on_air, &booth.offered), (&Some(venue("b")), &None));
    assert_eq!(conduct.on_air(&venue("a")), None);
}

#[test]
fn one_who_goes_or_is_named_no_more_is_off_air() {
    let mut conduct = in_session(Mode::Discussion);
    named(&mut conduct, "a", "ug");
    on_air(&mut conduct, "a", "ug").unwrap();
    conduct.handle(BEGIN, Input::Left { venue: venue("a"), is_meant: false }).unwrap();
    assert!(conduct.on_air(&venue("a")).is_some(), "a line that broke keeps its booth");
    conduct.handle(BEGIN, Input::Left { venue: venue("a"), is_meant: true }).unwrap();
    assert_eq!(conduct.on_air(&venue("a")), None);
    assert_eq!(conduct.interprets(&venue("a")).count(), 1, "it may come back to it");
    conduct.command(BEGIN, &by("main"), Command::SetInterpreter { venue: venue("a"), language: language("ug"), named: false }).unwrap();
    assert!(conduct.interpretation.is_empty(), "a language without interpreters is none");
}

#[test]
fn languages_are_tags() {
    for tag in ["ug", "bo", "mn-Mong", "zh-Hant-HK"] {
        assert_eq!(language(tag).as_str(), tag);
    }
    for tag in ["", "x", "Ug", "ug-", "u g", "../x", "ug-abcdefghi", "维", "aaaa"] {
        assert!(Language::try_from(tag.to_owned()).is_err(), "{tag}");
    }
}

#[test]
fn a_meeting_that_was_kept_before_there_was_interpretation_is_read() {
    let mut kept = serde_json::to_value(in_session(Mode::Lecture)).unwrap();
    for added in ["interpretation", "has_reactions", "is_board_open"] {
        kept.as_object_mut().unwrap().remove(added).unwrap();
    }
    let read: Conduct = serde_json::from_value(kept).unwrap();
    assert!(read.interpretation.is_empty() && !read.has_reactions && !read.is_board_open);
}
