//! Whom one can invite or name: sites and people of the whole tree, found by name or by the first letters of its pinyin.

use serde::Serialize;

use super::{MeetingError, Meetings};
use crate::base::{UnitId, VenueId};
use crate::org::{Caller, Role};

/// A site or a person, as a booking names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Invitee {
    pub venue: VenueId,
    pub title: String,
    pub unit: UnitId,
    pub unit_title: String,
}

impl Meetings {
    /// At most so many; takes the chair role on any unit. Those whose name begins so stand first.
    pub fn invitees(&self, caller: &Caller, text: &str, people_only: bool, limit: usize) -> Result<Vec<Invitee>, MeetingError> {
        caller.require_anywhere(Role::Chair)?;
        let directory = self.0.org.directory();
        let sought = crate::org::Sought::of(text);
        let sites = directory.sites.iter().filter(|_| !people_only).map(|site| (VenueId::site(&site.id), &site.title, &site.unit));
        let people = directory.people.iter().filter(|person| !person.disabled).map(|person| (VenueId::person(&person.id), &person.display_name, &person.unit));
        let mut found: Vec<(bool, Invitee)> = sites
            .chain(people)
            .filter(|(_, title, unit)| sought.is_in(title) || sought.is_in(directory.unit_title(unit)))
            .map(|(venue, title, unit)| {
                let begins = title.to_lowercase().starts_with(&text.trim().to_lowercase());
                (!begins, Invitee { venue, title: title.clone(), unit: unit.clone(), unit_title: directory.unit_title(unit).to_owned() })
            })
            .collect();
        found.sort_by(|(late, one), (later, other)| (late, &one.title, &one.venue).cmp(&(later, &other.title, &other.venue)));
        found.truncate(limit);
        Ok(found.into_iter().map(|(_, invitee)| invitee).collect())
    }
}
