//! Rooms beside the same server built on `str0m`, beside Janus, and as whole meetings.

mod camera;
mod client;
mod crowd;
mod door;
mod forwarding;
mod janus;
mod load;
mod meetings;
mod peer;
mod process;
mod tally;
mod venues;

use std::fmt::Display;
use std::io;

use super::harness::Bench;

pub use peer::{is_peer, serve as serve_peer};

pub fn rows(bench: &mut Bench) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        forwarding::rows(bench).await?;
        meetings::rows(bench).await?;
        venues::rows(bench).await
    })
}

fn other(e: impl Display) -> io::Error {
    io::Error::other(e.to_string())
}
