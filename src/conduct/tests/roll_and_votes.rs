//! The roll and votes are what a clerk writes down.

use super::*;

fn marks(conduct: &Conduct) -> Vec<(String, RollMark)> {
    conduct.roll.answers.iter().map(|(venue, answer)| (venue.as_str().replace("site:", ""), answer.mark)).collect()
}

#[test]
fn the_roll_tells_present_late_and_absent() {
    let mut conduct = booked(Mode::Discussion);
    come(&mut conduct, &["main", "a", "b"]);
    conduct.command(BEGIN, &by("main"), Command::CallRoll).unwrap();
    conduct.command(BEGIN, &by("a"), Command::AnswerRoll).unwrap();
    conduct.command(BEGIN, &Actor::Desk, Command::MarkRoll { venue: venue("b"), mark: RollMark::Present }).unwrap();
    conduct.command(BEGIN, &by("main"), Command::EndRoll).unwrap();
    come(&mut conduct, &["c"]);
    let absent = ("d".to_owned(), RollMark::Absent);
    let present = |name: &str| (name.to_owned(), RollMark::Present);
    assert_eq!(marks(&conduct), [present("a"), present("b"), ("c".to_owned(), RollMark::Late), absent, present("main")]);
    // Who was noted by hand stays so.
    conduct.command(BEGIN, &by("main"), Command::MarkRoll { venue: venue("d"), mark: RollMark::Absent }).unwrap();
    come(&mut conduct, &["d"]);
    assert_eq!(conduct.roll.answers[&venue("d")].mark, RollMark::Absent);
    assert_eq!(conduct.phase, Phase::InSession);
}

#[test]
fn a_vote_is_one_per_venue_and_secret_where_it_should_be() {
    let mut conduct = in_session(Mode::Discussion);
    let vote =
        |is_secret| Command::StartVote { title: "通过议程?".to_owned(), options: ["同意", "反对", "弃权"].map(str::to_owned).into(), is_secret };
    conduct.command(BEGIN, &by("main"), vote(true)).unwrap();
    assert_eq!(conduct.command(BEGIN, &by("main"), vote(true)), Err(Refusal::BallotRuns));
    conduct.command(BEGIN, &by("a"), Command::Cast { choice: 1 }).unwrap();
    conduct.command(BEGIN, &by("a"), Command::Cast { choice: 0 }).unwrap();
    conduct.command(BEGIN, &by("b"), Command::Cast { choice: 2 }).unwrap();
    assert_eq!(conduct.command(BEGIN, &by("c"), Command::Cast { choice: 3 }), Err(Refusal::NoOption(3)));
    let ballot = conduct.ballot.clone().unwrap();
    assert_eq!(ballot.counts(), [1, 0, 1]);
    assert!(ballot.shown().votes.values().all(|vote| vote.choice == 0), "nobody sees who chose what");
    conduct.command(BEGIN, &by("main"), Command::EndBallot).unwrap();
    assert_eq!(conduct.command(BEGIN, &by("c"), Command::Cast { choice: 0 }), Err(Refusal::NoBallot));
    conduct.command(BEGIN, &by("main"), Command::StartSignIn { title: "签到".to_owned() }).unwrap();
    conduct.command(BEGIN, &by("d"), Command::SignIn { headcount: Some(12) }).unwrap();
    assert_eq!(conduct.venues[&venue("d")].headcount, Some(12));
    conduct.command(BEGIN, &by("main"), Command::Close).unwrap();
    assert_eq!(conduct.past_ballots.len(), 2, "what ran when the meeting closed is kept");
}

#[test]
fn a_meeting_that_is_over_takes_no_commands() {
    let mut conduct = in_session(Mode::Discussion);
    assert_eq!(conduct.command(BEGIN, &by("main"), Command::Close).unwrap(), [Effect::Close]);
    for command in [Command::Begin, Command::Extend { minutes: 5 }, Command::Open] {
        let act = command.act();
        assert_eq!(conduct.command(BEGIN, &Actor::Desk, command), Err(Refusal::Phase { act, phase: Phase::Closed }));
    }
    assert_eq!(conduct.on_screen(), None);
}

#[test]
fn what_is_too_long_is_refused_and_changes_nothing() {
    let mut conduct = in_session(Mode::Discussion);
    let before = conduct.clone();
    let long = "长".repeat(10_000);
    assert!(conduct.command(BEGIN, &by("main"), Command::SetBanner { text: long }).is_err());
    assert!(conduct.command(BEGIN, &by("main"), Command::Extend { minutes: 100_000 }).is_err());
    assert_eq!(conduct, before);
}
