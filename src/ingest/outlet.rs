//! One source, many subscribers: the place where packets change hands. A slow subscriber loses chunks; it never holds up the source or the others.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;

use super::{Chunk, Input, SourceEvent};

/// Chunks a subscriber may lag behind: 4 MiB, about 4 s of an 8 Mb/s stream.
const QUEUE: usize = 64;

/// The source's end.
#[derive(Debug, Clone)]
pub struct Outlet {
    name: Arc<str>,
    shared: Arc<Mutex<Shared>>,
    meter: Meter,
}

/// A subscriber's end. Dropping it unsubscribes; the source ends with its last subscriber.
#[derive(Debug)]
pub struct Subscription {
    inputs: mpsc::Receiver<Input>,
}

impl Subscription {
    /// The next input; `None` where the source's reader is gone (subscribe again). Safe to cancel.
    pub async fn recv(&mut self) -> Option<Input> {
        self.inputs.recv().await
    }

    /// The next input if it is there already.
    pub fn try_recv(&mut self) -> Option<Input> {
        self.inputs.try_recv().ok()
    }
}

#[derive(Debug, Default)]
struct Shared {
    subscribers: Vec<Subscriber>,
    /// The last `Started` or `Failed`: the first thing a new subscriber is told.
    state: Option<SourceEvent>,
    abandoned: bool,
}

#[derive(Debug)]
struct Subscriber {
    inputs: mpsc::Sender<Input>,
    missed_packets: u64,
    /// An event that found the queue full.
    untold: Option<SourceEvent>,
}

impl Outlet {
    /// A source's outlet with its first subscriber.
    pub fn open(name: &str) -> (Self, Subscription) {
        let outlet = Self { name: name.into(), shared: Arc::default(), meter: Meter::new(name) };
        let subscription = outlet.lock().subscribe();
        (outlet, subscription)
    }

    /// The source's name, with which its messages begin.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A further subscriber; `None` where the source has already ended with its last one.
    pub fn subscribe(&self) -> Option<Subscription> {
        let mut shared = self.lock();
        (!shared.abandoned).then(|| shared.subscribe())
    }

    /// Hands a chunk to every subscriber that has room for it; the first one after a beginning or a failure is announced by [`SourceEvent::Started`].
    pub fn push(&self, chunk: Chunk) {
        self.meter.received(&chunk);
        self.tell(SourceEvent::Started);
        let chunk = Arc::new(chunk);
        let mut missed = 0;
        self.lock().each(|subscriber| {
            let (gone, left_out) = subscriber.push(&chunk);
            missed += left_out;
            gone
        });
        if missed > 0 {
            self.meter.dropped.increment(missed);
        }
    }

    /// Tells every subscriber; a state is told only when it changes.
    pub fn tell(&self, event: SourceEvent) {
        let mut shared = self.lock();
        if !matches!(event, SourceEvent::Notice { .. }) {
            if shared.state.as_ref() == Some(&event) {
                return;
            }
            shared.state = Some(event.clone());
        }
        match &event {
            SourceEvent::Started => tracing::info!(source = %self.name, "packets flow"),
            SourceEvent::Failed { message } => {
                self.meter.failures.increment(1);
                tracing::warn!(source = %self.name, "{message}");
            }
            SourceEvent::Notice { message } => tracing::warn!(source = %self.name, "{message}"),
        }
        shared.each(|subscriber| subscriber.tell(event.clone()));
    }

    pub fn failed(&self, what: impl std::fmt::Display) {
        self.tell(SourceEvent::Failed { message: format!("{}: {what}", self.name) });
    }

    pub fn notice(&self, what: impl std::fmt::Display) {
        self.tell(SourceEvent::Notice { message: format!("{}: {what}", self.name) });
    }

    /// Counts datagrams or runs of bytes that were not transport packets.
    pub fn rejected(&self, count: u64) {
        self.meter.rejected.increment(count);
    }

