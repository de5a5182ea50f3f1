//! H.264 (RFC 6184): NAL units of a payload, where pictures begin, and the size that a sequence parameter set says.

mod sps;
#[cfg(test)]
mod tests;

use super::Picture;
use super::bits::Bits;
pub use sps::Sps;

const IDR: u8 = 5;
const SPS: u8 = 7;
const STAP_A: u8 = 24;
const FU_A: u8 = 28;

/// A NAL unit, whole or the beginning of one, without its header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nal<'a> {
    /// nal_unit_type (H.264 table 7-1).
    pub kind: u8,
    /// nal_ref_idc: zero where nothing refers to it.
    pub reference: u8,
    pub body: &'a [u8],
}

impl Nal<'_> {
    fn is_slice(&self) -> bool {
        (1..=IDR).contains(&self.kind)
    }

    /// The first slice of a picture: its first macroblock is number 0, which is a single bit. Of partitions only A has a slice's header.
    fn is_first_slice(&self) -> bool {
        matches!(self.kind, 1 | 2 | IDR) && Bits::new(self.body).exp_golomb() == Some(0)
    }

    /// Stands before the first slice of a picture only (H.264 7.4.1.2.3).
    fn leads(&self) -> bool {
        matches!(self.kind, 6..=9 | 14..=18)
    }
}

/// The NAL units that begin in a payload; of a damaged one those before the damage.
#[derive(Debug, Clone)]
pub struct Nals<'a> {
    state: State<'a>,
}

#[derive(Debug, Clone)]
enum State<'a> {
    One(Nal<'a>),
    /// STAP-A: units, each after its length (RFC 6184 5.7.1).
    Many(&'a [u8]),
    Done,
}

impl<'a> Nals<'a> {
    /// Single NAL units, STAP-A, and FU-A that start a unit. STAP-B, MTAP and FU-B belong to the interleaved mode, which nobody in a room sends.
    pub fn of(payload: &'a [u8]) -> Self {
        let state = match *payload {
            [head, ref body @ ..] if (1..STAP_A).contains(&(head & 0x1f)) => State::One(nal(head, body)),
            [head, ref units @ ..] if head & 0x1f == STAP_A => State::Many(units),
            [indicator, head, ref body @ ..] if indicator & 0x1f == FU_A && head & 0x80 != 0 => State::One(nal(indicator & 0x60 | head & 0x1f, body)),
            _ => State::Done,
        };
        Self { state }
    }
}

fn nal(head: u8, body: &[u8]) -> Nal<'_> {
    Nal { kind: head & 0x1f, reference: head >> 5 & 3, body }
}

impl<'a> Iterator for Nals<'a> {
    type Item = Nal<'a>;

    fn next(&mut self) -> Option<Nal<'a>> {
        match std::mem::replace(&mut self.state, State::Done) {
            State::One(nal) => Some(nal),
            State::Many([l0, l1, rest @ ..]) => {
                let (unit, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes([*l0, *l1])))?;
                let (head, body) = unit.split_first()?;
                self.state = State::Many(rest);
                Some(nal(*head, body))
            }
            State::Many(_) | State::Done => None,
        }
    }
}

/// H.264 does not say where a picture's packets begin: parameter sets and other units that lead a picture say so here, and then its first slice does again.
/// A receiver starts best with the SPS, or with the IDR picture where parameter sets travel by other means.
pub fn describe(payload: &[u8]) -> Picture {
    let mut picture = Picture::default();
    let mut nals = Nals::of(payload).peekable();
    picture.begins = nals.peek().is_some_and(|first| first.leads() || first.is_first_slice());
    for nal in nals {
        match nal.kind {
            SPS => {
                picture.starts_key = true;
                picture.resolution = Sps::parse(nal.body).map(|sps| sps.resolution()).or(picture.resolution);
            }
            IDR if nal.is_first_slice() => picture.starts_key = true,
            _ => {}
        }
    }
    picture.begins |= picture.starts_key;
    picture.discardable = is_discardable(payload);
    picture
}

/// Every slice of it, in a continued fragment too, has a nal_ref_idc of zero.
fn is_discardable(payload: &[u8]) -> bool {
    match *payload {
        [indicator, head, ..] if indicator & 0x1f == FU_A => nal(indicator & 0x60 | head & 0x1f, &[]).is_slice() && indicator & 0x60 == 0,
        _ => {
            let mut slices = Nals::of(payload).filter(Nal::is_slice).peekable();
            slices.peek().is_some() && slices.all(|slice| slice.reference == 0)
        }
    }
}
