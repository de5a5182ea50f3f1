//! A small world in virtual time, in steps of one millisecond: publishers and subscribers on their lines, and between them one `Forward`, or two: then
//! subscribers are on the far one, to which all tracks are relayed.

mod content;
mod line;
mod publisher;
mod receiver;
mod source;
mod subscriber;

use std::collections::HashMap;
use std::time::{Duration, Instant};

pub use line::{Line, Random};
pub use publisher::Publisher;
pub use receiver::Receiver;
pub use source::{OPUS, RED, Source, VIDEO, VIDEO_RTX, extensions};
pub use subscriber::{Subscriber, Voice};

use crate::allocation::Class;
use crate::sfu::codec::{Codec, Kind};
use crate::sfu::downlink::DownPayload;
use crate::sfu::packet::{Extension, ExtensionIds, Rtp, Unwrap};
use crate::sfu::uplink::Payload;
use crate::sfu::{DownlinkOptions, Event, Forward, Limits, PeerId, PeerOptions, RelayId, Relayed, Settings, TrackId, UplinkOptions};

/// The server's wall clock at the beginning.
pub const UNIX: Duration = Duration::from_secs(1_700_000_000);

enum Role {
    Publisher(Box<Publisher>),
    Subscriber(Box<Subscriber>),
}

struct Peer {
    id: PeerId,
    role: Role,
    up: Line,
    down: Line,
}

/// What was seen to leave, stream by stream.
#[derive(Default)]
struct Left {
    unwrap: Unwrap,
    numbers: std::collections::HashSet<u64>,
    last: Option<u64>,
}

/// Which `Forward` a peer is on, and its place there.
type Spot = (bool, usize);

pub struct World {
    pub forward: Forward,
    pub far: Option<Forward>,
    /// Packets that crossed.
    pub crossed: usize,
    pub now_ms: u64,
    pub events: Vec<(u64, Event)>,
    /// The numbers of datagrams in each group.
    pub groups: Vec<usize>,
    start: Instant,
    peers: HashMap<Spot, Peer>,
    places: HashMap<PeerId, Spot>,
    codecs: HashMap<TrackId, (Codec, usize)>,
    left: HashMap<(PeerId, u32), Left>,
    next_ssrc: u32,
}

fn is_rtcp(packet: &[u8]) -> bool {
    packet.get(1).is_some_and(|kind| (192..224).contains(kind))
}

pub fn settings(max_layer: usize) -> Settings {
    Settings { class: Class::Large, max_layer: Some(max_layer), max_temporal: None }
}

pub fn payloads(codec: Codec) -> Vec<Payload> {
    match codec {
        Codec::Opus => vec![Payload { payload_type: OPUS, codec, rtx: None }],
        Codec::Red => vec![Payload { payload_type: RED, codec, rtx: None }, Payload { payload_type: OPUS, codec: Codec::Opus, rtx: None }],
        _ => vec![Payload { payload_type: VIDEO, codec, rtx: Some(VIDEO_RTX) }],
    }
}

impl World {
    pub fn new() -> Self {
        let start = Instant::now();
        Self {
            forward: Forward::new(start, UNIX, 1, Limits::default()),
            far: None,
            crossed: 0,
            now_ms: 0,
            events: Vec::new(),
            groups: Vec::new(),
            start,
            peers: HashMap::new(),
            places: HashMap::new(),
            codecs: HashMap::new(),
            left: HashMap::new(),
            next_ssrc: 100_000,
        }
    }

    pub fn across() -> Self {
        let mut world = Self::new();
        world.far = Some(Forward::new(world.start, UNIX, 2, Limits::default()));
        world
    }

    fn side(&mut self, is_far: bool) -> &mut Forward {
        self.far.as_mut().filter(|_| is_far).unwrap_or(&mut self.forward)
    }

    pub fn now(&self) -> Instant {
        self.start + Duration::from_millis(self.now_ms)
    }

