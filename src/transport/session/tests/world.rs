//! A session and a client with an in-memory network between them.

use std::collections::VecDeque;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, LazyLock, Once};
use std::time::{Duration, Instant};

use str0m::ice::IceCreds;
use str0m::net::{Protocol, Receive};
use str0m::{Candidate, Input, Output, Rtc};

use crate::transport::session::*;

pub static IDENTITY: LazyLock<Arc<Identity>> = LazyLock::new(|| Identity::generate().unwrap());

pub const LATENCY: Duration = Duration::from_millis(10);

/// Whether a datagram, of this number, arrives.
pub type Line = Box<dyn FnMut(usize, &[u8]) -> bool>;

pub struct World {
    pub begun: Instant,
    pub now: Instant,
    pub session: Session,
    pub client: Rtc,
    pub server: SocketAddr,
    pub local: IceCredentials,
    /// What the client's address looks like from outside: a NAT that may change its mind.
    pub seen_as: SocketAddr,
    pub client_address: SocketAddr,
    to_server: VecDeque<(Instant, Path, Vec<u8>)>,
    to_client: VecDeque<(Instant, Vec<u8>)>,
    client_timeout: Instant,
    pub client_is_gone: bool,
    pub events: Vec<Event>,
    pub client_events: Vec<str0m::Event>,
    pub media: Vec<(Handled, Vec<u8>)>,
    /// Called for each datagram to the server with its number; `false` loses it.
    pub uplink: Line,
    pub downlink: Line,
    sent: (usize, usize),
    pub recorded: Vec<Vec<u8>>,
}

pub fn addresses_v4() -> (SocketAddr, SocketAddr) {
    ((Ipv4Addr::new(10, 0, 0, 1), 7882).into(), (Ipv4Addr::new(10, 0, 0, 2), 50_000).into())
}

pub fn addresses_v6() -> (SocketAddr, SocketAddr) {
    ((Ipv6Addr::new(0xfd00, 0, 0, 0, 0, 0, 0, 1), 7882).into(), (Ipv6Addr::new(0xfd00, 0, 0, 0, 0, 0, 0, 2), 50_000).into())
}

impl World {
    pub fn new() -> World {
        World::with(addresses_v4(), Setup::Active)
    }

    pub fn with((server, client_address): (SocketAddr, SocketAddr), setup: Setup) -> World {
        static CRYPTO: Once = Once::new();
        CRYPTO.call_once(|| str0m::crypto::from_feature_flags().install_process_default());
        let now = Instant::now();
        let local = IceCredentials::random();
        let mut session = Session::new(now, &IDENTITY, local.clone());
        let mut client = Rtc::builder().set_rtp_mode(true).build(now);
        client.add_local_candidate(Candidate::host(client_address, "udp").unwrap()).unwrap();
        client.add_remote_candidate(Candidate::host(server, "udp").unwrap());
        let mut direct = client.direct_api();
        direct.set_ice_controlling(true);
        direct.set_remote_ice_credentials(IceCreds { ufrag: local.ufrag.clone(), pass: local.pwd.clone() });
        direct.set_remote_fingerprint(str0m::crypto::Fingerprint { hash_func: "sha-256".to_owned(), bytes: IDENTITY.fingerprint().0.to_vec() });
        let ice = direct.local_ice_credentials();
        let fingerprint = Fingerprint(direct.local_dtls_fingerprint().bytes.clone().try_into().unwrap());
        direct.start_dtls(setup == Setup::Active).unwrap();
        direct.start_sctp(setup == Setup::Active);
        client.handle_input(Input::Timeout(now)).unwrap();
        session.set_remote(now, Remote { ice: IceCredentials { ufrag: ice.ufrag, pwd: ice.pass }, fingerprint, setup }).unwrap();
        World {
            begun: now,
            now,
            session,
            client,
            server,
            local,
            seen_as: client_address,
            client_address,
            to_server: VecDeque::new(),
            to_client: VecDeque::new(),
            client_timeout: now,
            client_is_gone: false,
            events: Vec::new(),
            client_events: Vec::new(),
            media: Vec::new(),
            uplink: Box::new(|_, _| true),
            downlink: Box::new(|_, _| true),
            sent: (0, 0),
            recorded: Vec::new(),
        }
    }

