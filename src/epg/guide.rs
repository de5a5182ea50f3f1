//! The guide of one channel: what the stream announces, and the timetable where it announces nothing.

use std::collections::BTreeMap;

use super::collector::{Event, GuideChange};
use super::{EventKey, Programme};
use crate::base::{ChannelId, UtcMs};

/// What changed in the merged guide.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    pub upserted: Vec<Programme>,
    pub removed: Vec<EventKey>,
}

impl Changes {
    pub fn is_empty(&self) -> bool {
        self.upserted.is_empty() && self.removed.is_empty()
    }
}

/// The merged guide of one channel.
#[derive(Debug, Clone)]
pub struct Guide {
    channel: ChannelId,
    eit: BTreeMap<EventKey, Programme>,
    timetable: BTreeMap<EventKey, Programme>,
    merged: BTreeMap<EventKey, Programme>,
}

impl Guide {
    pub fn new(channel: ChannelId) -> Self {
        Self { channel, eit: BTreeMap::new(), timetable: BTreeMap::new(), merged: BTreeMap::new() }
    }

    /// Takes what the source's collector told of the channel's service.
    pub fn take(&mut self, change: &GuideChange) -> Changes {
        for key in &change.removed {
            self.eit.remove(key);
        }
        self.announce(&change.upserted)
    }

    /// Takes events, such as those the store remembers.
    pub fn announce(&mut self, events: &[Event]) -> Changes {
        self.eit.extend(events.iter().map(|event| (event.event.clone(), event.programme(&self.channel))));
        self.merge()
    }

    /// Replaces the timetable's programmes (those of [`super::programmes_of`] for the days wanted).
    pub fn set_timetable(&mut self, programmes: Vec<Programme>) -> Changes {
        self.timetable = programmes.into_iter().map(|p| (p.event.clone(), p)).collect();
        self.merge()
    }

    /// Forgets what ended before; that is no change.
    pub fn forget(&mut self, before: UtcMs) {
        for programmes in [&mut self.eit, &mut self.timetable, &mut self.merged] {
            programmes.retain(|_, p| p.end >= before);
        }
    }

    fn merge(&mut self) -> Changes {
        let merged = merge(self.eit.values(), self.timetable.values());
        let merged: BTreeMap<EventKey, Programme> = merged.into_iter().map(|p| (p.event.clone(), p)).collect();
        let changes = Changes {
            upserted: merged.iter().filter(|(key, p)| self.merged.get(*key) != Some(*p)).map(|(_, p)| p.clone()).collect(),
            removed: self.merged.keys().filter(|key| !merged.contains_key(*key)).cloned().collect(),
        };
        self.merged = merged;
        changes
    }

    /// Programmes that touch [`from`, `to`), by start.
    pub fn between(&self, from: UtcMs, to: UtcMs) -> Vec<&Programme> {
        let mut out: Vec<&Programme> = self.merged.values().filter(|p| p.overlaps(from, to)).collect();
        out.sort_by_key(|p| order(p));
        out
    }

    /// What is on at that instant and what comes after it.
    pub fn now_and_next(&self, at: UtcMs) -> (Option<&Programme>, Option<&Programme>) {
        now_and_next(self.merged.values(), at)
    }
}

/// By start; the identity makes it one order.
pub(super) fn order(p: &Programme) -> (UtcMs, UtcMs, &EventKey) {
    (p.start, p.end, &p.event)
}

/// One channel's programmes, by start: EIT beats the timetable where it covers at least half of a slot. A slot that EIT only touches
/// (a programme before it that overruns by a minute) stays as it is.
pub fn merge<'a>(eit: impl IntoIterator<Item = &'a Programme>, timetable: impl IntoIterator<Item = &'a Programme>) -> Vec<Programme> {
    let mut out: Vec<Programme> = eit.into_iter().cloned().collect();
    out.sort_by(|a, b| order(a).cmp(&order(b)));
    let announced = out.len();
    for slot in timetable {
        if covered_ms(&out[..announced], slot) * 2 < slot.duration_ms() {
            out.push(slot.clone());
        }
    }
    out.sort_by(|a, b| order(a).cmp(&order(b)));
    out
}

/// Milliseconds of the slot that some programme is on; overlapping ones count once.
fn covered_ms(by_start: &[Programme], slot: &Programme) -> i64 {
    let mut covered = 0;
    let mut reached = slot.start;
    for p in by_start.iter().filter(|p| p.overlaps(slot.start, slot.end)) {
        covered += p.overlap_ms(reached, slot.end);
        reached = reached.max(p.end.min(slot.end));
    }
    covered
}

