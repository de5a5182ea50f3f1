//! Where the stream goes: a file, or datagrams in an even flow.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::time::{Duration, Instant};

use socket2::{Domain, Protocol, Socket, Type};
use yizhan::ts::PACKET_LEN;

use super::DemoError;

/// Packets of a datagram: seven fit an Ethernet frame.
const DATAGRAM_BYTES: usize = 7 * PACKET_LEN;
/// A picture is spread over time at this rate rather than sent as one burst: well above what a programme of television takes.
const PEAK_BPS: f64 = 30e6;
/// Sleeps shorter than this are saved up.
const NAP: Duration = Duration::from_millis(3);

pub enum Sink {
    File(BufWriter<File>),
    Network(Sender),
}

pub fn create(path: &Path) -> Result<BufWriter<File>, DemoError> {
    File::create(path).map(BufWriter::new).map_err(DemoError::io(path.display().to_string()))
}

impl Sink {
    /// Takes whole packets.
    pub fn write(&mut self, packets: &[u8]) -> Result<(), DemoError> {
        match self {
            Self::File(file) => file.write_all(packets).map_err(DemoError::io("writing the file")),
            Self::Network(sender) => {
                sender.send(packets);
                Ok(())
            }
        }
    }

    pub fn finish(self) -> Result<(), DemoError> {
        match self {
            Self::File(mut file) => file.flush().map_err(DemoError::io("writing the file")),
            Self::Network(_) => Ok(()),
        }
    }
}

/// Sends datagrams, evenly.
pub struct Sender {
    socket: Socket,
    to: SocketAddr,
    rtp: Option<RtpHeader>,
    pending: Vec<u8>,
    next: Instant,
    has_failed: bool,
}

struct RtpHeader {
    sequence: u16,
    ssrc: u32,
    began: Instant,
}

impl Sender {
    pub fn open(to: SocketAddr, interface: IpAddr, hops: u32, rtp: bool) -> Result<Self, DemoError> {
        let socket = socket(to, interface, hops).map_err(DemoError::io(format!("sending to {to} on {interface}")))?;
        let rtp = rtp.then(|| RtpHeader { sequence: rand::random(), ssrc: rand::random(), began: Instant::now() });
        Ok(Self { socket, to, rtp, pending: Vec::new(), next: Instant::now(), has_failed: false })
    }

    fn send(&mut self, packets: &[u8]) {
        self.pending.extend_from_slice(packets);
        let whole = self.pending.len() / DATAGRAM_BYTES * DATAGRAM_BYTES;
        let datagrams: Vec<u8> = self.pending.drain(..whole).collect();
        for payload in datagrams.chunks_exact(DATAGRAM_BYTES) {
            self.wait();
            let sent = match &mut self.rtp {
                Some(rtp) => self.socket.send_to(&rtp.wrap(payload), &self.to.into()),
                None => self.socket.send_to(payload, &self.to.into()),
            };
            // The network may come back; a demonstration goes on meanwhile.
            if let Err(e) = &sent
                && !self.has_failed
            {
                eprintln!("yizhan-worker demo: sending to {}: {e}", self.to);
            }
            self.has_failed = sent.is_err();
        }
    }

    fn wait(&mut self) {
        let now = Instant::now();
        let ahead = self.next.saturating_duration_since(now);
        if ahead > NAP {
            std::thread::sleep(ahead);
        }
        self.next = self.next.max(now) + Duration::from_secs_f64(DATAGRAM_BYTES as f64 * 8.0 / PEAK_BPS);
    }
}

fn socket(to: SocketAddr, interface: IpAddr, hops: u32) -> std::io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(to), Type::DGRAM, Some(Protocol::UDP))?;
    match (to.ip(), interface) {
        (IpAddr::V4(group), IpAddr::V4(interface)) if group.is_multicast() => {
            socket.set_multicast_if_v4(&interface)?;
            socket.set_multicast_ttl_v4(hops)?;
            socket.set_multicast_loop_v4(true)?;
        }
        (IpAddr::V6(group), _) if group.is_multicast() => {
            if let SocketAddr::V6(to) = to {
                socket.set_multicast_if_v6(to.scope_id())?;
            }
            socket.set_multicast_hops_v6(hops)?;
            socket.set_multicast_loop_v6(true)?;
        }
        _ => (),
    }
    Ok(socket)
}

impl RtpHeader {
    /// RFC 2250: payload type 33, a 90 kHz clock.
    fn wrap(&mut self, payload: &[u8]) -> Vec<u8> {
        let timestamp = (self.began.elapsed().as_micros() * 9 / 100) as u32;
        let mut out = vec![0x80, 33];
        out.extend(self.sequence.to_be_bytes());
        out.extend(timestamp.to_be_bytes());
        out.extend(self.ssrc.to_be_bytes());
        out.extend_from_slice(payload);
        self.sequence = self.sequence.wrapping_add(1);
        out
    }
}
