//! Two who have no account come into a meeting: a guest by link, whom the chair lets in, and a venue's computer, which rings when the chair calls it.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

use crate::common::{Server, Venue};

async fn call_together(server: &Server) -> String {
    for (site, title) in [("main", "省主会场"), ("a", "甲县"), ("b", "乙县")] {
        server.post("/api/v1/sites", json!({"id": site, "unit": "root", "title": title})).await;
    }
    let booked = json!({"unit": "root", "title": "防汛视频会议", "mode": "lecture", "main": "site:main", "branches": ["site:a"], "minutes": 60});
    let meeting = server.post("/api/v1/meetings/now", booked).await["id"].as_str().unwrap().to_owned();
    server.json(Method::PATCH, &format!("/api/v1/meetings/{meeting}"), Some(json!({"agenda": [{"title": "通报汛情"}]}))).await;
    meeting
}

async fn main_venue(server: &Server, meeting: &str) -> Venue {
    let joined = server.post(&format!("/api/v1/meetings/{meeting}/join"), json!({"venue": "site:main"})).await;
    let mut main = Venue::enter(&server.url, joined["token"].as_str().unwrap()).await;
    main.until("the doors are open", |shown| shown["phase"] == "gathering").await;
    main
}

/// A browser of its own, without an account.
struct Browser {
    client: Client,
    api: String,
    cookies: BTreeMap<String, String>,
}

impl Browser {
    fn new(server: &Server) -> Self {
        Self { client: Client::new(), api: format!("{}/api/v1", server.url), cookies: BTreeMap::new() }
    }

    async fn send(&mut self, method: Method, path: &str, body: Option<Value>) -> reqwest::Response {
        let mut request = self.client.request(method, format!("{}{path}", self.api));
        if !self.cookies.is_empty() {
            let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header("cookie", cookies.join("; "));
        }
        let answer = body.map_or(request.try_clone().unwrap(), |body| request.json(&body)).send().await.expect("an answer");
        if let Some(set) = answer.headers().get("set-cookie") {
            let set = set.to_str().unwrap();
            assert!(set.contains("HttpOnly") && set.contains("SameSite=Strict"), "{set}");
            self.keep(set);
        }
        answer
    }

