use std::os::unix::fs::PermissionsExt;

use livekit_protocol::TrackSource;
use proptest::prelude::*;

use super::*;
use crate::base::UtcMs;

const NOW: UtcMs = UtcMs(1_795_276_800_000); // 2026-11-21T16:00:00Z
const SECRET: &str = "a-secret-of-forty-characters-for-testing";

/// Made by livekit-api 1.2.2 (Python) at `NOW`, valid for an hour, signed by `APItest` with `SECRET`.
const LIVEKIT_API: &str = "\
     eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJuYW1lIjoiXHU1ZjIwXHU0ZTA5Iiwia2luZCI6ImluZ3Jlc3MiLCJtZXRhZGF0YSI6IntcInNlYXRcIjo\
     zfSIsInZpZGVvIjp7InJvb21BZG1pbiI6dHJ1ZSwicm9vbUpvaW4iOnRydWUsInJvb20iOiJjb3VudHkiLCJjYW5QdWJsaXNoIjp0cnVlLCJjYW5TdWJzY3J\
     pYmUiOnRydWUsImNhblB1Ymxpc2hEYXRhIjpmYWxzZSwiY2FuUHVibGlzaFNvdXJjZXMiOlsiY2FtZXJhIiwibWljcm9waG9uZSJdfSwiYXR0cmlidXRlcyI\
     6eyJ2ZW51ZSI6ImNvdW50eSJ9LCJyb29tQ29uZmlnIjp7ImVtcHR5VGltZW91dCI6NjAsImRlcGFydHVyZVRpbWVvdXQiOjUsIm1heFBhcnRpY2lwYW50cyI\
     6NDAsIm1ldGFkYXRhIjoibSJ9LCJzdWIiOiJjbGVyay0xIiwiaXNzIjoiQVBJdGVzdCIsIm5iZiI6MTc5NTI3NjgwMCwiZXhwIjoxNzk1MjgwNDAwfQ.Exsl\
     j1C6a13Ea33LD2mUm4-Hu27CGWHKbrFKsP9j69g";

/// Signed by openssl (`dgst -sha256 -mac HMAC`): blanks in the JSON, the identity in `jti`, a fraction in `exp`, a `null`.
const OPENSSL: &str = "\
     eyJ0eXAiOiAiSldUIiwgImFsZyI6ICJIUzI1NiJ9.eyJpc3MiOiAiQVBJdGVzdCIsICJqdGkiOiAib2xkLXN0eWxlIiwgImV4cCI6IDE3OTUyNzc0MDAuNSw\
     gInZpZGVvIjogeyJyb29tSm9pbiI6IHRydWUsICJyb29tIjogImNvdW50eSIsICJjYW5QdWJsaXNoIjogbnVsbH19.M42UpJZYaBUpJe-W6XfBhQnpy4llck\
     5yOufkX9MU9CQ";

fn keys() -> Keys {
    Keys::new([("APItest", SECRET), ("APIother", "another-secret-of-forty-characters-long!")]).unwrap()
}

fn sound() -> Claims {
    let grant = VideoGrant { room_join: true, room: "county".to_owned(), ..VideoGrant::default() };
    Claims::lasting(NOW, std::time::Duration::from_secs(600)).with_identity("clerk-1").with_video(grant)
}

/// A token with any header and claims, signed as it should be.
fn signed(header: &str, claims: &str) -> String {
    use base64::Engine;
    let engine = base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let message = format!("{}.{}", engine.encode(header), engine.encode(claims));
    let hmac = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, SECRET.as_bytes());
    format!("{message}.{}", engine.encode(aws_lc_rs::hmac::sign(&hmac, message.as_bytes())))
}

