//! Which role includes which, and the decision whether someone may.
//!
//! The table is also in `docs/reference/roles.md`. An auditor stands apart: who changes things does not by that read the log of changes,
//! and who reads the log changes nothing.

use super::{Role, RoleOn, Tree};
use crate::base::UnitId;

/// Whether whoever has `held` may do what `asked` stands for.
pub fn includes(held: Role, asked: Role) -> bool {
    use Role::{Administrator, Auditor, Chair, ColumnEditor, Operator, Viewer};
    match held {
        Viewer => matches!(asked, Viewer),
        ColumnEditor => matches!(asked, Viewer | ColumnEditor),
        Operator => matches!(asked, Viewer | ColumnEditor | Operator),
        Chair => matches!(asked, Viewer | Chair),
        Auditor => matches!(asked, Auditor),
        Administrator => matches!(asked, Viewer | ColumnEditor | Operator | Chair | Administrator),
    }
}

/// Whether these grants allow what `asked` stands for on the unit: a role on a unit is valid in its whole subtree.
pub fn may<'a>(grants: impl IntoIterator<Item = &'a RoleOn>, tree: &Tree, asked: Role, unit: &UnitId) -> bool {
    grants.into_iter().any(|grant| includes(grant.role, asked) && tree.contains(&grant.unit, unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of docs/reference/roles.md: a row per role held, a column per role asked, in the order of `Role::ALL`.
    const TABLE: [(Role, [bool; 6]); 6] = [
        (Role::Viewer, [true, false, false, false, false, false]),
        (Role::ColumnEditor, [true, true, false, false, false, false]),
        (Role::Operator, [true, true, true, false, false, false]),
        (Role::Chair, [true, false, false, true, false, false]),
        (Role::Auditor, [false, false, false, false, true, false]),
        (Role::Administrator, [true, true, true, true, false, true]),
    ];

    #[test]
    fn roles_are_valid_in_their_subtree_and_nowhere_else() {
        // root ─ shandong ─ jinan ─ lixia
        //      └ shanxi
        let tree = Tree::new(
            [("root", None), ("shandong", Some("root")), ("jinan", Some("shandong")), ("lixia", Some("jinan")), ("shanxi", Some("root"))]
                .map(|(unit, parent)| (UnitId::from(unit), parent.map(UnitId::from))),
        );
        for (held, row) in TABLE {
            let grants = [RoleOn { role: held, unit: "jinan".into() }];
            for (asked, allowed) in Role::ALL.into_iter().zip(row) {
                assert_eq!(includes(held, asked), allowed, "{held} → {asked}");
                for (unit, inside) in [("root", false), ("shandong", false), ("jinan", true), ("lixia", true), ("shanxi", false), ("unheard-of", false)] {
                    assert_eq!(may(&grants, &tree, asked, &unit.into()), allowed && inside, "{held} on jinan → {asked} on {unit}");
                }
            }
        }
    }

    #[test]
    fn nobody_may_anything_without_a_grant() {
        let tree = Tree::new([(UnitId::from("root"), None)]);
        assert!(Role::ALL.into_iter().all(|role| !may(&[], &tree, role, &"root".into())));
    }

    #[test]
    fn a_unit_that_is_not_in_the_tree_is_the_root_roles_business() {
        let tree = Tree::new([(UnitId::from("root"), None)]);
        let grants = [RoleOn { role: Role::Operator, unit: "root".into() }];
        assert!(may(&grants, &tree, Role::Operator, &"gone".into()));
    }

    #[test]
    fn the_reference_shows_this_table() {
        let reference = include_str!("../../docs/reference/roles.md");
        for (held, row) in TABLE {
            let cells: Vec<&str> = row.iter().map(|yes| if *yes { "yes" } else { "" }).collect();
            let line = reference.lines().find(|line| line.starts_with(&format!("| {held} "))).unwrap_or_else(|| panic!("{held} has a row"));
            let shown: Vec<&str> = line.trim_matches('|').split('|').skip(1).map(str::trim).collect();
            assert_eq!(shown, cells, "{held}");
        }
    }
}
