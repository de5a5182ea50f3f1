//! A peer that sends tracks: answers NACKs with repairs and PLIs with key pictures, and tells where its clocks are.

use std::time::Duration;

use super::source::Source;
use crate::sfu::packet::rtcp::{self, SenderInfo, write_sdes_cname, write_sender_report};
use crate::sfu::packet::{Rtcp, ntp};

pub struct Publisher {
    pub sources: Vec<Source>,
    pub transport: u16,
    /// Its wall clock against the world's.
    pub clock_offset: Duration,
    /// And how much faster it goes.
    pub clock_drift: f64,
    pub reports: bool,
    /// It has what is asked for again.
    pub answers: bool,
    pub nacks: usize,
    pub feedback: usize,
    pub receiver_reports: usize,
}

impl Publisher {
    pub fn new(sources: Vec<Source>) -> Self {
        Self {
            sources,
            transport: 0,
            clock_offset: Duration::from_secs(1_000_000),
            clock_drift: 0.0,
            reports: true,
            answers: true,
            nacks: 0,
            feedback: 0,
            receiver_reports: 0,
        }
    }

    /// What it sends in this millisecond: packets, and reports.
    pub fn turn(&mut self, now_ms: u64, out: &mut Vec<Vec<u8>>) {
        for source in &mut self.sources {
            source.turn(now_ms, &mut self.transport, out);
        }
        if self.reports && now_ms % 1_000 == 137 {
            self.report(now_ms, out);
        }
    }

    fn report(&self, now_ms: u64, out: &mut Vec<Vec<u8>>) {
        let on_its_clock = self.clock_offset + Duration::from_secs_f64(now_ms as f64 / 1e3 * (1.0 + self.clock_drift));
        for source in &self.sources {
            for layer in source.layers.iter().filter(|layer| layer.is_active && layer.sent().0 > 0) {
                let (packets, octets) = layer.sent();
                let rtp_time = layer.timestamp.wrapping_add((now_ms * source.rate_hz() / 1_000) as u32);
                let mut compound = Vec::new();
                write_sender_report(&mut compound, &SenderInfo { ssrc: layer.ssrc, ntp: ntp::from_unix(on_its_clock), rtp_time, packets, octets }, &[]);
                write_sdes_cname(&mut compound, layer.ssrc, "publisher");
                out.push(compound);
            }
        }
    }

    pub fn receive(&mut self, now_ms: u64, compound: &[u8], out: &mut Vec<Vec<u8>>) {
        for message in rtcp::parse(compound) {
            match message.unwrap() {
                Rtcp::Nack { media, lost, .. } => {
                    for sequence in lost {
                        self.nacks += 1;
                        if self.answers {
                            self.repair(media, sequence, out);
                        }
                    }
                }
                Rtcp::Pli { media, .. } => {
                    for layer in self.sources.iter_mut().flat_map(|source| &mut source.layers).filter(|layer| layer.ssrc == media) {
                        layer.plis += 1;
                        // An encoder does not make key pictures faster than this.
                        layer.wants_key |= layer.keys.last().is_none_or(|last| now_ms - last >= 300);
                    }
                }
                Rtcp::TransportFeedback { .. } => self.feedback += 1,
                Rtcp::ReceiverReport { .. } => self.receiver_reports += 1,
                _ => {}
            }
        }
    }

    fn repair(&mut self, media: u32, sequence: u16, out: &mut Vec<Vec<u8>>) {
        for source in &mut self.sources {
            let mid = source.mid.clone();
            for layer in source.layers.iter_mut().filter(|layer| layer.ssrc == media) {
                out.extend(layer.repair(&mid, sequence, &mut self.transport));
            }
        }
    }
}