/// What is on at that instant (where several are: the one that the stream says is running, else the last begun) and the first to begin after it.
pub fn now_and_next<'a>(programmes: impl IntoIterator<Item = &'a Programme>, at: UtcMs) -> (Option<&'a Programme>, Option<&'a Programme>) {
    let (mut now, mut next): (Option<&Programme>, Option<&Programme>) = (None, None);
    for p in programmes {
        if p.contains(at) && now.is_none_or(|n| (p.running, order(p)) > (n.running, order(n))) {
            now = Some(p);
        }
        if p.start > at && next.is_none_or(|n| order(p) < order(n)) {
            next = Some(p);
        }
    }
    (now, next)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epg::Source;

    fn programme(key: &str, from: i64, to: i64, source: Source) -> Programme {
        Programme {
            channel: "a".into(),
            event: EventKey::from(key.to_owned()),
            title: key.into(),
            subtitle: String::new(),
            description: String::new(),
            start: UtcMs(from * 60_000),
            end: UtcMs(to * 60_000),
            source,
            running: false,
            scrambled: false,
        }
    }

    fn titles(programmes: &[Programme]) -> Vec<&str> {
        programmes.iter().map(|p| p.title.as_str()).collect()
    }

    #[test]
    fn eit_beats_the_timetable_where_they_overlap() {
        let slots =
            [programme("morning", 0, 60, Source::Timetable), programme("noon", 60, 90, Source::Timetable), programme("evening", 90, 120, Source::Timetable)];
        let eit = [programme("before", 30, 62, Source::Eit), programme("half", 88, 105, Source::Eit)];
        assert_eq!(titles(&merge(&eit, &slots)), ["before", "noon", "half"]);
        assert_eq!(titles(&merge(&[], &slots)), ["morning", "noon", "evening"]);
        // Overlapping announcements do not count twice.
        let twice = [programme("x", 60, 70, Source::Eit), programme("y", 60, 70, Source::Eit)];
        assert_eq!(titles(&merge(&twice, &slots[1..2])), ["x", "y", "noon"]);
    }

    #[test]
    fn changes_of_either_are_changes_of_the_guide() {
        let mut guide = Guide::new("a".into());
        let news = guide.set_timetable(vec![programme("slot", 60, 90, Source::Timetable)]);
        assert_eq!(titles(&news.upserted), ["slot"]);
        let mut event = Event::of(&programme("eit", 60, 95, Source::Eit));
        let news = guide.announce(std::slice::from_ref(&event));
        assert_eq!((titles(&news.upserted), news.removed.len()), (vec!["eit"], 1));
        assert!(guide.announce(std::slice::from_ref(&event)).is_empty());
        event.end = UtcMs(100 * 60_000);
        let service = crate::epg::ServiceRef { network: 1, transport_stream: 1, service: 1 };
        let news = guide.take(&GuideChange { service, actual: true, upserted: vec![event.clone()], removed: vec![] });
        assert_eq!(news.upserted[0].end, event.end);
        let news = guide.take(&GuideChange { service, actual: true, upserted: vec![], removed: vec![event.event] });
        assert_eq!((titles(&news.upserted), news.removed[0].as_str()), (vec!["slot"], "eit"));
        guide.forget(UtcMs(91 * 60_000));
        assert!(guide.between(UtcMs(0), UtcMs(i64::MAX)).is_empty());
    }

    #[test]
    fn now_is_what_runs_and_next_what_follows() {
        let mut on = [programme("a", 0, 32, Source::Eit), programme("b", 30, 60, Source::Eit), programme("c", 60, 90, Source::Eit)];
        let at = |m: i64| UtcMs(m * 60_000);
        let names = |on: &[Programme], m| {
            let (now, next) = now_and_next(on, at(m));
            (now.map_or("", |p| &p.title).to_owned(), next.map_or("", |p| &p.title).to_owned())
        };
        assert_eq!(names(&on, 31), ("b".into(), "c".into()), "the last begun");
        on[0].running = true;
        assert_eq!(names(&on, 31), ("a".into(), "c".into()), "the stream knows better");
        assert_eq!(names(&on, 60), ("c".into(), "".into()));
        assert_eq!(names(&on, 90), ("".into(), "".into()));
    }
}
