//! A participant, as the room keeps it.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use livekit_protocol::{ConnectionQuality, ConnectionQualityInfo, ParticipantInfo, SubscriptionPermission, signal_response};

use tokio::sync::mpsc;

use super::allowance::{Allowance, DATA, MARKS, WORDS};
use super::link::Outbox;
use super::seat::SeatEvent;
use super::signal::Version;
use super::token::Claims;
use super::track::{Subscription, Track};
use crate::sfu::PeerId;
use crate::transport::sdp::{self, Layout};
use crate::transport::{IceCredentials, Place};

#[derive(Debug)]
pub struct Participant {
    pub info: ParticipantInfo,
    pub version: Version,
    pub auto_subscribe: bool,
    pub outbox: Option<Outbox>,
    pub link_lost: Option<Instant>,
    pub joined: Instant,
    place: Place,
    /// What the client sends by; with version one also what it receives by.
    pub publisher: Connection,
    /// What a client of two connections receives by.
    pub subscriber: Option<Connection>,
    pub tracks: Vec<Track>,
    pub subscriptions: Vec<Subscription>,
    /// Tracks that it does not want although it takes all others.
    pub declined: Vec<String>,
    pub permissions: SubscriptionPermission,
    pub negotiation: Negotiation,
    /// Of reliable data.
    pub last_sequence: u32,
    /// As it was judged last; None: not yet.
    pub quality: Option<ConnectionQualityInfo>,
    /// Nothing came from it for some seconds.
    pub is_quiet: bool,
    /// Its media stood once.
    pub was_active: bool,
    /// Inside the process: what its seat is told.
    pub seat: Option<mpsc::UnboundedSender<SeatEvent>>,
    /// For what it says of itself.
    pub allowance: Allowance,
    pub data_allowance: Allowance,
    pub reactions: Allowance,
    pub claims: Claims,
    pub next_token: Instant,
    /// Without signalling (WHIP, WHEP): the secret by which its client names its session, as others know its sid.
    pub resource: Option<String>,
}

/// A peer connection, as the room knows it.
#[derive(Debug)]
pub struct Connection {
    pub peer: PeerId,
    pub ice: IceCredentials,
    pub session_id: u64,
    /// Counts our descriptions.
    pub version: u64,
    pub remote_ufrag: Option<String>,
    pub is_connected: bool,
}

/// What is agreed about sections, and what is under way.
#[derive(Debug, Default)]
pub struct Negotiation {
    /// The client's last offer.
    pub offer: Option<sdp::Session>,
    /// Our answer to it.
    pub answer: Option<sdp::Session>,
    /// Sections by which the client still sends a track that is gone.
    pub spent: HashSet<String>,
    /// Version one: what the sections that the client receives by are used for.
    pub uses: HashMap<String, Use>,
    /// Version one: sections that were asked for and not offered yet.
    pub asked: Option<(u32, u32)>,
    /// Version two: our sections.
    pub layout: Layout,
    /// Version two: our offer that is not answered.
    pub offered: Option<(u32, sdp::Session)>,
    pub is_stale: bool,
    pub next_offer: u32,
}

/// A section can carry another track only after a description in which it was inactive: the client tells its application of tracks when a section begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Use {
    Free,
    Taken(String),
    Left,
}

impl Participant {
    /// One that has nothing yet; its outbox, or its resource, comes next.
    pub fn new(
        info: ParticipantInfo,
        claims: Claims,
        version: Version,
        place: Place,
        publisher: Connection,
        subscriber: Option<Connection>,
        negotiation: Negotiation,
    ) -> Self {
        Self {
            info,
            version,
            auto_subscribe: true,
            outbox: None,
            link_lost: None,
            joined: Instant::now(),
            place,
            publisher,
            subscriber,
            tracks: Vec::new(),
            subscriptions: Vec::new(),
            declined: Vec::new(),
            permissions: SubscriptionPermission { all_participants: true, ..SubscriptionPermission::default() },
            negotiation,
            last_sequence: 0,
            quality: None,
            is_quiet: false,
            was_active: false,
            allowance: Allowance::new(Instant::now(), WORDS),
            data_allowance: Allowance::new(Instant::now(), DATA),
            reactions: Allowance::new(Instant::now(), MARKS),
            claims,
            next_token: Instant::now() + Duration::from_secs(60),
            resource: None,
            seat: None,
        }
    }

    /// How its line is, for all to see: lost while nothing comes.
    pub fn quality(&self) -> Option<ConnectionQualityInfo> {
        let lost = ConnectionQualityInfo { participant_sid: self.sid().to_owned(), quality: ConnectionQuality::Lost as i32, score: 0.0 };
        if self.is_quiet { Some(lost) } else { self.quality.clone() }
    }

    pub fn sid(&self) -> &str {
        &self.info.sid
    }

    /// The media thread that its connections are on.
    pub fn thread(&self) -> usize {
        self.place.thread
    }

    pub fn identity(&self) -> &str {
        &self.info.identity
    }

    pub fn permission(&self) -> livekit_protocol::ParticipantPermission {
        self.info.permission.clone().unwrap_or_default()
    }

    /// What it receives by.
    pub fn receiving(&self) -> &Connection {
        self.subscriber.as_ref().unwrap_or(&self.publisher)
    }

    pub fn peers(&self) -> impl Iterator<Item = PeerId> {
        [Some(self.publisher.peer), self.subscriber.as_ref().map(|connection| connection.peer)].into_iter().flatten()
    }

    /// Tells the client something; one that does not read is cut off, and may come again.
    pub fn tell(&mut self, message: signal_response::Message) {
        if self.outbox.as_ref().is_some_and(|outbox| !outbox.send(message)) {
            self.outbox = None;
            self.link_lost = Some(Instant::now());
        }
    }

    /// Others are shown this; each change counts up.
    pub fn changed(&mut self) -> ParticipantInfo {
        self.info.version += 1;
        self.info.tracks = self.tracks.iter().filter(|track| track.mid.is_some()).map(|track| track.info.clone()).collect();
        self.info.is_publisher = !self.info.tracks.is_empty();
        self.info.clone()
    }

    pub fn track(&self, sid: &str) -> Option<&Track> {
        self.tracks.iter().find(|track| track.info.sid == sid)
    }

    pub fn track_mut(&mut self, sid: &str) -> Option<&mut Track> {
        self.tracks.iter_mut().find(|track| track.info.sid == sid)
    }

    /// Whether another may take a track of this one (`SubscriptionPermission`).
    pub fn lets(&self, sid: &str, identity: &str, track: &str) -> bool {
        self.permissions.all_participants
            || self.permissions.track_permissions.iter().any(|permission| {
                let is_meant = permission.participant_sid == sid || (!identity.is_empty() && permission.participant_identity == identity);
                is_meant && (permission.all_tracks || permission.track_sids.iter().any(|each| each == track))
            })
    }
}
