//! Why a description could not be taken.

use thiserror::Error;

use super::{SECTION_LIMIT, TEXT_LIMIT};

#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SdpError {
    #[error("the description has {bytes} bytes; {TEXT_LIMIT} are the most")]
    TooLong { bytes: usize },
    #[error("the description begins with `{0}`, not with `v=0`")]
    NotSdp(String),
    #[error("the description has more than {SECTION_LIMIT} media sections")]
    TooManySections,
    #[error("section {section} has more than {limit} {what}")]
    TooMany { section: usize, what: &'static str, limit: usize },
    #[error("the session has more than {limit} candidates")]
    TooManyCandidates { limit: usize },
    #[error("the description cannot be read: {0}")]
    Grammar(String),
    #[error("two sections are called `{0}`")]
    DuplicateMid(String),
    #[error("there is no a=ice-ufrag with an a=ice-pwd")]
    MissingIce,
    #[error("`{0}` cannot be an ICE user name or password")]
    InvalidIce(String),
    #[error("there is no a=fingerprint")]
    MissingFingerprint,
    #[error("the certificate's fingerprint is given by {0} only; sha-256 is needed")]
    FingerprintHash(String),
    #[error("`{0}` is not a SHA-256 fingerprint")]
    InvalidFingerprint(String),
    #[error("`a=setup:{0}` is not active, passive or actpass")]
    InvalidSetup(String),
}

/// The beginning of a line, for a message.
pub(super) fn excerpt(text: &str) -> String {
    text.chars().take(80).collect()
}
