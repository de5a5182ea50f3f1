//! Puts the tables of the guide between the packets of the multiplexer, each with the continuity of its PID and at its interval.

use std::collections::{HashMap, VecDeque};

use yizhan::base::UtcMs;
use yizhan::ts::PACKET_LEN;

use super::tables::{self, EIT_PID, SDT_PID, TDT_PID};
use super::{Origin, schedule};

/// Intervals, well within those of ETSI TS 101 211 (SDT 2 s, EIT present/following 2 s, schedule 10 s, TDT 30 s).
const SDT_MS: i64 = 1000;
const PRESENT_MS: i64 = 1000;
const SCHEDULE_MS: i64 = 8000;
const TDT_MS: i64 = 5000;
/// Packets of tables at one place, so that the schedule does not hold up the picture.
const BURST: usize = 14;

pub struct Inserter {
    service: u16,
    name: String,
    origin: Origin,
    due: [UtcMs; 4],
    /// The programme that the guide named as present.
    told: Option<UtcMs>,
    waiting: VecDeque<[u8; PACKET_LEN]>,
    counters: HashMap<u16, u8>,
}

impl Inserter {
    pub fn new(service: u16, name: &str, origin: Origin) -> Self {
        Self { service, name: name.to_owned(), origin, due: [UtcMs(0); 4], told: None, waiting: VecDeque::new(), counters: HashMap::new() }
    }

    /// The packets that are due at a place on the media's time line.
    pub fn at(&mut self, media_ms: i64) -> impl Iterator<Item = [u8; PACKET_LEN]> + '_ {
        let now = self.origin.at_ms(media_ms);
        let present = schedule::at(now).start;
        if self.told.replace(present) != Some(present) {
            self.due[1] = now;
        }
        if self.is_due(0, now, SDT_MS) {
            self.add(SDT_PID, &tables::sdt(self.service, &self.name));
        }
        if self.is_due(1, now, PRESENT_MS) {
            tables::eit_present_following(self.service, now).iter().for_each(|section| self.add(EIT_PID, section));
        }
        if self.is_due(2, now, TDT_MS) {
            self.add(TDT_PID, &tables::tdt(now));
        }
        if self.waiting.is_empty() && self.is_due(3, now, SCHEDULE_MS) {
            tables::eit_schedule(self.service, now).iter().for_each(|section| self.add(EIT_PID, section));
        }
        let burst = self.waiting.len().min(BURST);
        self.waiting.drain(..burst)
    }

    /// Also true where the clock went back.
    fn is_due(&mut self, which: usize, now: UtcMs, interval: i64) -> bool {
        let is_due = now >= self.due[which] || self.due[which] - now > interval;
        if is_due {
            self.due[which] = now + interval;
        }
        is_due
    }

    /// A section in packets of its own.
    fn add(&mut self, pid: u16, section: &[u8]) {
        let counter = self.counters.entry(pid).or_default();
        let with_pointer = [&[0], section].concat();
        for (n, piece) in with_pointer.chunks(PACKET_LEN - 4).enumerate() {
            let mut packet = [0xff; PACKET_LEN];
            let start = if n == 0 { 0x40 } else { 0 };
            packet[..4].copy_from_slice(&[0x47, start | (pid >> 8) as u8, pid as u8, 0x10 | *counter]);
            packet[4..4 + piece.len()].copy_from_slice(piece);
            self.waiting.push_back(packet);
            *counter = (*counter + 1) & 0x0f;
        }
    }
}
