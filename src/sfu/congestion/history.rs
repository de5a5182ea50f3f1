//! What was sent and not yet answered: a ring over transport-wide sequence numbers.
//!
//! Every packet is answered once; only what stands here counts, with the size we sent it in. So a receiver that claims packets we never sent, or claims one
//! twice, gains nothing by it.

/// 16 bytes each: an idle peer costs 1 KiB, one with a second of 8 Mb/s in flight 32 KiB.
const FIRST_CAPACITY: usize = 64;
const LAST_CAPACITY: usize = 8_192;
/// Until a receiver has answered at all it gets no more than this.
const UNANSWERED_CAPACITY: usize = 1_024;
/// A packet still unanswered after this long makes room for a new one.
const KEEP_US: i64 = 3_000_000;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum State {
    #[default]
    Free,
    InFlight,
    /// An answer told of later ones; the one about this is late or lost itself.
    Passed,
    /// Said to be missing; may still turn out to have come.
    Missing,
    Received,
}

#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    at_us: i64,
    /// The lower half of the unwrapped sequence number: tells this packet from those that had the slot before.
    number: u32,
    bytes: u16,
    cluster: u8,
    state: State,
}

/// A packet as it was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sent {
    pub at_us: i64,
    pub bytes: u16,
    /// The probe cluster it belonged to, 0 for none.
    pub cluster: u8,
}

/// What an answer about one packet comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Received {
        sent: Sent,
        before: State,
    },
    Lost(Sent),
    /// Nothing new, or too old to tell.
    Old,
    /// A packet is claimed that was never sent.
    Lie,
}

/// The caller's sequence numbers only go forward; one that does not is left out.
#[derive(Debug, Default)]
pub struct History {
    ring: Vec<Slot>,
    /// Unwrapped sequence numbers: first and last sent, and the last that an answer reached.
    first: i64,
    last: i64,
    reached: i64,
    is_begun: bool,
    is_answered: bool,
    in_flight_bytes: usize,
    lies: u64,
}

impl History {
    #[inline]
    pub fn sent(&mut self, at_us: i64, sequence: u16, bytes: u16, cluster: u8) {
        if !self.is_begun {
            self.begin(sequence);
        }
        let ahead = sequence.wrapping_sub(self.last as u16) as i16;
        if ahead <= 0 {
            return;
        }
        let number = self.last + i64::from(ahead);
        self.last = number;
        let mut slot = self.slot(number);
        while slot.state == State::InFlight && at_us - slot.at_us < KEEP_US && self.grow() {
            slot = self.slot(number);
        }
        if slot.state == State::InFlight {
            self.in_flight_bytes = self.in_flight_bytes.saturating_sub(usize::from(slot.bytes));
        }
        let mask = self.ring.len().wrapping_sub(1);
        if let Some(slot) = self.ring.get_mut(number as usize & mask) {
            *slot = Slot { at_us, number: number as u32, bytes, cluster, state: State::InFlight };
            self.in_flight_bytes += usize::from(bytes);
        }
    }

    /// One status of a feedback message.
    #[inline]
    pub fn answer(&mut self, sequence: u16, is_received: bool) -> Answer {
        let number = self.last + i64::from(sequence.wrapping_sub(self.last as u16) as i16);
        if !self.is_begun || number > self.last || number < self.first {
            self.lies += u64::from(is_received);
            return if is_received { Answer::Lie } else { Answer::Old };
        }
        let mask = self.ring.len().wrapping_sub(1);
        let Some(slot) = self.ring.get_mut(number as usize & mask).filter(|slot| slot.number == number as u32) else {
            return Answer::Old;
        };
        self.is_answered = true;
        let sent = Sent { at_us: slot.at_us, bytes: slot.bytes, cluster: slot.cluster };
        let before = slot.state;
        match (before, is_received) {
            (State::InFlight | State::Passed | State::Missing, true) => slot.state = State::Received,
            (State::InFlight | State::Passed, false) => slot.state = State::Missing,
            _ => return Answer::Old,
        }
        if before == State::InFlight {
            self.in_flight_bytes = self.in_flight_bytes.saturating_sub(usize::from(sent.bytes));
        }
        if is_received { Answer::Received { sent, before } } else { Answer::Lost(sent) }
    }

