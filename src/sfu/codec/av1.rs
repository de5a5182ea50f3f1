//! AV1 (AV1's RTP payload format, version 1.0): the aggregation header and the units after it.

mod sequence;
#[cfg(test)]
mod tests;

use super::{PayloadError, Picture};

/// OBU types (AV1 6.2.2).
const SEQUENCE_HEADER: u8 = 1;
const TEMPORAL_DELIMITER: u8 = 2;
const FRAME_HEADER: u8 = 3;
const METADATA: u8 = 5;
const FRAME: u8 = 6;

/// The aggregation header (section 4.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Aggregation {
    /// Z: the first element goes on with one of the packet before.
    pub continues: bool,
    /// Y: the last element goes on in the next packet.
    pub is_continued: bool,
    /// W: the number of elements, of which the last has no length; zero where all have lengths.
    pub count: u8,
    /// N: first packet of a coded video sequence.
    pub begins_sequence: bool,
}

impl Aggregation {
    pub fn new(byte: u8) -> Self {
        Self { continues: byte & 0x80 != 0, is_continued: byte & 0x40 != 0, count: byte >> 4 & 3, begins_sequence: byte & 0x08 != 0 }
    }
}

/// An OBU that begins in a packet; all of it or the first part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Obu<'a> {
    pub kind: u8,
    /// Temporal and spatial layer, where it has an extension.
    pub layer: Option<(u8, u8)>,
    /// Without header.
    pub body: &'a [u8],
}

impl<'a> Obu<'a> {
    fn parse(element: &'a [u8]) -> Option<Self> {
        let (head, rest) = element.split_first()?;
        let (layer, rest) = match *rest {
            [layer, ref rest @ ..] if head & 0x04 != 0 => (Some((layer >> 5, layer >> 3 & 3)), rest),
            _ if head & 0x04 != 0 => return None,
            _ => (None, rest),
        };
        // Sizes should not stand in RTP, but may (section 4.4).
        let body = if head & 0x02 != 0 { leb128(rest)?.1 } else { rest };
        Some(Self { kind: head >> 3 & 0x0f, layer, body })
    }
}

/// The elements of a payload; of a damaged one those before the damage.
#[derive(Debug, Clone)]
pub struct Elements<'a> {
    rest: &'a [u8],
    /// The element that has no length, counted from here: 1 is the next. Zero where all have one.
    bare: u8,
}

impl<'a> Elements<'a> {
    pub fn of(payload: &'a [u8]) -> Result<(Aggregation, Self), PayloadError> {
        let (head, rest) = payload.split_first().ok_or(PayloadError::Truncated { what: "AV1 aggregation header", len: 0, needed: 1 })?;
        let aggregation = Aggregation::new(*head);
        Ok((aggregation, Self { rest, bare: aggregation.count }))
    }
}

impl<'a> Iterator for Elements<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let rest = std::mem::take(&mut self.rest);
        if rest.is_empty() || self.bare == 1 {
            return (!rest.is_empty()).then_some(rest);
        }
        let (len, rest) = leb128(rest)?;
        let (element, rest) = rest.split_at_checked(len)?;
        self.rest = rest;
        self.bare = self.bare.saturating_sub(1);
        Some(element)
    }
}

/// A number of at most 32 bits in groups of seven (AV1 4.10.5), and what follows it.
fn leb128(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut value = 0u64;
    for (i, byte) in bytes.iter().take(8).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * i);
        if byte & 0x80 == 0 {
            return Some((u32::try_from(value).ok()? as usize, bytes.get(i + 1..)?));
        }
    }
    None
}

/// AV1 says where a coded video sequence begins, which is where one can start; it does not say where each picture's packets do,
/// so several packets of one timestamp may.
pub fn describe(payload: &[u8]) -> Picture {
    let Ok((head, elements)) = Elements::of(payload) else { return Picture::default() };
    let mut picture = Picture::default();
    let mut obus = elements.skip(usize::from(head.continues)).map_while(Obu::parse).peekable();
    if let (false, Some(first)) = (head.continues, obus.peek()) {
        let leads = matches!(first.kind, SEQUENCE_HEADER | TEMPORAL_DELIMITER | METADATA | FRAME_HEADER | FRAME);
        picture.starts_key = head.begins_sequence;
        picture.begins = picture.starts_key || leads && first.layer.is_none_or(|(_, spatial)| spatial == 0);
    }
    for obu in obus {
        if let (None, Some((temporal, spatial))) = (picture.temporal, obu.layer) {
            (picture.temporal, picture.spatial) = (Some(temporal), Some(spatial));
        }
        if obu.kind == SEQUENCE_HEADER {
            picture.resolution = sequence::resolution(obu.body).or(picture.resolution);
        }
    }
    picture
}
