//! The table of commands × roles × phases, and its document.

use super::*;

fn row(act: Act) -> String {
    let roles: String = Role::ALL.iter().map(|role| if act.rule().is_for(*role) { " ● |" } else { "  |" }).collect();
    let phases: String = Phase::ALL.iter().map(|phase| if act.rule().is_in(*phase) { " ● |" } else { "  |" }).collect();
    format!("| `{}` |{roles}{phases}", act.name())
}

/// `docs/reference/conduct.md` shows this very table; a new row is printed here to be copied.
#[test]
fn the_reference_shows_it() {
    let reference = include_str!("../../../docs/reference/conduct.md");
    let missing: Vec<String> = Act::ALL.iter().map(|act| row(*act)).filter(|row| !reference.contains(row.as_str())).collect();
    assert!(missing.is_empty(), "rows to be in docs/reference/conduct.md:\n{}", missing.join("\n"));
}

#[test]
fn commands_are_named_as_they_are_sent() {
    let sent = serde_json::to_value(Command::GiveFloor { venue: venue("a") }).unwrap();
    assert_eq!(sent["act"], Act::GiveFloor.name());
    assert!(serde_json::from_str::<Command>(r#"{"act": "explode"}"#).is_err());
    assert!(serde_json::from_str::<Command>(r#"{"act": "look", "venue": "site:a", "at": 1}"#).is_err(), "what is not understood is not passed over");
}

#[test]
fn branches_steer_nothing() {
    let own = [
        Act::AnswerRoll,
        Act::RaiseHand,
        Act::LowerHand,
        Act::MuteSelf,
        Act::Share,
        Act::Cast,
        Act::SignIn,
        Act::Headcount,
        Act::Reclaim,
        Act::Interpret,
        Act::OfferInterpreting,
    ];
    for act in Act::ALL {
        assert_eq!(act.rule().is_for(Role::Branch), own.contains(act), "{}", act.name());
    }
}
