//! What whole-server tests share.

pub mod material;
pub mod server;

pub use server::Server;