    fn add(&mut self, id: u64, role: Role, up: Line, down: Line) -> Spot {
        let options = PeerOptions { congestion: Default::default(), cname: format!("server-{id}") };
        let (now, is_far) = (self.now(), self.far.is_some() && matches!(role, Role::Subscriber(_)));
        let place = (is_far, self.side(is_far).add_peer(now, PeerId(id), options).unwrap());
        self.places.insert(PeerId(id), place);
        self.peers.insert(place, Peer { id: PeerId(id), role, up, down });
        place
    }

    /// The connection stands.
    pub fn connect(&mut self, id: u64) {
        let now = self.now();
        self.side(self.places[&PeerId(id)].0).connected(now, PeerId(id));
    }

    pub fn publisher(&mut self, id: u64, sources: Vec<Source>, up: Line) {
        let place = self.add(id, Role::Publisher(Box::new(Publisher::new(Vec::new()))), up, Line::wide());
        self.connect(id);
        for source in sources {
            self.publish(id, &source);
            let Some(Role::Publisher(publisher)) = self.peers.get_mut(&place).map(|peer| &mut peer.role) else { unreachable!() };
            publisher.sources.push(source);
        }
    }

    /// Makes the track known; no SSRC is told, as Chromium's offers of simulcast have none.
    fn publish(&mut self, id: u64, source: &Source) {
        let kind = if source.is_sound() { Kind::Audio } else { Kind::Video };
        let options = UplinkOptions {
            track: source.track,
            kind,
            mid: Some(source.mid.clone()),
            payloads: payloads(source.codec),
            extensions: extensions(),
            rids: source.layers.iter().map(|layer| layer.rid.map(str::to_owned)).collect(),
            ssrcs: Vec::new(),
        };
        self.codecs.insert(source.track, (source.codec, source.layers.len()));
        if let Some(far) = &mut self.far {
            far.add_mirror(options.clone()).unwrap();
        }
        self.forward.add_uplink(PeerId(id), options).unwrap();
    }

    pub fn subscriber(&mut self, id: u64, down: Line) {
        self.subscriber_with(id, Voice::Transport, down);
    }

    pub fn subscriber_with(&mut self, id: u64, voice: Voice, down: Line) {
        self.add(id, Role::Subscriber(Box::new(Subscriber::new(voice))), Line::wide(), down);
        self.connect(id);
    }

    pub fn unconnected_subscriber(&mut self, id: u64, down: Line) {
        self.add(id, Role::Subscriber(Box::new(Subscriber::new(Voice::Transport))), Line::wide(), down);
    }

    pub fn subscribe(&mut self, id: u64, track: u64, settings: Settings) {
        let (codec, _) = self.codecs[&TrackId(track)];
        let payloads =
            payloads(codec).iter().map(|payload| DownPayload { codec: payload.codec, payload_type: payload.payload_type, rtx: payload.rtx }).collect();
        self.subscribe_with(id, track, settings, payloads);
    }

    pub fn subscribe_with(&mut self, id: u64, track: u64, settings: Settings, payloads: Vec<DownPayload>) {
        let now = self.now();
        let track = TrackId(track);
        let (codec, _) = self.codecs[&track];
        self.next_ssrc += 2;
        let rtx_ssrc = payloads.iter().any(|payload: &DownPayload| payload.rtx.is_some()).then_some(self.next_ssrc + 1);
        let subscriber = self.subscriber_mut(id);
        let mut ids = ExtensionIds::default();
        for (extension, number) in extensions().iter() {
            let is_voice = match extension {
                Extension::TransportSequence => subscriber.voice == Voice::Transport,
                Extension::AbsSendTime => matches!(subscriber.voice, Voice::Remb(_)),
                _ => true,
            };
            ids.set(extension, if is_voice { number } else { 0 });
        }
        let ssrc = self.next_ssrc;
        self.subscriber_mut(id).streams.insert(track, Receiver::new(ssrc, rtx_ssrc, codec));
        self.side(self.places[&PeerId(id)].0)
            .add_downlink(now, PeerId(id), DownlinkOptions { track, ssrc, rtx_ssrc, payloads, extensions: ids, settings })
            .unwrap();
    }

