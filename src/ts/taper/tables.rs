//! What the source says about itself: PAT, PMT, its clock, and whether its streams are scrambled.

use super::timebase::Reference;
use super::{Event, Taper};
use crate::base::UtcMs;
use crate::ts::Packet;
use crate::ts::index::BreakReason;
use crate::ts::service::TableNews;
use crate::ts::tdt::parse_tdt;

/// So many scrambled (or clear) packets of the main stream in a row make it so.
const SCRAMBLED_RUN: u32 = 64;

impl Taper {
    pub(super) fn table(&mut self, packet: &Packet<'_>) {
        let Self { filter, out, pat_due, pmt_due, rotate, scrambled_run, replay, .. } = self;
        let mut changed = false;
        filter.table(packet, |news| match news {
            TableNews::Pat => *pat_due = true,
            TableNews::Pmt => *pmt_due = true,
            TableNews::PmtChanged => {
                (*pat_due, *pmt_due, *rotate, *scrambled_run) = (true, true, !*replay, 0);
                changed = true;
            }
            TableNews::NoSuchService { services } => out.events.push(Event::NoSuchService { services }),
            TableNews::Services => out.events.push(Event::ServicesChanged),
        });
        if changed {
            // What is held may be of a PID that is the main one no more.
            self.settle_hold();
            self.reference = Reference::default();
            if let Some(pmt) = self.filter.pmt() {
                self.out.events.push(Event::PmtChanged(pmt.clone()));
                if self.filter.main().is_none() {
                    self.out.events.push(Event::NothingToTape { service: pmt.service });
                }
            }
        }
        self.write_due_tables();
    }

    /// PAT and PMT keep the rhythm of the source's. Not while bytes are held: their counters would be out of order if tables are inserted before those.
    pub(super) fn write_due_tables(&mut self) {
        if self.replay || self.hold.is_some() {
            return;
        }
        let (pat, pmt) = (std::mem::take(&mut self.pat_due), std::mem::take(&mut self.pmt_due));
        if self.segment.is_some() {
            if pat {
                self.filter.write_pat(&mut self.out.bytes);
            }
            if pmt {
                self.filter.write_pmt(&mut self.out.bytes);
            }
        }
    }

    pub(super) fn source_time(&mut self, arrival: UtcMs, packet: &Packet<'_>) {
        let payload = packet.payload();
        let Some((&pointer, rest)) = payload.split_first().filter(|_| packet.payload_unit_start()) else { return };
        let Some([id, high, low, rest @ ..]) = rest.get(usize::from(pointer)..) else { return };
        let length = usize::from(high & 0x0f) << 8 | usize::from(*low);
        let Some(body) = rest.get(..length) else { return };
        let mut section = [0u8; 188];
        section[..3].copy_from_slice(&[*id, *high, *low]);
        section[3..3 + length].copy_from_slice(body);
        if let Some(time) = parse_tdt(&section[..3 + length]) {
            self.source_offset_ms = Some(time - arrival);
        }
    }

    /// Follows whether the main stream is scrambled; what cannot be read is not taped.
    pub(super) fn note_scrambling(&mut self, scrambled: bool) {
        if scrambled == self.scrambled {
            self.scrambled_run = 0;
            return;
        }
        self.scrambled_run += 1;
        if self.scrambled_run < SCRAMBLED_RUN {
            return;
        }
        (self.scrambled, self.scrambled_run) = (scrambled, 0);
        self.out.events.push(Event::Scrambled(scrambled));
        if scrambled && !self.replay {
            self.settle_hold();
            self.end_segment(None);
            self.break_with(BreakReason::ServiceLost);
        }
    }
}
