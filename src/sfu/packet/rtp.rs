//! RTP packets (RFC 3550 5.1) and their header extensions in both forms (RFC 8285).

use thiserror::Error;

/// The fixed part of the header.
const FIXED_LEN: usize = 12;
/// The profile of extensions with one-byte headers (RFC 8285 4.2).
const ONE_BYTE: u16 = 0xbede;
/// The profile of extensions with two-byte headers; the last four bits are for the application (RFC 8285 4.3).
const TWO_BYTE: u16 = 0x1000;

/// Why bytes are no RTP packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RtpError {
    #[error("{len} bytes cannot hold an RTP header that needs {needed}")]
    TooShort { len: usize, needed: usize },
    #[error("RTP version is {0}, not 2")]
    Version(u8),
    #[error("{claimed} bytes of padding do not fit into the {room} bytes after the header")]
    Padding { claimed: usize, room: usize },
}

/// A packet whose header, extension and padding were found to lie within its bytes.
#[derive(Debug, Clone, Copy)]
pub struct Rtp<'a> {
    fixed: &'a [u8; FIXED_LEN],
    profile: u16,
    extension: &'a [u8],
    header_len: usize,
    payload: &'a [u8],
    padding_len: usize,
}

impl<'a> Rtp<'a> {
    pub fn parse(bytes: &'a [u8]) -> Result<Self, RtpError> {
        let short = |needed| RtpError::TooShort { len: bytes.len(), needed };
        let fixed: &[u8; FIXED_LEN] = bytes.first_chunk().ok_or(short(FIXED_LEN))?;
        let [first, ..] = *fixed;
        if first >> 6 != 2 {
            return Err(RtpError::Version(first >> 6));
        }
        let mut header_len = FIXED_LEN + 4 * usize::from(first & 0x0f);
        let (mut profile, mut extension) = (0, &[][..]);
        if first & 0x10 != 0 {
            let head = bytes.get(header_len..).and_then(|rest| rest.first_chunk()).ok_or(short(header_len + 4))?;
            let [p0, p1, l0, l1] = *head;
            profile = u16::from_be_bytes([p0, p1]);
            let start = header_len + 4;
            header_len = start + 4 * usize::from(u16::from_be_bytes([l0, l1]));
            extension = bytes.get(start..header_len).ok_or(short(header_len))?;
        }
        let rest = bytes.get(header_len..).ok_or(short(header_len))?;
        let padding_len = match rest.last() {
            _ if first & 0x20 == 0 => 0,
            // The count includes itself, so zero is none (RFC 3550 5.1).
            Some(0) | None => return Err(RtpError::Padding { claimed: 0, room: rest.len() }),
            Some(&claimed) => usize::from(claimed),
        };
        let end = rest.len().checked_sub(padding_len).ok_or(RtpError::Padding { claimed: padding_len, room: rest.len() })?;
        Ok(Self { fixed, profile, extension, header_len, payload: rest.get(..end).unwrap_or_default(), padding_len })
    }

    pub fn payload_type(&self) -> u8 {
        self.fixed[1] & 0x7f
    }

    pub fn marker(&self) -> bool {
        self.fixed[1] & 0x80 != 0
    }

    pub fn sequence(&self) -> u16 {
        u16::from_be_bytes([self.fixed[2], self.fixed[3]])
    }

    /// In units of the codec's clock.
    pub fn timestamp(&self) -> u32 {
        u32::from_be_bytes([self.fixed[4], self.fixed[5], self.fixed[6], self.fixed[7]])
    }

    pub fn ssrc(&self) -> u32 {
        u32::from_be_bytes([self.fixed[8], self.fixed[9], self.fixed[10], self.fixed[11]])
    }

    /// The value of the extension that the session negotiated as `id`.
    pub fn extension(&self, id: u8) -> Option<&'a [u8]> {
        self.extensions().find_map(|(each, value)| (each == id).then_some(value))
    }

    /// Identifiers and values in the order they stand; of a damaged extension those before the damage.
    pub fn extensions(&self) -> Extensions<'a> {
        Extensions { profile: self.profile, rest: self.extension }
    }

    /// Fixed part, contributing sources and extension: where the payload begins.
    pub fn header_len(&self) -> usize {
        self.header_len
    }

    /// Without padding; empty for a packet that only probes.
    pub fn payload(&self) -> &'a [u8] {
        self.payload
    }

    pub fn padding_len(&self) -> usize {
        self.padding_len
    }
}

