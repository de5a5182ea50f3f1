//! Who may do what with a meeting.
//!
//! The chair role on the unit that booked it (or one above) may everything. Beside it count those who are named in the booking: the chair and who acts for
//! them may change it as people who are signed in; a token acts by its roles alone. All who are concerned may look.

use crate::base::{PersonId, UnitId, VenueId};
use crate::org::{Caller, Denied, Role};
use crate::store::meetings::{Meeting, MeetingVenue};

/// Those who act in somebody's stead in this meeting.
fn acts_for(meeting: &Meeting, person: &PersonId, leader: &PersonId) -> bool {
    meeting.desk.iter().any(|desk| desk.person == *person && desk.acts_for == *leader)
}

pub fn may_change(caller: &Caller, meeting: &Meeting) -> Result<(), Denied> {
    let is_named = caller.require_person().is_ok_and(|person| person.id == meeting.chair || acts_for(meeting, &person.id, &meeting.chair));
    if is_named { Ok(()) } else { caller.require(Role::Chair, &meeting.unit) }
}

/// Whoever watches or chairs what belongs to the unit, is named in the booking, or is of a unit whose venue takes part; all, where anybody may walk in.
pub fn may_see(caller: &Caller, meeting: &Meeting) -> bool {
    if caller.require_signed_in().is_err() {
        return false;
    }
    let of_venues = |venue: &MeetingVenue| caller.may(Role::Chair, &venue.unit) || caller.person().is_some_and(|person| takes_part(venue, person));
    meeting.walk_in
        || caller.may(Role::Viewer, &meeting.unit)
        || caller.person().is_some_and(|person| is_named(meeting, &person.id))
        || meeting.venues.iter().any(of_venues)
}

pub fn require_sight(caller: &Caller, meeting: &Meeting) -> Result<(), Denied> {
    if may_see(caller, meeting) { Ok(()) } else { caller.require(Role::Viewer, &meeting.unit) }
}

fn takes_part(venue: &MeetingVenue, person: &crate::org::Person) -> bool {
    match venue.venue.as_person() {
        Some(id) => id == person.id,
        None => venue.unit == person.unit,
    }
}

/// Named in the booking: the chair, who booked it, the desk, who takes part alone.
pub fn is_named(meeting: &Meeting, person: &PersonId) -> bool {
    meeting.chair == *person
        || meeting.booked_by.as_ref() == Some(person)
        || meeting.desk.iter().any(|desk| desk.person == *person)
        || meeting.venue(&VenueId::person(person)).is_some()
}

/// Whether a meeting is the person's own business: named in it, or a venue of their unit takes part.
pub fn is_mine(meeting: &Meeting, person: &PersonId, unit: &UnitId) -> bool {
    is_named(meeting, person) || meeting.venues.iter().any(|venue| venue.venue.as_site().is_some() && venue.unit == *unit)
}

/// For a venue answer: the person themselves, who acts for them, or the chair role on its unit.
pub fn may_answer(caller: &Caller, meeting: &Meeting, venue: &MeetingVenue) -> bool {
    let invited = venue.venue.as_person();
    let in_person = |leader: &PersonId| caller.require_person().is_ok_and(|person| person.id == *leader || acts_for(meeting, &person.id, leader));
    caller.may(Role::Chair, &venue.unit) || invited.as_ref().is_some_and(in_person)
}

/// The one in whose stead the caller acts, for the audit log: the chair, or the leader a secretary is there for.
pub fn stands_for<'a>(caller: &Caller, meeting: &'a Meeting) -> Option<&'a PersonId> {
    let me = &caller.person()?.id;
    meeting.desk.iter().find(|desk| desk.person == *me).map(|desk| &desk.acts_for)
}
