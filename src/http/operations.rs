//! For machines that watch the server: metrics, health, readiness.

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;

use super::{AppState, Problem};
use crate::org::{Caller, Role};

pub fn routes() -> Router<AppState> {
    Router::new().route("/healthz", get(|| async { "ok" })).route("/readyz", get(ready)).route("/metrics", get(metrics))
}

/// Ready when the database answers.
async fn ready(State(app): State<AppState>) -> impl IntoResponse {
    match app.store.columns().await {
        Ok(_) => (StatusCode::OK, "ready".to_owned()),
        Err(error) => (StatusCode::SERVICE_UNAVAILABLE, format!("database: {error}")),
    }
}

/// Prometheus text. For this machine, and for operators and their programs elsewhere.
async fn metrics(caller: Caller) -> Result<impl IntoResponse, Problem> {
    if !caller.address().is_some_and(|a| a.is_loopback()) {
        caller.require_anywhere(Role::Operator)?;
    }
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], crate::telemetry::metrics_text()))
}
