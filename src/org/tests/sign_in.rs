//! Sign-in, sessions, tokens.

use super::*;
use crate::org::{AuditFilter, NewToken, PersonPatch, RoleOn};

const MINUTE: i64 = 60_000;

#[tokio::test]
async fn the_first_start_makes_an_administrator_once() {
    let fixture = Fixture::new().await;
    let (name, password) = fixture.org.first_start().await.unwrap().unwrap();
    assert!(fixture.org.first_start().await.unwrap().is_none());
    let cookie = fixture.try_sign_in(&name, &password).await.unwrap();
    let caller = fixture.by_cookie(&cookie).await;
    assert!(caller.may(Role::Administrator, &root()) && caller.may(Role::Auditor, &root()));
}

#[tokio::test]
async fn five_failures_lock_a_name_for_a_quarter_of_an_hour() {
    let fixture = Fixture::new().await;
    fixture.person("zhang", "root", &[]).await;
    for name in ["zhang", "nobody-has-this-name"] {
        for _ in 0..4 {
            assert!(matches!(fixture.try_sign_in(name, "wrong").await, Err(OrgError::WrongPassword)), "{name}");
        }
        let error = fixture.try_sign_in(name, "wrong").await.unwrap_err();
        assert!(matches!(error, OrgError::Locked { seconds: 900, .. }), "{name}: {error:?}");
        assert!(error.to_string().contains("15 分钟") && error.to_string().contains("15 min"), "{error}");
        let again = fixture.try_sign_in(name, PASSWORD).await;
        assert!(matches!(again, Err(OrgError::Locked { .. })), "{name}: the right password does not help: {again:?}");
    }
    fixture.clock.advance_ms(14 * MINUTE + 30_000);
    let error = fixture.try_sign_in("ZHANG", PASSWORD).await.unwrap_err();
    assert!(error.to_string().contains("30 秒"), "{error}");
    fixture.clock.advance_ms(30_000);
    fixture.try_sign_in(" Zhang ", PASSWORD).await.unwrap();
    // And the count begins anew.
    assert!(matches!(fixture.try_sign_in("zhang", "wrong").await, Err(OrgError::WrongPassword)));
}

