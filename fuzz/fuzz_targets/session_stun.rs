//! Connectivity checks: any bytes, and genuine requests with any attributes.
#![no_main]

use std::time::Instant;

use libfuzzer_sys::fuzz_target;
use yizhan_fuzz::transport::session::{Handled, Session, username_of_binding_request};

#[path = "support/session.rs"]
mod session;

fuzz_target!(|bytes: &[u8]| {
    let now = Instant::now();
    let mut fresh = Session::new(now, &session::IDENTITY, session::credentials());
    let mut known = session::checked(now);
    known.handle(now, session::path(), &mut bytes.to_vec());
    let _ = username_of_binding_request(bytes);
    assert_eq!(fresh.handle(now, session::path(), &mut bytes.to_vec()), Handled::Nothing);
    assert_eq!(fresh.path(), None, "nobody knows the password");
    let mut genuine = session::check(&bytes[..bytes.len() / 4 * 4]);
    fresh.handle(now, session::path(), &mut genuine);
    while let Some(transmit) = fresh.poll_transmit() {
        assert_eq!(transmit.path, session::path());
        assert_eq!(transmit.datagram.len() % 4, 0);
    }
});
