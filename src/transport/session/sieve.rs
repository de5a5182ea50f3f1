//! Which SCTP packets (RFC 9260) `rtc::sctp` may see.
//!
//! It panics on an error cause that claims to be longer than its chunk; it steps from chunk to chunk by what it understood of each, so that a chunk can hide in
//! another's trailing bytes; it takes DATA however far ahead (keeping each chunk's whole datagram), and walks to the TSN of a FORWARD-TSN one by one, be it two
//! thousand millions away. A client in a meeting shall stop nobody's media by that. So each chunk has exactly the form that WebRTC has use for.

const DATA: u8 = 0;
const INIT: u8 = 1;
const INIT_ACK: u8 = 2;
const SACK: u8 = 3;
const HEARTBEAT: u8 = 4;
const ABORT: u8 = 6;
const SHUTDOWN: u8 = 7;
const SHUTDOWN_ACK: u8 = 8;
const ERROR: u8 = 9;
const COOKIE_ECHO: u8 = 10;
const COOKIE_ACK: u8 = 11;
const SHUTDOWN_COMPLETE: u8 = 14;
const RE_CONFIG: u8 = 130;
const FORWARD_TSN: u8 = 192;

const HEARTBEAT_INFO: u16 = 1;
const OUTGOING_RESET: u16 = 13;
const RESET_RESPONSE: u16 = 16;

const COMMON_HEADER: usize = 12;
/// Fragments that a client may have in flight; what is further ahead it sends again.
const MAX_DATA_AHEAD: u32 = 8192;
/// A client skips what it had in flight.
const MAX_SKIPPED: u32 = 2 * MAX_DATA_AHEAD;
/// Stream resets (RFC 6525) of one association; the endpoint keeps those that it cannot perform yet.
const MAX_RESETS: u32 = 4096;

#[derive(Debug, Default)]
pub(super) struct Sieve {
    /// The client's last TSN that we acknowledged; before, the one in front of its first.
    acknowledged: Option<u32>,
    resets: u32,
}

impl Sieve {
    /// Whether a packet of the client is harmless. `is_up`: the association is past its handshake. Streams are numbered below `streams`.
    pub fn admits(&mut self, packet: &[u8], is_up: bool, streams: u16) -> bool {
        let mut chunks = Chunks::of(packet);
        let mut count = 0;
        while let Some(chunk) = chunks.next() {
            count += 1;
            let is_last = chunks.rest.is_empty();
            let fits = match chunk.kind {
                // Alone in its packet (RFC 9260 3.3.2).
                INIT | INIT_ACK => is_last && count == 1,
                ABORT | ERROR => is_last,
                _ => true,
            };
            if !fits || !self.admits_chunk(&chunk, is_up, streams) {
                return false;
            }
        }
        count > 0 && chunks.rest.is_empty()
    }

    fn admits_chunk(&mut self, chunk: &Chunk<'_>, is_up: bool, streams: u16) -> bool {
        let value = chunk.value;
        match chunk.kind {
            DATA => {
                let (Some(tsn), Some(stream)) = (word(value, 0), half(value, 4)) else { return false };
                // Without user data it is a violation, and would be counted nowhere.
                value.len() > 12 && self.is_near(tsn, MAX_DATA_AHEAD) && stream < streams
            }
            INIT | INIT_ACK => {
                let (Some(first), Some(parameters)) = (word(value, 12), value.get(16..)) else { return false };
                if !is_up {
                    self.acknowledged = Some(first.wrapping_sub(1));
                }
                Parameters(parameters).all(|parameter| parameter.is_some())
            }
            SACK => {
                let (Some(gaps), Some(duplicates)) = (half(value, 8), half(value, 10)) else { return false };
                value.len() == 12 + 4 * (usize::from(gaps) + usize::from(duplicates))
            }
            HEARTBEAT => half(value, 0) == Some(HEARTBEAT_INFO) && half(value, 2).map(usize::from) == Some(value.len()),
            ABORT | ERROR => are_causes(value),
            SHUTDOWN => value.len() == 4,
            SHUTDOWN_ACK | COOKIE_ACK | SHUTDOWN_COMPLETE => value.is_empty(),
            COOKIE_ECHO => true,
            RE_CONFIG => {
                self.resets += 1;
                self.resets <= MAX_RESETS && Parameters(value).count() <= 2 && Parameters(value).all(|parameter| parameter.is_some_and(is_reset))
            }
            FORWARD_TSN => value.len().is_multiple_of(4) && word(value, 0).is_some_and(|tsn| self.is_near(tsn, MAX_SKIPPED)),
            _ => false,
        }
    }

