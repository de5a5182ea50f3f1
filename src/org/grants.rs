//! Giving and taking roles.

use serde::Deserialize;

use super::turn::Turn;
use super::{Caller, Grant, Org, OrgError, Record, Role};
use crate::base::{GrantId, PersonId, UnitId};
use crate::store::StoreError;

#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewGrant {
    pub person: PersonId,
    pub role: Role,
    /// The role is valid on this unit and on all below it.
    pub unit: UnitId,
}

pub(super) async fn insert(turn: &mut Turn<'_>, new: NewGrant) -> Result<Grant, OrgError> {
    turn.directory.unit(&new.unit).ok_or_else(|| OrgError::missing("unit", &new.unit))?;
    turn.caller.require(Role::Administrator, &new.unit)?;
    let grant = Grant { id: GrantId::random(), person: new.person, role: new.role, unit: new.unit, created: turn.now };
    turn.change.insert_grant(&grant).await?;
    turn.audit(Record::new("grant.create", &grant.id).on(&grant.unit).after(&grant)).await?;
    Ok(grant)
}

impl Org {
    /// The caller's own, and those on units that the caller administers or audits.
    pub fn grants(&self, caller: &Caller) -> Result<Vec<Grant>, OrgError> {
        caller.require_signed_in()?;
        let own = caller.person().map(|person| &person.id);
        let seen = |grant: &&Grant| own == Some(&grant.person) || caller.may(Role::Administrator, &grant.unit) || caller.may(Role::Auditor, &grant.unit);
        Ok(self.directory().grants.iter().filter(seen).cloned().collect())
    }

    /// An administrator of the unit may give any role on it, to anybody.
    pub async fn create_grant(&self, caller: &Caller, new: NewGrant) -> Result<Grant, OrgError> {
        let mut turn = self.turn(caller).await?;
        turn.caller.require(Role::Administrator, &new.unit)?;
        turn.directory.person(&new.person).ok_or_else(|| OrgError::missing("person", &new.person))?;
        if turn.directory.grants.iter().any(|grant| (&grant.person, grant.role, &grant.unit) == (&new.person, new.role, &new.unit)) {
            return Err(StoreError::Exists { what: "grant", id: new.role.to_string() }.into());
        }
        let grant = insert(&mut turn, new).await?;
        turn.finish().await?;
        Ok(grant)
    }

    pub async fn delete_grant(&self, caller: &Caller, id: &GrantId) -> Result<(), OrgError> {
        let mut turn = self.turn(caller).await?;
        let before = turn.directory.grants.iter().find(|grant| grant.id == *id).ok_or_else(|| OrgError::missing("grant", id))?.clone();
        turn.caller.require(Role::Administrator, &before.unit)?;
        turn.change.delete_grant(id).await?;
        turn.audit(Record::new("grant.delete", id).on(&before.unit).before(&before)).await?;
        turn.finish().await
    }
}
