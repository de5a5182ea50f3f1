//! Identifiers as newtypes, so that a rule's id is never taken for an asset's.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
        #[serde(transparent)]
        #[schema(value_type = String)]
        pub struct $name(String);

        impl $name {
            /// A new, sortable, unique identifier (a ULID in lower case).
            pub fn random() -> Self {
                Self(ulid::Ulid::new().to_string().to_lowercase())
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }
    )+};
}

ids! {
    /// A channel, named by its operator: lower-case letters, digits and dashes (`cctv1`).
    ChannelId,
    /// A column of the library, named like a channel (`news`).
    ColumnId,
    /// A recording rule.
    RuleId,
    /// An asset of the library.
    AssetId,
    /// A durable job.
    JobId,
    /// A region or body in the organisation tree.
    UnitId,
    /// A site: a place with a line.
    SiteId,
    /// A person who can sign in.
    PersonId,
    /// A role given to a person on a unit.
    GrantId,
    /// An API token (not its secret).
    TokenId,
    /// An entry of a weekly timetable.
    SlotId,
    /// A meeting, also the name of its live room.
    MeetingId,
    /// The meetings that one repeat rule made.
    SeriesId,
    /// A saved group of venues.
    VenueGroupId,
    /// Something that a person or a unit was told.
    NoticeId,
    /// A file of a meeting.
    PaperId,
    /// A segment of the number plan.
    NumberSegmentId,
    /// A link by which guests come into a meeting (not its secret).
    GuestLinkId,
    /// A computer that stands ready in a venue.
    StandId,
}

/// The form of identifiers that people choose and that stand in paths and addresses:
/// 1 to 40 of `a-z 0-9 -`, beginning with a letter or digit.
pub fn is_slug(text: &str) -> bool {
    (1..=40).contains(&text.len()) && !text.starts_with('-') && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}
