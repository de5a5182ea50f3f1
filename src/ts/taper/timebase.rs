//! The packets that carry the source's clock, and what happens when it jumps.
//!
//! One PCR out of line may be damage. Packets from it on are put aside until the next PCR tells: then either it was damage and nothing is lost,
//! or a new epoch begins exactly with it.

use super::{Event, Taper};
use crate::base::UtcMs;
use crate::ts::index::BreakReason;
use crate::ts::service::Route;
use crate::ts::time::{PcrVerdict, TapeClock};
use crate::ts::{PACKET_LEN, Packet, PesHeader};

/// Packets from a doubtful PCR on.
#[derive(Debug, Default)]
pub(super) struct Stash {
    packets: Vec<(u64, UtcMs, [u8; PACKET_LEN])>,
    /// The doubtful PCR.
    pcr_33: u64,
}

/// So many packets are put aside at most (0.3 s of 8 Mb/s), and for so long.
const STASH_PACKETS: usize = 2048;
const STASH_MS: i64 = 1000;

/// Which time stamps are the clock.
#[derive(Debug, Default)]
pub(super) struct Reference {
    last_pcr: Option<UtcMs>,
    /// There is no PCR, or none the pictures agree with: their DTS is the clock.
    from_pictures: bool,
    /// Random access points in a row whose PTS were beyond belief.
    disagreements: u32,
}

/// Without a PCR for so long the pictures' time stamps are the clock.
const PCR_MISSING_MS: i64 = 3000;
/// A PTS is never further from the PCR than this (2.7.4: 1 s; H.264: 10 s).
pub(super) const FARTHEST_PTS_90K: i64 = 10 * crate::ts::TICKS_PER_SECOND;

impl Taper {
    /// Deals with the packet's time reference, then with the packet.
    pub(super) fn referenced(&mut self, arrival: UtcMs, packet: &Packet<'_>, route: Route) {
        let number = self.counts.packets;
        let Some((pcr_33, marked)) = self.reference_of(arrival, packet, route) else {
            if self.stash.packets.is_empty() {
                self.accept(arrival, packet, route, number);
            } else {
                self.stash.packets.push((number, arrival, *packet.bytes()));
                if self.stash.packets.len() >= STASH_PACKETS {
                    self.release_stash();
                }
            }
            return;
        };
        self.note_arrival_gap(arrival);
        if let Some(&(_, first, _)) = self.stash.packets.first() {
            let continues = self.clock.judge(arrival, pcr_33, marked) == PcrVerdict::Continues;
            if !continues && TapeClock::agree((first, self.stash.pcr_33), (arrival, pcr_33)) {
                self.new_time_base(first, self.stash.pcr_33);
            }
            self.release_stash();
        }
        match self.clock.judge(arrival, pcr_33, marked) {
            PcrVerdict::First => self.clock.begin(arrival, pcr_33),
            PcrVerdict::Continues => self.clock.advance(arrival, pcr_33),
            PcrVerdict::Jumps if marked => self.new_time_base(arrival, pcr_33),
            PcrVerdict::Jumps => {
                self.stash.pcr_33 = pcr_33;
                self.stash.packets.push((number, arrival, *packet.bytes()));
                return;
            }
        }
        self.accept(arrival, packet, route, number);
    }

    /// The packet's PCR (or what stands for it), and whether it is marked as the first of a new time base.
    fn reference_of(&mut self, arrival: UtcMs, packet: &Packet<'_>, route: Route) -> Option<(u64, bool)> {
        if packet.transport_error() || !route.is_stream() {
            return None;
        }
        let pcr = if route.has_pcr() { packet.adaptation().and_then(|a| a.pcr_27m.map(|pcr| (pcr / 300, a.discontinuity))) } else { None };
        if pcr.is_some() {
            self.reference.last_pcr = Some(arrival);
        }
        if !route.is_main() || !packet.payload_unit_start() || packet.scrambled() {
            return pcr.filter(|_| !self.reference.from_pictures);
        }
        let last = *self.reference.last_pcr.get_or_insert(arrival);
        if !self.reference.from_pictures && (arrival - last >= PCR_MISSING_MS || self.filter.pmt().is_some_and(|p| p.pcr_pid == 0x1fff)) {
            self.clock_from_pictures(packet.pid());
        }
        if !self.reference.from_pictures {
            return pcr;
        }
        let header = PesHeader::parse(packet.payload())?;
        Some((header.dts.or(header.pts)?, false))
    }

    fn clock_from_pictures(&mut self, pid: u16) {
        self.reference.from_pictures = true;
        self.out.events.push(Event::ClockFromPictures { pid });
        if self.clock.edge().is_some() {
            self.settle_hold();
            self.end_segment(None);
            self.clock.end();
            self.break_with(BreakReason::PcrJump);
        }
    }

    /// Notes whether the PTS of random access points are where the PCR says; the third in a row that is not makes the pictures the clock.
    pub(super) fn pts_believed(&mut self, distance_90k: i64) -> bool {
        if distance_90k.abs() <= FARTHEST_PTS_90K || self.replay {
            self.reference.disagreements = 0;
            return true;
        }
        self.reference.disagreements += 1;
        if self.reference.disagreements == 3 && !self.reference.from_pictures {
            let pid = self.filter.main().map_or(0, |m| m.0);
            self.clock_from_pictures(pid);
        }
        false
    }

    /// A signal that was away is back with a time line of its own, even where its clock went on.
    pub(super) fn note_arrival_gap(&mut self, arrival: UtcMs) {
        if let Some(last) = self.last_arrival.filter(|&last| self.signal == super::Signal::Present && arrival - last >= self.options.signal_lost_ms) {
            self.lose_signal(last);
        }
    }

    fn new_time_base(&mut self, arrival: UtcMs, pcr_33: u64) {
        if self.replay {
            // A tape segment has one time base: this is damage.
            return;
        }
        self.settle_hold();
        let at = self.clock.edge().map_or(arrival, |e| e.utc);
        self.end_segment(None);
        self.break_with(BreakReason::PcrJump);
        self.out.events.push(Event::Discontinuity { reason: BreakReason::PcrJump, at });
        self.clock.begin(arrival, pcr_33);
        self.waiting_since_90k = self.clock.edge().map(|e| e.media_90k);
    }

    /// Takes what was put aside. Its first packet's PCR was dealt with, or is ignored.
    pub(super) fn release_stash(&mut self) {
        for (number, arrival, bytes) in std::mem::take(&mut self.stash.packets) {
            if let Ok(packet) = Packet::parse(&bytes) {
                let route = self.filter.route(packet.pid());
                if !route.is_nothing() || self.replay {
                    self.accept(arrival, &packet, route, number);
                }
            }
        }
    }

    /// No PCR came that could tell: the doubtful one is ignored.
    pub(super) fn tick_stash(&mut self, now: UtcMs) {
        if self.stash.packets.first().is_some_and(|&(_, since, _)| now - since >= STASH_MS) {
            self.release_stash();
        }
    }
}
