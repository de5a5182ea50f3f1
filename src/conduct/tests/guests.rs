use super::*;

fn guest() -> VenueId {
    "guest:01j".parse().unwrap()
}

fn knocks(conduct: &mut Conduct) -> bool {
    let effects = conduct.handle(BEGIN, Input::Knocked { venue: guest(), title: "王工(来宾)".to_owned() }).unwrap();
    effects.contains(&Effect::Admit(guest()))
}

#[test]
fn a_guest_comes_in_when_the_chair_lets_them_whatever_the_mode() {
    for mode in [Mode::Lecture, Mode::Discussion, Mode::Training, Mode::Emergency] {
        let mut conduct = in_session(mode);
        assert!(!knocks(&mut conduct), "{mode:?}");
        assert!(!knocks(&mut conduct), "asking again changes nothing");
        conduct.command(BEGIN, &by("main"), Command::Admit { venue: guest() }).unwrap();
        assert!(knocks(&mut conduct), "{mode:?}");
        conduct.handle(BEGIN, Input::Joined { venue: guest() }).unwrap();
        conduct.handle(BEGIN, Input::Left { venue: guest(), is_meant: true }).unwrap();
        assert!(knocks(&mut conduct), "who was let in comes back to their seat");
        conduct.command(BEGIN, &by("main"), Command::Remove { venue: guest() }).unwrap();
        assert!(!knocks(&mut conduct), "and asks again after they were sent out");
    }
}

#[test]
fn a_guest_who_is_introduced_comes_in_with_the_venues_and_not_before() {
    let mut conduct = booked(Mode::Lecture);
    let introduced = || Input::Introduced { venue: guest(), title: "王工(来宾)".to_owned() };
    conduct.handle(BEGIN, introduced()).unwrap();
    assert!(!knocks(&mut conduct), "the doors are closed");
    come(&mut conduct, &["main"]);
    assert!(knocks(&mut conduct));
    conduct.handle(BEGIN, Input::Joined { venue: guest() }).unwrap();
    conduct.command(BEGIN, &by("main"), Command::Remove { venue: guest() }).unwrap();
    conduct.handle(BEGIN, introduced()).unwrap();
    assert!(!knocks(&mut conduct), "who was sent out is not introduced again");
}
