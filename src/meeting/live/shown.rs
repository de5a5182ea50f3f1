//! What of a meeting is on every screen: it travels as the room's metadata, so that whoever comes in or comes back has it at once.

use serde::Serialize;

use crate::base::{UtcMs, VenueId};
use crate::conduct::{Ballot, BallotKind, Chat, Conduct, Floor, Interpreted, Layout, Mode, Phase, Poll, Rights, Roll, Scene, Screen};
use crate::room::Governed;

/// The state that everybody sees.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Shown {
    pub version: u64,
    pub title: String,
    pub phase: Phase,
    pub mode: Mode,
    pub main: VenueId,
    pub chair: VenueId,
    pub ends: UtcMs,
    pub is_extended: bool,
    pub break_until: Option<UtcMs>,
    /// What everybody sees large.
    pub on_screen: Option<VenueId>,
    /// It is on the screen because it is broadcast.
    pub broadcast: Option<VenueId>,
    /// What who is on the screen sees meanwhile.
    pub seen_there: Option<VenueId>,
    /// What will be on the screen next: its picture is kept warm.
    pub next: Option<VenueId>,
    pub wall: Vec<VenueId>,
    pub wall_next: Vec<VenueId>,
    /// The polls of all and of the wall.
    pub poll: Option<Poll>,
    pub wall_poll: Option<Poll>,
    pub floor: Floor,
    pub is_mute_locked: bool,
    pub is_door_locked: bool,
    pub chat: Chat,
    pub layout: Layout,
    pub banner: String,
    pub subtitle: String,
    pub agenda: Option<u32>,
    pub roll_begun: Option<UtcMs>,
    pub ballot: Option<BallotShown>,
    /// Languages that can be listened to beside the floor.
    pub interpretation: Vec<Interpreted>,
    pub has_reactions: bool,
    pub is_board_open: bool,
}

/// A vote or sign-in, without who chose what.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct BallotShown {
    pub kind: BallotKind,
    pub title: String,
    pub options: Vec<String>,
    pub is_secret: bool,
    pub begun: UtcMs,
    pub ended: Option<UtcMs>,
    pub counts: Vec<usize>,
    pub voted: usize,
}

/// What chair and desk see: everything.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct ConductView {
    pub shown: Shown,
    /// In the order of the list.
    pub venues: Vec<VenueView>,
    pub roll: Roll,
    /// Whom the chair looks at.
    pub look: Option<VenueId>,
    pub chair_poll: Option<Poll>,
    /// What the chair's screen shows.
    pub scene: Scene,
    pub past_ballots: Vec<BallotShown>,
}

#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct VenueView {
    pub id: VenueId,
    #[serde(flatten)]
    pub venue: crate::conduct::Venue,
    pub rights: Rights,
}

impl Shown {
    pub fn of(conduct: &Conduct, title: &str) -> Self {
        let on_screen = conduct.on_screen().cloned();
        let first = |venues: Vec<&VenueId>| venues.first().map(|venue| (*venue).clone());
        let owned = |venues: Vec<&VenueId>| venues.into_iter().cloned().collect();
        Self {
            version: conduct.version,
            title: title.to_owned(),
            phase: conduct.phase,
            mode: conduct.mode,
            main: conduct.main.clone(),
            chair: conduct.chair.clone(),
            ends: conduct.ends,
            is_extended: conduct.is_extended,
            break_until: conduct.break_until,
            seen_there: on_screen.as_ref().and_then(|shown| conduct.seen_by_shown(shown)).cloned(),
            on_screen,
            broadcast: conduct.stage.broadcast.clone(),
            next: first(conduct.polled_next(Screen::All)),
            wall: owned(conduct.polled(Screen::Wall)),
            wall_next: owned(conduct.polled_next(Screen::Wall)),
            poll: conduct.polls.of(Screen::All).cloned(),
            wall_poll: conduct.polls.of(Screen::Wall).cloned(),
            floor: conduct.floor.clone(),
            is_mute_locked: conduct.is_mute_locked,
            is_door_locked: conduct.is_door_locked,
            chat: conduct.chat,
            layout: conduct.layout,
            banner: conduct.banner.clone(),
            subtitle: conduct.subtitle.clone(),
            agenda: conduct.agenda,
            roll_begun: conduct.roll.begun.filter(|_| conduct.phase == Phase::RollCall),
            ballot: conduct.ballot.as_ref().map(BallotShown::of),
            interpretation: conduct.interpretation.clone(),
            has_reactions: conduct.has_reactions,
            is_board_open: conduct.is_board_open,
        }
    }
}

impl BallotShown {
    fn of(ballot: &Ballot) -> Self {
        Self {
            kind: ballot.kind,
            title: ballot.title.clone(),
            options: ballot.options.clone(),
            is_secret: ballot.is_secret,
            begun: ballot.begun,
            ended: ballot.ended,
            counts: ballot.counts(),
            voted: ballot.votes.len(),
        }
    }
}

impl ConductView {
    pub fn of(conduct: &Conduct, title: &str) -> Self {
        let venue = |id: &VenueId| Some(VenueView { id: id.clone(), venue: conduct.venues.get(id)?.clone(), rights: conduct.rights(id) });
        Self {
            shown: Shown::of(conduct, title),
            venues: conduct.in_order().into_iter().filter_map(venue).collect(),
            roll: conduct.roll.clone(),
            look: conduct.stage.look.clone(),
            chair_poll: conduct.polls.of(Screen::Chair).cloned(),
            scene: conduct.scene(&conduct.chair),
            past_ballots: conduct.past_ballots.iter().map(BallotShown::of).collect(),
        }
    }
}

/// What the room is told of every venue.
pub fn governed(conduct: &Conduct) -> Vec<Governed> {
    let word = |said: bool| if said { "1".to_owned() } else { String::new() };
    let of = |(id, venue): (&VenueId, &crate::conduct::Venue)| {
        let rights = conduct.rights(id);
        Governed {
            identity: id.to_string(),
            is_microphone_held: !rights.is_heard && !rights.may_unmute,
            is_camera_held: !rights.is_seen,
            may_share: rights.may_share,
            may_send_data: rights.may_chat,
            may_react: conduct.has_reactions && venue.presence.is_here(),
            interprets: conduct.interprets(id).map(ToString::to_string).collect(),
            on_air: conduct.on_air(id).map(ToString::to_string),
            attributes: [
                ("yz.locked".to_owned(), word(!rights.may_unmute)),
                ("yz.camera_off".to_owned(), word(venue.is_camera_off)),
                ("yz.may_share".to_owned(), word(rights.may_share)),
                ("yz.headcount".to_owned(), venue.headcount.map(|people| people.to_string()).unwrap_or_default()),
                ("yz.roll".to_owned(), word(conduct.roll.answers.contains_key(id))),
                ("yz.position".to_owned(), venue.position.to_string()),
            ]
            .into(),
        }
    };
    conduct.venues.iter().map(of).collect()
}
