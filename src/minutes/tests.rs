//! What the minutes promise.

use proptest::prelude::*;

use super::*;
use crate::conduct::{Actor, Beginning, Command, Expected, Input, RollMark};

const NINE: UtcMs = UtcMs(1_795_395_600_000);
const NAMES: [&str; 4] = ["main", "a", "b", "c"];
const MINUTE: i64 = 60_000;

fn venue(name: &str) -> VenueId {
    format!("site:{name}").parse().unwrap()
}

fn by(name: &str) -> Actor {
    Actor::Venue(venue(name))
}

fn conduct() -> Conduct {
    let venues = NAMES.map(|name| Expected { venue: venue(name), title: format!("{name} 会场") }).into();
    Conduct::new(Beginning { mode: Mode::Lecture, main: venue("main"), chair: None, venues, ends: NINE + 60 * MINUTE })
}

fn facts() -> Facts {
    let booked = |(at, name): (usize, &str)| Booked {
        venue: venue(name),
        title: format!("{name} 会场"),
        unit: "省".to_owned(),
        is_main: at == 0,
        replied: (name == "b").then_some(9),
    };
    Facts {
        title: "例会".to_owned(),
        unit: "省".to_owned(),
        starts: NINE,
        ends: NINE + 60 * MINUTE,
        mode: Mode::Lecture,
        chair: "张三".to_owned(),
        desk: vec![],
        agenda: ["汛情", "部署"].map(|title| Point { title: title.to_owned(), speaker: None }).into(),
        papers: vec![],
        // As the tree has them, not as they were booked.
        venues: [(0, "main"), (3, "c"), (2, "b"), (1, "a")].map(booked).into(),
        conduct: Some(conduct()),
        stays: vec![],
        log: vec![],
    }
}

/// A meeting that is really conducted: what is refused is not in its log.
struct Held {
    facts: Facts,
    conduct: Conduct,
}

impl Held {
    fn new() -> Self {
        let mut held = Self { facts: facts(), conduct: conduct() };
        for name in ["main", "a", "b"] {
            held.come(0, name);
        }
        held
    }

    fn come(&mut self, minute: i64, name: &str) {
        let now = NINE + minute * MINUTE;
        self.conduct.handle(now, Input::Knocked { venue: venue(name), title: name.to_owned() }).unwrap();
        self.conduct.handle(now, Input::Joined { venue: venue(name) }).unwrap();
        self.facts.stays.push(Stay { venue: venue(name), title: name.to_owned(), came: now, went: None });
    }

    fn go(&mut self, minute: i64, name: &str) {
        let now = NINE + minute * MINUTE;
        self.conduct.handle(now, Input::Left { venue: venue(name), is_meant: true }).unwrap();
        let stay = self.facts.stays.iter_mut().rev().find(|stay| stay.venue == venue(name)).unwrap();
        stay.went = Some(now);
    }

    fn does(&mut self, minute: i64, actor: &Actor, command: Command) {
        let at = NINE + minute * MINUTE;
        self.conduct.command(at, actor, command.clone()).unwrap();
        self.facts.log.push(Logged { at, actor: actor.clone(), command: Some(command) });
    }

    fn minutes(mut self) -> Minutes {
        self.facts.conduct = Some(self.conduct);
        Minutes::of(&self.facts, NINE + 100 * MINUTE)
    }
}

fn span(from: i64, to: i64) -> (UtcMs, Option<UtcMs>) {
    (NINE + from * MINUTE, Some(NINE + to * MINUTE))
}