    /// At most so far ahead of what was acknowledged, or behind it.
    fn is_near(&self, tsn: u32, ahead: u32) -> bool {
        self.acknowledged.is_some_and(|acknowledged| {
            let distance = tsn.wrapping_sub(acknowledged);
            distance <= ahead || distance > u32::MAX / 2
        })
    }

    /// Learns from our own acknowledgements.
    pub fn sent(&mut self, packet: &[u8]) {
        if let Some(sack) = Chunks::of(packet).find(|chunk| chunk.kind == SACK) {
            self.acknowledged = word(sack.value, 0).or(self.acknowledged);
        }
    }
}

struct Chunk<'a> {
    kind: u8,
    value: &'a [u8],
}

/// The chunks of a packet; `rest` is empty after the last if all were whole.
struct Chunks<'a> {
    rest: &'a [u8],
}

impl<'a> Chunks<'a> {
    fn of(packet: &'a [u8]) -> Chunks<'a> {
        Chunks { rest: packet.get(COMMON_HEADER..).unwrap_or_default() }
    }
}

impl<'a> Iterator for Chunks<'a> {
    type Item = Chunk<'a>;

    fn next(&mut self) -> Option<Chunk<'a>> {
        let (&[kind, _, high, low], _) = self.rest.split_first_chunk::<4>()?;
        let len = usize::from(u16::from_be_bytes([high, low]));
        let value = self.rest.get(4..len)?;
        // The last chunk's padding may be missing.
        self.rest = self.rest.get(len.next_multiple_of(4)..).unwrap_or_default();
        Some(Chunk { kind, value })
    }
}

/// Error causes (RFC 9260 3.3.10) as `rtc::sctp` walks them: it forgets that they are padded.
fn are_causes(mut bytes: &[u8]) -> bool {
    while let Some((&[_, _, high, low], _)) = bytes.split_first_chunk::<4>() {
        let len = usize::from(u16::from_be_bytes([high, low]));
        match bytes.get(len..) {
            Some(rest) if len >= 4 => bytes = rest,
            _ => return false,
        }
    }
    true
}

/// RFC 6525 4.1 and 4.4, without the response's optional fields.
fn is_reset((kind, value): (u16, &[u8])) -> bool {
    match kind {
        OUTGOING_RESET => value.len() >= 12 && value.len() % 2 == 0,
        RESET_RESPONSE => value.len() == 8,
        _ => false,
    }
}

/// Parameters of a chunk (RFC 9260 3.2.1): type and value; `None` in the place of one that is not whole, and nothing after it.
struct Parameters<'a>(&'a [u8]);

impl<'a> Iterator for Parameters<'a> {
    type Item = Option<(u16, &'a [u8])>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let bytes = std::mem::take(&mut self.0);
        let (Some(kind), Some(len)) = (half(bytes, 0), half(bytes, 2).map(usize::from)) else { return Some(None) };
        let Some(value) = bytes.get(4..len) else { return Some(None) };
        self.0 = bytes.get(len.next_multiple_of(4)..).unwrap_or_default();
        Some(Some((kind, value)))
    }
}

