//! A participant that does not keep to the rules: tokens of any kind, raw signalling, and RTCP of its own making under the keys of its media connection.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::{SinkExt, StreamExt};
use livekit_protocol::{SessionDescription, SignalRequest, SignalResponse, signal_request, signal_response};
use prost::Message;
use rtc::crypto::RTCCryptoProvider;
use rtc::crypto::providers::AwsLcRsProvider;
use rtc::srtp::context::Context;
use rtc::srtp::protection_profile::ProtectionProfile;
use serde_json::{Value, json};
use str0m::change::SdpOffer;
use str0m::crypto::dtls::{DtlsCert, DtlsImplError, DtlsInstance, DtlsOutput, DtlsProvider, DtlsVersion, ProtocolVersion};
use str0m::crypto::{CryptoError, CryptoProvider, from_feature_flags};
use str0m::net::{Protocol, Receive};
use str0m::{Candidate, Event, Input, Output, Rtc, RtcConfig};
use tokio::net::{TcpStream, UdpSocket};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message as Frame;

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
            Err(tokio_tungstenite::tungstenite::Error::Http(response)) => Err(response.status().as_u16()),
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

/// A subscriber whose media connection stands.
pub struct Rogue {
    pub signal: Signal,
    /// The server's, from its offer.
    pub ufrag: String,
    pub server: SocketAddr,
    /// Streams that came, and the transport-wide number that came last.
    pub streams: Vec<u32>,
    pub transport_sequence: u16,
    /// The first datagrams that left, for those who want to send them again.
    pub sent: Vec<Vec<u8>>,
    pub received: u64,
    /// Its own honest reports do not leave.
    pub is_lying: bool,
    rtc: Rtc,
    socket: UdpSocket,
    local: SocketAddr,
    wake: Instant,
    keys: Keys,
    seal: Option<Context>,
}

const KEPT: usize = 100;
/// Of whom storms are said to be.
const SENDER: u32 = 0xbad_0001;

