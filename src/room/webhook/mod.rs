//! Webhooks: what happens in rooms, told to the configured addresses in LiveKit's manner.
//!
//! Each address has a bounded queue and a [`Courier`] of its own: one that does not answer delays nobody else, and no room ever waits. A
//! message is a `WebhookEvent` as JSON; its `Authorization` is a token (no `Bearer` before it) whose claim `sha256` is that of the body.

mod client;
mod courier;
mod event;
mod message;
#[cfg(test)]
mod tests;

use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::Url;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::token::Key;
use crate::base::Clock;
use crate::telemetry::redacted;
use courier::{Courier, Patience};

pub use client::client;
pub use event::{Happening, event, stamped};
pub use livekit_protocol::WebhookEvent;

/// Messages that wait for one address; LiveKit's servers keep 100.
const QUEUE: usize = 256;

#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    #[error("`{url}` is not an address: {said}")]
    Address { url: String, said: String },
    #[error("the certificates in {path}: {source}")]
    Certificates { path: String, source: reqwest::Error },
    #[error("no client for webhooks: {0}")]
    Client(reqwest::Error),
}

/// What webhooks need.
#[derive(Debug, Clone)]
pub struct WebhookOptions {
    pub urls: Vec<String>,
    /// Signs the messages.
    pub key: Key,
    /// See [`client`].
    pub client: reqwest::Client,
}

/// The handle; cheap to clone.
#[derive(Clone)]
pub struct Webhooks(Arc<Inner>);

struct Inner {
    clock: Arc<dyn Clock>,
    queues: Vec<Queue>,
    stop: CancellationToken,
    couriers: Mutex<JoinSet<()>>,
}

/// One address.
struct Queue {
    /// The address as it may stand in a log.
    shown: Arc<str>,
    messages: mpsc::Sender<WebhookEvent>,
    /// Messages that were lost since the last one that arrived; told with the next.
    lost: Arc<AtomicI32>,
}

impl Webhooks {
    /// Within a tokio runtime. Without addresses it does nothing, and that cheaply.
    pub fn start(options: WebhookOptions, clock: Arc<dyn Clock>) -> Result<Self, WebhookError> {
        Self::start_with(options, clock, Patience::default())
    }

    fn start_with(options: WebhookOptions, clock: Arc<dyn Clock>, patience: Patience) -> Result<Self, WebhookError> {
        let parsed: Result<Vec<Url>, _> = options.urls.iter().map(|url| address(url)).collect();
        let stop = CancellationToken::new();
        let mut couriers = JoinSet::new();
        let mut queues = Vec::new();
        for url in parsed? {
            let (messages, waiting) = mpsc::channel(QUEUE);
            let shown: Arc<str> = redacted(url.as_str()).into();
            let lost = Arc::new(AtomicI32::new(0));
            queues.push(Queue { shown: shown.clone(), messages, lost: lost.clone() });
            let (client, key) = (options.client.clone(), options.key.clone());
            let courier = Courier { url, shown, client, key, clock: clock.clone(), patience, lost };
            couriers.spawn(courier.run(waiting, stop.clone()));
        }
        Ok(Self(Arc::new(Inner { clock, queues, stop, couriers: Mutex::new(couriers) })))
    }

    /// Puts it into every address's queue and returns at once. An empty `id` and a `created_at` of 0 are filled in.
    pub fn send(&self, event: WebhookEvent) {
        if self.0.queues.is_empty() {
            return;
        }
        let event = event::stamped(event, self.0.clock.now());
        for queue in &self.0.queues {
            if queue.messages.try_send(event.clone()).is_err() {
                queue.lost.fetch_add(1, Ordering::Relaxed);
                count("queue_full");
                tracing::warn!(url = %queue.shown, event = %event.event, id = %event.id, "webhook lost: {QUEUE} others wait already, or the server stops");
            }
        }
    }

    /// Takes no more, and gives what waits so much time to leave.
    pub async fn close(&self, within: Duration) {
        self.0.stop.cancel();
        let mut couriers = std::mem::take(&mut *self.0.couriers.lock().unwrap_or_else(PoisonError::into_inner));
        let all = async { while couriers.join_next().await.is_some() {} };
        if tokio::time::timeout(within, all).await.is_err() {
            let waiting: usize = self.0.queues.iter().map(|queue| queue.messages.max_capacity() - queue.messages.capacity()).sum();
            tracing::warn!(waiting, "webhooks were still on their way when the server stopped");
        }
    }
}

fn address(url: &str) -> Result<Url, WebhookError> {
    let wrong = |said: String| WebhookError::Address { url: redacted(url).into_owned(), said };
    let parsed = Url::parse(url).map_err(|error| wrong(error.to_string()))?;
    if !matches!(parsed.scheme(), "http" | "https") {
        return Err(wrong(format!("webhooks travel by http or https, not by `{}`", parsed.scheme())));
    }
    Ok(parsed)
}

/// `end`: `delivered`, `refused`, `unreachable`, `unwritable` or `queue_full`.
fn count(end: &'static str) {
    metrics::counter!("yizhan_webhooks_total", "end" => end).increment(1);
}
