//! What a source announces beside pictures and sound: the guide, the names of its services, its clock.

use std::collections::BTreeSet;

use crate::base::UtcMs;
use crate::epg::{Charset, EIT_PID, Event, GuideChange, GuideCollector, Programme, SDT_PID, SdtCollector, SourceClock, TIME_PID, announced_time};
use crate::ts::{PACKET_LEN, Packet, SectionAssembler};

/// Listens to one source for one channel.
pub struct Announced {
    service: Option<u16>,
    guide: GuideCollector,
    names: SdtCollector,
    times: SectionAssembler,
    clock: SourceClock,
}

/// What there is to know after some packets.
#[derive(Debug, Default)]
pub struct News {
    /// Changes of the channel's own service.
    pub changes: Vec<GuideChange>,
    /// For the log and the operator.
    pub warnings: Vec<String>,
}

impl Announced {
    /// `known`: what the store still knows of the channel's guide.
    pub fn new(charset: Charset, known: &[Programme]) -> Self {
        let mut guide = GuideCollector::new(Some(BTreeSet::new()), charset);
        guide.restore(known.iter().map(Event::of));
        Self { service: None, guide, names: SdtCollector::new(charset), times: SectionAssembler::default(), clock: SourceClock::default() }
    }

    /// From now on the guide of this service is gathered.
    pub fn follow(&mut self, service: u16) {
        if self.service != Some(service) {
            self.service = Some(service);
            self.guide.set_wanted(Some(BTreeSet::from([service])));
        }
    }

    pub fn names(&self) -> &SdtCollector {
        &self.names
    }

    /// Takes whole packets of the multiplex that arrived at one time.
    pub fn push(&mut self, at: UtcMs, packets: &[u8], news: &mut News) {
        for bytes in packets.as_chunks::<PACKET_LEN>().0 {
            // Nearly all packets are pictures: look at two bytes before anything else.
            let pid = u16::from(bytes[1] & 0x1f) << 8 | u16::from(bytes[2]);
            if !matches!(pid, SDT_PID | EIT_PID | TIME_PID) {
                continue;
            }
            let Ok(packet) = Packet::parse(bytes) else { continue };
            match pid {
                EIT_PID => {
                    let heard = self.guide.push(&packet, at);
                    news.warnings.extend(heard.warnings.iter().map(ToString::to_string));
                    news.changes.extend(heard.changes);
                }
                SDT_PID => {
                    if let Err(error) = self.names.push(&packet) {
                        news.warnings.push(error.to_string());
                    }
                }
                _ => self.hear_time(at, &packet, news),
            }
        }
        let service = self.service;
        news.changes.retain(|change| change.actual && Some(change.service.service) == service);
    }

    fn hear_time(&mut self, at: UtcMs, packet: &Packet<'_>, news: &mut News) {
        let (clock, guide) = (&mut self.clock, &mut self.guide);
        self.times.push(packet, |section| match announced_time(section) {
            Ok(Some(announced)) => {
                if let Some(offset_ms) = clock.observe(announced, at) {
                    if offset_ms != 0 {
                        news.warnings.push(format!(
                            "信号源的时钟与本机相差 {} 秒,节目单按此换算 / the source's clock is {} s off this machine's; its guide is taken accordingly",
                            offset_ms / 1000,
                            offset_ms / 1000
                        ));
                    }
                    news.changes.extend(guide.set_clock_offset(offset_ms));
                }
            }
            Ok(None) => {}
            Err(error) => news.warnings.push(error.to_string()),
        });
    }
}