/// See [`Rtp::extensions`].
#[derive(Debug, Clone)]
pub struct Extensions<'a> {
    profile: u16,
    rest: &'a [u8],
}

impl<'a> Extensions<'a> {
    fn end<T>(&mut self) -> Option<T> {
        self.rest = &[];
        None
    }
}

impl<'a> Iterator for Extensions<'a> {
    type Item = (u8, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (id, len, rest) = match *self.rest {
                [] => return None,
                [0, ref rest @ ..] => {
                    self.rest = rest;
                    continue;
                }
                // Identifier 15 ends everything; padding cannot have a length (RFC 8285 4.2).
                [head, ref rest @ ..] if self.profile == ONE_BYTE && (1..15).contains(&(head >> 4)) => (head >> 4, usize::from(head & 0x0f) + 1, rest),
                [id, len, ref rest @ ..] if self.profile & 0xfff0 == TWO_BYTE => (id, usize::from(len), rest),
                _ => return self.end(),
            };
            let Some((value, rest)) = rest.split_at_checked(len) else { return self.end() };
            self.rest = rest;
            return Some((id, value));
        }
    }
}

/// What a writer has to be told of the fixed part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Header {
    pub payload_type: u8,
    pub marker: bool,
    pub sequence: u16,
    pub timestamp: u32,
    pub ssrc: u32,
}

/// Appends a header without contributing sources; the payload is appended by the caller. Extensions take the one-byte form where all of them fit it
/// (identifiers 1 to 14, values of 1 to 16 bytes), else the two-byte form; those that fit neither (identifier 0, more than 255 bytes) are left out.
pub fn write_header(out: &mut Vec<u8>, header: &Header, extensions: &[(u8, &[u8])]) {
    write(out, 0x80, header, extensions);
}

/// Appends a whole packet of nothing but `len` bytes (1 to 255) of padding: it probes a line and decodes to nothing.
pub fn write_padding_only(out: &mut Vec<u8>, header: &Header, extensions: &[(u8, &[u8])], len: u8) {
    let len = len.max(1);
    write(out, 0xa0, header, extensions);
    out.resize(out.len() + usize::from(len) - 1, 0);
    out.push(len);
}

fn write(out: &mut Vec<u8>, first: u8, header: &Header, extensions: &[(u8, &[u8])]) {
    let extended = if extensions.is_empty() { 0 } else { 0x10 };
    let [s0, s1] = header.sequence.to_be_bytes();
    let [t0, t1, t2, t3] = header.timestamp.to_be_bytes();
    let [r0, r1, r2, r3] = header.ssrc.to_be_bytes();
    let second = u8::from(header.marker) << 7 | header.payload_type & 0x7f;
    // In one piece: this is done for every packet of every subscriber.
    out.extend_from_slice(&[first | extended, second, s0, s1, t0, t1, t2, t3, r0, r1, r2, r3]);
    if extensions.is_empty() {
        return;
    }
    let one_byte = extensions.iter().all(|(id, value)| (1..15).contains(id) && (1..=16).contains(&value.len()));
    out.extend_from_slice(&if one_byte { ONE_BYTE } else { TWO_BYTE }.to_be_bytes());
    let length_at = out.len();
    out.extend_from_slice(&[0, 0]);
    let start = out.len();
    for (id, value) in extensions {
        match u8::try_from(value.len()) {
            Ok(len) if one_byte => out.push(id << 4 | (len - 1)),
            Ok(len) if *id != 0 => out.extend_from_slice(&[*id, len]),
            _ => continue,
        }
        out.extend_from_slice(value);
    }
    let len = out.len() - start;
    out.resize(start + len.next_multiple_of(4), 0);
    let words = (len.div_ceil(4) as u16).to_be_bytes();
    if let Some(length) = out.get_mut(length_at..start) {
        length.copy_from_slice(&words);
    }
}
