//! Indices of one SSRC: the rollover counter is guessed (RFC 3711 3.3.1), and what was seen is remembered (3.3.2).

/// As wide as Chromium's: at 8 Mb/s, a second of packets may come late.
pub(super) const WINDOW: u64 = 1024;
const WORDS: usize = (WINDOW / 64) as usize;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Freshness {
    Fresh,
    /// It came before, or is too old to tell.
    Stale,
}

/// The indices that were seen, up to the highest.
#[derive(Debug, Clone)]
pub(super) struct Window {
    highest: u64,
    seen: [u64; WORDS],
}

impl Window {
    /// The window of a stream whose first packet has this index.
    pub fn starting(first: u64) -> Window {
        let mut window = Window { highest: first, seen: [0; WORDS] };
        window.mark(first);
        window
    }

    /// The index that a sequence number stands for. `None` for one before the first rollover or beyond the last.
    pub fn guess(&self, sequence: u16) -> Option<u64> {
        const HALF: u16 = 1 << 15;
        let (rollover, last) = (self.highest >> 16, self.highest as u16);
        let rollover = if last < HALF {
            if sequence > last + HALF { rollover.checked_sub(1)? } else { rollover }
        } else if last - HALF > sequence {
            rollover + 1
        } else {
            rollover
        };
        (rollover <= u64::from(u32::MAX)).then_some(rollover << 16 | u64::from(sequence))
    }

    pub fn judge(&self, index: u64) -> Freshness {
        if index > self.highest {
            return Freshness::Fresh;
        }
        let is_known = self.highest - index >= WINDOW || self.seen.get(word(index)).is_none_or(|word| word & bit(index) != 0);
        if is_known { Freshness::Stale } else { Freshness::Fresh }
    }

    /// Remembers an index that was judged fresh and whose packet is genuine.
    pub fn accept(&mut self, index: u64) {
        if index > self.highest {
            if index - self.highest >= WINDOW {
                self.seen = [0; WORDS];
            } else {
                for passed in self.highest + 1..index {
                    self.clear(passed);
                }
            }
            self.highest = index;
        }
        self.mark(index);
    }

    fn mark(&mut self, index: u64) {
        if let Some(word) = self.seen.get_mut(word(index)) {
            *word |= bit(index);
        }
    }

    fn clear(&mut self, index: u64) {
        if let Some(word) = self.seen.get_mut(word(index)) {
            *word &= !bit(index);
        }
    }
}

fn word(index: u64) -> usize {
    (index % WINDOW / 64) as usize
}

fn bit(index: u64) -> u64 {
    1 << (index % 64)
}

/// The windows of a session's SSRCs, sorted: no hash that a client could aim at, and neighbours in memory.
#[derive(Debug, Default)]
pub(super) struct Streams {
    sorted: Vec<(u32, Window)>,
    /// Where the last one asked for was: packets come in runs.
    last: usize,
}

impl Streams {
    pub fn len(&self) -> usize {
        self.sorted.len()
    }

    pub fn get_mut(&mut self, ssrc: u32) -> Option<&mut Window> {
        if self.sorted.get(self.last).is_none_or(|(found, _)| *found != ssrc) {
            self.last = self.sorted.binary_search_by_key(&ssrc, |(found, _)| *found).ok()?;
        }
        self.sorted.get_mut(self.last).map(|(_, window)| window)
    }

    pub fn insert(&mut self, ssrc: u32, window: Window) {
        if let Err(at) = self.sorted.binary_search_by_key(&ssrc, |(found, _)| *found) {
            self.sorted.insert(at, (ssrc, window));
        }
    }
}
