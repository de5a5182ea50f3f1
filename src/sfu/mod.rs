//! The forwarding of a room's media, pure: it is told the time, takes packets and gives packets.
//!
//! - An [`Uplink`](uplink::Uplink) is a track as its publisher sends it: up to three layers, each with its packet store.
//! - A [`Downlink`](downlink::Downlink) is that track as one subscriber gets it: one layer at a time, renumbered without gaps.
//! - A [`Forward`] holds the peers, uplinks and downlinks of one media thread. Its contract: hand in what arrived, then drain
//!   [`next_ready`](Forward::next_ready) with [`write_packet`](Forward::write_packet), [`write_rtcp`](Forward::write_rtcp) and
//!   [`poll_event`](Forward::poll_event), and call [`tick`](Forward::tick) when [`next_timeout`](Forward::next_timeout) says.
//!
//! Packets are plain here; `transport` encrypts and sends them.

pub mod codec;
pub mod congestion;
pub mod downlink;
mod forward;
mod ids;
pub mod packet;
pub mod speakers;
pub mod uplink;

pub use forward::{
    Counters, DownlinkOptions, Event, Forward, GROUP_BYTES, Limits, Need, PeerOptions, PeerReport, Quality, Rejected, RelayId, Relayed, Settings, TrackReport,
    UplinkOptions,
};
pub use ids::{PeerId, TrackId};

/// Layers of a simulcast track at most, lowest first (`q`, `h`, `f`).
pub const LAYERS: usize = 3;
