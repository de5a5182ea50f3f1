//! A meeting from its call to its end, over the API: venues come in, the chair conducts, every screen hears of it, and a restart of the server changes nothing.

use std::time::{Duration, Instant};

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::common::{Server, Venue};

/// A main venue and three counties.
async fn call_together(server: &Server) -> String {
    for (site, title) in [("main", "省主会场"), ("a", "甲县"), ("b", "乙县"), ("c", "丙县")] {
        server.post("/api/v1/sites", json!({"id": site, "unit": "root", "title": title})).await;
    }
    let branches = ["site:a", "site:b", "site:c"];
    let booked = json!({"unit": "root", "title": "全省防汛工作视频会议", "mode": "lecture", "main": "site:main", "branches": branches, "minutes": 60});
    let meeting = server.post("/api/v1/meetings/now", booked).await;
    meeting["id"].as_str().unwrap_or_else(|| panic!("{meeting:#}")).to_owned()
}

async fn join(server: &Server, meeting: &str, venue: &str) -> Value {
    server.post(&format!("/api/v1/meetings/{meeting}/join"), json!({"venue": venue})).await
}

async fn enter(server: &Server, meeting: &str, venue: &str) -> Venue {
    let joined = join(server, meeting, venue).await;
    assert_eq!(joined["state"], "open", "{joined:#}");
    Venue::enter(&server.url, joined["token"].as_str().unwrap()).await
}

/// What a venue does, by its room token; as nobody who is signed in.
async fn command(server: &Server, meeting: &str, token: &str, command: Value) -> (StatusCode, Value) {
    let request = reqwest::Client::new().post(format!("{}/api/v1/meetings/{meeting}/commands", server.url)).header("x-room-token", token).json(&command);
    let response = request.send().await.expect("an answer");
    (response.status(), response.json().await.unwrap_or(Value::Null))
}

