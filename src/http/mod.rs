//! The only place that knows HTTP: routes, extractors, error → status.

mod caller;
mod org;
mod problem;

pub use caller::{OverTls, SESSION_COOKIE};
pub use problem::Problem;
