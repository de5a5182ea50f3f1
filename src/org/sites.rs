//! Changing sites: places with a line.

use serde::Deserialize;

use super::patch::given;
use super::{Caller, HolderKind, Org, OrgError, Record, Role, Site, text};
use crate::base::{SiteId, UnitId};

/// The part of a line that media may use where nothing was said.
pub(super) const MEDIA_SHARE_PERCENT: u8 = 50;

#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSite {
    /// Chosen (`a-z 0-9 -`); made up when absent.
    pub id: Option<String>,
    pub unit: UnitId,
    pub title: String,
    /// Of the line to the parent's site; absent where the line is no limit.
    pub capacity_kbps: Option<i64>,
    /// The part of the line that media may use, 1 to 100; 50 when absent.
    pub media_share_percent: Option<i64>,
    /// `audio`, `270p`, `480p`, `720p` or `1080p`; absent: all.
    pub highest_rung: Option<String>,
    /// Whom to phone when the line is poor.
    #[serde(default)]
    pub contact_name: Option<String>,
    #[serde(default)]
    pub contact_phone: Option<String>,
}

/// What is absent stays as it is; null takes it away.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SitePatch {
    pub unit: Option<UnitId>,
    pub title: Option<String>,
    #[serde(default, deserialize_with = "given")]
    pub capacity_kbps: Option<Option<i64>>,
    pub media_share_percent: Option<i64>,
    #[serde(default, deserialize_with = "given")]
    pub highest_rung: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    pub contact_name: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    pub contact_phone: Option<Option<String>>,
}

impl Org {
    pub async fn create_site(&self, caller: &Caller, new: NewSite) -> Result<Site, OrgError> {
        let mut turn = self.turn(caller).await?;
        turn.directory.unit(&new.unit).ok_or_else(|| OrgError::missing("unit", &new.unit))?;
        turn.caller.require(Role::Administrator, &new.unit)?;
        let site = Site {
            id: match new.id {
                Some(id) => text::id(&id)?.into(),
                None => SiteId::random(),
            },
            unit: new.unit,
            title: text::title("title", &new.title)?,
            capacity_kbps: new.capacity_kbps.map(text::capacity).transpose()?,
            media_share_percent: new.media_share_percent.map_or(Ok(MEDIA_SHARE_PERCENT), text::share)?,
            highest_rung: new.highest_rung.as_deref().map(text::rung).transpose()?,
            contact_name: new.contact_name.map(|name| text::contact("contact_name", &name)).transpose()?.flatten(),
            contact_phone: new.contact_phone.map(|phone| text::contact("contact_phone", &phone)).transpose()?.flatten(),
            created: turn.now,
        };
        turn.change.insert_site(&site).await?;
        turn.audit(Record::new("site.create", &site.id).on(&site.unit).after(&site)).await?;
        turn.finish().await?;
        Ok(site)
    }

    pub async fn change_site(&self, caller: &Caller, id: &SiteId, patch: SitePatch) -> Result<Site, OrgError> {
        let mut turn = self.turn(caller).await?;
        let before = turn.directory.site(id).ok_or_else(|| OrgError::missing("site", id))?.clone();
        turn.caller.require(Role::Administrator, &before.unit)?;
        let mut after = before.clone();
        if let Some(unit) = patch.unit {
            turn.directory.unit(&unit).ok_or_else(|| OrgError::missing("unit", &unit))?;
            turn.caller.require(Role::Administrator, &unit)?;
            after.unit = unit;
        }
        if let Some(title) = patch.title {
            after.title = text::title("title", &title)?;
        }
        if let Some(capacity) = patch.capacity_kbps {
            after.capacity_kbps = capacity.map(text::capacity).transpose()?;
        }
        if let Some(share) = patch.media_share_percent {
            after.media_share_percent = text::share(share)?;
        }
        if let Some(rung) = patch.highest_rung {
            after.highest_rung = rung.as_deref().map(text::rung).transpose()?;
        }
        if let Some(name) = patch.contact_name {
            after.contact_name = name.map(|name| text::contact("contact_name", &name)).transpose()?.flatten();
        }
        if let Some(phone) = patch.contact_phone {
            after.contact_phone = phone.map(|phone| text::contact("contact_phone", &phone)).transpose()?.flatten();
        }
        if after == before {
            return Ok(after);
        }
        turn.change.update_site(&after).await?;
        turn.audit(Record::new("site.update", id).on(&after.unit).before(&before).after(&after)).await?;
        turn.finish().await?;
        Ok(after)
    }

    pub async fn delete_site(&self, caller: &Caller, id: &SiteId) -> Result<(), OrgError> {
        let mut turn = self.turn(caller).await?;
        let before = turn.directory.site(id).ok_or_else(|| OrgError::missing("site", id))?.clone();
        turn.caller.require(Role::Administrator, &before.unit)?;
        super::numbers::free_all_of(&mut turn, HolderKind::Site, id.as_str()).await?;
        turn.change.delete_site(id).await?;
        turn.audit(Record::new("site.delete", id).on(&before.unit).before(&before)).await?;
        turn.finish().await
    }
}
