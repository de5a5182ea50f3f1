//! A session that let a client in: what a target needs to come past the first check.

use std::net::SocketAddr;
use std::sync::{Arc, LazyLock};
use std::time::Instant;

use aws_lc_rs::hmac;
use yizhan_fuzz::transport::session::{IceCredentials, Identity, Path, Session, Via};

pub static IDENTITY: LazyLock<Arc<Identity>> = LazyLock::new(|| Identity::generate().expect("an identity"));

pub fn path() -> Path {
    Path { local: [10, 0, 0, 1].into(), remote: SocketAddr::from(([10, 0, 0, 2], 5000)), via: Via::Udp }
}

pub fn credentials() -> IceCredentials {
    IceCredentials { ufrag: "ours".to_owned(), pwd: "a password of ours alone".to_owned() }
}

/// A session with one checked path.
pub fn checked(now: Instant) -> Session {
    let mut session = Session::new(now, &IDENTITY, credentials());
    session.handle(now, path(), &mut check(&[]));
    session
}

/// A genuine binding request around these attributes.
pub fn check(attributes: &[u8]) -> Vec<u8> {
    let mut message = vec![0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
    put(&mut message, 0x0006, b"ours:theirs", 0);
    message.extend_from_slice(attributes);
    let length = (message.len() - 20 + 24) as u16;
    message[2..4].copy_from_slice(&length.to_be_bytes());
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, credentials().pwd.as_bytes()), &message);
    put(&mut message, 0x0008, tag.as_ref(), 8);
    let sum = crc32fast::hash(&message) ^ 0x5354_554e;
    put(&mut message, 0x8028, &sum.to_be_bytes(), 0);
    message
}

fn put(message: &mut Vec<u8>, kind: u16, value: &[u8], following: usize) {
    message.extend(kind.to_be_bytes());
    message.extend((value.len() as u16).to_be_bytes());
    message.extend(value);
    message.resize(message.len().next_multiple_of(4), 0);
    let length = (message.len() - 20 + following) as u16;
    message[2..4].copy_from_slice(&length.to_be_bytes());
}