    fn keep(&mut self, set: &str) {
        let (name, value) = set.split(';').next().and_then(|cookie| cookie.split_once('=')).unwrap();
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    async fn post(&mut self, path: &str, body: Value) -> (StatusCode, Value) {
        let answer = self.send(Method::POST, path, Some(body)).await;
        (answer.status(), answer.json().await.unwrap_or(Value::Null))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_waits_until_the_chair_lets_them_in_and_keeps_the_seat() {
    let server = Server::start("").await;
    let meeting = call_together(&server).await;
    let main = main_venue(&server, &meeting).await;
    let links = format!("/api/v1/meetings/{meeting}/guest-links");
    let made = server.post(&links, json!({"title": "设计院专家"})).await;
    let link = made["path"].as_str().unwrap().trim_start_matches("/guest#").to_owned();
    assert!(!server.get(&links).await.to_string().contains(&link), "the secret is shown once");

    let mut guest = Browser::new(&server);
    let (status, view) = guest.post("/guest/look", json!({"link": link})).await;
    assert_eq!((status, &view["title"]), (StatusCode::OK, &json!("防汛视频会议")));
    let mut told: Vec<&str> = view.as_object().unwrap().keys().map(String::as_str).collect();
    told.sort_unstable();
    assert_eq!(told, ["ends", "notice", "seat", "starts", "title", "walks_in"], "nothing else is told");
    let join = json!({"link": link, "name": "王工"});
    let (status, waits) = guest.post("/guest/join", join.clone()).await;
    assert_eq!((status, &waits["state"], &waits["token"]), (StatusCode::OK, &json!("waiting"), &Value::Null), "{waits:#}");
    let venue = waits["venue"].as_str().unwrap().to_owned();
    assert!(venue.starts_with("guest:") && waits["venue_title"] == "王工(来宾)" && waits["choices"].as_array().unwrap().len() == 1, "{waits:#}");
    let (_, again) = guest.post("/guest/join", join.clone()).await;
    assert_eq!((&again["state"], &again["venue"]), (&json!("waiting"), &json!(venue)), "asking again lets nobody in");
    // An emergency opens the doors to venues, not to strangers.
    let commands = format!("/api/v1/meetings/{meeting}/commands");
    server.post(&commands, json!({"act": "set_mode", "mode": "emergency"})).await;
    assert_eq!(guest.post("/guest/join", join.clone()).await.1["state"], "waiting");
    let foreign = Client::new().post(format!("{}/api/v1/guest/join", server.url)).header("origin", "https://evil.example").json(&join).send().await.unwrap();
    assert_eq!(foreign.status(), StatusCode::FORBIDDEN);

    server.post(&commands, json!({"act": "admit", "venue": venue})).await;
    let (_, open) = guest.post("/guest/join", join.clone()).await;
    assert_eq!((&open["state"], &open["may_steer"]), (&json!("open"), &json!(false)), "{open:#}");
    assert_eq!((&waits["agenda"], &open["agenda"][0]["title"]), (&json!([]), &json!("通报汛情")), "what it is about is told inside");
    let mut seat = Venue::enter(&server.url, open["token"].as_str().unwrap()).await;
    seat.until("what all see", |shown| shown["phase"] == "gathering").await;
    for path in ["", "/conduct", "/attendance", "/guest-links"] {
        assert_eq!(guest.send(Method::GET, &format!("/meetings/{meeting}{path}"), None).await.status(), StatusCode::UNAUTHORIZED, "{path}");
    }
    drop(seat);
    // A reload: the same seat, and nobody has to let them in again.
    let (_, back) = guest.post("/guest/join", json!({"link": link, "name": "another"})).await;
    assert_eq!((&back["state"], &back["venue"], &back["venue_title"]), (&json!("open"), &json!(venue), &json!("王工(来宾)")));

    // The same browser as a guest of another link has another seat, and keeps this one.
    let made_too = server.post(&links, json!({"title": "评审专家"})).await;
    let link_too = made_too["path"].as_str().unwrap().trim_start_matches("/guest#").to_owned();
    let (_, apart) = guest.post("/guest/join", json!({"link": link_too, "name": "王工"})).await;
    assert_ne!(apart["venue"], json!(venue));
    assert_eq!(guest.post("/guest/join", join.clone()).await.1["venue"], json!(venue));

    // Another browser is another guest; when the link is revoked who waits is turned away.
    let mut other = Browser::new(&server);
    let (_, waits) = other.post("/guest/join", json!({"link": link, "name": "李工"})).await;
    assert_ne!(waits["venue"], json!(venue));
    let revoked = server.ask(Method::DELETE, &format!("{links}/{}", made["id"].as_str().unwrap()), None).await;
    assert_eq!(revoked.status(), StatusCode::NO_CONTENT);
    let (status, problem) = other.post("/guest/join", json!({"link": link, "name": "李工"})).await;
    assert_eq!((status, &problem["code"]), (StatusCode::NOT_FOUND, &json!("no_such_link")));
    let conduct = server.get(&format!("/api/v1/meetings/{meeting}/conduct")).await;
    let of = |id: &Value| conduct["venues"].as_array().unwrap().iter().find(|venue| venue["id"] == *id).unwrap()["presence"]["is"].clone();
    assert_eq!((of(&waits["venue"]), of(&json!("site:main"))), (json!("removed"), json!("in")));

    // By a link that says so a guest comes in with the venues.
    let made = server.post(&links, json!({"title": "值班室", "walks_in": true, "most": 1})).await;
    let link = made["path"].as_str().unwrap().trim_start_matches("/guest#").to_owned();
    let mut third = Browser::new(&server);
    assert_eq!(third.post("/guest/join", json!({"link": link, "name": "赵工"})).await.1["state"], "open");
    let (status, problem) = Browser::new(&server).post("/guest/join", json!({"link": link, "name": "钱工"})).await;
    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("link_full")));
    let log = server.get("/api/v1/audit?action=guest_link.&limit=50").await.to_string();
    assert!(log.contains("guest_link.use") && log.contains("王工") && !log.contains(&link), "{log}");
    drop(main);
}

/// The events of a venue's computer.
struct Told {
    stream: std::pin::Pin<Box<dyn futures_util::Stream<Item = reqwest::Result<Vec<u8>>> + Send>>,
    buffer: String,
}

impl Told {
    async fn listen(browser: &mut Browser) -> Self {
        let answer = browser.send(Method::GET, "/stand/events", None).await;
        assert_eq!(answer.status(), StatusCode::OK);
        Self { stream: Box::pin(answer.bytes_stream().map(|part| part.map(|bytes| bytes.to_vec()))), buffer: String::new() }
    }

