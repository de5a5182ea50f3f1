//! The guide of a whole source, gathered from its event information tables as they come round again and again.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::event::{EventSection, RawEvent, SectionError, ServiceRef};
use super::text::Charset;
use super::{EventKey, Programme, Source};
use crate::base::{ChannelId, UtcMs, Zone};
use crate::ts::{Packet, SectionAssembler};

/// Where the event information tables are.
pub const EIT_PID: u16 = 0x12;

/// A programme of a service, in tape time; a channel makes a [`Programme`] of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub event: EventKey,
    pub title: String,
    pub subtitle: String,
    pub description: String,
    pub start: UtcMs,
    pub end: UtcMs,
    pub running: bool,
    pub scrambled: bool,
}

impl Event {
    pub fn programme(&self, channel: &ChannelId) -> Programme {
        Programme {
            channel: channel.clone(),
            event: self.event.clone(),
            title: self.title.clone(),
            subtitle: self.subtitle.clone(),
            description: self.description.clone(),
            start: self.start,
            end: self.end,
            source: Source::Eit,
            running: self.running,
            scrambled: self.scrambled,
        }
    }

    /// For [`GuideCollector::restore`].
    pub fn of(programme: &Programme) -> Self {
        let Programme { event, title, subtitle, description, start, end, scrambled, .. } = programme.clone();
        Self { event, title, subtitle, description, start, end, running: false, scrambled }
    }
}

/// What changed for one service. An event that has begun is never removed, only one that vanished before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuideChange {
    pub service: ServiceRef,
    /// The tables say that the service is in the transport stream that carries them.
    pub actual: bool,
    pub upserted: Vec<Event>,
    pub removed: Vec<EventKey>,
}

/// What an operator should know of; each is told once (wrong character sets once per service), [`GuideCounts`] counts all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GuideWarning {
    #[error("{0}")]
    Section(#[from] SectionError),
    #[error(
        "节目《{title}》的文字不合它的字符集({charset})/ {service}: the text of event {event} (`{title}`) is not in the character set it says or is taken for ({charset}): the guide may be in another"
    )]
    Charset { service: ServiceRef, event: u16, title: String, charset: Charset },
    #[error("节目《{title}》的文字已损坏,略去 / {service}: a text of event {event} (`{title}`) is broken and left out")]
    Text { service: ServiceRef, event: u16, title: String },
    #[error("节目《{title}》没有可用的时长 / {service}: event {event} (`{title}`) has no usable duration ({})", seconds.map_or("undefined".to_owned(), |s| format!("{s} s")))]
    Duration { service: ServiceRef, event: u16, title: String, seconds: Option<u64> },
    #[error("节目《{}》与《{}》时间重叠 / {service}: `{}` ({} to {}) overlaps `{}` ({} to {})",
        first.title, second.title, first.title, first.start, first.end, second.title, second.start, second.end)]
    Overlap { service: ServiceRef, first: Box<Event>, second: Box<Event> },
    #[error("节目单过大,多出的部分略去 / the guide has more than {limit} {what}: the rest is not taken")]
    Limit { what: &'static str, limit: usize },
}

/// Sections since the beginning, by what became of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct GuideCounts {
    /// All that came.
    pub sections: u64,
    /// Known already.
    pub unchanged: u64,
    /// Of services that were not asked for, or of tables that hold later.
    pub other: u64,
    pub crc_errors: u64,
    pub malformed: u64,
    pub lossy_texts: u64,
    pub broken_texts: u64,
    pub unusable_times: u64,
    pub overlaps: u64,
}

/// What one packet brought.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GuideNews {
    pub changes: Vec<GuideChange>,
    pub warnings: Vec<GuideWarning>,
}

/// Ids come round again; an event that moves further than this is another.
const SAME_EVENT_MS: i64 = 18 * 3_600_000;
/// Events are forgotten here so long after their end (the store keeps them).
const FORGET_MS: i64 = 24 * 3_600_000;
/// An event that is about to begin counts as begun: its two sections (following, present) do not change at the same instant.
const SOON_MS: i64 = 60_000;
const LONGEST_SECONDS: u64 = 24 * 3600;
/// A multiplex has about 20 services; a network's barker carries the guide of some hundreds.
const SERVICES_LIMIT: usize = 2000;
/// Two weeks of five-minute programmes.
const EVENTS_LIMIT: usize = 5000;

