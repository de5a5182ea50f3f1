//! The renumbering of one subscriber's stream: what is left out, and where layers change, leaves no gap in sequence numbers, time stamps and picture ids.

use crate::sfu::uplink::Stored;

/// Changes that are remembered, so that late packets get the number that was kept for them.
const CHANGES: usize = 32;

#[derive(Debug, Clone, Copy)]
struct Offsets {
    /// From this number of the publisher on.
    from: u64,
    sequence: u64,
    picture: u16,
}

/// What a packet is called downstream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Numbers {
    pub sequence: u16,
    pub timestamp: u32,
    pub picture_id: u16,
    pub tl0: u8,
}

#[derive(Debug)]
pub struct Renumbering {
    /// The newest change last; empty before the first packet.
    changes: Vec<Offsets>,
    timestamp: u32,
    tl0: u8,
    /// The highest number of the publisher that was looked at.
    highest: u64,
    /// The next number downstream, unwrapped.
    next: u64,
    last: Last,
    /// The picture that is being left out.
    left_out: Option<u16>,
}

/// The newest packet downstream.
#[derive(Debug, Default, Clone, Copy)]
pub struct Last {
    pub timestamp: u32,
    pub picture_id: u16,
    pub tl0: u8,
}

impl Renumbering {
    pub fn new(first_sequence: u16, first_timestamp: u32) -> Self {
        Self {
            changes: Vec::new(),
            timestamp: 0,
            tl0: 0,
            highest: 0,
            // One turn up, so that there is a place before the first.
            next: u64::from(first_sequence) + (1 << 16),
            last: Last { timestamp: first_timestamp, picture_id: first_sequence & 0x7fff, tl0: first_sequence as u8 },
            left_out: None,
        }
    }

    pub fn last(&self) -> Last {
        self.last
    }

    pub fn highest(&self) -> u64 {
        self.highest
    }

    /// The publisher's time stamps minus the subscriber's.
    pub fn timestamp_offset(&self) -> u32 {
        self.timestamp
    }

    /// The number that went out last.
    pub fn newest(&self) -> u16 {
        self.next.wrapping_sub(1) as u16
    }

    /// Begins (again) with this packet, at this time downstream: after a pause, a break, or in another layer.
    pub fn begin(&mut self, stored: &Stored, timestamp: u32) {
        let (picture, tl0) = stored.vp8.unwrap_or_default();
        self.changes.clear();
        self.changes.push(Offsets {
            from: stored.sequence,
            sequence: stored.sequence.wrapping_sub(self.next),
            picture: picture.wrapping_sub(self.last.picture_id.wrapping_add(1)),
        });
        self.timestamp = stored.timestamp.wrapping_sub(timestamp);
        self.tl0 = tl0.wrapping_sub(self.last.tl0.wrapping_add(1));
        self.highest = stored.sequence.wrapping_sub(1);
        self.left_out = None;
    }

    /// The packet goes out: under these numbers. None for one whose place is no longer known.
    pub fn take(&mut self, stored: &Stored) -> Option<Numbers> {
        let is_newest = stored.sequence > self.highest;
        let offsets = self.offsets(stored.sequence)?;
        let sequence = stored.sequence.wrapping_sub(offsets.sequence);
        let (picture, tl0) = stored.vp8.unwrap_or_default();
        let numbers = Numbers {
            sequence: sequence as u16,
            timestamp: stored.timestamp.wrapping_sub(self.timestamp),
            picture_id: picture.wrapping_sub(offsets.picture) & 0x7fff,
            tl0: tl0.wrapping_sub(self.tl0),
        };
        if is_newest {
            self.highest = stored.sequence;
            self.next = sequence + 1;
            self.last = Last { timestamp: numbers.timestamp, picture_id: numbers.picture_id, tl0: numbers.tl0 };
            self.left_out = None;
        }
        Some(numbers)
    }

    /// The packet does not go out, and leaves no gap.
    pub fn leave_out(&mut self, stored: &Stored) {
        if stored.sequence <= self.highest {
            return; // A number was kept for it; that gap stays.
        }
        let Some(newest) = self.changes.last().copied() else { return };
        self.highest = stored.sequence;
        let mut picture = newest.picture;
        if let Some((id, _)) = stored.vp8
            && self.left_out.replace(id) != Some(id)
        {
            picture = picture.wrapping_add(1);
        }
        let change = Offsets { from: stored.sequence + 1, sequence: newest.sequence.wrapping_add(1), picture };
        match self.changes.last_mut() {
            // Between two that are left out one after the other nothing can be: they are one change.
            Some(last) if last.from == stored.sequence => *last = change,
            _ => {
                if self.changes.len() == CHANGES {
                    self.changes.remove(0);
                }
                self.changes.push(change);
            }
        }
    }

    /// The packets after this number never left, and the stream does not go on with what would follow them: the next beginning takes their numbers. `before`
    /// is what went out last.
    pub fn take_back(&mut self, left: u16, before: Option<Last>) {
        self.next = self.next.wrapping_sub(u64::from(self.newest().wrapping_sub(left)));
        self.last = before.unwrap_or(self.last);
        self.changes.clear();
    }

    fn offsets(&self, sequence: u64) -> Option<Offsets> {
        self.changes.iter().rev().find(|change| change.from <= sequence).copied()
    }
}
