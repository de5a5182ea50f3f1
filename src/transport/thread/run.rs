//! The thread's loop: take what came, forward it, send what may leave, sleep until something is due.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use tokio::sync::mpsc;

use super::connection::Connection;
use super::relay::CROSSING;
use super::{Command, EventSender, ThreadHandle, Waker};
use crate::sfu::{Forward, Limits, PeerId, RelayId, Relayed, TrackId};
use crate::transport::session::{Counters, Handled, Identity, Path, Session, TcpId, Via, username_of_binding_request};
use crate::transport::udp::UdpSocket;

/// What a thread needs to begin.
pub struct Setup {
    /// Among all threads.
    pub index: usize,
    pub port: u16,
    pub dscp: Option<u8>,
    pub identity: Arc<Identity>,
    /// A moment, and when that was since the Unix epoch: the same for all threads, whose clocks are one.
    pub started: Instant,
    pub unix: Duration,
    pub seed: u64,
    pub name: String,
}

/// Opens the port and starts the thread.
pub fn run(setup: Setup) -> io::Result<ThreadHandle> {
    let udp = UdpSocket::open(setup.port, setup.dscp)?;
    let port = udp.port()?;
    let waker = Waker::new()?;
    let (commands, inbox) = mpsc::unbounded_channel();
    let (relayed, crossing) = mpsc::channel(CROSSING);
    let own = ThreadHandle { index: setup.index, commands, relayed, waker: waker.clone(), port };
    let now = Instant::now();
    let thread = Thread {
        udp: Some(udp),
        waker,
        inbox,
        relayed: crossing,
        own: own.clone(),
        neighbours: HashMap::new(),
        homes: HashMap::new(),
        relay_full: 0,
        identity: setup.identity,
        forward: Forward::new(setup.started, setup.unix, setup.seed, Limits::default()),
        connections: Vec::new(),
        places: HashMap::new(),
        by_source: HashMap::new(),
        by_ufrag: HashMap::new(),
        tracks: HashMap::new(),
        tcp: HashMap::new(),
        touched: Vec::new(),
        buffer: Vec::with_capacity(crate::sfu::GROUP_BYTES + 4_096),
        next_sessions: now,
        strangers: 0,
        ended: Counters::default(),
        is_stopping: false,
        name: setup.name.clone(),
        next_count: now,
    };
    std::thread::Builder::new().name(setup.name).spawn(move || thread.run())?;
    Ok(own)
}

pub(super) struct Thread {
    /// Taken out while a batch of it is handled.
    pub(super) udp: Option<UdpSocket>,
    pub(super) waker: Waker,
    pub(super) inbox: mpsc::UnboundedReceiver<Command>,
    pub(super) relayed: mpsc::Receiver<Relayed>,
    pub(super) own: ThreadHandle,
    /// Threads that mirror tracks of ours.
    pub(super) neighbours: HashMap<RelayId, ThreadHandle>,
    /// Where the tracks that we mirror are published.
    pub(super) homes: HashMap<TrackId, ThreadHandle>,
    /// Packets that another thread did not take.
    pub(super) relay_full: u64,
    pub(super) identity: Arc<Identity>,
    pub(super) forward: Forward,
    /// By the places that `forward` gave.
    pub(super) connections: Vec<Option<Connection>>,
    pub(super) places: HashMap<PeerId, usize>,
    pub(super) by_source: HashMap<(SocketAddr, Via), usize>,
    pub(super) by_ufrag: HashMap<String, usize>,
    /// Whose room hears of a track.
    pub(super) tracks: HashMap<TrackId, EventSender>,
    pub(super) tcp: HashMap<TcpId, mpsc::Sender<Vec<u8>>>,
    /// Sessions that may have something to say.
    pub(super) touched: Vec<usize>,
    pub(super) buffer: Vec<u8>,
    pub(super) next_sessions: Instant,
    pub(super) strangers: u64,
    /// What the sessions that ended did not take.
    pub(super) ended: Counters,
    pub(super) is_stopping: bool,
    pub(super) name: String,
    pub(super) next_count: Instant,
}

/// Timers of sessions are looked at so often; theirs are of 50 ms and more.
const SESSIONS: Duration = Duration::from_millis(20);
/// Batches that are received before something is sent.
const BATCHES: usize = 4;

impl Thread {
    fn run(mut self) {
        while !self.is_stopping {
            self.obey();
            self.take_relayed();
            self.receive();
            let now = Instant::now();
            self.sessions(now);
            self.forward.tick(now);
            self.settle(now);
            self.relay();
            self.send();
            self.tell();
            self.count(now);
            self.sleep();
        }
    }

