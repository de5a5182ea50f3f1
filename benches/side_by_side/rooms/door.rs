//! How clients get into a room: one POST with an offer, or a server's own way.

use std::io;
use std::net::IpAddr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::StatusCode;
use serde_json::json;

use super::client::Client;
use super::other;

/// A server with a room.
pub trait Door {
    async fn publish(&mut self, client: &mut Client) -> io::Result<()>;
    /// With so many tracks.
    async fn play(&mut self, client: &mut Client, tracks: usize) -> io::Result<()>;
    /// Of the process that forwards.
    fn pid(&self) -> u32;
    /// The address of this machine that it uses.
    fn near(&self) -> IpAddr;
}

/// WHIP and WHEP.
pub struct Posts {
    url: String,
    /// Name and secret of the key, where tokens are looked at.
    key: Option<(String, String)>,
    pid: u32,
    near: IpAddr,
    came: u32,
    client: reqwest::Client,
}

const ROOM: &str = "bench";

impl Posts {
    pub fn new(url: String, key: Option<(String, String)>, pid: u32, near: IpAddr) -> io::Result<Self> {
        // Others may have installed the same provider already.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let client = reqwest::Client::builder().timeout(Duration::from_secs(30)).build().map_err(other)?;
        Ok(Self { url, key, pid, near, came: 0, client })
    }

    async fn post(&mut self, word: &str, offer: String) -> io::Result<String> {
        self.came += 1;
        let token = self.key.as_ref().map(|(name, secret)| token(name, secret, &format!("client-{}", self.came))).unwrap_or_default();
        for _ in 0..20 {
            let request = self.client.post(format!("{}/{word}/{ROOM}", self.url)).header("content-type", "application/sdp");
            let response = request.bearer_auth(&token).body(offer.clone()).send().await.map_err(other)?;
            let status = response.status();
            let text = response.text().await.map_err(other)?;
            match status {
                StatusCode::CREATED => return Ok(text),
                // WHEP: nobody sends anything yet.
                StatusCode::CONFLICT => tokio::time::sleep(Duration::from_millis(200)).await,
                _ => return Err(other(format!("{word}: {status} {text}"))),
            }
        }
        Err(other(format!("{word}: nothing to play")))
    }
}

impl Door for Posts {
    async fn publish(&mut self, client: &mut Client) -> io::Result<()> {
        let answer = self.post("whip", client.offer(1)?).await?;
        client.answered(&answer)
    }

    async fn play(&mut self, client: &mut Client, tracks: usize) -> io::Result<()> {
        let answer = self.post("whep", client.offer(tracks)?).await?;
        client.answered(&answer)
    }

    fn pid(&self) -> u32 {
        self.pid
    }

    fn near(&self) -> IpAddr {
        self.near
    }
}

/// A JWT that is good for an hour.
fn token(name: &str, secret: &str, identity: &str) -> String {
    let expires = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() + 3_600);
    let claims = json!({"iss": name, "sub": identity, "exp": expires, "video": {"roomJoin": true, "room": ROOM}});
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","typ":"JWT"}"#), URL_SAFE_NO_PAD.encode(claims.to_string()));
    let signature = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}
