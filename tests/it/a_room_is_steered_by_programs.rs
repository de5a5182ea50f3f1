//! `RoomService` by Twirp: who has the grant may steer, others are told why not, in the protocol's own way.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use yizhan::base::{Clock, SystemClock};
use yizhan::room::token::{Claims, Key, VideoGrant};

use crate::common::Server;

struct Programs {
    server: Server,
    key: Key,
}

impl Programs {
    async fn start(more: &str) -> Self {
        let server = Server::start(more).await;
        let (name, secret) = server.room_key();
        Self { key: Key::new(name, &secret).unwrap(), server }
    }

    fn token(&self, grant: VideoGrant) -> String {
        let claims = Claims::lasting(SystemClock.now(), std::time::Duration::from_secs(60)).with_identity("program").with_video(grant);
        self.key.issue(&claims).unwrap()
    }

    async fn call(&self, method: &str, grant: VideoGrant, body: Value) -> (StatusCode, Value) {
        let response = self.server.ask_as(Some(&self.token(grant)), Method::POST, &format!("/twirp/livekit.RoomService/{method}"), &body).await;
        (response.status(), response.json().await.unwrap_or(Value::Null))
    }
}

fn create() -> VideoGrant {
    VideoGrant { room_create: true, ..VideoGrant::default() }
}

fn list() -> VideoGrant {
    VideoGrant { room_list: true, ..VideoGrant::default() }
}

