//! One transport packet of 188 bytes (ISO/IEC 13818-1, 2.4.3.2).

/// Bytes of a transport packet.
pub const PACKET_LEN: usize = 188;
/// The first byte of every transport packet.
pub const SYNC_BYTE: u8 = 0x47;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PacketError {
    #[error("a transport packet has 188 bytes, this has {0}")]
    Length(usize),
    #[error("a transport packet begins with 0x47, this with {0:#04x}")]
    Sync(u8),
}

/// A view of one packet. Accessors never panic, whatever the bytes are.
#[derive(Debug, Clone, Copy)]
pub struct Packet<'a>(&'a [u8; PACKET_LEN]);

/// What an adaptation field says (2.4.3.4). Absent fields are absent, not zero.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Adaptation {
    pub discontinuity: bool,
    pub random_access: bool,
    /// PCR in 27 MHz ticks (base × 300 + extension).
    pub pcr_27m: Option<u64>,
}

impl<'a> Packet<'a> {
    pub fn parse(bytes: &'a [u8]) -> Result<Self, PacketError> {
        let packet: &[u8; PACKET_LEN] = bytes.try_into().map_err(|_| PacketError::Length(bytes.len()))?;
        if packet[0] != SYNC_BYTE {
            return Err(PacketError::Sync(packet[0]));
        }
        Ok(Self(packet))
    }

    pub fn bytes(&self) -> &'a [u8; PACKET_LEN] {
        self.0
    }

    /// The sender marked this packet as damaged beyond repair.
    pub fn transport_error(&self) -> bool {
        self.0[1] & 0x80 != 0
    }

    /// A PES packet or a section begins in this payload.
    pub fn payload_unit_start(&self) -> bool {
        self.0[1] & 0x40 != 0
    }

    pub fn pid(&self) -> u16 {
        u16::from(self.0[1] & 0x1f) << 8 | u16::from(self.0[2])
    }

    pub fn scrambled(&self) -> bool {
        self.0[3] & 0xc0 != 0
    }

    pub fn continuity_counter(&self) -> u8 {
        self.0[3] & 0x0f
    }

    pub fn has_payload(&self) -> bool {
        self.0[3] & 0x10 != 0
    }

    fn has_adaptation(&self) -> bool {
        self.0[3] & 0x20 != 0
    }

    pub fn adaptation(&self) -> Option<Adaptation> {
        let length = usize::from(self.0[4]);
        if !self.has_adaptation() {
            return None;
        }
        if length == 0 {
            return Some(Adaptation::default());
        }
        let flags = self.0[5];
        let pcr_27m = (flags & 0x10 != 0 && length >= 7).then(|| {
            let b = &self.0[6..12];
            let base = u64::from(b[0]) << 25 | u64::from(b[1]) << 17 | u64::from(b[2]) << 9 | u64::from(b[3]) << 1 | u64::from(b[4]) >> 7;
            base * 300 + (u64::from(b[4] & 1) << 8 | u64::from(b[5]))
        });
        Some(Adaptation { discontinuity: flags & 0x80 != 0, random_access: flags & 0x40 != 0, pcr_27m })
    }

    /// What follows the header and the adaptation field; empty where there is no payload.
    pub fn payload(&self) -> &'a [u8] {
        if !self.has_payload() {
            return &[];
        }
        let start = if self.has_adaptation() { 5 + usize::from(self.0[4]) } else { 4 };
        self.0.get(start..).unwrap_or(&[])
    }
}
