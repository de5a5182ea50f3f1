//! What the tests of this module are made of: tables written by `dvb-si`, packets that carry them, and the captures.

use std::path::PathBuf;

use broadcast_common::Serialize;
use dvb_si::descriptors::DescriptorLoop;
use dvb_si::descriptors::extended_event::ExtendedEventDescriptor;
use dvb_si::descriptors::service::{ServiceDescriptor, ServiceType};
use dvb_si::descriptors::short_event::ShortEventDescriptor;
use dvb_si::tables::RunningStatus;
use dvb_si::tables::eit::{EitEvent, EitKind, EitSection};
use dvb_si::tables::sdt::{SdtKind, SdtSection, SdtService};
use dvb_si::text::{DvbText, LangCode};

use crate::base::UtcMs;
use crate::ts::{PACKET_LEN, Packet};

pub fn written(table: &impl Serialize<Error = dvb_si::Error>) -> Vec<u8> {
    let mut bytes = vec![0; table.serialized_len()];
    table.serialize_into(&mut bytes).unwrap();
    bytes
}

/// `2026-11-20T11:00:00Z`
pub fn at(text: &str) -> UtcMs {
    UtcMs(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
}

/// An event to be: its texts are raw bytes, selector included.
#[derive(Clone)]
pub struct Sample {
    pub id: u16,
    pub start: [u8; 5],
    pub duration: [u8; 3],
    pub status: RunningStatus,
    pub descriptors: Vec<u8>,
}

impl Sample {
    pub fn new(id: u16, start: &str, minutes: u32, title: &[u8]) -> Self {
        let short = ShortEventDescriptor { language_code: LangCode(*b"chi"), event_name: DvbText::new(title), text: DvbText::new(b""), trailing: vec![] };
        Self { id, start: mjd(at(start)), duration: bcd(minutes), status: RunningStatus::NotRunning, descriptors: written(&short) }
    }

    pub fn running(self) -> Self {
        Self { status: RunningStatus::Running, ..self }
    }

    /// Long text in several descriptors.
    pub fn with_text(mut self, parts: &[&[u8]]) -> Self {
        for (number, part) in parts.iter().enumerate() {
            self.descriptors.extend(written(&ExtendedEventDescriptor {
                descriptor_number: number as u8,
                last_descriptor_number: parts.len() as u8 - 1,
                language_code: LangCode(*b"chi"),
                items: vec![],
                text: DvbText::new(part),
            }));
        }
        self
    }
}

fn mjd(at: UtcMs) -> [u8; 5] {
    let seconds = at.0 / 1000;
    let [high, low] = ((seconds / 86_400 + 40_587) as u16).to_be_bytes();
    let digits = |n: i64| (n / 10 * 16 + n % 10) as u8;
    [high, low, digits(seconds / 3600 % 24), digits(seconds / 60 % 60), digits(seconds % 60)]
}

fn bcd(minutes: u32) -> [u8; 3] {
    let digits = |n: u32| (n / 10 * 16 + n % 10) as u8;
    [digits(minutes / 60), digits(minutes % 60), 0]
}

/// A section of the EIT of service 101.
pub fn eit(table_id: u8, number: u8, last: u8, version: u8, events: &[Sample]) -> Vec<u8> {
    let kind = EitKind::from_table_id(table_id).unwrap();
    let events = events.iter().map(|e| EitEvent::new(e.id, e.start, e.duration, e.status, false, DescriptorLoop::new(&e.descriptors))).collect();
    written(&EitSection::new(kind, table_id, 101, version, true, number, last, 1, 2, last.min(number | 7), table_id.max(0x4e), events))
}

pub fn sdt(names: &[(u16, &[u8])]) -> Vec<u8> {
    let words: Vec<Vec<u8>> = names
        .iter()
        .map(|(_, name)| {
            written(&ServiceDescriptor {
                service_type: ServiceType::DigitalTelevision,
                provider_name: DvbText::new(b"\x15\xe5\x8f\xb0"),
                service_name: DvbText::new(name),
                trailing: vec![],
            })
        })
        .collect();
    let services =
        names.iter().zip(&words).map(|((id, _), words)| SdtService::new(*id, true, true, RunningStatus::Running, false, DescriptorLoop::new(words))).collect();
    written(&SdtSection::new(SdtKind::Actual, 1, 0, true, 0, 0, 2, services))
}

/// Any bytes as a section of that table whose length and CRC are right.
pub fn sealed(table_id: u8, body: Vec<u8>) -> Vec<u8> {
    let length = body.len().min(4000) + 4;
    let mut section = vec![table_id, 0xf0 | (length >> 8) as u8, length as u8];
    section.extend(&body[..length - 4]);
    if let Some(version) = section.get_mut(5) {
        *version |= 1;
    }
    section.extend(crate::ts::crc32_mpeg(&section).to_be_bytes());
    section
}

/// The section in packets of the PID, continuity counters from `counter` on.
pub fn packets(pid: u16, section: &[u8], counter: &mut u8) -> Vec<[u8; PACKET_LEN]> {
    let payload = [&[0], section].concat();
    let chunks = payload.chunks(184).enumerate();
    chunks
        .map(|(i, chunk)| {
            let mut packet = [0xff; PACKET_LEN];
            let start = if i == 0 { 0x40 } else { 0 };
            packet[..4].copy_from_slice(&[0x47, start | (pid >> 8) as u8, pid as u8, 0x10 | *counter]);
            *counter = (*counter + 1) & 0x0f;
            packet[4..4 + chunk.len()].copy_from_slice(chunk);
            packet
        })
        .collect()
}

/// A capture's packets of one PID; `None`, said aloud, where the captures are not there (an error where `CI=true`).
pub fn capture(name: &str, mut each: impl FnMut(&Packet<'_>)) -> Option<()> {
    let folder = std::env::var_os("YIZHAN_TEST_DATA").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data"), PathBuf::from);
    let path = folder.join("broadcast").join(name);
    let Ok(bytes) = std::fs::read(&path) else {
        assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "the captures are absent: {}", path.display());
        eprintln!("the captures are absent, what they would show is not tested: {}", path.display());
        return None;
    };
    for packet in bytes.chunks_exact(PACKET_LEN).filter_map(|b| Packet::parse(b).ok()) {
        each(&packet);
    }
    Some(())
}
