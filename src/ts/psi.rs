//! Programme specific information: sections, PAT and PMT (ISO/IEC 13818-1, 2.4.4).

use super::Packet;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PsiError {
    #[error("section of table {table_id:#04x} is too short: {have} bytes")]
    Short { table_id: u8, have: usize },
    #[error("section of table {table_id:#04x} has a wrong CRC")]
    Crc { table_id: u8 },
    #[error("section of table {table_id:#04x} is not the table expected here")]
    Table { table_id: u8 },
}

/// CRC-32/MPEG-2 over a whole section, its own CRC included: zero when it is right (annex A).
pub fn crc32_mpeg(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 256] = {
        let mut table = [0u32; 256];
        let mut i = 0;
        while i < 256 {
            let mut crc = (i as u32) << 24;
            let mut bit = 0;
            while bit < 8 {
                crc = if crc & 0x8000_0000 != 0 { crc << 1 ^ 0x04c1_1db7 } else { crc << 1 };
                bit += 1;
            }
            table[i] = crc;
            i += 1;
        }
        table
    };
    bytes.iter().fold(0xffff_ffff, |crc, &b| crc << 8 ^ TABLE[usize::from((crc >> 24) as u8 ^ b)])
}

/// Gathers the sections of one PID from its packets.
#[derive(Debug, Default)]
pub struct SectionAssembler {
    pending: Vec<u8>,
    open: bool,
    counter: Option<u8>,
}

/// Longer than any section may be (EIT: 4,096 bytes).
const SECTION_LIMIT: usize = 4096;

impl SectionAssembler {
    /// Takes one packet of the PID and hands each section that it completes to `section` (header to CRC, not checked).
    pub fn push(&mut self, packet: &Packet<'_>, mut section: impl FnMut(&[u8])) {
        if packet.transport_error() || packet.scrambled() || !packet.has_payload() {
            return;
        }
        let counter = packet.continuity_counter();
        // A duplicate packet (2.4.3.3). Some multiplexers never advance the counter of a table that fits one packet: its beginning is read again.
        let follows = self.counter.is_none_or(|last| (last + 1) & 0x0f == counter);
        let duplicate = self.counter == Some(counter);
        if duplicate && !packet.payload_unit_start() {
            return;
        }
        self.counter = Some(counter);
        if !follows {
            self.drop_pending();
        }
        let payload = packet.payload();
        if !packet.payload_unit_start() {
            return self.append(payload, &mut section);
        }
        let Some((&pointer, rest)) = payload.split_first() else { return };
        let Some((tail, fresh)) = rest.split_at_checked(usize::from(pointer)) else {
            return self.drop_pending();
        };
        if !duplicate {
            self.append(tail, &mut section);
        }
        self.drop_pending();
        self.open = true;
        self.append(fresh, &mut section);
    }

    fn append(&mut self, bytes: &[u8], section: &mut impl FnMut(&[u8])) {
        if !self.open {
            return;
        }
        self.pending.extend_from_slice(bytes);
        let mut start = 0;
        loop {
            let rest = &self.pending[start..];
            match rest {
                [0xff, ..] => return self.drop_pending(), // stuffing to the packet's end
                [_, high, low, ..] => {
                    let length = 3 + (usize::from(high & 0x0f) << 8 | usize::from(*low));
                    if length > SECTION_LIMIT + 3 {
                        return self.drop_pending();
                    }
                    if rest.len() < length {
                        break;
                    }
                    section(&rest[..length]);
                    start += length;
                }
                _ => break,
            }
        }
        self.pending.drain(..start);
    }

    fn drop_pending(&mut self) {
        self.pending.clear();
        self.open = false;
    }
}

/// Checks table, length and CRC of a long section; returns what lies between its 8-byte header and its CRC.
fn body(section: &[u8], table: u8) -> Result<&[u8], PsiError> {
    let table_id = section.first().copied().unwrap_or(0xff);
    if table_id != table {
        return Err(PsiError::Table { table_id });
    }
    if section.len() < 12 {
        return Err(PsiError::Short { table_id, have: section.len() });
    }
    if crc32_mpeg(section) != 0 {
        return Err(PsiError::Crc { table_id });
    }
    Ok(&section[8..section.len() - 4])
}

/// Which services there are and where their PMTs are (2.4.4.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pat {
    pub transport_stream_id: u16,
    pub version: u8,
    /// (service, PID of its PMT); the network PID (service 0) is left out.
    pub services: Vec<(u16, u16)>,
}

impl Pat {
    pub fn parse(section: &[u8]) -> Result<Self, PsiError> {
        let body = body(section, 0x00)?;
        let services = body
            .chunks_exact(4)
            .map(|e| (u16::from_be_bytes([e[0], e[1]]), u16::from_be_bytes([e[2], e[3]]) & 0x1fff))
            .filter(|&(service, _)| service != 0)
            .collect();
        Ok(Self { transport_stream_id: u16::from_be_bytes([section[3], section[4]]), version: section[5] >> 1 & 0x1f, services })
    }