    /// Nobody listens any more: the source ends now. Once true it stays true.
    pub fn is_abandoned(&self) -> bool {
        let mut shared = self.lock();
        shared.each(|subscriber| subscriber.inputs.is_closed());
        shared.abandoned |= shared.subscribers.is_empty();
        shared.abandoned
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        // Nothing panics while the lock is held; a poisoned one would still hold a usable list.
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shared {
    fn subscribe(&mut self) -> Subscription {
        let (sender, inputs) = mpsc::channel(QUEUE);
        let mut subscriber = Subscriber { inputs: sender, missed_packets: 0, untold: None };
        if let Some(state) = self.state.clone() {
            subscriber.tell(state);
        }
        self.subscribers.push(subscriber);
        Subscription { inputs }
    }

    /// Visits the subscribers and removes those for which `gone` returns true.
    fn each(&mut self, mut gone: impl FnMut(&mut Subscriber) -> bool) {
        self.subscribers.retain_mut(|subscriber| !gone(subscriber));
    }
}

impl Subscriber {
    /// (the subscriber is gone, packets that were left out)
    fn push(&mut self, chunk: &Arc<Chunk>) -> (bool, u64) {
        if !self.catch_up() {
            self.missed_packets += chunk.packets();
            return (self.inputs.is_closed(), chunk.packets());
        }
        match self.inputs.try_send(Input::Chunk(chunk.clone())) {
            Ok(()) => (false, 0),
            Err(TrySendError::Closed(_)) => (true, 0),
            Err(TrySendError::Full(_)) => {
                self.missed_packets += chunk.packets();
                (false, chunk.packets())
            }
        }
    }

    /// Returns whether the subscriber is gone.
    fn tell(&mut self, event: SourceEvent) -> bool {
        self.catch_up();
        if self.untold.is_some() || self.inputs.try_send(Input::Event(event.clone())).is_err() {
            self.untold = Some(event);
        }
        self.inputs.is_closed()
    }

    /// Says what could not be said while the queue was full; false while it still is.
    fn catch_up(&mut self) -> bool {
        if self.missed_packets > 0 {
            if self.inputs.try_send(Input::Missed { packets: self.missed_packets }).is_err() {
                return false;
            }
            self.missed_packets = 0;
        }
        if let Some(event) = self.untold.clone() {
            if self.inputs.try_send(Input::Event(event)).is_err() {
                return false;
            }
            self.untold = None;
        }
        true
    }
}

/// The counters of one source.
#[derive(Clone)]
struct Meter {
    packets: metrics::Counter,
    bytes: metrics::Counter,
    lost: metrics::Counter,
    dropped: metrics::Counter,
    rejected: metrics::Counter,
    failures: metrics::Counter,
}

impl Meter {
    fn new(name: &str) -> Self {
        let source = name.to_owned();
        Self {
            packets: metrics::counter!("yizhan_ingest_packets_total", "source" => source.clone()),
            bytes: metrics::counter!("yizhan_ingest_bytes_total", "source" => source.clone()),
            lost: metrics::counter!("yizhan_ingest_lost_total", "source" => source.clone()),
            dropped: metrics::counter!("yizhan_ingest_dropped_total", "source" => source.clone()),
            rejected: metrics::counter!("yizhan_ingest_rejected_total", "source" => source.clone()),
            failures: metrics::counter!("yizhan_ingest_failures_total", "source" => source),
        }
    }

    fn received(&self, chunk: &Chunk) {
        self.packets.increment(chunk.packets());
        self.bytes.increment(chunk.bytes.len() as u64);
        if chunk.lost_packets > 0 {
            self.lost.increment(chunk.lost_packets);
        }
    }
}

impl std::fmt::Debug for Meter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Meter")
    }
}

#[cfg(test)]
mod tests {
    use super::super::Arrival;
    use super::*;
    use crate::base::UtcMs;

    fn chunk(at: i64) -> Chunk {
        Chunk { bytes: vec![0x47; 188].into(), arrivals: vec![Arrival { offset: 0, at: UtcMs(at) }], lost_packets: 0 }
    }

    #[test]
    fn a_slow_subscriber_loses_chunks_and_is_told_and_the_other_has_them_all() {
        let (outlet, mut slow) = Outlet::open("udp test");
        let mut quick = outlet.subscribe().unwrap();
        let mut seen = 0;
        for i in 0..QUEUE as i64 + 10 {
            outlet.push(chunk(i));
            seen += std::iter::from_fn(|| quick.try_recv()).filter(|input| matches!(input, Input::Chunk(_))).count();
        }
        assert_eq!(seen, QUEUE + 10);
        assert!(matches!(slow.try_recv(), Some(Input::Event(SourceEvent::Started))));
        for i in 0..QUEUE as i64 - 1 {
            assert!(matches!(slow.try_recv(), Some(Input::Chunk(c)) if c.arrivals[0].at == UtcMs(i)));
        }
        assert!(slow.try_recv().is_none());
        outlet.push(chunk(1000));
        assert!(matches!(slow.try_recv(), Some(Input::Missed { packets: 11 })));
        assert!(matches!(slow.try_recv(), Some(Input::Chunk(c)) if c.arrivals[0].at == UtcMs(1000)));
    }

    #[test]
    fn it_is_abandoned_with_the_last_subscriber_and_stays_so() {
        let (outlet, a) = Outlet::open("udp test");
        let b = outlet.subscribe().unwrap();
        drop(a);
        assert!(!outlet.is_abandoned());
        drop(b);
        assert!(outlet.is_abandoned());
        assert!(outlet.subscribe().is_none());
    }

    #[test]
    fn who_comes_later_is_told_the_state_and_a_state_is_told_once() {
        let (outlet, mut early) = Outlet::open("udp test");
        outlet.failed("no such device");
        outlet.failed("no such device");
        let mut late = outlet.subscribe().unwrap();
        for subscription in [&mut early, &mut late] {
            let Some(Input::Event(SourceEvent::Failed { message })) = subscription.try_recv() else { panic!("not told") };
            assert_eq!(message, "udp test: no such device");
            assert!(subscription.try_recv().is_none());
        }
    }
}
