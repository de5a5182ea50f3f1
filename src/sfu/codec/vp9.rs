//! VP9 (RFC 9628): the payload descriptor.

#[cfg(test)]
mod tests;

use super::{PayloadError, Picture};

/// The payload descriptor (RFC 9628 4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Descriptor {
    /// Bytes before the VP9 payload.
    pub len: usize,
    /// P: refers to earlier pictures.
    pub inter: bool,
    /// B: first packet of one spatial layer's frame.
    pub begins_frame: bool,
    /// E: last packet of it.
    pub ends_frame: bool,
    /// 15 bits where [`Self::picture_id_is_wide`], else 7.
    pub picture_id: Option<u16>,
    pub picture_id_is_wide: bool,
    pub temporal: Option<u8>,
    pub spatial: Option<u8>,
    /// U: from here one can go up to this temporal layer.
    pub layer_sync: bool,
    /// D: refers to the lower spatial layer of the same picture.
    pub inter_layer: bool,
    /// Z: no higher spatial layer refers to it.
    pub not_referred_to: bool,
    /// TL0PICIDX; not in flexible mode.
    pub tl0: Option<u8>,
    /// Number of spatial layers and the size of the largest, where the scalability structure says them.
    pub layers: Option<u8>,
    pub resolution: Option<(u16, u16)>,
}

impl Descriptor {
    pub fn parse(payload: &[u8]) -> Result<Self, PayloadError> {
        let mut reader = Reader { payload, at: 0 };
        let first = reader.byte()?;
        let bit = |mask: u8| first & mask != 0;
        let (layered, flexible) = (bit(0x20), bit(0x10));
        let mut d = Self { inter: bit(0x40), begins_frame: bit(0x08), ends_frame: bit(0x04), not_referred_to: bit(0x01), ..Self::default() };
        if bit(0x80) {
            let high = reader.byte()?;
            d.picture_id_is_wide = high & 0x80 != 0;
            d.picture_id = Some(match d.picture_id_is_wide {
                true => u16::from_be_bytes([high & 0x7f, reader.byte()?]),
                false => u16::from(high),
            });
        }
        if layered {
            let byte = reader.byte()?;
            d.temporal = Some(byte >> 5);
            d.layer_sync = byte & 0x10 != 0;
            d.spatial = Some(byte >> 1 & 7);
            d.inter_layer = byte & 1 != 0;
            if !flexible {
                d.tl0 = Some(reader.byte()?);
            }
        }
        if flexible && d.inter {
            // Up to three references, each telling whether another follows.
            for _ in 0..3 {
                if reader.byte()? & 1 == 0 {
                    break;
                }
            }
        }
        if bit(0x02) {
            d.read_structure(&mut reader)?;
        }
        d.len = reader.at;
        Ok(d)
    }

    /// The scalability structure (RFC 9628 4.2.1).
    fn read_structure(&mut self, reader: &mut Reader<'_>) -> Result<(), PayloadError> {
        let head = reader.byte()?;
        let layers = (head >> 5) + 1;
        self.layers = Some(layers);
        if head & 0x10 != 0 {
            for _ in 0..layers {
                let size = (reader.number()?, reader.number()?);
                self.resolution = self.resolution.max(Some(size));
            }
        }
        if head & 0x08 != 0 {
            for _ in 0..reader.byte()? {
                let references = reader.byte()? >> 2 & 3;
                for _ in 0..references {
                    reader.byte()?;
                }
            }
        }
        Ok(())
    }

    /// First packet of the picture: its lowest spatial layer begins.
    pub fn begins_picture(&self) -> bool {
        self.begins_frame && self.spatial.unwrap_or(0) == 0
    }

    /// First packet of a picture that refers to nothing.
    pub fn starts_key(&self) -> bool {
        self.begins_picture() && !self.inter
    }
}

impl From<Descriptor> for Picture {
    fn from(d: Descriptor) -> Self {
        Self {
            starts_key: d.starts_key(),
            begins: d.begins_picture(),
            temporal: d.temporal,
            spatial: d.spatial,
            layer_sync: d.layer_sync,
            resolution: d.resolution,
            // Whether later pictures refer to it is not said.
            discardable: false,
        }
    }
}

struct Reader<'a> {
    payload: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn byte(&mut self) -> Result<u8, PayloadError> {
        let byte = self.payload.get(self.at).copied();
        self.at += 1;
        byte.ok_or(PayloadError::Truncated { what: "VP9 descriptor", len: self.payload.len(), needed: self.at })
    }

    fn number(&mut self) -> Result<u16, PayloadError> {
        Ok(u16::from_be_bytes([self.byte()?, self.byte()?]))
    }
}
