//! The only place that knows HTTP: routes, extractors, error → status.

mod caller;
mod input;
pub mod org;
mod page;
mod problem;
pub mod session;

pub use caller::{OverTls, SESSION_COOKIE};
pub use input::{Body, Params};
pub use page::{Page, page_size};
pub use problem::Problem;
