//! Continuity counters of all PIDs (ISO/IEC 13818-1, 2.4.3.3).

use std::fmt;

use super::Packet;

/// A packet that did not follow the one before it on its PID.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContinuityError {
    pub pid: u16,
    pub expected: u8,
    pub got: u8,
    /// The packet's number since the source was opened.
    pub packet: u64,
}

impl fmt::Display for ContinuityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "pid {:#x}: continuity {}→{} at packet {}", self.pid, self.expected, self.got, self.packet)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Continuity {
    Follows,
    /// The same packet once more, which is allowed once.
    Duplicate,
    Broken(ContinuityError),
}

const SEEN: u8 = 0x10;
const REPEATED: u8 = 0x20;

/// The last counter of each PID, in one byte each.
#[derive(Debug, Clone)]
pub struct ContinuityCheck(Box<[u8; 8192]>);

impl Default for ContinuityCheck {
    fn default() -> Self {
        Self(Box::new([0; 8192]))
    }
}

impl ContinuityCheck {
    /// Judges the next packet; `number` is for the evidence. Null packets have no counter, and packets without payload do not count on.
    pub fn check(&mut self, packet: &Packet<'_>, number: u64) -> Continuity {
        let pid = packet.pid();
        let Some(last) = self.0.get_mut(usize::from(pid)).filter(|_| pid != 0x1fff && packet.has_payload()) else { return Continuity::Follows };
        let got = packet.continuity_counter();
        let before = std::mem::replace(last, SEEN | got);
        let counter = before & 0x0f;
        let expected = (counter + 1) & 0x0f;
        if before & SEEN == 0 || got == expected {
            return Continuity::Follows;
        }
        if got == counter && before & REPEATED == 0 {
            *last |= REPEATED;
            return Continuity::Duplicate;
        }
        if is_marked(packet) {
            return Continuity::Follows;
        }
        Continuity::Broken(ContinuityError { pid, expected, got, packet: number })
    }

    /// Forgets one PID: a loss that was noticed otherwise is not counted again.
    pub fn forget(&mut self, pid: u16) {
        if let Some(last) = self.0.get_mut(usize::from(pid)) {
            *last = 0;
        }
    }

    pub fn forget_all(&mut self) {
        self.0.fill(0);
    }
}

/// The packet says that its counter does not follow. A damaged packet says so easily: the mark is believed only in an adaptation field that is
/// well formed (2.4.3.4: it leaves room for the payload, and there is no OPCR without a PCR).
fn is_marked(packet: &Packet<'_>) -> bool {
    let &[_, _, _, control, length, flags, ..] = packet.bytes();
    let well_formed = control & 0xc0 == 0 && length <= 182 && (flags & 0x08 == 0 || flags & 0x10 != 0);
    !packet.transport_error() && well_formed && packet.adaptation().is_some_and(|a| a.discontinuity)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ts::PACKET_LEN;

    fn packet(pid: u16, counter: u8, payload: bool, discontinuity: bool) -> [u8; PACKET_LEN] {
        let mut p = [0xff; PACKET_LEN];
        p[0] = 0x47;
        p[1..3].copy_from_slice(&pid.to_be_bytes());
        p[3] = counter | if payload { 0x10 } else { 0 } | if discontinuity || !payload { 0x20 } else { 0 };
        p[4] = 1;
        p[5] = if discontinuity { 0x80 } else { 0 };
        p
    }

    fn run(packets: &[(u8, bool, bool)]) -> Vec<Continuity> {
        let mut check = ContinuityCheck::default();
        let judge = |(n, &(c, payload, jump)): (usize, &(u8, bool, bool))| check.check(&Packet::parse(&packet(0x101, c, payload, jump)).unwrap(), n as u64);
        packets.iter().enumerate().map(judge).collect()
    }

    #[test]
    fn a_lost_packet_is_named() {
        let found = run(&[(3, true, false), (4, true, false), (9, true, false)]);
        assert_eq!(found[..2], [Continuity::Follows, Continuity::Follows]);
        let Continuity::Broken(error) = found[2] else { panic!("{found:?}") };
        assert_eq!(error.to_string(), "pid 0x101: continuity 5→9 at packet 2");
    }

    #[test]
    fn a_duplicate_is_allowed_once() {
        let found = run(&[(3, true, false), (3, true, false), (3, true, false), (4, true, false)]);
        assert_eq!(found[1], Continuity::Duplicate);
        assert!(matches!(found[2], Continuity::Broken(_)));
        assert_eq!(found[3], Continuity::Follows);
    }

    #[test]
    fn a_discontinuity_indicator_excuses_and_an_adaptation_field_alone_does_not_count() {
        let found = run(&[(15, true, false), (0, true, false), (0, false, false), (7, true, true), (8, true, false)]);
        assert!(found.iter().all(|&f| f == Continuity::Follows), "{found:?}");
    }
}
