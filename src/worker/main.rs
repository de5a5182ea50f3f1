//! The worker: everything that needs GStreamer runs in this process, away from the server.

use clap::Parser;

mod demo;

#[derive(Parser)]
#[command(name = "yizhan-worker", version)]
enum Cli {
    /// Send or write a demonstration channel
    Demo(demo::Args),
}

fn main() -> anyhow::Result<()> {
    match Cli::parse() {
        Cli::Demo(args) => Ok(demo::run(args)?),
    }
}
