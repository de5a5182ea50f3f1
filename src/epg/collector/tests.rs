use super::*;
use crate::epg::samples::{self, Sample, at, eit};

const NOON: &str = "2026-11-20T04:00:00Z";

fn collector() -> GuideCollector {
    GuideCollector::new(None, Charset::Gb18030)
}

/// What one section changes: titles told, identities removed.
fn feed(collector: &mut GuideCollector, section: &[u8], now: &str) -> (Vec<String>, Vec<String>) {
    let news = collector.push_section(section, at(now));
    let told = |e: &Event| format!("{} {}{}", &e.start.to_string()[11..16], e.title, if e.running { " *" } else { "" });
    let upserted = news.changes.iter().flat_map(|c| c.upserted.iter().map(told)).collect();
    (upserted, news.changes.iter().flat_map(|c| c.removed.iter().map(ToString::to_string)).collect())
}

#[test]
fn chinese_events_are_read_whatever_their_selector() {
    let name = "新闻联播：朱镕基 张堃";
    let gb = encoding_rs::GB18030.encode(name).0.into_owned();
    let (half, rest) = gb.split_at(7); // inside a character
    let events = [
        Sample::new(1, "2026-11-20T11:00:00Z", 30, &[&[0x13], &gb[..]].concat()).with_text(&[&[&[0x13], half].concat(), rest]),
        Sample::new(2, "2026-11-20T11:30:00Z", 30, &[&[0x15], name.as_bytes()].concat()),
        Sample::new(3, "2026-11-20T12:00:00Z", 30, &gb),
    ];
    let mut collector = collector();
    let mut counter = 9;
    let mut told = Vec::new();
    for packet in samples::packets(EIT_PID, &eit(0x50, 0, 0, 0, &events), &mut counter) {
        told.push(collector.push(&Packet::parse(&packet).unwrap(), at(NOON)));
    }
    let changes: Vec<_> = told.iter().flat_map(|n| &n.changes).collect();
    assert_eq!(changes.len(), 1);
    assert!(changes[0].upserted.iter().all(|e| e.title == name) && changes[0].upserted.len() == 3);
    assert_eq!(changes[0].upserted[0].description, name);
    assert_eq!(changes[0].upserted[0].event.as_str(), "eit:2.1.101.1@2026-11-20");
    assert!(told.iter().all(|n| n.warnings.is_empty()));
}

#[test]
fn what_comes_round_again_is_no_news() {
    let mut collector = collector();
    let section = eit(0x50, 0, 0, 0, &[Sample::new(1, "2026-11-20T11:00:00Z", 30, b"a")]);
    assert_eq!(feed(&mut collector, &section, NOON).0, ["11:00 a"]);
    for _ in 0..5 {
        assert_eq!(collector.push_section(&section, at(NOON)), GuideNews::default());
    }
    assert_eq!((collector.counts().sections, collector.counts().unchanged), (6, 5));
    // A new version with the same content changes nothing either.
    let again = eit(0x50, 0, 0, 1, &[Sample::new(1, "2026-11-20T11:00:00Z", 30, b"a")]);
    assert_eq!(collector.push_section(&again, at(NOON)), GuideNews::default());
}

#[test]
fn a_moved_event_keeps_its_identity_and_a_vanished_one_is_removed() {
    let mut collector = collector();
    let first = [Sample::new(1, "2026-11-20T23:50:00Z", 30, b"a"), Sample::new(2, "2026-11-21T01:00:00Z", 30, b"b")];
    feed(&mut collector, &eit(0x50, 0, 0, 0, &first), NOON);
    let moved = eit(0x50, 0, 0, 1, &[Sample::new(1, "2026-11-21T00:10:00Z", 30, b"a")]);
    let news = collector.push_section(&moved, at(NOON));
    assert_eq!(news.changes[0].upserted[0].event.as_str(), "eit:2.1.101.1@2026-11-20", "though it is past midnight now");
    assert_eq!(news.changes[0].removed[0].as_str(), "eit:2.1.101.2@2026-11-21");
    // The same id a day later is another event.
    let next = eit(0x50, 8, 8, 1, &[Sample::new(1, "2026-11-21T23:50:00Z", 30, b"a")]);
    let news = collector.push_section(&next, at(NOON));
    assert_eq!(news.changes[0].upserted[0].event.as_str(), "eit:2.1.101.1@2026-11-21");
}

