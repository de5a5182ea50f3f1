//! A venue's signalling connection to its meeting, without media: it hears what every screen hears.

use std::time::Duration;

use futures_util::StreamExt;
use livekit_protocol::{SignalResponse, signal_response};
use prost::Message;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message as Frame;

pub struct Venue {
    socket: WebSocketStream<TcpStream>,
    pub token: String,
    /// The room's metadata, as it was last told.
    pub shown: Value,
}

impl Venue {
    /// Comes into the room with this token.
    pub async fn enter(server: &str, token: &str) -> Self {
        let host = server.trim_start_matches("http://");
        let stream = TcpStream::connect(host).await.expect("the server is there");
        let url = format!("ws://{host}/rtc?access_token={token}&auto_subscribe=0&sdk=js&version=2.0.0&protocol=15");
        let (socket, _) = tokio_tungstenite::client_async(url, stream).await.expect("the room lets it in");
        let mut venue = Self { socket, token: token.to_owned(), shown: Value::Null };
        venue.until("it is in", |_| true).await;
        venue
    }

    /// Listens until what is shown is so; what it was then.
    pub async fn until(&mut self, what: &str, is_so: impl Fn(&Value) -> bool) -> Value {
        let listen = async {
            while self.shown.is_null() || !is_so(&self.shown) {
                let message = self.next().await.unwrap_or_else(|| panic!("{what}: the room ended the connection"));
                self.take(message);
            }
        };
        let ended = tokio::time::timeout(Duration::from_secs(15), listen).await;
        assert!(ended.is_ok(), "{what}: not in 15 s; shown: {:#}", self.shown);
        self.shown.clone()
    }

    /// Listens until the room tells it to go.
    pub async fn until_sent_away(&mut self) {
        let listen = async {
            while let Some(message) = self.next().await {
                if matches!(message, signal_response::Message::Leave(_)) {
                    return;
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(15), listen).await.expect("it is told to go");
    }

    fn take(&mut self, message: signal_response::Message) {
        let metadata = match message {
            signal_response::Message::Join(join) => join.room.map(|room| room.metadata),
            signal_response::Message::RoomUpdate(update) => update.room.map(|room| room.metadata),
            _ => None,
        };
        if let Some(metadata) = metadata.filter(|metadata| !metadata.is_empty()) {
            self.shown = serde_json::from_str(&metadata).expect("metadata is JSON");
        }
    }

    async fn next(&mut self) -> Option<signal_response::Message> {
        loop {
            if let Frame::Binary(bytes) = self.socket.next().await?.ok()? {
                return SignalResponse::decode(&bytes[..]).expect("a signal").message;
            }
        }
    }
}
