//! What a meeting promises.

mod any_commands;
mod floor_and_silence;
mod interpretation;
mod polls;
mod roll_and_votes;
mod the_table;

use super::*;
use crate::base::{UtcMs, VenueId};

pub const BEGIN: UtcMs = UtcMs(1_795_000_000_000);

pub fn venue(name: &str) -> VenueId {
    format!("site:{name}").parse().unwrap()
}

pub fn by(name: &str) -> Actor {
    Actor::Venue(venue(name))
}

/// A province with four counties; the chair sits in the main venue.
pub fn booked(mode: Mode) -> Conduct {
    let expected = |name: &str| Expected { venue: venue(name), title: name.to_owned() };
    Conduct::new(Beginning { mode, main: venue("main"), chair: None, venues: ["main", "a", "b", "c", "d"].map(expected).into(), ends: BEGIN + 3_600_000 })
}

/// All are in, and the meeting is in session.
pub fn in_session(mode: Mode) -> Conduct {
    let mut conduct = booked(mode);
    come(&mut conduct, &["main"]);
    come(&mut conduct, &["a", "b", "c", "d"]);
    conduct.command(BEGIN, &by("main"), Command::Begin).unwrap();
    conduct
}

pub fn come(conduct: &mut Conduct, names: &[&str]) {
    for name in names {
        conduct.handle(BEGIN, Input::Knocked { venue: venue(name), title: (*name).to_owned() }).unwrap();
        conduct.handle(BEGIN, Input::Joined { venue: venue(name) }).unwrap();
    }
}