fn admin(room: &str) -> VideoGrant {
    VideoGrant { room_admin: true, room: room.to_owned(), ..VideoGrant::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn rooms_are_made_listed_and_ended() {
    let programs = Programs::start("").await;
    let (status, room) = programs.call("CreateRoom", create(), json!({"name": "省厅例会", "metadata": "m", "emptyTimeout": 60, "maxParticipants": 65})).await;
    assert_eq!((status, &room["name"], &room["metadata"], &room["maxParticipants"]), (StatusCode::OK, &json!("省厅例会"), &json!("m"), &json!(65)), "{room}");
    assert!(room["sid"].as_str().unwrap().starts_with("RM_"));
    let (_, again) = programs.call("CreateRoom", create(), json!({"name": "省厅例会"})).await;
    assert_eq!(again["sid"], room["sid"], "there is one of a name");
    let (_, rooms) = programs.call("ListRooms", list(), json!({"names": ["省厅例会", "other"]})).await;
    assert_eq!(rooms["rooms"].as_array().unwrap().len(), 1, "{rooms}");
    let (_, changed) = programs.call("UpdateRoomMetadata", admin("省厅例会"), json!({"room": "省厅例会", "metadata": "n"})).await;
    assert_eq!(changed["metadata"], "n");
    let (_, nobody) = programs.call("ListParticipants", admin("省厅例会"), json!({"room": "省厅例会"})).await;
    assert!(nobody["participants"].as_array().is_none_or(Vec::is_empty), "{nobody}");
    assert_eq!(programs.call("DeleteRoom", create(), json!({"room": "省厅例会"})).await.0, StatusCode::OK);
    for _ in 0..50 {
        let (_, rooms) = programs.call("ListRooms", list(), json!({})).await;
        if rooms["rooms"].as_array().is_none_or(Vec::is_empty) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the room is still listed");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_in_a_room_can_be_listened_to() {
    let programs = Programs::start("").await;
    let mut stream = programs.server.ask(Method::GET, "/api/v1/rooms/a/events", None).await;
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    programs.call("CreateRoom", create(), json!({"name": "other"})).await;
    programs.call("CreateRoom", create(), json!({"name": "a"})).await;
    programs.call("DeleteRoom", create(), json!({"room": "a"})).await;
    let mut heard = String::new();
    let all = async {
        while !heard.contains("event: room_finished") {
            heard.push_str(&String::from_utf8_lossy(&stream.chunk().await.unwrap().expect("it goes on")));
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), all).await.expect("in time");
    let begun = heard.find("event: room_started").expect("it begins");
    assert!(heard[begun..].contains(r#""name":"a""#) && !heard.contains("other"), "{heard}");
    assert_eq!(programs.server.ask_as(None, Method::GET, "/api/v1/rooms/a/events", &Value::Null).await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_no_grant_is_told_so() {
    let programs = Programs::start("").await;
    let said = |(status, body): (StatusCode, Value)| (status.as_u16(), body["code"].as_str().unwrap_or_default().to_owned());
    let name = json!({"name": "a", "room": "a"});
    assert_eq!(said(programs.call("CreateRoom", list(), name.clone()).await), (403, "permission_denied".into()));
    assert_eq!(said(programs.call("ListParticipants", admin("b"), name.clone()).await), (403, "permission_denied".into()), "another room's");
    assert_eq!(said(programs.call("ListParticipants", admin("a"), name.clone()).await), (404, "not_found".into()));
    assert_eq!(said(programs.call("Dance", admin("a"), name.clone()).await), (404, "bad_route".into()));
    assert_eq!(said(programs.call("CreateRoom", create(), json!({"name": ""})).await), (400, "invalid_argument".into()));
    assert_eq!(said(programs.call("CreateRoom", create(), json!([1])).await), (400, "malformed".into()));
    let wrong = programs.server.ask_as(Some("eyJ.a.b"), Method::POST, "/twirp/livekit.RoomService/ListRooms", &json!({})).await;
    assert_eq!(wrong.status(), StatusCode::UNAUTHORIZED);
    let forged = Key::new(programs.key.name(), &"x".repeat(43)).unwrap();
    let claims = Claims::lasting(SystemClock.now(), std::time::Duration::from_secs(60)).with_video(list());
    let forged = programs.server.ask_as(Some(&forged.issue(&claims).unwrap()), Method::POST, "/twirp/livekit.RoomService/ListRooms", &json!({})).await;
    assert_eq!(forged.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_is_refused_can_ask_why() {
    let programs = Programs::start("").await;
    let join = |room: &str| VideoGrant { room_join: true, room: room.to_owned(), ..VideoGrant::default() };
    let ask = async |token: &str| {
        let response = programs.server.ask_as(None, Method::GET, &format!("/rtc/v1/validate?access_token={token}"), &Value::Null).await;
        (response.status().as_u16(), response.text().await.unwrap())
    };
    assert_eq!(ask(&programs.token(join("a"))).await, (200, "success".into()));
    // A page of another system asks too: its browser lets it read the answer.
    let elsewhere = programs.server.ask_with("/rtc/v1/validate", "origin", "https://oa.example.gov").await;
    assert_eq!(elsewhere.headers()["access-control-allow-origin"], "*");
    assert_eq!(ask(&programs.token(list())).await.0, 403);
    assert_eq!(ask("").await.0, 401);
    let old = Claims { expires: yizhan::base::UtcMs(1_000), ..Claims::default().with_identity("i").with_video(join("a")) };
    let (status, text) = ask(&programs.key.issue(&old).unwrap()).await;
    assert!(status == 401 && text.contains("expired"), "{status} {text}");
    assert!(!programs.server.log().contains(&programs.token(join("a"))[..60]), "no token stands in the log");
}

#[tokio::test(flavor = "multi_thread")]
async fn encoders_are_told_what_is_wrong_with_their_offer() {
    let programs = Programs::start("").await;
    let token = programs.token(VideoGrant { room_join: true, room: "a".into(), ..VideoGrant::default() });
    let post = async |path: &str, token: Option<&str>, kind: &str, body: &'static str| {
        let mut request = reqwest::Client::new().post(format!("{}{path}", programs.server.url)).header("content-type", kind).body(body);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(post("/whip/a", None, "application/sdp", "v=0").await, 401);
    assert_eq!(post("/whip/b", Some(&token), "application/sdp", "v=0").await, 403, "a token for another room");
    assert_eq!(post("/whip/a", Some(&token), "text/plain", "v=0").await, 415);
    assert_eq!(post("/whip/a", Some(&token), "application/sdp", "nonsense").await, 400);
    let receiving = include_str!("../../src/transport/sdp/samples/chromium_whep.sdp");
    assert_eq!(post("/whep/a", Some(&token), "application/sdp", receiving).await, 409, "nothing to play yet");
    assert_eq!(post("/whip/a", Some(&token), "application/sdp", receiving).await, 406, "an offer that sends nothing");
}