fn with_claims(claims: &str) -> Result<Claims, TokenError> {
    keys().verify(&signed(r#"{"alg":"HS256"}"#, claims), NOW)
}

#[test]
fn a_token_of_livekits_own_library_is_taken_whole() {
    let claims = keys().verify(LIVEKIT_API, NOW).unwrap();
    assert_eq!((claims.key.as_str(), claims.identity.as_str(), claims.name.as_str()), ("APItest", "clerk-1", "张三"));
    assert_eq!((claims.metadata.as_str(), claims.attributes["venue"].as_str(), claims.kind), ("{\"seat\":3}", "county", Kind::Ingress));
    assert_eq!((claims.not_before, claims.expires), (Some(NOW), NOW + 3_600_000));
    let defaults = RoomDefaults { empty_timeout_seconds: 60, departure_timeout_seconds: 5, max_participants: 40, metadata: "m".to_owned() };
    assert_eq!(claims.room_defaults, Some(defaults));
    assert_eq!(claims.join().unwrap(), Join { room: "county", identity: "clerk-1", name: "张三" });
    let permission = claims.permission();
    assert!(permission.can_publish && permission.can_subscribe && !permission.can_publish_data && !permission.can_update_metadata);
    assert_eq!(permission.can_publish_sources, [TrackSource::Camera as i32, TrackSource::Microphone as i32]);
    assert!(may_publish(&permission, TrackSource::Camera) && !may_publish(&permission, TrackSource::ScreenShare));
    assert!(claims.may_administer("county").is_ok());
}

#[test]
fn a_token_signed_by_openssl_is_taken() {
    let claims = keys().verify(OPENSSL, NOW).unwrap();
    assert_eq!((claims.identity.as_str(), claims.expires), ("old-style", NOW + 600_500));
    assert!(claims.permission().can_publish);
}

#[test]
fn what_a_key_issues_its_keys_verify() {
    let token = keys().get("APIother").unwrap().issue(&sound()).unwrap();
    let claims = keys().verify(&token, NOW).unwrap();
    assert_eq!(claims, Claims { key: "APIother".to_owned(), ..sound() });
    // Passed on with a later end, as when a client's token is refreshed.
    let later = keys().first().issue(&Claims { expires: NOW + 7_200_000, ..claims }).unwrap();
    assert_eq!(keys().verify(&later, NOW + 7_000_000).unwrap().key, "APItest");
}

#[test]
fn time_is_judged_with_a_minute_of_grace() {
    let token = keys().first().issue(&sound()).unwrap();
    assert!(keys().verify(&token, NOW + 659_999).is_ok());
    let expired = keys().verify(&token, NOW + 660_000).unwrap_err();
    assert_eq!(expired, TokenError::Expired { at: NOW + 600_000, now: NOW + 660_000 });
    assert_eq!(expired.to_string(), "the token expired at 2026-11-21T16:10:00.000Z; it is 2026-11-21T16:11:00.000Z");
    assert!(keys().verify(&token, NOW - 60_000).is_ok());
    assert_eq!(keys().verify(&token, NOW - 60_001), Err(TokenError::NotYet { from: NOW, now: NOW - 60_001 }));
}

#[test]
fn a_refusal_names_what_is_wrong() {
    let error = |token: &str| keys().verify(token, NOW).unwrap_err();
    let token = keys().first().issue(&sound()).unwrap();
    assert_eq!(error(""), TokenError::Parts { parts: 1 });
    assert_eq!(error(&format!("{token}.x")), TokenError::Parts { parts: 4 });
    assert_eq!(error(&"a".repeat(MOST_TOKEN_BYTES + 1)), TokenError::TooLong { bytes: MOST_TOKEN_BYTES + 1, most: MOST_TOKEN_BYTES });
    assert!(matches!(error("!.e30.e30"), TokenError::Malformed { part: "header", .. }));
    assert!(matches!(error(&token.replacen("eyJ", "eyI", 1)), TokenError::Malformed { part: "header", .. }));
    let (message, signature) = token.rsplit_once('.').unwrap();
    assert!(matches!(error(&format!("{message}.%")), TokenError::Malformed { part: "signature", .. }));
    assert_eq!(error(&format!("{message}.")), TokenError::Signature { key: "APItest".to_owned() });
    assert_eq!(error(&format!("{message}.{}", &signature[4..])), TokenError::Signature { key: "APItest".to_owned() });
    let strangers = Key::new("APIstranger", SECRET).unwrap().issue(&sound()).unwrap();
    assert_eq!(error(&strangers), TokenError::UnknownKey { key: "APIstranger".to_owned() });
    let impostors = Key::new("APItest", "a-guess-of-forty-characters-for-testing!").unwrap().issue(&sound()).unwrap();
    assert_eq!(error(&impostors), TokenError::Signature { key: "APItest".to_owned() });

    assert_eq!(with_claims(r#"{"exp":1}"#), Err(TokenError::NoKey));
    assert_eq!(with_claims(r#"{"iss":"APItest"}"#), Err(TokenError::NoExpiry));
    assert!(with_claims(r#"{"iss":"APItest","exp":"soon"}"#).unwrap_err().to_string().starts_with("the token's claims cannot be read: "));
    assert!(with_claims(r#"{"iss":"APItest","exp":9e99,"video":{"roomJoin":"yes"}}"#).is_err());
    assert!(with_claims(r#"{"iss":"APItest","exp":1795280400,"exp":9e9}"#).is_err(), "twice the same claim");
}

#[test]
fn the_algorithm_is_chosen_here() {
    let claims = format!(r#"{{"iss":"APItest","exp":{}}}"#, NOW.0 / 1_000 + 600);
    for algorithm in ["none", "None", "HS384", "HS512", "RS256", "hs256", ""] {
        let token = signed(&format!(r#"{{"alg":"{algorithm}"}}"#), &claims);
        assert_eq!(keys().verify(&token, NOW), Err(TokenError::Algorithm { algorithm: algorithm.to_owned() }));
        let unsigned = format!("{}.", token.rsplit_once('.').unwrap().0);
        assert_eq!(keys().verify(&unsigned, NOW), Err(TokenError::Algorithm { algorithm: algorithm.to_owned() }));
    }
    assert!(keys().verify(&signed(r#"{"alg":"HS256","typ":"JWT","kid":"x"}"#, &claims), NOW).is_ok());
    assert!(keys().verify(&signed(r#"{"alg":"HS256","crit":["b64"],"b64":false}"#, &claims), NOW).unwrap_err().to_string().contains("`crit`"));
    assert!(keys().verify(&signed("{}", &claims), NOW).is_err());
}

#[test]
fn times_beyond_reason_do_no_harm() {
    for exp in ["1e300", "9223372036854775807", "18446744073709551615", "-1", "-9223372036854775808", "0", "1e-300"] {
        let judged = with_claims(&format!(r#"{{"iss":"APItest","exp":{exp},"nbf":-1e300,"iat":{exp}}}"#));
        assert_eq!(judged.is_ok(), exp.len() > 4 && !exp.starts_with('-') && exp != "1e-300", "{exp}: {judged:?}");
    }
}

#[test]
fn what_is_not_said_is_livekits_default() {
    let permission = |video: &str| with_claims(&format!(r#"{{"iss":"APItest","exp":9e9,"video":{video}}}"#)).unwrap().permission();
    let nothing_said = permission(r#"{"roomJoin":true,"room":"r"}"#);
    assert!(nothing_said.can_publish && nothing_said.can_subscribe && nothing_said.can_publish_data);
    assert!(!nothing_said.hidden && !nothing_said.can_update_metadata && !nothing_said.can_subscribe_metrics);
    let listener = permission(r#"{"canPublish":false}"#);
    assert!(!listener.can_publish && !listener.can_publish_data && listener.can_subscribe, "data goes with tracks");
    assert!(permission(r#"{"canPublish":false,"canPublishData":true}"#).can_publish_data);
    let odd = permission(r#"{"canPublishSources":["hologram"],"somethingNew":1}"#);
    assert!(!may_publish(&odd, TrackSource::Camera), "an unknown source does not become all sources");
    assert!(may_publish(&nothing_said, TrackSource::ScreenShareAudio) && !may_publish(&listener, TrackSource::Camera));
    assert!(!with_claims(r#"{"iss":"APItest","exp":9e9,"video":null,"name":null,"attributes":null,"kind":"robot"}"#).unwrap().permission().can_subscribe);
}

#[test]
fn only_who_may_join_joins() {
    let with = |change: fn(&mut Claims, &mut VideoGrant)| {
        let mut claims = sound();
        let mut grant = claims.video.take().unwrap();
        change(&mut claims, &mut grant);
        claims.with_video(grant)
    };
    assert!(sound().join().is_ok());
    assert_eq!(Claims::default().join(), Err(Refusal::NotGranted("roomJoin")));
    assert_eq!(with(|_, grant| grant.room_join = false).join(), Err(Refusal::NotGranted("roomJoin")));
    assert_eq!(with(|_, grant| grant.room.clear()).join(), Err(Refusal::NoRoom));
    assert_eq!(with(|claims, _| claims.identity.clear()).join(), Err(Refusal::NoIdentity));
    assert!(with(|claims, _| claims.identity = "人".repeat(85)).join().is_ok());
    assert_eq!(with(|claims, _| claims.identity = "人".repeat(86)).join(), Err(Refusal::TooLong { what: "the identity", bytes: 258, most: 256 }));
    assert_eq!(with(|_, grant| grant.room = "a\nb".to_owned()).join(), Err(Refusal::ControlCharacter { what: "the room's name" }));
    assert!(with(|claims, _| claims.name = "n".repeat(257)).join().is_err());
}

#[test]
fn an_administrator_administers_one_room() {
    let grant = VideoGrant { room_admin: true, room: "county".to_owned(), destination_room: "side".to_owned(), room_list: true, ..VideoGrant::default() };
    let claims = Claims::default().with_video(grant);
    assert!(claims.may_administer("county").is_ok() && claims.may_list().is_ok() && claims.may_forward("county", "side").is_ok());
    let other = Refusal::OtherRoom { grant: "roomAdmin", granted: "county".to_owned(), asked: "city".to_owned() };
    assert_eq!(claims.may_administer("city"), Err(other));
    assert!(claims.may_forward("county", "city").is_err() && claims.may_forward("side", "county").is_err());
    assert_eq!(claims.may_create(), Err(Refusal::NotGranted("roomCreate")));
    assert_eq!(claims.may_record(), Err(Refusal::NotGranted("roomRecord")));
    let nameless = Claims::default().with_video(VideoGrant { room_admin: true, ..VideoGrant::default() });
    assert!(nameless.may_administer("").is_err() && nameless.may_administer("county").is_err());
}

#[test]
fn keys_are_strong_told_apart_and_not_shown() {
    assert!(matches!(Keys::new([]), Err(KeyError::None)));
    assert!(matches!(Keys::new([("a", SECRET), ("a", SECRET)]), Err(KeyError::Twice(_))));
    assert!(matches!(Keys::new([("", SECRET)]), Err(KeyError::NoName)));
    assert!(matches!(Keys::new([("devkey", "secret")]), Err(KeyError::Short { bytes: 6, .. })));
    assert_eq!(keys().iter().map(Key::name).collect::<Vec<_>>(), ["APItest", "APIother"]);
    assert!(!format!("{:?}", keys()).contains("secret"));
    let rooms = crate::config::Rooms { keys: [("k".to_owned(), SECRET.to_owned().into())].into(), ..crate::config::Rooms::default() };
    assert_eq!(Keys::configured(&rooms).unwrap().unwrap().first().name(), "k");
    assert!(Keys::configured(&crate::config::Rooms::default()).unwrap().is_none());
}

#[test]
fn the_servers_own_key_is_made_once_and_is_private() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("new/recordings");
    assert!(Keys::load(&data).unwrap().is_none());
    let token = Keys::load_or_create(&data).unwrap().first().issue(&sound()).unwrap();
    assert!(Keys::load_or_create(&data).unwrap().verify(&token, NOW).is_ok());
    assert!(Keys::load(&data).unwrap().unwrap().verify(&token, NOW).is_ok());
    let file = data.join("rooms.key");
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&file), 0o600);
    assert_eq!(std::fs::read_dir(&data).unwrap().count(), 1, "no draft is left");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(Keys::load(&data).is_ok());
    assert_eq!(mode(&file), 0o600, "private again");

    for bad in ["", "name", "name: short", &format!("a: {SECRET}\nb: {SECRET}\n"), &"x".repeat(9_000)] {
        std::fs::write(&file, bad).unwrap();
        let error = Keys::load_or_create(&data).unwrap_err();
        assert!(matches!(error, KeyError::Content { .. }) && !error.to_string().contains("short:"), "{error}");
    }
    std::fs::write(&file, [0xff, 0xfe]).unwrap();
    assert!(matches!(Keys::load(&data), Err(KeyError::Content { .. })));
}

#[test]
fn two_who_make_the_key_at_once_get_the_same() {
    for _ in 0..20 {
        let folder = tempfile::tempdir().unwrap();
        let made: Vec<String> = std::thread::scope(|scope| {
            let makers: Vec<_> = (0..4).map(|_| scope.spawn(|| Keys::load_or_create(folder.path()).unwrap().first().name().to_owned())).collect();
            makers.into_iter().map(|maker| maker.join().unwrap()).collect()
        });
        assert!(made.iter().all(|name| *name == made[0]), "{made:?}");
    }
}

proptest! {
    #[test]
    fn any_text_is_verified_or_refused(text in any::<String>(), bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(keys().verify(&text, NOW).is_err());
        prop_assert!(keys().verify(&String::from_utf8_lossy(&bytes), NOW).is_err());
    }

    /// Signed, so that all of the reading is reached.
    #[test]
    fn any_signed_json_is_read_or_refused(header in "\\PC{0,40}", claims in "\\PC{0,200}", member in "[a-zA-Z]{1,12}", value in "[-+0-9eE.\"\\[\\]{}a-z,:]{0,24}") {
        let _ = keys().verify(&signed(&header, &claims), NOW);
        let _ = with_claims(&claims);
        for name in ["exp", "nbf", "iat", "sub", "jti", "name", "metadata", "attributes", "kind", "sha256", "video", "roomConfig", &member] {
            let _ = with_claims(&format!(r#"{{"iss":"APItest","exp":9e9,"{name}":{value}}}"#)).map(|claims| claims.permission());
        }
    }

    /// No bit of a token can be turned.
    #[test]
    fn a_changed_token_is_refused(at in any::<prop::sample::Index>(), bit in 0..7_u32) {
        let token = keys().first().issue(&sound()).unwrap();
        let mut bytes = token.clone().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        prop_assert!(keys().verify(&String::from_utf8(bytes).unwrap(), NOW).is_err());
    }

    #[test]
    fn claims_come_back_as_they_went(
        (identity, name, metadata, sha256) in (".{0,40}", ".{0,40}", ".{0,200}", "[a-zA-Z0-9+/=]{0,44}"),
        attributes in prop::collection::btree_map(".{0,12}", ".{0,40}", 0..6),
        kind in prop::sample::select(vec![Kind::Standard, Kind::Ingress, Kind::Egress, Kind::Sip, Kind::Agent]),
        grant in prop::option::of(any_grant()),
        numbers in prop::option::of((any::<u32>(), any::<u32>(), any::<u32>())),
        (valid, before) in (1..1_000_000_i64, prop::option::of(0..1_000_i64)),
    ) {
        let room_defaults = numbers.map(|(empty_timeout_seconds, departure_timeout_seconds, max_participants)| {
            RoomDefaults { empty_timeout_seconds, departure_timeout_seconds, max_participants, metadata: metadata.clone() }
        });
        let claims = Claims {
            key: "APItest".to_owned(), identity, name, metadata, attributes, kind, sha256, video: grant, room_defaults,
            issued: before.map(|before| NOW - before * 1_000), not_before: before.map(|before| NOW - before * 1_000), expires: NOW + valid * 1_000,
        };
        prop_assert_eq!(keys().verify(&keys().first().issue(&claims).unwrap(), NOW).unwrap(), claims);
    }
}

fn any_grant() -> impl Strategy<Value = VideoGrant> {
    let choices = prop::collection::vec(any::<Option<bool>>(), 6);
    (prop::collection::vec(any::<bool>(), 9), choices, ".{0,20}", ".{0,20}", prop::collection::vec("[a-z_]{1,12}", 0..4)).prop_map(
        |(flags, choices, room, destination_room, can_publish_sources)| VideoGrant {
            room_create: flags[0],
            room_list: flags[1],
            room_record: flags[2],
            room_admin: flags[3],
            room_join: flags[4],
            room,
            can_publish: choices[0],
            can_subscribe: choices[1],
            can_publish_data: choices[2],
            can_publish_sources,
            can_update_own_metadata: choices[3],
            can_subscribe_metrics: choices[4],
            can_manage_agent_session: choices[5],
            ingress_admin: flags[5],
            hidden: flags[6],
            recorder: flags[7],
            agent: flags[8],
            destination_room,
        },
    )
}
