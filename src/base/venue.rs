//! Who takes part in a meeting: a place with equipment, somebody on their own, or a guest.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{PersonId, SiteId};

/// A venue of a meeting, and its identity in the live room: `site:<site id>`, `person:<person id>` or `guest:<ulid>`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct VenueId(String);

/// What a [`VenueId`] names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Venue {
    Site(SiteId),
    Person(PersonId),
    /// Came by a link.
    Guest(String),
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("会场“{0}”无效,应为 site:<编号>、person:<编号> 或 guest:<编号> / venue `{0}` is not one of site:<id>, person:<id>, guest:<id>")]
pub struct VenueError(String);

impl VenueId {
    pub fn site(id: &SiteId) -> Self {
        Self(format!("site:{id}"))
    }

    pub fn person(id: &PersonId) -> Self {
        Self(format!("person:{id}"))
    }

    /// A new guest.
    pub fn guest() -> Self {
        Self(format!("guest:{}", ulid::Ulid::new().to_string().to_lowercase()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn what(&self) -> Venue {
        // The form is checked when one is made, so there is a colon.
        match self.0.split_once(':') {
            Some(("site", id)) => Venue::Site(id.into()),
            Some(("person", id)) => Venue::Person(id.into()),
            Some((_, id)) => Venue::Guest(id.to_owned()),
            None => Venue::Guest(self.0.clone()),
        }
    }

    /// Came by a link.
    pub fn is_guest(&self) -> bool {
        self.0.starts_with("guest:")
    }

    pub fn as_site(&self) -> Option<SiteId> {
        self.0.strip_prefix("site:").map(SiteId::from)
    }

    pub fn as_person(&self) -> Option<PersonId> {
        self.0.strip_prefix("person:").map(PersonId::from)
    }
}

impl FromStr for VenueId {
    type Err = VenueError;
    fn from_str(text: &str) -> Result<Self, VenueError> {
        let is_id = |id: &str| (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
        match text.split_once(':') {
            Some(("site" | "person" | "guest", id)) if is_id(id) => Ok(Self(text.to_owned())),
            _ => Err(VenueError(text.chars().take(100).collect())),
        }
    }
}

impl TryFrom<String> for VenueId {
    type Error = VenueError;
    fn try_from(text: String) -> Result<Self, VenueError> {
        text.parse()
    }
}

impl From<VenueId> for String {
    fn from(venue: VenueId) -> Self {
        venue.0
    }
}

impl fmt::Display for VenueId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A string, for the API's description.
impl utoipa::PartialSchema for VenueId {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        String::schema()
    }
}

impl utoipa::ToSchema for VenueId {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_venue_is_what_it_says() {
        let site: VenueId = "site:330100-hall".parse().unwrap();
        assert_eq!(site.what(), Venue::Site("330100-hall".into()));
        assert_eq!(VenueId::site(&"330100-hall".into()), site);
        let guest = VenueId::guest();
        assert_eq!(guest.as_str().parse(), Ok(guest));
        for wrong in ["", "site:", "hall", "room:1", "site:a b", "site:../x", &format!("site:{}", "x".repeat(10_000))] {
            assert!(wrong.parse::<VenueId>().is_err(), "{wrong}");
        }
    }
}
