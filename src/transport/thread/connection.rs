//! A peer with what the thread knows of it: a client by its session, or a seat of something inside the process.

use std::collections::HashMap;
use std::net::SocketAddr;

use tokio::sync::mpsc;

use super::{ChannelLabel, EventSender, SeatPacket};
use crate::sfu::PeerId;
use crate::transport::session::{ChannelId, Session, Via};

/// How a peer's packets come and go.
pub(super) enum Way {
    Session(Box<Session>),
    /// Plain packets, by a queue. What it does not take in time it loses, like a line.
    Seat(mpsc::Sender<SeatPacket>),
}

pub(super) struct Connection {
    pub id: PeerId,
    pub way: Way,
    pub events: EventSender,
    pub ufrags: Vec<String>,
    /// Where datagrams of it came from.
    pub sources: Vec<(SocketAddr, Via)>,
    pub channels: HashMap<ChannelLabel, ChannelId>,
    pub labels: HashMap<ChannelId, ChannelLabel>,
}

/// Addresses of one client that are remembered.
const SOURCES: usize = 16;

impl Connection {
    pub fn new(id: PeerId, way: Way, events: EventSender, ufrags: Vec<String>) -> Self {
        Self { id, way, events, ufrags, sources: Vec::new(), channels: HashMap::new(), labels: HashMap::new() }
    }

    pub fn session(&mut self) -> Option<&mut Session> {
        match &mut self.way {
            Way::Session(session) => Some(session),
            Way::Seat(_) => None,
        }
    }

    /// Notes where it sends from; gives back the oldest address when there are too many.
    pub fn note_source(&mut self, source: (SocketAddr, Via)) -> Option<(SocketAddr, Via)> {
        self.sources.push(source);
        (self.sources.len() > SOURCES).then(|| self.sources.remove(0))
    }

    pub fn name_channel(&mut self, channel: ChannelId, label: &str) -> ChannelLabel {
        let label: ChannelLabel = label.into();
        self.channels.insert(label.clone(), channel);
        self.labels.insert(channel, label.clone());
        label
    }

    pub fn forget_channel(&mut self, channel: ChannelId) {
        if let Some(label) = self.labels.remove(&channel) {
            self.channels.remove(&label);
        }
    }
}
