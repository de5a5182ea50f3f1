//! Audiences, named networks, highest rungs.

use super::*;
use crate::org::{Audience, NewSite};

fn audience(text: &str) -> Audience {
    text.parse().unwrap()
}

#[tokio::test]
async fn without_named_networks_public_is_public() {
    let fixture = Fixture::new().await;
    let stranger = fixture.anonymous("192.168.7.7").await;
    assert!(stranger.may_watch(&Audience::Public, &root()));
    assert!(!stranger.may_watch(&Audience::SignedIn, &root()));
    assert!(!stranger.may_watch(&audience("network:大院"), &root()));
}

#[tokio::test]
async fn with_named_networks_strangers_sign_in() {
    let mut options = options();
    options.networks = vec![network("大院", "10.1.0.0/16", None)];
    let fixture = Fixture::with(options).await;
    fixture.unit("a", "root").await;
    fixture.person("zhang", "root", &[]).await;
    fixture.person("viewer", "root", &[(Role::Viewer, "a")]).await;
    fixture.person("auditor", "root", &[(Role::Auditor, "root")]).await;
    let callers = [
        ("inside", fixture.anonymous("10.1.2.3").await, [true, false, true, false]),
        ("outside", fixture.anonymous("10.2.2.3").await, [false, false, false, false]),
        ("signed in, outside", fixture.sign_in("zhang").await, [true, true, false, false]),
        ("viewer of the unit, outside", fixture.sign_in("viewer").await, [true, true, true, true]),
        ("auditor, outside", fixture.sign_in("auditor").await, [true, true, false, false]),
    ];
    for (who, caller, expected) in callers {
        for (text, may) in ["public", "signed_in", "network:大院", "network:别处"].into_iter().zip(expected) {
            assert_eq!(caller.may_watch(&audience(text), &"a".into()), may, "{who}: {text}");
        }
    }
    assert_eq!(fixture.anonymous("10.1.2.3").await.network(), Some("大院"));
}

#[tokio::test]
async fn the_highest_rung_is_that_of_the_line() {
    let mut options = options();
    options.networks =
        vec![network("county", "10.1.0.0/16", Some("县会议室")), network("centre", "10.2.0.0/16", Some("centre")), network("nowhere", "10.3.0.0/16", None)];
    let fixture = Fixture::with(options).await;
    for (unit, parent) in [("county", "root"), ("office", "county")] {
        fixture.unit(unit, parent).await;
    }
    let server = fixture.org.as_server();
    for (id, unit, title, rung) in
        [("c1", "county", "县会议室", Some("480p")), ("c2", "county", "县分会场", Some("270p")), ("centre", "root", "中心机房", None)]
    {
        let new = NewSite {
            id: Some(id.to_owned()),
            unit: unit.into(),
            title: title.to_owned(),
            capacity_kbps: None,
            media_share_percent: None,
            highest_rung: rung.map(str::to_owned),
            contact_name: None,
            contact_phone: None,
        };
        fixture.org.create_site(&server, new).await.unwrap();
    }
    fixture.person("clerk", "office", &[]).await;
    let cookie = fixture.try_sign_in("clerk", PASSWORD).await.unwrap();
    let from = async |address: &str| {
        let caller = fixture.org.caller(Credentials::Cookie(&cookie), address.parse().unwrap()).await.unwrap();
        caller.highest_rung().map(str::to_owned)
    };
    assert_eq!(from("192.168.0.1").await.as_deref(), Some("270p"), "of the sites of the nearest unit that has any");
    assert_eq!(from("10.1.0.1").await.as_deref(), Some("480p"), "of the network's site");
    assert_eq!(from("10.2.0.1").await, None, "the centre has no limit");
    assert_eq!(from("10.3.0.1").await.as_deref(), Some("270p"), "a network without a site says nothing");
    assert_eq!(fixture.anonymous("10.1.0.1").await.highest_rung(), Some("480p"));
    assert_eq!(fixture.anonymous("192.168.0.1").await.highest_rung(), None);
}
