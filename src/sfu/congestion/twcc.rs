//! Transport-wide feedback: what a receiver says about every packet it got or missed
//! (draft-holmer-rmcat-transport-wide-cc-extensions-01, section 3.1; RTCP payload type 205, format 15).
//!
//! Here stands the feedback control information alone, what follows the two SSRCs of the RTCP packet.

/// Deltas count quarters of a millisecond.
pub const TICK_US: i64 = 250;
/// The reference time counts 64 ms, 24 bits of them: it wraps after twelve days.
pub const REFERENCE_US: i64 = 64_000;
const TICKS_PER_REFERENCE: i64 = REFERENCE_US / TICK_US;
const HEADER_LEN: usize = 8;
/// What one written message may have: with the RTCP header, SRTCP and IPv6 it stays inside 1,280 bytes.
const WRITTEN_MAX_LEN: usize = 1_160;
/// A chunk covers seven statuses or more, unless it is the last: so many missing ones fit in any case, and a packet behind them.
const WRITTEN_MAX_STATUSES: usize = 3_900;
const RUN_MAX: usize = 0x1fff;

const MISSING: u8 = 0;
const SMALL: u8 = 1;
const LARGE: u8 = 2;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TwccError {
    #[error("transport feedback of {len} bytes, its header has 8")]
    Short { len: usize },
    #[error("transport feedback about no packet at all (base sequence {base_sequence})")]
    Empty { base_sequence: u16 },
    #[error("transport feedback ends at byte {at} with {missing} of {count} statuses untold")]
    Chunks { at: usize, count: u16, missing: usize },
    #[error("transport feedback: the chunk at byte {at} has the reserved status 3")]
    Reserved { at: usize },
    #[error("transport feedback: {needed} bytes of deltas are told, {got} are there")]
    Deltas { needed: usize, got: usize },
}

/// A checked view of one message.
#[derive(Debug, Clone, Copy)]
pub struct Feedback<'a> {
    base_sequence: u16,
    count: u16,
    reference_time: u32,
    feedback_count: u8,
    chunks: &'a [u8],
    deltas: &'a [u8],
}

impl<'a> Feedback<'a> {
    /// Checks all of it, so that iterating cannot fail. At most 65,535 statuses, whatever the chunks say.
    pub fn parse(fci: &'a [u8]) -> Result<Self, TwccError> {
        let Some((&[b0, b1, c0, c1, r0, r1, r2, feedback_count], body)) = fci.split_first_chunk::<HEADER_LEN>() else {
            return Err(TwccError::Short { len: fci.len() });
        };
        let (base_sequence, count) = (u16::from_be_bytes([b0, b1]), u16::from_be_bytes([c0, c1]));
        if count == 0 {
            return Err(TwccError::Empty { base_sequence });
        }
        let (mut missing, mut needed, mut rest) = (usize::from(count), 0, body);
        while missing > 0 {
            let at = fci.len() - rest.len();
            let Some((&word, behind)) = rest.split_first_chunk::<2>() else {
                return Err(TwccError::Chunks { at, count, missing });
            };
            let chunk = Chunk::new(u16::from_be_bytes(word));
            let told = usize::from(chunk.left).min(missing);
            needed += chunk.delta_bytes(told).ok_or(TwccError::Reserved { at })?;
            missing -= told;
            rest = behind;
        }
        if rest.len() < needed {
            return Err(TwccError::Deltas { needed, got: rest.len() });
        }
        let (chunks, deltas) = body.split_at(body.len() - rest.len());
        Ok(Self { base_sequence, count, reference_time: u32::from_be_bytes([0, r0, r1, r2]), feedback_count, chunks, deltas })
    }

    pub fn base_sequence(&self) -> u16 {
        self.base_sequence
    }

    /// How many statuses it tells.
    pub fn packet_count(&self) -> u16 {
        self.count
    }

    /// In units of 64 ms on the receiver's clock, 24 bits, wrapping.
    pub fn reference_time(&self) -> u32 {
        self.reference_time
    }

    /// Counts the messages, so that the sender can see that one was lost.
    pub fn feedback_count(&self) -> u8 {
        self.feedback_count
    }