impl Rogue {
    pub async fn join(access: &Access, room: &str, identity: &str) -> Self {
        let mut signal = access.signal(&access.token(room, identity, 600)).await.expect("it is let in");
        let offer = loop {
            match signal.next().await.expect("an offer") {
                signal_response::Message::Offer(offer) if offer.sdp.contains("m=video") => break offer,
                _ => {}
            }
        };
        let ufrag = offer.sdp.lines().find_map(|line| line.strip_prefix("a=ice-ufrag:")).expect("a name").to_owned();
        let candidates: Vec<Candidate> = offer.sdp.lines().filter_map(|line| Candidate::from_sdp_string(line.strip_prefix("a=")?).ok()).collect();
        let server = candidates.iter().find(|candidate| candidate.proto() == Protocol::Udp).map(Candidate::addr).expect("an address");
        let socket = UdpSocket::bind("0.0.0.0:0").await.expect("a socket");
        let probe = std::net::UdpSocket::bind("0.0.0.0:0").expect("a socket");
        probe.connect(server).expect("a way there");
        let local = SocketAddr::new(probe.local_addr().expect("an address").ip(), socket.local_addr().expect("an address").port());
        let keys = Keys::default();
        let mut rtc = config(keys.clone()).build(Instant::now());
        rtc.add_local_candidate(Candidate::host(local, "udp").expect("a candidate"));
        let answer = rtc.sdp_api().accept_offer(SdpOffer::from_sdp_string(&offer.sdp).expect("an offer")).expect("an answer").to_sdp_string();
        let answer = SessionDescription { r#type: "answer".to_owned(), sdp: answer, id: offer.id, ..SessionDescription::default() };
        assert!(signal.send(signal_request::Message::Answer(answer)).await);
        let mut rogue = Self {
            signal,
            ufrag,
            server,
            streams: Vec::new(),
            transport_sequence: 0,
            sent: Vec::new(),
            received: 0,
            is_lying: false,
            rtc,
            socket,
            local,
            wake: Instant::now(),
            keys,
            seal: None,
        };
        for _ in 0..100 {
            rogue.live(Duration::from_millis(100), |_| Vec::new()).await;
            if rogue.seal.is_some() && rogue.streams.len() >= 2 {
                return rogue;
            }
        }
        panic!("no media within 10 s");
    }

    /// Takes part for so long; every 5 ms it sends what `storm` gives.
    pub async fn live(&mut self, duration: Duration, mut storm: impl FnMut(&Self) -> Vec<Vec<u8>>) {
        let (until, mut next) = (Instant::now() + duration, Instant::now());
        let mut buffer = vec![0; 2_048];
        while Instant::now() < until {
            self.settle();
            tokio::select! {
                received = self.socket.recv_from(&mut buffer) => {
                    if let Ok((len, source)) = received
                        && let Ok(receive) = Receive::new(Protocol::Udp, source, self.local, &buffer[..len])
                    {
                        let _ = self.rtc.handle_input(Input::Receive(Instant::now(), receive));
                    }
                }
                _ = self.signal.next() => {}
                () = tokio::time::sleep_until(self.wake.min(next).into()) => {}
            }
            if Instant::now() >= self.wake {
                let _ = self.rtc.handle_input(Input::Timeout(Instant::now()));
            }
            if Instant::now() >= next {
                next += Duration::from_millis(5);
                for compound in storm(self) {
                    let sealed = self.seal.as_mut().and_then(|seal| seal.encrypt_rtcp(&compound).ok());
                    if let Some(sealed) = sealed {
                        let _ = self.socket.try_send_to(&sealed, self.server);
                    }
                }
            }
        }
    }

    fn settle(&mut self) {
        while let Ok(output) = self.rtc.poll_output() {
            match output {
                Output::Timeout(wake) => {
                    self.wake = wake;
                    break;
                }
                Output::Transmit(transmit) => {
                    if self.sent.len() < KEPT {
                        self.sent.push(transmit.contents.to_vec());
                    }
                    let is_report = matches!(*transmit.contents, [128..=191, 192..=223, ..]);
                    if !(self.is_lying && is_report) {
                        let _ = self.socket.try_send_to(&transmit.contents, transmit.destination);
                    }
                }
                Output::Event(Event::RtpPacket(packet)) => {
                    self.received += 1;
                    let ssrc = *packet.header.ssrc;
                    if !self.streams.contains(&ssrc) {
                        self.streams.push(ssrc);
                    }
                    self.transport_sequence = packet.header.ext_vals.transport_cc.unwrap_or(self.transport_sequence);
                }
                Output::Event(_) => {}
            }
        }
        if self.seal.is_none() {
            self.seal = self.keys.context();
        }
    }

    /// It wants a key picture of every stream.
    pub fn pli(&self) -> impl Iterator<Item = Vec<u8>> {
        self.streams.iter().map(|media| feedback(1, 206, *media, &[]))
    }

    /// It misses 1,700 packets of every stream.
    pub fn nack(&self, from: u16) -> impl Iterator<Item = Vec<u8>> {
        let entries: Vec<u8> = (0..100).flat_map(|n: u16| [from.wrapping_add(17 * n).to_be_bytes(), [0xff; 2]]).flatten().collect();
        self.streams.iter().map(move |media| feedback(1, 205, *media, &entries))
    }

    /// Everything arrived at once, and what was not sent yet, too.
    pub fn twcc(&self, count: u8) -> Vec<u8> {
        let base = self.transport_sequence.wrapping_sub(10).to_be_bytes();
        let mut fci = vec![base[0], base[1], 0, 64, 0, 0, 1, count, 0x20, 64];
        fci.resize(fci.len() + 66, 0);
        feedback(15, 205, self.streams.first().copied().unwrap_or(0), &fci)
    }
}

/// RFC 4585 section 6.1.
fn feedback(format: u8, kind: u8, media: u32, fci: &[u8]) -> Vec<u8> {
    let words = (2 + fci.len() / 4) as u16;
    let mut packet = vec![0x80 | format, kind];
    packet.extend_from_slice(&words.to_be_bytes());
    packet.extend_from_slice(&SENDER.to_be_bytes());
    packet.extend_from_slice(&media.to_be_bytes());
    packet.extend_from_slice(fci);
    packet
}

fn config(keys: Keys) -> RtcConfig {
    let crypto = CryptoProvider { dtls_provider: Box::leak(Box::new(Listening(keys))), ..from_feature_flags() };
    RtcConfig::new().set_crypto_provider(Arc::new(crypto)).set_rtp_mode(true)
}

/// What DTLS agreed upon, which str0m keeps to itself.
#[derive(Debug, Clone, Default)]
struct Keys(Arc<Mutex<Option<Vec<u8>>>>);

impl Keys {
    fn context(&self) -> Option<Context> {
        let material = self.0.lock().expect("the keys").clone()?;
        // AEAD_AES_128_GCM, and we began: our key, theirs, our salt, theirs (RFC 5764 section 4.2).
        let crypto = AwsLcRsProvider::new();
        Context::new(&material[..16], &material[32..44], ProtectionProfile::AeadAes128Gcm, None, None, crypto.crypto()).ok()
    }
}

#[derive(Debug)]
struct Listening(Keys);

impl DtlsProvider for Listening {
    fn generate_certificate(&self) -> Option<DtlsCert> {
        from_feature_flags().dtls_provider.generate_certificate()
    }

    fn new_dtls(&self, cert: &DtlsCert, now: Instant, version: DtlsVersion, mtu: Option<usize>) -> Result<Box<dyn DtlsInstance>, CryptoError> {
        let inner = from_feature_flags().dtls_provider.new_dtls(cert, now, version, mtu)?;
        Ok(Box::new(Overheard { inner, keys: self.0.clone() }))
    }
}

#[derive(Debug)]
struct Overheard {
    inner: Box<dyn DtlsInstance>,
    keys: Keys,
}

impl DtlsInstance for Overheard {
    fn set_active(&mut self, active: bool) {
        self.inner.set_active(active);
    }

    fn handle_packet(&mut self, packet: &[u8]) -> Result<(), DtlsImplError> {
        self.inner.handle_packet(packet)
    }

    fn poll_output<'a>(&mut self, buf: &'a mut [u8]) -> DtlsOutput<'a> {
        let output = self.inner.poll_output(buf);
        if let DtlsOutput::KeyingMaterial(material, _) = &output {
            *self.keys.0.lock().expect("the keys") = Some(material.to_vec());
        }
        output
    }

    fn handle_timeout(&mut self, now: Instant) -> Result<(), DtlsImplError> {
        self.inner.handle_timeout(now)
    }

    fn send_application_data(&mut self, data: &[u8]) -> Result<usize, DtlsImplError> {
        self.inner.send_application_data(data)
    }

    fn is_active(&self) -> bool {
        self.inner.is_active()
    }

    fn protocol_version(&self) -> Option<ProtocolVersion> {
        self.inner.protocol_version()
    }

    fn is_closing(&self) -> bool {
        self.inner.is_closing()
    }

    fn is_closed(&self) -> bool {
        self.inner.is_closed()
    }

    fn close(&mut self) -> Result<(), DtlsImplError> {
        self.inner.close()
    }
}
