use std::io;
use std::path::PathBuf;

use crate::base::UtcMs;

/// Why a token is not taken, or not made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    #[error("the token has {bytes} bytes; at most {most} are allowed")]
    TooLong { bytes: usize, most: usize },
    #[error("the token is not a JWT: {parts} parts between dots instead of 3")]
    Parts { parts: usize },
    /// `part`: `header`, `claims` or `signature`.
    #[error("the token's {part} cannot be read: {said}")]
    Malformed { part: &'static str, said: String },
    /// RFC 8725 §3.1: the algorithm is chosen here, not by the token.
    #[error("the token is signed by `{algorithm}`; HS256 is needed")]
    Algorithm { algorithm: String },
    #[error("the token does not say which key signed it (`iss`)")]
    NoKey,
    #[error("the token is signed by the key `{key}`, which is not known here")]
    UnknownKey { key: String },
    #[error("the token's signature is not that of the key `{key}`")]
    Signature { key: String },
    #[error("the token does not say when it expires (`exp`)")]
    NoExpiry,
    #[error("the token expired at {at}; it is {now}")]
    Expired { at: UtcMs, now: UtcMs },
    #[error("the token is valid from {from}; it is {now}")]
    NotYet { from: UtcMs, now: UtcMs },
}

/// Why a valid token does not allow something.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the token does not grant `{0}`")]
    NotGranted(&'static str),
    #[error("the token grants `{grant}` for the room `{granted}`, not for `{asked}`")]
    OtherRoom { grant: &'static str, granted: String, asked: String },
    #[error("the token grants `roomJoin` without naming a room")]
    NoRoom,
    #[error("the token has no identity (`sub`)")]
    NoIdentity,
    #[error("{what} has {bytes} bytes; at most {most} are allowed")]
    TooLong { what: &'static str, bytes: usize, most: usize },
    #[error("{what} has a control character in it")]
    ControlCharacter { what: &'static str },
}

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("there is no key")]
    None,
    #[error("the key `{0}` stands twice")]
    Twice(String),
    #[error("a key has no name")]
    NoName,
    #[error("the secret of the key `{key}` has {bytes} bytes; at least {least} are needed")]
    Short { key: String, bytes: usize, least: usize },
    #[error("{}: {source}", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("{}: not one line `name: secret`; a file that is moved away is made anew, and then tokens signed by it are void", path.display())]
    Content { path: PathBuf },
}
