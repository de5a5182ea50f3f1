//! Changes of the tree, of people and of roles: what is refused, and to whom.

use super::*;
use crate::org::{AuditFilter, Denied, NewSite, PersonPatch, Record, SitePatch, UnitPatch};
use crate::store::StoreError;

fn to(parent: &str) -> UnitPatch {
    UnitPatch { parent: Some(parent.into()), ..UnitPatch::default() }
}

#[tokio::test]
async fn units_move_but_never_into_a_ring() {
    let fixture = Fixture::new().await;
    for (unit, parent) in [("shandong", "root"), ("jinan", "shandong"), ("lixia", "jinan"), ("shanxi", "root")] {
        fixture.unit(unit, parent).await;
    }
    let (org, server) = (&fixture.org, fixture.org.as_server());
    for below in ["shandong", "jinan", "lixia"] {
        assert!(matches!(org.change_unit(&server, &"shandong".into(), to(below)).await, Err(OrgError::Cycle)), "{below}");
    }
    assert!(matches!(org.change_unit(&server, &root(), to("jinan")).await, Err(OrgError::Root)));
    org.change_unit(&server, &"jinan".into(), to("shanxi")).await.unwrap();
    let directory = org.directory();
    assert!(directory.tree.contains(&"shanxi".into(), &"lixia".into()) && !directory.tree.contains(&"shandong".into(), &"lixia".into()));
    let missing = org.change_unit(&server, &"jinan".into(), to("gone")).await;
    assert!(matches!(missing, Err(OrgError::Store(StoreError::Missing { what: "unit", .. }))));
}

#[tokio::test]
async fn what_is_used_stays() {
    let fixture = Fixture::new().await;
    let (org, server) = (&fixture.org, fixture.org.as_server());
    fixture.unit("a", "root").await;
    let refused = async |by: &str| match org.delete_unit(&org.as_server(), &"a".into()).await {
        Err(OrgError::Store(StoreError::InUse { by: found, .. })) => assert_eq!(found, by),
        other => panic!("{by}: {other:?}"),
    };
    fixture.unit("b", "a").await;
    refused("1 units below it").await;
    org.delete_unit(&server, &"b".into()).await.unwrap();
    let site = org
        .create_site(
            &server,
            NewSite {
                id: None,
                unit: "a".into(),
                title: "会议室".to_owned(),
                capacity_kbps: Some(2000),
                media_share_percent: None,
                highest_rung: None,
                contact_name: None,
                contact_phone: None,
            },
        )
        .await
        .unwrap();
    assert_eq!(site.media_share_percent, 50);
    refused("1 sites").await;
    let without = org.change_site(&server, &site.id, SitePatch { capacity_kbps: Some(None), ..SitePatch::default() }).await.unwrap();
    assert_eq!(without.capacity_kbps, None);
    org.delete_site(&server, &site.id).await.unwrap();
    let person = fixture.person("zhang", "a", &[]).await;
    refused("1 people").await;
    org.delete_person(&server, &person.id).await.unwrap();
    fixture.person("li", "root", &[(Role::Viewer, "a")]).await;
    refused("1 roles granted on it").await;
    org.delete_grant(&server, &org.grants(&server).unwrap()[0].id).await.unwrap();
    org.delete_unit(&server, &"a".into()).await.unwrap();
    assert!(matches!(org.delete_unit(&server, &root()).await, Err(OrgError::Root)));
}

#[tokio::test]
async fn doubles_are_named() {
    let fixture = Fixture::new().await;
    fixture.unit("a", "root").await;
    fixture.person("zhang", "a", &[]).await;
    let server = fixture.org.as_server();
    let unit = NewUnit { id: None, parent: root(), kind: UnitKind::Body, level: String::new(), title: "a 区".to_owned(), position: 0 };
    assert!(matches!(fixture.org.create_unit(&server, unit).await, Err(OrgError::Store(StoreError::Exists { what: "unit", .. }))));
    let person = NewPerson { name: "ZHANG".to_owned(), display_name: None, unit: root(), disabled: false, password: None };
    assert!(matches!(fixture.org.create_person(&server, person).await, Err(OrgError::Store(StoreError::Exists { what: "person", .. }))));
}

