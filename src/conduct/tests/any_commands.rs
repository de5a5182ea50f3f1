//! Whatever anybody does in whatever order: one chair, nobody broadcast who is not in, no lost mute.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::interpretation::language;
use super::*;

const NAMES: [&str; 6] = ["main", "a", "b", "c", "d", "stranger"];

#[derive(Debug, Clone)]
enum Step {
    Command(Actor, Command),
    Input(Input),
    /// Milliseconds pass.
    Wait(i64),
}

fn any_venue() -> impl Strategy<Value = VenueId> {
    prop::sample::select(&NAMES[..]).prop_map(venue)
}

fn any_actor() -> impl Strategy<Value = Actor> {
    prop_oneof![4 => any_venue().prop_map(Actor::Venue), 1 => Just(Actor::Desk)]
}

fn any_screen() -> impl Strategy<Value = Screen> {
    prop::sample::select(&Screen::ALL[..])
}

fn any_command() -> impl Strategy<Value = Command> {
    let whom = prop_oneof![any_venue().prop_map(Whom::One), Just(Whom::All), prop::collection::vec(any_venue(), 0..3).prop_map(Whom::AllBut)];
    let plain = prop::sample::select(vec![
        Command::Open,
        Command::CallRoll,
        Command::EndRoll,
        Command::Begin,
        Command::Pause { until: None },
        Command::Resume,
        Command::Reclaim,
        Command::EndBroadcast,
        Command::EndLook,
        Command::LockMute { locked: true },
        Command::LockMute { locked: false },
        Command::LockDoor { locked: true },
        Command::LockDoor { locked: false },
        Command::AnswerRoll,
        Command::RaiseHand,
        Command::LowerHand,
        Command::MuteSelf { muted: false },
        Command::MuteSelf { muted: true },
        Command::Share { on: true },
        Command::StartVote { title: String::new(), options: vec!["1".into(), "2".into()], is_secret: false },
        Command::Cast { choice: 1 },
        Command::EndBallot,
        Command::Interpret { language: language("ug"), on: true },
        Command::Interpret { language: language("bo"), on: true },
        Command::Interpret { language: language("ug"), on: false },
        Command::Redial { venue: None },
        Command::SetMode { mode: Mode::Lecture },
        Command::SetMode { mode: Mode::Discussion },
    ]);
    let of_venue = (any_venue(), 0..13usize).prop_map(|(venue, which)| match which {
        0 => Command::HandOver { to: venue },
        12 => Command::SetInterpreter { venue, language: language("bo"), named: true },
        1 => Command::Broadcast { venue },
        9 => Command::SetInterpreter { venue, language: language("ug"), named: true },
        10 => Command::SetInterpreter { venue, language: language("ug"), named: false },
        11 => Command::OfferInterpreting { language: language("ug"), to: Some(venue) },
        2 => Command::Look { venue },
        3 => Command::ReturnPicture { venue: Some(venue) },
        4 => Command::GiveFloor { venue },
        5 => Command::TakeFloor { venue },
        6 => Command::Remove { venue },
        7 => Command::Admit { venue },
        _ => Command::Invite { venue, title: "?".to_owned() },
    });
    let poll =
        (any_screen(), prop::collection::vec(any_venue(), 0..5)).prop_map(|(screen, venues)| Command::Poll { screen, venues, seconds: 5, at_once: None });
    let of_poll = (any_screen(), 0..4).prop_map(|(screen, which)| match which {
        0 => Command::PausePoll { screen },
        1 => Command::ResumePoll { screen },
        2 => Command::StepPoll { screen },
        _ => Command::StopPoll { screen },
    });
    prop_oneof![6 => plain, 6 => of_venue, 1 => poll, 2 => of_poll, 1 => whom.clone().prop_map(|whom| Command::Mute { whom }), 1 => whom.prop_map(|whom| Command::Unmute { whom })]
}

/// The booking is changed: another chair, some venues less, another way to hold it.
fn any_booking() -> impl Strategy<Value = Input> {
    (prop::sample::select(&NAMES[..5]), prop::collection::btree_set(prop::sample::select(&NAMES[1..5]), 0..4), prop::sample::select(&Mode::ALL[..])).prop_map(
        |(chair, dropped, mode)| {
            let kept = NAMES[..5].iter().filter(|name| !dropped.contains(*name) || **name == chair);
            let venues = kept.map(|name| Expected { venue: venue(name), title: (*name).to_owned() }).collect();
            let dropped = dropped.iter().filter(|name| **name != chair).map(|name| venue(name)).collect();
            Input::Booked { booking: Beginning { mode, main: venue("main"), chair: Some(venue(chair)), venues, ends: BEGIN + 7_200_000 }, dropped }
        },
    )
}

