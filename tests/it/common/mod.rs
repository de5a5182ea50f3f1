//! What whole-server tests share.

pub mod access;
pub mod encoder;
pub mod flood;
pub mod line;
pub mod material;
pub mod meeting;
pub mod native;
pub mod overheard;
pub mod rogue;
pub mod seen;
pub mod server;
pub mod stamps;
pub mod steps;
pub mod venue;
pub mod vitals;
pub mod watch;

pub use server::Server;
pub use venue::Venue;