    /// An answer reached as far as this sequence number: what lies before it is not in flight, though the answer about it may have been lost.
    /// `passed` is told of each such packet.
    pub fn reach(&mut self, sequence: u16, mut passed: impl FnMut(Sent)) {
        let number = self.last + i64::from(sequence.wrapping_sub(self.last as u16) as i16);
        if !self.is_begun || number > self.last || number <= self.reached {
            return;
        }
        let mask = self.ring.len().wrapping_sub(1);
        let from = (self.reached + 1).max(number - mask as i64);
        for between in from..number {
            if let Some(slot) = self.ring.get_mut(between as usize & mask)
                && slot.number == between as u32
                && slot.state == State::InFlight
            {
                slot.state = State::Passed;
                passed(Sent { at_us: slot.at_us, bytes: slot.bytes, cluster: slot.cluster });
                self.in_flight_bytes = self.in_flight_bytes.saturating_sub(usize::from(slot.bytes));
            }
        }
        self.reached = number;
    }

    pub fn in_flight_bytes(&self) -> usize {
        self.in_flight_bytes
    }

    /// Claims of packets that were never sent.
    pub fn lies(&self) -> u64 {
        self.lies
    }

    #[cfg(test)]
    pub fn capacity(&self) -> usize {
        self.ring.len()
    }

    #[cold]
    fn begin(&mut self, sequence: u16) {
        // Far from zero, so that no arithmetic on numbers goes below it.
        self.first = (1 << 20) + i64::from(sequence);
        self.last = self.first - 1;
        self.reached = self.last;
        self.is_begun = true;
        self.ring = vec![Slot::default(); FIRST_CAPACITY];
    }

    #[inline]
    fn slot(&self, number: i64) -> Slot {
        self.ring.get(number as usize & self.ring.len().wrapping_sub(1)).copied().unwrap_or_default()
    }

    #[cold]
    fn grow(&mut self) -> bool {
        let limit = if self.is_answered { LAST_CAPACITY } else { UNANSWERED_CAPACITY };
        let capacity = self.ring.len() * 2;
        if capacity > limit {
            return false;
        }
        let mut ring = vec![Slot::default(); capacity];
        for old in self.ring.iter().filter(|slot| slot.state != State::Free) {
            if let Some(slot) = ring.get_mut(old.number as usize & (capacity - 1)) {
                *slot = *old;
            }
        }
        self.ring = ring;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_packet_is_answered_once_with_the_size_it_was_sent_in() {
        let mut history = History::default();
        assert_eq!(history.answer(5, true), Answer::Lie);
        for at in 0..10u16 {
            history.sent(i64::from(at) * 1_000, 65_530u16.wrapping_add(at), 100 + at, u8::from(at == 3));
        }
        assert_eq!(history.in_flight_bytes(), 1_045);
        let sent = Sent { at_us: 3_000, bytes: 103, cluster: 1 };
        assert_eq!(history.answer(65_533, true), Answer::Received { sent, before: State::InFlight });
        assert_eq!(history.answer(65_533, true), Answer::Old);
        assert_eq!(history.in_flight_bytes(), 942);
        let missing = Sent { at_us: 7_000, bytes: 107, cluster: 0 };
        assert_eq!(history.answer(1, false), Answer::Lost(missing));
        assert_eq!(history.answer(1, false), Answer::Old);
        assert_eq!(history.answer(1, true), Answer::Received { sent: missing, before: State::Missing });
        // Not sent yet, and long before the first.
        assert_eq!((history.answer(4, true), history.answer(65_529, true), history.answer(4, false)), (Answer::Lie, Answer::Lie, Answer::Old));
        assert_eq!(history.lies(), 3);
    }

    #[test]
    fn what_an_answer_passed_over_is_not_in_flight_and_may_still_be_answered() {
        let mut history = History::default();
        (0..10).for_each(|at| history.sent(i64::from(at), at, 100, 0));
        history.answer(6, true);
        let mut passed = 0;
        history.reach(6, |_| passed += 1);
        assert_eq!((passed, history.in_flight_bytes()), (6, 300));
        assert!(matches!(history.answer(2, true), Answer::Received { before: State::Passed, .. }));
        assert!(matches!(history.answer(3, false), Answer::Lost(_)));
        assert_eq!(history.in_flight_bytes(), 300);
    }

    #[test]
    fn memory_grows_with_what_is_under_way_and_has_a_bound() {
        let mut idle = History::default();
        for at in 0..10_000i64 {
            idle.sent(at * 20_000, at as u16, 100, 0);
            idle.answer(at as u16, true);
        }
        assert_eq!(idle.capacity(), FIRST_CAPACITY);
        let mut unanswered = History::default();
        (0..100_000i64).for_each(|at| unanswered.sent(at * 10, at as u16, 100, 0));
        assert_eq!(unanswered.capacity(), UNANSWERED_CAPACITY);
        assert_eq!(unanswered.in_flight_bytes(), UNANSWERED_CAPACITY * 100);
        let mut busy = History::default();
        for at in 0..100_000i64 {
            busy.sent(at * 10, at as u16, 100, 0);
            busy.answer(0, true);
        }
        assert_eq!(busy.capacity(), LAST_CAPACITY);
    }
}