#[tokio::test]
async fn a_county_does_not_take_over_the_province() {
    let fixture = Fixture::new().await;
    fixture.unit("county", "root").await;
    fixture.person("local", "county", &[(Role::Administrator, "county")]).await;
    let boss = fixture.person("boss", "county", &[(Role::Administrator, "root")]).await;
    let clerk = fixture.person("clerk", "county", &[(Role::Viewer, "county")]).await;
    let outsider = fixture.person("outsider", "root", &[]).await;
    let (org, local) = (&fixture.org, fixture.sign_in("local").await);
    let elsewhere = |result: Result<(), OrgError>| assert!(matches!(result, Err(OrgError::Denied(Denied::HoldsRolesElsewhere { .. }))), "{result:?}");
    let denied = |result: Result<(), OrgError>| assert!(matches!(result, Err(OrgError::Denied(Denied::Role { .. }))), "{result:?}");

    elsewhere(org.set_password(&local, &boss.id, "taken over!").await);
    elsewhere(org.change_person(&local, &boss.id, PersonPatch { disabled: Some(true), ..PersonPatch::default() }).await.map(|_| ()));
    elsewhere(org.change_person(&local, &boss.id, PersonPatch { name: Some("x".to_owned()), ..PersonPatch::default() }).await.map(|_| ()));
    elsewhere(org.delete_person(&local, &boss.id).await);
    let table = "用户名,单位,停用\nboss,county,是\n";
    let report = org.import(&local, crate::org::Sort::People, table.as_bytes(), false).await.unwrap();
    assert_eq!((report.applied, report.errors.len(), report.errors[0].line), (false, 1, 2));

    denied(org.set_password(&local, &outsider.id, "taken over!").await);
    denied(org.change_person(&local, &outsider.id, PersonPatch { unit: Some("county".into()), ..PersonPatch::default() }).await.map(|_| ()));
    denied(org.create_grant(&local, NewGrant { person: clerk.id.clone(), role: Role::Viewer, unit: root() }).await.map(|_| ()));
    denied(org.change_unit(&local, &"county".into(), to("root")).await.map(|_| ()).and(org.delete_unit(&local, &"county".into()).await));

    org.change_person(&local, &boss.id, PersonPatch { display_name: Some("老板".to_owned()), ..PersonPatch::default() }).await.unwrap();
    org.set_password(&local, &clerk.id, "a new horse").await.unwrap();
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let fixture = Fixture::new().await;
    fixture.org.first_start().await.unwrap();
    let (org, server) = (&fixture.org, fixture.org.as_server());
    let admin = org.directory().person_named("admin").unwrap().clone();
    let last = |result: Result<(), OrgError>| assert!(matches!(result, Err(OrgError::LastAdministrator)), "{result:?}");
    let disable = || PersonPatch { disabled: Some(true), ..PersonPatch::default() };
    let grant = org.grants(&server).unwrap().into_iter().find(|grant| grant.role == Role::Administrator).unwrap();
    last(org.delete_person(&server, &admin.id).await);
    last(org.change_person(&server, &admin.id, disable()).await.map(|_| ()));
    last(org.delete_grant(&server, &grant.id).await);
    assert!(org.directory().person(&admin.id).is_some_and(|admin| !admin.disabled));
    // Someone without a password is no substitute, someone with one is.
    let new = NewPerson { name: "li".to_owned(), display_name: None, unit: root(), disabled: false, password: None };
    let li = org.create_person(&server, new).await.unwrap();
    org.create_grant(&server, NewGrant { person: li.id.clone(), role: Role::Administrator, unit: root() }).await.unwrap();
    last(org.delete_person(&server, &admin.id).await);
    org.set_password(&server, &li.id, PASSWORD).await.unwrap();
    org.delete_person(&server, &admin.id).await.unwrap();
}

#[tokio::test]
async fn a_role_that_is_taken_away_counts_no_more_even_for_a_request_on_its_way() {
    let fixture = Fixture::new().await;
    fixture.unit("a", "root").await;
    fixture.person("zhang", "a", &[(Role::Administrator, "a")]).await;
    let on_its_way = fixture.sign_in("zhang").await;
    let (org, server) = (&fixture.org, fixture.org.as_server());
    org.delete_grant(&server, &org.grants(&server).unwrap()[0].id).await.unwrap();
    let result = org.change_unit(&on_its_way, &"a".into(), UnitPatch { title: Some("甲".to_owned()), ..UnitPatch::default() }).await;
    assert!(matches!(result, Err(OrgError::Denied(Denied::Role { .. }))), "{result:?}");
}

#[tokio::test]
async fn the_audit_log_is_append_only_and_read_by_subtree() {
    let fixture = Fixture::new().await;
    let (org, server) = (&fixture.org, fixture.org.as_server());
    fixture.unit("a", "root").await;
    fixture.unit("b", "root").await;
    fixture.person("auditor-a", "a", &[(Role::Auditor, "a")]).await;
    org.record(&server.actor(), Record::new("channel.create", "cctv1").on(&"a".into()).after(&serde_json::json!({"title": "一套"}))).await.unwrap();
    org.record(&server.actor(), Record::new("channel.create", "cctv2").on(&"b".into())).await.unwrap();
    org.record(&server.actor(), Record::new("config.change", "server")).await.unwrap();
    let auditor = fixture.sign_in("auditor-a").await;
    let of = |action: &str| AuditFilter { action: Some(action.to_owned()), ..AuditFilter::default() };
    let seen = org.audit(&auditor, of("channel."), 100).await.unwrap();
    assert_eq!(seen.iter().map(|entry| entry.object.as_str()).collect::<Vec<_>>(), ["cctv1"]);
    assert_eq!(seen[0].after.as_ref().unwrap()["title"], "一套");
    assert!(org.audit(&auditor, of("config.change"), 100).await.unwrap().is_empty());
    // Asking for another's units does not widen it.
    let other = AuditFilter { units: Some(vec!["b".into()]), ..of("channel.") };
    assert!(org.audit(&auditor, other, 100).await.unwrap().iter().all(|entry| entry.unit == Some("a".into())));
    assert_eq!(org.audit(&server, of("channel."), 100).await.unwrap().len(), 2);

    for statement in ["UPDATE audit SET actor = 'server'", "DELETE FROM audit"] {
        let error = sqlx::query(statement).execute(fixture.store.write()).await.unwrap_err();
        assert!(error.to_string().contains("append-only"), "{error}");
    }
}
