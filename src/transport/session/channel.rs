//! Data channels as the outside names them (RFC 8831, RFC 8832).

/// The largest message either way. `livekit-client` sends user data of up to 64 KiB inside an envelope, so it is twice that; say it in `a=max-message-size`.
pub const MAX_MESSAGE_BYTES: usize = 128 * 1024;

/// The SCTP stream of a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ChannelId(pub u16);

/// How hard a message is tried (RFC 3758).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reliability {
    Reliable,
    /// Given up after so many retransmissions.
    Retransmits(u16),
    /// Given up after so many milliseconds.
    Lifetime {
        milliseconds: u16,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChannelError {
    #[error("the session is not connected")]
    NotConnected,
    #[error("channel {} is not open", .0.0)]
    Unknown(ChannelId),
    #[error("a message of {bytes} bytes is larger than {limit}")]
    TooLarge { bytes: usize, limit: usize },
    /// The client does not read: try again when [`crate::transport::session::Session::buffered_amount`] has fallen, or drop the message.
    #[error("channel {} has {buffered} bytes waiting", .channel.0)]
    Full { channel: ChannelId, buffered: usize },
    #[error("{limit} channels are open")]
    TooMany { limit: usize },
    #[error("channel {}: {reason}", .channel.0)]
    Sctp { channel: ChannelId, reason: String },
}