fn any_step() -> impl Strategy<Value = Step> {
    let knock = |venue: VenueId| Input::Knocked { title: venue.to_string(), venue };
    let input = prop_oneof![
        3 => any_venue().prop_map(knock),
        3 => any_venue().prop_map(|venue| Input::Joined { venue }),
        2 => (any_venue(), any::<bool>()).prop_map(|(venue, is_meant)| Input::Left { venue, is_meant }),
        1 => Just(Input::Restarted),
        1 => any_booking(),
    ];
    prop_oneof![6 => (any_actor(), any_command()).prop_map(|(actor, command)| Step::Command(actor, command)), 3 => input.prop_map(Step::Input), 1 => (0..90_000i64).prop_map(Step::Wait)]
}

/// What must hold whenever it is looked at.
fn holds(conduct: &Conduct) {
    assert!(conduct.venues.contains_key(&conduct.chair), "the chair is a venue of the meeting");
    let steering = conduct.venues.keys().filter(|venue| conduct.role(&Actor::Venue((*venue).clone())) == Role::Chair).count();
    assert_eq!(steering, 1, "one chair");
    for shown in [&conduct.stage.broadcast, &conduct.stage.return_picture, &conduct.stage.look].into_iter().flatten() {
        assert!(conduct.venues[shown].presence.is_here(), "{shown} is shown and not here");
    }
    assert!(conduct.on_screen().is_none_or(|shown| conduct.is_in(shown)));
    for viewer in conduct.venues.keys() {
        let scene = conduct.scene(viewer);
        assert!(scene.large.iter().chain(&scene.wall).chain(&scene.next).all(|shown| conduct.is_in(shown)), "{viewer} is shown who is not in: {scene:?}");
        assert_ne!(scene.large.as_ref(), Some(viewer), "nobody looks at themselves");
    }
    let mut asked = BTreeSet::new();
    for hand in &conduct.floor.hands {
        assert!(asked.insert(&hand.venue) && !conduct.floor.has(&hand.venue), "one place in the queue");
    }
    for holder in &conduct.floor.holders {
        assert!(conduct.venues[holder].presence.is_here());
    }
    let mut interpreting = BTreeSet::new();
    for each in &conduct.interpretation {
        for venue in each.on_air.iter().chain(&each.offered) {
            assert!(each.interpreters.contains(venue) && conduct.venues[venue].presence.is_here(), "{venue} is in a booth and may not or is not here");
        }
        if let Some(venue) = &each.on_air {
            assert!(interpreting.insert(venue), "one mouth, one language");
            assert!(!conduct.rights(venue).is_heard, "{venue} is heard on the floor while it interprets");
        }
    }
    for (id, venue) in &conduct.venues {
        let rights = conduct.rights(id);
        assert!(!rights.is_heard || venue.presence.is_here());
        assert!(conduct.phase != Phase::Closed || venue.presence == Presence::Absent || !venue.presence.is_here());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn leave_one_chair_no_broadcast_of_the_absent_and_no_lost_mute(mode in prop::sample::select(vec![Mode::Lecture, Mode::Discussion]), steps in prop::collection::vec(any_step(), 1..120)) {
        let mut conduct = booked(mode);
        let mut now = BEGIN;
        for step in steps {
            let before = conduct.clone();
            let steered = match &step {
                Step::Command(actor, _) => matches!(before.role(actor), Role::Chair | Role::Desk | Role::Main),
                Step::Input(input) => matches!(input, Input::Booked { .. }) && before.phase == Phase::Called,
                Step::Wait(_) => false,
            };
            match step {
                Step::Command(actor, command) => {
                    let is_reclaim = command == Command::Reclaim;
                    if conduct.command(now, &actor, command).is_err() {
                        prop_assert_eq!(&conduct, &before, "what is refused changes nothing");
                    } else if is_reclaim {
                        holds(&conduct);
                        continue;
                    }
                }
                Step::Input(input) => { let _ = conduct.handle(now, input); }
                Step::Wait(ms) => {
                    now = now + ms;
                    conduct.tick(now);
                    prop_assert!(conduct.next_due().is_none_or(|due| due > now), "nothing that is due is left");
                }
            }
            holds(&conduct);
            // A microphone that the chair locked is opened by who steers alone.
            if !steered && before.is_mute_locked {
                for (id, venue) in &before.venues {
                    let opened = venue.is_muted && !conduct.venues[id].is_muted;
                    prop_assert!(!opened || before.floor.has(id) || before.chair == *id, "{} opened its microphone", id);
                }
            }
        }
    }
}
