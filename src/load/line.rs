//! A peer connection of a client: `str0m` on a UDP socket of its own.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use str0m::crypto::{CryptoProvider, from_feature_flags};
use str0m::net::{Protocol, Receive};
use str0m::{Candidate, Event, Input, Output, Rtc, RtcConfig};
use tokio::net::UdpSocket;

use super::error::JoinError;
use super::options::VideoCodec;

static CRYPTO: LazyLock<Arc<CryptoProvider>> = LazyLock::new(|| Arc::new(from_feature_flags()));

const STATISTICS: Duration = Duration::from_secs(1);
/// Datagrams that are read before others have their turn.
const AT_ONCE: usize = 64;
pub const DATAGRAM_BYTES: usize = 2_048;

pub struct Line {
    pub rtc: Rtc,
    pub events: Vec<Event>,
    /// When the peer connection wants to be woken.
    pub wake: Instant,
    pub bytes_in: u64,
    pub bytes_out: u64,
    pub unsent: u64,
    socket: UdpSocket,
    local: SocketAddr,
}

impl Line {
    /// `near` is the address of ours that reaches the server. With a codec, only that is offered; without, all that a subscriber can take.
    pub async fn new(near: IpAddr, codec: Option<VideoCodec>, is_publisher: bool) -> Result<Self, JoinError> {
        // Of any address: which of a machine's addresses reaches a candidate of the server, the kernel knows best.
        let any = if near.is_ipv4() { IpAddr::V4(Ipv4Addr::UNSPECIFIED) } else { IpAddr::V6(Ipv6Addr::UNSPECIFIED) };
        let socket = UdpSocket::bind((any, 0)).await.map_err(|e| JoinError::machine(&e))?;
        socket.writable().await.map_err(|e| JoinError::machine(&e))?;
        let port = socket.local_addr().map_err(|e| JoinError::machine(&e))?.port();
        let local = SocketAddr::new(near, port);
        let now = Instant::now();
        let mut rtc = config(codec, is_publisher).build(now);
        let candidate = Candidate::host(local, "udp").map_err(|e| JoinError::Machine(e.to_string()))?;
        rtc.add_local_candidate(candidate);
        Ok(Self { rtc, events: Vec::new(), wake: now, bytes_in: 0, bytes_out: 0, unsent: 0, socket, local })
    }

    pub async fn readable(&self) -> io::Result<()> {
        self.socket.readable().await
    }

    /// Reads what has arrived.
    pub fn read(&mut self, buffer: &mut [u8]) -> Result<(), JoinError> {
        for _ in 0..AT_ONCE {
            let (len, source) = match self.socket.try_recv_from(buffer) {
                Ok(received) => received,
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => break,
                // The server's port is closed (ICMP): the peer connection's own timers say what becomes of it.
                Err(e) if e.kind() == io::ErrorKind::ConnectionRefused => continue,
                Err(e) => return Err(JoinError::machine(&e)),
            };
            self.bytes_in += len as u64;
            let Ok(receive) = Receive::new(Protocol::Udp, source, self.local, buffer.get(..len).unwrap_or_default()) else { continue };
            let input = Input::Receive(Instant::now(), receive);
            if self.rtc.accepts(&input) {
                self.rtc.handle_input(input).map_err(|e| JoinError::Media(e.to_string()))?;
                self.settle()?;
            }
        }
        Ok(())
    }

    pub fn wake(&mut self, now: Instant) -> Result<(), JoinError> {
        if self.wake <= now {
            self.rtc.handle_input(Input::Timeout(now)).map_err(|e| JoinError::Media(e.to_string()))?;
            self.settle()?;
        }
        Ok(())
    }

    /// After every change: sends what is to be sent, and keeps what has happened.
    pub fn settle(&mut self) -> Result<(), JoinError> {
        loop {
            match self.rtc.poll_output().map_err(|e| JoinError::Media(e.to_string()))? {
                Output::Timeout(wake) => {
                    self.wake = wake;
                    return Ok(());
                }
                Output::Transmit(transmit) => match self.socket.try_send_to(&transmit.contents, transmit.destination) {
                    Ok(len) => self.bytes_out += len as u64,
                    Err(_) => self.unsent += 1,
                },
                Output::Event(event) => self.events.push(event),
            }
        }
    }
}

fn config(codec: Option<VideoCodec>, is_publisher: bool) -> RtcConfig {
    let any = !is_publisher;
    let config = RtcConfig::new()
        .set_crypto_provider(CRYPTO.clone())
        .set_rtp_mode(true)
        .set_stats_interval(Some(STATISTICS))
        .clear_codecs()
        .enable_opus(true, false)
        .enable_vp8(any || codec == Some(VideoCodec::Vp8))
        .enable_h264(any || codec == Some(VideoCodec::H264));
    if any { config.enable_vp9(true).enable_av1(true) } else { config }
}