#[tokio::test]
async fn a_hundred_guesses_at_once_are_no_more_than_five() {
    let fixture = Arc::new(Fixture::new().await);
    fixture.person("zhang", "root", &[]).await;
    let guesses: Vec<_> = (0..30)
        .map(|_| {
            let fixture = fixture.clone();
            tokio::spawn(async move { fixture.try_sign_in("zhang", "wrong").await })
        })
        .collect();
    let mut compared = 0;
    for guess in guesses {
        match guess.await.unwrap() {
            Err(OrgError::WrongPassword) => compared += 1,
            Err(OrgError::Locked { .. }) => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(compared, 4, "the fifth is told of the lock");
    let auditor = fixture.org.as_server();
    let count =
        async |action: &str| fixture.org.audit(&auditor, AuditFilter { action: Some(action.to_owned()), ..AuditFilter::default() }, 100).await.unwrap().len();
    assert_eq!((count("session.fail").await, count("session.lock").await, count("session.refused_while_locked").await), (5, 1, 25));
}

#[tokio::test]
async fn one_address_tries_twenty_times_a_minute() {
    let mut options = options();
    options.sign_in.attempts_per_minute = 20;
    let fixture = Fixture::with(options).await;
    for attempt in 0..20 {
        assert!(matches!(fixture.try_sign_in(&format!("name{attempt}"), "wrong").await, Err(OrgError::WrongPassword)));
    }
    assert!(matches!(fixture.try_sign_in("zhang", PASSWORD).await, Err(OrgError::TooManyAttempts { seconds: 60 })));
    fixture.clock.advance_ms(MINUTE);
    assert!(matches!(fixture.try_sign_in("zhang", PASSWORD).await, Err(OrgError::WrongPassword)));
}

#[tokio::test]
async fn sessions_end_by_idleness_and_by_age() {
    let fixture = Fixture::new().await;
    fixture.person("zhang", "root", &[]).await;
    let cookie = fixture.try_sign_in("zhang", PASSWORD).await.unwrap();
    // Used every three hours: the idle limit of four does not end it, the age of twelve does.
    for _ in 0..3 {
        fixture.clock.advance_ms(180 * MINUTE);
        assert!(fixture.by_cookie(&cookie).await.person().is_some());
    }
    fixture.clock.advance_ms(180 * MINUTE);
    assert!(fixture.by_cookie(&cookie).await.person().is_none());

    let cookie = fixture.try_sign_in("zhang", PASSWORD).await.unwrap();
    fixture.clock.advance_ms(240 * MINUTE);
    assert!(fixture.by_cookie(&cookie).await.person().is_none());
    assert!(fixture.by_cookie("made up").await.person().is_none());
}

#[tokio::test]
async fn sessions_survive_a_restart_and_only_their_hash_is_kept() {
    let fixture = Fixture::new().await;
    fixture.person("zhang", "root", &[]).await;
    let cookie = fixture.try_sign_in("zhang", PASSWORD).await.unwrap();
    let kept = fixture.store.sessions().await.unwrap();
    assert!(kept.iter().all(|session| session.hash.len() == 32 && session.hash != cookie.as_bytes()));
    let restarted = Org::open(fixture.store.clone(), options(), Arc::new(fixture.clock.clone())).await.unwrap();
    let caller = restarted.caller(Credentials::Cookie(&cookie), "10.0.0.1".parse().unwrap()).await.unwrap();
    assert_eq!(caller.person().unwrap().name, "zhang");
}

#[tokio::test]
async fn changing_the_password_ends_the_other_sessions() {
    let fixture = Fixture::new().await;
    let zhang = fixture.person("zhang", "root", &[]).await;
    let (one, other) = (fixture.try_sign_in("zhang", PASSWORD).await.unwrap(), fixture.try_sign_in("zhang", PASSWORD).await.unwrap());
    let caller = fixture.by_cookie(&one).await;
    assert!(matches!(fixture.org.change_own_password(&caller, "wrong", "another horse").await, Err(OrgError::WrongPassword)));
    assert!(matches!(fixture.org.change_own_password(&caller, PASSWORD, "short").await, Err(OrgError::Invalid { .. })));
    fixture.org.change_own_password(&caller, PASSWORD, "another horse").await.unwrap();
    assert!(fixture.by_cookie(&one).await.person().is_some());
    assert!(fixture.by_cookie(&other).await.person().is_none());
    assert!(fixture.try_sign_in("zhang", PASSWORD).await.is_err());

    // Set by an administrator: all end.
    fixture.org.set_password(&fixture.org.as_server(), &zhang.id, PASSWORD).await.unwrap();
    assert!(fixture.by_cookie(&one).await.person().is_none());
    fixture.try_sign_in("zhang", PASSWORD).await.unwrap();
}

#[tokio::test]
async fn setting_the_password_ends_a_lock() {
    let fixture = Fixture::new().await;
    let zhang = fixture.person("zhang", "root", &[]).await;
    for _ in 0..5 {
        assert!(fixture.try_sign_in("zhang", "wrong").await.is_err());
    }
    fixture.org.set_password(&fixture.org.as_server(), &zhang.id, "another horse").await.unwrap();
    fixture.try_sign_in("zhang", "another horse").await.unwrap();
}

#[tokio::test]
async fn who_is_disabled_is_out_at_once() {
    let fixture = Fixture::new().await;
    let zhang = fixture.person("zhang", "root", &[(Role::Viewer, "root")]).await;
    let cookie = fixture.try_sign_in("zhang", PASSWORD).await.unwrap();
    let caller = fixture.by_cookie(&cookie).await;
    let token = fixture.org.create_token(&caller, NewToken { name: "t".to_owned(), roles: vec![], expires: None }).await.unwrap().token;
    let server = fixture.org.as_server();
    fixture.org.change_person(&server, &zhang.id, PersonPatch { disabled: Some(true), ..PersonPatch::default() }).await.unwrap();
    assert!(fixture.by_cookie(&cookie).await.person().is_none());
    assert!(matches!(fixture.org.caller(Credentials::Bearer(&token), "10.0.0.1".parse().unwrap()).await, Err(OrgError::BadToken)));
    assert!(matches!(fixture.try_sign_in("zhang", PASSWORD).await, Err(OrgError::WrongPassword)));
}

#[tokio::test]
async fn a_token_may_what_both_it_and_its_owner_may() {
    let fixture = Fixture::new().await;
    fixture.unit("jinan", "root").await;
    fixture.unit("lixia", "jinan").await;
    let zhang = fixture.person("zhang", "jinan", &[(Role::Operator, "jinan")]).await;
    let caller = fixture.sign_in("zhang").await;
    let on = |role, unit: &str| RoleOn { role, unit: unit.into() };
    let new = |roles| NewToken { name: "camera".to_owned(), roles, expires: Some(NOON + 60 * MINUTE) };
    let too_much = [on(Role::Administrator, "jinan"), on(Role::Viewer, "root"), on(Role::Auditor, "jinan")];
    for role in too_much {
        assert!(matches!(fixture.org.create_token(&caller, new(vec![role])).await, Err(OrgError::Denied(crate::org::Denied::MoreThanOwn { .. }))));
    }
    let made = fixture.org.create_token(&caller, new(vec![on(Role::ColumnEditor, "lixia")])).await.unwrap();
    assert!(made.token.starts_with(&format!("yz_{}_", made.about.id)));
    let by_token = async |text: &str| fixture.org.caller(Credentials::Bearer(text), "10.0.0.1".parse().unwrap()).await;
    let token = by_token(&made.token).await.unwrap();
    assert!(token.may(Role::ColumnEditor, &"lixia".into()) && token.may_anywhere(Role::Viewer));
    assert!(!token.may(Role::Operator, &"lixia".into()) && !token.may(Role::ColumnEditor, &"jinan".into()) && !token.may_anywhere(Role::Operator));
    assert_eq!(token.person().unwrap().id, zhang.id);
    // It makes no tokens.
    assert!(matches!(fixture.org.create_token(&token, new(vec![])).await, Err(OrgError::Denied(crate::org::Denied::PersonNeeded))));
    assert_eq!(fixture.org.tokens(&caller).unwrap()[0].last_used, Some(NOON));

    for wrong in ["", "yz", "yz_", &made.token[..made.token.len() - 1], &format!("{}0", made.token), &format!("yz_{}_", made.about.id)] {
        assert!(matches!(by_token(wrong).await, Err(OrgError::BadToken)), "{wrong}");
    }

    // The owner's role goes, and with it the token's.
    let grant = fixture.org.grants(&fixture.org.as_server()).unwrap().remove(0);
    fixture.org.delete_grant(&fixture.org.as_server(), &grant.id).await.unwrap();
    assert!(!by_token(&made.token).await.unwrap().may_anywhere(Role::Viewer));

    fixture.clock.advance_ms(60 * MINUTE);
    assert!(matches!(by_token(&made.token).await, Err(OrgError::BadToken)), "expired");
    fixture.clock.set(NOON);
    fixture.org.delete_token(&caller, &made.about.id).await.unwrap();
    assert!(matches!(by_token(&made.token).await, Err(OrgError::BadToken)), "revoked");
}

#[tokio::test]
async fn what_another_process_changes_is_seen() {
    let fixture = Fixture::new().await;
    let command_line = Org::open(fixture.store.clone(), options(), Arc::new(fixture.clock.clone())).await.unwrap();
    let new = NewPerson { name: "li".to_owned(), display_name: None, unit: root(), disabled: false, password: Some(PASSWORD.to_owned()) };
    let li = command_line.create_person(&command_line.as_server(), new).await.unwrap();
    // At once for a sign-in, within two seconds for the rest.
    let cookie = fixture.try_sign_in("li", PASSWORD).await.unwrap();
    command_line.set_password(&command_line.as_server(), &li.id, "another horse").await.unwrap();
    fixture.clock.advance_ms(2_000);
    assert!(fixture.by_cookie(&cookie).await.person().is_none());
}

#[tokio::test]
async fn passwords_and_tokens_are_not_in_the_audit_log() {
    let fixture = Fixture::new().await;
    let (name, first) = fixture.org.first_start().await.unwrap().unwrap();
    let cookie = fixture.try_sign_in(&name, &first).await.unwrap();
    // A password in the field of the name.
    assert!(fixture.try_sign_in("my-secret-passw0rd", "x").await.is_err());
    let caller = fixture.by_cookie(&cookie).await;
    let token = fixture.org.create_token(&caller, NewToken { name: "t".to_owned(), roles: vec![], expires: None }).await.unwrap().token;
    fixture.person("zhang", "root", &[]).await;
    fixture.org.change_own_password(&caller, &first, PASSWORD).await.unwrap();
    let entries = fixture.org.audit(&caller, AuditFilter::default(), 1000).await.unwrap();
    let text = serde_json::to_string(&entries).unwrap();
    let secret = token.rsplit('_').next().unwrap();
    for secret in [first.as_str(), PASSWORD, "my-secret-passw0rd", secret, cookie.as_str(), "argon2"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    let actions: Vec<&str> = entries.iter().rev().map(|entry| entry.action.as_str()).collect();
    let expected =
        ["person.create", "grant.create", "grant.create", "session.create", "session.fail", "token.create", "person.create", "person.change_own_password"];
    assert_eq!(actions, expected);
    assert_eq!(entries[0].person_name.as_deref(), Some("admin"));
    assert_eq!(entries[0].address.as_deref(), Some("10.0.0.1"));
}
