//! Ids as clients of the protocol expect them: a prefix that says of what, then letters and digits.

use rand::Rng;

const DIGITS: usize = 12;

pub fn room() -> String {
    with("RM_")
}

pub fn participant() -> String {
    with("PA_")
}

pub fn track(kind: crate::sfu::codec::Kind) -> String {
    // The letter after the prefix tells people what it is.
    with(match kind {
        crate::sfu::codec::Kind::Audio => "TR_A",
        crate::sfu::codec::Kind::Video => "TR_V",
    })
}

/// A client's own name for a track, where it has none.
pub fn cid() -> String {
    with("cid_")
}

/// Known to nobody but whom it is told.
pub fn secret() -> String {
    (0..32).map(|_| char::from(rand::rng().sample(rand::distr::Alphanumeric))).collect()
}

fn with(prefix: &str) -> String {
    let random = (0..DIGITS).map(|_| char::from(rand::rng().sample(rand::distr::Alphanumeric)));
    prefix.chars().chain(random).collect()
}