    /// Each packet told of, in order, with its arrival in microseconds on the receiver's clock, or `None` if it had not come.
    pub fn packets(&self) -> Packets<'a> {
        self.packets_from(i64::from(self.reference_time) * REFERENCE_US)
    }

    /// The same, where the caller has unwrapped the reference time.
    pub fn packets_from(&self, reference_us: i64) -> Packets<'a> {
        Packets { chunks: self.chunks, deltas: self.deltas, chunk: Chunk::default(), sequence: self.base_sequence, left: self.count, clock_us: reference_us }
    }
}

/// A packet status chunk (section 3.1.2 to 3.1.4) and how many of its symbols are still to be read.
#[derive(Debug, Clone, Copy, Default)]
struct Chunk {
    word: u16,
    /// Bits of a symbol; 0 for a run of equal ones.
    width: u8,
    left: u16,
}

impl Chunk {
    fn new(word: u16) -> Self {
        match (word >> 15, word >> 14 & 1) {
            (0, _) => Self { word, width: 0, left: word & 0x1fff },
            (_, 0) => Self { word, width: 1, left: 14 },
            _ => Self { word, width: 2, left: 7 },
        }
    }

    fn next(&mut self) -> Option<u8> {
        self.left = self.left.checked_sub(1)?;
        Some(match self.width {
            0 => (self.word >> 13 & 3) as u8,
            1 => (self.word >> self.left & 1) as u8,
            _ => (self.word >> (2 * self.left) & 3) as u8,
        })
    }

    /// Bytes of deltas for the first `told` symbols; `None` where one of them is reserved.
    fn delta_bytes(mut self, told: usize) -> Option<usize> {
        if self.width == 0 {
            let symbol = usize::from(self.word >> 13 & 3);
            return (symbol < 3).then_some(symbol * told);
        }
        (0..told).try_fold(0, |sum, _| self.next().filter(|symbol| *symbol < 3).map(|symbol| sum + usize::from(symbol)))
    }
}

#[derive(Debug, Clone)]
pub struct Packets<'a> {
    chunks: &'a [u8],
    deltas: &'a [u8],
    chunk: Chunk,
    sequence: u16,
    left: u16,
    clock_us: i64,
}

impl Iterator for Packets<'_> {
    type Item = (u16, Option<i64>);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let symbol = loop {
            if let Some(symbol) = self.chunk.next() {
                break symbol;
            }
            // A run of none is legal and says nothing; each turn takes two bytes away.
            let (&word, rest) = self.chunks.split_first_chunk::<2>()?;
            self.chunks = rest;
            self.chunk = Chunk::new(u16::from_be_bytes(word));
        };
        let sequence = self.sequence;
        self.sequence = sequence.wrapping_add(1);
        let ticks = match symbol {
            MISSING => return Some((sequence, None)),
            SMALL => {
                let (&delta, rest) = self.deltas.split_first()?;
                self.deltas = rest;
                i64::from(delta)
            }
            _ => {
                let (&delta, rest) = self.deltas.split_first_chunk::<2>()?;
                self.deltas = rest;
                i64::from(i16::from_be_bytes(delta))
            }
        };
        self.clock_us = self.clock_us.saturating_add(ticks * TICK_US);
        Some((sequence, Some(self.clock_us)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some(usize::from(self.left)))
    }
}

