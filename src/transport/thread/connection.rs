//! A session with what the thread knows of it.

use std::collections::HashMap;
use std::net::SocketAddr;

use super::{ChannelLabel, EventSender};
use crate::sfu::PeerId;
use crate::transport::session::{ChannelId, Session, Via};

pub(super) struct Connection {
    pub id: PeerId,
    pub session: Session,
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
    pub fn new(id: PeerId, session: Session, events: EventSender, ufrag: String) -> Self {
        Self { id, session, events, ufrags: vec![ufrag], sources: Vec::new(), channels: HashMap::new(), labels: HashMap::new() }
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
