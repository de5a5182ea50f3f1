//! A participant of the benches: a `str0m` peer connection on a UDP socket of its own that publishes or counts what comes.

use std::io::{self, IoSliceMut};
use std::net::{IpAddr, SocketAddr, SocketAddrV4, UdpSocket};
use std::os::fd::AsRawFd;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use nix::sys::socket::{ControlMessageOwned, MsgFlags, MultiHeaders, SockaddrIn, recvmmsg, setsockopt, sockopt};
use str0m::change::{SdpAnswer, SdpOffer, SdpPendingOffer};
use str0m::config::DtlsCert;
use str0m::crypto::{CryptoProvider, from_feature_flags};
use str0m::media::{Direction, MediaKind, Mid, Pt};
use str0m::net::{Protocol, Receive};
use str0m::rtp::RtpWrite;
use str0m::{Candidate, Event, Input, Output, Rtc, RtcConfig};

use super::camera::{Camera, now_ns, read_stamp, stamp};
use super::other;
use super::tally::{Delays, Tally};

pub static CRYPTO: LazyLock<Arc<CryptoProvider>> = LazyLock::new(|| Arc::new(from_feature_flags()));
/// One for all: making one takes milliseconds.
pub static CERTIFICATE: LazyLock<Option<DtlsCert>> = LazyLock::new(|| CRYPTO.dtls_provider.generate_certificate());

pub struct Client {
    pub rtc: Rtc,
    pub socket: UdpSocket,
    /// When the peer connection wants to be woken.
    pub wake: Instant,
    pub is_connected: bool,
    pub tally: Tally,
    local: SocketAddr,
    pending: Option<SdpPendingOffer>,
    sent: Option<Sent>,
    arrived_ns: u64,
    /// The time as the peer connection knows it.
    told: Instant,
}

/// What a publisher sends.
struct Sent {
    camera: Camera,
    mid: Option<Mid>,
    payload_type: Option<Pt>,
    sequence: u64,
    course: Arc<Course>,
}

/// What all publishers of a run share.
#[derive(Debug, Default)]
pub struct Course {
    /// Of the next packet.
    pub number: AtomicU64,
    /// Everybody has come.
    pub is_on: AtomicBool,
}

impl Client {
    /// `near` is the address of this machine that the server uses.
    pub fn subscriber(near: IpAddr) -> io::Result<Self> {
        Self::new(near, None)
    }

    pub fn publisher(near: IpAddr, camera: Camera, course: Arc<Course>) -> io::Result<Self> {
        Self::new(near, Some(Sent { camera, mid: None, payload_type: None, sequence: 1, course }))
    }

    fn new(near: IpAddr, sent: Option<Sent>) -> io::Result<Self> {
        let socket = UdpSocket::bind((near, 0))?;
        socket.set_nonblocking(true)?;
        // Without `UDP_GRO`: that would spare the server's side the kernel's segmentation.
        setsockopt(&socket, sockopt::ReceiveTimestampns, &true)?;
        setsockopt(&socket, sockopt::RcvBuf, &(2 << 20))?;
        let local = socket.local_addr()?;
        let now = Instant::now();
        let mut config = RtcConfig::new().set_crypto_provider(CRYPTO.clone()).set_rtp_mode(true).clear_codecs().enable_vp8(true);
        if let Some(certificate) = CERTIFICATE.as_ref() {
            config = config.set_dtls_cert(certificate.clone());
        }
        let mut rtc = config.build(now);
        rtc.add_local_candidate(Candidate::host(local, "udp").map_err(other)?);
        Ok(Self { rtc, socket, wake: now, is_connected: false, tally: Tally::default(), local, pending: None, sent, arrived_ns: 0, told: now })
    }

    /// Of one track to be published, or so many to be received.
    pub fn offer(&mut self, tracks: usize) -> io::Result<String> {
        let direction = if self.sent.is_some() { Direction::SendOnly } else { Direction::RecvOnly };
        let mut api = self.rtc.sdp_api();
        for _ in 0..tracks {
            let mid = api.add_media(MediaKind::Video, direction, None, None, None);
            if let Some(sent) = &mut self.sent {
                sent.mid = Some(mid);
            }
        }
        let (offer, pending) = api.apply().ok_or_else(|| other("nothing to offer"))?;
        self.pending = Some(pending);
        Ok(offer.to_sdp_string())
    }

    pub fn answered(&mut self, answer: &str) -> io::Result<()> {
        let answer = SdpAnswer::from_sdp_string(answer).map_err(other)?;
        let pending = self.pending.take().ok_or_else(|| other("an answer without an offer"))?;
        self.rtc.sdp_api().accept_answer(pending, answer).map_err(other)?;
        if let Some(sent) = &mut self.sent {
            let taken = sent.mid.and_then(|mid| self.rtc.media(mid)).map(|media| media.remote_pts().to_vec()).unwrap_or_default();
            let params = self.rtc.codec_config().params();
            sent.payload_type = taken.into_iter().find(|taken| params.iter().any(|each| each.pt() == *taken));
        }
        Ok(())
    }

    pub fn answer(&mut self, offer: &str) -> io::Result<String> {
        let offer = SdpOffer::from_sdp_string(offer).map_err(other)?;
        Ok(self.rtc.sdp_api().accept_offer(offer).map_err(other)?.to_sdp_string())
    }

    /// When it has something to do.
    pub fn due(&self) -> Instant {
        let camera = self.sent.as_ref().filter(|_| self.is_connected).map(|sent| sent.camera.due());
        camera.map_or(self.wake, |camera| camera.min(self.wake))
    }

