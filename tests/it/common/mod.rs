//! What whole-server tests share.

pub mod encoder;
pub mod line;
pub mod material;
pub mod native;
pub mod server;
pub mod stamps;
pub mod steps;

pub use server::Server;
