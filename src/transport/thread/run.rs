//! The thread's loop: take what came, forward it, send what may leave, sleep until something is due.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use tokio::sync::mpsc;

use super::connection::{Connection, Way};
use super::{Command, EventSender, Happened, NewPeer, NewSeat, PeerEvent, SeatPacket, ThreadHandle, Waker};
use crate::sfu::{Event, Forward, Limits, PeerId, TrackId};
use crate::transport::session::{self, Handled, Identity, Path, Session, TcpId, Via, username_of_binding_request};
use crate::transport::udp::UdpSocket;

/// What a thread needs to begin.
pub struct Setup {
    pub port: u16,
    pub dscp: Option<u8>,
    pub identity: Arc<Identity>,
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
    let now = Instant::now();
    let thread = Thread {
        udp: Some(udp),
        waker: waker.clone(),
        inbox,
        identity: setup.identity,
        forward: Forward::new(now, setup.unix, setup.seed, Limits::default()),
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
        is_stopping: false,
        name: setup.name.clone(),
        next_count: now,
    };
    std::thread::Builder::new().name(setup.name).spawn(move || thread.run())?;
    Ok(ThreadHandle { commands, waker, port })
}

struct Thread {
    /// Taken out while a batch of it is handled.
    udp: Option<UdpSocket>,
    waker: Waker,
    inbox: mpsc::UnboundedReceiver<Command>,
    identity: Arc<Identity>,
    forward: Forward,
    /// By the places that `forward` gave.
    connections: Vec<Option<Connection>>,
    places: HashMap<PeerId, usize>,
    by_source: HashMap<(SocketAddr, Via), usize>,
    by_ufrag: HashMap<String, usize>,
    /// Whose room hears of a track.
    tracks: HashMap<TrackId, EventSender>,
    tcp: HashMap<TcpId, mpsc::Sender<Vec<u8>>>,
    /// Sessions that may have something to say.
    touched: Vec<usize>,
    buffer: Vec<u8>,
    next_sessions: Instant,
    strangers: u64,
    is_stopping: bool,
    name: String,
    next_count: Instant,
}

/// Tracks, and how loud they were.
type Levels = Vec<(TrackId, Option<u8>)>;

/// Timers of sessions are looked at so often; theirs are of 50 ms and more.
const SESSIONS: Duration = Duration::from_millis(20);
/// Batches that are received before something is sent.
const BATCHES: usize = 4;
const COUNT: Duration = Duration::from_secs(1);

impl Thread {
    fn run(mut self) {
        while !self.is_stopping {
            self.obey();
            self.receive();
            let now = Instant::now();
            self.sessions(now);
            self.forward.tick(now);
            self.settle(now);
            self.send(now);
            self.tell();
            self.count(now);
            self.sleep();
        }
    }

    /// The thread's figures, for operators.
    fn count(&mut self, now: Instant) {
        if now < self.next_count {
            return;
        }
        self.next_count = now + COUNT;
        let counters = self.forward.counters;
        let sessions = self.connections.iter().flatten().count();
        metrics::gauge!("yizhan_media_sessions", "thread" => self.name.clone()).set(sessions as f64);
        for (what, count) in [
            ("received", counters.received),
            ("sent", counters.sent),
            ("malformed", counters.malformed),
            ("unknown_stream", counters.unknown_stream),
            ("duplicate", counters.duplicates),
            ("repaired", counters.repaired),
            ("resent", counters.nacks_answered),
            ("too_late", counters.too_late),
            ("queue_full", counters.queue_full),
            ("stranger", self.strangers),
            ("oversized", self.udp.as_ref().map_or(0, |udp| udp.counters.oversized)),
            ("send_call", self.udp.as_ref().map_or(0, |udp| udp.counters.calls)),
            ("send_failed", self.udp.as_ref().map_or(0, |udp| udp.counters.send_failures)),
        ] {
            metrics::counter!("yizhan_media_packets_total", "thread" => self.name.clone(), "what" => what).absolute(count);
        }
    }

