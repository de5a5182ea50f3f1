//! The directory of numbers, searched by digits, by name, or by the first letters of its pinyin.

use pinyin::ToPinyin;
use serde::Serialize;

use super::{title_of, unit_of};
use crate::base::{NumberSegmentId, UnitId, UtcMs};
use crate::numbering::{Given, Holder, HolderKind, typed_digits};
use crate::org::{Caller, Directory, Org, OrgError, Role, csv};

/// A line of the directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct NumberEntry {
    pub number: String,
    pub kind: HolderKind,
    /// Of the site, person or meeting.
    pub id: String,
    pub title: String,
    pub unit: UnitId,
    /// The titles from below the root: `/山东省/济南市`.
    pub unit_path: String,
    /// The segment it was given from.
    pub segment: Option<NumberSegmentId>,
    /// This is an old number; the present one.
    pub alias_of: Option<String>,
    /// Of another unit's segment, since something moved: to be changed.
    pub foreign: bool,
    /// Answers until then; null: without end.
    pub until: Option<UtcMs>,
    pub given: UtcMs,
}

impl NumberEntry {
    pub(super) fn of(directory: &Directory, given: &Given) -> Self {
        let unit = unit_of(directory, &given.holder);
        Self {
            number: given.number.to_string(),
            kind: given.holder.kind(),
            id: given.holder.id().to_owned(),
            title: title_of(directory, &given.holder),
            unit_path: csv::path(directory, &unit),
            segment: directory.numbers.segment_of(given.number).map(|segment| segment.id.clone()),
            alias_of: given.alias_of.map(|number| number.to_string()),
            foreign: directory.numbers.is_foreign(given.number, &unit, directory),
            until: given.ends,
            given: given.given,
            unit,
        }
    }
}

/// What is looked for; what is absent does not matter.
#[derive(Debug, Clone, Default)]
pub struct NumberQuery {
    /// Digits of the number, a part of the name or of the unit's path, or first letters of the name's pinyin.
    pub text: String,
    pub kind: Option<HolderKind>,
    /// Holders of this unit and those below.
    pub unit: Option<UnitId>,
    /// Numbers of this segment and its parts.
    pub segment: Option<NumberSegmentId>,
    pub foreign: Option<bool>,
}

impl Org {
    /// In the order of the numbers as text.
    pub fn find_numbers(&self, caller: &Caller, query: &NumberQuery) -> Result<Vec<NumberEntry>, OrgError> {
        caller.require_signed_in()?;
        let (directory, now) = (caller.directory(), self.now());
        let range = query.segment.as_ref().map(|id| super::segment(directory, id)).transpose()?.map(|segment| segment.range);
        let words = Words::of(&query.text);
        let matches = |given: &&Given| {
            given.answers(now)
                && may_know(caller, given)
                && query.kind.is_none_or(|kind| given.holder.kind() == kind)
                && range.is_none_or(|range| range.contains(given.number))
                && query.unit.as_ref().is_none_or(|unit| directory.tree.contains(unit, &unit_of(directory, &given.holder)))
                && words.found_in(directory, given)
        };
        let found = directory.numbers.all_given().filter(matches).map(|given| NumberEntry::of(directory, given));
        let mut found: Vec<NumberEntry> = found.filter(|entry| query.foreign.is_none_or(|foreign| entry.foreign == foreign)).collect();
        found.sort_by(|one, other| one.number.cmp(&other.number));
        Ok(found)
    }
}

/// Venues and people stand in the directory for all; a meeting for those who may see what its unit books. Others have its number from its invitation.
fn may_know(caller: &Caller, given: &Given) -> bool {
    match &given.holder {
        Holder::Meeting { unit, .. } => caller.may(Role::Viewer, unit),
        Holder::Site { .. } | Holder::Person { .. } => true,
    }
}

/// What somebody typed, by the ways a name may be meant.
#[derive(Debug, Clone)]
pub struct Sought {
    text: String,
    letters: Option<String>,
}

impl Sought {
    pub fn of(text: &str) -> Self {
        let text = text.trim().to_lowercase();
        let letters = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        Self { letters: letters.then(|| text.clone()), text }
    }

    /// A part of the name, or of the first letters of its pinyin.
    pub fn is_in(&self, title: &str) -> bool {
        title.to_lowercase().contains(&self.text) || self.letters.as_ref().is_some_and(|letters| initials(title).contains(letters))
    }
}

/// What somebody typed into the directory.
struct Words {
    sought: Sought,
    digits: Option<String>,
}

impl Words {
    fn of(text: &str) -> Self {
        let sought = Sought::of(text);
        Self { digits: typed_digits(&sought.text), sought }
    }

    fn found_in(&self, directory: &Directory, given: &Given) -> bool {
        if self.sought.text.is_empty() || self.digits.as_ref().is_some_and(|digits| given.number.to_string().contains(digits)) {
            return true;
        }
        let title = title_of(directory, &given.holder);
        self.sought.is_in(&title)
            || directory.tree.upward(&unit_of(directory, &given.holder)).any(|unit| directory.unit_title(unit).to_lowercase().contains(&self.sought.text))
    }
}

/// `历下区会议室` → `lxqhys`; letters and digits stay, the rest is left out.
fn initials(title: &str) -> String {
    title.chars().filter_map(|c| if c.is_ascii_alphanumeric() { Some(c.to_ascii_lowercase()) } else { c.to_pinyin()?.first_letter().chars().next() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_those_that_people_type() {
        assert_eq!(initials("历下区 会议室3(东)"), "lxqhys3d");
        assert_eq!(initials("ئۇيغۇر"), "");
    }
}