fn half(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(chunks: &[(u8, Vec<u8>)]) -> Vec<u8> {
        let mut packet = vec![0; COMMON_HEADER];
        for (kind, value) in chunks {
            packet.extend([*kind, 0]);
            packet.extend((value.len() as u16 + 4).to_be_bytes());
            packet.extend(value);
            packet.resize(packet.len().next_multiple_of(4), 0);
        }
        packet
    }

    fn data(tsn: u32, stream: u16, bytes: usize) -> (u8, Vec<u8>) {
        (DATA, [&tsn.to_be_bytes()[..], &stream.to_be_bytes(), &[0; 6], &vec![7; bytes]].concat())
    }

    fn begun(first: u32) -> Sieve {
        let mut sieve = Sieve::default();
        let init = [&[0; 12][..], &first.to_be_bytes(), &[0xc0, 0, 0, 4]].concat();
        assert!(sieve.admits(&packet(&[(INIT, init)]), false, 1024));
        sieve
    }

    #[test]
    fn what_claims_to_be_longer_than_it_is_stays_outside() {
        let mut sieve = begun(1);
        assert!(sieve.admits(&packet(&[(ERROR, vec![0, 1, 0, 8, 0, 0, 0, 0])]), true, 1024));
        assert!(sieve.admits(&packet(&[data(1, 0, 5), (ABORT, vec![0, 12, 0, 7, 1, 2, 3])]), true, 1024));
        assert!(!sieve.admits(&packet(&[(ERROR, vec![0, 1, 0, 9, 0, 0, 0, 0])]), true, 1024));
        assert!(!sieve.admits(&packet(&[(ABORT, vec![0, 1, 0, 3])]), true, 1024));
        // Padded as it should be, and read as it should not.
        assert!(!sieve.admits(&packet(&[(ERROR, vec![0, 1, 0, 5, 9, 0, 0, 0, 0xff, 0xff, 0xff, 0xff])]), true, 1024));
        let mut long = packet(&[data(1, 0, 3)]);
        assert!(sieve.admits(&long, true, 1024));
        long[15] += 5;
        assert!(!sieve.admits(&long, true, 1024));
    }

    /// `rtc::sctp` would look for the next chunk where it believes that this one ends.
    #[test]
    fn no_chunk_hides_in_another() {
        let mut sieve = begun(1);
        let hidden = [ABORT, 0, 0, 8, 0, 1, 0xff, 0xff];
        let sack = [&[0; 12][..], &hidden].concat();
        let response = [&[0, 16, 0, 20][..], &[0; 8], &hidden].concat();
        let heartbeat = [&[0, 1, 0, 8, 1, 2, 3, 4][..], &hidden].concat();
        for chunk in [(SACK, sack), (RE_CONFIG, response), (HEARTBEAT, heartbeat), (COOKIE_ACK, hidden.to_vec()), (77, hidden.to_vec())] {
            assert!(!sieve.admits(&packet(std::slice::from_ref(&chunk)), true, 1024), "{chunk:?}");
        }
        let reset = [&[0, 13, 0, 18][..], &[0; 12], &[0, 3]].concat();
        for chunk in [(SACK, vec![0; 12]), (RE_CONFIG, reset), (HEARTBEAT, vec![0, 1, 0, 8, 1, 2, 3, 4]), (COOKIE_ACK, vec![])] {
            assert!(sieve.admits(&packet(&[chunk, data(1, 0, 1)]), true, 1024));
        }
    }

    #[test]
    fn what_is_far_ahead_stays_outside_until_we_come_near() {
        let mut sieve = begun(u32::MAX - 10);
        assert!(sieve.admits(&packet(&[data(8000, 0, 1)]), true, 1024));
        assert!(!sieve.admits(&packet(&[data(9000, 0, 1)]), true, 1024));
        assert!(!sieve.admits(&packet(&[(FORWARD_TSN, 1_000_000_000_u32.to_be_bytes().to_vec())]), true, 1024));
        assert!(sieve.admits(&packet(&[(FORWARD_TSN, 9000_u32.to_be_bytes().to_vec())]), true, 1024));
        sieve.sent(&packet(&[(SACK, [&2000_u32.to_be_bytes()[..], &[0; 8]].concat())]));
        assert!(sieve.admits(&packet(&[data(9000, 0, 1)]), true, 1024));
        // What was acknowledged may come again, and a late INIT does not move anything.
        assert!(sieve.admits(&packet(&[data(u32::MAX - 10, 0, 1)]), true, 1024));
        assert!(sieve.admits(&packet(&[(INIT, vec![0; 16])]), true, 1024));
        assert!(sieve.admits(&packet(&[data(9000, 0, 1)]), true, 1024));
    }

    #[test]
    fn streams_have_a_limit_and_messages_have_bytes() {
        let mut sieve = begun(1);
        assert!(sieve.admits(&packet(&[data(1, 1023, 1)]), true, 1024));
        assert!(!sieve.admits(&packet(&[data(1, 1024, 1)]), true, 1024));
        assert!(!sieve.admits(&packet(&[data(1, 0, 0)]), true, 1024));
        assert!(!Sieve::default().admits(&packet(&[data(1, 0, 1)]), true, 1024), "nothing before INIT");
    }
}
