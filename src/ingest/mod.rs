//! Where channels come from: transport streams over UDP and RTP (multicast and unicast), and files looped at their own pace.
//!
//! [`Sources::subscribe`] turns a [`SourceSpec`] into a [`Subscription`]; subscribers of the same specification share one socket or file reader, which
//! ends with the last of them. A subscription gives [`Input`]s: [`Chunk`]s of whole transport packets with the times of their arrival, and
//! [`SourceEvent`]s. A source that fails says why and tries again for ever: only its subscribers end it.
//!
//! # The sources to come
//!
//! A source is whatever implements [`Source`]: it is given an [`Outlet`], pushes chunks of transport packets into it and ends when the outlet is abandoned.
//! Nothing above this module learns which kind it was.
//!
//! - **SRT, DVB tuner, HLS with TS segments** carry transport packets already: a task (or, for a tuner's device node, a thread) that reads, re-aligns with
//!   [`crate::ts::sync::PacketSync`] and pushes. HLS paces its segments by PCR as a looped file does; SRT's lost packets go to [`Chunk::lost_packets`].
//! - **RTMP, RTSP (retina), WHIP, HLS with CMAF** carry elementary streams: they would be packaged into a transport stream of one service (PAT, PMT, PES
//!   with the source's own times, PCR from its clock) before they are pushed, so that the tape stays one format.

mod chunk;
mod datagrams;
mod file;
mod outlet;
mod reader;
pub mod rtp;
mod seam;
mod socket;
mod sources;
mod spec;

pub use chunk::{Arrival, Chunk};
pub use outlet::{Outlet, Subscription};
pub use seam::Seam;
pub use sources::Sources;
pub use spec::{Endpoint, SourceSpec, SpecError};

use std::sync::Arc;

/// What a subscriber receives, in order.
#[derive(Debug, Clone)]
pub enum Input {
    /// Transport packets. Shared between the subscribers of the source.
    Chunk(Arc<Chunk>),
    Event(SourceEvent),
    /// This subscriber was too slow: so many transport packets were left out here. Other subscribers did not notice.
    Missed {
        packets: u64,
    },
}

/// What happens to a source. Messages begin with the source's name (`udp 239.1.1.1:5000: …`) and are for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourceEvent {
    /// Transport packets flow: at the beginning, and again after [`SourceEvent::Failed`].
    Started,
    /// The source cannot deliver: it cannot be opened, or what arrives is not a transport stream. It is tried again by itself.
    Failed { message: String },
    /// Something to know that does not stop the source (a small kernel buffer, RTP where UDP was said).
    Notice { message: String },
}

/// Begins to feed an outlet.
pub trait Source: Send {
    /// Returns at once; packets are pushed from a thread or task of the source until [`Outlet::is_abandoned`]. Whatever goes wrong is said by
    /// [`Outlet::tell`] and tried again.
    fn start(self: Box<Self>, outlet: Outlet);
}

/// The settings of all sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Asked of the kernel for each socket; a notice says where it gives less.
    pub receive_buffer_bytes: usize,
    /// How many RTP packets may be held back for one that is missing.
    pub reorder_packets: usize,
    /// How long they may be held back.
    pub reorder_milliseconds: u64,
    /// How often the sockets are drained.
    pub poll_milliseconds: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { receive_buffer_bytes: 8 << 20, reorder_packets: 64, reorder_milliseconds: 100, poll_milliseconds: 10 }
    }
}

#[cfg(test)]
mod tests;