#[test]
fn a_segment_that_shrinks_takes_its_events_along() {
    let mut collector = collector();
    feed(&mut collector, &eit(0x50, 0, 1, 0, &[Sample::new(1, "2026-11-20T11:00:00Z", 30, b"a")]), NOON);
    feed(&mut collector, &eit(0x50, 1, 1, 0, &[Sample::new(2, "2026-11-20T11:30:00Z", 30, b"b")]), NOON);
    let (told, removed) = feed(&mut collector, &eit(0x50, 0, 0, 1, &[Sample::new(1, "2026-11-20T11:00:00Z", 30, b"a")]), NOON);
    assert_eq!((told.len(), removed), (0, vec!["eit:2.1.101.2@2026-11-20".to_owned()]));
}

#[test]
fn present_beats_schedule_and_what_has_begun_is_never_removed() {
    let mut collector = collector();
    let schedule = [Sample::new(1, "2026-11-20T11:00:00Z", 30, b"news").with_text(&[b"long"]), Sample::new(2, "2026-11-20T11:30:00Z", 30, b"film")];
    feed(&mut collector, &eit(0x50, 0, 0, 0, &schedule), NOON);
    let overrun = eit(0x4e, 0, 1, 0, &[Sample::new(1, "2026-11-20T11:00:00Z", 45, b"news").running()]);
    let news = collector.push_section(&overrun, at("2026-11-20T11:20:00Z"));
    let event = &news.changes[0].upserted[0];
    assert_eq!((event.end, event.running, event.description.as_str()), (at("2026-11-20T11:45:00Z"), true, "long"));
    assert!(matches!(&news.warnings[..], [GuideWarning::Overlap { .. }]), "the schedule still has the film at 11:30: {:?}", news.warnings);
    assert_eq!(
        news.warnings[0].to_string(),
        "节目《news》与《film》时间重叠 / service 101 of transport stream 1 of network 2: `news` (2026-11-20T11:00:00.000Z to 2026-11-20T11:45:00.000Z) overlaps `film` (2026-11-20T11:30:00.000Z to 2026-11-20T12:00:00.000Z)"
    );
    // The film comes on: the news is over, at its true end and not the schedule's.
    let film = eit(0x4e, 0, 1, 1, &[Sample::new(2, "2026-11-20T11:46:00Z", 30, b"film").running()]);
    let news = collector.push_section(&film, at("2026-11-20T11:46:00Z"));
    let told: Vec<_> = news.changes[0].upserted.iter().map(|e| (e.title.as_str(), e.end, e.running)).collect();
    assert_eq!(told, [("news", at("2026-11-20T11:45:00Z"), false), ("film", at("2026-11-20T12:16:00Z"), true)]);
    // Out of the schedule too: it stays, for those who look back.
    assert_eq!(feed(&mut collector, &eit(0x50, 0, 0, 1, &schedule[1..]), "2026-11-20T11:50:00Z"), (vec![], vec![]));
}

#[test]
fn following_becomes_present_without_being_dropped() {
    let mut collector = collector();
    let (a, b, c) = ("2026-11-20T11:00:00Z", "2026-11-20T11:30:00Z", "2026-11-20T12:00:00Z");
    feed(&mut collector, &eit(0x4e, 0, 1, 0, &[Sample::new(1, a, 30, b"a").running()]), a);
    feed(&mut collector, &eit(0x4e, 1, 1, 0, &[Sample::new(2, b, 30, b"b")]), a);
    // The section of the following event comes first, ten seconds early.
    let (told, removed) = feed(&mut collector, &eit(0x4e, 1, 1, 1, &[Sample::new(3, c, 30, b"c")]), "2026-11-20T11:29:50Z");
    assert_eq!((told, removed), (vec!["12:00 c".to_owned()], vec![]));
    assert_eq!(feed(&mut collector, &eit(0x4e, 0, 1, 1, &[Sample::new(2, b, 30, b"b").running()]), b).0, ["11:00 a", "11:30 b *"]);
}

#[test]
fn a_clock_that_is_off_is_taken_out() {
    let mut collector = collector();
    feed(&mut collector, &eit(0x50, 0, 0, 0, &[Sample::new(1, "2026-11-20T19:00:00Z", 30, b"a")]), NOON);
    let changes = collector.set_clock_offset(8 * 3_600_000);
    assert_eq!(changes[0].upserted[0].start, at("2026-11-20T11:00:00Z"));
    assert_eq!(collector.set_clock_offset(8 * 3_600_000), []);
    assert_eq!(feed(&mut collector, &eit(0x50, 0, 0, 1, &[Sample::new(1, "2026-11-20T19:05:00Z", 30, b"a")]), NOON).0, ["11:05 a"]);
}

