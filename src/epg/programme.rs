//! One programme of one channel, wherever it was announced.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::base::{ChannelId, SlotId, UtcMs};

/// The stable identity of a programme of a channel: it stays the same while title and times change.
///
/// `eit:<network>.<transport stream>.<service>.<event>@<date>` with the numbers in decimal and the UTC date on which the event began
/// when it was first seen (event ids come round again after days, with some head-ends every day), or
/// `slot:<id>@<date>` with the date in the zone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(transparent)]
#[schema(value_type = String)]
pub struct EventKey(String);

impl EventKey {
    pub fn eit(network: u16, transport_stream: u16, service: u16, event: u16, date: jiff::civil::Date) -> Self {
        Self(format!("eit:{network}.{transport_stream}.{service}.{event}@{date}"))
    }

    pub fn slot(slot: &SlotId, date: jiff::civil::Date) -> Self {
        Self(format!("slot:{slot}@{date}"))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EventKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<String> for EventKey {
    fn from(text: String) -> Self {
        Self(text)
    }
}

/// Who announced a programme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The stream itself (event information table).
    Eit,
    /// The weekly timetable that an operator typed in.
    Timetable,
}

/// A programme of a channel's guide: [`start`, `end`) in tape time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Programme {
    pub channel: ChannelId,
    pub event: EventKey,
    pub title: String,
    /// The short event text; empty where there is none.
    pub subtitle: String,
    /// The extended event text; empty where there is none.
    pub description: String,
    pub start: UtcMs,
    pub end: UtcMs,
    pub source: Source,
    /// The stream says that it is on now.
    pub running: bool,
    /// The stream says that it is scrambled (free_CA_mode).
    #[serde(default)]
    pub scrambled: bool,
}

impl Programme {
    pub fn contains(&self, at: UtcMs) -> bool {
        self.start <= at && at < self.end
    }

    pub fn overlaps(&self, from: UtcMs, to: UtcMs) -> bool {
        self.start < to && from < self.end
    }

    /// Milliseconds that both are on.
    pub fn overlap_ms(&self, from: UtcMs, to: UtcMs) -> i64 {
        (self.end.min(to) - self.start.max(from)).max(0)
    }

    pub fn duration_ms(&self) -> i64 {
        self.end - self.start
    }
}