/// Gathers the guide of one source from the packets of PID 0x12.
#[derive(Debug)]
pub struct GuideCollector {
    assembler: SectionAssembler,
    /// Services whose events are wanted; `None`: all.
    wanted: Option<BTreeSet<u16>>,
    charset: Charset,
    clock_offset_ms: i64,
    services: BTreeMap<ServiceRef, ServiceGuide>,
    charsets: BTreeMap<u16, Charset>,
    told: BTreeSet<Told>,
    counts: GuideCounts,
}

/// What was warned of, so that a carousel of it is one warning.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Told {
    Section(u8, [u8; 4]),
    Charset(ServiceRef),
    Text(ServiceRef, u16),
    Duration(ServiceRef, u16),
    Overlap(EventKey, EventKey),
    Limit(&'static str),
}

/// So many different warnings are remembered.
const TOLD_LIMIT: usize = 2000;

/// (table, number) of a section within a service.
type SectionId = (u8, u8);

#[derive(Debug, Default)]
struct ServiceGuide {
    sections: HashMap<SectionId, KnownSection>,
    events: BTreeMap<EventKey, Known>,
    actual: bool,
}

#[derive(Debug)]
struct KnownSection {
    version: u8,
    crc: [u8; 4],
    keys: Vec<EventKey>,
}

/// An event by where it was announced.
#[derive(Debug, Default)]
struct Known {
    id: u16,
    present_following: Option<(SectionId, Event)>,
    schedule: Option<(SectionId, Event)>,
    /// It was on and is no more the present one: its last times there are truer than the schedule's.
    presented: Option<Event>,
    /// The schedule announced it and, as it has begun, no longer does; or the store remembers it.
    past: Option<Event>,
    told: Option<Event>,
}

impl Known {
    /// Present/following is newer than the schedule, but often shorter of words.
    fn effective(&self) -> Option<Event> {
        let schedule = self.schedule.as_ref().map(|(_, e)| e).or(self.past.as_ref());
        let Some(mut event) = self.present_following.as_ref().map(|(_, e)| e).or(self.presented.as_ref()).cloned() else { return schedule.cloned() };
        if let Some(more) = schedule {
            for (words, longer) in [(&mut event.title, &more.title), (&mut event.subtitle, &more.subtitle), (&mut event.description, &more.description)] {
                if words.is_empty() {
                    words.clone_from(longer);
                }
            }
        }
        Some(event)
    }

    /// Where it is, or was until a moment ago.
    fn start(&self) -> Option<UtcMs> {
        self.effective().as_ref().or(self.told.as_ref()).map(|e| e.start)
    }
}

impl GuideCollector {
    /// `wanted`: services whose events are told, `None` for all; `charset`: of texts that select none.
    pub fn new(wanted: Option<BTreeSet<u16>>, charset: Charset) -> Self {
        Self {
            assembler: SectionAssembler::default(),
            wanted,
            charset,
            clock_offset_ms: 0,
            services: BTreeMap::new(),
            charsets: BTreeMap::new(),
            told: BTreeSet::new(),
            counts: GuideCounts::default(),
        }
    }

    pub fn counts(&self) -> GuideCounts {
        self.counts
    }

    /// Changes which services are wanted. What is known of others is forgotten, what comes of new ones is told as it comes round.
    pub fn set_wanted(&mut self, wanted: Option<BTreeSet<u16>>) {
        self.services.retain(|service, _| wanted.as_ref().is_none_or(|wanted| wanted.contains(&service.service)));
        self.wanted = wanted;
    }

    /// The character set of one service's texts that select none, where it is not the source's: they are read anew as they come round.
    pub fn set_charset(&mut self, service: u16, charset: Charset) {
        self.charsets.insert(service, charset);
        self.told.retain(|told| !matches!(told, Told::Charset(of) if of.service == service));
        for (_, guide) in self.services.iter_mut().filter(|(of, _)| of.service == service) {
            guide.sections.values_mut().for_each(|known| known.crc = [0; 4]);
        }
    }