    /// None: the stream has ended.
    async fn until(&mut self, what: &str, is_so: impl Fn(&Value) -> bool) -> Option<Value> {
        let listen = async {
            loop {
                while let Some((event, rest)) = self.buffer.split_once("\n\n").map(|(event, rest)| (event.to_owned(), rest.to_owned())) {
                    self.buffer = rest;
                    let data: Option<Value> = event.lines().find_map(|line| line.strip_prefix("data: ")).and_then(|data| serde_json::from_str(data).ok());
                    if let Some(view) = data.filter(&is_so) {
                        return Some(view);
                    }
                }
                let part = self.stream.next().await?.ok()?;
                self.buffer.push_str(&String::from_utf8_lossy(&part));
            }
        };
        tokio::time::timeout(Duration::from_secs(15), listen).await.unwrap_or_else(|_| panic!("{what}: not in 15 s; {}", self.buffer))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_venues_computer_is_paired_rings_and_comes_in() {
    let mut server = Server::start("").await;
    let meeting = call_together(&server).await;
    let mut computer = Browser::new(&server);
    assert_eq!(computer.send(Method::GET, "/stand", None).await.status(), StatusCode::UNAUTHORIZED);
    let (_, begun) = computer.post("/stand/pairing", json!({"runs": "Chromium"})).await;
    let claim = json!({"secret": begun["secret"]});
    assert_eq!(computer.post("/stand/pairing/claim", claim.clone()).await.1["state"], "waiting");
    let stand = server.post("/api/v1/sites/a/stands", json!({"code": begun["code"], "title": "大会议室"})).await;
    assert_eq!(computer.post("/stand/pairing/claim", claim.clone()).await.1["state"], "paired");
    assert_eq!(computer.post("/stand/pairing/claim", claim).await.1["state"], "ended");
    // It is its venue and nothing else: no person, no other venue's computer.
    for path in ["/meetings".to_owned(), format!("/meetings/{meeting}"), "/sites/a/stands".to_owned(), "/people".to_owned()] {
        assert_eq!(computer.send(Method::GET, &path, None).await.status(), StatusCode::UNAUTHORIZED, "{path}");
    }
    let mut told = Told::listen(&mut computer).await;
    let view = told.until("today's meetings", |_| true).await.unwrap();
    assert_eq!(
        (&view["venue"], &view["answers"], &view["meetings"][0]["id"], &view["calls"]),
        (&json!("site:a"), &json!("when_called"), &json!(meeting), &json!([]))
    );

    let mut main = main_venue(&server, &meeting).await;
    told.until("the meeting has opened", |view| view["calls"][0]["why"] == "opened").await.unwrap();
    let commands = format!("/api/v1/meetings/{meeting}/commands");
    let begun = Instant::now();
    server.post(&commands, json!({"act": "redial", "venue": "site:a"})).await;
    let rings = told.until("the chair calls", |view| view["calls"][0]["why"] == "chair").await.unwrap();
    println!("a venue's computer rang {:?} after the chair's command", begun.elapsed());
    assert_eq!(rings["calls"][0]["meeting"], json!(meeting));
    let calls = server.get("/api/v1/calls").await;
    assert_eq!(calls["items"][0]["venue"], "site:a", "who runs the venue is told, too: {calls:#}");
    let (status, joined) = computer.post(&format!("/stand/meetings/{meeting}/join"), json!({})).await;
    assert_eq!((status, &joined["state"], &joined["venue"]), (StatusCode::OK, &json!("open"), &json!("site:a")), "{joined:#}");
    let room = Venue::enter(&server.url, joined["token"].as_str().unwrap()).await;
    told.until("it is in, and nothing rings", |view| view["calls"] == json!([]) && view["meetings"][0]["presence"]["is"] == "in").await.unwrap();

    // A venue that was not booked comes in when the chair invites it, and not before.
    let (_, begun) = Browser::new(&server).post("/stand/pairing", json!({"runs": ""})).await;
    let mut uninvited = Browser::new(&server);
    server.post("/api/v1/sites/b/stands", json!({"code": begun["code"]})).await;
    uninvited.post("/stand/pairing/claim", json!({"secret": begun["secret"]})).await;
    assert_eq!(uninvited.post(&format!("/stand/meetings/{meeting}/join"), json!({})).await.0, StatusCode::NOT_FOUND);
    server.post(&commands, json!({"act": "invite", "venue": "site:b", "title": "乙县"})).await;
    assert_eq!(uninvited.post(&format!("/stand/meetings/{meeting}/join"), json!({})).await.1["state"], "open");

    // A person who is invited during the meeting is told, and may come; before they were not on the list.
    let unit = server.post("/api/v1/units", json!({"parent": "root", "kind": "body", "title": "省设计院"})).await;
    let person = server.post("/api/v1/people", json!({"name": "expert", "unit": unit["id"], "password": "three unrelated words"})).await;
    let mut expert = Browser::new(&server);
    let signed_in =
        expert.client.post(format!("{}/session", expert.api)).json(&json!({"name": "expert", "password": "three unrelated words"})).send().await.unwrap();
    expert.keep(signed_in.headers()["set-cookie"].to_str().unwrap());
    let venue = format!("person:{}", person["id"].as_str().unwrap());
    let join = json!({"venue": venue});
    assert_eq!(expert.post(&format!("/meetings/{meeting}/join"), join.clone()).await.0, StatusCode::FORBIDDEN);
    server.post(&commands, json!({"act": "invite", "venue": venue, "title": "专家"})).await;
    let calls: Value = expert.send(Method::GET, "/calls", None).await.json().await.unwrap();
    assert!(calls["items"].as_array().unwrap().iter().any(|call| call["venue"] == venue), "{calls:#}");
    assert_eq!(expert.post(&format!("/meetings/{meeting}/join"), join).await.1["state"], "open");

    // The server is started anew: the same cookie, the same venue.
    drop(room);
    server.kill();
    server.up().await;
    computer.api = format!("{}/api/v1", server.url);
    let mut told = Told::listen(&mut computer).await;
    told.until("the meeting as it was", |view| view["meetings"][0]["phase"] == "gathering").await.unwrap();
    main = Venue::enter(&server.url, &main.token).await;
    let (_, joined) = computer.post(&format!("/stand/meetings/{meeting}/join"), json!({})).await;
    assert_eq!(joined["agenda"][0]["title"], "通报汛情");
    let token = joined["token"].as_str().unwrap();
    let mut room = Venue::enter(&server.url, token).await;

    // Revoked, it has no seat any more either, and its token opens nothing until the chair admits the venue.
    let revoked = server.ask(Method::DELETE, &format!("/api/v1/stands/{}", stand["id"].as_str().unwrap()), None).await;
    assert_eq!(revoked.status(), StatusCode::NO_CONTENT);
    assert_eq!(told.until("it hears no more", |_| false).await, None);
    assert_eq!(computer.send(Method::GET, "/stand", None).await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(computer.post(&format!("/stand/meetings/{meeting}/join"), json!({})).await.0, StatusCode::UNAUTHORIZED);
    room.until_sent_away().await;
    Venue::enter(&server.url, token).await.until_sent_away().await;
    drop(main);
}
