//! Changing the tree of units.

use serde::Deserialize;

use super::{Caller, Org, OrgError, Record, Role, Unit, UnitKind, text};
use crate::base::UnitId;

#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUnit {
    /// Chosen, such as an administrative division code (`a-z 0-9 -`); made up when absent.
    pub id: Option<String>,
    pub parent: UnitId,
    pub kind: UnitKind,
    /// The local word for the level: 省, 市, 县, 街道 …
    #[serde(default)]
    pub level: String,
    pub title: String,
    /// Order among the units of one parent.
    #[serde(default)]
    pub position: i64,
}

/// What is absent stays as it is.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnitPatch {
    /// Moves the unit with everything below it.
    pub parent: Option<UnitId>,
    pub kind: Option<UnitKind>,
    pub level: Option<String>,
    pub title: Option<String>,
    pub position: Option<i64>,
}

impl Org {
    pub async fn create_unit(&self, caller: &Caller, new: NewUnit) -> Result<Unit, OrgError> {
        let mut turn = self.turn(caller).await?;
        turn.directory.unit(&new.parent).ok_or_else(|| OrgError::missing("unit", &new.parent))?;
        turn.caller.require(Role::Administrator, &new.parent)?;
        let unit = Unit {
            id: match new.id {
                Some(id) => text::id(&id)?.into(),
                None => UnitId::random(),
            },
            parent: Some(new.parent),
            kind: new.kind,
            level: text::free_text("level", &new.level)?,
            title: text::title("title", &new.title)?,
            position: new.position,
            created: turn.now,
        };
        turn.change.insert_unit(&unit).await?;
        turn.audit(Record::new("unit.create", &unit.id).on(&unit.id).after(&unit)).await?;
        turn.finish().await?;
        Ok(unit)
    }

    /// Moving takes the administrator role on the old parent and on the new one.
    pub async fn change_unit(&self, caller: &Caller, id: &UnitId, patch: UnitPatch) -> Result<Unit, OrgError> {
        let mut turn = self.turn(caller).await?;
        let before = turn.directory.unit(id).ok_or_else(|| OrgError::missing("unit", id))?.clone();
        turn.caller.require(Role::Administrator, id)?;
        let mut after = before.clone();
        if let Some(parent) = patch.parent.filter(|parent| before.parent.as_ref() != Some(parent)) {
            let old = before.parent.as_ref().ok_or(OrgError::Root)?;
            turn.directory.unit(&parent).ok_or_else(|| OrgError::missing("unit", &parent))?;
            turn.caller.require(Role::Administrator, old)?;
            turn.caller.require(Role::Administrator, &parent)?;
            after.parent = Some(parent);
        }
        after.kind = patch.kind.unwrap_or(before.kind);
        after.position = patch.position.unwrap_or(before.position);
        if let Some(level) = patch.level {
            after.level = text::free_text("level", &level)?;
        }
        if let Some(title) = patch.title {
            after.title = text::title("title", &title)?;
        }
        if after == before {
            return Ok(after);
        }
        turn.change.update_unit(&after).await?;
        if !turn.change.units_are_a_tree().await? {
            return Err(OrgError::Cycle);
        }
        turn.audit(Record::new("unit.update", id).on(id).before(&before).after(&after)).await?;
        turn.finish().await?;
        Ok(after)
    }

    /// Refused while anything hangs on it.
    pub async fn delete_unit(&self, caller: &Caller, id: &UnitId) -> Result<(), OrgError> {
        let mut turn = self.turn(caller).await?;
        let before = turn.directory.unit(id).ok_or_else(|| OrgError::missing("unit", id))?.clone();
        let parent = before.parent.as_ref().ok_or(OrgError::Root)?;
        turn.caller.require(Role::Administrator, parent)?;
        turn.change.delete_unit(id).await?;
        turn.audit(Record::new("unit.delete", id).on(parent).before(&before)).await?;
        turn.finish().await
    }
}