#[test]
fn who_spoke_when_is_told_with_its_times() {
    let mut held = Held::new();
    held.does(0, &by("main"), Command::Begin);
    held.does(1, &by("main"), Command::SetAgenda { at: Some(0) });
    held.does(2, &by("main"), Command::GiveFloor { venue: venue("a") });
    held.does(5, &by("main"), Command::Broadcast { venue: venue("b") });
    held.does(6, &by("main"), Command::TakeFloor { venue: venue("a") });
    held.does(7, &by("main"), Command::Broadcast { venue: venue("a") });
    held.does(8, &by("main"), Command::SetAgenda { at: Some(1) });
    held.does(9, &by("main"), Command::HandOver { to: venue("b") });
    held.go(10, "a");
    held.does(12, &by("b"), Command::Close);
    let minutes = held.minutes();
    let speeches: Vec<_> = minutes.course.speeches.iter().map(|speech| (speech.how, speech.venue.to_string(), (speech.from, speech.to))).collect();
    let expected = [
        (How::Chair, "main", span(0, 9)),
        (How::Floor, "a", span(2, 6)),
        (How::Broadcast, "b", span(5, 7)),
        (How::Broadcast, "a", span(7, 10)),
        (How::Chair, "b", span(9, 12)),
    ];
    assert_eq!(speeches, expected.map(|(how, name, times)| (how, venue(name).to_string(), times)));
    assert_eq!(minutes.agenda[0].spans, [span(1, 8)]);
    assert_eq!(minutes.agenda[1].spans, [span(8, 12)]);
    assert_eq!((minutes.began, minutes.ended), (Some(NINE), Some(NINE + 12 * MINUTE)));
    assert_eq!(minutes.name(&venue("a")), "a 会场");
}

#[test]
fn a_line_that_breaks_for_a_moment_ends_no_speech() {
    let mut held = Held::new();
    held.does(0, &by("main"), Command::Begin);
    held.does(1, &by("main"), Command::GiveFloor { venue: venue("a") });
    held.facts.stays[1].went = Some(NINE + 2 * MINUTE);
    held.facts.stays.push(Stay { venue: venue("a"), title: String::new(), came: NINE + 2 * MINUTE + 20_000, went: None });
    held.does(4, &by("main"), Command::TakeFloor { venue: venue("a") });
    let floor: Vec<_> = held.minutes().course.speeches.into_iter().filter(|speech| speech.how == How::Floor).map(|speech| (speech.from, speech.to)).collect();
    assert_eq!(floor, [span(1, 4)]);
}

#[test]
fn a_secret_vote_names_nobody_and_an_open_one_does() {
    let mut held = Held::new();
    held.does(0, &by("main"), Command::Begin);
    for (minute, is_secret) in [(1, true), (3, false)] {
        held.does(minute, &by("main"), Command::StartVote { title: "同意吗".to_owned(), options: vec!["同意".into(), "反对".into()], is_secret });
        held.does(minute, &by("a"), Command::Cast { choice: 1 });
        held.does(minute + 1, &by("main"), Command::EndBallot);
    }
    let counted: Vec<Vec<usize>> = held.conduct.past_ballots.iter().map(crate::conduct::Ballot::counts).collect();
    let minutes = held.minutes();
    assert_eq!(counted, [[0, 1], [0, 1]]);
    assert!(minutes.ballots[0].is_secret && minutes.ballots[0].votes[&venue("a")].choice == 0, "what is written down shows no choice");
    assert_eq!(minutes.ballots[1].votes[&venue("a")].choice, 1);
    assert_eq!(minutes.counts[0], [0, 1], "the result is told all the same");
}

#[test]
fn people_are_counted_by_what_was_typed_else_by_the_reply_else_as_one() {
    let mut held = Held::new();
    held.does(0, &by("main"), Command::CallRoll);
    held.does(0, &by("a"), Command::AnswerRoll);
    held.does(1, &by("a"), Command::Headcount { people: 23 });
    held.does(2, &Actor::Desk, Command::MarkRoll { venue: venue("b"), mark: RollMark::Late });
    held.does(3, &by("main"), Command::EndRoll);
    let attendance = held.minutes().attendance;
    let lines: Vec<_> = attendance.items.iter().map(|line| (line.venue.as_str(), line.counted, line.headcount, line.mark, line.is_marked_by_chair)).collect();
    assert_eq!(
        lines,
        [
            ("site:main", Some(Counted::One), None, Some(RollMark::Present), false),
            ("site:c", None, None, Some(RollMark::Absent), false),
            ("site:b", Some(Counted::Reply), Some(9), Some(RollMark::Late), true),
            ("site:a", Some(Counted::Typed), Some(23), Some(RollMark::Present), false),
        ],
        "in the order of the tree"
    );
    assert_eq!((attendance.people, attendance.people_typed, attendance.people_replied, attendance.people_assumed), (33, 23, 9, 1));
    assert_eq!((attendance.present, attendance.late, attendance.absent, attendance.attended, attendance.expected), (2, 1, 1, 3, 4));
}

