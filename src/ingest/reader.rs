//! One thread for all sockets. It wakes every few milliseconds and drains each socket in batches: the kernel's buffers hold far more than arrives
//! between two turns, so forty channels cost a hundred wake-ups a second instead of thirty thousand.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use socket2::Socket;

use super::chunk::Gatherer;
use super::datagrams::{Datagrams, Kind};
use super::socket::{Batch, open};
use super::{Endpoint, Outlet, Settings, Source};
use crate::base::{Clock, UtcMs};

/// A socket that cannot be opened, or broke, is tried again after so long.
const RETRY: Duration = Duration::from_secs(2);
/// A group from which nothing comes is joined again: the interface may have been made anew, or a switch have forgotten the membership.
const SILENCE: Duration = Duration::from_secs(20);
/// Batches taken from one socket before the others have their turn.
const BATCHES_PER_TURN: usize = 32;

/// The thread, started with the first socket. It ends when this is dropped and nobody subscribes any more.
pub(super) struct Reader {
    settings: Settings,
    clock: Arc<dyn Clock>,
    arrivals: Mutex<Option<Sender<Line>>>,
}

/// UDP and RTP as a [`Source`].
pub(super) struct Receiving {
    endpoint: Endpoint,
    kind: Kind,
    settings: Settings,
    lines: Result<Sender<Line>, std::io::Error>,
}

impl Reader {
    pub fn new(settings: Settings, clock: Arc<dyn Clock>) -> Self {
        Self { settings, clock, arrivals: Mutex::default() }
    }

    fn lines(&self) -> std::io::Result<Sender<Line>> {
        let mut started = self.arrivals.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lines) = &*started {
            return Ok(lines.clone());
        }
        let (sender, lines) = channel();
        let (poll, clock) = (Duration::from_millis(self.settings.poll_milliseconds.max(1)), self.clock.clone());
        std::thread::Builder::new().name("ingest".to_owned()).spawn(move || run(&lines, poll, &*clock))?;
        Ok(started.insert(sender).clone())
    }
}

impl Receiving {
    pub fn new(reader: &Reader, endpoint: Endpoint, kind: Kind) -> Self {
        Self { endpoint, kind, settings: reader.settings.clone(), lines: reader.lines() }
    }
}

impl Source for Receiving {
    fn start(self: Box<Self>, outlet: Outlet) {
        match self.lines {
            Ok(lines) => {
                let line = Line::new(self.endpoint, self.kind, &self.settings, outlet);
                // The thread outlives every sender: it ends only after the last of them is gone.
                let _ = lines.send(line);
            }
            Err(e) => outlet.failed(format_args!("cannot start the receiving thread: {e}")),
        }
    }
}

fn run(arrivals: &Receiver<Line>, poll: Duration, clock: &dyn Clock) {
    let mut batch = Batch::new();
    let mut lines: Vec<Line> = Vec::new();
    loop {
        // Before the new ones are opened: one of these may hold the address that a new one needs.
        lines.retain(|line| !line.outlet.is_abandoned());
        if lines.is_empty() {
            match arrivals.recv() {
                Ok(line) => lines.push(line),
                Err(_) => return,
            }
        }
        lines.extend(arrivals.try_iter());
        let now = Instant::now();
        for line in &mut lines {
            line.turn(&mut batch, now, clock);
        }
        std::thread::sleep(poll);
    }
}

/// One endpoint: its socket, and the chunk under way.
struct Line {
    endpoint: Endpoint,
    receive_buffer_bytes: usize,
    outlet: Outlet,
    datagrams: Datagrams,
    gatherer: Gatherer,
    state: State,
}

enum State {
    Closed { retry: Option<Instant> },
    Open { socket: Socket, heard: Instant, overflowed: u32 },
}

impl Line {
    fn new(endpoint: Endpoint, kind: Kind, settings: &Settings, outlet: Outlet) -> Self {
        Self {
            endpoint,
            receive_buffer_bytes: settings.receive_buffer_bytes,
            outlet,
            datagrams: Datagrams::new(kind, settings),
            gatherer: Gatherer::default(),
            state: State::Closed { retry: None },
        }
    }

    fn turn(&mut self, batch: &mut Batch, now: Instant, clock: &dyn Clock) {
        match &self.state {
            State::Closed { retry } if retry.is_none_or(|at| now >= at) => self.open(now),
            State::Closed { .. } => return,
            State::Open { .. } => (),
        }
        let wall = clock.now();
        self.drain(batch, now, wall);
        self.datagrams.expire(wall, &mut self.gatherer, &self.outlet);
        if self.gatherer.is_due(now) {
            self.deliver();
        }
    }

    fn open(&mut self, now: Instant) {
        self.state = match open(&self.endpoint, self.receive_buffer_bytes) {
            Ok(opened) => {
                if let Some(notice) = opened.notice {
                    self.outlet.notice(notice);
                }
                State::Open { socket: opened.socket, heard: now, overflowed: 0 }
            }
            Err(e) => {
                self.outlet.failed(e);
                State::Closed { retry: Some(now + RETRY) }
            }
        };
    }

    fn drain(&mut self, batch: &mut Batch, now: Instant, wall: UtcMs) {
        let State::Open { socket, heard, overflowed } = &mut self.state else { return };
        for _ in 0..BATCHES_PER_TURN {
            let received = batch.receive(socket, |datagram| {
                *heard = now;
                if let Some(total) = datagram.overflowed {
                    self.gatherer.lost(u64::from(total.wrapping_sub(*overflowed)));
                    *overflowed = total;
                }
                if datagram.truncated {
                    return self.datagrams.truncated(&self.outlet);
                }
                self.datagrams.take(datagram.data, datagram.at.unwrap_or(wall), &mut self.gatherer, &self.outlet);
                if self.gatherer.is_full()
                    && let Some(chunk) = self.gatherer.finish()
                {
                    self.outlet.push(chunk);
                }
            });
            match received {
                Ok(true) => (),
                Ok(false) => break,
                Err(e) => {
                    self.outlet.failed(format_args!("cannot receive: {e}"));
                    self.state = State::Closed { retry: Some(now + RETRY) };
                    return;
                }
            }
        }
        if self.endpoint.address.ip().is_multicast() && now.saturating_duration_since(*heard) >= SILENCE {
            self.outlet.notice(format_args!("nothing came for {} s: joining the group again", SILENCE.as_secs()));
            self.state = State::Closed { retry: None };
        }
    }

    fn deliver(&mut self) {
        if let Some(chunk) = self.gatherer.finish() {
            self.outlet.push(chunk);
        }
    }
}
