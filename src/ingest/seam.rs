//! A file played again and again as one stream that never ends: at each seam the continuity counters go on, and PCR, PTS and DTS go on in time. Pure.
//!
//! The first round passes unchanged and is learnt from; each later round is shifted. Times are shifted per programme clock (a multiplex has as many as it has PCR PIDs),
//! so that the first PCR of a round follows the last of the round before by what lies between them at the stream's rate. What is inside the file stays as it
//! is: its own discontinuities and continuity errors come again each round.
//!
//! Left as they are: TDT and TOT (a looped capture tells the time of its making; take the guide's time from there), SCTE-35 times, and a PTS whose PES header
//! is spread over two packets. A packet before the first beginning of a PES packet or section of its PID would be glued to what the seam cut off: in later
//! rounds it becomes a null packet.

use std::collections::HashMap;

use crate::ts::{PACKET_LEN, Packet, Pat, Pmt, SectionAssembler, WRAP_90K};

const NULL_PID: u16 = 0x1fff;
/// PCR counts 27 MHz modulo this.
pub(super) const WRAP_27M: i64 = WRAP_90K * 300;
/// Two PCRs further apart than this (27 MHz; the standard allows 0.1 s, files written for the web have one a second) are a discontinuity.
pub(super) const PCR_STEP_LIMIT: i64 = 2 * 27_000_000;

/// Rewrites a file's packets. Call [`Seam::rewrite`] for each packet and [`Seam::turn`] at the file's end.
#[derive(Default)]
pub struct Seam {
    round: u64,
    /// Packets so far in this round.
    index: i64,
    pids: HashMap<u16, Pid>,
    clocks: HashMap<u16, ProgrammeClock>,
    /// The clock of PIDs that belong to no known programme: the first in the file.
    main_clock: Option<u16>,
    pat: SectionAssembler,
    pmts: HashMap<u16, SectionAssembler>,
}

/// What is kept of a PID.
#[derive(Default)]
struct Pid {
    /// Counter of the last packet that was given on.
    last_counter: Option<u8>,
    /// Added to the file's counters in this round.
    offset: Option<u8>,
    /// A payload unit begins somewhere on this PID.
    has_starts: bool,
    /// One has begun in this round.
    begun: bool,
    /// The PCR PID of its programme.
    clock: Option<u16>,
}

/// The PCRs of one PID, as in the file, with the packets they were in. One that agrees with neither neighbour is damage and counts for nothing; after a
/// jump the second PCR confirms the first.
struct ProgrammeClock {
    first: Pcr,
    last: Pcr,
    /// Disagrees with `last` and waits for its successor.
    unconfirmed: Option<Pcr>,
    /// Ticks per packet, between the first two and the last two PCRs of the round; `None` until two agree.
    head_rate: Option<f64>,
    tail_rate: f64,
    /// Added to the file's times in this round (27 MHz, a multiple of 300).
    shift: i64,
}

#[derive(Clone, Copy)]
struct Pcr {
    ticks_27m: i64,
    /// Packet in the file.
    index: i64,
}

impl Seam {
    /// Rewrites one packet of 188 bytes in place. Other lengths and packets without sync are left alone.
    pub fn rewrite(&mut self, bytes: &mut [u8]) {
        let Ok(packet) = Packet::parse(bytes) else { return };
        let pid = packet.pid();
        let index = self.index;
        self.index += 1;
        if pid == NULL_PID {
            return;
        }
        self.learn(&packet, index);
        let clock = self.pids.get(&pid).and_then(|state| state.clock).or(self.main_clock);
        let shift_of = |pid: &u16| self.clocks.get(pid).filter(|clock| clock.is_confirmed()).map(|clock| clock.shift);
        let shift = clock.as_ref().and_then(shift_of).or_else(|| shift_of(&self.main_clock?)).unwrap_or(0);
        let own_shift = shift_of(&pid).unwrap_or(shift);
        let state = self.pids.entry(pid).or_default();
        if self.round > 0 && state.has_starts && !state.begun && !packet.payload_unit_start() {
            return make_null(bytes);
        }
        state.begun |= packet.payload_unit_start();
        state.has_starts |= packet.payload_unit_start();
        if packet.transport_error() {
            return; // its header cannot be trusted
        }
        let counter = state.continue_counter(packet.continuity_counter(), packet.has_payload());
        let has_pcr = packet.adaptation().is_some_and(|a| a.pcr_27m.is_some());
        let pes = (packet.payload_unit_start() && !packet.scrambled()).then(|| PACKET_LEN - packet.payload().len());
        bytes[3] = bytes[3] & 0xf0 | counter;
        if has_pcr {
            shift_pcr(&mut bytes[6..12], own_shift);
        }
        if let Some(start) = pes {
            shift_pes(&mut bytes[start..], shift / 300);
        }
    }

    /// The file is at its end and begins again.
    pub fn turn(&mut self) {
        for clock in self.clocks.values_mut().filter(|clock| clock.is_confirmed()) {
            clock.turn(self.index);
        }
        for state in self.pids.values_mut() {
            state.offset = None;
            state.begun = false;
        }
        self.round += 1;
        self.index = 0;
    }

    /// The PID whose PCR paces the file; `None` until two PCRs of one have been seen.
    pub fn main_clock(&self) -> Option<u16> {
        self.main_clock
    }

    fn learn(&mut self, packet: &Packet<'_>, index: i64) {
        let pid = packet.pid();
        if packet.transport_error() {
            return;
        }
        if let Some(pcr) = packet.adaptation().and_then(|a| a.pcr_27m) {
            let now = Pcr { ticks_27m: pcr as i64, index };
            let clock = self.clocks.entry(pid).and_modify(|clock| clock.saw(now)).or_insert_with(|| ProgrammeClock::new(now));
            if clock.is_confirmed() {
                self.main_clock.get_or_insert(pid);
            }
        }
        // The tables of the first round hold for all.
        if self.round == 0 {
            self.learn_tables(packet);
        }
    }

