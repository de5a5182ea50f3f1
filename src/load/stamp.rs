//! What is burnt into each picture and each piece of sound, so that its receiver knows what it is without decoding.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

/// Of a plain stamp, at the end of a payload.
pub const BYTES: usize = 36;
/// As letters, without zeros: in an H.264 unit nothing has to be escaped.
pub const LETTERS: usize = 48;

const MAGIC: [u8; 4] = *b"YZld";

/// Stands in one packet of its picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Chosen at random once per run: what another run burnt in has another clock.
    pub run: u32,
    pub publisher: u32,
    /// Counts what the publisher made; the pictures of simulcast layers that show the same have the same number.
    pub number: u32,
    /// The picture that is needed to decode this one; its own number of a key picture.
    pub needs: u32,
    /// Of the packet that carries the stamp, among the packets of its picture.
    pub index: u16,
    pub packets: u16,
    pub layer: u8,
    pub is_key: bool,
    /// When it was handed out, in ns since the run began.
    pub made_ns: u64,
}

impl Stamp {
    pub fn bytes(&self) -> [u8; BYTES] {
        let mut bytes = [0; BYTES];
        let fields: [&[u8]; 10] = [
            &MAGIC,
            &self.run.to_be_bytes(),
            &self.publisher.to_be_bytes(),
            &self.number.to_be_bytes(),
            &self.needs.to_be_bytes(),
            &self.index.to_be_bytes(),
            &self.packets.to_be_bytes(),
            &[self.layer, u8::from(self.is_key)],
            &self.made_ns.to_be_bytes(),
            &[0, 0],
        ];
        bytes.iter_mut().zip(fields.into_iter().flatten()).for_each(|(byte, field)| *byte = *field);
        bytes
    }

    pub fn letters(&self) -> String {
        STANDARD_NO_PAD.encode(self.bytes())
    }

    /// The stamp that the payload carries, at its end or in an H.264 SEI unit at its end.
    pub fn find(payload: &[u8], run: u32) -> Option<Self> {
        let plain = payload.last_chunk::<BYTES>().and_then(Self::read);
        let of_unit = || {
            let letters = payload.strip_suffix(&[0x80])?.last_chunk::<LETTERS>()?;
            let mut bytes = [0; BYTES];
            STANDARD_NO_PAD.decode_slice(letters, &mut bytes).ok()?;
            Self::read(&bytes)
        };
        plain.or_else(of_unit).filter(|stamp| stamp.run == run)
    }

    fn read(bytes: &[u8; BYTES]) -> Option<Self> {
        let (magic, mut rest) = bytes.split_first_chunk::<4>()?;
        if *magic != MAGIC {
            return None;
        }
        let mut next = || {
            let (four, after) = rest.split_first_chunk::<4>()?;
            rest = after;
            Some(u32::from_be_bytes(*four))
        };
        let (run, publisher, number, needs, places) = (next()?, next()?, next()?, next()?, next()?);
        let [layer, is_key, rest @ ..] = rest else { return None };
        let made_ns = u64::from_be_bytes(*rest.first_chunk()?);
        Some(Self { run, publisher, number, needs, index: (places >> 16) as u16, packets: places as u16, layer: *layer, is_key: *is_key != 0, made_ns })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_stamp_is_found_as_it_was_burnt_in(run: u32, publisher: u32, number: u32, needs: u32, index: u16, packets: u16, layer: u8, is_key: bool, made_ns: u64,
                                               before in prop::collection::vec(any::<u8>(), 0..100)) {
            let stamp = Stamp { run, publisher, number, needs, index, packets, layer, is_key, made_ns };
            let plain: Vec<u8> = before.iter().copied().chain(stamp.bytes()).collect();
            prop_assert_eq!(Stamp::find(&plain, run), Some(stamp));
            prop_assert_eq!(Stamp::find(&plain, run.wrapping_add(1)), None);
            let letters = stamp.letters();
            prop_assert_eq!(letters.len(), LETTERS);
            let unit: Vec<u8> = before.into_iter().chain(letters.into_bytes()).chain([0x80]).collect();
            prop_assert_eq!(Stamp::find(&unit, run), Some(stamp));
        }

        #[test]
        fn what_others_send_carries_none(payload in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert_eq!(Stamp::find(&payload, 1), None);
        }
    }
}
