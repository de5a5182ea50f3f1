//! What a session did not take, by reason.

/// Counts since the session began.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counters {
    /// RTP and RTCP whose authentication failed: damaged, forged, or of other keys.
    pub undecryptable: u64,
    /// RTP and RTCP that had come before, or too late to tell.
    pub replayed: u64,
    /// Media before the keys were there, and DTLS before a check was.
    pub early: u64,
    /// Datagrams that are none of STUN, DTLS, RTP, RTCP (RFC 7983), and RTP or RTCP whose header is none.
    pub unknown: u64,
    /// Anything but STUN from a path that was never checked.
    pub unchecked_path: u64,
    /// Checks answered with an error or not at all: wrong user, wrong password, wrong form.
    pub stun_refused: u64,
    /// Checks answered with success.
    pub stun_answered: u64,
    /// DTLS records that are malformed or over a limit, and handshakes' repeats beyond need.
    pub dtls_refused: u64,
    /// SCTP packets that are malformed, or far ahead of what was acknowledged.
    pub sctp_refused: u64,
    /// Messages and datagrams over a size limit.
    pub oversized: u64,
    /// SSRCs over the limit of a session.
    pub ssrcs_refused: u64,
    /// Channels over the limit, and messages on streams that are no channel.
    pub channels_refused: u64,
    /// SCTP associations that ended by themselves.
    pub associations_lost: u64,
}