#[test]
fn bad_input_is_counted_and_told_once() {
    let mut collector = GuideCollector::new(Some([101].into()), Charset::Utf8);
    let mut damaged = eit(0x50, 0, 0, 0, &[Sample::new(1, "2026-11-20T11:00:00Z", 30, b"a")]);
    damaged[30] ^= 0x10;
    let warnings = |collector: &mut GuideCollector, section: &[u8]| collector.push_section(section, at(NOON)).warnings;
    assert_eq!(warnings(&mut collector, &damaged), [SectionError::Crc { table_id: 0x50 }.into()]);
    assert_eq!(warnings(&mut collector, &damaged), []);
    let mut endless = Sample::new(2, "2026-11-20T11:00:00Z", 30, b"endless");
    endless.duration = [0x99, 0x59, 0x59];
    let mut undefined = Sample::new(4, "2026-11-20T11:00:00Z", 30, b"on demand");
    undefined.start = [0xff; 5];
    let events = [endless, Sample::new(3, "2026-11-20T11:00:00Z", 0, b"short"), undefined, Sample::new(5, "2026-11-20T12:00:00Z", 9, b"\xd0\xc2\xce\xc5")];
    let told: Vec<String> = warnings(&mut collector, &eit(0x50, 0, 0, 1, &events)).iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told[0].ends_with("event 2 (`endless`) has no usable duration (359999 s)"), "{told:?}");
    assert!(told[1].ends_with("event 3 (`short`) has no usable duration (0 s)"));
    assert!(told[2].contains("not in the character set it says or is taken for (utf-8)"));
    let counts = collector.counts();
    assert_eq!((counts.sections, counts.crc_errors, counts.unusable_times, counts.lossy_texts), (3, 2, 3, 1));
    // The operator names the right set: the same section is read anew.
    collector.set_charset(101, Charset::Gb18030);
    assert_eq!(feed(&mut collector, &eit(0x50, 0, 0, 1, &events), NOON).0, ["12:00 新闻"]);
    // Sections of others are not looked into.
    let mut other = GuideCollector::new(Some([7].into()), Charset::Utf8);
    assert_eq!(other.push_section(&damaged, at(NOON)), GuideNews::default());
    assert_eq!(other.counts().other, 1);
}

#[test]
fn what_the_store_remembers_keeps_its_identity() {
    let mut first = collector();
    let events = [Sample::new(1, "2026-11-20T23:50:00Z", 30, b"a"), Sample::new(2, "2026-11-21T01:00:00Z", 30, b"b")];
    let news = first.push_section(&eit(0x50, 0, 0, 0, &events), at(NOON));
    let mut second = collector();
    second.restore(news.changes[0].upserted.clone());
    // The first has moved past midnight, the second has given way to another.
    let events = [Sample::new(1, "2026-11-21T00:10:00Z", 30, b"a"), Sample::new(3, "2026-11-21T01:10:00Z", 30, b"c")];
    let news = second.push_section(&eit(0x50, 0, 0, 1, &events), at(NOON));
    let keys: Vec<_> = news.changes[0].upserted.iter().map(|e| e.event.as_str()).collect();
    assert_eq!(keys, ["eit:2.1.101.1@2026-11-20", "eit:2.1.101.3@2026-11-21"]);
    assert_eq!(news.changes[0].removed[0].as_str(), "eit:2.1.101.2@2026-11-21");
}

type Events = BTreeMap<(u16, EventKey), Event>;

/// Everything a capture's EIT says, at the capture's own time (its TDT or TOT; `test-108.ts` has neither).
fn of_capture(name: &str) -> Option<(GuideCollector, Events, UtcMs)> {
    let mut collector = GuideCollector::new(None, Charset::Iso6937);
    let mut times = SectionAssembler::default();
    let mut now = None;
    samples::capture(name, |packet| {
        if packet.pid() == crate::epg::TIME_PID {
            times.push(packet, |section| now = now.or(crate::epg::announced_time(section).unwrap()));
        }
    })?;
    let now = now.unwrap_or(at("2022-01-01T00:00:00Z"));
    let mut events = Events::new();
    samples::capture(name, |packet| {
        if packet.pid() == EIT_PID {
            for change in collector.push(packet, now).changes {
                events.extend(change.upserted.into_iter().map(|e| ((change.service.service, e.event.clone()), e)));
            }
        }
    })?;
    Some((collector, events, now))
}

