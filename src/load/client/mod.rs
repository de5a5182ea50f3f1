//! One participant: comes, publishes, looks, and says what it saw. What it is [told](told) by signalling, and what it [saw](saw), have their own files.

mod saw;
mod told;

use std::collections::HashMap;
use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use livekit_protocol::{LeaveRequest, Ping, signal_request};
use str0m::Event;
use str0m::media::{KeyframeRequestKind, Mid};
use str0m::rtp::Ssrc;
use tokio::sync::mpsc::UnboundedSender;

use super::error::JoinError;
use super::line::{DATAGRAM_BYTES, Line};
use super::options::{Picture, Told};
use super::outcome::Outcome;
use super::publisher::{Equipment, Publisher};
use super::run::{Shared, Time};
use super::screen::{Screen, Speaker};
use super::signal::{Server, Signal};
use super::turns::speaks;

/// How long the answer to joining, and the media connection, are waited for.
const JOINING: Duration = Duration::from_secs(15);
const CONNECTING: Duration = Duration::from_secs(20);
/// Where the server says nothing else.
const PING: Duration = Duration::from_secs(5);
const LOOK: Duration = Duration::from_millis(100);

/// Who comes, when and how.
pub struct Plan {
    pub server: Arc<Server>,
    pub token: String,
    pub at: Instant,
    pub until: Instant,
    pub takes: bool,
    pub wanted: Picture,
    pub equipment: Option<Equipment>,
    /// Of the room's publishers, which this is, of how many; for the turns of speakers.
    pub place: (u32, u32),
    pub turn: Duration,
    pub time: Time,
    /// Which client this is, and who is told what it hears of the room.
    pub hear: Option<(usize, UnboundedSender<Told>)>,
}

struct Client {
    plan: Plan,
    shared: Arc<Shared>,
    clicked: Instant,
    signal: Signal,
    equipment: Option<Equipment>,
    publisher: Option<Publisher>,
    subscriber: Option<Line>,
    screens: HashMap<Mid, Screen>,
    speakers: HashMap<Mid, Speaker>,
    /// Which section a stream is of.
    sources: HashMap<Ssrc, Mid>,
    /// Of received streams, what the statistics last told: NACKs, PLIs.
    told: HashMap<Mid, (u64, u64)>,
    asked_for: Vec<String>,
    identity: String,
    outcome: Outcome,
    /// What was already added to the shared counts.
    counted: (u64, u64, u64),
    ping_every: Duration,
    next_ping: Instant,
    next_look: Instant,
}

/// The whole of a participant's life. It does not fail: what went wrong stands in the outcome.
pub async fn live(plan: Plan, shared: Arc<Shared>) -> Outcome {
    tokio::time::sleep_until(plan.at.into()).await;
    if shared.is_stopped.load(Relaxed) {
        return Outcome::default();
    }
    let clicked = Instant::now();
    shared.clicked.fetch_add(1, Relaxed);
    let signal = match Signal::connect(&plan.server, &plan.token, plan.takes).await {
        Ok(signal) => signal,
        Err(e) => {
            shared.failed.fetch_add(1, Relaxed);
            return Outcome { error: Some(e), ..Outcome::default() };
        }
    };
    let mut client = Client::new(plan, shared, clicked, signal);
    let ended = client.stay().await;
    client.leave(ended.err()).await
}

impl Client {
    fn new(mut plan: Plan, shared: Arc<Shared>, clicked: Instant, signal: Signal) -> Self {
        let equipment = plan.equipment.take();
        Self {
            plan,
            shared,
            clicked,
            signal,
            equipment,
            publisher: None,
            subscriber: None,
            screens: HashMap::new(),
            speakers: HashMap::new(),
            sources: HashMap::new(),
            told: HashMap::new(),
            asked_for: Vec::new(),
            identity: String::new(),
            outcome: Outcome::default(),
            counted: (0, 0, 0),
            ping_every: PING,
            next_ping: clicked + PING,
            next_look: clicked + LOOK,
        }
    }

    async fn stay(&mut self) -> Result<(), JoinError> {
        let mut buffer = vec![0; DATAGRAM_BYTES];
        loop {
            let publisher = self.publisher.as_ref().map(Publisher::wake);
            let subscriber = self.subscriber.as_ref().map(|line| line.wake);
            let wake = [publisher, subscriber].into_iter().flatten().fold(self.next_look.min(self.next_ping), Instant::min);
            let mut message = None;
            tokio::select! {
                received = self.signal.next() => message = Some(received?),
                ready = readable(self.publisher.as_ref().map(|publisher| &publisher.line)) => {
                    ready.map_err(|e| JoinError::machine(&e))?;
                    if let Some(publisher) = &mut self.publisher {
                        publisher.line.read(&mut buffer)?;
                    }
                }
                ready = readable(self.subscriber.as_ref()) => {
                    ready.map_err(|e| JoinError::machine(&e))?;
                    if let Some(line) = &mut self.subscriber {
                        line.read(&mut buffer)?;
                    }
                }
                () = tokio::time::sleep_until(wake.into()) => {}
            }
            if let Some(message) = message {
                self.told(message).await?;
            }
            let now = Instant::now();
            self.work(now)?;
            if self.next_ping <= now {
                self.next_ping = now + self.ping_every;
                self.signal.send(signal_request::Message::PingReq(Ping { timestamp: 1, rtt: 0 })).await?;
            }
            if now >= self.plan.until || self.shared.is_stopped.load(Relaxed) {
                return Ok(());
            }
        }
    }

