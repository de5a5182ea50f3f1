use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;

use livekit_protocol::WebhookEvent;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use reqwest::{StatusCode, Url};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::count;
use super::message::Message;
use crate::base::Clock;
use crate::room::token::Key;

/// Of one try, from dialling to the answer.
pub(super) const TIME_LIMIT: Duration = Duration::from_secs(5);

/// LiveKit's own type: nobody parses it as JSON before looking at the signature.
const WEBHOOK_JSON: &str = "application/webhook+json";

/// How long a message is tried.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    pub tries: u32,
    /// Before the second try; four times as long before each next one.
    pub pause: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { tries: 3, pause: Duration::from_millis(500) }
    }
}

/// Takes messages to one address, in order.
pub(super) struct Courier {
    pub url: Url,
    pub shown: Arc<str>,
    pub client: reqwest::Client,
    pub key: Key,
    pub clock: Arc<dyn Clock>,
    pub patience: Patience,
    pub lost: Arc<AtomicI32>,
}

/// Why a try failed.
struct Failure {
    end: &'static str,
    said: String,
    /// Another try may help.
    passing: bool,
}

impl Courier {
    /// Until told to stop or nobody can send any more; what waits by then is delivered.
    pub async fn run(self, mut waiting: mpsc::Receiver<WebhookEvent>, stop: CancellationToken) {
        loop {
            let event = tokio::select! {
                biased;
                () = stop.cancelled(), if !waiting.is_closed() => {
                    waiting.close();
                    continue;
                }
                event = waiting.recv() => event,
            };
            match event {
                Some(event) => self.deliver(event).await,
                None => return,
            }
        }
    }

    async fn deliver(&self, mut event: WebhookEvent) {
        let lost = self.lost.swap(0, Ordering::Relaxed);
        #[allow(deprecated)] // receivers still read it
        {
            event.num_dropped = lost;
        }
        let outcome = match Message::of(&event, &self.key, self.clock.now()) {
            Ok(message) => self.try_often(&message).await,
            Err(said) => Err(Failure { end: "unwritable", said, passing: false }),
        };
        match outcome {
            Ok(()) => count("delivered"),
            Err(Failure { end, said, .. }) => {
                self.lost.fetch_add(lost.saturating_add(1), Ordering::Relaxed);
                count(end);
                tracing::warn!(url = %self.shown, event = %event.event, id = %event.id, "webhook lost: {said}");
            }
        }
    }

    async fn try_often(&self, message: &Message) -> Result<(), Failure> {
        let mut pause = self.patience.pause;
        for _ in 1..self.patience.tries {
            match self.post(message).await {
                Err(failure) if failure.passing => tracing::debug!(url = %self.shown, "webhook will be tried again: {}", failure.said),
                outcome => return outcome,
            }
            tokio::time::sleep(pause).await;
            pause *= 4;
        }
        self.post(message).await
    }

    async fn post(&self, message: &Message) -> Result<(), Failure> {
        let request = self.client.post(self.url.clone()).header(CONTENT_TYPE, WEBHOOK_JSON).header(AUTHORIZATION, &message.token);
        let answer = request.timeout(TIME_LIMIT).body(message.body.clone()).send().await;
        // The address is in the log line already, without its secrets.
        let answer = answer.map_err(|error| Failure { end: "unreachable", said: causes(&error.without_url()), passing: true })?;
        match answer.status() {
            status if status.is_success() => Ok(()),
            status => Err(Failure { end: "refused", said: format!("the answer is {status}"), passing: is_passing(status) }),
        }
    }
}

/// What is about the moment and not about the message.
fn is_passing(status: StatusCode) -> bool {
    status.is_server_error() || matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY | StatusCode::TOO_MANY_REQUESTS)
}

fn causes(error: &dyn std::error::Error) -> String {
    let mut said = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        said = format!("{said}: {cause}");
        next = cause.source();
    }
    said
}
