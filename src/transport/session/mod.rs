//! One WebRTC peer connection as the server sees it: ICE-lite, DTLS 1.2, SRTP and data channels, without sockets and told the time.
//!
//! A media thread owns the sockets. It finds a stranger's session by [`username_of_binding_request`], gives every datagram to [`Session::handle`], and after
//! each call that changes the session drains [`Session::poll_transmit`] and [`Session::poll_event`] and asks [`Session::next_timeout`] when to come again.
//! Media does not pass through queues: what arrives is decrypted where it lies, what leaves is sealed by [`Session::seal_rtp_in`] where it lies.
//!
//! Nothing is kept for strangers: DTLS begins after the first connectivity check that knew our password, and media counts only from a path that was checked.

mod arrival;
mod channel;
mod connection;
mod counters;
mod dtls;
mod error;
mod flight;
mod hello;
mod ice;
mod identity;
mod records;
mod sctp;
mod sieve;
mod srtp;
mod stun;
#[cfg(test)]
mod tests;

pub use channel::{ChannelError, ChannelId, MAX_MESSAGE_BYTES, Reliability};
pub use connection::Session;
pub use counters::Counters;
pub use error::{Failure, RemoteError};
pub use ice::IceCredentials;
pub use identity::{Fingerprint, Identity, IdentityError};
pub use srtp::{Profile, SEAL_OVERHEAD, SealError};
pub use stun::username_of_binding_request;

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use bytes::Bytes;

/// Where a datagram came from and by which of our addresses: what is answered leaves the same way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Path {
    /// The address of ours that was hit, from PKTINFO or the accepted connection.
    pub local: IpAddr,
    pub remote: SocketAddr,
    pub via: Via,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Via {
    Udp,
    /// Framed by RFC 4571; the frames are taken off before they come here.
    Tcp(TcpId),
}

/// A TCP connection of the thread that owns it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TcpId(pub u32);

/// What the client's description says of its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remote {
    pub ice: IceCredentials,
    pub fingerprint: Fingerprint,
    pub setup: Setup,
}

/// The client's `a=setup` (RFC 8842), `actpass` resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setup {
    /// The client begins DTLS: the usual case.
    Active,
    /// We begin DTLS.
    Passive,
}

/// Limits that a deployment may change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// A session without a valid connectivity check for so long is gone (RFC 7675 5.1). Also how long the first may take.
    pub consent: Duration,
    /// How long a DTLS handshake may take from its first message.
    pub handshake: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Options { consent: Duration::from_secs(30), handshake: Duration::from_secs(20) }
    }
}

/// What was in a datagram for the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handled {
    /// It was for the session itself, or nothing worth a look; [`Counters`] know.
    Nothing,
    /// The first so many bytes of the datagram are now a plain RTP packet.
    Rtp(usize),
    /// The first so many bytes of the datagram are now a plain compound RTCP packet.
    Rtcp(usize),
}

/// A datagram to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transmit {
    pub path: Path,
    pub datagram: Vec<u8>,
}

/// What happened, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The client proved its fingerprint; media and channels may pass.
    Connected {
        profile: Profile,
    },
    /// What is sent goes this way from now on.
    PathChanged(Path),
    /// Nothing came for some seconds, or it is heard again.
    Quiet(bool),
    /// A channel may be written to: the client opened it, or it agreed to ours.
    ChannelOpened {
        channel: ChannelId,
        label: String,
        protocol: String,
        ordered: bool,
        reliability: Reliability,
    },
    ChannelClosed {
        channel: ChannelId,
    },
    Data {
        channel: ChannelId,
        is_text: bool,
        bytes: Bytes,
    },
    /// The last event. Nothing is sent or taken any more.
    Closed(Closed),
}

/// Why a session ended.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Closed {
    /// The client's DTLS said goodbye.
    #[error("closed by the client")]
    ByClient,
    /// [`Session::close`].
    #[error("closed by the server")]
    ByServer,
    #[error("no connectivity check for {quiet:?}")]
    ConsentExpired { quiet: Duration },
    #[error(transparent)]
    Failed(Failure),
}
