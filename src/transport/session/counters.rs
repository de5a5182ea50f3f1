//! What a session did not take, by reason.

/// Counts since the session began.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
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

impl Counters {
    /// By name, for operators.
    pub fn named(&self) -> [(&'static str, u64); 13] {
        [
            ("undecryptable", self.undecryptable),
            ("replayed", self.replayed),
            ("early", self.early),
            ("unknown", self.unknown),
            ("unchecked_path", self.unchecked_path),
            ("stun_refused", self.stun_refused),
            ("stun_answered", self.stun_answered),
            ("dtls_refused", self.dtls_refused),
            ("sctp_refused", self.sctp_refused),
            ("oversized", self.oversized),
            ("ssrcs_refused", self.ssrcs_refused),
            ("channels_refused", self.channels_refused),
            ("associations_lost", self.associations_lost),
        ]
    }
}

impl std::ops::AddAssign for Counters {
    fn add_assign(&mut self, other: Self) {
        self.undecryptable += other.undecryptable;
        self.replayed += other.replayed;
        self.early += other.early;
        self.unknown += other.unknown;
        self.unchecked_path += other.unchecked_path;
        self.stun_refused += other.stun_refused;
        self.stun_answered += other.stun_answered;
        self.dtls_refused += other.dtls_refused;
        self.sctp_refused += other.sctp_refused;
        self.oversized += other.oversized;
        self.ssrcs_refused += other.ssrcs_refused;
        self.channels_refused += other.channels_refused;
        self.associations_lost += other.associations_lost;
    }
}
