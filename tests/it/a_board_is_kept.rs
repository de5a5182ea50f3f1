//! The shared board of a meeting: who may share draws on it, strangers do not, and neither lateness nor a power cut loses a stroke.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::common::{Server, Venue};

struct Hall {
    server: Server,
    meeting: String,
}

impl Hall {
    async fn open(mode: &str) -> (Self, Venue, Venue) {
        let server = Server::start("").await;
        for (site, title) in [("main", "省主会场"), ("a", "甲县")] {
            server.post("/api/v1/sites", json!({"id": site, "unit": "root", "title": title})).await;
        }
        let booked = json!({"unit": "root", "title": "白板", "mode": mode, "main": "site:main", "branches": ["site:a"], "minutes": 60});
        let meeting = server.post("/api/v1/meetings/now", booked).await["id"].as_str().expect("a meeting").to_owned();
        let hall = Self { server, meeting };
        let main = hall.enter("site:main").await;
        let a = hall.enter("site:a").await;
        (hall, main, a)
    }

    async fn enter(&self, venue: &str) -> Venue {
        let joined = self.server.post(&format!("/api/v1/meetings/{}/join", self.meeting), json!({"venue": venue})).await;
        Venue::enter(&self.server.url, joined["token"].as_str().unwrap_or_else(|| panic!("{joined:#}"))).await
    }

    async fn ask(&self, method: Method, route: &str, token: &str, body: &Value) -> (StatusCode, Value) {
        let url = format!("{}/api/v1/meetings/{}/{route}", self.server.url, self.meeting);
        let response = reqwest::Client::new().request(method, url).header("x-room-token", token).json(body).send().await.expect("an answer");
        (response.status(), response.json().await.unwrap_or(Value::Null))
    }

    async fn draw(&self, by: &Venue, id: &str) -> StatusCode {
        let stroke = json!({"id": id, "page": 0, "colour": "red", "width": 4, "shape": {"pen": [[0, 0], [5000, 5000]]}});
        self.ask(Method::POST, "board", &by.token, &json!({"act": "draw", "stroke": stroke})).await.0
    }

    async fn board(&self, by: &Venue) -> Value {
        let (status, board) = self.ask(Method::GET, "board", &by.token, &Value::Null).await;
        assert_eq!(status, StatusCode::OK, "{board:#}");
        board
    }

    async fn open_board(&self, chair: &Venue) {
        let (status, said) = self.ask(Method::POST, "commands", &chair.token, &json!({"act": "open_board", "open": true})).await;
        assert_eq!(status, StatusCode::OK, "{said:#}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_venues_draw_is_there_for_all_and_after_a_power_cut() {
    let (mut hall, mut main, a) = Hall::open("discussion").await;
    assert_eq!(hall.draw(&a, "early").await, StatusCode::CONFLICT, "the chair has not opened it");
    hall.open_board(&main).await;
    main.until("the board is open", |shown| shown["is_board_open"] == true).await;
    assert_eq!((hall.draw(&a, "one").await, hall.draw(&main, "two").await), (StatusCode::OK, StatusCode::OK));

    let erase = |id: &str| json!({"act": "erase", "strokes": [id]});
    hall.ask(Method::POST, "board", &a.token, &erase("two")).await;
    assert_eq!(hall.board(&a).await["strokes"].as_array().map(Vec::len), Some(2), "others' strokes stay");
    let (status, _) = hall.ask(Method::POST, "board", &a.token, &json!({"act": "clear", "page": 0})).await;
    assert_eq!(status, StatusCode::CONFLICT, "the chair alone clears");
    hall.ask(Method::POST, "board", &a.token, &json!({"act": "turn", "page": 1})).await;

    hall.server.kill();
    hall.server.up().await;
    let board = hall.board(&a).await;
    assert_eq!((&board["page"], &board["pages"], board["strokes"].as_array().map(Vec::len)), (&json!(1), &json!(2), Some(2)), "{board:#}");
    assert_eq!(board["strokes"][0]["by"], "site:a");
    let main = Venue::enter(&hall.server.url, &main.token).await;
    let (status, said) = hall.ask(Method::POST, "board", &main.token, &json!({"act": "clear", "page": 0})).await;
    assert_eq!(status, StatusCode::OK, "{said:#}");
    assert_eq!(hall.board(&main).await["strokes"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_share_does_not_draw_and_nobody_draws_without_bounds() {
    let (hall, main, a) = Hall::open("lecture").await;
    hall.open_board(&main).await;
    assert_eq!(hall.draw(&a, "one").await, StatusCode::CONFLICT, "a lecture's branches share when they are allowed");
    let (status, _) = hall.ask(Method::POST, "commands", &main.token, &json!({"act": "allow_share", "venue": "site:a", "allowed": true})).await;
    assert_eq!((status, hall.draw(&a, "one").await), (StatusCode::OK, StatusCode::OK));
    for stroke in [
        json!({"id": "x", "page": 7, "colour": "red", "width": 4, "shape": {"pen": [[0, 0]]}}),
        json!({"id": "x", "page": 0, "colour": "red", "width": 4, "shape": {"pen": [[0, 10_001]]}}),
        json!({"id": "x", "page": 0, "colour": "red", "width": 0, "shape": {"pen": [[0, 0]]}}),
        json!({"id": "x", "page": 0, "colour": "<script>", "width": 4, "shape": {"pen": [[0, 0]]}}),
        json!({"id": "x", "page": 0, "colour": "red", "width": 4, "shape": {"pen": vec![[1, 1]; 1_001]}}),
        json!({"id": "x", "page": 0, "colour": "red", "width": 4, "shape": {"text": {"at": [1, 1], "text": "长".repeat(10_000)}}}),
    ] {
        let (status, said) = hall.ask(Method::POST, "board", &a.token, &json!({"act": "draw", "stroke": stroke})).await;
        assert!(status.is_client_error(), "{status} {said:#}");
    }
    assert_eq!(hall.ask(Method::GET, "board", "eyJ.a.b", &Value::Null).await.0, StatusCode::UNAUTHORIZED);
    let mut held_back = 0;
    for n in 0..80 {
        held_back += usize::from(hall.draw(&a, &format!("flood{n}")).await == StatusCode::TOO_MANY_REQUESTS);
    }
    assert!(held_back > 0, "a flood is held back");
    assert_eq!(hall.draw(&main, "chair").await, StatusCode::OK, "others are not");
    assert_eq!(hall.board(&a).await["strokes"].as_array().map(Vec::len), Some(2 + 80 - held_back));
}