    fn learn_tables(&mut self, packet: &Packet<'_>) {
        if packet.pid() == 0 {
            let pmts = &mut self.pmts;
            self.pat.push(packet, |section| {
                for (_, pid) in Pat::parse(section).map(|pat| pat.services).unwrap_or_default() {
                    pmts.entry(pid).or_default();
                }
            });
        } else if let Some(assembler) = self.pmts.get_mut(&packet.pid()) {
            let pids = &mut self.pids;
            assembler.push(packet, |section| {
                if let Ok(pmt) = Pmt::parse(section) {
                    for stream in pmt.streams {
                        pids.entry(stream.pid).or_default().clock = Some(pmt.pcr_pid);
                    }
                }
            });
        }
    }
}

impl Pid {
    /// The counter under which a packet is given on. A packet without payload repeats the counter before it (ISO/IEC 13818-1, 2.4.3.3).
    fn continue_counter(&mut self, counter: u8, has_payload: bool) -> u8 {
        let last = self.last_counter;
        let offset = *self.offset.get_or_insert_with(|| last.map_or(0, |last| last.wrapping_add(u8::from(has_payload)).wrapping_sub(counter)));
        let counter = counter.wrapping_add(offset) & 0x0f;
        self.last_counter = Some(counter);
        counter
    }
}

impl ProgrammeClock {
    fn new(first: Pcr) -> Self {
        Self { first, last: first, unconfirmed: None, head_rate: None, tail_rate: 0.0, shift: 0 }
    }

    fn is_confirmed(&self) -> bool {
        self.head_rate.is_some()
    }

    fn saw(&mut self, now: Pcr) {
        let (rate, before) = match (rate(self.last, now), self.unconfirmed) {
            (Some(rate), _) => (rate, self.last),
            (None, Some(jump)) if let Some(rate) = rate(jump, now) => (rate, jump),
            (None, _) => {
                self.unconfirmed = Some(now);
                return;
            }
        };
        if self.head_rate.is_none() {
            (self.first, self.head_rate) = (before, Some(rate));
        }
        (self.last, self.tail_rate, self.unconfirmed) = (now, rate, None);
    }

    /// Times of the next round begin where this one ends: `packets` is the file's length.
    fn turn(&mut self, packets: i64) {
        let tail = (packets - self.last.index) as f64 * self.tail_rate;
        let head = self.first.index as f64 * self.head_rate.unwrap_or(0.0);
        let round = (self.last.ticks_27m - self.first.ticks_27m).rem_euclid(WRAP_27M) + (tail + head) as i64;
        self.shift = (self.shift + (round + 299) / 300 * 300).rem_euclid(WRAP_27M);
        // The next round begins with the same PCR.
        (self.last, self.unconfirmed) = (self.first, None);
    }
}

/// Ticks per packet from one PCR to a later one; `None` where they do not belong together.
fn rate(from: Pcr, to: Pcr) -> Option<f64> {
    let step = (to.ticks_27m - from.ticks_27m).rem_euclid(WRAP_27M);
    let packets = to.index - from.index;
    (step <= PCR_STEP_LIMIT && packets > 0).then(|| step as f64 / packets as f64)
}

fn make_null(bytes: &mut [u8]) {
    bytes[1] = 0x1f;
    bytes[2] = 0xff;
    bytes[3] = 0x10;
    bytes[4..].fill(0xff);
}

/// PCR: 33 bits of base, 6 reserved, 9 of extension.
fn shift_pcr(field: &mut [u8], shift: i64) {
    let base = i64::from(field[0]) << 25 | i64::from(field[1]) << 17 | i64::from(field[2]) << 9 | i64::from(field[3]) << 1 | i64::from(field[4] >> 7);
    let base = (base + shift / 300).rem_euclid(WRAP_90K);
    field[..4].copy_from_slice(&((base >> 1) as u32).to_be_bytes());
    field[4] = field[4] & 0x7f | ((base & 1) as u8) << 7;
}

/// PTS and DTS of a PES header (2.4.3.6), where they lie in this packet.
fn shift_pes(payload: &mut [u8], shift_90k: i64) {
    let [0, 0, 1, _, _, _, marks, flags, _, ..] = *payload else { return };
    if marks & 0xc0 != 0x80 {
        return;
    }
    for (mask, at) in [(0x80, 9), (0x40, 14)] {
        if flags & mask == mask
            && flags & 0x80 != 0
            && let Some(field) = payload.get_mut(at..at + 5)
        {
            shift_timestamp(field, shift_90k);
        }
    }
}

fn shift_timestamp(b: &mut [u8], shift_90k: i64) {
    if b[0] & 1 == 0 || b[2] & 1 == 0 || b[4] & 1 == 0 {
        return;
    }
    let time = i64::from(b[0] >> 1 & 7) << 30 | i64::from(b[1]) << 22 | i64::from(b[2] >> 1) << 15 | i64::from(b[3]) << 7 | i64::from(b[4] >> 1);
    let time = (time + shift_90k).rem_euclid(WRAP_90K);
    b[0] = b[0] & 0xf0 | ((time >> 30) as u8) << 1 | 1;
    b[1] = (time >> 22) as u8;
    b[2] = ((time >> 15) as u8) << 1 | 1;
    b[3] = (time >> 7) as u8;
    b[4] = (time as u8) << 1 | 1;
}

#[cfg(test)]
mod tests;