/// Appends one message about packets from `base_sequence` on, padded to 32 bits; `arrivals` are in ticks of 250 µs. Returns how many of them it tells: fewer
/// than all where the message is full or a delta does not fit its 16 bits (the rest is for the next message), none where none arrived.
pub fn write(out: &mut Vec<u8>, base_sequence: u16, feedback_count: u8, arrivals: &[Option<i64>]) -> usize {
    let Some(first) = arrivals.iter().find_map(|arrival| *arrival) else {
        return 0;
    };
    let reference = first.div_euclid(TICKS_PER_REFERENCE);
    let start = out.len();
    let mut symbols = [MISSING; WRITTEN_MAX_STATUSES];
    let (mut told, mut clock, mut len) = (0, reference * TICKS_PER_REFERENCE, HEADER_LEN);
    for (arrival, symbol) in arrivals.iter().zip(symbols.iter_mut()) {
        if let Some(ticks) = arrival {
            let delta = ticks - clock;
            *symbol = match (u8::try_from(delta), i16::try_from(delta)) {
                (Ok(_), _) => SMALL,
                (_, Ok(_)) => LARGE,
                _ => break,
            };
            clock = *ticks;
            len += usize::from(*symbol);
        }
        if len + 2 * (told / 7 + 1) > WRITTEN_MAX_LEN {
            break;
        }
        told += 1;
    }
    // The last is one that arrived: statuses behind it are for the next message.
    let told = arrivals.iter().take(told).rposition(Option::is_some).map_or(0, |last| last + 1);
    if told == 0 {
        return 0;
    }
    out.extend_from_slice(&base_sequence.to_be_bytes());
    out.extend_from_slice(&(told as u16).to_be_bytes());
    let [_, reference_bytes @ ..] = (reference as u32).to_be_bytes();
    out.extend_from_slice(&reference_bytes);
    out.push(feedback_count);
    write_chunks(out, symbols.get(..told).unwrap_or_default());
    let mut clock = reference * TICKS_PER_REFERENCE;
    for ticks in arrivals.iter().take(told).flatten() {
        match u8::try_from(ticks - clock) {
            Ok(small) => out.push(small),
            Err(_) => out.extend_from_slice(&((ticks - clock) as i16).to_be_bytes()),
        }
        clock = *ticks;
    }
    // Section 3.1: zero padding to the next 32 bits.
    out.resize(start + (out.len() - start).next_multiple_of(4), 0);
    told
}

