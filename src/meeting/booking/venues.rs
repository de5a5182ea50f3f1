//! From the ids of venues and people to what is written into the booking.

use std::collections::HashSet;

use super::NewDeskPerson;
use crate::base::{PersonId, UnitId, Venue, VenueId};
use crate::meeting::{DeskPerson, MeetingError, MeetingVenue, Reply, VenueRole};
use crate::org::{Caller, Directory, Person, Role};

/// A meeting has at most so many venues.
const VENUES: usize = 500;
const DESK: usize = 50;

/// The venues of a meeting of `unit`, the main one first; those that were there before keep what they answered.
pub fn venues(
    caller: &Caller,
    directory: &Directory,
    unit: &UnitId,
    main: &VenueId,
    branches: &[VenueId],
    before: &[MeetingVenue],
) -> Result<Vec<MeetingVenue>, MeetingError> {
    let mut seen = HashSet::from([main]);
    let ids: Vec<&VenueId> = std::iter::once(main).chain(branches.iter().filter(|branch| seen.insert(*branch))).collect();
    if ids.len() > VENUES {
        let count = ids.len();
        return Err(MeetingError::invalid("branches", format!("会场有 {count} 个,最多 {VENUES} 个 / {count} venues, at most {VENUES}")));
    }
    let is_ours = |of: &UnitId| caller.may(Role::Chair, of) || directory.tree.contains(unit, of);
    let one = |(at, id): (usize, &VenueId)| {
        let role = if at == 0 { VenueRole::Main } else { VenueRole::Branch };
        if let Some(known) = before.iter().find(|venue| venue.venue == *id) {
            return Ok(MeetingVenue { role, ..known.clone() });
        }
        let (title, of) = match id.what() {
            Venue::Site(site) => {
                directory.site(&site).map(|site| (site.title.clone(), site.unit.clone())).ok_or_else(|| MeetingError::missing("site", &site))?
            }
            Venue::Person(person) => able(directory, &person).map(|person| (person.display_name.clone(), person.unit.clone()))?,
            Venue::Guest(_) => {
                return Err(MeetingError::invalid("branches", format!("“{id}”是临时来宾,不能预订 / {id} is a guest and cannot be booked")));
            }
        };
        Ok(MeetingVenue {
            venue: id.clone(),
            title,
            role,
            invited: !is_ours(&of),
            unit: of,
            reply: Reply::Pending,
            headcount: None,
            remark: String::new(),
            replied_by: None,
            replied_at: None,
        })
    };
    ids.into_iter().enumerate().map(one).collect()
}

/// A person who can take part.
pub fn able<'a>(directory: &'a Directory, id: &PersonId) -> Result<&'a Person, MeetingError> {
    let person = directory.person(id).ok_or_else(|| MeetingError::missing("person", id))?;
    if person.disabled {
        let name = &person.display_name;
        return Err(MeetingError::invalid("person", format!("{name} 的账号已停用 / the account of {name} is disabled")));
    }
    Ok(person)
}

/// The desk of a meeting with this chair. Secretaries act for somebody who takes part.
pub fn desk(directory: &Directory, chair: &PersonId, venues: &[MeetingVenue], wanted: &[NewDeskPerson]) -> Result<Vec<DeskPerson>, MeetingError> {
    if wanted.len() > DESK {
        let count = wanted.len();
        return Err(MeetingError::invalid("desk", format!("会务人员有 {count} 人,最多 {DESK} 人 / {count} people at the desk, at most {DESK}")));
    }
    let mut desk: Vec<DeskPerson> = vec![];
    for new in wanted {
        let person = able(directory, &new.person)?;
        let acts_for = new.acts_for.clone().unwrap_or_else(|| chair.clone());
        let takes_part = acts_for == *chair || venues.iter().any(|venue| venue.venue.as_person().as_ref() == Some(&acts_for));
        if !takes_part {
            let name = &person.display_name;
            let message = format!("{name} 所代表的人员 {acts_for} 不参加会议 / {name} acts for {acts_for}, who does not take part");
            return Err(MeetingError::invalid("desk", message));
        }
        if desk.iter().any(|known| known.person == person.id && known.acts_for == acts_for) {
            continue;
        }
        desk.push(DeskPerson { person: person.id.clone(), name: person.display_name.clone(), duty: new.duty, acts_for });
    }
    // The order in which they are read.
    desk.sort_by(|a, b| (&a.person, &a.acts_for).cmp(&(&b.person, &b.acts_for)));
    Ok(desk)
}