    fn sleep(&mut self) {
        if !self.touched.is_empty() || !self.inbox.is_empty() || !self.relayed.is_empty() {
            return;
        }
        let now = Instant::now();
        let sessions = self.connections.iter().any(Option::is_some).then_some(self.next_sessions);
        let due = [self.forward.next_timeout(), sessions].into_iter().flatten().min();
        let timeout = due.map(|due| {
            let left = due.saturating_duration_since(now);
            Timespec { tv_sec: left.as_secs() as i64, tv_nsec: i64::from(left.subsec_nanos()) }
        });
        let Some(udp) = &self.udp else { return };
        let mut fds = [PollFd::new(udp, PollFlags::IN), PollFd::new(&*self.waker.fd, PollFlags::IN)];
        // Woken early is woken, too.
        let _ = poll(&mut fds, timeout.as_ref());
        if fds[1].revents().contains(PollFlags::IN) {
            self.waker.slept();
        }
    }

    fn receive(&mut self) {
        let Some(mut udp) = self.udp.take() else { return };
        for _ in 0..BATCHES {
            let now = Instant::now();
            match udp.receive(|local, remote, datagram| self.datagram(now, Path { local, remote, via: Via::Udp }, datagram)) {
                Ok(true) => {}
                Ok(false) => break,
                Err(e) => {
                    tracing::warn!(error = %e, "the media port cannot be read");
                    break;
                }
            }
        }
        self.udp = Some(udp);
    }

    pub(super) fn datagram(&mut self, now: Instant, path: Path, datagram: &mut [u8]) {
        let source = (path.remote, path.via);
        let known = self.by_source.get(&source).copied();
        let Some(place) = known.or_else(|| username_of_binding_request(datagram).and_then(|ufrag| self.by_ufrag.get(ufrag).copied())) else {
            self.strangers += 1;
            return;
        };
        // A client that restarts from a known address says another name: a check belongs to the name it says.
        let place = match username_of_binding_request(datagram).and_then(|ufrag| self.by_ufrag.get(ufrag).copied()) {
            Some(named) => named,
            None => place,
        };
        let Some(connection) = self.connections.get_mut(place).and_then(Option::as_mut) else { return };
        let Some(session) = connection.session() else { return };
        let refused = session.counters().stun_refused;
        match session.handle(now, path, datagram) {
            Handled::Rtp(len) => {
                if let Some(packet) = datagram.get(..len) {
                    self.forward.receive_rtp(now, place, packet);
                }
            }
            Handled::Rtcp(len) => {
                if let Some(compound) = datagram.get(..len) {
                    self.forward.receive_rtcp(now, place, compound);
                }
            }
            Handled::Nothing => {
                if known != Some(place) && session.counters().stun_refused == refused {
                    self.by_source.insert(source, place);
                    if let Some(old) = connection.note_source(source) {
                        self.by_source.remove(&old);
                    }
                }
                self.touched.push(place);
            }
        }
    }

    /// Timers of the sessions.
    fn sessions(&mut self, now: Instant) {
        if now < self.next_sessions {
            return;
        }
        self.next_sessions = now + SESSIONS;
        for (place, connection) in self.connections.iter_mut().enumerate() {
            let Some(session) = connection.as_mut().and_then(Connection::session) else { continue };
            if session.next_timeout().is_some_and(|due| due <= now) {
                session.handle_timeout(now);
                self.touched.push(place);
            }
        }
    }

    /// What sessions have to send and to say.
    pub(super) fn settle(&mut self, now: Instant) {
        while let Some(place) = self.touched.pop() {
            while let Some(event) = self.session(place).and_then(Session::poll_event) {
                self.session_event(now, place, event);
            }
            while let Some(transmit) = self.session(place).and_then(Session::poll_transmit) {
                self.transmit(transmit.path, &transmit.datagram, transmit.datagram.len());
            }
            if self.session(place).is_some_and(|session| session.is_closed()) {
                self.remove(place);
            }
        }
    }

    pub(super) fn transmit(&mut self, path: Path, datagrams: &[u8], segment: usize) {
        match path.via {
            Via::Udp => {
                if let Some(udp) = &mut self.udp {
                    udp.send(path.local, path.remote, datagrams, segment);
                }
            }
            Via::Tcp(id) => {
                let Some(out) = self.tcp.get(&id) else { return };
                for datagram in datagrams.chunks(segment.max(1)) {
                    // A connection that does not take what is sent loses it, like a line.
                    let _ = out.try_send(datagram.to_vec());
                }
            }
        }
    }

    pub(super) fn session(&mut self, place: usize) -> Option<&mut Session> {
        self.connections.get_mut(place)?.as_mut()?.session()
    }
}