    /// The table as one section with its CRC.
    pub fn section(&self) -> Vec<u8> {
        let length = 9 + 4 * self.services.len();
        let mut out = vec![0x00, 0xb0 | (length >> 8) as u8, length as u8];
        out.extend(self.transport_stream_id.to_be_bytes());
        out.extend([0xc1 | self.version << 1, 0, 0]);
        for &(service, pid) in &self.services {
            out.extend(service.to_be_bytes());
            out.extend((0xe000 | pid).to_be_bytes());
        }
        let crc = crc32_mpeg(&out);
        out.extend(crc.to_be_bytes());
        out
    }
}

/// What an elementary stream carries, from its stream type and descriptors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StreamKind {
    Mpeg2Video,
    H264,
    H265,
    /// MPEG-1 or MPEG-2 layer I/II sound.
    Mp2,
    AacAdts,
    AacLatm,
    Ac3,
    EAc3,
    DvbSubtitle,
    Teletext,
    Other,
}

impl StreamKind {
    pub fn is_video(self) -> bool {
        matches!(self, Self::Mpeg2Video | Self::H264 | Self::H265)
    }

    pub fn is_audio(self) -> bool {
        matches!(self, Self::Mp2 | Self::AacAdts | Self::AacLatm | Self::Ac3 | Self::EAc3)
    }

    fn of(stream_type: u8, descriptors: &[u8]) -> Self {
        let mut tags = tags(descriptors).map(|(tag, _)| tag);
        match stream_type {
            0x01 | 0x02 => Self::Mpeg2Video,
            0x03 | 0x04 => Self::Mp2,
            0x0f => Self::AacAdts,
            0x11 => Self::AacLatm,
            0x1b => Self::H264,
            0x24 => Self::H265,
            0x81 => Self::Ac3,
            0x87 => Self::EAc3,
            // Private data is told by its descriptor (ETSI EN 300 468, table 12).
            0x06 => tags
                .find_map(|tag| match tag {
                    0x56 => Some(Self::Teletext),
                    0x59 => Some(Self::DvbSubtitle),
                    0x6a => Some(Self::Ac3),
                    0x7a => Some(Self::EAc3),
                    0x7c => Some(Self::AacLatm),
                    _ => None,
                })
                .unwrap_or(Self::Other),
            _ => Self::Other,
        }
    }
}

/// Walks a descriptor loop; a truncated last descriptor ends it.
fn tags(mut descriptors: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    std::iter::from_fn(move || {
        let (&[tag, length], rest) = descriptors.split_first_chunk::<2>()?;
        let (content, rest) = rest.split_at_checked(usize::from(length))?;
        descriptors = rest;
        Some((tag, content))
    })
}

/// One elementary stream of a service.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Stream {
    pub pid: u16,
    pub stream_type: u8,
    pub kind: StreamKind,
    /// ISO 639-2, from the language descriptor (tag 0x0A).
    pub language: Option<String>,
}

/// The streams of one service (2.4.4.8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pmt {
    pub service: u16,
    pub version: u8,
    pub pcr_pid: u16,
    pub streams: Vec<Stream>,
    /// A conditional access descriptor is present (tag 0x09).
    pub scrambled: bool,
}

impl Pmt {
    pub fn parse(section: &[u8]) -> Result<Self, PsiError> {
        let body = body(section, 0x02)?;
        let short = || PsiError::Short { table_id: 0x02, have: section.len() };
        let (head, rest) = body.split_first_chunk::<4>().ok_or_else(short)?;
        let info_length = usize::from(head[2] & 0x0f) << 8 | usize::from(head[3]);
        let (info, mut rest) = rest.split_at_checked(info_length).ok_or_else(short)?;
        let mut scrambled = tags(info).any(|(tag, _)| tag == 0x09);
        let mut streams = Vec::new();
        while let Some((es, after)) = rest.split_first_chunk::<5>() {
            let length = usize::from(es[3] & 0x0f) << 8 | usize::from(es[4]);
            let (descriptors, after) = after.split_at_checked(length).ok_or_else(short)?;
            scrambled |= tags(descriptors).any(|(tag, _)| tag == 0x09);
            streams.push(Stream {
                pid: u16::from_be_bytes([es[1], es[2]]) & 0x1fff,
                stream_type: es[0],
                kind: StreamKind::of(es[0], descriptors),
                language: tags(descriptors).find(|(tag, c)| *tag == 0x0a && c.len() >= 3).map(|(_, c)| c[..3].iter().map(|&b| b as char).collect()),
            });
            rest = after;
        }
        Ok(Self {
            service: u16::from_be_bytes([section[3], section[4]]),
            version: section[5] >> 1 & 0x1f,
            pcr_pid: u16::from_be_bytes([head[0], head[1]]) & 0x1fff,
            streams,
            scrambled,
        })
    }

    pub fn video(&self) -> Option<&Stream> {
        self.streams.iter().find(|s| s.kind.is_video())
    }

    /// The first sound stream.
    pub fn audio(&self) -> Option<&Stream> {
        self.streams.iter().find(|s| s.kind.is_audio())
    }
}