#[test]
fn the_guide_of_an_italian_multiplex() {
    let Some((collector, events, _)) = of_capture("test-108.ts") else { return };
    let counts = collector.counts();
    assert_eq!((counts.crc_errors, counts.malformed, counts.lossy_texts, counts.broken_texts), (0, 0, 0, 0), "{counts:?}");
    assert_eq!(counts.sections - counts.unchanged, 30);
    let rai_1: Vec<_> = events.range((3401, EventKey::from(String::new()))..).take(2).map(|(_, e)| (e.title.as_str(), e.start, e.end, e.running)).collect();
    let change = at("2022-01-16T10:50:00Z");
    assert_eq!(
        rai_1,
        [("Santa Messa dalla Chiesa di Sant'Andrea", at("2022-01-16T09:55:00Z"), change, true), ("A Sua immagine", change, at("2022-01-16T11:00:00Z"), false)]
    );
}

#[test]
fn the_guide_of_a_french_multiplex() {
    let Some((collector, events, now)) = of_capture("test-184.ts") else { return };
    let counts = collector.counts();
    assert_eq!((counts.crc_errors, counts.malformed, counts.lossy_texts, counts.broken_texts), (1, 0, 0, 0), "one section is damaged: {counts:?}");
    let on_now: Vec<_> =
        events.iter().filter(|(_, e)| e.running && e.start <= now && now < e.end).map(|((service, _), e)| (*service, e.title.as_str())).collect();
    assert!(on_now.contains(&(257, "Météo 2")) && on_now.contains(&(1544, "La villa des coeurs brisés....")), "{on_now:?}");
    // The schedule of M6 runs over two days.
    let m6: Vec<_> = events.range((1025, EventKey::from(String::new()))..).take_while(|((service, _), _)| *service == 1025).map(|(_, e)| e).collect();
    assert!(m6.len() >= 50, "{}", m6.len());
    let tonight = m6.iter().find(|e| e.title == "Patron incognito" && e.start == at("2019-01-22T20:00:00Z")).unwrap();
    assert!(tonight.description.starts_with("Praliné, au lait, blanc, noir"), "{}", tonight.description);
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_survived(sections: Vec<(u8, Vec<u8>, bool)>, offset in -9_000_000_000_i64..9_000_000_000) {
        let mut collector = collector();
        for (table, bytes, sealed) in sections {
            let bytes = if sealed { samples::sealed(0x4e + table % 0x22, bytes) } else { bytes };
            collector.push_section(&bytes, UtcMs(0));
            collector.set_clock_offset(offset);
        }
    }

    /// However sections come and go, what was told adds up to what is known.
    #[test]
    fn changes_add_up(steps in proptest::collection::vec((0_u8..3, 0_u8..4, proptest::collection::vec((0_u16..6, 0_u8..20), 0..4)), 0..30)) {
        let mut collector = collector();
        let mut sum: BTreeMap<EventKey, Event> = BTreeMap::new();
        for (version, (kind, number, events)) in steps.iter().enumerate() {
            let table = [0x4e, 0x50, 0x51][usize::from(*kind)];
            let number = if table == 0x4e { number % 2 } else { *number };
            let events: Vec<_> = events.iter().map(|&(id, hour)| Sample::new(id, &format!("2026-11-20T{:02}:00:00Z", hour), 30, b"x")).collect();
            for change in collector.push_section(&eit(table, number, 3, version as u8 & 0x1f, &events), at(NOON)).changes {
                for event in change.upserted {
                    proptest::prop_assert_ne!(sum.insert(event.event.clone(), event.clone()), Some(event));
                }
                for key in change.removed {
                    proptest::prop_assert!(sum.remove(&key).unwrap().start > at(NOON), "only what has not begun is removed");
                }
            }
        }
        let known: BTreeMap<_, _> = collector.services.values().flat_map(|g| &g.events).filter_map(|(k, e)| Some((k.clone(), e.effective()?))).collect();
        proptest::prop_assert_eq!(known, sum);
    }
}
