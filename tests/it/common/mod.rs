//! What whole-server tests share.

pub mod encoder;
pub mod flood;
pub mod line;
pub mod material;
pub mod native;
pub mod rogue;
pub mod server;
pub mod stamps;
pub mod steps;
pub mod vitals;

pub use server::Server;