    /// Runs until both are connected; how long that took.
    pub fn connect(&mut self) -> Duration {
        let is_up = |world: &World| world.session.is_connected() && world.client.is_connected();
        self.run_until(Duration::from_secs(20), is_up);
        assert!(is_up(self), "not connected: {:?} {:?}", self.events, self.session.counters());
        self.now - self.begun
    }

    pub fn run(&mut self, time: Duration) {
        self.run_until(time, |_| false);
    }

    pub fn run_until(&mut self, time: Duration, mut is_done: impl FnMut(&World) -> bool) {
        let end = self.now + time;
        loop {
            self.exchange();
            if is_done(self) {
                return;
            }
            let arrivals = [self.to_server.front().map(|due| due.0), self.to_client.front().map(|due| due.0)];
            let next = arrivals.into_iter().chain([Some(self.client_timeout), self.session.next_timeout()]).flatten().min().unwrap();
            // A millisecond at least: neither side may ask for the same moment for ever.
            self.now = next.max(self.now + Duration::from_micros(if arrivals.iter().flatten().any(|due| *due <= self.now) { 0 } else { 500 }));
            if self.now >= end {
                self.now = end;
                return;
            }
            while self.to_server.front().is_some_and(|due| due.0 <= self.now) {
                let (_, path, mut datagram) = self.to_server.pop_front().unwrap();
                let handled = self.session.handle(self.now, path, &mut datagram);
                if let Handled::Rtp(len) | Handled::Rtcp(len) = handled {
                    datagram.truncate(len);
                    self.media.push((handled, datagram));
                }
            }
            while self.to_client.front().is_some_and(|due| due.0 <= self.now) {
                let (_, datagram) = self.to_client.pop_front().unwrap();
                self.give_client(&datagram);
            }
            if self.session.next_timeout().is_some_and(|timeout| timeout <= self.now) {
                self.session.handle_timeout(self.now);
            }
            if self.client_timeout <= self.now {
                self.client.handle_input(Input::Timeout(self.now)).unwrap();
            }
        }
    }

    fn give_client(&mut self, datagram: &[u8]) {
        self.exchange();
        let receive = Receive::new(Protocol::Udp, self.server, self.client_address, datagram).unwrap();
        self.client.handle_input(Input::Receive(self.now, receive)).unwrap();
    }

    pub fn path(&self) -> Path {
        Path { local: self.server.ip(), remote: self.seen_as, via: Via::Udp }
    }

    /// Takes what either side wants to send or say.
    fn exchange(&mut self) {
        loop {
            // A client that was told goodbye fails to say so itself.
            let Ok(output) = self.client.poll_output() else {
                self.client_is_gone = true;
                self.client_timeout = self.now + Duration::from_secs(3600);
                break;
            };
            match output {
                Output::Timeout(at) => {
                    self.client_timeout = at;
                    break;
                }
                Output::Transmit(transmit) => {
                    let datagram = transmit.contents.to_vec();
                    self.sent.0 += 1;
                    self.recorded.push(datagram.clone());
                    if (self.uplink)(self.sent.0 - 1, &datagram) {
                        let path = self.path();
                        self.to_server.push_back((self.now + LATENCY, path, datagram));
                    }
                }
                Output::Event(event) => self.client_events.push(event),
            }
        }
        while let Some(transmit) = self.session.poll_transmit() {
            self.sent.1 += 1;
            if transmit.path.remote == self.seen_as && (self.downlink)(self.sent.1 - 1, &transmit.datagram) {
                self.to_client.push_back((self.now + LATENCY, transmit.datagram));
            }
        }
        while let Some(event) = self.session.poll_event() {
            self.events.push(event);
        }
    }

    /// A sealed datagram of the session's media, on its way to the client.
    pub fn send_media(&mut self, datagram: Vec<u8>) {
        self.to_client.push_back((self.now + LATENCY, datagram));
    }

    pub fn closed(&self) -> Option<&Closed> {
        self.events.iter().find_map(|event| match event {
            Event::Closed(closed) => Some(closed),
            _ => None,
        })
    }
}
