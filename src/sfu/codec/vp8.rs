//! VP8 (RFC 7741): the payload descriptor, the head of a key picture, and renumbering for a subscriber whose layers change.

#[cfg(test)]
mod tests;

use super::{PayloadError, Picture};

/// The payload descriptor (RFC 7741 4.2), and of a picture's first packet what its header says (4.3, RFC 6386 9.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Descriptor {
    /// Bytes before the VP8 payload.
    pub len: usize,
    /// First packet of a picture: start of partition 0.
    pub begins: bool,
    /// No other picture refers to it.
    pub discardable: bool,
    /// 15 bits where [`Self::picture_id_is_wide`], else 7.
    pub picture_id: Option<u16>,
    pub picture_id_is_wide: bool,
    /// TL0PICIDX: counts pictures of the lowest temporal layer.
    pub tl0: Option<u8>,
    pub temporal: Option<u8>,
    /// The picture refers to the lowest layer only.
    pub layer_sync: bool,
    pub key_index: Option<u8>,
    /// First packet of a key picture.
    pub is_key: bool,
    /// Of a key picture.
    pub resolution: Option<(u16, u16)>,
    places: Places,
}

/// Where the numbers stand that [`rewrite`] changes; zero where they do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Places {
    picture_id: usize,
    tl0: usize,
}

impl Descriptor {
    pub fn parse(payload: &[u8]) -> Result<Self, PayloadError> {
        let mut at = 0;
        let mut next = || {
            let byte = payload.get(at).copied().ok_or(PayloadError::Truncated { what: "VP8 descriptor", len: payload.len(), needed: at + 1 })?;
            at += 1;
            Ok((at - 1, byte))
        };
        let mut d = Self::default();
        let (_, first) = next()?;
        d.discardable = first & 0x20 != 0;
        d.begins = first & 0x17 == 0x10;
        let present = if first & 0x80 != 0 { next()?.1 } else { 0 };
        if present & 0x80 != 0 {
            let (place, high) = next()?;
            d.places.picture_id = place;
            d.picture_id_is_wide = high & 0x80 != 0;
            d.picture_id = Some(match d.picture_id_is_wide {
                true => u16::from_be_bytes([high & 0x7f, next()?.1]),
                false => u16::from(high),
            });
        }
        if present & 0x40 != 0 {
            let (place, tl0) = next()?;
            d.places.tl0 = place;
            d.tl0 = Some(tl0);
        }
        if present & 0x30 != 0 {
            let (_, byte) = next()?;
            if present & 0x20 != 0 {
                d.temporal = Some(byte >> 6);
                d.layer_sync = byte & 0x20 != 0;
            }
            d.key_index = (present & 0x10 != 0).then_some(byte & 0x1f);
        }
        d.len = at;
        if d.begins {
            d.read_picture(payload.get(at..).unwrap_or_default());
        }
        Ok(d)
    }

    fn read_picture(&mut self, picture: &[u8]) {
        // The first bit is zero for a key picture; then come two bytes of sizes and the start code.
        self.is_key = matches!(picture, [tag, ..] if tag & 1 == 0);
        if let (true, [_, _, _, 0x9d, 0x01, 0x2a, w0, w1, h0, h1, ..]) = (self.is_key, picture) {
            // The two upper bits of each tell how to scale.
            self.resolution = Some((u16::from_le_bytes([*w0, w1 & 0x3f]), u16::from_le_bytes([*h0, h1 & 0x3f])));
        }
    }
}

impl From<Descriptor> for Picture {
    fn from(d: Descriptor) -> Self {
        Self {
            starts_key: d.is_key,
            begins: d.begins,
            temporal: d.temporal,
            spatial: None,
            layer_sync: d.layer_sync,
            resolution: d.resolution,
            discardable: d.discardable,
        }
    }
}

/// Puts other numbers in the place of those that are there, in place: a descriptor never changes its length. A 15-bit picture ID takes the lower 15 bits
/// (32767 is followed by 0), a 7-bit one the lower 7 (127 is followed by 0); what a descriptor does not have is not added.
pub fn rewrite(payload: &mut [u8], picture_id: u16, tl0: u8) -> Result<(), PayloadError> {
    let d = Descriptor::parse(payload)?;
    let [high, low] = picture_id.to_be_bytes();
    if d.places.picture_id != 0 {
        match payload.get_mut(d.places.picture_id..) {
            Some([first, second, ..]) if d.picture_id_is_wide => (*first, *second) = (0x80 | high, low),
            Some([first, ..]) => *first = low & 0x7f,
            _ => {}
        }
    }
    if d.places.tl0 != 0
        && let Some(place) = payload.get_mut(d.places.tl0)
    {
        *place = tl0;
    }
    Ok(())
}