    /// What the store still knows: so after a start events keep their identities. One that is announced no more and has not begun
    /// is removed when another comes in its place.
    pub fn restore(&mut self, events: impl IntoIterator<Item = Event>) {
        for event in events {
            if let Some((service, id)) = event_id(&event.event) {
                let guide = self.services.entry(service).or_default();
                guide.events.insert(event.event.clone(), Known { id, past: Some(event.clone()), told: Some(event), ..Known::default() });
            }
        }
    }

    /// Takes the next packet of PID 0x12; `now` is its arrival.
    pub fn push(&mut self, packet: &Packet<'_>, now: UtcMs) -> GuideNews {
        let mut news = GuideNews::default();
        let mut assembler = std::mem::take(&mut self.assembler);
        assembler.push(packet, |section| self.section(section, now, &mut news));
        self.assembler = assembler;
        news
    }

    /// Takes one section that is whole already.
    pub fn push_section(&mut self, section: &[u8], now: UtcMs) -> GuideNews {
        let mut news = GuideNews::default();
        self.section(section, now, &mut news);
        news
    }

    /// The source's clock is off by so much (see [`super::SourceClock`]): tells every event again whose times move by it.
    pub fn set_clock_offset(&mut self, offset_ms: i64) -> Vec<GuideChange> {
        let by = self.clock_offset_ms - offset_ms;
        self.clock_offset_ms = offset_ms;
        let mut changes = Vec::new();
        for (&service, guide) in self.services.iter_mut().filter(|_| by != 0) {
            let mut change = GuideChange { service, actual: guide.actual, upserted: Vec::new(), removed: Vec::new() };
            for known in guide.events.values_mut() {
                let layers = known.present_following.iter_mut().chain(&mut known.schedule).map(|(_, e)| e);
                for event in layers {
                    (event.start, event.end) = (event.start + by, event.end + by);
                }
                known.tell(&mut change);
            }
            if !change.upserted.is_empty() {
                changes.push(change);
            }
        }
        changes
    }

    fn section(&mut self, section: &[u8], now: UtcMs, news: &mut GuideNews) {
        let &[table_id @ 0x4e..=0x6f, _, _, s1, s2, version, number, _, t1, t2, n1, n2, .., c1, c2, c3, c4] = section else {
            return; // stuffing (0x72) and what does not belong here
        };
        self.counts.sections += 1;
        let word = |a, b| u16::from_be_bytes([a, b]);
        let service = ServiceRef { network: word(n1, n2), transport_stream: word(t1, t2), service: word(s1, s2) };
        if version & 1 == 0 || self.wanted.as_ref().is_some_and(|wanted| !wanted.contains(&service.service)) {
            self.counts.other += 1;
            return;
        }
        let (version, crc, id) = (version >> 1 & 0x1f, [c1, c2, c3, c4], (table_id, number));
        // Tables come round every few seconds: what is known is told by its version and CRC, without a look inside.
        let known = self.services.get(&service).and_then(|guide| guide.sections.get(&id));
        if known.is_some_and(|k| k.version == version && k.crc == crc) {
            self.counts.unchanged += 1;
            return;
        }
        let parsed = match EventSection::parse(section, self.charset_of(service.service)) {
            Ok(parsed) => parsed,
            Err(error) => {
                match error {
                    SectionError::Crc { .. } => self.counts.crc_errors += 1,
                    SectionError::Malformed { .. } => self.counts.malformed += 1,
                }
                self.warn(Told::Section(table_id, crc), error.into(), news);
                return;
            }
        };
        if !self.services.contains_key(&service) && self.services.len() >= SERVICES_LIMIT {
            self.warn(Told::Limit("services"), GuideWarning::Limit { what: "services", limit: SERVICES_LIMIT }, news);
            return;
        }
        self.take(parsed, KnownSection { version, crc, keys: Vec::new() }, now, news);
    }

    fn charset_of(&self, service: u16) -> Charset {
        self.charsets.get(&service).copied().unwrap_or(self.charset)
    }

    fn warn(&mut self, what: Told, warning: GuideWarning, news: &mut GuideNews) {
        if self.told.len() >= TOLD_LIMIT {
            self.told.clear();
        }
        if self.told.insert(what) {
            news.warnings.push(warning);
        }
    }

