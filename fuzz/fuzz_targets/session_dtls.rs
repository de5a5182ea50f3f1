//! DTLS records of a client that passed a check: any handshake messages in any records, split as the fuzzer likes.
#![no_main]

use std::time::{Duration, Instant};

use libfuzzer_sys::fuzz_target;
use yizhan_fuzz::transport::session::{Handled, Session};

#[path = "support/session.rs"]
mod session;

/// A record's type, its epoch, the datagram it begins; or a handshake message with its number, cut after so many bytes.
type Input = Vec<(u8, u8, bool, Vec<u8>)>;

fuzz_target!(|input: Input| {
    let mut now = Instant::now();
    let mut session: Session = session::checked(now);
    let mut datagram = Vec::new();
    for (number, (kind, epoch, ends, body)) in input.iter().enumerate() {
        let mut body = body.clone();
        // Half of the handshake records carry a whole message with the right numbers, so that the fuzzer gets to their contents.
        if kind & 3 == 2 && kind & 0x80 != 0 {
            let length = (body.len() as u32).to_be_bytes();
            let mut message = vec![[1, 11, 16, 15, 20, 2, 12, 14][usize::from(kind >> 2 & 7)]];
            message.extend(&length[1..]);
            message.extend([0, (number % 5) as u8, 0, 0, 0]);
            message.extend(&length[1..]);
            message.append(&mut body);
            body = message;
        }
        datagram.extend([20 + (kind & 3), 0xfe, 0xfd, 0, epoch & 1, 0, 0, 0, 0, 0, number as u8]);
        datagram.extend((body.len() as u16).to_be_bytes());
        datagram.append(&mut body);
        if *ends {
            assert_eq!(session.handle(now, session::path(), &mut datagram), Handled::Nothing);
            datagram.clear();
            now += Duration::from_millis(30);
            session.handle_timeout(now);
        }
    }
    session.handle(now, session::path(), &mut datagram);
    assert!(!session.is_connected(), "no keys, no connection");
    let sent: usize = std::iter::from_fn(|| session.poll_transmit()).map(|transmit| transmit.datagram.len()).sum();
    assert!(sent < 300_000, "{sent} bytes for a handshake that leads nowhere");
});
