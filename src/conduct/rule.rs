//! Who may do what, and when: one table.

use serde::{Deserialize, Serialize};

use super::command::Act;
use crate::base::VenueId;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Called together; the doors are closed.
    Called,
    Gathering,
    RollCall,
    InSession,
    Break,
    Closed,
}

impl Phase {
    pub const ALL: [Phase; 6] = [Phase::Called, Phase::Gathering, Phase::RollCall, Phase::InSession, Phase::Break, Phase::Closed];

    fn letter(self) -> char {
        match self {
            Phase::Called => 'c',
            Phase::Gathering => 'g',
            Phase::RollCall => 'r',
            Phase::InSession => 's',
            Phase::Break => 'b',
            Phase::Closed => 'x',
        }
    }
}

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// By a venue's place in the room.
    Venue(VenueId),
    /// The clerk or secretary who runs the desk for the chair, wherever they sit.
    Desk,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Chair,
    Desk,
    /// The main venue, where it does not chair.
    Main,
    Branch,
}

impl Role {
    pub const ALL: [Role; 4] = [Role::Chair, Role::Desk, Role::Main, Role::Branch];

    fn letter(self) -> char {
        match self {
            Role::Chair => 'C',
            Role::Desk => 'D',
            Role::Main => 'M',
            Role::Branch => 'B',
        }
    }
}

/// A row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    roles: &'static str,
    phases: &'static str,
}

impl Rule {
    pub fn is_for(self, role: Role) -> bool {
        self.roles.contains(role.letter())
    }

    pub fn is_in(self, phase: Phase) -> bool {
        self.phases.contains(phase.letter())
    }
}

/// While there is a meeting at all; once its doors are open; once all are to be there.
const ALWAYS: &str = "cgrsb";
const OPEN: &str = "grsb";
const HELD: &str = "rs";
/// Who steers; who sits in a venue; anybody.
const STEER: &str = "CD";
const VENUES: &str = "CMB";

impl Act {
    pub fn rule(self) -> Rule {
        use Act::*;
        let (roles, phases) = match self {
            Open => ("CDM", "c"),
            CallRoll => (STEER, "gs"),
            EndRoll => (STEER, "r"),
            MarkRoll => (STEER, "rsb"),
            Begin => ("CDM", "cg"),
            Pause => (STEER, "s"),
            Resume => (STEER, "b"),
            Extend | Close | SetMode | HandOver => (STEER, ALWAYS),
            // Whether the chair is lost, or was theirs, is asked besides.
            Reclaim => ("DMB", ALWAYS),
            Broadcast | EndBroadcast | Look | EndLook | Poll | PausePoll | ResumePoll | StepPoll | StopPoll => (STEER, OPEN),
            ReturnPicture => ("CDM", OPEN),
            GiveFloor | TakeFloor | DismissHand | Mute | Unmute | LockMute | Camera => (STEER, OPEN),
            SetLayout | SetBanner | SetSubtitle | SetAgenda | AllowShare | SetChat | SetInterpreter | SetReactions | OpenBoard => (STEER, ALWAYS),
            StartVote | StartSignIn | EndBallot => (STEER, OPEN),
            Invite | Redial | Remove | Admit | TurnAway | LockDoor => (STEER, ALWAYS),
            AnswerRoll => (VENUES, HELD),
            RaiseHand | LowerHand | MuteSelf | Share => (VENUES, OPEN),
            Cast | SignIn | Interpret | OfferInterpreting => (VENUES, OPEN),
            Headcount => (VENUES, ALWAYS),
        };
        Rule { roles, phases }
    }
}
