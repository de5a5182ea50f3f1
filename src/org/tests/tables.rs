//! Tables in and out.

use proptest::prelude::*;

use super::*;
use crate::org::{AuditFilter, Directory, ImportReport, Site, Sort, csv};
use crate::store::people::Person;

async fn import(fixture: &Fixture, sort: Sort, text: &str) -> ImportReport {
    fixture.org.import(&fixture.org.as_server(), sort, text.as_bytes(), false).await.unwrap()
}

fn counts(report: &ImportReport) -> (usize, usize, usize, bool) {
    assert_eq!(report.errors, []);
    (report.created, report.updated, report.unchanged, report.applied)
}

const UNITS: &str = "编号,上级,名称,类型,级别,排序\n\
    ,/山东省/济南市,历下区,区域,县,1\n\
    ,/山东省,济南市,区域,市,1\n\
    370000,,山东省,区域,省,1\n\
    ,山东省,省委办公厅,机构,,2\n\
    ,历下区,教育科,部门,科,\n";

#[tokio::test]
async fn a_table_typed_by_hand_is_taken_in_and_comes_out_the_same() {
    let fixture = Fixture::new().await;
    assert_eq!(counts(&import(&fixture, Sort::Units, UNITS).await), (5, 0, 0, true), "parents may stand below their children");
    assert_eq!(counts(&import(&fixture, Sort::Units, UNITS).await), (0, 0, 5, true), "once more is a no-op");
    let sites = "单位,名称,线路带宽kbps,媒体占比,最高清晰度\n历下区,县会议室,2000,60%,480p\n/山东省,主会场,,,\n";
    assert_eq!(counts(&import(&fixture, Sort::Sites, sites).await), (2, 0, 0, true));
    let people = "Name,Display_Name,Unit,Disabled\nZhang,张三,教育科,no\nli,\"李\"\"四\"\", 五\",370000,是\n";
    assert_eq!(counts(&import(&fixture, Sort::People, people).await), (2, 0, 0, true));
    let (org, server) = (&fixture.org, fixture.org.as_server());
    for sort in [Sort::Units, Sort::Sites, Sort::People] {
        let out = org.export(&server, sort).unwrap();
        let report = import(&fixture, sort, &out).await;
        assert_eq!((report.created, report.updated), (0, 0), "{out}");
        counts(&report);
    }
    assert!(org.export(&server, Sort::People).unwrap().contains("/山东省/济南市/历下区/教育科"));
    let entries = org.audit(&server, AuditFilter { action: Some("unit.create".to_owned()), ..AuditFilter::default() }, 100).await.unwrap();
    assert_eq!(entries.len(), 5);

    // Into another, empty installation: the same organisation with the same ids.
    let other = Fixture::new().await;
    for sort in [Sort::Units, Sort::Sites, Sort::People] {
        let out = org.export(&server, sort).unwrap();
        assert!(import(&other, sort, &out).await.applied);
        assert_eq!(other.org.export(&other.org.as_server(), sort).unwrap(), out);
    }
}

#[tokio::test]
async fn renaming_moving_and_exchanging_titles() {
    let fixture = Fixture::new().await;
    import(&fixture, Sort::Units, UNITS).await;
    let directory = fixture.org.directory();
    let id = |title: &str| directory.units.iter().find(|unit| unit.title == title).unwrap().id.to_string();
    let (jinan, office) = (id("济南市"), id("省委办公厅"));
    let exchange = format!("id,parent,title\n{jinan},/山东省,省委办公厅\n{office},/山东省,济南市\n");
    assert_eq!(counts(&import(&fixture, Sort::Units, &exchange).await), (0, 2, 0, true));
    // The parent is renamed above, and still meant by its old name below.
    let renamed = format!("id,parent,title\n370000,,山东\n{jinan},/山东省,济南\n");
    assert_eq!(counts(&import(&fixture, Sort::Units, &renamed).await), (0, 2, 0, true));
    let ring = format!("id,parent,title\n370000,历下区,山东\n{jinan},370000,济南\n");
    let report = import(&fixture, Sort::Units, &ring).await;
    assert!(!report.applied && report.errors.iter().any(|error| error.line == 2 && error.message.contains("below itself")), "{report:?}");
    assert!(fixture.org.directory().unit(&"370000".into()).is_some_and(|unit| unit.parent == Some(root())));
}

