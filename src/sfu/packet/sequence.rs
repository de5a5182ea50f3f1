//! Numbers that wrap, made to count on: sequence numbers of 16 bits, timestamps of 32.

/// Whether `a` comes after `b` by the shorter way round; of two that lie exactly opposite, the greater number is taken to be the newer.
pub fn is_newer(a: u16, b: u16) -> bool {
    match a.wrapping_sub(b) {
        0x8000 => a > b,
        ahead => (1..0x8000).contains(&ahead),
    }
}

/// Sequence numbers as a count that does not wrap; its lower 16 bits are the number itself. Each is taken to be the one nearest to the highest so far,
/// so late packets get their true place and no sender can make the count go back further than half a turn. The first is one turn up,
/// so that what came before it has a place too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Unwrap {
    highest: Option<u64>,
}

impl Unwrap {
    pub fn push(&mut self, sequence: u16) -> u64 {
        let extended = self.peek(sequence);
        self.highest = self.highest.max(Some(extended));
        extended
    }

    /// What [`Self::push`] would say.
    pub fn peek(&self, sequence: u16) -> u64 {
        extend(self.highest, u64::from(sequence), 16)
    }

    pub fn highest(&self) -> Option<u64> {
        self.highest
    }
}

/// Timestamps likewise; the lower 32 bits are the timestamp itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UnwrapTimestamp {
    highest: Option<u64>,
}

impl UnwrapTimestamp {
    pub fn push(&mut self, timestamp: u32) -> u64 {
        let extended = self.peek(timestamp);
        self.highest = self.highest.max(Some(extended));
        extended
    }

    /// What [`Self::push`] would say.
    pub fn peek(&self, timestamp: u32) -> u64 {
        extend(self.highest, u64::from(timestamp), 32)
    }

    pub fn highest(&self) -> Option<u64> {
        self.highest
    }
}

fn extend(highest: Option<u64>, number: u64, bits: u32) -> u64 {
    let turn = 1u64 << bits;
    let Some(highest) = highest else { return turn | number };
    let ahead = number.wrapping_sub(highest) & (turn - 1);
    let above = highest.wrapping_add(ahead);
    if ahead < turn / 2 { above } else { above.wrapping_sub(turn) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn newer_is_the_shorter_way_round() {
        assert!(is_newer(1, 0) && !is_newer(0, 1) && !is_newer(7, 7));
        assert!(is_newer(2, 0xfffe) && !is_newer(0xfffe, 2));
        assert!(is_newer(0x8000, 0) && !is_newer(0, 0x8000));
    }

    #[test]
    fn a_late_packet_before_the_first_has_a_place() {
        let mut unwrap = Unwrap::default();
        let first = unwrap.push(0);
        assert_eq!(unwrap.push(0xffff), first - 1);
        assert_eq!(unwrap.push(1), first + 1);
    }

    #[test]
    fn the_count_goes_on_over_the_wrap() {
        let mut unwrap = Unwrap::default();
        let first = unwrap.push(0xfffe);
        assert_eq!([unwrap.push(1), unwrap.push(0xffff), unwrap.push(0), unwrap.push(2)], [first + 3, first + 1, first + 2, first + 4]);
        let mut unwrap = UnwrapTimestamp::default();
        let first = unwrap.push(u32::MAX - 1000);
        assert_eq!(unwrap.push(1999), first + 3000);
        assert_eq!(unwrap.highest(), Some(first + 3000));
    }

    proptest! {
        #[test]
        fn any_number_lands_within_half_a_turn_of_the_highest(numbers in prop::collection::vec(any::<u16>(), 1..300)) {
            let mut unwrap = Unwrap::default();
            for number in numbers {
                let before = unwrap.highest();
                let extended = unwrap.push(number);
                prop_assert_eq!(extended as u16, number);
                prop_assert!(before.is_none_or(|highest| extended.abs_diff(highest) <= 0x8000));
            }
        }

        #[test]
        fn newer_has_a_direction(a: u16, b: u16) {
            prop_assert_eq!(is_newer(a, b), a != b && !is_newer(b, a));
        }
    }
}