    pub fn set(&mut self, id: u64, track: u64, settings: Settings) {
        let now = self.now();
        self.side(self.places[&PeerId(id)].0).set(now, PeerId(id), TrackId(track), settings);
    }

    pub fn remove(&mut self, id: u64) {
        let place = self.places.remove(&PeerId(id)).unwrap();
        self.peers.remove(&place);
        self.side(place.0).remove_peer(PeerId(id));
    }

    pub fn place(&self, id: u64) -> usize {
        self.places[&PeerId(id)].1
    }

    pub fn source(&mut self, id: u64, track: u64) -> &mut Source {
        self.publisher_mut(id).sources.iter_mut().find(|source| source.track == TrackId(track)).unwrap()
    }

    pub fn publisher_mut(&mut self, id: u64) -> &mut Publisher {
        match &mut self.peers.get_mut(&self.places[&PeerId(id)]).unwrap().role {
            Role::Publisher(publisher) => publisher,
            Role::Subscriber(_) => panic!("{id} subscribes"),
        }
    }

    pub fn subscriber_mut(&mut self, id: u64) -> &mut Subscriber {
        match &mut self.peers.get_mut(&self.places[&PeerId(id)]).unwrap().role {
            Role::Subscriber(subscriber) => subscriber,
            Role::Publisher(_) => panic!("{id} publishes"),
        }
    }

    pub fn stream(&self, id: u64, track: u64) -> &Receiver {
        match &self.peers[&self.places[&PeerId(id)]].role {
            Role::Subscriber(subscriber) => &subscriber.streams[&TrackId(track)],
            Role::Publisher(_) => panic!("{id} publishes"),
        }
    }

    pub fn up(&mut self, id: u64) -> &mut Line {
        &mut self.peers.get_mut(&self.places[&PeerId(id)]).unwrap().up
    }

    pub fn down(&mut self, id: u64) -> &mut Line {
        &mut self.peers.get_mut(&self.places[&PeerId(id)]).unwrap().down
    }

    pub fn run(&mut self, ms: u64) {
        for _ in 0..ms {
            self.step();
        }
    }

    /// A peer sends this, and it arrives at once.
    pub fn inject(&mut self, id: u64, packet: &[u8]) {
        self.receive(self.places[&PeerId(id)], packet);
        self.drain();
    }

    fn receive(&mut self, (is_far, place): Spot, packet: &[u8]) {
        let now = self.now();
        if is_rtcp(packet) {
            self.side(is_far).receive_rtcp(now, place, packet);
        } else {
            self.side(is_far).receive_rtp(now, place, packet);
        }
    }

    fn step(&mut self) {
        let (now, now_ms) = (self.now(), self.now_ms);
        let mut arrived = Vec::new();
        let mut places: Vec<Spot> = self.peers.keys().copied().collect();
        places.sort_unstable();
        for place in places {
            let Some(peer) = self.peers.get_mut(&place) else { continue };
            let mut out = Vec::new();
            while let Some(packet) = peer.down.pop(now_ms) {
                match &mut peer.role {
                    Role::Publisher(publisher) => publisher.receive(now_ms, &packet, &mut out),
                    Role::Subscriber(subscriber) if is_rtcp(&packet) => subscriber.receive_rtcp(now_ms, &packet),
                    Role::Subscriber(subscriber) => subscriber.receive_rtp(now, now_ms, &packet),
                }
            }
            match &mut peer.role {
                Role::Publisher(publisher) => publisher.turn(now_ms, &mut out),
                Role::Subscriber(subscriber) => subscriber.turn(now, now_ms, &mut out),
            }
            for packet in out {
                peer.up.push(now_ms, packet);
            }
            while let Some(packet) = peer.up.pop(now_ms) {
                arrived.push((place, packet));
            }
        }
        for (place, packet) in arrived {
            self.receive(place, &packet);
        }
        self.drain();
        for forward in [Some(&mut self.forward), self.far.as_mut()].into_iter().flatten() {
            if forward.next_timeout().is_none_or(|due| due <= now) {
                forward.tick(now);
            }
        }
        self.drain();
        self.now_ms += 1;
    }