#[tokio::test]
async fn errors_have_lines_and_nothing_is_done() {
    let fixture = Fixture::new().await;
    fixture.unit("a", "root").await;
    fixture.unit("b", "root").await;
    let before = fixture.org.export(&fixture.org.as_server(), Sort::Units).unwrap();
    let long = "长".repeat(10_000);
    let table = format!(
        "编号,上级,名称,类型,排序\n,/,好,区域,1\n,/没有,甲,,\n,/,,,\n,/,乙,国家,\n,/,丙,,一\n坏 编号,/,丁,,\n,/,{long},,\n,/,好,,\na,/,b 区,,\nroot,/a 区,本单位,,\n"
    );
    let report = import(&fixture, Sort::Units, &table).await;
    let lines: Vec<u64> = report.errors.iter().map(|error| error.line).collect();
    assert_eq!((lines, report.applied), (vec![2, 3, 4, 5, 6, 7, 8, 9, 10, 11], false), "{:?}", report.errors);
    assert!(report.errors[6].message.contains("10000") && report.errors[6].message.contains("200"), "the limit is named: {}", report.errors[6].message);
    assert_eq!(fixture.org.export(&fixture.org.as_server(), Sort::Units).unwrap(), before);

    let sites = "单位,名称,线路带宽kbps,媒体占比,最高清晰度\na,甲,快,,\na,乙,,0,\na,丙,,,4K\nc,丁,,,\n";
    assert_eq!(import(&fixture, Sort::Sites, sites).await.errors.iter().map(|e| e.line).collect::<Vec<_>>(), [2, 3, 4, 5]);
    let people = "用户名,单位,停用\na b,a,\nzhang,a,也许\nZHANG,a,\nli,,\nli,a,\n";
    let report = import(&fixture, Sort::People, people).await;
    assert_eq!(report.errors.iter().map(|e| e.line).collect::<Vec<_>>(), [2, 3, 5, 6], "{report:?}");
}

#[tokio::test]
async fn a_dry_run_only_tells() {
    let fixture = Fixture::new().await;
    let report = fixture.org.import(&fixture.org.as_server(), Sort::Units, UNITS.as_bytes(), true).await.unwrap();
    assert_eq!((report.created, report.applied, report.errors.len()), (5, false, 0));
    assert_eq!(fixture.org.directory().units.len(), 1);
}

#[tokio::test]
async fn rows_need_the_right_of_their_change() {
    let fixture = Fixture::new().await;
    fixture.unit("mine", "root").await;
    fixture.unit("theirs", "root").await;
    fixture.person("local", "mine", &[(Role::Administrator, "mine")]).await;
    let local = fixture.sign_in("local").await;
    let table = "编号,上级,名称\nmine,/,mine 区\ntheirs,/,别名\nx,mine,甲\ny,theirs,乙\nz,甲,丙\ntheirs2,/,新\n";
    let report = fixture.org.import(&local, Sort::Units, table.as_bytes(), false).await.unwrap();
    let lines: Vec<u64> = report.errors.iter().map(|error| error.line).collect();
    assert_eq!(lines, [3, 5, 7], "{:?}", report.errors);
    let allowed = "编号,上级,名称\nmine,/,mine 区\nx,mine,甲\nz,甲,丙\n";
    let report = fixture.org.import(&local, Sort::Units, allowed.as_bytes(), false).await.unwrap();
    assert_eq!(counts(&report), (2, 0, 1, true));
}

