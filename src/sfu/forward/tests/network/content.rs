//! What publishers send: packets that say what they are, so that a receiver knows whether they could be decoded.

use crate::sfu::codec::vp8;

/// Stands at the end of every payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mark {
    pub layer: u8,
    pub temporal: u8,
    pub is_key: bool,
    pub index: u16,
    pub count: u16,
    /// Pictures are counted for each layer; the one this refers to.
    pub frame: u32,
    pub reference: u32,
    /// Microseconds of the world's time at which it was captured.
    pub captured_us: u64,
}

pub const MARK_LEN: usize = 25;

impl Mark {
    pub fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&[self.layer, self.temporal, u8::from(self.is_key)]);
        out.extend_from_slice(&self.index.to_be_bytes());
        out.extend_from_slice(&self.count.to_be_bytes());
        out.extend_from_slice(&self.frame.to_be_bytes());
        out.extend_from_slice(&self.reference.to_be_bytes());
        out.extend_from_slice(&self.captured_us.to_be_bytes());
        out.extend_from_slice(&[0xfe, 0xed]);
    }

    pub fn read(payload: &[u8]) -> Option<Self> {
        let mark: &[u8; MARK_LEN] = payload.last_chunk()?;
        if mark[23..] != [0xfe, 0xed] {
            return None;
        }
        let u16_at = |at: usize| u16::from_be_bytes([mark[at], mark[at + 1]]);
        let u32_at = |at: usize| u32::from_be_bytes([mark[at], mark[at + 1], mark[at + 2], mark[at + 3]]);
        Some(Self {
            layer: mark[0],
            temporal: mark[1],
            is_key: mark[2] != 0,
            index: u16_at(3),
            count: u16_at(5),
            frame: u32_at(7),
            reference: u32_at(11),
            captured_us: u64::from(u32_at(15)) << 32 | u64::from(u32_at(19)),
        })
    }
}

/// The numbers of a VP8 picture (RFC 7741 section 4.2).
#[derive(Debug, Clone, Copy)]
pub struct Vp8Numbers {
    pub picture_id: u16,
    pub tl0: u8,
    pub layer_sync: bool,
}

/// One packet's payload, about `len` bytes long.
pub fn vp8_payload(mark: &Mark, numbers: &Vp8Numbers, size: (u16, u16), len: usize) -> Vec<u8> {
    let is_first = mark.index == 0;
    let [high, low] = numbers.picture_id.to_be_bytes();
    let mut out = vec![0x80 | u8::from(is_first) << 4, 0xe0, 0x80 | high, low, numbers.tl0, mark.temporal << 6 | u8::from(numbers.layer_sync) << 5];
    if is_first {
        out.extend_from_slice(&[u8::from(!mark.is_key), 0, 0]);
        if mark.is_key {
            let ([w0, w1], [h0, h1]) = (size.0.to_le_bytes(), size.1.to_le_bytes());
            out.extend_from_slice(&[0x9d, 0x01, 0x2a, w0, w1, h0, h1]);
        }
    }
    fill(out, mark, len)
}

/// H.264 as Chromium packs it: parameter sets together in the first packet of a key picture, then fragments of one slice.
pub fn h264_payload(mark: &Mark, len: usize) -> Vec<u8> {
    let mut out = Vec::new();
    if mark.is_key && mark.index == 0 {
        // 640x480, baseline (H.264 7.3.2.1.1), and a picture parameter set; the mark is in a unit of supplemental information.
        let sps: &[u8] = &[0x67, 0x42, 0xc0, 0x1f, 0xda, 0x02, 0x80, 0xf6, 0x84, 0x00];
        let pps: &[u8] = &[0x68, 0xce, 0x3c, 0x80];
        out.push(24);
        for unit in [sps, pps] {
            out.extend_from_slice(&(unit.len() as u16).to_be_bytes());
            out.extend_from_slice(unit);
        }
        out.extend_from_slice(&(1 + MARK_LEN as u16).to_be_bytes());
        out.push(6);
        mark.write(&mut out);
        return out;
    }
    let kind = if mark.is_key { 5 } else { 1 };
    let is_start = mark.index == u16::from(mark.is_key);
    let is_end = mark.index + 1 == mark.count;
    out.extend_from_slice(&[0x60 | 28, u8::from(is_start) << 7 | u8::from(is_end) << 6 | kind]);
    if is_start {
        out.push(0x88);
    }
    fill(out, mark, len)
}

/// VP9 of one spatial layer, with the structure on key pictures (RFC 9628 section 4.2).
pub fn vp9_payload(mark: &Mark, numbers: &Vp8Numbers, size: (u16, u16), len: usize) -> Vec<u8> {
    let (is_first, is_last) = (mark.index == 0, mark.index + 1 == mark.count);
    let has_structure = mark.is_key && is_first;
    let flags = 0xa0 | u8::from(!mark.is_key) << 6 | u8::from(is_first) << 3 | u8::from(is_last) << 2 | u8::from(has_structure) << 1;
    let [high, low] = numbers.picture_id.to_be_bytes();
    let mut out = vec![flags, 0x80 | high, low, mark.temporal << 5 | u8::from(numbers.layer_sync) << 4, numbers.tl0];
    if has_structure {
        out.push(0x10);
        out.extend_from_slice(&size.0.to_be_bytes());
        out.extend_from_slice(&size.1.to_be_bytes());
    }
    fill(out, mark, len)
}

/// AV1 without layers: a key picture begins with a sequence header, here of 320x180 (AV1's RTP format, section 4.4).
pub fn av1_payload(mark: &Mark, len: usize) -> Vec<u8> {
    const SEQUENCE: [u8; 14] = [0x08, 0x20, 0x00, 0x00, 0x04, 0x3c, 0xfe, 0xcc, 0xda, 0xf9, 0x20, 0x21, 0xa0, 0x00];
    let (is_first, is_last) = (mark.index == 0, mark.index + 1 == mark.count);
    let goes_on = u8::from(!is_first) << 7 | u8::from(!is_last) << 6;
    let mut out = match mark.is_key && is_first {
        true => vec![goes_on | 0x28, SEQUENCE.len() as u8],
        false => vec![goes_on | 0x10],
    };
    if mark.is_key && is_first {
        out.extend_from_slice(&SEQUENCE);
    }
    if is_first {
        out.push(0x30);
    }
    fill(out, mark, len)
}

pub fn opus_payload(mark: &Mark, len: usize) -> Vec<u8> {
    fill(vec![0x78], mark, len)
}

fn fill(mut out: Vec<u8>, mark: &Mark, len: usize) -> Vec<u8> {
    out.resize(out.len().max(len.saturating_sub(MARK_LEN)), 0x55);
    mark.write(&mut out);
    out
}

/// What a VP8 packet says of itself.
pub fn vp8_numbers(payload: &[u8]) -> Option<(u16, u8)> {
    let descriptor = vp8::Descriptor::parse(payload).ok()?;
    Some((descriptor.picture_id?, descriptor.tl0?))
}
