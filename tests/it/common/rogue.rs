//! A participant that does not keep to the rules: RTCP of its own making under the keys of its media connection, datagrams again and again.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use livekit_protocol::{SessionDescription, signal_request, signal_response};
use rtc::srtp::context::Context;
use str0m::change::SdpOffer;
use str0m::net::{Protocol, Receive};
use str0m::{Candidate, Event, Input, Output, Rtc};
use tokio::net::UdpSocket;

use super::access::{Access, Signal};
use super::overheard::Keys;

/// A subscriber whose media connection stands.
pub struct Rogue {
    pub signal: Signal,
    /// The server's, from its offer.
    pub ufrag: String,
    pub server: SocketAddr,
    /// Streams that came, with the newest number of each, and the transport-wide number that came last.
    pub streams: BTreeMap<u32, u16>,
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
        let mut rtc = keys.config().build(Instant::now());
        rtc.add_local_candidate(Candidate::host(local, "udp").expect("a candidate"));
        let answer = rtc.sdp_api().accept_offer(SdpOffer::from_sdp_string(&offer.sdp).expect("an offer")).expect("an answer").to_sdp_string();
        let answer = SessionDescription { r#type: "answer".to_owned(), sdp: answer, id: offer.id, ..SessionDescription::default() };
        assert!(signal.send(signal_request::Message::Answer(answer)).await);
        let mut rogue = Self {
            signal,
            ufrag,
            server,
            streams: BTreeMap::new(),
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
                    self.streams.insert(*packet.header.ssrc, packet.header.sequence_number);
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
        self.streams.keys().map(|media| feedback(1, 206, *media, &[]))
    }

    /// It misses the last 1,700 packets of every stream.
    pub fn nack(&self) -> impl Iterator<Item = Vec<u8>> {
        self.streams.iter().map(|(media, newest)| {
            let entries = (1..=100).flat_map(|n: u16| [newest.wrapping_sub(17 * n).to_be_bytes(), [0xff; 2]]);
            feedback(1, 205, *media, &entries.flatten().collect::<Vec<u8>>())
        })
    }

    /// Everything arrived at once, and what was not sent yet, too.
    pub fn twcc(&self, count: u8) -> Vec<u8> {
        let base = self.transport_sequence.wrapping_sub(10).to_be_bytes();
        let mut fci = vec![base[0], base[1], 0, 64, 0, 0, 1, count, 0x20, 64];
        fci.resize(fci.len() + 66, 0);
        feedback(15, 205, self.streams.keys().next().copied().unwrap_or(0), &fci)
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
