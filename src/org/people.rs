//! Changing people, and their passwords.

use serde::Deserialize;

use super::password::readable;
use super::patch::given;
use super::session::sha256;
use super::{Caller, Denied, Directory, HolderKind, Org, OrgError, Person, Record, Role, text};
use crate::base::{PersonId, UnitId};

/// Holds a password, so it is not `Debug`.
#[derive(Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPerson {
    /// The sign-in name: 1 to 64 characters without blanks, kept in lower case.
    pub name: String,
    /// The name when absent.
    pub display_name: Option<String>,
    pub unit: UnitId,
    #[serde(default)]
    pub disabled: bool,
    /// Without one the person cannot sign in until it is set.
    pub password: Option<String>,
}

/// What is absent stays as it is.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonPatch {
    pub name: Option<String>,
    pub display_name: Option<String>,
    /// Where notices go; null takes it away.
    #[serde(default, deserialize_with = "given")]
    pub email: Option<Option<String>>,
    pub unit: Option<UnitId>,
    pub disabled: Option<bool>,
}

/// The right to act in a person's stead (name, password, state, existence) takes the administrator role on their unit and
/// wherever they hold a role: or else a county's administrator could become the province's by setting a password.
pub(super) fn require_authority(caller: &Caller, directory: &Directory, person: &Person) -> Result<(), Denied> {
    caller.require(Role::Administrator, &person.unit)?;
    match directory.roles_of(&person.id).iter().find(|on| !caller.may(Role::Administrator, &on.unit)) {
        Some(on) => Err(Denied::HoldsRolesElsewhere { unit: directory.unit_title(&on.unit).to_owned() }),
        None => Ok(()),
    }
}

impl Org {
    /// What [`first_start`](Self::first_start) calls the first administrator.
    pub const FIRST_NAME: &str = "admin";

    /// When there is nobody yet: makes the first administrator (and auditor), and returns the name and the password, which is nowhere else.
    pub async fn first_start(&self) -> Result<Option<(String, String)>, OrgError> {
        if !self.directory().people.is_empty() {
            return Ok(None);
        }
        let (server, password) = (self.as_server(), readable());
        let new = NewPerson {
            name: Self::FIRST_NAME.to_owned(),
            display_name: Some("管理员".to_owned()),
            unit: Org::root(),
            disabled: false,
            password: Some(password.clone()),
        };
        let hash = self.0.passwords.hash(&password).await?;
        let mut turn = self.turn(&server).await?;
        let person = insert(&mut turn, new, Some(hash)).await?;
        for role in [Role::Administrator, Role::Auditor] {
            super::grants::insert(&mut turn, super::NewGrant { person: person.id.clone(), role, unit: Org::root() }).await?;
        }
        turn.finish().await?;
        Ok(Some((person.name, password)))
    }

    /// Those of the units that the caller administers or audits, by name.
    pub fn people(&self, caller: &Caller) -> Result<Vec<Person>, OrgError> {
        if !caller.may_anywhere(Role::Auditor) {
            caller.require_anywhere(Role::Administrator)?;
        }
        let directory = self.directory();
        let mine = |person: &&Person| caller.may(Role::Administrator, &person.unit) || caller.may(Role::Auditor, &person.unit);
        Ok(directory.people.iter().filter(mine).cloned().collect())
    }

    pub async fn create_person(&self, caller: &Caller, new: NewPerson) -> Result<Person, OrgError> {
        caller.require(Role::Administrator, &new.unit)?;
        let hash = match &new.password {
            Some(password) => {
                text::password(&text::sign_in_name(&new.name)?, password)?;
                Some(self.0.passwords.hash(password).await?)
            }
            None => None,
        };
        let mut turn = self.turn(caller).await?;
        let person = insert(&mut turn, new, hash).await?;
        turn.finish().await?;
        Ok(person)
    }

    pub async fn change_person(&self, caller: &Caller, id: &PersonId, patch: PersonPatch) -> Result<Person, OrgError> {
        let mut turn = self.turn(caller).await?;
        let before = turn.directory.person(id).ok_or_else(|| OrgError::missing("person", id))?.clone();
        turn.caller.require(Role::Administrator, &before.unit)?;
        let mut after = before.clone();
        if let Some(name) = patch.name {
            after.name = text::sign_in_name(&name)?;
        }
        if let Some(display_name) = patch.display_name {
            after.display_name = text::title("display_name", &display_name)?;
        }
        if let Some(email) = patch.email {
            after.email = email.as_deref().map(text::email).transpose()?;
        }
        if let Some(unit) = patch.unit {
            turn.directory.unit(&unit).ok_or_else(|| OrgError::missing("unit", &unit))?;
            after.unit = unit;
        }
        after.disabled = patch.disabled.unwrap_or(before.disabled);
        if after == before {
            return Ok(after);
        }
        require_change(&turn.caller, &turn.directory, &before, &after)?;
        turn.change.update_person(&after).await?;
        if after.disabled {
            turn.change.delete_sessions_of(id, None).await?;
        }
        turn.audit(Record::new("person.update", id).on(&after.unit).before(&before).after(&after)).await?;
        turn.finish().await?;
        Ok(after)
    }

