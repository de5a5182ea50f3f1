//! What whole-server tests share.

pub mod encoder;
pub mod material;
pub mod server;
pub mod steps;

pub use server::Server;
