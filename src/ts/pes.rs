//! Packetized elementary streams (ISO/IEC 13818-1, 2.4.3.6).

use super::Packet;

/// The times at the head of a PES packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PesHeader {
    pub stream_id: u8,
    /// 33 bits of 90 kHz.
    pub pts: Option<u64>,
    /// 33 bits of 90 kHz; absent where it equals the PTS.
    pub dts: Option<u64>,
    /// Where the elementary stream's bytes begin.
    pub data_offset: usize,
}

impl PesHeader {
    /// Reads a header from the first bytes of a PES packet; `None` where they are not one or too few.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let [0, 0, 1, stream_id, _, _, marks, flags, length, ..] = *bytes else { return None };
        if marks & 0xc0 != 0x80 {
            return None;
        }
        let pts = (flags & 0x80 != 0).then(|| timestamp(bytes.get(9..14)?)).flatten();
        let dts = (flags & 0xc0 == 0xc0).then(|| timestamp(bytes.get(14..19)?)).flatten();
        Some(Self { stream_id, pts, dts, data_offset: 9 + usize::from(length) })
    }
}

fn timestamp(b: &[u8]) -> Option<u64> {
    let marked = b[0] & 1 == 1 && b[2] & 1 == 1 && b[4] & 1 == 1;
    marked.then(|| u64::from(b[0] >> 1 & 7) << 30 | u64::from(b[1]) << 22 | u64::from(b[2] >> 1) << 15 | u64::from(b[3]) << 7 | u64::from(b[4] >> 1))
}

/// A whole PES packet: its header's times and the elementary stream's bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PesPacket {
    pub header: PesHeader,
    pub data: Vec<u8>,
    /// A packet was lost or damaged inside it.
    pub damaged: bool,
}

/// Gathers the PES packets of one PID. Video PES have no length, so a packet ends where the next begins: call [`PesAssembler::finish`] at the end.
#[derive(Debug, Default)]
pub struct PesAssembler {
    pending: Vec<u8>,
    open: bool,
    damaged: bool,
    counter: Option<u8>,
}

/// A PES packet larger than this is garbage (a 4K intra picture at 100 Mb/s is about 4 MB).
const PES_LIMIT: usize = 16 << 20;

impl PesAssembler {
    /// Takes the next packet of the PID; returns the PES packet that ended before or with it.
    pub fn push(&mut self, packet: &Packet<'_>) -> Option<PesPacket> {
        if !packet.has_payload() || packet.scrambled() {
            return None;
        }
        let counter = packet.continuity_counter();
        let jump = packet.adaptation().is_some_and(|a| a.discontinuity);
        if self.counter == Some(counter) && !jump {
            return None; // a duplicate packet
        }
        let lost = !jump && self.counter.is_some_and(|last| (last + 1) & 0x0f != counter);
        self.counter = Some(counter);
        if packet.payload_unit_start() {
            self.damaged |= lost;
            let done = self.finish();
            self.open = true;
            self.damaged = packet.transport_error();
            self.pending.extend_from_slice(packet.payload());
            return done;
        }
        self.damaged |= lost || packet.transport_error();
        if self.open && self.pending.len() < PES_LIMIT {
            self.pending.extend_from_slice(packet.payload());
        }
        self.complete().then(|| self.finish()).flatten()
    }

    /// Ends the packet under way.
    pub fn finish(&mut self) -> Option<PesPacket> {
        // The next one is probably of about this size.
        let room = Vec::with_capacity(self.pending.len().min(PES_LIMIT));
        let mut bytes = std::mem::replace(&mut self.pending, room);
        let damaged = std::mem::take(&mut self.damaged);
        if !std::mem::take(&mut self.open) {
            return None;
        }
        let header = PesHeader::parse(&bytes)?;
        let end = match declared_length(&bytes) {
            0 => bytes.len(),
            n => bytes.len().min(6 + n),
        };
        let damaged = damaged || end < 6 + declared_length(&bytes);
        bytes.truncate(end);
        if header.data_offset > bytes.len() {
            return None;
        }
        bytes.drain(..header.data_offset);
        Some(PesPacket { header, data: bytes, damaged })
    }

    fn complete(&self) -> bool {
        let length = declared_length(&self.pending);
        self.open && length != 0 && self.pending.len() >= 6 + length
    }
}

/// PES_packet_length: 0 where it is not said.
fn declared_length(bytes: &[u8]) -> usize {
    bytes.get(4..6).map_or(0, |b| usize::from(b[0]) << 8 | usize::from(b[1]))
}