    /// With sessions, tokens and roles.
    pub async fn delete_person(&self, caller: &Caller, id: &PersonId) -> Result<(), OrgError> {
        let mut turn = self.turn(caller).await?;
        let before = turn.directory.person(id).ok_or_else(|| OrgError::missing("person", id))?.clone();
        require_authority(&turn.caller, &turn.directory, &before)?;
        super::numbers::free_all_of(&mut turn, HolderKind::Person, id.as_str()).await?;
        turn.change.delete_person(id).await?;
        turn.audit(Record::new("person.delete", id).on(&before.unit).before(&before)).await?;
        turn.finish().await
    }

    /// Sets somebody's password; ends all their sessions and a lock of the name.
    pub async fn set_password(&self, caller: &Caller, id: &PersonId, password: &str) -> Result<(), OrgError> {
        caller.require_signed_in()?;
        if caller.person().is_some() {
            caller.require_person()?;
        }
        let directory = self.directory();
        let person = directory.person(id).ok_or_else(|| OrgError::missing("person", id))?;
        require_authority(caller, &directory, person)?;
        text::password(&person.name, password)?;
        let hash = self.0.passwords.hash(password).await?;
        let mut turn = self.turn(caller).await?;
        let person = turn.directory.person(id).ok_or_else(|| OrgError::missing("person", id))?.clone();
        require_authority(&turn.caller, &turn.directory, &person)?;
        turn.change.set_password_hash(id, &hash, &sha256(&person.name)).await?;
        turn.change.delete_sessions_of(id, None).await?;
        turn.audit(Record::new("person.set_password", id).on(&person.unit)).await?;
        turn.finish().await
    }

    /// Where notices to oneself go; none: nowhere.
    pub async fn change_own_email(&self, caller: &Caller, email: Option<&str>) -> Result<(), OrgError> {
        let id = caller.require_person()?.id.clone();
        let email = email.map(str::trim).filter(|email| !email.is_empty()).map(text::email).transpose()?;
        let mut turn = self.turn(caller).await?;
        let before = turn.directory.person(&id).ok_or_else(|| OrgError::missing("person", &id))?.clone();
        if before.email == email {
            return Ok(());
        }
        let after = Person { email, ..before.clone() };
        turn.change.update_person(&after).await?;
        turn.audit(Record::new("person.update", &id).on(&after.unit).before(&before).after(&after)).await?;
        turn.finish().await
    }

    /// One's own password, by the old one; ends one's other sessions. Wrong old passwords count as failed sign-ins.
    pub async fn change_own_password(&self, caller: &Caller, old: &str, new: &str) -> Result<(), OrgError> {
        let person = caller.require_person()?.clone();
        text::password(&person.name, new)?;
        self.prove(&person, &caller.actor(), old).await?;
        let hash = self.0.passwords.hash(new).await?;
        let mut turn = self.turn(caller).await?;
        turn.change.set_password_hash(&person.id, &hash, &sha256(&person.name)).await?;
        turn.change.delete_sessions_of(&person.id, caller.session()).await?;
        turn.audit(Record::new("person.change_own_password", &person.id).on(&person.unit)).await?;
        turn.finish().await
    }
}

/// What changing a person so takes: both ends of a move, and authority over them for all but the display name.
pub(super) fn require_change(caller: &Caller, directory: &Directory, before: &Person, after: &Person) -> Result<(), Denied> {
    caller.require(Role::Administrator, &before.unit)?;
    caller.require(Role::Administrator, &after.unit)?;
    if before.name != after.name || before.disabled != after.disabled || before.unit != after.unit {
        require_authority(caller, directory, before)?;
    }
    Ok(())
}

async fn insert(turn: &mut super::turn::Turn<'_>, new: NewPerson, hash: Option<String>) -> Result<Person, OrgError> {
    turn.directory.unit(&new.unit).ok_or_else(|| OrgError::missing("unit", &new.unit))?;
    turn.caller.require(Role::Administrator, &new.unit)?;
    let person = Person {
        id: PersonId::random(),
        name: text::sign_in_name(&new.name)?,
        display_name: text::title("display_name", new.display_name.as_deref().unwrap_or(&new.name))?,
        email: None,
        unit: new.unit,
        disabled: new.disabled,
        has_password: hash.is_some(),
        created: turn.now,
    };
    turn.change.insert_person(&person).await?;
    if let Some(hash) = hash {
        turn.change.set_password_hash(&person.id, &hash, &sha256(&person.name)).await?;
    }
    turn.audit(Record::new("person.create", &person.id).on(&person.unit).after(&person)).await?;
    Ok(person)
}
