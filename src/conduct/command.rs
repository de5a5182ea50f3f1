//! What can be done in a meeting.

use serde::{Deserialize, Serialize};

use super::interpretation::Language;
use super::poll::MOST_WALL;
use crate::base::{UtcMs, VenueId};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Branches are silent until they have the floor.
    Lecture,
    /// Everybody may speak.
    Discussion,
    /// As a lecture; questions by raised hands and chat.
    Training,
    /// Everybody may speak, and nobody waits to be let in.
    Emergency,
}

impl Mode {
    pub const ALL: [Mode; 4] = [Mode::Lecture, Mode::Discussion, Mode::Training, Mode::Emergency];

    pub fn as_str(self) -> &'static str {
        match self {
            Mode::Lecture => "lecture",
            Mode::Discussion => "discussion",
            Mode::Training => "training",
            Mode::Emergency => "emergency",
        }
    }
}

impl std::str::FromStr for Mode {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == text).ok_or(())
    }
}

/// How the room is shown where nobody chose otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    #[default]
    Speaker,
    Grid,
    MainWithSides,
    SlidesBesideSpeaker,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Chat {
    #[default]
    Open,
    /// Only chair and desk write.
    Moderated,
    Off,
}

/// Of three polls each has its own screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Screen {
    /// What the chair sees.
    Chair,
    /// What all see.
    All,
    /// The wall of pictures.
    Wall,
}

impl Screen {
    pub const ALL: [Screen; 3] = [Screen::Chair, Screen::All, Screen::Wall];

    /// Pictures that it shows at once, at most.
    pub fn most_at_once(self) -> usize {
        if self == Screen::Wall { MOST_WALL } else { 1 }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RollMark {
    Present,
    Late,
    Absent,
}

/// Whose microphones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Whom {
    One(VenueId),
    All,
    AllBut(Vec<VenueId>),
}

/// What somebody does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
pub enum Command {
    /// The doors open: venues come in.
    Open,
    CallRoll,
    EndRoll,
    /// Answers for a venue, or corrects what it answered.
    MarkRoll {
        venue: VenueId,
        mark: RollMark,
    },
    Begin,
    Pause {
        until: Option<UtcMs>,
    },
    Resume,
    Extend {
        minutes: u32,
    },
    Close,
    SetMode {
        mode: Mode,
    },
    HandOver {
        to: VenueId,
    },
    /// Takes the chair whose holder is lost, or back what was handed over.
    Reclaim,
    Broadcast {
        venue: VenueId,
    },
    EndBroadcast,
    /// The chair alone sees it.
    Look {
        venue: VenueId,
    },
    EndLook,
    /// What a venue sees while it is broadcast; absent: the main venue.
    ReturnPicture {
        venue: Option<VenueId>,
    },
    Poll {
        screen: Screen,
        venues: Vec<VenueId>,
        seconds: u32,
        at_once: Option<usize>,
    },
    PausePoll {
        screen: Screen,
    },
    ResumePoll {
        screen: Screen,
    },
    StepPoll {
        screen: Screen,
    },
    StopPoll {
        screen: Screen,
    },
    GiveFloor {
        venue: VenueId,
    },
    TakeFloor {
        venue: VenueId,
    },
    DismissHand {
        venue: VenueId,
    },
    Mute {
        whom: Whom,
    },
    Unmute {
        whom: Whom,
    },
    LockMute {
        locked: bool,
    },
    Camera {
        venue: VenueId,
        off: bool,
    },
    SetLayout {
        layout: Layout,
    },
    SetBanner {
        text: String,
    },
    SetSubtitle {
        text: String,
    },
    StartVote {
        title: String,
        options: Vec<String>,
        is_secret: bool,
    },
    StartSignIn {
        title: String,
    },
    EndBallot,
    Invite {
        venue: VenueId,
        title: String,
    },
    /// Rings again: one, or all who are not in.
    Redial {
        venue: Option<VenueId>,
    },
    Remove {
        venue: VenueId,
    },
    Admit {
        venue: VenueId,
    },
    /// Who waits is sent away.
    TurnAway {
        venue: VenueId,
    },
    LockDoor {
        locked: bool,
    },
    SetAgenda {
        at: Option<u32>,
    },
    AllowShare {
        venue: VenueId,
        allowed: bool,
    },
    SetChat {
        chat: Chat,
    },
    /// Names who interprets into a language, or takes the name away.
    SetInterpreter {
        venue: VenueId,
        language: Language,
        named: bool,
    },
    SetReactions {
        on: bool,
    },
    OpenBoard {
        open: bool,
    },
    AnswerRoll,
    RaiseHand,
    LowerHand,
    /// Its own microphone, by its own hand.
    MuteSelf {
        muted: bool,
    },
    Share {
        on: bool,
    },
    Cast {
        choice: u32,
    },
    SignIn {
        headcount: Option<u32>,
    },
    Headcount {
        people: u32,
    },
    /// An interpreter goes on air, or off.
    Interpret {
        language: Language,
        on: bool,
    },
    /// Asks a colleague to take over; absent: not any more.
    OfferInterpreting {
        language: Language,
        to: Option<VenueId>,
    },
}

macro_rules! acts {
    ($($name:ident),+ $(,)?) => {
        /// A command without its particulars.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Act { $($name),+ }

        impl Act {
            pub const ALL: &[Act] = &[$(Act::$name),+];

            /// As commands and the audit log name it.
            pub fn name(self) -> String {
                let camel = match self { $(Act::$name => stringify!($name)),+ };
                let mut snake = String::new();
                for letter in camel.chars() {
                    if letter.is_uppercase() && !snake.is_empty() {
                        snake.push('_');
                    }
                    snake.extend(letter.to_lowercase());
                }
                snake
            }
        }

        impl Command {
            pub fn act(&self) -> Act {
                match self { $(Command::$name { .. } => Act::$name),+ }
            }
        }
    };
}

acts! {
    Open, CallRoll, EndRoll, MarkRoll, Begin, Pause, Resume, Extend, Close, SetMode, HandOver, Reclaim, Broadcast, EndBroadcast, Look, EndLook, ReturnPicture,
    Poll, PausePoll, ResumePoll, StepPoll, StopPoll, GiveFloor, TakeFloor, DismissHand, Mute, Unmute, LockMute, Camera, SetLayout, SetBanner, SetSubtitle,
    StartVote, StartSignIn, EndBallot, Invite, Redial, Remove, Admit, TurnAway, LockDoor, SetAgenda, AllowShare, SetChat, SetInterpreter, SetReactions, OpenBoard, AnswerRoll, RaiseHand, LowerHand,
    MuteSelf, Share, Cast, SignIn, Headcount, Interpret, OfferInterpreting,
}
