//! Coming in, and coming back.

use livekit_protocol::{
    ClientConfiguration, Codec, DisconnectReason, JoinResponse, LeaveRequest, ParticipantInfo, ParticipantUpdate, ReconnectResponse, ServerInfo,
    SpeakersChanged, leave_request, participant_info, server_info, signal_response,
};

use super::data::{LOSSY, RELIABLE};
use super::{LinkId, RoomActor, is_hidden};
use crate::room::id;
use crate::room::link::{Outbox, Queue, pair};
use crate::room::participant::{Connection, Negotiation, Participant};
use crate::room::signal::{JoinQuery, Version};
use crate::room::token::Claims;
use crate::room::track::mime;
use crate::room::webhook::Happening;
use crate::sfu::congestion;
use crate::sfu::{PeerId, PeerOptions};
use crate::transport::sdp::Layout;
use crate::transport::session::Reliability;
use crate::transport::{Command, NewPeer, session};

/// Somebody who wants in, with a token that was checked.
pub struct Joining {
    pub claims: Claims,
    pub query: JoinQuery,
}

/// What the signalling connection is made of.
pub struct Joined {
    pub participant: String,
    pub link: LinkId,
    pub queue: Queue,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JoinRefusal {
    #[error("the room is full: {0} participants")]
    Full(u32),
    #[error("a client before protocol version {0} cannot be served")]
    TooOld(i32),
}

/// Of ours: what newer clients look at before they use newer requests.
const SERVER_VERSION: &str = "1.9.11";
const PROTOCOL: i32 = 16;
/// Clients before it expect another order of messages.
const OLDEST_CLIENT: i32 = 2;
/// A line that is cut is noticed after nine seconds (the protocol's usual fifteen are half of the cut that a seat survives), in which three pings went out.
const PING_INTERVAL: i32 = 3;
const PING_TIMEOUT: i32 = 9;

impl RoomActor {
    pub(super) fn join(&mut self, joining: Joining) -> Result<Joined, JoinRefusal> {
        let link = LinkId(self.next_link);
        self.next_link += 1;
        let (outbox, queue) = pair(link);
        if let Some(sid) = &joining.query.resume {
            let participant = self.resume(sid.clone(), &joining, outbox);
            return Ok(Joined { participant, link, queue });
        }
        self.admit(&joining)?;
        let participant = self.enter(joining, outbox);
        Ok(Joined { participant, link, queue })
    }

    fn admit(&mut self, joining: &Joining) -> Result<(), JoinRefusal> {
        if (1..OLDEST_CLIENT).contains(&joining.query.client.protocol) {
            return Err(JoinRefusal::TooOld(OLDEST_CLIENT));
        }
        self.make_way(&joining.claims.identity).map_err(JoinRefusal::Full)
    }

    /// Somebody who is here already comes again: the newer one stays. Refused with how many there may be.
    pub(super) fn make_way(&mut self, identity: &str) -> Result<(), u32> {
        let before: Vec<String> = self.participants.values().filter(|known| known.identity() == identity).map(|known| known.sid().to_owned()).collect();
        for sid in before {
            self.remove(&sid, DisconnectReason::DuplicateIdentity, Some(leave_request::Action::Disconnect));
        }
        let most = if self.room.max_participants == 0 { self.options.max_participants } else { self.room.max_participants.min(self.options.max_participants) };
        if self.participants.len() as u32 >= most {
            return Err(most);
        }
        let all = self.options.max_participants_per_node;
        if self.present.count() >= all { Err(all as u32) } else { Ok(()) }
    }

    /// What the token says of its bearer.
    pub(super) fn info(&self, claims: &Claims) -> ParticipantInfo {
        let now_ms = self.clock.now().0;
        ParticipantInfo {
            sid: id::participant(),
            identity: claims.identity.clone(),
            name: claims.name.clone(),
            state: participant_info::State::Joined as i32,
            metadata: claims.metadata.clone(),
            attributes: claims.attributes.clone().into_iter().collect(),
            joined_at: now_ms.div_euclid(1_000),
            joined_at_ms: now_ms,
            permission: Some(claims.permission()),
            kind: claims.kind as i32,
            ..ParticipantInfo::default()
        }
    }

    /// Others see a newcomer.
    pub(super) fn show(&mut self, sid: &str, info: &ParticipantInfo) {
        if !is_hidden(info) {
            self.tell_others(sid, &signal_response::Message::Update(ParticipantUpdate { participants: vec![info.clone()] }));
        }
    }

    fn enter(&mut self, joining: Joining, outbox: Outbox) -> String {
        let Joining { claims, query } = joining;
        let mut info = self.info(&claims);
        let sid = info.sid.clone();
        if info.permission.as_ref().is_some_and(|permission| permission.can_update_metadata) {
            if !query.metadata.is_empty() {
                info.metadata.clone_from(&query.metadata);
            }
            info.attributes.extend(query.attributes.clone());
        }
        info.client_protocol = query.client.client_protocol;
        info.capabilities.clone_from(&query.client.capabilities);
        let place = self.place();
        let publisher = self.connection(place.thread, &info.identity);
        let subscriber = (query.version == Version::Two).then(|| self.connection(place.thread, &info.identity));
        for connection in [Some(&publisher), subscriber.as_ref()].into_iter().flatten() {
            self.peers.insert(connection.peer, sid.clone());
        }
        let layout = if query.version == Version::Two { Layout::with_data() } else { Layout::default() };
        let negotiation = Negotiation { layout, next_offer: 1, ..Negotiation::default() };
        let mut participant = Participant::new(info.clone(), claims, query.version, place, publisher, subscriber, negotiation);
        participant.auto_subscribe = query.auto_subscribe;
        tracing::info!(room = self.room.name, identity = info.identity, sid, version = ?query.version, client = query.client.version, browser = query.client.browser, "participant joins");
        self.participants.insert(sid.clone(), participant);
        // The first thing that a client hears is `join`.
        self.count();
        if let Some(participant) = self.participants.get_mut(&sid) {
            participant.outbox = Some(outbox);
        }
        self.welcome(&sid, &info, &query);
        self.apply_governed(&sid, None);
        sid
    }

