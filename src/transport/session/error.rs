//! Why a session cannot be, or cannot go on.

use std::time::Duration;

/// What ended a handshake or a connection.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    #[error("the certificate's fingerprint {found} is not the described {described}")]
    Fingerprint { described: String, found: String },
    #[error("the client showed no certificate")]
    NoCertificate,
    #[error("the client speaks none of our SRTP profiles (it offered {offered:04x?})")]
    NoProfile { offered: Vec<u16> },
    #[error("DTLS: {reason}")]
    Dtls { reason: String },
    #[error("no DTLS connection after {waited:?}")]
    HandshakeTimeout { waited: Duration },
    #[error("DTLS keys: {reason}")]
    Keys { reason: String },
}

/// A description that cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RemoteError {
    #[error("the session is closed")]
    Closed,
    #[error("the fingerprint of a running session cannot change")]
    FingerprintChanged,
    #[error("the DTLS role of a running session cannot change")]
    SetupChanged,
}
