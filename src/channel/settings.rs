//! What an operator says of a channel.

use serde::{Deserialize, Serialize};

use crate::base::{ChannelId, UnitId, UtcMs};
use crate::ingest::{SourceSpec, SpecError};
use crate::org::Audience;
use crate::store::ChannelRow;

/// A channel as it was set up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChannelSettings {
    pub id: ChannelId,
    pub title: String,
    pub source: SourceSettings,
    /// The service's number in its multiplex; absent where it is the only one.
    pub service: Option<u16>,
    /// The character set of guide texts that do not name theirs.
    pub charset: Option<String>,
    /// Hours of tape that are kept; absent: as configured.
    pub keep_hours: Option<u32>,
    /// Bytes of tape that are kept at most; absent: as configured.
    pub keep_bytes: Option<u64>,
    pub enabled: bool,
    #[schema(value_type = String)]
    pub audience: Audience,
    pub unit: UnitId,
}

/// Where a channel comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceSettings {
    /// `udp`, `rtp` or `file`.
    pub kind: String,
    /// `239.1.1.1:5000`, or a path.
    pub address: String,
    /// The network interface on which a group is joined: its name or an address of it.
    pub interface: Option<String>,
}

impl SourceSettings {
    /// For those who watch and need not know.
    pub fn hidden() -> Self {
        Self { kind: String::new(), address: String::new(), interface: None }
    }

    pub fn spec(&self) -> Result<SourceSpec, SpecError> {
        SourceSpec::parse(&self.kind, &self.address, self.interface.as_deref())
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    #[error(transparent)]
    Source(#[from] SpecError),
    #[error("service 0 is the network's own; services have numbers from 1")]
    Service,
    #[error("character set `{0}` is not known")]
    Charset(String),
    #[error("{0}: at least 1 is kept")]
    Keep(&'static str),
}

impl ChannelSettings {
    pub fn check(&self) -> Result<(), SettingsError> {
        self.source.spec()?;
        if self.service == Some(0) {
            return Err(SettingsError::Service);
        }
        if let Some(charset) = &self.charset {
            charset.parse::<crate::epg::Charset>().map_err(|_| SettingsError::Charset(charset.clone()))?;
        }
        if self.keep_hours == Some(0) {
            return Err(SettingsError::Keep("keep_hours"));
        }
        if self.keep_bytes == Some(0) {
            return Err(SettingsError::Keep("keep_bytes"));
        }
        Ok(())
    }

    pub fn row(&self, created: UtcMs) -> ChannelRow {
        ChannelRow {
            id: self.id.to_string(),
            title: self.title.clone(),
            source_kind: self.source.kind.clone(),
            address: self.source.address.clone(),
            interface: self.source.interface.clone(),
            service: self.service,
            charset: self.charset.clone(),
            keep_hours: self.keep_hours,
            keep_bytes: self.keep_bytes.map(|b| b.min(i64::MAX as u64) as i64),
            enabled: self.enabled,
            audience: self.audience.to_string(),
            unit: self.unit.to_string(),
            created: created.0,
        }
    }
}

impl From<ChannelRow> for ChannelSettings {
    fn from(row: ChannelRow) -> Self {
        Self {
            id: row.id.into(),
            title: row.title,
            source: SourceSettings { kind: row.source_kind, address: row.address, interface: row.interface },
            service: row.service,
            charset: row.charset,
            keep_hours: row.keep_hours,
            keep_bytes: row.keep_bytes.map(|b| b.max(0) as u64),
            enabled: row.enabled,
            // A word that nobody knows any more closes the channel to all but those who operate it.
            audience: row.audience.parse().unwrap_or(Audience::SignedIn),
            unit: row.unit.into(),
        }
    }
}