    /// Takes a section that is new or has changed.
    fn take(&mut self, section: EventSection, mut known: KnownSection, now: UtcMs, news: &mut GuideNews) {
        let (service, id) = (section.service, (section.table_id, section.number));
        let mut guide = self.services.remove(&service).unwrap_or_default();
        guide.forget(now);
        guide.actual = section.actual;
        // Events that this section, or one that no longer exists, announced till now.
        let mut touched: BTreeSet<EventKey> = BTreeSet::new();
        let gone: Vec<SectionId> = guide.sections.keys().copied().filter(|&other| other == id || section.ends_before(other)).collect();
        for other in gone {
            touched.extend(guide.sections.remove(&other).into_iter().flat_map(|s| s.keys));
            for key in &touched {
                if let Some(event) = guide.events.get_mut(key) {
                    event.leave(other, now);
                }
            }
        }
        for raw in &section.events {
            let Some(event) = self.accept(&section, raw, &guide, news) else { continue };
            if !guide.events.contains_key(&event.event) && guide.events.len() >= EVENTS_LIMIT {
                self.warn(Told::Limit("events"), GuideWarning::Limit { what: "events of one service", limit: EVENTS_LIMIT }, news);
                break;
            }
            let key = event.event.clone();
            let entry = guide.events.entry(key.clone()).or_insert_with(|| Known { id: raw.id, ..Known::default() });
            let layer = if section.present_following { &mut entry.present_following } else { &mut entry.schedule };
            *layer = Some((id, event));
            known.keys.push(key.clone());
            touched.insert(key);
        }
        guide.sections.insert(id, known);
        touched.extend(guide.displaced(&touched, now));
        let mut change = GuideChange { service, actual: guide.actual, upserted: Vec::new(), removed: Vec::new() };
        for key in &touched {
            if let Some(event) = guide.events.get_mut(key)
                && event.tell(&mut change)
            {
                guide.events.remove(key);
            }
        }
        for event in &change.upserted {
            if let Some((first, second)) = guide.overlap(event) {
                self.counts.overlaps += 1;
                let told = Told::Overlap(first.event.clone(), second.event.clone());
                self.warn(told, GuideWarning::Overlap { service, first: Box::new(first), second: Box::new(second) }, news);
            }
        }
        self.services.insert(service, guide);
        if !(change.upserted.is_empty() && change.removed.is_empty()) {
            news.changes.push(change);
        }
    }

    /// An event with usable times, by the machine's clock and under its identity.
    fn accept(&mut self, section: &EventSection, raw: &RawEvent, guide: &ServiceGuide, news: &mut GuideNews) -> Option<Event> {
        let (service, event, title) = (section.service, raw.id, || raw.title.clone());
        if raw.lossy {
            self.counts.lossy_texts += 1;
            let charset = self.charset_of(service.service);
            self.warn(Told::Charset(service), GuideWarning::Charset { service, event, title: title(), charset }, news);
        }
        if raw.broken_text {
            self.counts.broken_texts += 1;
            self.warn(Told::Text(service, event), GuideWarning::Text { service, event, title: title() }, news);
        }
        let Some(announced) = raw.start else {
            self.counts.unusable_times += 1; // undefined on purpose: near video on demand
            return None;
        };
        let Some(seconds) = raw.duration_seconds.filter(|s| (1..=LONGEST_SECONDS).contains(s)) else {
            self.counts.unusable_times += 1;
            self.warn(Told::Duration(service, event), GuideWarning::Duration { service, event, title: title(), seconds: raw.duration_seconds }, news);
            return None;
        };
        let start = announced - self.clock_offset_ms;
        let key = guide
            .identity(raw.id, start)
            .unwrap_or_else(|| EventKey::eit(service.network, service.transport_stream, service.service, raw.id, Zone::utc().date(start)));
        Some(Event {
            event: key,
            title: raw.title.clone(),
            subtitle: raw.subtitle.clone(),
            description: raw.description.clone(),
            start,
            end: start + seconds as i64 * 1000,
            running: raw.running,
            scrambled: raw.scrambled,
        })
    }
}