    /// The whole state, first of all; then what belongs to it.
    fn welcome(&mut self, sid: &str, info: &ParticipantInfo, query: &JoinQuery) {
        let others = self.others(sid);
        let join = JoinResponse {
            room: Some(self.room.clone()),
            participant: Some(info.clone()),
            other_participants: others,
            server_version: SERVER_VERSION.to_owned(),
            subscriber_primary: query.version == Version::Two,
            client_configuration: Some(ClientConfiguration::default()),
            ping_timeout: PING_TIMEOUT,
            ping_interval: PING_INTERVAL,
            server_info: Some(server_info()),
            enabled_publish_codecs: self.options.codecs.iter().map(|codec| Codec { mime: mime(*codec), ..Codec::default() }).collect(),
            fast_publish: info.permission.as_ref().is_some_and(|permission| permission.can_publish),
            ..JoinResponse::default()
        };
        if let Some(participant) = self.participants.get_mut(sid) {
            participant.tell(signal_response::Message::Join(join));
        }
        self.show(sid, info);
        self.report(Happening::ParticipantJoined, Some(info), None);
        for request in query.add_tracks.clone() {
            self.add_track(sid, request);
        }
        self.tell_speakers_to(sid);
        self.tell_qualities_to(sid);
        self.subscribe_to_all(sid);
        match (&query.offer, query.version) {
            (Some(offer), _) => self.offered(sid, offer.clone()),
            (None, Version::Two) => self.offer(sid),
            (None, Version::One) => {}
        }
    }

    /// A client whose connection broke is back: same seat, same tracks.
    fn resume(&mut self, sid: String, joining: &Joining, outbox: Outbox) -> String {
        let known = self
            .participants
            .get(&sid)
            .is_some_and(|participant| participant.identity() == joining.claims.identity && participant.version == joining.query.version);
        if !known {
            // Full reconnect: the client begins anew.
            outbox.send(signal_response::Message::Leave(LeaveRequest {
                can_reconnect: true,
                reason: DisconnectReason::StateMismatch as i32,
                action: leave_request::Action::Reconnect as i32,
                ..LeaveRequest::default()
            }));
            return sid;
        }
        let others = self.others(&sid);
        if let Some(participant) = self.participants.get_mut(&sid) {
            participant.outbox = Some(outbox);
            participant.link_lost = None;
            participant.negotiation.asked = None;
            let reconnect = ReconnectResponse {
                server_info: Some(server_info()),
                last_message_seq: participant.last_sequence,
                client_configuration: Some(ClientConfiguration::default()),
                ..ReconnectResponse::default()
            };
            participant.tell(signal_response::Message::Reconnect(reconnect));
            let own = participant.changed();
            let participants = std::iter::once(own).chain(others).collect();
            participant.tell(signal_response::Message::Update(ParticipantUpdate { participants }));
        }
        tracing::info!(room = self.room.name, sid, "participant resumes");
        self.tell_speakers_to(&sid);
        self.tell_qualities_to(&sid);
        if let Some(sync) = joining.query.sync.clone() {
            self.sync(&sid, sync);
        }
        self.restart_receiving(&sid);
        if let Some(offer) = joining.query.offer.clone() {
            self.offered(&sid, offer);
        }
        sid
    }

    fn others(&self, sid: &str) -> Vec<ParticipantInfo> {
        self.participants.values().filter(|other| other.sid() != sid && !is_hidden(&other.info)).map(|other| other.info.clone()).collect()
    }

    fn tell_speakers_to(&mut self, sid: &str) {
        let speakers = self.speaker_infos();
        if let Some(participant) = self.participants.get_mut(sid).filter(|_| !speakers.is_empty()) {
            participant.tell(signal_response::Message::SpeakersChanged(SpeakersChanged { speakers }));
        }
    }

    /// With two connections we open the channels by which the client hears of others; with one it does, for both directions.
    pub(super) fn open_channels(&self, thread: usize, peer: PeerId) {
        let channels = [(RELIABLE, true, Reliability::Reliable), (LOSSY, false, Reliability::Retransmits(0))];
        for (label, ordered, reliability) in channels {
            self.command(thread, Command::OpenChannel { peer, label: label.to_owned(), ordered, reliability });
        }
    }

    pub(super) fn connection(&self, thread: usize, identity: &str) -> Connection {
        let peer = self.media.peer_id();
        let ice = self.media.credentials(thread);
        let ceiling_bps = self.options.ceiling_bps;
        let new = NewPeer {
            id: peer,
            ice: ice.clone(),
            options: PeerOptions { congestion: congestion::Options::default(), cname: identity.chars().filter(char::is_ascii_graphic).take(64).collect() },
            session: session::Options::default(),
            events: self.happened.clone(),
        };
        self.command(thread, Command::Add(Box::new(new)));
        if ceiling_bps.is_some() {
            self.command(thread, Command::SetCeiling { peer, bps: ceiling_bps });
        }
        Connection { peer, ice, session_id: u64::from(rand::random::<u32>()), version: 0, remote_ufrag: None, is_connected: false }
    }
}

fn server_info() -> ServerInfo {
    ServerInfo { edition: server_info::Edition::Standard as i32, version: SERVER_VERSION.to_owned(), protocol: PROTOCOL, ..ServerInfo::default() }
}
