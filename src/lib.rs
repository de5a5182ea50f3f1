//! Yizhan (驿站): records television, keeps a library of programmes and holds meetings for a government intranet.
//!
//! The layers, lowest first; a module uses modules below it, never above (`tests/layers.rs` holds the table).

// 0
pub mod base;
pub mod config;
pub mod telemetry;
// 1: pure
pub mod allocation;
pub mod cmaf;
pub mod conduct;
pub mod epg;
pub mod hls;
pub mod ladder;
pub mod minutes;
pub mod numbering;
pub mod sfu;
pub mod ts;
// 2: each fences one resource
pub mod document;
pub mod ingest;
pub mod jobs;
pub mod store;
pub mod transport;
// 3
pub mod org;
pub mod room;
// 4: what users would recognise
pub mod channel;
pub mod library;
pub mod meeting;
// 6
pub mod app;
pub mod http;
pub mod load;