impl EventSection {
    /// Section `other` of the same service cannot exist any more, by what this one says of its table and segment.
    fn ends_before(&self, (table_id, number): SectionId) -> bool {
        let same_table = table_id == self.table_id;
        let beyond_table = same_table && number > self.last_number;
        let beyond_segment = !self.present_following && same_table && number / 8 == self.number / 8 && number > self.segment_last_number;
        let same_kind = !self.present_following && table_id >= 0x50 && table_id & 0xf0 == self.table_id & 0xf0;
        beyond_table || beyond_segment || same_kind && table_id > self.last_table_id && self.last_table_id >= self.table_id
    }
}

impl Known {
    /// Section `from` announces it no more.
    fn leave(&mut self, from: SectionId, now: UtcMs) {
        let past = |(_, event): (SectionId, Event)| (event.start <= now + SOON_MS).then_some(Event { running: false, ..event });
        let of_this = |(section, _): &mut (SectionId, Event)| *section == from;
        if let Some(left) = self.present_following.take_if(of_this).and_then(past) {
            self.presented = Some(left);
        }
        if let Some(left) = self.schedule.take_if(of_this).and_then(past) {
            self.past = Some(left);
        }
    }

    /// Adds to `change` what is new about it; true where nothing is left of it.
    fn tell(&mut self, change: &mut GuideChange) -> bool {
        let effective = self.effective();
        match (&effective, &self.told) {
            (Some(event), told) if told.as_ref() != Some(event) => change.upserted.push(event.clone()),
            (None, Some(told)) => change.removed.push(told.event.clone()),
            _ => {}
        }
        self.told = effective;
        self.told.is_none()
    }
}

impl ServiceGuide {
    /// The identity of the known event with this id that is nearest, if it can be the same.
    fn identity(&self, id: u16, start: UtcMs) -> Option<EventKey> {
        let near = |known: &Known| known.start().map(|at| (at - start).abs()).filter(|&ms| ms < SAME_EVENT_MS);
        let same_id = self.events.iter().filter(|(_, known)| known.id == id);
        same_id.filter_map(|(key, known)| near(known).map(|ms| (ms, key))).min().map(|(_, key)| key.clone())
    }

    fn forget(&mut self, now: UtcMs) {
        self.events.retain(|_, known| {
            known.present_following.is_some() || known.schedule.is_some() || known.effective().is_some_and(|event| event.end >= now - FORGET_MS)
        });
    }

    /// Restored events that nothing announces any more and in whose place one of `fresh` has come.
    fn displaced(&mut self, fresh: &BTreeSet<EventKey>, now: UtcMs) -> Vec<EventKey> {
        let fresh: Vec<Event> = fresh.iter().filter_map(|key| self.events.get(key)?.effective()).collect();
        let mut displaced = Vec::new();
        for (key, known) in &mut self.events {
            let unannounced = known.present_following.is_none() && known.schedule.is_none();
            let displaces = |event: &Event| event.start > now + SOON_MS && fresh.iter().any(|f| f.event != *key && f.start < event.end && event.start < f.end);
            if unannounced && known.past.take_if(|event| displaces(event)).is_some() {
                displaced.push(key.clone());
            }
        }
        displaced
    }

    /// The pair of this event and one that is on at the same time, in order.
    fn overlap(&self, event: &Event) -> Option<(Event, Event)> {
        let others = self.events.values().filter_map(|known| known.told.as_ref());
        let at_once = |e: &&Event| e.event != event.event && e.start < event.end && event.start < e.end;
        let other = others.filter(at_once).min_by_key(|e| (e.start, &e.event))?.clone();
        let event = event.clone();
        Some(if (other.start, &other.event) < (event.start, &event.event) { (other, event) } else { (event, other) })
    }
}

/// Service and id in an identity made by [`EventKey::eit`].
fn event_id(key: &EventKey) -> Option<(ServiceRef, u16)> {
    let mut numbers = key.as_str().strip_prefix("eit:")?.split_once('@')?.0.split('.').map(|n| n.parse().ok());
    let mut next = || numbers.next()?;
    Some((ServiceRef { network: next()?, transport_stream: next()?, service: next()? }, next()?))
}

#[cfg(test)]
mod tests;
