//! What is so in a meeting.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Refusal;
use super::ballot::Ballot;
use super::command::{Chat, Layout, Mode};
use super::floor::Floor;
use super::interpretation::Interpreted;
use super::poll::Polls;
use super::presence::Presence;
use super::roll::Roll;
use super::rule::{Actor, Phase, Role};
use super::stage::Stage;
use crate::base::{UtcMs, VenueId};

/// Venues of one meeting, those included that came without being booked.
pub const MOST_VENUES: usize = 1_000;

/// A venue as it is booked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    pub venue: VenueId,
    pub title: String,
}

/// What a meeting begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beginning {
    pub mode: Mode,
    pub main: VenueId,
    /// Who chairs; the main venue where nobody is named.
    pub chair: Option<VenueId>,
    /// In the order of the list.
    pub venues: Vec<Expected>,
    pub ends: UtcMs,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Venue {
    pub title: String,
    /// Its place in the list.
    pub position: usize,
    /// It was booked, or invited by the chair; others ask to be let in.
    pub is_expected: bool,
    /// The chair sent it out: it comes in when the chair lets it, and by no other way.
    #[serde(default)]
    pub must_ask: bool,
    pub presence: Presence,
    /// What the chair, or who sits there, did last.
    pub is_muted: bool,
    /// The chair turned its camera off.
    pub is_camera_off: bool,
    pub may_share: bool,
    pub is_sharing: bool,
    /// How many people sit there, as they said.
    pub headcount: Option<u32>,
}

/// A meeting, from its call to its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Conduct {
    /// Grows with every change.
    pub version: u64,
    pub phase: Phase,
    pub mode: Mode,
    pub main: VenueId,
    pub chair: VenueId,
    /// Who may take the chair back at any time.
    pub booked_chair: VenueId,
    pub ends: UtcMs,
    pub is_extended: bool,
    pub began: Option<UtcMs>,
    pub closed: Option<UtcMs>,
    pub break_until: Option<UtcMs>,
    pub venues: BTreeMap<VenueId, Venue>,
    pub stage: Stage,
    pub polls: Polls,
    pub floor: Floor,
    pub roll: Roll,
    pub is_mute_locked: bool,
    pub is_door_locked: bool,
    pub chat: Chat,
    pub layout: Layout,
    pub banner: String,
    pub subtitle: String,
    /// The point of the agenda that is discussed.
    pub agenda: Option<u32>,
    /// The one under way.
    pub ballot: Option<Ballot>,
    pub past_ballots: Vec<Ballot>,
    #[serde(default)]
    pub interpretation: Vec<Interpreted>,
    /// Small marks that anybody may show; off where nobody turned them on.
    #[serde(default)]
    pub has_reactions: bool,
    /// The shared board is on the screens.
    #[serde(default)]
    pub is_board_open: bool,
}

impl Conduct {
    pub fn new(beginning: Beginning) -> Self {
        let chair = beginning.chair.unwrap_or_else(|| beginning.main.clone());
        let mut conduct = Self {
            version: 0,
            phase: Phase::Called,
            mode: beginning.mode,
            main: beginning.main,
            booked_chair: chair.clone(),
            chair,
            ends: beginning.ends,
            is_extended: false,
            began: None,
            closed: None,
            break_until: None,
            venues: BTreeMap::new(),
            stage: Stage::default(),
            polls: Polls::default(),
            floor: Floor::default(),
            roll: Roll::default(),
            is_mute_locked: is_quiet(beginning.mode),
            is_door_locked: false,
            chat: Chat::Open,
            layout: Layout::default(),
            banner: String::new(),
            subtitle: String::new(),
            agenda: None,
            ballot: None,
            past_ballots: Vec::new(),
            interpretation: Vec::new(),
            has_reactions: false,
            is_board_open: false,
        };
        for expected in beginning.venues {
            conduct.expect(expected.venue, expected.title);
        }
        conduct
    }

    /// Who chairs and how it is held is the booking's until the doors open; then it is the chair's.
    pub(super) fn booked(&mut self, booking: Beginning, dropped: &[VenueId]) {
        (self.ends, self.booked_chair) = (booking.ends, booking.chair.unwrap_or_else(|| booking.main.clone()));
        if self.phase == Phase::Called {
            (self.mode, self.main, self.chair) = (booking.mode, booking.main, self.booked_chair.clone());
            self.is_mute_locked = is_quiet(self.mode);
        }
        for expected in booking.venues {
            self.expect(expected.venue, expected.title);
        }
        for (id, venue) in &mut self.venues {
            let steers = *id == self.main || *id == self.chair;
            // Whoever is in stays until the chair sends it out.
            venue.is_expected &= steers || !dropped.contains(id);
            if self.phase == Phase::Called && !venue.presence.is_here() {
                venue.is_muted = is_quiet(self.mode) && !steers;
            }
        }
    }

    /// A venue that belongs to the meeting from now on.
    pub(super) fn expect(&mut self, venue: VenueId, title: String) {
        let position = self.venues.len();
        // Where branches are silent they come silent.
        let is_muted = is_quiet(self.mode) && venue != self.main && venue != self.chair;
        let added = self.venues.entry(venue).or_insert(Venue {
            title: title.clone(),
            position,
            is_expected: true,
            must_ask: false,
            presence: Presence::Absent,
            is_muted,
            is_camera_off: false,
            may_share: false,
            is_sharing: false,
            headcount: None,
        });
        added.is_expected = true;
        added.title = title;
    }

    pub fn role(&self, actor: &Actor) -> Role {
        match actor {
            Actor::Desk => Role::Desk,
            Actor::Venue(venue) if *venue == self.chair => Role::Chair,
            Actor::Venue(venue) if *venue == self.main => Role::Main,
            Actor::Venue(_) => Role::Branch,
        }
    }

    pub(super) fn venue(&self, venue: &VenueId) -> Result<&Venue, Refusal> {
        self.venues.get(venue).ok_or_else(|| Refusal::Unknown(venue.clone()))
    }

    pub(super) fn venue_mut(&mut self, venue: &VenueId) -> Result<&mut Venue, Refusal> {
        self.venues.get_mut(venue).ok_or_else(|| Refusal::Unknown(venue.clone()))
    }

    /// One that is in, or was a moment ago.
    pub(super) fn venue_here(&mut self, venue: &VenueId) -> Result<&mut Venue, Refusal> {
        let found = self.venue_mut(venue)?;
        if found.presence.is_here() { Ok(found) } else { Err(Refusal::NotIn(venue.clone())) }
    }

    /// In the order of the list.
    pub fn in_order(&self) -> Vec<&VenueId> {
        let mut venues: Vec<_> = self.venues.iter().collect();
        venues.sort_by_key(|(_, venue)| venue.position);
        venues.into_iter().map(|(id, _)| id).collect()
    }

    pub fn is_in(&self, venue: &VenueId) -> bool {
        self.venues.get(venue).is_some_and(|venue| venue.presence == Presence::In)
    }
}

/// Branches are silent until they have the floor.
pub(super) fn is_quiet(mode: Mode) -> bool {
    matches!(mode, Mode::Lecture | Mode::Training)
}