    fn drain(&mut self) {
        self.cross();
        self.drain_side(false);
        self.drain_side(true);
    }

    /// What crosses, and what is asked for because of it.
    fn cross(&mut self) {
        let now = self.now();
        let Some(far) = &mut self.far else { return };
        while let Some((_, relayed)) = self.forward.poll_relayed() {
            self.crossed += usize::from(matches!(relayed, Relayed::Packet { .. }));
            far.receive_relayed(now, relayed);
        }
        while let Some((track, need)) = far.poll_need() {
            self.forward.need(now, track, RelayId(1), need);
        }
    }

    fn drain_side(&mut self, is_far: bool) {
        let (now, now_ms) = (self.now(), self.now_ms);
        let mut buffer = Vec::new();
        let forward = match &mut self.far {
            Some(far) if is_far => far,
            _ => &mut self.forward,
        };
        while let Some(place) = forward.next_ready() {
            let mut leaving = Vec::new();
            while let Some(compound) = forward.write_rtcp(place) {
                leaving.push(compound);
            }
            // The tag that encryption adds.
            while let Some(segment) = forward.write_group(now, place, &mut buffer, |out, _| out.extend_from_slice(&[0xaa; 16])) {
                let count = buffer.len().div_ceil(segment);
                assert!(count <= 64 && buffer.len() <= crate::sfu::GROUP_BYTES + 1_500, "{count} segments, {} bytes", buffer.len());
                self.groups.push(count);
                for datagram in buffer.chunks(segment) {
                    let (plain, tag) = datagram.split_at(datagram.len() - 16);
                    assert_eq!(tag, [0xaa; 16], "a segment ends where its packet does");
                    leaving.push(plain.to_vec());
                }
            }
            let Some(peer) = self.peers.get_mut(&(is_far, place)) else { continue };
            for packet in leaving {
                if !is_rtcp(&packet) {
                    note_left(&mut self.left, peer.id, &packet);
                }
                peer.down.push(now_ms, packet);
            }
        }
        while let Some(event) = forward.poll_event() {
            self.events.push((now_ms, event));
        }
    }

    /// Changes of the picture's state that the room was told: when, and whether it is paused.
    pub fn pauses(&self, id: u64, of: u64) -> Vec<(u64, bool)> {
        let state = |(at, event): &(u64, Event)| match event {
            Event::StreamState { peer, track, is_paused } if *peer == PeerId(id) && *track == TrackId(of) => Some((*at, *is_paused)),
            _ => None,
        };
        self.events.iter().filter_map(state).collect()
    }

    pub fn wanted(&self, of: u64) -> Vec<Option<usize>> {
        let wanted = |(_, event): &(u64, Event)| match event {
            Event::Wanted { track, layer } if *track == TrackId(of) => Some(*layer),
            _ => None,
        };
        self.events.iter().filter_map(wanted).collect()
    }
}

/// No number is used twice (RFC 7714 section 8.1): that would be the end of encryption.
fn note_left(left: &mut HashMap<(PeerId, u32), Left>, peer: PeerId, packet: &[u8]) {
    let rtp = Rtp::parse(packet).unwrap();
    let stream = left.entry((peer, rtp.ssrc())).or_default();
    let number = stream.unwrap.push(rtp.sequence());
    assert!(stream.numbers.insert(number), "{peer} gets number {} of {} twice", rtp.sequence(), rtp.ssrc());
    if rtp.payload_type() == VIDEO_RTX {
        assert!(stream.last.is_none_or(|last| last + 1 == number), "repairs are numbered without gaps");
    }
    stream.last = stream.last.max(Some(number));
}
