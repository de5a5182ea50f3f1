//! By what right somebody sees and changes papers: their own, or that of the seat they have in the room.

use crate::base::{PersonId, VenueId};
use crate::conduct::Conduct;
use crate::meeting::booking::rights::require_sight;
use crate::meeting::live::choices;
use crate::meeting::{Meeting, Meetings};
use crate::org::{Caller, Denied};
use crate::store::papers::PaperRow;

/// A venue in the room, by its token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    pub venue: VenueId,
    pub title: String,
    /// The chair's, or the main venue's.
    pub steers: bool,
    /// It may present papers now.
    pub may_share: bool,
}

impl Seat {
    pub fn of(conduct: &Conduct, venue: VenueId) -> Self {
        Self {
            title: conduct.venues.get(&venue).map(|known| known.title.clone()).unwrap_or_default(),
            steers: venue == conduct.chair || venue == conduct.main,
            may_share: conduct.rights(&venue).may_share,
            venue,
        }
    }
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub steers: bool,
    pub seat: Option<Seat>,
    pub person: Option<PersonId>,
    /// Of the person; empty for a guest.
    pub name: String,
    /// The venue whose receipt it is when a paper is opened; none for who hands papers out.
    reads_as: Option<(VenueId, String)>,
}

impl Standing {
    /// Whoever has a seat in the room, or may see the booking.
    pub fn new(caller: &Caller, meeting: &Meeting, seat: Option<Seat>) -> Result<Self, Denied> {
        if seat.is_none() {
            caller.require_signed_in()?;
            require_sight(caller, meeting)?;
        }
        let may_steer = caller.require_signed_in().is_ok() && Meetings::may_steer(caller, meeting);
        let steers = may_steer || seat.as_ref().is_some_and(|seat| seat.steers);
        let person = caller.person();
        let sits = seat.as_ref().map(|seat| (seat.venue.clone(), seat.title.clone()));
        let obvious = || choices(caller, meeting).into_iter().next().filter(|_| !may_steer).map(|choice| (choice.venue, choice.title));
        Ok(Self {
            steers,
            // A clerk's look is no venue's receipt, nor is that of the chair.
            reads_as: sits.or_else(obvious).filter(|_| !seat.as_ref().is_some_and(|seat| seat.steers)),
            seat,
            name: person.map(|person| person.display_name.clone()).unwrap_or_default(),
            person: person.map(|person| person.id.clone()),
        })
    }

    pub(super) fn reads_as(&self) -> Option<&(VenueId, String)> {
        self.reads_as.as_ref()
    }

    /// Who brought it.
    fn is_own(&self, paper: &PaperRow) -> bool {
        let by_person = self.person.is_some() && paper.uploaded_by == self.person;
        by_person || self.seat.as_ref().is_some_and(|seat| paper.venue.as_ref() == Some(&seat.venue))
    }

    pub(super) fn may_see(&self, paper: &PaperRow) -> bool {
        self.steers || paper.distributed.is_some() || self.is_own(paper)
    }

    pub(super) fn may_change(&self, paper: &PaperRow) -> bool {
        self.steers || self.is_own(paper)
    }

    /// Who steers, and who may present now.
    pub(super) fn may_bring(&self) -> bool {
        self.steers || self.seat.as_ref().is_some_and(|seat| seat.may_share)
    }
}