    fn sleep(&mut self) {
        if !self.touched.is_empty() || !self.inbox.is_empty() {
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

    fn datagram(&mut self, now: Instant, path: Path, datagram: &mut [u8]) {
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
    fn settle(&mut self, now: Instant) {
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

    fn session_event(&mut self, now: Instant, place: usize, event: session::Event) {
        let Some(connection) = self.connections.get_mut(place).and_then(Option::as_mut) else { return };
        let said = match event {
            session::Event::Connected { .. } => {
                self.forward.connected(now, connection.id);
                PeerEvent::Connected
            }
            session::Event::PathChanged(path) => PeerEvent::Moved { is_tcp: path.via != Via::Udp },
            session::Event::ChannelOpened { channel, label, .. } => {
                connection.name_channel(channel, &label);
                PeerEvent::ChannelOpened { label }
            }
            session::Event::ChannelClosed { channel } => {
                connection.forget_channel(channel);
                return;
            }
            session::Event::Data { channel, is_text, bytes } => {
                let Some(label) = connection.labels.get(&channel).cloned() else { return };
                PeerEvent::Data { label, is_text, bytes }
            }
            session::Event::Closed(why) => PeerEvent::Closed(why),
        };
        // A room that ended does not listen.
        let _ = connection.events.send(Happened::Peer(connection.id, said));
    }

    fn transmit(&mut self, path: Path, datagrams: &[u8], segment: usize) {
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

    /// Sends what may leave, peer by peer.
    fn send(&mut self, now: Instant) {
        let mut buffer = std::mem::take(&mut self.buffer);
        while let Some(place) = self.forward.next_ready() {
            match self.connections.get_mut(place).and_then(Option::as_mut).map(|connection| &mut connection.way) {
                Some(Way::Session(_)) => self.send_to_client(now, place, &mut buffer),
                Some(Way::Seat(_)) => self.send_to_seat(now, place, &mut buffer),
                None => {}
            }
        }
        self.buffer = buffer;
    }

    fn send_to_client(&mut self, now: Instant, place: usize, buffer: &mut Vec<u8>) {
        let Some(path) = self.session(place).and_then(|session| session.path()) else { return };
        while let Some(mut compound) = self.forward.write_rtcp(place) {
            if self.session(place).is_some_and(|session| session.seal_rtcp(&mut compound).is_ok()) {
                self.transmit(path, &compound, compound.len());
            }
        }
        loop {
            let Self { forward, connections, .. } = self;
            let Some(session) = connections.get_mut(place).and_then(Option::as_mut).and_then(Connection::session) else { break };
            let Some(segment) = forward.write_group(now, place, buffer, |buffer, start| seal(session, buffer, start)) else { break };
            self.transmit(path, buffer, segment);
        }
    }

    fn send_to_seat(&mut self, now: Instant, place: usize, buffer: &mut Vec<u8>) {
        let Some(Way::Seat(out)) = self.connections.get(place).and_then(Option::as_ref).map(|connection| &connection.way) else { return };
        while let Some(compound) = self.forward.write_rtcp(place) {
            let _ = out.try_send(SeatPacket::Rtcp(compound.into()));
        }
        while let Some(segment) = self.forward.write_group(now, place, buffer, |_, _| {}) {
            for packet in buffer.chunks(segment.max(1)) {
                let _ = out.try_send(SeatPacket::Rtp(Bytes::copy_from_slice(packet)));
            }
        }
    }

    /// Tells rooms what their media does.
    fn tell(&mut self) {
        while let Some(event) = self.forward.poll_event() {
            match event {
                Event::Levels(levels) => self.tell_levels(levels),
                Event::StreamState { peer, .. } | Event::Quality { peer, .. } => {
                    if let Some(connection) = self.places.get(&peer).and_then(|place| self.connections.get(*place)).and_then(Option::as_ref) {
                        let _ = connection.events.send(Happened::Media(event));
                    }
                }
                Event::Started { track, .. } | Event::Wanted { track, .. } | Event::KeyNeeded { track, .. } => {
                    if let Some(events) = self.tracks.get(&track) {
                        let _ = events.send(Happened::Media(event));
                    }
                }
            }
        }
    }

    /// Each room hears of its own tracks.
    fn tell_levels(&mut self, levels: Levels) {
        let mut rooms: Vec<(&EventSender, Levels)> = Vec::new();
        for level in levels {
            let Some(events) = self.tracks.get(&level.0) else { continue };
            match rooms.iter_mut().find(|(known, _)| known.same_channel(events)) {
                Some((_, levels)) => levels.push(level),
                None => rooms.push((events, vec![level])),
            }
        }
        for (events, levels) in rooms {
            let _ = events.send(Happened::Media(Event::Levels(levels)));
        }
    }

    fn obey(&mut self) {
        let now = Instant::now();
        while let Ok(command) = self.inbox.try_recv() {
            self.command(now, command);
        }
    }

    fn command(&mut self, now: Instant, command: Command) {
        let rejected = match command {
            Command::Add(peer) => self.add(now, *peer),
            Command::AddSeat(seat) => self.add_seat(now, *seat),
            Command::FromSeat { peer, packet } => {
                match (self.places.get(&peer).copied(), packet) {
                    (Some(place), SeatPacket::Rtp(packet)) => self.forward.receive_rtp(now, place, &packet),
                    (Some(place), SeatPacket::Rtcp(compound)) => self.forward.receive_rtcp(now, place, &compound),
                    (None, _) => {}
                }
                Ok(())
            }
            Command::SetRemote { peer, remote } => {
                self.with(peer, |connection| {
                    if let Some(Err(e)) = connection.session().map(|session| session.set_remote(now, remote)) {
                        tracing::info!(%peer, error = %e, "the client's description cannot be used");
                    }
                });
                Ok(())
            }
            Command::RestartIce { peer, local } => {
                if let Some(place) = self.places.get(&peer).copied() {
                    self.by_ufrag.insert(local.ufrag.clone(), place);
                    self.with(peer, |connection| {
                        connection.ufrags.push(local.ufrag.clone());
                        if let Some(session) = connection.session() {
                            session.restart_ice(now, local);
                        }
                    });
                }
                Ok(())
            }
            Command::Remove { peer } => {
                self.with(peer, |connection| {
                    if let Some(session) = connection.session() {
                        session.close(now);
                    }
                });
                self.settle(now);
                if let Some(place) = self.places.get(&peer).copied() {
                    self.remove(place);
                }
                Ok(())
            }
            Command::Publish { peer, uplink } => {
                let events =
                    self.places.get(&peer).and_then(|place| self.connections.get(*place)).and_then(Option::as_ref).map(|connection| connection.events.clone());
                if let Some(events) = events {
                    self.tracks.insert(uplink.track, events);
                }
                self.forward.add_uplink(peer, *uplink)
            }
            Command::Unpublish { track } => {
                self.tracks.remove(&track);
                self.forward.remove_uplink(track);
                Ok(())
            }
            Command::Mute { track, is_muted } => {
                self.forward.mute(track, is_muted);
                Ok(())
            }
            Command::Subscribe { peer, downlink } => self.forward.add_downlink(now, peer, *downlink),
            Command::Unsubscribe { peer, track } => {
                self.forward.remove_downlink(peer, track);
                Ok(())
            }
            Command::Set { peer, track, settings } => {
                self.forward.set(now, peer, track, settings);
                Ok(())
            }
            Command::SetCeiling { peer, bps } => {
                self.forward.set_ceiling(peer, bps);
                Ok(())
            }
            Command::OpenChannel { peer, label, ordered, reliability } => {
                self.with(peer, |connection| match connection.session().map(|session| session.open_channel(now, &label, ordered, reliability)) {
                    Some(Ok(channel)) => drop(connection.name_channel(channel, &label)),
                    Some(Err(e)) => tracing::info!(%peer, label, error = %e, "a data channel cannot be opened"),
                    None => {}
                });
                Ok(())
            }
            Command::Send { peer, label, bytes } => {
                self.with(peer, |connection| {
                    let channel = connection.channels.get(&label).copied();
                    if let (Some(channel), Some(session)) = (channel, connection.session())
                        && let Err(e) = session.send(now, channel, false, &bytes)
                    {
                        tracing::debug!(%peer, label = &*label, error = %e, "data is not sent");
                    }
                });
                Ok(())
            }
            Command::Report { peer, answer } => {
                let _ = answer.send(self.forward.peer_report(now, peer));
                Ok(())
            }
            Command::TrackReport { track, answer } => {
                let _ = answer.send(self.forward.track_report(now, track));
                Ok(())
            }
            Command::Tcp { id, out } => {
                self.tcp.insert(id, out);
                Ok(())
            }
            Command::TcpFrame { path, mut frame, permit } => {
                self.datagram(now, path, &mut frame);
                drop(permit);
                Ok(())
            }
            Command::TcpClosed { path } => {
                if let Via::Tcp(id) = path.via {
                    self.tcp.remove(&id);
                }
                if let Some(place) = self.by_source.remove(&(path.remote, path.via))
                    && let Some(session) = self.session(place)
                {
                    session.path_lost(path);
                    self.touched.push(place);
                }
                Ok(())
            }
            Command::Stop => {
                self.is_stopping = true;
                Ok(())
            }
        };
        if let Err(e) = rejected {
            tracing::debug!(error = %e, "a command came too late");
        }
    }

    fn add(&mut self, now: Instant, peer: NewPeer) -> Result<(), crate::sfu::Rejected> {
        let place = self.forward.add_peer(now, peer.id, peer.options)?;
        let ufrag = peer.ice.ufrag.clone();
        let session = Session::with_options(now, &self.identity, peer.ice, peer.session);
        self.keep(place, Connection::new(peer.id, Way::Session(Box::new(session)), peer.events, vec![ufrag.clone()]));
        self.by_ufrag.insert(ufrag, place);
        self.touched.push(place);
        Ok(())
    }

    /// A seat is connected from the beginning.
    fn add_seat(&mut self, now: Instant, seat: NewSeat) -> Result<(), crate::sfu::Rejected> {
        let place = self.forward.add_peer(now, seat.id, seat.options)?;
        self.keep(place, Connection::new(seat.id, Way::Seat(seat.out), seat.events.clone(), Vec::new()));
        self.forward.connected(now, seat.id);
        let _ = seat.events.send(Happened::Peer(seat.id, PeerEvent::Connected));
        Ok(())
    }

    fn keep(&mut self, place: usize, connection: Connection) {
        self.places.insert(connection.id, place);
        if self.connections.len() <= place {
            self.connections.resize_with(place + 1, || None);
        }
        if let Some(slot) = self.connections.get_mut(place) {
            *slot = Some(connection);
        }
    }

    fn session(&mut self, place: usize) -> Option<&mut Session> {
        self.connections.get_mut(place)?.as_mut()?.session()
    }

    fn with(&mut self, peer: PeerId, act: impl FnOnce(&mut Connection)) {
        let Some(place) = self.places.get(&peer).copied() else { return };
        if let Some(connection) = self.connections.get_mut(place).and_then(Option::as_mut) {
            act(connection);
            self.touched.push(place);
        }
    }

    fn remove(&mut self, place: usize) {
        let Some(connection) = self.connections.get_mut(place).and_then(Option::take) else { return };
        self.forward.remove_peer(connection.id);
        self.places.remove(&connection.id);
        for ufrag in &connection.ufrags {
            self.by_ufrag.remove(ufrag);
        }
        self.by_source.retain(|_, known| *known != place);
    }
}

/// Encrypts the packet that lies at the buffer's end.
fn seal(session: &mut Session, buffer: &mut Vec<u8>, start: usize) {
    let len = buffer.len() - start;
    let header_len = buffer.get(start..).map_or(0, header_len);
    buffer.resize(buffer.len() + session::SEAL_OVERHEAD, 0);
    let sealed = buffer.get_mut(start..).and_then(|packet| session.seal_rtp_in(packet, len, header_len).ok());
    // What cannot be sealed does not leave.
    buffer.truncate(start + sealed.unwrap_or(0));
}

/// Of a packet that we wrote.
fn header_len(packet: &[u8]) -> usize {
    match packet {
        [first, ..] if first & 0x10 == 0 => 12,
        [_, _, _, _, _, _, _, _, _, _, _, _, _, _, high, low, ..] => 16 + 4 * usize::from(u16::from_be_bytes([*high, *low])),
        _ => packet.len(),
    }
}
