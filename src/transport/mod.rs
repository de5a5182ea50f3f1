//! Sockets and timers that drive WebRTC.
//!
//! - A [`session`] is one peer connection, sans-IO: ICE-lite, DTLS, SRTP, data channels.
//! - [`sdp`] is how connections are described to clients.
//! - A media thread ([`thread`]) owns a UDP port, its sessions, and the [`Forward`](crate::sfu::Forward) of their media.
//! - [`Media`] is all of them: what rooms are built on.

mod candidates;
mod media;
pub mod sdp;
pub mod session;
mod strangers;
mod tcp;
mod thread;
mod udp;

pub use candidates::addresses;
pub use media::{Media, MediaError, MediaOptions, Place};
pub use session::{ChannelId, Closed, IceCredentials, Identity, Remote, Setup};
pub use tcp::{accept, is_media};
pub use thread::{Command, EventSender, Happened, NewPeer, NewSeat, PeerEvent, SeatPacket};