    /// Timers, and what the camera has.
    pub fn work(&mut self, now: Instant, delays: &mut Delays) -> io::Result<()> {
        while let Some(sent) = self.sent.as_mut().filter(|_| self.is_connected)
            && let Some(mut packet) = sent.camera.take(now, sent.course.is_on.load(Ordering::Relaxed))
            && let (Some(mid), Some(payload_type)) = (sent.mid, sent.payload_type)
        {
            stamp(&mut packet.payload, sent.course.number.fetch_add(1, Ordering::Relaxed));
            let write = RtpWrite::new(payload_type, sent.sequence.into(), packet.time, now, packet.payload).marker(packet.marker).nackable(true);
            sent.sequence += 1;
            if let Some(stream) = self.rtc.direct_api().stream_tx_by_mid(mid, None) {
                stream.write_rtp(write);
            }
            self.settle(delays)?;
        }
        if self.wake <= now {
            self.told = self.told.max(now);
            self.rtc.handle_input(Input::Timeout(now)).map_err(other)?;
            self.settle(delays)?;
        }
        Ok(())
    }

    /// Takes what has arrived.
    pub fn read(&mut self, batch: &mut Batch, delays: &mut Delays) -> io::Result<()> {
        loop {
            let count = batch.receive(&self.socket)?;
            let (now, now_ns) = (Instant::now(), now_ns());
            for (slot, met) in batch.bytes.chunks(SLOT_BYTES).zip(batch.met.iter().take(count)) {
                let Some((source, len, arrived_ns)) = *met else { continue };
                let Ok(receive) = Receive::new(Protocol::Udp, source, self.local, slot.get(..len).unwrap_or_default()) else { continue };
                self.arrived_ns = arrived_ns;
                // Feedback tells when the packet was there, as libwebrtc's does, not when this thread had time for it. A peer connection's time does not go back.
                self.told = self.told.max(now.checked_sub(Duration::from_nanos(now_ns.saturating_sub(arrived_ns))).unwrap_or(now));
                self.rtc.handle_input(Input::Receive(self.told, receive)).map_err(other)?;
                self.take(delays, true)?;
            }
            self.settle(delays)?;
            if count < SLOTS {
                return Ok(());
            }
        }
    }

    /// It is not connected any more, which whoever waits for it sees.
    pub fn fail(&mut self, e: &io::Error) {
        println!("a client failed: {e}");
        self.is_connected = false;
        self.wake += Duration::from_secs(3_600);
    }

    fn settle(&mut self, delays: &mut Delays) -> io::Result<()> {
        self.take(delays, false)
    }

    /// All that the peer connection has; of a batch, only as far as the packet that has to be taken before the next.
    fn take(&mut self, delays: &mut Delays, is_packet_enough: bool) -> io::Result<()> {
        loop {
            match self.rtc.poll_output().map_err(other)? {
                Output::Timeout(wake) => {
                    self.wake = wake;
                    return Ok(());
                }
                Output::Transmit(transmit) => match self.socket.send_to(&transmit.contents, transmit.destination) {
                    Ok(_) => {}
                    // Lost, like any datagram.
                    Err(e) if matches!(e.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::ConnectionRefused) => {}
                    Err(e) => return Err(e),
                },
                Output::Event(Event::RtpPacket(packet)) => {
                    if let Some((number, sent_ns)) = read_stamp(&packet.payload)
                        && self.tally.note(number)
                    {
                        delays.note(self.arrived_ns.saturating_sub(sent_ns));
                    }
                    if is_packet_enough {
                        return Ok(());
                    }
                }
                Output::Event(Event::Connected) => self.is_connected = true,
                Output::Event(Event::KeyframeRequest(_)) => {
                    if let Some(sent) = &mut self.sent {
                        sent.camera.want_key();
                    }
                }
                Output::Event(_) => {}
            }
        }
    }
}

const SLOTS: usize = 16;
const SLOT_BYTES: usize = 2_048;

/// Datagrams of one call, with the times at which the kernel had them for the socket: however late the client looks.
pub struct Batch {
    headers: MultiHeaders<SockaddrIn>,
    bytes: Vec<u8>,
    met: [Option<(SocketAddr, usize, u64)>; SLOTS],
}

impl Batch {
    pub fn new() -> Self {
        let space = nix::cmsg_space!(nix::sys::time::TimeSpec);
        Self { headers: MultiHeaders::preallocate(SLOTS, Some(space)), bytes: vec![0; SLOTS * SLOT_BYTES], met: [None; SLOTS] }
    }

    fn receive(&mut self, socket: &UdpSocket) -> io::Result<usize> {
        let mut slots: Vec<[IoSliceMut<'_>; 1]> = self.bytes.chunks_mut(SLOT_BYTES).map(|slot| [IoSliceMut::new(slot)]).collect();
        let messages = match recvmmsg(socket.as_raw_fd(), &mut self.headers, slots.iter_mut(), MsgFlags::MSG_DONTWAIT, None) {
            Ok(messages) => messages,
            // The other end's port is closed (ICMP).
            Err(nix::Error::EAGAIN | nix::Error::EINTR | nix::Error::ECONNREFUSED) => return Ok(0),
            Err(e) => return Err(e.into()),
        };
        let mut count = 0;
        for (message, met) in messages.zip(&mut self.met) {
            let at = message.cmsgs().into_iter().flatten().find_map(|control| match control {
                ControlMessageOwned::ScmTimestampns(time) => Some(time.tv_sec() as u64 * 1_000_000_000 + time.tv_nsec() as u64),
                _ => None,
            });
            let source = message.address.map(|from| SocketAddr::V4(SocketAddrV4::new(from.ip(), from.port())));
            *met = source.map(|source| (source, message.bytes, at.unwrap_or_else(now_ns)));
            count += 1;
        }
        Ok(count)
    }
}
