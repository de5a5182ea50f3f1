//! One section of the event information table (ETSI EN 300 468, 5.2.4) as events with times and decoded texts.

use dvb_si::descriptors::{extended_event::ExtendedEventDescriptor, short_event::ShortEventDescriptor};
use dvb_si::tables::RunningStatus;
use dvb_si::tables::eit::{EitEvent, EitKind, EitSection};
use dvb_si::traits::{DescriptorDef, TableDef};

use super::text::{Charset, Text, decode, decode_parts};
use crate::base::UtcMs;
use crate::ts::crc32_mpeg;
use crate::ts::tdt::mjd_bcd;

/// The service that events belong to, unique among all multiplexes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct ServiceRef {
    pub network: u16,
    pub transport_stream: u16,
    pub service: u16,
}

impl std::fmt::Display for ServiceRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "service {} of transport stream {} of network {}", self.service, self.transport_stream, self.network)
    }
}

/// An event as its section has it, times by the source's clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawEvent {
    pub id: u16,
    /// `None`: undefined (all ones: near video on demand) or no time at all.
    pub start: Option<UtcMs>,
    /// `None`: no BCD digits.
    pub duration_seconds: Option<u64>,
    /// On now: the status says running, or undefined in the section of the present event.
    pub running: bool,
    pub scrambled: bool,
    pub title: String,
    pub subtitle: String,
    pub description: String,
    /// Some text was in another character set than it said or was taken for.
    pub lossy: bool,
    /// A text descriptor was broken and is left out.
    pub broken_text: bool,
}

/// One section, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventSection {
    pub service: ServiceRef,
    /// It describes the transport stream that it is carried in.
    pub actual: bool,
    /// Present or following; else schedule.
    pub present_following: bool,
    pub table_id: u8,
    pub number: u8,
    pub last_number: u8,
    /// The last section of this one's segment of eight.
    pub segment_last_number: u8,
    pub last_table_id: u8,
    pub version: u8,
    /// It holds now; else it is announced to hold next.
    pub current: bool,
    pub events: Vec<RawEvent>,
}

/// Why a section is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SectionError {
    #[error("section of table {table_id:#04x} has a wrong CRC")]
    Crc { table_id: u8 },
    #[error("section of table {table_id:#04x} with {length} bytes: {reason}")]
    Malformed { table_id: u8, length: usize, reason: String },
}

/// Parses one section with `dvb-si`, its CRC checked first.
pub(super) fn table<'a, T: TableDef<'a>>(section: &'a [u8]) -> Result<T, SectionError> {
    let table_id = section.first().copied().unwrap_or(0xff);
    let malformed = |reason: String| SectionError::Malformed { table_id, length: section.len(), reason };
    let length = section.get(1..3).map_or(0, |b| 3 + (usize::from(b[0] & 0x0f) << 8 | usize::from(b[1])));
    let whole = section.get(..length).filter(|whole| whole.len() >= 12).ok_or_else(|| malformed(format!("its length field says {length}")))?;
    if crc32_mpeg(whole) != 0 {
        return Err(SectionError::Crc { table_id });
    }
    T::parse(whole).map_err(|error| malformed(error.to_string()))
}

/// All descriptors of one kind; `broken` is set where one is not what its length says.
pub(super) fn descriptors<'a, D: DescriptorDef<'a>>(raw: &'a [u8], broken: &mut bool) -> Vec<D> {
    let mut found = Vec::new();
    let mut rest = raw;
    while let [tag, length, ..] = *rest {
        let Some((one, after)) = rest.split_at_checked(2 + usize::from(length)) else {
            *broken = true;
            break;
        };
        if tag == D::TAG {
            match D::parse(one) {
                Ok(descriptor) => found.push(descriptor),
                Err(_) => *broken = true,
            }
        }
        rest = after;
    }
    found
}

/// The language that is shown: Chinese where there is some, else the first that comes.
fn preferred(languages: impl Iterator<Item = [u8; 3]> + Clone) -> Option<[u8; 3]> {
    let chinese = |l: &[u8; 3]| matches!(&l.map(|b| b.to_ascii_lowercase()), b"chi" | b"zho" | b"cmn");
    languages.clone().find(chinese).or_else(|| languages.clone().next())
}

impl EventSection {
    /// `default` is the character set of texts that select none.
    pub fn parse(section: &[u8], default: Charset) -> Result<Self, SectionError> {
        let table: EitSection = table(section)?;
        let present_following = matches!(table.kind, EitKind::PresentFollowingActual | EitKind::PresentFollowingOther);
        let present = present_following && table.section_number == 0;
        Ok(Self {
            service: ServiceRef { network: table.original_network_id, transport_stream: table.transport_stream_id, service: table.service_id },
            actual: matches!(table.kind, EitKind::PresentFollowingActual | EitKind::ScheduleActual),
            present_following,
            table_id: table.table_id,
            number: table.section_number,
            last_number: table.last_section_number,
            segment_last_number: table.segment_last_section_number,
            last_table_id: table.last_table_id,
            version: table.version_number,
            current: table.current_next_indicator,
            events: table.events.iter().map(|event| raw_event(event, present, default)).collect(),
        })
    }
}

fn raw_event(event: &EitEvent<'_>, present: bool, default: Charset) -> RawEvent {
    let mut broken_text = false;
    let raw = event.descriptors.raw();
    let short: Vec<ShortEventDescriptor> = descriptors(raw, &mut broken_text);
    let language = preferred(short.iter().map(|d| d.language_code.0));
    let short = short.iter().find(|d| Some(d.language_code.0) == language);
    let field = |bytes: Option<&[u8]>| bytes.map_or_else(Text::default, |bytes| decode(bytes, default));
    let title = field(short.map(|d| d.event_name.raw()));
    let subtitle = field(short.map(|d| d.text.raw()));
    let extended: Vec<ExtendedEventDescriptor> = descriptors(raw, &mut broken_text);
    let description = extended_text(extended, default);
    RawEvent {
        id: event.event_id,
        start: mjd_bcd(event.start_time_raw()),
        duration_seconds: event.duration().map(|d| d.as_secs()),
        running: match event.running_status {
            RunningStatus::Running => true,
            RunningStatus::Undefined => present,
            _ => false,
        },
        scrambled: event.free_ca_mode,
        lossy: title.lossy || subtitle.lossy || description.lossy,
        title: title.text.replace('\n', " ").trim().to_owned(),
        subtitle: subtitle.text.trim().to_owned(),
        description: description.text.trim().to_owned(),
        broken_text,
    }
}

/// The parts of one language in order (6.2.15): first the running text, then the items (`导演: …`) a line each.
fn extended_text(mut parts: Vec<ExtendedEventDescriptor<'_>>, default: Charset) -> Text {
    let language = preferred(parts.iter().map(|d| d.language_code.0));
    parts.retain(|d| Some(d.language_code.0) == language);
    parts.sort_by_key(|d| d.descriptor_number);
    let mut out = decode_parts(parts.iter().map(|d| d.text.raw()), default);
    for item in parts.iter().flat_map(|d| &d.items) {
        let (name, value) = (decode(item.description.raw(), default), decode(item.value.raw(), default));
        out.lossy |= name.lossy || value.lossy;
        out.text.push_str(&format!("\n{}: {}", name.text.trim(), value.text.trim()));
    }
    out
}
