//! The only place that knows all parts: opens them in order, hands each what it needs, ends them in order.

pub mod authority;
mod demo;
mod listen;
mod serve;

pub use serve::{ServeError, serve};
