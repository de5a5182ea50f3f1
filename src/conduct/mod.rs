//! The meeting as a state machine: who chairs, who is seen and heard, the roll, the floor, polls and votes.
//!
//! Pure. [`Conduct::command`] takes what somebody does, [`Conduct::handle`] what happened to a venue, [`Conduct::tick`] that time passed; each leaves the state
//! changed and tells what must be done outside it as [`Effect`]s. Who may do what and when is one table, [`Act::rule`], which `docs/reference/conduct.md` shows.
//!
//! Invariant: whatever anybody does in whatever order, there is at most one chair, nobody is broadcast who is not in, and a microphone that the chair locked is
//! opened by the chair alone.

mod apply;
mod ballot;
mod board;
mod command;
mod floor;
mod interpretation;
mod poll;
mod presence;
mod refusal;
mod roll;
mod rule;
mod scene;
mod stage;
mod state;
#[cfg(test)]
mod tests;

pub use ballot::{Ballot, BallotKind, Vote};
pub use board::{BoardAct, Colour, MOST_POINTS, MOST_STROKES, Shape, Stroke};
pub use command::{Act, Chat, Command, Layout, Mode, RollMark, Screen, Whom};
pub use floor::{Floor, Hand};
pub use interpretation::{Interpreted, Language};
pub use poll::{Poll, Polls};
pub use presence::{Input, Presence};
pub use refusal::Refusal;
pub use roll::{Answer, Roll};
pub use rule::{Actor, Phase, Role, Rule};
pub use scene::{Rights, Scene};
pub use stage::Stage;
pub use state::{Beginning, Conduct, Expected, Venue};

use crate::base::VenueId;

/// What must be done outside the state machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// A venue computer that stands ready rings; a person gets a notice.
    Ring(VenueId),
    /// It is let in.
    Admit(VenueId),
    /// It is sent out.
    Remove(VenueId),
    /// Its microphone is to be opened or closed there.
    Microphone { venue: VenueId, is_open: bool },
    /// The meeting is over: everybody goes.
    Close,
}
