//! What the program says of itself: the log (text or JSON on standard error), metrics for Prometheus, panics in the log,
//! ids for requests, and addresses made fit for logging.

mod log;
mod metrics;
mod panics;
mod redact;

pub use self::log::{LogError, init};
pub use self::metrics::metrics_text;
pub use self::redact::redacted;

/// An id for a request: it is in the log, in the answer's header and in the problem document that a person can copy.
pub fn request_id() -> String {
    ulid::Ulid::new().to_string().to_lowercase()
}
