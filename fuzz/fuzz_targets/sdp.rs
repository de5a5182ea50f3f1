//! A client's descriptions and fragments: what is read is written the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yizhan_fuzz::transport::sdp::{Fragment, Session};

fuzz_target!(|text: &str| {
    if let Ok(fragment) = Fragment::parse(text) {
        assert_eq!(Fragment::parse(&fragment.to_string()), Ok(fragment));
    }
    if let Ok(session) = Session::parse(text) {
        assert_eq!(Session::parse(&session.to_string()), Ok(session));
    }
});
