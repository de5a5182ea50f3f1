//! Which sources are open, and who shares them.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use super::datagrams::Kind;
use super::file::LoopedFile;
use super::reader::{Reader, Receiving};
use super::{Endpoint, Outlet, Settings, Source, SourceSpec, Subscription};
use crate::base::Clock;

/// All sources of the server. Cheap to clone.
#[derive(Clone)]
pub struct Sources(Arc<Inner>);

struct Inner {
    clock: Arc<dyn Clock>,
    reader: Reader,
    open: Mutex<HashMap<Key, Outlet>>,
}

/// What makes two specifications one source: UDP and RTP on the same endpoint are one socket, as what arrives is told apart by looking at it.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Key {
    Endpoint(Endpoint),
    File(PathBuf),
}

impl Sources {
    pub fn new(settings: Settings, clock: Arc<dyn Clock>) -> Self {
        let reader = Reader::new(settings, clock.clone());
        Self(Arc::new(Inner { clock, reader, open: Mutex::default() }))
    }

    /// Subscribes to a source and opens it if nobody has. Never fails and never waits: a source that cannot be opened says so by
    /// [`SourceEvent::Failed`](super::SourceEvent::Failed) and is tried again.
    pub fn subscribe(&self, spec: &SourceSpec) -> Subscription {
        let mut open = self.0.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(subscription) = open.get(&Key::of(spec)).and_then(Outlet::subscribe) {
            return subscription;
        }
        open.retain(|_, outlet| !outlet.is_abandoned());
        let (outlet, subscription) = Outlet::open(&spec.to_string());
        open.insert(Key::of(spec), outlet.clone());
        self.source(spec).start(outlet);
        subscription
    }

    /// How many sources are open.
    pub fn count(&self) -> usize {
        let mut open = self.0.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, outlet| !outlet.is_abandoned());
        open.len()
    }

    fn source(&self, spec: &SourceSpec) -> Box<dyn Source> {
        match spec {
            SourceSpec::Udp(endpoint) => Box::new(Receiving::new(&self.0.reader, endpoint.clone(), Kind::Udp)),
            SourceSpec::Rtp(endpoint) => Box::new(Receiving::new(&self.0.reader, endpoint.clone(), Kind::Rtp)),
            SourceSpec::File(path) => Box::new(LoopedFile::new(path.clone(), self.0.clock.clone())),
        }
    }
}

impl Key {
    fn of(spec: &SourceSpec) -> Self {
        match spec {
            SourceSpec::Udp(endpoint) | SourceSpec::Rtp(endpoint) => Self::Endpoint(endpoint.clone()),
            SourceSpec::File(path) => Self::File(path.clone()),
        }
    }
}
