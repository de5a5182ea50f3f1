//! A client's signalling connection: version 0 of the protocol (`/rtc`), which every server speaks.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use livekit_protocol::{SignalRequest, SignalResponse, signal_request, signal_response};
use prost::Message;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::Uri;
use tokio_tungstenite::tungstenite::{Error, Message as Frame};
use tokio_tungstenite::{WebSocketStream, client_async};

use super::error::{JoinError, LoadError};

/// What we say we speak, and are.
const PROTOCOL: u32 = 15;
const SDK: &str = "rust";
const PATIENCE: Duration = Duration::from_secs(10);
/// Of a refusal's text.
const SAID: usize = 200;

/// Where the server is.
#[derive(Debug, Clone)]
pub struct Server {
    host: String,
    port: u16,
    path: String,
    tls: Option<Arc<ClientConfig>>,
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

pub struct Signal {
    socket: WebSocketStream<Box<dyn Stream>>,
    /// Our address that reaches the server.
    pub near: IpAddr,
}

impl Server {
    pub fn parse(url: &str, tls: impl FnOnce() -> Result<Arc<ClientConfig>, LoadError>) -> Result<Self, LoadError> {
        let wrong = || LoadError::Url(url.to_owned());
        let uri: Uri = url.trim().parse().map_err(|_| wrong())?;
        let (is_secure, port) = match uri.scheme_str() {
            Some("ws" | "http") => (false, 80),
            Some("wss" | "https") => (true, 443),
            _ => return Err(wrong()),
        };
        let host = uri.host().filter(|host| !host.is_empty()).ok_or_else(wrong)?;
        let path = uri.path().trim_end_matches('/').to_owned();
        let tls = if is_secure { Some(tls()?) } else { None };
        Ok(Self { host: host.to_owned(), port: uri.port_u16().unwrap_or(port), path, tls })
    }

    fn name(&self) -> &str {
        self.host.trim_start_matches('[').trim_end_matches(']')
    }

    fn place(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    fn request(&self, token: &str, takes: bool) -> String {
        let scheme = if self.tls.is_some() { "wss" } else { "ws" };
        let version = env!("CARGO_PKG_VERSION");
        format!(
            "{scheme}://{}{}/rtc?access_token={token}&auto_subscribe={}&adaptive_stream=0&sdk={SDK}&version={version}&protocol={PROTOCOL}",
            self.place(),
            self.path,
            u8::from(takes)
        )
    }
}

impl Signal {
    pub async fn connect(server: &Server, token: &str, takes: bool) -> Result<Self, JoinError> {
        let silence = |_| JoinError::Silence { stage: "WebSocket", after: PATIENCE };
        tokio::time::timeout(PATIENCE, Self::open(server, token, takes)).await.map_err(silence)?
    }

    async fn open(server: &Server, token: &str, takes: bool) -> Result<Self, JoinError> {
        let cannot = |e: std::io::Error| JoinError::Connect { to: server.place(), said: e.to_string() };
        let tcp = TcpStream::connect((server.name(), server.port)).await.map_err(cannot)?;
        tcp.set_nodelay(true).map_err(cannot)?;
        let near = tcp.local_addr().map_err(cannot)?.ip();
        let stream: Box<dyn Stream> = match &server.tls {
            None => Box::new(tcp),
            Some(config) => {
                let name = ServerName::try_from(server.name().to_owned()).map_err(|e| JoinError::Tls(e.to_string()))?;
                Box::new(TlsConnector::from(config.clone()).connect(name, tcp).await.map_err(|e| JoinError::Tls(e.to_string()))?)
            }
        };
        let request = server.request(token, takes).into_client_request().map_err(|e| JoinError::Protocol(e.to_string()))?;
        let (socket, _) = client_async(request, stream).await.map_err(refusal)?;
        Ok(Self { socket, near })
    }

    pub async fn send(&mut self, message: signal_request::Message) -> Result<(), JoinError> {
        let bytes = SignalRequest { message: Some(message) }.encode_to_vec();
        self.socket.send(Frame::Binary(bytes.into())).await.map_err(|e| JoinError::Broken(e.to_string()))
    }

    /// The next message. May be dropped while it waits.
    pub async fn next(&mut self) -> Result<signal_response::Message, JoinError> {
        loop {
            match self.socket.next().await {
                Some(Ok(Frame::Binary(bytes))) => {
                    let response = SignalResponse::decode(bytes.as_ref()).map_err(|e| JoinError::Protocol(e.to_string()))?;
                    // What is newer than we are has no meaning for us.
                    if let Some(message) = response.message {
                        return Ok(message);
                    }
                }
                Some(Ok(Frame::Close(frame))) => return Err(JoinError::Broken(frame.map_or_else(String::new, |frame| frame.to_string()))),
                Some(Ok(_)) => {}
                Some(Err(e)) => return Err(JoinError::Broken(e.to_string())),
                None => return Err(JoinError::Broken("the server closed it".to_owned())),
            }
        }
    }

    pub async fn close(mut self) {
        let _ = tokio::time::timeout(Duration::from_secs(1), self.socket.close(None)).await;
    }
}

fn refusal(error: Error) -> JoinError {
    match error {
        Error::Http(response) => {
            let body = response.body().as_deref().map(String::from_utf8_lossy).unwrap_or_default();
            JoinError::Refused { status: response.status().as_u16(), said: body.trim().chars().take(SAID).collect() }
        }
        Error::Io(e) => JoinError::Broken(e.to_string()),
        e => JoinError::Protocol(e.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::options::Trust;

    fn server(url: &str) -> Result<Server, LoadError> {
        Server::parse(url, || super::super::tls::config(&Trust::Anything))
    }

    #[test]
    fn addresses_are_taken_as_people_write_them() {
        for (url, host, port, path, is_secure) in [
            ("ws://10.1.2.3:7880", "10.1.2.3", 7880, "", false),
            ("http://localhost", "localhost", 80, "", false),
            ("wss://meet.local/", "meet.local", 443, "", true),
            ("https://[2001:db8::1]:8443/a/", "2001:db8::1", 8443, "/a", true),
        ] {
            let server = server(url).unwrap();
            assert_eq!((server.name(), server.port, server.path.as_str(), server.tls.is_some()), (host, port, path, is_secure));
            assert!(server.request("t", true).contains("/rtc?access_token=t&auto_subscribe=1"));
        }
        for bad in ["", "10.1.2.3:7880", "ftp://a", "ws://", "wss:///x", "ws://a b"] {
            assert!(server(bad).is_err(), "{bad}");
        }
    }

    #[tokio::test]
    async fn what_does_not_answer_is_named() {
        let server = server("ws://127.0.0.1:1").unwrap();
        let Err(error) = Signal::connect(&server, "t", true).await else { panic!("port 1 is open") };
        assert!(error.to_string().contains("127.0.0.1:1"), "{error}");
    }
}