    /// Timers, media and what the connections told.
    fn work(&mut self, now: Instant) -> Result<(), JoinError> {
        if let Some(publisher) = &mut self.publisher {
            publisher.line.wake(now)?;
            let (place, publishers) = self.plan.place;
            publisher.tick(now, speaks(self.plan.time.since(now), self.plan.turn, place, publishers))?;
            let events = std::mem::take(&mut publisher.line.events);
            for event in &events {
                publisher.event(event);
            }
            ended(&events)?;
        }
        if let Some(line) = &mut self.subscriber {
            line.wake(now)?;
            let events = std::mem::take(&mut line.events);
            for event in &events {
                self.saw(now, event);
            }
            ended(&events)?;
        }
        self.note_connected(now);
        if self.next_look <= now {
            self.next_look = now + LOOK;
            self.look(now)?;
        }
        Ok(())
    }

    fn note_connected(&mut self, now: Instant) {
        if self.outcome.connected.is_none() && self.publisher.as_ref().is_some_and(Publisher::is_connected) {
            self.outcome.connected = Some(now.saturating_duration_since(self.clicked));
        }
    }

    /// What is looked at now and then: whether the connection comes, whether pictures stand still, and how much went by.
    fn look(&mut self, now: Instant) -> Result<(), JoinError> {
        let waited = now.saturating_duration_since(self.clicked);
        if self.outcome.signalled.is_none() && waited > JOINING {
            return Err(JoinError::Silence { stage: "join", after: JOINING });
        }
        if self.outcome.connected.is_none() && waited > CONNECTING {
            return Err(JoinError::Silence { stage: "media (ICE, DTLS; UDP?)", after: CONNECTING });
        }
        if let Some(line) = &mut self.subscriber {
            for (mid, screen) in &mut self.screens {
                if screen.asks_key(now)
                    && let Some(stream) = line.rtc.direct_api().stream_rx_by_mid(*mid, None)
                {
                    stream.request_keyframe(KeyframeRequestKind::Pli);
                    line.settle()?;
                }
            }
        }
        self.count();
        Ok(())
    }

    fn count(&mut self) {
        let lines = [self.publisher.as_ref().map(|publisher| &publisher.line), self.subscriber.as_ref()];
        let (bytes_in, bytes_out) =
            lines.into_iter().flatten().fold((0, 0), |(bytes_in, bytes_out), line| (bytes_in + line.bytes_in, bytes_out + line.bytes_out));
        self.shared.bytes_in.fetch_add(bytes_in - self.counted.0, Relaxed);
        self.shared.bytes_out.fetch_add(bytes_out - self.counted.1, Relaxed);
        let connected = u64::from(self.outcome.connected.is_some());
        self.shared.joined.fetch_add(connected - self.counted.2, Relaxed);
        self.counted = (bytes_in, bytes_out, connected);
        (self.outcome.bytes_in, self.outcome.bytes_out) = (bytes_in, bytes_out);
    }

    async fn leave(mut self, error: Option<JoinError>) -> Outcome {
        let now = Instant::now();
        let mids: Vec<Mid> = self.screens.keys().chain(self.speakers.keys()).copied().collect();
        for mid in mids {
            self.forget(mid, now);
        }
        self.count();
        if let Some(publisher) = &mut self.publisher {
            self.outcome.sent = publisher.end();
            self.outcome.lateness = std::mem::take(&mut publisher.lateness);
        }
        if error.is_some() {
            self.shared.failed.fetch_add(1, Relaxed);
        }
        self.outcome.error = error;
        let goodbye = self.signal.send(signal_request::Message::Leave(LeaveRequest::default()));
        let _ = tokio::time::timeout(Duration::from_secs(1), goodbye).await;
        let lines = [self.publisher.as_mut().map(|publisher| &mut publisher.line), self.subscriber.as_mut()];
        for line in lines.into_iter().flatten() {
            let _ = line.rtc.close();
            let _ = line.settle();
        }
        self.signal.close().await;
        self.outcome
    }
}

/// A line on which something arrived; none is never ready.
async fn readable(line: Option<&Line>) -> std::io::Result<()> {
    match line {
        Some(line) => line.readable().await,
        None => pending().await,
    }
}

fn ended(events: &[Event]) -> Result<(), JoinError> {
    match events.iter().any(|event| matches!(event, Event::Closed)) {
        true => Err(JoinError::Media("the server closed it".to_owned())),
        false => Ok(()),
    }
}
