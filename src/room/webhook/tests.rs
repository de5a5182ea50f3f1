use std::sync::Mutex;
use std::time::Instant;

use base64::Engine;
use livekit_protocol::{ParticipantInfo, Room, RoomEndReason, TrackInfo};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::base::{TestClock, UtcMs};
use crate::room::token::Keys;

const NOW: UtcMs = UtcMs(1_795_276_800_000);
const PATIENCE: Patience = Patience { tries: 3, pause: Duration::from_millis(2) };

fn keys() -> Keys {
    Keys::new([("APItest", "a-secret-of-forty-characters-for-testing")]).unwrap()
}

/// A request as it arrived: the head's lines, the body.
#[derive(Debug, Clone)]
struct Arrived {
    head: Vec<String>,
    body: Vec<u8>,
}

impl Arrived {
    fn header(&self, name: &str) -> String {
        let values = self.head.iter().filter_map(|line| line.split_once(": ")).filter(|(named, _)| named.eq_ignore_ascii_case(name));
        values.map(|(_, value)| value.to_owned()).collect()
    }

    fn event(&self) -> WebhookEvent {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// A receiver that answers with these statuses in turn, then with 200; 0 is a connection closed without an answer, 1 no answer at all.
struct Receiver {
    url: String,
    arrived: Arc<Mutex<Vec<Arrived>>>,
    _serving: JoinSet<()>,
}

impl Receiver {
    async fn answering(statuses: &[u16]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/livekit?token=hidden", listener.local_addr().unwrap());
        let arrived: Arc<Mutex<Vec<Arrived>>> = Arc::default();
        let (kept, mut statuses) = (arrived.clone(), Vec::from(statuses).into_iter());
        let mut serving = JoinSet::new();
        serving.spawn(async move {
            let mut silent = Vec::new();
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let Some(request) = read(&mut stream).await else { continue };
                kept.lock().unwrap().push(request);
                match statuses.next().unwrap_or(200) {
                    0 => {}
                    1 => silent.push(stream),
                    status => {
                        let answer = format!("HTTP/1.1 {status} Word\r\nlocation: /elsewhere\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                        let _ = stream.write_all(answer.as_bytes()).await;
                    }
                }
            }
        });
        Self { url, arrived, _serving: serving }
    }

    fn arrived(&self) -> Vec<Arrived> {
        self.arrived.lock().unwrap().clone()
    }

    async fn wait_for(&self, requests: usize) -> Vec<Arrived> {
        for _ in 0..2_000 {
            if self.arrived().len() >= requests {
                break;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let arrived = self.arrived();
        assert!(arrived.len() >= requests, "{} of {requests} requests", arrived.len());
        arrived
    }
}

async fn read(stream: &mut TcpStream) -> Option<Arrived> {
    let mut bytes = Vec::new();
    loop {
        let mut some = [0; 4096];
        let count = stream.read(&mut some).await.ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&some[..count]);
        let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let head: Vec<String> = String::from_utf8_lossy(&bytes[..end]).lines().map(str::to_owned).collect();
        let arrived = Arrived { head, body: bytes[end + 4..].to_vec() };
        if arrived.body.len() >= arrived.header("content-length").parse().unwrap_or(0) {
            return Some(arrived);
        }
    }
}

fn plain_client() -> reqwest::Client {
    // Another test may have installed the same provider already.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    client().unwrap()
}

fn start(urls: &[&str]) -> Webhooks {
    let options = WebhookOptions { urls: urls.iter().map(|url| (*url).to_owned()).collect(), key: keys().first().clone(), client: plain_client() };
    Webhooks::start_with(options, Arc::new(TestClock::at(NOW)), PATIENCE).unwrap()
}

fn in_room(what: Happening, name: &str) -> WebhookEvent {
    event(what, Room { sid: "RM_1".to_owned(), name: name.to_owned(), ..Room::default() })
}

#[allow(deprecated)]
fn lost(event: &WebhookEvent) -> i32 {
    event.num_dropped
}

#[tokio::test]
async fn a_message_is_what_livekits_receivers_expect() {
    let receiver = Receiver::answering(&[]).await;
    let webhooks = start(&[&receiver.url]);
    let participant =
        ParticipantInfo { sid: "PA_1".to_owned(), identity: "clerk".to_owned(), name: "张三".to_owned(), joined_at: 7, ..ParticipantInfo::default() };
    let track = TrackInfo { sid: "TR_1".to_owned(), ..TrackInfo::default() };
    webhooks.send(WebhookEvent { participant: Some(participant), track: Some(track), ..in_room(Happening::TrackPublished, "county") });
    let arrived = receiver.wait_for(1).await.remove(0);
    assert_eq!(arrived.head[0], "POST /livekit?token=hidden HTTP/1.1");
    assert_eq!(arrived.header("content-type"), "application/webhook+json");

    let claims = keys().verify(&arrived.header("authorization"), NOW).unwrap();
    assert_eq!(claims.sha256, base64::engine::general_purpose::STANDARD.encode(Sha256::digest(&arrived.body)));
    assert_eq!((claims.expires, claims.video), (NOW + 300_000, None));

    let json: serde_json::Value = serde_json::from_slice(&arrived.body).unwrap();
    assert_eq!((json["event"].as_str(), json["room"]["name"].as_str()), (Some("track_published"), Some("county")));
    assert_eq!((json["participant"]["joinedAt"].as_str(), json["createdAt"].as_str()), (Some("7"), Some("1795276800")));
    let event = arrived.event();
    assert!(event.id.starts_with("EV_") && event.id.len() == 29, "{}", event.id);
    assert_eq!(event.created_at, NOW.0 / 1_000);
}

#[tokio::test]
async fn messages_keep_their_order_through_failures() {
    let receiver = Receiver::answering(&[200, 500, 0, 200, 503, 429, 200]).await;
    let webhooks = start(&[&receiver.url]);
    for name in ["a", "b", "c"] {
        webhooks.send(in_room(Happening::RoomStarted, name));
    }
    let arrived = receiver.wait_for(7).await;
    let names: String = arrived.iter().map(|request| request.event().room.unwrap().name).collect();
    assert_eq!(names, "abbbccc");
    let tries: Vec<_> = arrived[1..4].iter().map(|request| (request.event().id, request.body.clone())).collect();
    assert!(tries.iter().all(|tried| *tried == tries[0]), "the same message, so that receivers can tell");
}

#[tokio::test]
async fn what_is_lost_is_told_with_the_next() {
    let receiver = Receiver::answering(&[500, 500, 500, 400, 302]).await;
    let webhooks = start(&[&receiver.url]);
    for name in ["thrice failed", "refused", "sent elsewhere", "told"] {
        webhooks.send(in_room(Happening::RoomStarted, name));
    }
    let arrived = receiver.wait_for(6).await;
    let told: Vec<_> = arrived.iter().map(|request| (request.event().room.unwrap().name, lost(&request.event()))).collect();
    assert_eq!(told[2..], [("thrice failed".to_owned(), 0), ("refused".to_owned(), 1), ("sent elsewhere".to_owned(), 2), ("told".to_owned(), 3)]);
}

#[tokio::test]
async fn an_address_that_does_not_answer_holds_up_neither_rooms_nor_others() {
    let (silent, lively) = (Receiver::answering(&[1; 100]).await, Receiver::answering(&[]).await);
    let webhooks = start(&[&silent.url, &lively.url]);
    let begun = Instant::now();
    for number in 0..QUEUE + 50 {
        webhooks.send(in_room(Happening::ParticipantJoined, &number.to_string()));
        if number % 50 == 0 {
            lively.wait_for(number / 2).await;
        }
    }
    lively.wait_for(QUEUE).await;
    assert!(begun.elapsed() < TIME_LIMIT_OF_TEST, "{:?}", begun.elapsed());
    assert_eq!(silent.arrived().len(), 1);
    assert!(webhooks.0.queues[0].lost.load(Ordering::Relaxed) >= 49, "over the queue's bound they are counted as lost");
    let left = Instant::now();
    webhooks.close(Duration::from_millis(50)).await;
    assert!(left.elapsed() < Duration::from_secs(1));
}

/// Before the silent one's first try has ended.
const TIME_LIMIT_OF_TEST: Duration = courier::TIME_LIMIT;

#[tokio::test]
async fn what_waits_when_the_server_stops_is_delivered() {
    let receiver = Receiver::answering(&[]).await;
    let webhooks = start(&[&receiver.url]);
    for number in 0..20 {
        let ended = WebhookEvent { room_end_reason: RoomEndReason::default() as i32, ..in_room(Happening::RoomFinished, &number.to_string()) };
        webhooks.send(ended);
    }
    webhooks.close(Duration::from_secs(10)).await;
    assert_eq!(receiver.arrived().len(), 20);
    webhooks.send(in_room(Happening::RoomStarted, "late"));
    webhooks.close(Duration::from_secs(10)).await;
    assert_eq!(receiver.arrived().len(), 20);
}

#[tokio::test]
async fn a_message_that_cannot_be_written_is_lost_alone() {
    let receiver = Receiver::answering(&[]).await;
    let webhooks = start(&[&receiver.url]);
    webhooks.send(WebhookEvent { room_end_reason: 4_711, ..in_room(Happening::RoomFinished, "odd") });
    webhooks.send(in_room(Happening::RoomFinished, "next"));
    let arrived = receiver.wait_for(1).await;
    assert_eq!((arrived[0].event().room.unwrap().name.as_str(), lost(&arrived[0].event())), ("next", 1));
}

#[tokio::test]
async fn an_address_that_is_none_is_told_without_its_secrets() {
    let options = |url: &str| WebhookOptions { urls: vec![url.to_owned()], key: keys().first().clone(), client: plain_client() };
    let said = |url: &str| Webhooks::start(options(url), Arc::new(TestClock::at(NOW))).err().unwrap().to_string();
    assert!(said("http://a:99999/?token=abc").starts_with("`http://a:99999/?token=***` is not an address: "));
    assert!(said("ftp://oa.local/").contains("not by `ftp`"));
    assert!(Webhooks::start(WebhookOptions { urls: Vec::new(), ..options("") }, Arc::new(TestClock::at(NOW))).is_ok());
}
