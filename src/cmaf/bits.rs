//! Reading bits of headers. Past the end there are zeros and [`Bits::overrun`] says so: a header is judged once, after it was read.

pub(super) struct Bits<'a> {
    data: &'a [u8],
    at: usize,
}

impl<'a> Bits<'a> {
    pub fn new(data: &'a [u8]) -> Self {
        Self { data, at: 0 }
    }

    pub fn bit(&mut self) -> bool {
        let byte = self.data.get(self.at / 8).copied().unwrap_or(0);
        let bit = byte >> (7 - self.at % 8) & 1;
        self.at += 1;
        bit == 1
    }

    /// Up to 32 bits.
    pub fn read(&mut self, count: u32) -> u32 {
        (0..count).fold(0, |value, _| value << 1 | u32::from(self.bit()))
    }

    pub fn skip(&mut self, count: usize) {
        self.at = self.at.saturating_add(count);
    }

    /// An unsigned Exp-Golomb code; those longer than 32 bits are damage and read as the largest value.
    pub fn ue(&mut self) -> u32 {
        let mut zeros = 0;
        while !self.bit() {
            zeros += 1;
            if zeros == 32 || self.overrun() {
                return u32::MAX;
            }
        }
        ((1u64 << zeros) - 1 + u64::from(self.read(zeros))) as u32
    }

    /// More was read than there is.
    pub fn overrun(&self) -> bool {
        self.at > self.data.len() * 8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_golomb() {
        let mut bits = Bits::new(&[0b1010_0110, 0b0100_0000]);
        assert_eq!((bits.ue(), bits.ue(), bits.ue(), bits.ue()), (0, 1, 2, 3));
        assert!(!bits.overrun());
        assert_eq!(bits.ue(), u32::MAX);
        assert!(bits.overrun());
    }
}
