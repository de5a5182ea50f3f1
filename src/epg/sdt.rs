//! What the services of a source call themselves (service description table, ETSI EN 300 468, 5.2.3).

use std::collections::BTreeMap;

use dvb_si::descriptors::service::ServiceDescriptor;
use dvb_si::tables::sdt::{SdtKind, SdtSection};

use super::event::{SectionError, ServiceRef, descriptors, table};
use super::text::{Charset, decode};
use crate::ts::{Packet, SectionAssembler};

/// Where the service description tables are.
pub const SDT_PID: u16 = 0x11;

/// A service by its own words.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ServiceName {
    pub service: ServiceRef,
    pub name: String,
    pub provider: String,
    /// `service_type` (6.2.33, table 89): 1 television, 2 radio, 0x19 H.264 HD …; 0 where it is not said.
    pub kind: u8,
    /// Some of its streams are scrambled.
    pub scrambled: bool,
    /// It is in the transport stream that carries the table.
    pub actual: bool,
    /// Its texts are in another character set than they say or are taken for.
    pub lossy: bool,
}

/// Table, transport stream, network and number of a section.
type SectionId = (u8, u16, u16, u8);
/// Its version and CRC.
type SectionMark = (u8, [u8; 4]);

/// Gathers the services of one source from the packets of PID 0x11.
#[derive(Debug)]
pub struct SdtCollector {
    assembler: SectionAssembler,
    charset: Charset,
    sections: BTreeMap<SectionId, SectionMark>,
    services: BTreeMap<ServiceRef, ServiceName>,
    errors: u64,
}

/// A network has some hundred services in some dozen sections.
const SECTIONS_LIMIT: usize = 4096;
const SERVICES_LIMIT: usize = 4096;

impl SdtCollector {
    /// `charset`: of texts that select none.
    pub fn new(charset: Charset) -> Self {
        Self { assembler: SectionAssembler::default(), charset, sections: BTreeMap::new(), services: BTreeMap::new(), errors: 0 }
    }

    /// Takes the next packet of PID 0x11; returns the services that are new or have changed.
    pub fn push(&mut self, packet: &Packet<'_>) -> Result<Vec<ServiceName>, SectionError> {
        let mut assembler = std::mem::take(&mut self.assembler);
        let mut changed = Ok(Vec::new());
        assembler.push(packet, |section| match (self.push_section(section), &mut changed) {
            (Ok(mut more), Ok(all)) => all.append(&mut more),
            (Err(error), Ok(_)) => changed = Err(error),
            (_, Err(_)) => {}
        });
        self.assembler = assembler;
        changed
    }

    /// Takes one section that is whole already. Other tables of the PID (BAT, stuffing) are passed over.
    pub fn push_section(&mut self, section: &[u8]) -> Result<Vec<ServiceName>, SectionError> {
        let &[table_id @ (0x42 | 0x46), _, _, t1, t2, version, number, _, n1, n2, .., c1, c2, c3, c4] = section else { return Ok(Vec::new()) };
        let (transport_stream, network) = (u16::from_be_bytes([t1, t2]), u16::from_be_bytes([n1, n2]));
        let (id, mark) = ((table_id, transport_stream, network, number), (version, [c1, c2, c3, c4]));
        if version & 1 == 0 || self.sections.get(&id) == Some(&mark) {
            return Ok(Vec::new());
        }
        let parsed: SdtSection = table(section).inspect_err(|_| self.errors += 1)?;
        if self.sections.len() < SECTIONS_LIMIT {
            self.sections.insert(id, mark);
        }
        let mut changed = Vec::new();
        for entry in &parsed.services {
            let service = ServiceRef { network, transport_stream, service: entry.service_id };
            let mut broken = false;
            let words: Vec<ServiceDescriptor> = descriptors(entry.descriptors.raw(), &mut broken);
            let words = words.first();
            let text = |bytes: Option<&[u8]>| decode(bytes.unwrap_or_default(), self.charset);
            let (name, provider) = (text(words.map(|w| w.service_name.raw())), text(words.map(|w| w.provider_name.raw())));
            let found = ServiceName {
                service,
                name: one_line(&name.text),
                provider: one_line(&provider.text),
                kind: words.map_or(0, |w| w.service_type.to_u8()),
                scrambled: entry.free_ca_mode,
                actual: parsed.kind == SdtKind::Actual,
                lossy: broken || name.lossy || provider.lossy,
            };
            let known = self.services.get(&service);
            if known != Some(&found) && (known.is_some() || self.services.len() < SERVICES_LIMIT) {
                self.services.insert(service, found.clone());
                changed.push(found);
            }
        }
        Ok(changed)
    }

    pub fn services(&self) -> impl Iterator<Item = &ServiceName> {
        self.services.values()
    }

    /// Sections that were broken.
    pub fn errors(&self) -> u64 {
        self.errors
    }
}

fn one_line(text: &str) -> String {
    text.replace('\n', " ").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epg::samples;

    #[test]
    fn chinese_services_are_named() {
        let mut collector = SdtCollector::new(Charset::Gb18030);
        let section = samples::sdt(&[(101, b"\x13\xd1\xeb\xca\xd3"), (102, b"\xd1\xeb\xca\xd3"), (103, "\x15央视 4K".as_bytes())]);
        let mut counter = 0;
        let mut names = Vec::new();
        for packet in samples::packets(SDT_PID, &section, &mut counter) {
            names.extend(collector.push(&Packet::parse(&packet).unwrap()).unwrap());
        }
        let names: Vec<_> = names.iter().map(|n| (n.service.service, n.name.as_str(), n.provider.as_str(), n.kind, n.lossy)).collect();
        assert_eq!(names, [(101, "央视", "台", 1, false), (102, "央视", "台", 1, false), (103, "央视 4K", "台", 1, false)]);
        assert_eq!(collector.push_section(&section), Ok(vec![]), "nothing new");
        let mut damaged = section.clone();
        damaged[20] ^= 1;
        *damaged.last_mut().unwrap() ^= 1;
        assert_eq!(collector.push_section(&damaged), Err(SectionError::Crc { table_id: 0x42 }));
    }

    #[test]
    fn captures_name_their_services() {
        let mut collector = SdtCollector::new(Charset::Iso6937);
        let read = samples::capture("test-108.ts", |packet| {
            if packet.pid() == SDT_PID {
                collector.push(packet).unwrap();
            }
        });
        if read.is_some() {
            let names: Vec<_> = collector.services().map(|s| s.name.as_str()).collect();
            println!("{names:?}");
            assert!(names.iter().any(|n| n.contains("Rai")), "{names:?}");
            assert!(collector.services().all(|s| !s.lossy));
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_survived(bytes: Vec<u8>, sealed: bool) {
            let bytes = if sealed { samples::sealed(0x42, bytes) } else { bytes };
            let _ = SdtCollector::new(Charset::Gb18030).push_section(&bytes);
        }
    }
}
