//! What leaves, peer by peer: sealed for clients, plain for seats.

use std::time::Instant;

use bytes::Bytes;

use super::SeatPacket;
use super::connection::{Connection, Way};
use super::run::Thread;
use crate::transport::session::{self, Session};

impl Thread {
    /// Sends what may leave, peer by peer.
    pub(super) fn send(&mut self) {
        let mut buffer = std::mem::take(&mut self.buffer);
        while let Some(place) = self.forward.next_ready() {
            // The time at which it leaves is measured against that at which it comes: for the last of hundreds it is another than for the first.
            let now = Instant::now();
            match self.connections.get_mut(place).and_then(Option::as_mut).map(|connection| &mut connection.way) {
                Some(Way::Session(_)) => self.send_to_client(now, place, &mut buffer),
                Some(Way::Seat(_)) => self.send_to_seat(now, place, &mut buffer),
                None => {}
            }
        }
        self.buffer = buffer;
    }

    fn send_to_client(&mut self, now: Instant, place: usize, buffer: &mut Vec<u8>) {
        let Some(path) = self.session(place).and_then(|session| session.path()) else { return };
        while let Some(mut compound) = self.forward.write_rtcp(place) {
            if self.session(place).is_some_and(|session| session.seal_rtcp(&mut compound).is_ok()) {
                self.transmit(path, &compound, compound.len());
            }
        }
        loop {
            let Self { forward, connections, .. } = self;
            let Some(session) = connections.get_mut(place).and_then(Option::as_mut).and_then(Connection::session) else { break };
            let Some(segment) = forward.write_group(now, place, buffer, |buffer, start| seal(session, buffer, start)) else { break };
            self.transmit(path, buffer, segment);
        }
    }

    fn send_to_seat(&mut self, now: Instant, place: usize, buffer: &mut Vec<u8>) {
        let Some(Way::Seat(out)) = self.connections.get(place).and_then(Option::as_ref).map(|connection| &connection.way) else { return };
        while let Some(compound) = self.forward.write_rtcp(place) {
            let _ = out.try_send(SeatPacket::Rtcp(compound.into()));
        }
        while let Some(segment) = self.forward.write_group(now, place, buffer, |_, _| {}) {
            for packet in buffer.chunks(segment.max(1)) {
                let _ = out.try_send(SeatPacket::Rtp(Bytes::copy_from_slice(packet)));
            }
        }
    }
}

/// Encrypts the packet that lies at the buffer's end.
fn seal(session: &mut Session, buffer: &mut Vec<u8>, start: usize) {
    let len = buffer.len() - start;
    let header_len = buffer.get(start..).map_or(0, header_len);
    buffer.resize(buffer.len() + session::SEAL_OVERHEAD, 0);
    let sealed = buffer.get_mut(start..).and_then(|packet| session.seal_rtp_in(packet, len, header_len).ok());
    // What cannot be sealed does not leave.
    buffer.truncate(start + sealed.unwrap_or(0));
}

/// Of a packet that we wrote.
fn header_len(packet: &[u8]) -> usize {
    match packet {
        [first, ..] if first & 0x10 == 0 => 12,
        [_, _, _, _, _, _, _, _, _, _, _, _, _, _, high, low, ..] => 16 + 4 * usize::from(u16::from_be_bytes([*high, *low])),
        _ => packet.len(),
    }
}
