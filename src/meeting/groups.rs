//! Saved groups of venues.

use serde::Deserialize;

use super::{MeetingError, Meetings, VenueGroup};
use crate::base::{UnitId, Venue, VenueGroupId, VenueId};
use crate::meeting::booking::group_title;
use crate::org::{Caller, Record, Role};

#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVenueGroup {
    /// Takes the chair role on it.
    pub unit: UnitId,
    pub title: String,
    pub venues: Vec<VenueId>,
}

const VENUES: usize = 500;

impl Meetings {
    /// Those of the units on which the caller has the chair role, by title.
    pub async fn groups(&self, caller: &Caller) -> Result<Vec<VenueGroup>, MeetingError> {
        caller.require_anywhere(Role::Chair)?;
        let mut groups = self.0.store.venue_groups().await?;
        groups.retain(|group| caller.may(Role::Chair, &group.unit));
        Ok(groups)
    }

    pub async fn create_group(&self, caller: &Caller, new: NewVenueGroup) -> Result<VenueGroup, MeetingError> {
        caller.require_signed_in()?;
        let directory = self.0.org.directory();
        directory.unit(&new.unit).ok_or_else(|| MeetingError::missing("unit", &new.unit))?;
        caller.require(Role::Chair, &new.unit)?;
        let mut venues: Vec<VenueId> = vec![];
        for venue in new.venues {
            match venue.what() {
                Venue::Site(site) => drop(directory.site(&site).ok_or_else(|| MeetingError::missing("site", &site))?),
                Venue::Person(person) => drop(directory.person(&person).ok_or_else(|| MeetingError::missing("person", &person))?),
                Venue::Guest(_) => return Err(MeetingError::invalid("venues", format!("“{venue}”是临时来宾 / {venue} is a guest"))),
            }
            if !venues.contains(&venue) {
                venues.push(venue);
            }
        }
        if !(1..=VENUES).contains(&venues.len()) {
            let count = venues.len();
            return Err(MeetingError::invalid(
                "venues",
                format!("会场组应有 1 到 {VENUES} 个会场,现有 {count} 个 / a group has 1 to {VENUES} venues, this one {count}"),
            ));
        }
        let group = VenueGroup { id: VenueGroupId::random(), unit: new.unit, title: group_title(&new.title)?, venues, created: self.now() };
        let mut change = self.0.store.change().await?;
        change.insert_venue_group(&group).await?;
        let record = Record::new("venue_group.create", &group.id).on(&group.unit).after(&group);
        change.append_audit(&self.0.org.entry(&caller.actor(), record)).await?;
        change.commit_apart().await?;
        Ok(group)
    }

    pub async fn delete_group(&self, caller: &Caller, id: &VenueGroupId) -> Result<(), MeetingError> {
        caller.require_signed_in()?;
        let group = self.0.store.venue_group(id).await?;
        caller.require(Role::Chair, &group.unit)?;
        let mut change = self.0.store.change().await?;
        change.delete_venue_group(id).await?;
        let record = Record::new("venue_group.delete", id).on(&group.unit).before(&group);
        change.append_audit(&self.0.org.entry(&caller.actor(), record)).await?;
        change.commit_apart().await?;
        Ok(())
    }
}
