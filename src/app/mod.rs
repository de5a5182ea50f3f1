//! The only place that knows all parts: opens them in order, hands each what it needs, ends them in order.

pub mod authority;
pub mod check;
pub mod cli;
mod demo;
mod listeners;
mod mail;
mod organisation;
mod papers;
mod rooms;
mod serve;
mod share;

pub use listeners::{Listeners, told_to_stop};
pub use mail::mail_options;
pub use organisation::org_options;
pub use papers::paper_options;
pub use serve::serve;
