//! All media threads of this process.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rand::Rng;

use super::sdp::{Candidate, Transport};
use super::session::{IceCredentials, Identity, IdentityError};
use super::strangers::Strangers;
use super::thread::{Command, Setup, ThreadHandle, run};
use crate::sfu::{PeerId, TrackId};

/// How media is reached.
#[derive(Debug, Clone)]
pub struct MediaOptions {
    /// The port of the first thread; the others follow. 0: any.
    pub udp_port: u16,
    pub threads: usize,
    /// Where connections over TCP are taken, by whoever listens there; unspecified: on every address.
    pub tcp: Vec<SocketAddr>,
    pub addresses: Vec<IpAddr>,
    pub dscp: Option<u8>,
    /// Since the Unix epoch, for sender reports.
    pub unix: Duration,
}

#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    #[error("media thread {thread}: UDP port {port}: {source}")]
    Port { thread: usize, port: u16, source: io::Error },
    #[error("no certificate for media: {0}")]
    Identity(#[from] IdentityError),
}

/// The handle; clones share the threads, which end with the last.
#[derive(Clone)]
pub struct Media {
    inner: Arc<Inner>,
}

/// A participant's place on a thread; it is given back when this is dropped.
#[derive(Debug)]
pub struct Place {
    pub thread: usize,
    taken: Arc<AtomicUsize>,
}

/// So many of a room are on one thread before it spreads to others: what crosses costs each thread a copy, and a small meeting needs none.
const CROWD: usize = 64;

struct Inner {
    threads: Vec<ThreadHandle>,
    /// Places that are taken on each.
    taken: Vec<Arc<AtomicUsize>>,
    identity: Arc<Identity>,
    addresses: Vec<IpAddr>,
    tcp: Vec<SocketAddr>,
    next_thread: AtomicUsize,
    next_id: AtomicU64,
    strangers: Strangers,
}

impl Media {
    pub fn start(options: MediaOptions) -> Result<Self, MediaError> {
        let identity = Identity::generate()?;
        let (mut threads, started) = (Vec::new(), Instant::now());
        for thread in 0..options.threads.clamp(1, 36 * 36) {
            let port = if options.udp_port == 0 { 0 } else { options.udp_port.saturating_add(thread as u16) };
            let setup = Setup {
                index: thread,
                port,
                dscp: options.dscp,
                identity: identity.clone(),
                started,
                unix: options.unix,
                seed: rand::rng().random(),
                name: format!("media {thread}"),
            };
            threads.push(run(setup).map_err(|source| MediaError::Port { thread, port, source })?);
        }
        let taken = threads.iter().map(|_| Arc::default()).collect();
        let (next_thread, next_id, strangers) = (AtomicUsize::new(0), AtomicU64::new(1), Strangers::default());
        let inner = Inner { threads, taken, identity, addresses: options.addresses, tcp: options.tcp, next_thread, next_id, strangers };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// A thread for a new room: the emptiest, of several in turn.
    pub fn home(&self) -> usize {
        let (turn, count) = (self.inner.next_thread.fetch_add(1, Ordering::Relaxed), self.inner.taken.len());
        (0..count).map(|step| (turn + step) % count).min_by_key(|thread| self.taken(*thread)).unwrap_or(0)
    }

    fn taken(&self, thread: usize) -> usize {
        self.inner.taken.get(thread).map_or(0, |taken| taken.load(Ordering::Relaxed))
    }

    /// A place for one more, on the thread where its room is at home with so many already, or on the emptiest if they are a crowd.
    pub fn place(&self, home: usize, already: usize) -> Place {
        let threads = self.inner.taken.len();
        let thread = if already < CROWD { home % threads } else { (0..threads).min_by_key(|thread| self.taken(*thread)).unwrap_or(home) };
        let taken = self.inner.taken[thread].clone();
        taken.fetch_add(1, Ordering::Relaxed);
        Place { thread, taken }
    }

    pub fn thread(&self, thread: usize) -> &ThreadHandle {
        &self.inner.threads[thread % self.inner.threads.len()]
    }

    /// Names that tell a stranger's first packet to which thread it belongs.
    pub fn credentials(&self, thread: usize) -> IceCredentials {
        let text = |len: usize| (0..len).map(|_| char::from(rand::rng().sample(rand::distr::Alphanumeric))).collect::<String>();
        IceCredentials { ufrag: format!("{}{}", name(thread), text(10)), pwd: text(32) }
    }

    pub(super) fn thread_of(&self, ufrag: &str) -> Option<&ThreadHandle> {
        let thread = usize::from_str_radix(ufrag.get(..2)?, 36).ok()?;
        self.inner.threads.get(thread)
    }

    /// Connections over TCP of whom nothing is known yet.
    pub(super) fn strangers(&self) -> &Strangers {
        &self.inner.strangers
    }

    pub fn peer_id(&self) -> PeerId {
        PeerId(self.inner.next_id.fetch_add(1, Ordering::Relaxed))
    }

    pub fn track_id(&self) -> TrackId {
        TrackId(self.inner.next_id.fetch_add(1, Ordering::Relaxed))
    }

    /// An SSRC for what we send: unlike all others of this process.
    pub fn ssrc(&self) -> u32 {
        // Multiples of an odd number visit every value once.
        (self.inner.next_id.fetch_add(1, Ordering::Relaxed) as u32).wrapping_mul(0x9e37_79b1)
    }

    pub fn identity(&self) -> &Arc<Identity> {
        &self.inner.identity
    }

    /// Where clients reach a thread: UDP first.
    pub fn candidates(&self, thread: usize) -> Vec<Candidate> {
        let port = self.thread(thread).port;
        let udp = self.inner.addresses.iter().map(|ip| (*ip, port, Transport::Udp));
        let tcp = self.inner.tcp.iter().flat_map(|listen| {
            let all = listen.ip().is_unspecified();
            let addresses = if all { self.inner.addresses.as_slice() } else { &[] };
            // A listener of IPv4 alone is not reached by IPv6; `::` is reached by both.
            let reached = addresses.iter().copied().filter(|ip| listen.is_ipv6() || ip.is_ipv4());
            reached.chain((!all).then_some(listen.ip())).map(|ip| (ip, listen.port(), Transport::TcpPassive))
        });
        udp.chain(tcp).zip(0..).map(|((ip, port, transport), rank)| Candidate::host(ip, port, transport, rank)).collect()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.taken.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        for thread in &self.threads {
            thread.send(Command::Stop);
        }
    }
}

/// Two digits to the base of 36.
fn name(thread: usize) -> String {
    let digit = |n: usize| char::from_digit((n % 36) as u32, 36).unwrap_or('0');
    [digit(thread / 36), digit(thread)].iter().collect()
}