#[test]
fn a_meeting_that_was_never_held_has_minutes_too() {
    let minutes = Minutes::of(&Facts { conduct: None, ..facts() }, NINE);
    assert!(minutes.course.speeches.is_empty() && minutes.began.is_none() && minutes.agenda.len() == 2 && minutes.main == "main 会场");
}

fn any_command() -> impl Strategy<Value = Option<Command>> {
    let venue = prop::sample::select(&["main", "a", "b", "c", "stranger"][..]).prop_map(venue);
    prop_oneof![
        prop::sample::select(vec![Command::Open, Command::CallRoll, Command::EndRoll, Command::Begin, Command::Reclaim, Command::EndBroadcast, Command::Close])
            .prop_map(Some),
        (venue, 0..6usize).prop_map(|(venue, which)| {
            Some(match which {
                0 => Command::HandOver { to: venue },
                1 => Command::Broadcast { venue },
                2 => Command::GiveFloor { venue },
                3 => Command::TakeFloor { venue },
                4 => Command::Remove { venue },
                _ => Command::Invite { venue, title: "|#\n".to_owned() },
            })
        }),
        prop::option::of(0..4u32).prop_map(|at| Some(Command::SetAgenda { at })),
        Just(None),
    ]
}

proptest! {
    /// Also logs that no meeting ever had: of a clock that was set back, of commands that were never allowed.
    #[test]
    fn any_log_gives_minutes_whose_times_are_in_order(
        log in prop::collection::vec((0..4_000_000i64, prop::sample::select(&NAMES[..]), any_command()), 0..60),
        stays in prop::collection::vec((prop::sample::select(&NAMES[..]), 0..4_000_000i64, prop::option::of(0..400_000i64)), 0..12),
        closed in prop::option::of(0..4_000_000i64),
    ) {
        let mut facts = facts();
        facts.log = log.into_iter().map(|(at, name, command)| Logged { at: NINE + at, actor: by(name), command }).collect();
        let stay = |(name, came, lasted): (&str, i64, Option<i64>)| Stay { venue: venue(name), title: name.to_owned(), came: NINE + came, went: lasted.map(|lasted| NINE + came + lasted) };
        facts.stays = stays.into_iter().map(stay).collect();
        facts.conduct.as_mut().unwrap().closed = closed.map(|at| NINE + at);
        let minutes = Minutes::of(&facts, NINE + 5_000_000);
        let speeches = &minutes.course.speeches;
        prop_assert!(speeches.is_sorted_by_key(|speech| speech.from));
        prop_assert!(speeches.iter().all(|speech| speech.to.is_none_or(|to| to >= speech.from)));
        prop_assert!(minutes.course.points.is_sorted_by_key(|span| span.from));
        prop_assert!(minutes.course.points.iter().all(|span| span.to.is_none_or(|to| to >= span.from)));
        prop_assert!(minutes.course.events.is_sorted_by_key(|(at, _)| *at));
        // Nobody is broadcast beside another, and there is one chair.
        for how in [How::Broadcast, How::Chair] {
            let of: Vec<_> = speeches.iter().filter(|speech| speech.how == how).collect();
            prop_assert!(of.windows(2).all(|pair| pair[0].to.is_some_and(|to| to <= pair[1].from)), "{of:?}");
        }
        prop_assert!(minutes.attendance.items.iter().all(|line| line.milliseconds >= 0));
    }
}
