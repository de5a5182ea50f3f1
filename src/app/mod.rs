//! Wires everything; the only place that knows all parts.

pub mod authority;
pub mod check;
pub mod cli;
mod listeners;
mod organisation;

pub use listeners::{Listeners, told_to_stop};
pub use organisation::org_options;

use std::sync::Arc;

use anyhow::Context;

use crate::base::SystemClock;
use crate::config::Config;

/// Runs the server until it is told to stop.
pub async fn serve(config: Config, demo: bool) -> anyhow::Result<()> {
    anyhow::ensure!(!demo, "there is no demonstration channel yet");
    let folder = &config.storage.folder;
    std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let listeners = Listeners::bind(&config.server)?;
    let certificates = Arc::new(authority::Certificates::open(&config.server, folder, Arc::new(SystemClock))?);
    let router = axum::Router::new().route("/healthz", axum::routing::get(|| async { "ok\n" }));
    listeners.serve(router, certificates, told_to_stop()).await
}