fn write_chunks(out: &mut Vec<u8>, mut symbols: &[u8]) {
    while let Some(&symbol) = symbols.first() {
        let run = symbols.iter().take(RUN_MAX).take_while(|other| **other == symbol).count();
        let narrow = symbols.iter().take(14).all(|other| *other < LARGE);
        let (word, told) = if run == symbols.len() || run >= 14 || (run >= 7 && !narrow) {
            (u16::from(symbol) << 13 | run as u16, run)
        } else if narrow {
            let bits = symbols.iter().take(14).enumerate().fold(0, |word, (at, symbol)| word | u16::from(*symbol) << (13 - at));
            (0x8000 | bits, 14)
        } else {
            let bits = symbols.iter().take(7).enumerate().fold(0, |word, (at, symbol)| word | u16::from(*symbol) << (12 - 2 * at));
            (0xc000 | bits, 7)
        };
        out.extend_from_slice(&word.to_be_bytes());
        symbols = symbols.get(told..).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_chunks_of_the_draft_are_read() {
        // Base 0x1234, 17 statuses: a run of 3 small, a vector of two-bit symbols, a vector of one-bit symbols.
        let fci = [
            0x12,
            0x34,
            0,
            17,
            0,
            0,
            2,
            9, // header, reference 128 ms
            0x20,
            0x03, // run: 3 small
            0b1100_0110,
            0b0000_0000, // two-bit: missing, small, large, missing, missing, missing, missing
            0b1010_0000,
            0b0000_0001, // one-bit: small, then missing; beyond the count the last bit means nothing
            4,
            8,
            0,
            1,
            0xff,
            0xfe,
            40,
            0,
        ];
        let feedback = Feedback::parse(&fci).unwrap();
        assert_eq!((feedback.base_sequence(), feedback.packet_count(), feedback.reference_time(), feedback.feedback_count()), (0x1234, 17, 2, 9));
        let packets: Vec<_> = feedback.packets().collect();
        assert_eq!(packets.len(), 17);
        let came: Vec<_> = packets.iter().filter_map(|(sequence, arrival)| arrival.map(|us| (sequence - 0x1234, us))).collect();
        assert_eq!(came, [(0, 129_000), (1, 131_000), (2, 131_000), (4, 131_250), (5, 130_750), (10, 140_750)]);
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        assert_eq!(Feedback::parse(&[0; 7]).unwrap_err(), TwccError::Short { len: 7 });
        assert_eq!(Feedback::parse(&[0, 5, 0, 0, 0, 0, 0, 0]).unwrap_err(), TwccError::Empty { base_sequence: 5 });
        assert_eq!(Feedback::parse(&[0, 5, 0, 9, 0, 0, 0, 0, 0, 4]).unwrap_err(), TwccError::Chunks { at: 10, count: 9, missing: 5 });
        assert_eq!(Feedback::parse(&[0, 5, 0, 9, 0, 0, 0, 0, 0x60, 9]).unwrap_err(), TwccError::Reserved { at: 8 });
        assert_eq!(Feedback::parse(&[0, 5, 0, 9, 0, 0, 0, 0, 0x20, 9, 1, 2]).unwrap_err(), TwccError::Deltas { needed: 9, got: 2 });
        // Runs of none, without end: they end with the bytes.
        let mut idle = vec![0, 5, 0, 9, 0, 0, 0, 0];
        idle.resize(1_400, 0);
        assert_eq!(Feedback::parse(&idle).unwrap_err(), TwccError::Chunks { at: 1_400, count: 9, missing: 9 });
    }

    #[test]
    fn a_lying_count_makes_no_more_than_65535_statuses() {
        let mut fci = vec![0, 0, 0xff, 0xff, 0, 0, 0, 0];
        fci.extend([0x1f, 0xff].repeat(100));
        assert_eq!(Feedback::parse(&fci).unwrap().packets().count(), 65_535);
    }

    fn arrivals() -> impl Strategy<Value = Vec<Option<i64>>> {
        let gap = prop_oneof![8 => 0i64..40, 2 => -300i64..3_000, 1 => -40_000i64..40_000];
        let runs = prop_oneof![6 => 1usize..4, 1 => 1usize..40];
        prop::collection::vec((prop::option::weighted(0.8, gap), runs), 1..400).prop_map(|steps| {
            let mut clock = 1i64 << 30;
            let mut arrivals = Vec::new();
            for (gap, run) in steps {
                for _ in 0..run {
                    arrivals.push(gap.map(|gap| {
                        clock += gap;
                        clock
                    }));
                }
            }
            arrivals
        })
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..1_500)) {
            if let Ok(feedback) = Feedback::parse(&bytes) {
                prop_assert_eq!(feedback.packets().count(), usize::from(feedback.packet_count()));
            }
        }

        #[test]
        fn headers_before_any_bytes_make_it_panic_neither(chunks in prop::collection::vec(any::<u16>(), 0..40), count in 1u16..2_000, deltas in 0usize..3_000) {
            let mut bytes = vec![1, 2, (count >> 8) as u8, count as u8, 0xff, 0xff, 0xff, 3];
            bytes.extend(chunks.iter().flat_map(|chunk| chunk.to_be_bytes()));
            bytes.resize(bytes.len() + deltas, 0x81);
            if let Ok(feedback) = Feedback::parse(&bytes) {
                prop_assert_eq!(feedback.packets().count(), usize::from(count));
            }
        }

        #[test]
        fn what_is_written_is_read_again(base in any::<u16>(), arrivals in arrivals()) {
            let (mut at, mut read) = (0usize, Vec::new());
            while arrivals[at..].iter().any(Option::is_some) {
                let mut fci = vec![0xee; 3];
                let told = write(&mut fci, base.wrapping_add(at as u16), 7, &arrivals[at..]);
                prop_assert!(told > 0);
                prop_assert!((fci.len() - 3).is_multiple_of(4) && fci.len() - 3 <= WRITTEN_MAX_LEN + 4);
                let feedback = Feedback::parse(&fci[3..]).unwrap();
                prop_assert_eq!(feedback.base_sequence(), base.wrapping_add(at as u16));
                for (sequence, arrival) in feedback.packets() {
                    prop_assert_eq!(sequence, base.wrapping_add(read.len() as u16));
                    // The reference has 24 bits.
                    read.push(arrival.map(|us| us / TICK_US));
                }
                at += told;
            }
            let wrap = 1i64 << 32;
            for (read, written) in read.iter().zip(&arrivals) {
                prop_assert_eq!(read.map(|ticks| ticks.rem_euclid(wrap)), written.map(|ticks| ticks.rem_euclid(wrap)));
            }
            prop_assert!(arrivals[read.len()..].iter().all(Option::is_none));
        }
    }
}
