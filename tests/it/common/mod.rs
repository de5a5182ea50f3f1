//! What whole-server tests share.

pub mod server;

pub use server::Server;