/// Text as people and attackers type it: every script, separators, quotes, line breaks, slashes, formulas.
fn title() -> impl Strategy<Value = String> {
    let special = prop::sample::select(vec![",", "\"", "\n", ";", "\t", "/", "\\", "'", "=", "+", "-", "@", " ", "济南", "ئۇيغۇر", "བོད", "👩‍👩‍👧", "é", "|"]);
    let any = "\\PC{1,8}";
    let parts = prop::collection::vec(prop_oneof![special.prop_map(str::to_owned), any.prop_map(|text| text)], 1..8);
    parts.prop_map(|parts| parts.concat()).prop_filter_map("not a title", |text| crate::org::text::title("title", &text).ok())
}

prop_compose! {
    /// Units in a tree of any shape, with sites and people on them.
    fn organisation()(rows in prop::collection::vec((title(), any::<prop::sample::Index>(), title(), 0..3usize, any::<i64>(), any::<bool>()), 1..12)) -> Directory {
        let mut units = vec![Unit { id: root(), parent: None, kind: UnitKind::Region, level: String::new(), title: "本单位".to_owned(), position: 0, created: NOON }];
        let (mut sites, mut people) = (vec![], vec![]);
        for (at, (title, above, level, kind, position, flag)) in rows.into_iter().enumerate() {
            let parent = above.get(&units).id.clone();
            let kind = [UnitKind::Region, UnitKind::Body, UnitKind::Department][kind];
            if units.iter().all(|unit| unit.parent.as_ref() != Some(&parent) || unit.title != title) {
                units.push(Unit { id: UnitId::from(format!("u{at}")), parent: Some(parent.clone()), kind, level: level.clone(), title: title.clone(), position, created: NOON });
            }
            let share = (position.unsigned_abs() % 100) as u8 + 1;
            let (capacity_kbps, highest_rung) = (flag.then_some(2000), flag.then(|| "480p".to_owned()));
            sites.push(Site { id: format!("s{at}").into(), unit: parent.clone(), title: format!("{title}{at}"), capacity_kbps, media_share_percent: share, highest_rung, contact_name: flag.then(|| "=李四".to_owned()), contact_phone: flag.then(|| "+86 571 1234".to_owned()), created: NOON });
            people.push(Person { id: format!("p{at}").into(), name: format!("name{at}"), display_name: title, email: flag.then(|| format!("p{at}@gov.example")), unit: parent, disabled: flag, has_password: flag, created: NOON });
        }
        people.sort_by(|a, b| a.name.cmp(&b.name));
        Directory::new(units, sites, people, vec![], vec![])
    }
}

proptest! {
    #[test]
    fn importing_an_export_changes_nothing(directory in organisation()) {
        let directory = Arc::new(directory);
        let caller = Caller::server(directory.clone());
        for sort in [Sort::Units, Sort::Sites, Sort::People] {
            let (text, report) = csv::round_trip(sort, &caller, &directory);
            prop_assert!(report.errors.is_empty() && report.created == 0 && report.updated == 0, "{:?}\n{:?}", report, text);
            let expected = match sort { Sort::Units => directory.units.len(), Sort::Sites => directory.sites.len(), Sort::People => directory.people.len(), Sort::NumberSegments | Sort::Numbers => 0 };
            prop_assert_eq!(report.unchanged, expected);
        }
    }

    #[test]
    fn any_file_is_read_or_refused(file in prop::collection::vec(any::<u8>(), 0..400), head in prop::sample::select(vec!["", "名称\n", "编号,上级,名称\n", "用户名,单位\n", "号段,单位\n6xx,/\n", "号码,类型,名称\n"])) {
        let file = [head.as_bytes(), &file].concat();
        let directory = Arc::new(Directory::new(vec![], vec![], vec![], vec![], vec![]));
        for sort in [Sort::Units, Sort::Sites, Sort::People, Sort::NumberSegments, Sort::Numbers] {
            csv::report(sort, &file, &Caller::server(directory.clone()), &directory);
        }
    }
}