async fn does(server: &Server, meeting: &str, venue: &Venue, done: Value) {
    let (status, said) = command(server, meeting, &venue.token, done.clone()).await;
    assert_eq!(status, StatusCode::OK, "{done}: {said:#}; log:\n{}", server.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn venues_come_in_the_chair_conducts_and_a_restart_changes_nothing() {
    let mut server = Server::start("").await;
    let meeting = call_together(&server).await;
    let waits = join(&server, &meeting, "site:a").await;
    assert_eq!((&waits["state"], &waits["token"]), (&json!("waiting"), &Value::Null), "the doors open with who steers");
    let mut main = enter(&server, &meeting, "site:main").await;
    main.until("the doors are open", |shown| shown["phase"] == "gathering").await;
    let mut a = enter(&server, &meeting, "site:a").await;
    let mut b = enter(&server, &meeting, "site:b").await;

    does(&server, &meeting, &main, json!({"act": "call_roll"})).await;
    a.until("the roll is called", |shown| shown["phase"] == "roll_call").await;
    does(&server, &meeting, &a, json!({"act": "answer_roll"})).await;
    does(&server, &meeting, &b, json!({"act": "headcount", "people": 7})).await;
    does(&server, &meeting, &main, json!({"act": "end_roll"})).await;

    // A command is on every screen in a moment.
    let mut slowest = Duration::ZERO;
    for venue in ["site:a", "site:b"].into_iter().cycle().take(10) {
        let begun = Instant::now();
        does(&server, &meeting, &main, json!({"act": "broadcast", "venue": venue})).await;
        a.until("the broadcast", |shown| shown["broadcast"] == venue).await;
        b.until("the broadcast", |shown| shown["broadcast"] == venue).await;
        slowest = slowest.max(begun.elapsed());
    }
    println!("a broadcast was on every screen after {slowest:?} at worst");
    assert_eq!(b.shown["on_screen"], "site:b");
    assert_eq!(b.shown["seen_there"], "site:main", "who is broadcast sees the main venue");

    // Branches steer nothing, and speak when they have the floor.
    let (status, said) = command(&server, &meeting, &a.token, json!({"act": "close"})).await;
    assert_eq!((status, &said["code"]), (StatusCode::FORBIDDEN, &json!("not_your_role")), "{said:#}");
    let (status, said) = command(&server, &meeting, &a.token, json!({"act": "mute_self", "muted": false})).await;
    assert_eq!((status, &said["code"]), (StatusCode::CONFLICT, &json!("refused")), "{said:#}");
    does(&server, &meeting, &a, json!({"act": "raise_hand"})).await;
    main.until("the hand", |shown| shown["floor"]["hands"][0]["venue"] == "site:a").await;
    does(&server, &meeting, &main, json!({"act": "give_floor", "venue": "site:a"})).await;
    does(&server, &meeting, &a, json!({"act": "mute_self", "muted": false})).await;
    does(&server, &meeting, &main, json!({"act": "set_banner", "text": "全力做好防汛救灾工作"})).await;

    server.kill();
    server.up().await;
    let mut main = Venue::enter(&server.url, &main.token).await;
    let shown = main.until("the meeting as it was", |shown| shown["banner"] == "全力做好防汛救灾工作").await;
    assert_eq!((&shown["phase"], &shown["broadcast"], &shown["floor"]["holders"][0]), (&json!("in_session"), &json!("site:b"), &json!("site:a")));
    let mut a = Venue::enter(&server.url, &a.token).await;
    a.until("back with the same rights", |shown| shown["on_screen"] == "site:main").await;

    does(&server, &meeting, &main, json!({"act": "close"})).await;
    a.until_sent_away().await;
    let attendance = server.get(&format!("/api/v1/meetings/{meeting}/attendance")).await;
    let line = |venue: &str| attendance["items"].as_array().unwrap().iter().find(|line| line["venue"] == venue).cloned().unwrap();
    assert_eq!((&attendance["attended"], &attendance["expected"]), (&json!(3), &json!(4)), "{attendance:#}");
    assert_eq!((&line("site:a")["mark"], &line("site:c")["mark"]), (&json!("present"), &json!("absent")));
    assert!(line("site:a")["stays"].as_array().unwrap().len() >= 2, "before the restart and after it");
    let over = server.ask(Method::POST, &format!("/api/v1/meetings/{meeting}/join"), Some(json!({}))).await;
    assert_eq!(over.status(), StatusCode::CONFLICT);
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_forgers_and_floods_get_nowhere() {
    let server = Server::start("").await;
    let meeting = call_together(&server).await;
    let path = format!("/api/v1/meetings/{meeting}");
    assert_eq!(server.ask_as(None, Method::POST, &format!("{path}/join"), &json!({})).await.status(), StatusCode::UNAUTHORIZED);
    let viewer = server.post("/api/v1/tokens", json!({"name": "v", "roles": [{"role": "viewer", "unit": "root"}]})).await;
    let viewer = viewer["token"].as_str().unwrap();
    for (route, body) in [("join", json!({"venue": "site:a"})), ("commands", json!({"act": "open"}))] {
        assert_eq!(server.ask_as(Some(viewer), Method::POST, &format!("{path}/{route}"), &body).await.status(), StatusCode::FORBIDDEN, "{route}");
    }
    assert_eq!(server.ask_as(Some(viewer), Method::GET, &format!("{path}/conduct"), &Value::Null).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(server.ask_as(Some(viewer), Method::GET, &format!("{path}/attendance"), &Value::Null).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(server.ask(Method::POST, "/api/v1/meetings/nowhere/join", Some(json!({}))).await.status(), StatusCode::NOT_FOUND);

    // The plain rooms are no way into a meeting's.
    for (method, route) in [(Method::POST, "token"), (Method::GET, "events")] {
        let answer = server.ask(method, &format!("/api/v1/rooms/{meeting}/{route}"), Some(json!({}))).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{route}");
    }
    let main = enter(&server, &meeting, "site:main").await;
    assert_eq!(server.get("/api/v1/rooms").await["items"], json!([]));
    let other = server.post("/api/v1/rooms/elsewhere/token", json!({})).await;
    for token in ["", "eyJ.a.b", other["token"].as_str().unwrap()] {
        assert_eq!(command(&server, &meeting, token, json!({"act": "close"})).await.0, StatusCode::UNAUTHORIZED);
    }
    let unknown = command(&server, &meeting, &main.token, json!({"act": "explode"})).await;
    assert!(unknown.0.is_client_error(), "{unknown:?}");
    let long = "长".repeat(10_000);
    assert_eq!(command(&server, &meeting, &main.token, json!({"act": "set_banner", "text": long})).await.0, StatusCode::BAD_REQUEST);

    // Who floods is held back, and the desk goes on.
    let mut held_back = 0;
    for n in 0..80 {
        let (status, _) = command(&server, &meeting, &main.token, json!({"act": "set_subtitle", "text": format!("{n}")})).await;
        held_back += usize::from(status == StatusCode::TOO_MANY_REQUESTS);
    }
    let done = server.ask(Method::POST, &format!("{path}/commands"), Some(json!({"act": "set_subtitle", "text": "会务台"}))).await;
    assert_eq!(done.status(), StatusCode::OK);
    println!("{held_back} of 80 commands at once were held back");
    let view = server.get(&format!("{path}/conduct")).await;
    assert_eq!(view["shown"]["subtitle"], "会务台");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_screen_saw_is_in_the_report_and_a_lie_is_no_longer_than_the_meeting() {
    let server = Server::start("").await;
    let meeting = call_together(&server).await;
    let path = format!("/api/v1/meetings/{meeting}");
    let tells = async |token: &str, body: Value| {
        let request = reqwest::Client::new().post(format!("{}{path}/freezes", server.url)).header("x-room-token", token).json(&body);
        request.send().await.expect("an answer").status()
    };
    let begun = Instant::now();
    let main = enter(&server, &meeting, "site:main").await;
    let a = enter(&server, &meeting, "site:a").await;
    let other = server.post("/api/v1/rooms/elsewhere/token", json!({})).await;
    for token in ["", "eyJ.a.b", other["token"].as_str().unwrap()] {
        assert_eq!(tells(token, json!({"frozen_ms": 1_000})).await, StatusCode::UNAUTHORIZED);
    }
    // By one's rights nothing is told: it is no desk's screen.
    assert_eq!(server.ask(Method::POST, &format!("{path}/freezes"), Some(json!({"frozen_ms": 1_000}))).await.status(), StatusCode::UNAUTHORIZED);
    for body in [json!({"frozen_ms": -1}), json!({"frozen_ms": 1, "venue": "site:b"}), json!({})] {
        assert!(tells(&main.token, body.clone()).await.is_client_error(), "{body}");
    }
    // Lines are looked at every five seconds; a line is known when it was seen twice.
    tokio::time::sleep(Duration::from_secs(11)).await;
    assert_eq!(tells(&main.token, json!({"frozen_ms": 2_000})).await, StatusCode::NO_CONTENT);
    let said = [tells(&a.token, json!({"frozen_ms": 3_600_000})).await, tells(&a.token, json!({"frozen_ms": 3_600_000})).await];
    assert_eq!(said, [StatusCode::NO_CONTENT; 2]);
    let mut held_back = 0;
    for _ in 0..10 {
        held_back += usize::from(tells(&a.token, json!({"frozen_ms": 1})).await == StatusCode::TOO_MANY_REQUESTS);
    }
    assert!(held_back >= 6, "{held_back} of 10 at once");
    does(&server, &meeting, &main, json!({"act": "close"})).await;
    let lasted = begun.elapsed().as_secs() + 1;
    let frozen = async |venue: &str| {
        let report = server.get(&format!("{path}/quality")).await;
        report["venues"].as_array().unwrap().iter().find(|known| known["venue"] == venue).map_or(0, |known| known["frozen_seconds"].as_u64().unwrap())
    };
    // The last minute is kept when the meeting is over.
    while frozen("site:main").await == 0 {
        assert!(begun.elapsed() < Duration::from_secs(60), "nothing is in the report; log:\n{}", server.log());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(frozen("site:main").await, 2);
    let lie = frozen("site:a").await;
    assert!((5..=lasted).contains(&lie), "{lie} of {lasted} seconds");
    assert_eq!(tells(&main.token, json!({"frozen_ms": 1_000})).await, StatusCode::CONFLICT, "it is over");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_booking_that_is_changed_is_changed_on_every_screen_and_one_that_is_called_off_lets_nobody_in() {
    let server = Server::start("").await;
    let meeting = call_together(&server).await;
    let path = format!("/api/v1/meetings/{meeting}");
    let mut main = enter(&server, &meeting, "site:main").await;
    server.post("/api/v1/sites", json!({"id": "late", "unit": "root", "title": "丁县"})).await;
    let branches = ["site:a", "site:b", "site:late"];
    let changed = server.ask(Method::PATCH, &path, Some(json!({"title": "全省抗旱工作视频会议", "branches": branches}))).await;
    assert_eq!(changed.status(), StatusCode::OK, "{:#}", changed.json::<Value>().await.unwrap_or_default());
    main.until("the new title", |shown| shown["title"] == "全省抗旱工作视频会议").await;
    let view = server.get(&format!("{path}/conduct")).await;
    let expected = |venue: &str| view["venues"].as_array().unwrap().iter().find(|known| known["id"] == venue).map(|known| known["is_expected"].clone());
    assert_eq!((expected("site:late"), expected("site:c")), (Some(json!(true)), Some(json!(false))), "{view:#}");
    enter(&server, &meeting, "site:late").await;

    let starts = view["shown"]["ends"].as_i64().unwrap() + 3_600_000;
    let later = json!({"unit": "root", "title": "例会", "mode": "discussion", "starts": starts, "ends": starts + 3_600_000, "main": "site:main", "branches": ["site:a"]});
    let later = server.post("/api/v1/meetings", later).await["items"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(join(&server, &later, "site:a").await["state"], "waiting");
    server.post(&format!("/api/v1/meetings/{later}/cancel"), json!({})).await;
    for (route, body) in [("join", json!({"venue": "site:main"})), ("commands", json!({"act": "open"}))] {
        let refused = server.ask(Method::POST, &format!("/api/v1/meetings/{later}/{route}"), Some(body)).await;
        assert_eq!(refused.status(), StatusCode::CONFLICT, "{route}");
    }
}
