//! Tokens of any kind, good and bad, and raw signalling connections.

use std::time::SystemTime;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::{SinkExt, StreamExt};
use livekit_protocol::{SignalRequest, SignalResponse, signal_request, signal_response};
use prost::Message;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::{Error, Message as Frame};

use super::Server;

/// What tokens are made with.
pub struct Access {
    pub url: String,
    key: String,
    secret: String,
}

impl Access {
    pub fn of(server: &Server) -> Self {
        let (key, secret) = server.room_key();
        Self { url: server.url.clone(), key, secret }
    }

    pub fn token(&self, room: &str, identity: &str, expires_in_s: i64) -> String {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970").as_secs() as i64;
        let video = json!({"roomJoin": true, "room": room, "canUpdateOwnMetadata": true});
        let claims = json!({"iss": self.key, "sub": identity, "nbf": now - 3_600, "exp": now + expires_in_s, "video": video});
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let text = format!("{}.{}", part(&json!({"alg": "HS256", "typ": "JWT"})), part(&claims));
        let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, self.secret.as_bytes());
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(aws_lc_rs::hmac::sign(&key, text.as_bytes())))
    }

    /// A signalling connection, or the status by which it was refused.
    pub async fn signal(&self, token: &str) -> Result<Signal, u16> {
        let place = self.url.trim_start_matches("http://");
        let stream = TcpStream::connect(place).await.expect("the server listens");
        let request = format!("ws://{place}/rtc?access_token={token}&auto_subscribe=1&sdk=rust&version=1&protocol=15");
        match tokio_tungstenite::client_async(request, stream).await {
            Ok((socket, _)) => Ok(Signal { socket }),
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(_) => Err(0),
        }
    }
}

pub struct Signal {
    pub socket: WebSocketStream<TcpStream>,
}

impl Signal {
    /// False when the connection is gone.
    pub async fn send(&mut self, message: signal_request::Message) -> bool {
        self.socket.send(Frame::Binary(SignalRequest { message: Some(message) }.encode_to_vec().into())).await.is_ok()
    }

    /// None when the connection is gone.
    pub async fn next(&mut self) -> Option<signal_response::Message> {
        loop {
            match self.socket.next().await?.ok()? {
                Frame::Binary(bytes) => {
                    if let Some(message) = SignalResponse::decode(bytes.as_ref()).ok()?.message {
                        return Some(message);
                    }
                }
                Frame::Close(_) => return None,
                _ => {}
            }
        }
    }
}
