//! Datagrams by the ten thousand, from as many ports as wanted, at a steady rate.

use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

/// Between two bunches.
const STEP: Duration = Duration::from_millis(2);

pub struct Flood {
    pub to: SocketAddr,
    pub ports: usize,
    pub per_second: u32,
    pub lasts: Duration,
}

impl Flood {
    /// Tells how many datagrams left. `make` writes the datagram of this number.
    pub async fn of(self, mut make: impl FnMut(u64, &mut Vec<u8>) + Send + 'static) -> u64 {
        let run = move || {
            let sockets: Vec<UdpSocket> = (0..self.ports).map(|_| UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).expect("a port")).collect();
            let (begun, mut datagram, mut count, mut sent) = (Instant::now(), Vec::new(), 0, 0);
            while begun.elapsed() < self.lasts {
                let due = (begun.elapsed().as_secs_f64() * f64::from(self.per_second)) as u64;
                // What this machine is too busy to send in time is left out, not made up for.
                let first = count.max(due.saturating_sub(u64::from(self.per_second) / 100));
                for n in first..due {
                    datagram.clear();
                    make(n, &mut datagram);
                    sent += u64::from(sockets[n as usize % sockets.len()].send_to(&datagram, self.to).is_ok());
                }
                count = due;
                std::thread::sleep(STEP);
            }
            sent
        };
        tokio::task::spawn_blocking(run).await.expect("the flood")
    }
}

/// A binding request for this user, signed by nobody.
pub fn binding_request(n: u64, username: &str, out: &mut Vec<u8>) {
    let padded = username.len().next_multiple_of(4);
    let len = (4 + padded + 4 + 20) as u16;
    out.extend_from_slice(&[0, 1]);
    out.extend_from_slice(&len.to_be_bytes());
    out.extend_from_slice(&[0x21, 0x12, 0xa4, 0x42, 0, 0, 0, 0]);
    out.extend_from_slice(&n.to_be_bytes());
    out.extend_from_slice(&[0, 6]);
    out.extend_from_slice(&(username.len() as u16).to_be_bytes());
    out.extend_from_slice(username.as_bytes());
    out.resize(20 + 4 + padded, 0);
    out.extend_from_slice(&[0, 8, 0, 20]);
    out.resize(out.len() + 20, n as u8);
}

/// The beginning of a DTLS handshake, as from a browser: record, ClientHello, its random and a few suites.
pub fn client_hello(n: u64, out: &mut Vec<u8>) {
    let body = 2 + 32 + 1 + 1 + 2 + 4 + 2;
    out.extend_from_slice(&[22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, (12 + body) as u8]);
    out.extend_from_slice(&[1, 0, 0, body as u8, 0, 0, 0, 0, 0, 0, 0, body as u8, 0xfe, 0xfd]);
    out.extend_from_slice(&n.to_be_bytes());
    out.resize(out.len() + 24, 7);
    out.extend_from_slice(&[0, 0, 0, 4, 0xc0, 0x2b, 0xc0, 0x2f, 1, 0]);
}

/// A number that looks like chance (SplitMix64).
pub fn chance(n: u64) -> u64 {
    let mixed = n.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb)
}
