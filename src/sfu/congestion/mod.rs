//! How much a subscriber's line carries, found by the sender (congestion control for real-time media).
//!
//! - [`Congestion`] is what a forwarding peer owns: it is told what leaves and what the receiver says, and tells the bitrate to send at and when to probe.
//! - [`Pacer`] tells when packets may leave.
//! - [`Feedback`] is a message of transport-wide feedback, [`Recorder`] writes those messages for the publishers we receive from.
//!
//! The method is Google congestion control (draft-ietf-rmcat-gcc-02) and what practice added to it: the growth of delay bounds the rate ([`delay`], [`rate`]),
//! losses do where a full queue explains them and not the air ([`loss`]), and trains of padding find what a line could carry more ([`probe`]).

mod bunch;
mod delay;
mod history;
mod loss;
mod pacer;
mod peer;
mod probe;
mod queue;
mod rate;
mod recorder;
mod remb;
#[cfg(test)]
mod simulation;
#[cfg(test)]
mod tests;
mod throughput;
pub mod twcc;
mod window;

use std::time::Duration;

pub use pacer::Pacer;
pub use peer::Congestion;
pub use probe::{ClusterId, Probe};
pub use recorder::Recorder;
pub use twcc::{Feedback, TwccError};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Before anything is known.
    pub start_bps: u64,
    pub min_bps: u64,
    pub max_bps: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { start_bps: 800_000, min_bps: 30_000, max_bps: 50_000_000 }
    }
}

/// For display.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Statistics {
    pub target_bps: u64,
    pub acknowledged_bps: u64,
    pub rtt: Option<Duration>,
    /// How long packets stand in the line's queue.
    pub queued: Duration,
    /// 0 to 1.
    pub loss: f64,
    pub in_flight_bytes: usize,
    pub is_congested: bool,
    /// Times the estimate was cut for delay, and for silence.
    pub cuts: u64,
    pub starved: u64,
    /// Trains begun, and come through without filling the line.
    pub probes: u64,
    pub probes_through: u64,
    /// Feedback messages used.
    pub messages: u64,
    /// Packets the receiver claims that were never sent.
    pub lies: u64,
}
