//! Bits of a header, the first of a byte being its highest, with the variable-length codes of H.264 and AV1.

/// A reader that says `None` from the end on.
#[derive(Debug, Clone)]
pub struct Bits<'a> {
    bytes: &'a [u8],
    /// From the beginning of `bytes`.
    at: usize,
    /// 00 00 03 stands for 00 00 (H.264 7.4.1.1).
    emulation: bool,
    zeros: u8,
}

impl<'a> Bits<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, emulation: false, zeros: 0 }
    }

    /// Of a NAL unit: emulation prevention bytes are left out.
    pub fn of_nal(bytes: &'a [u8]) -> Self {
        Self { emulation: true, ..Self::new(bytes) }
    }

    pub fn flag(&mut self) -> Option<bool> {
        if self.emulation && self.at.is_multiple_of(8) {
            self.enter_byte();
        }
        let byte = self.bytes.get(self.at / 8)?;
        let bit = byte >> (7 - self.at % 8) & 1;
        self.at += 1;
        Some(bit == 1)
    }

    fn enter_byte(&mut self) {
        let mut byte = self.bytes.get(self.at / 8).copied();
        if self.zeros >= 2 && byte == Some(3) {
            self.at += 8;
            self.zeros = 0;
            byte = self.bytes.get(self.at / 8).copied();
        }
        self.zeros = if byte == Some(0) { self.zeros.saturating_add(1) } else { 0 };
    }

    /// At most 32 bits.
    pub fn number(&mut self, bits: u32) -> Option<u32> {
        (0..bits).try_fold(0, |value: u32, _| Some(value << 1 | u32::from(self.flag()?)))
    }

    pub fn skip(&mut self, bits: u32) -> Option<()> {
        (0..bits).try_for_each(|_| self.flag().map(|_| ()))
    }

    /// Zeros before the next one, which is taken too; `None` for more than 31, as nothing here is that long.
    fn leading_zeros(&mut self) -> Option<u32> {
        let mut zeros = 0;
        while !self.flag()? {
            zeros += 1;
            if zeros > 31 {
                return None;
            }
        }
        Some(zeros)
    }

    /// ue(v) of H.264 (9.1); uvlc() of AV1 (4.10.3) is the same.
    pub fn exp_golomb(&mut self) -> Option<u32> {
        let zeros = self.leading_zeros()?;
        Some((1u32 << zeros) - 1 + self.number(zeros)?)
    }

    /// se(v) of H.264 (9.1.1).
    pub fn signed_exp_golomb(&mut self) -> Option<i32> {
        let code = self.exp_golomb()?;
        let magnitude = code.div_ceil(2) as i32;
        Some(if code % 2 == 1 { magnitude } else { -magnitude })
    }

    /// ns(n) of AV1 (4.10.7): a number below `n`, which is not 0.
    pub fn non_symmetric(&mut self, n: u32) -> Option<u32> {
        let bits = u32::BITS - n.leading_zeros();
        let short = (1u32 << bits) - n;
        let value = self.number(bits.checked_sub(1)?)?;
        if value < short { Some(value) } else { Some((value << 1 | self.number(1)?) - short) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_golomb_codes_are_those_of_the_table() {
        // 1, 010, 011, 00100, 00101 (H.264 table 9-2), then the signed 1, -1.
        let mut bits = Bits::new(&[0b1010_0110, 0b0100_0010, 0b1010_0110]);
        assert_eq!([(); 5].map(|()| bits.exp_golomb()), [Some(0), Some(1), Some(2), Some(3), Some(4)]);
        assert_eq!((bits.signed_exp_golomb(), bits.signed_exp_golomb()), (Some(1), Some(-1)));
        assert_eq!(Bits::new(&[0; 9]).exp_golomb(), None);
    }

    #[test]
    fn emulation_prevention_is_left_out() {
        let mut bits = Bits::of_nal(&[0, 0, 3, 1, 0, 0, 3, 0, 0, 3]);
        assert_eq!((bits.number(24), bits.number(32)), (Some(1), Some(0)));
        assert_eq!(bits.flag(), None);
        assert_eq!(Bits::new(&[0, 0, 3, 1]).number(32), Some(0x301));
    }

    #[test]
    fn non_symmetric_numbers_take_one_bit_less_where_they_can() {
        // Of 5: 00, 01, 10, 110, 111.
        let mut bits = Bits::new(&[0b0001_1011, 0b0111_0000]);
        assert_eq!([(); 5].map(|()| bits.non_symmetric(5)), [Some(0), Some(1), Some(2), Some(3), Some(4)]);
        assert_eq!(Bits::new(&[]).non_symmetric(1), Some(0));
    }
}
