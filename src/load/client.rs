//! One participant: comes, publishes, looks, and says what it saw.

use std::collections::HashMap;
use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use livekit_protocol::{
    LeaveRequest, ParticipantInfo, Ping, SessionDescription, SignalTarget, TrackType, UpdateTrackSettings, VideoQuality, request_response, signal_request,
    signal_response,
};
use str0m::Event;
use str0m::media::{KeyframeRequestKind, MediaKind, Mid};
use str0m::rtp::{RtpPacket, Ssrc};

use super::error::JoinError;
use super::line::{DATAGRAM_BYTES, Line};
use super::options::Picture;
use super::outcome::Outcome;
use super::publisher::{Equipment, Publisher};
use super::run::{Shared, Time};
use super::screen::{Screen, Speaker};
use super::sdp;
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

    async fn told(&mut self, message: signal_response::Message) -> Result<(), JoinError> {
        use signal_response::Message as Said;
        match message {
            Said::Join(join) => {
                self.outcome.signalled = Some(self.clicked.elapsed());
                if join.ping_interval > 0 {
                    self.ping_every = Duration::from_secs(u64::try_from(join.ping_interval).unwrap_or(5));
                }
                self.identity = join.participant.map(|participant| participant.identity).unwrap_or_default();
                self.ask_for(&join.other_participants).await?;
                self.publish().await?;
            }
            Said::Offer(offer) => self.offered(&offer).await?,
            Said::Answer(answer) => {
                if let Some(publisher) = &mut self.publisher {
                    publisher.answered(&answer)?;
                }
            }
            Said::Trickle(trickle) => {
                if let Some((target, candidate)) = sdp::candidate(&trickle) {
                    let line = match target {
                        SignalTarget::Publisher => self.publisher.as_mut().map(|publisher| &mut publisher.line),
                        SignalTarget::Subscriber => self.subscriber.as_mut(),
                    };
                    if let Some(line) = line {
                        line.rtc.add_remote_candidate(candidate);
                        line.settle()?;
                    }
                }
            }
            Said::TrackPublished(response) => {
                let offer = match &mut self.publisher {
                    Some(publisher) => publisher.published(&response)?,
                    None => None,
                };
                if let Some(offer) = offer {
                    self.signal.send(signal_request::Message::Offer(offer)).await?;
                }
            }
            Said::SubscribedQualityUpdate(update) => {
                if let Some(publisher) = &mut self.publisher {
                    publisher.wanted(&update);
                }
            }
            Said::Update(update) => self.ask_for(&update.participants).await?,
            Said::RequestResponse(response) if matches!(response.request, Some(request_response::Request::AddTrack(_))) => {
                return Err(JoinError::Unpublished(response.message));
            }
            Said::Leave(leave) => return Err(JoinError::SentAway(leave.reason().as_str_name().to_owned())),
            _ => {}
        }
        Ok(())
    }

    async fn publish(&mut self) -> Result<(), JoinError> {
        let Some(equipment) = self.equipment.take() else { return Ok(()) };
        let line = Line::new(self.signal.near, Some(equipment.codec), true).await?;
        let mut publisher = Publisher::new(line, equipment);
        let announcements = publisher.announcements();
        self.publisher = Some(publisher);
        for request in announcements {
            self.signal.send(signal_request::Message::AddTrack(request)).await?;
        }
        Ok(())
    }

    /// The server offers what there is to see.
    async fn offered(&mut self, description: &SessionDescription) -> Result<(), JoinError> {
        let offer = sdp::offer(description)?;
        let line = match &mut self.subscriber {
            Some(line) => line,
            None => self.subscriber.insert(Line::new(self.signal.near, None, false).await?),
        };
        let answer = line.rtc.sdp_api().accept_offer(offer).map_err(|e| JoinError::Protocol(format!("the offer does not fit: {e}")))?;
        line.settle()?;
        self.signal.send(signal_request::Message::Answer(sdp::description("answer", answer.to_sdp_string(), description.id))).await
    }

    /// Other pictures than the best have to be asked for.
    async fn ask_for(&mut self, participants: &[ParticipantInfo]) -> Result<(), JoinError> {
        let quality = match self.plan.wanted {
            Picture::High => return Ok(()),
            Picture::Medium => VideoQuality::Medium,
            Picture::Low => VideoQuality::Low,
        };
        let others = participants.iter().filter(|participant| participant.identity != self.identity);
        let pictures = others.flat_map(|participant| &participant.tracks).filter(|track| track.r#type() == TrackType::Video && !track.mid.is_empty());
        let track_sids: Vec<String> = pictures.map(|track| track.sid.clone()).filter(|sid| !self.asked_for.contains(sid)).collect();
        if track_sids.is_empty() || !self.plan.takes {
            return Ok(());
        }
        self.asked_for.extend(track_sids.iter().cloned());
        let wish = UpdateTrackSettings { track_sids, quality: quality as i32, ..UpdateTrackSettings::default() };
        self.signal.send(signal_request::Message::TrackSetting(wish)).await
    }

    fn saw(&mut self, now: Instant, event: &Event) {
        let run = self.plan.time.run;
        match event {
            Event::MediaAdded(added) if added.kind == MediaKind::Video => drop(self.screens.insert(added.mid, Screen::new(run, now))),
            Event::MediaAdded(added) => drop(self.speakers.insert(added.mid, Speaker::new(run))),
            Event::MediaChanged(changed) if !changed.direction.is_receiving() => self.forget(changed.mid, now),
            Event::MediaChanged(changed) => {
                // A section that is used anew.
                let kind = self.subscriber.as_ref().and_then(|line| line.rtc.media(changed.mid)).map(|media| media.kind());
                match kind {
                    Some(MediaKind::Video) => drop(self.screens.entry(changed.mid).or_insert_with(|| Screen::new(run, now))),
                    Some(MediaKind::Audio) => drop(self.speakers.entry(changed.mid).or_insert_with(|| Speaker::new(run))),
                    None => {}
                }
            }
            Event::RtpPacket(packet) => self.received(packet),
            Event::MediaIngressStats(stats) => drop(self.told.insert(stats.mid, (stats.nacks, stats.plis + stats.firs))),
            Event::Connected if self.publisher.is_none() => {
                self.outcome.connected.get_or_insert(now.saturating_duration_since(self.clicked));
            }
            _ => {}
        }
    }

    fn received(&mut self, packet: &RtpPacket) {
        let Some(mid) = self.section(packet) else { return };
        // When the socket gave it, not when it is looked at.
        let (at, at_ns) = (packet.timestamp, self.plan.time.ns(packet.timestamp));
        if let Some(screen) = self.screens.get_mut(&mid) {
            screen.take(at, at_ns, *packet.seq_no, &packet.payload);
            if self.outcome.first.is_none() && screen.shows_something() {
                self.first(at);
            }
        } else if let Some(speaker) = self.speakers.get_mut(&mid) {
            speaker.take(at, at_ns, *packet.seq_no, &packet.payload);
            if self.outcome.first.is_none() && !self.shared.has_video {
                self.first(at);
            }
        }
    }

    fn section(&mut self, packet: &RtpPacket) -> Option<Mid> {
        let ssrc = packet.header.ssrc;
        if let Some(mid) = self.sources.get(&ssrc) {
            return Some(*mid);
        }
        let mid = self.subscriber.as_mut()?.rtc.direct_api().stream_rx(&ssrc)?.mid();
        // Another stream in the same section is another track.
        if self.sources.values().any(|known| *known == mid) {
            let is_video = self.screens.contains_key(&mid);
            self.forget(mid, packet.timestamp);
            match is_video {
                true => drop(self.screens.insert(mid, Screen::new(self.plan.time.run, packet.timestamp))),
                false => drop(self.speakers.insert(mid, Speaker::new(self.plan.time.run))),
            }
        }
        self.sources.insert(ssrc, mid);
        Some(mid)
    }

    fn first(&mut self, at: Instant) {
        self.outcome.first = Some(at.saturating_duration_since(self.clicked));
        self.shared.receiving.fetch_add(1, Relaxed);
    }

    /// The track has ended.
    fn forget(&mut self, mid: Mid, now: Instant) {
        self.sources.retain(|_, known| *known != mid);
        let (nacks, plis) = self.told.remove(&mid).unwrap_or_default();
        if let Some(screen) = self.screens.remove(&mid) {
            let mut seen = screen.end(now);
            (seen.nacks, seen.plis) = (nacks, plis);
            self.outcome.seen.add(&seen);
        }
        if let Some(speaker) = self.speakers.remove(&mid) {
            self.outcome.heard.add(&speaker.end());
        }
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
