//! Giving numbers to sites and people, freeing and changing them.

use serde::{Deserialize, Serialize};

use super::units::Administered;
use super::{NumberEntry, parse, require_to_give, unit_of};
use crate::base::{NumberSegmentId, UtcMs};
use crate::numbering::{Given, Holder, HolderKind, NumberingError, Wish};
use crate::org::turn::Turn;
use crate::org::{Caller, Org, OrgError, Record, Role};

#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewNumber {
    /// `site` or `person`; a meeting gets its number when it is booked.
    pub kind: HolderKind,
    /// Of the site or person.
    pub id: String,
    /// The segment to take it from; absent: the one that `number` is in, or the nearest of its unit upward that the caller administers.
    pub segment: Option<NumberSegmentId>,
    /// As people type it; absent: the next free one.
    pub number: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Renumbering {
    pub segment: Option<NumberSegmentId>,
    pub number: Option<String>,
    /// The old number answers too until then; absent: it ends now.
    pub alias_until: Option<UtcMs>,
}

/// For the audit log.
#[derive(Serialize)]
struct Numbers<'a>(&'a [Given]);

impl Org {
    /// Takes the administrator role on the unit that owns the segment.
    pub async fn give_number(&self, caller: &Caller, new: NewNumber) -> Result<NumberEntry, OrgError> {
        let mut turn = self.turn(caller).await?;
        let holder = match new.kind {
            HolderKind::Site => Holder::Site { id: turn.directory.site(&new.id.as_str().into()).ok_or_else(|| OrgError::missing("site", &new.id))?.id.clone() },
            HolderKind::Person => {
                Holder::Person { id: turn.directory.person(&new.id.as_str().into()).ok_or_else(|| OrgError::missing("person", &new.id))?.id.clone() }
            }
            HolderKind::Meeting => {
                return Err(OrgError::invalid("kind", "会议号码在预约会议时分配 / a meeting gets its number when it is booked"));
            }
        };
        let unit = unit_of(&turn.directory, &holder);
        // Whoever administers nothing there shall hear that, not that no number is left.
        if new.segment.is_none() && new.number.is_none() {
            turn.caller.require(Role::Administrator, &unit)?;
        }
        let number = new.number.as_deref().map(|text| parse("number", text)).transpose()?;
        let wish = Wish { segment: new.segment.as_ref(), number };
        let units = Administered { caller: &turn.caller, directory: &turn.directory };
        let given = turn.directory.numbers.give(wish, holder, &unit, None, &units, turn.now);
        let given = hide_from_strangers(&turn, new.segment.as_ref(), &unit, given)?;
        require_to_give(&turn.caller, &turn.directory, &given)?;
        write(&mut turn, &given).await?;
        turn.audit(Record::new("number.give", given.number).on(&unit).after(&given)).await?;
        turn.finish().await?;
        Ok(NumberEntry::of(&self.directory(), &given))
    }

    /// Takes the administrator of the segment's unit or of the holder's, who gives it back. For a meeting's: a chair of its unit.
    pub async fn free_number(&self, caller: &Caller, number: &str) -> Result<(), OrgError> {
        let mut turn = self.turn(caller).await?;
        let number = parse("number", number)?;
        let given = turn.directory.numbers.given(number).filter(|given| given.answers(turn.now)).cloned();
        let Some(given) = given else {
            turn.caller.require_anywhere(Role::Chair)?;
            return Err(NumberingError::NotInUse { number }.into());
        };
        let unit = unit_of(&turn.directory, &given.holder);
        if !turn.caller.may(Role::Administrator, &unit) {
            require_to_give(&turn.caller, &turn.directory, &given)?;
        }
        let ended = turn.directory.numbers.free(number, turn.now)?;
        end(&mut turn, &ended).await?;
        turn.finish().await
    }

    /// Another number for the same holder. Takes the administrator role on the unit that owns the new one's segment. The new one comes first.
    pub async fn renumber(&self, caller: &Caller, old: &str, renumbering: Renumbering) -> Result<Vec<NumberEntry>, OrgError> {
        let mut turn = self.turn(caller).await?;
        let old = parse("number", old)?;
        let before = turn.directory.numbers.given(old).filter(|given| given.answers(turn.now)).cloned();
        let Some(before) = before else {
            turn.caller.require_anywhere(Role::Chair)?;
            return Err(NumberingError::NotInUse { number: old }.into());
        };
        let unit = unit_of(&turn.directory, &before.holder);
        turn.caller.require(if before.holder.kind() == HolderKind::Meeting { Role::Chair } else { Role::Administrator }, &unit)?;
        let number = renumbering.number.as_deref().map(|text| parse("number", text)).transpose()?;
        let wish = Wish { segment: renumbering.segment.as_ref(), number };
        let units = Administered { caller: &turn.caller, directory: &turn.directory };
        let changes = turn.directory.numbers.renumber(old, wish, &unit, renumbering.alias_until, &units, turn.now)?;
        if let Some(new) = changes.first() {
            require_to_give(&turn.caller, &turn.directory, new)?;
        }
        for given in &changes {
            write(&mut turn, given).await?;
        }
        turn.audit(Record::new("number.renumber", old).on(&unit).before(&before).after(&Numbers(&changes))).await?;
        let now = turn.now;
        turn.finish().await?;
        let directory = self.directory();
        Ok(changes.iter().filter(|given| given.answers(now)).map(|given| NumberEntry::of(&directory, given)).collect())
    }
}

/// What is wrong with a number is told to those who may give it; others hear that they may not.
fn hide_from_strangers(
    turn: &Turn<'_>,
    segment: Option<&NumberSegmentId>,
    unit: &crate::base::UnitId,
    given: Result<Given, NumberingError>,
) -> Result<Given, OrgError> {
    if given.is_err() {
        let owner = segment.and_then(|id| turn.directory.numbers.segment(id)).map_or(unit, |segment| &segment.unit);
        turn.caller.require(Role::Administrator, owner)?;
    }
    Ok(given?)
}

pub(super) async fn write(turn: &mut Turn<'_>, given: &Given) -> Result<(), OrgError> {
    turn.change.forget_rested_numbers(turn.now).await?;
    Ok(turn.change.put_number(given).await?)
}

pub(super) async fn end(turn: &mut Turn<'_>, ended: &[Given]) -> Result<(), OrgError> {
    for given in ended {
        write(turn, given).await?;
        let unit = unit_of(&turn.directory, &given.holder);
        turn.audit(Record::new("number.free", given.number).on(&unit).after(given)).await?;
    }
    Ok(())
}

/// With a site or person that is removed, in the same transaction.
pub async fn free_all_of(turn: &mut Turn<'_>, kind: HolderKind, id: &str) -> Result<(), OrgError> {
    let ended = turn.directory.numbers.free_all_of(kind, id, turn.now);
    end(turn, &ended).await
}
