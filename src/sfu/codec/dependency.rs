//! The dependency descriptor (AV1's RTP payload format, appendix A), which tells layers in the header, of any codec and where the payload is encrypted.
//! Read as far as a forwarder asks: frame, template, and of a structure the layers of its templates and the size.

#[cfg(test)]
mod tests;

use super::PayloadError;
use super::bits::Bits;

/// What one packet's descriptor says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dependency {
    pub starts_frame: bool,
    pub ends_frame: bool,
    /// Six bits; its layer is asked of the last [`Structure`].
    pub template_id: u8,
    pub frame_number: u16,
    /// Comes with the first packet of a coded video sequence: see [`Self::starts_key`].
    pub structure: Option<Structure>,
}

/// The mandatory fields' length.
const MANDATORY_LEN: usize = 3;

impl Dependency {
    pub fn parse(value: &[u8]) -> Result<Self, PayloadError> {
        let Some([head, n0, n1]) = value.first_chunk::<MANDATORY_LEN>() else {
            return Err(PayloadError::Truncated { what: "dependency descriptor", len: value.len(), needed: MANDATORY_LEN });
        };
        let mut structure = None;
        let extended = value.get(MANDATORY_LEN..).unwrap_or_default();
        if extended.first().is_some_and(|flags| flags & 0x80 != 0) {
            let mut bits = Bits::new(extended);
            let truncated = PayloadError::Truncated { what: "dependency structure", len: value.len(), needed: value.len() + 1 };
            bits.skip(5).ok_or(truncated)?;
            structure = Some(Structure::read(&mut bits).ok_or(truncated)?);
        }
        Ok(Self {
            starts_frame: head & 0x80 != 0,
            ends_frame: head & 0x40 != 0,
            template_id: head & 0x3f,
            frame_number: u16::from_be_bytes([*n0, *n1]),
            structure,
        })
    }

    /// First packet of a picture that can be started on.
    pub fn starts_key(&self) -> bool {
        self.starts_frame && self.structure.is_some()
    }
}

const TEMPLATES_MAX: usize = 64;

/// The template dependency structure (A.8.3), good for all packets until the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Structure {
    id_offset: u8,
    templates: u8,
    /// Temporal and spatial layer of each template.
    layers: [(u8, u8); TEMPLATES_MAX],
    pub decode_targets: u8,
    /// Of the highest spatial layer.
    pub resolution: Option<(u16, u16)>,
}

impl Structure {
    /// Temporal and spatial layer of a packet's template.
    pub fn layer(&self, template_id: u8) -> Option<(u8, u8)> {
        let index = template_id.wrapping_sub(self.id_offset) & 0x3f;
        self.layers.get(usize::from(index)).copied().filter(|_| index < self.templates)
    }

    fn read(bits: &mut Bits<'_>) -> Option<Self> {
        let id_offset = bits.number(6)? as u8;
        let targets = bits.number(5)? + 1;
        let mut layers = [(0, 0); TEMPLATES_MAX];
        let (mut templates, mut layer) = (0, (0u8, 0u8));
        loop {
            *layers.get_mut(usize::from(templates))? = layer;
            templates += 1;
            layer = match (bits.number(2)?, layer) {
                (0, same) => same,
                (1, (temporal, spatial)) => (temporal + 1, spatial),
                (2, (_, spatial)) => (0, spatial + 1),
                _ => break,
            };
        }
        skip_templates(bits, u32::from(templates), targets)?;
        let mut resolution = None;
        if bits.flag()? {
            for _ in 0..=layer.1 {
                let width = bits.number(16)?.checked_add(1)?;
                let height = bits.number(16)?.checked_add(1)?;
                resolution = Some((u16::try_from(width).ok()?, u16::try_from(height).ok()?));
            }
        }
        Some(Self { id_offset, templates, layers, decode_targets: targets as u8, resolution })
    }
}

/// What each template means to each decode target, what it refers to, and the chains.
fn skip_templates(bits: &mut Bits<'_>, templates: u32, targets: u32) -> Option<()> {
    bits.skip(templates * targets * 2)?;
    for _ in 0..templates {
        while bits.flag()? {
            bits.skip(4)?;
        }
    }
    let chains = bits.non_symmetric(targets + 1)?;
    if chains > 0 {
        for _ in 0..targets {
            bits.non_symmetric(chains)?;
        }
        bits.skip(templates * chains * 4)?;
    }
    Some(())
}
