//! What a subscriber sees and hears of a track, judged by the stamps.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::outcome::{Heard, Seen};
use super::stamp::Stamp;

/// Sequence numbers that are remembered; a picture has fewer packets.
const REMEMBERED: usize = 2_048;
/// Pictures that were shown, for those that need them: libwebrtc's patterns reach four back.
const REFERENCES: usize = 16;
/// Longer between two pictures is a freeze to a viewer.
const FREEZE: Duration = Duration::from_millis(500);
/// How long a picture is waited for before a key picture is asked for, and until it is asked for again.
const PATIENCE: Duration = Duration::from_millis(500);
/// What does not come any more is not waited for.
const ALIVE: Duration = Duration::from_secs(1);

/// Which packets came, repaired ones among them.
#[derive(Debug)]
struct Reception {
    first: Option<u64>,
    highest: u64,
    received: u64,
    last: Option<Instant>,
    seen: Vec<u64>,
}

impl Reception {
    fn new() -> Self {
        Self { first: None, highest: 0, received: 0, last: None, seen: vec![u64::MAX; REMEMBERED] }
    }

    fn take(&mut self, now: Instant, sequence: u64) {
        self.highest = self.highest.max(sequence);
        self.first = Some(self.first.map_or(sequence, |first| first.min(sequence)));
        self.received += 1;
        self.last = Some(now);
        if let Some(place) = self.seen.get_mut(sequence as usize % REMEMBERED) {
            *place = sequence;
        }
    }

    fn has(&self, sequence: u64) -> bool {
        self.seen.get(sequence as usize % REMEMBERED) == Some(&sequence)
    }

    fn lost(&self) -> u64 {
        self.first.map_or(0, |first| (self.highest + 1 - first).saturating_sub(self.received))
    }
}

/// A track of pictures.
pub struct Screen {
    run: u32,
    reception: Reception,
    /// Pictures of which packets are missing, by the sequence number of their first.
    partial: Vec<(u64, Stamp)>,
    /// Whole, and not shown yet, by the sequence number of their first packet: an SFU that changes layers may send a moment twice, in two sizes.
    whole: BTreeMap<u64, Stamp>,
    references: Vec<(u8, u32)>,
    shown: Option<(Instant, u64)>,
    /// Since when a key picture is waited for.
    waits: Option<Instant>,
    began: Instant,
    first_packet: Option<Instant>,
    asked: Option<Instant>,
    seen: Seen,
}

impl Screen {
    /// From `now` on the picture is waited for.
    pub fn new(run: u32, now: Instant) -> Self {
        Self {
            run,
            reception: Reception::new(),
            partial: Vec::new(),
            whole: BTreeMap::new(),
            references: Vec::new(),
            shown: None,
            waits: Some(now),
            began: now,
            first_packet: None,
            asked: None,
            seen: Seen::default(),
        }
    }

    /// `now_ns` is `now` in the time of stamps.
    pub fn take(&mut self, now: Instant, now_ns: u64, sequence: u64, payload: &[u8]) {
        self.reception.take(now, sequence);
        self.first_packet.get_or_insert(now);
        self.seen.bytes += payload.len() as u64;
        if let Some(stamp) = Stamp::find(payload, self.run) {
            self.partial.push((sequence.wrapping_sub(u64::from(stamp.index)), stamp));
        }
        let Self { partial, reception, whole, .. } = self;
        let was_waiting = partial.len();
        partial.retain(|(first, stamp)| {
            let is_whole = (*first..first.saturating_add(u64::from(stamp.packets))).all(|sequence| reception.has(sequence));
            if is_whole {
                whole.insert(*first, *stamp);
            }
            !is_whole && first.saturating_add(REMEMBERED as u64) > reception.highest
        });
        if partial.len() < was_waiting {
            self.show(now, now_ns);
        }
    }

    /// Shows what can be decoded, in order; what stands before it is given up, as libwebrtc's buffer does.
    fn show(&mut self, now: Instant, now_ns: u64) {
        if let Some((_, shown)) = self.shown {
            self.whole = self.whole.split_off(&(shown + 1));
        }
        let can = |stamp: &Stamp, references: &[(u8, u32)]| stamp.is_key || references.contains(&(stamp.layer, stamp.needs));
        while let Some((first, stamp)) = self.whole.iter().find(|(_, stamp)| can(stamp, &self.references)).map(|(first, stamp)| (*first, *stamp)) {
            self.whole = self.whole.split_off(&(first + 1));
            self.shows(now, now_ns, first, &stamp);
        }
    }

    fn shows(&mut self, now: Instant, now_ns: u64, first: u64, stamp: &Stamp) {
        if let Some((before, _)) = self.shown {
            self.freeze(now.saturating_duration_since(before));
        }
        self.seen.pictures += 1;
        self.seen.delay.record(Duration::from_nanos(now_ns.saturating_sub(stamp.made_ns)));
        if let Some(pictures) = self.seen.of_layers.get_mut(usize::from(stamp.layer)) {
            *pictures += 1;
        }
        if stamp.is_key {
            self.seen.keys += 1;
            if let Some(since) = self.waits.take() {
                self.seen.key_wait.record(now.saturating_duration_since(since));
            }
        }
        // What waited for a key picture goes on without one when the missing packet came after all.
        self.waits = None;
        self.asked = None;
        self.shown = Some((now, first));
        if self.references.len() == REFERENCES {
            self.references.remove(0);
        }
        self.references.push((stamp.layer, stamp.number));
    }

    fn freeze(&mut self, gap: Duration) {
        if gap > FREEZE {
            self.seen.freezes += 1;
            self.seen.frozen += gap;
        }
    }

    /// Whether to ask for a key picture now: packets come, and none could be shown for a while.
    pub fn asks_key(&mut self, now: Instant) -> bool {
        let is_alive = self.reception.last.is_some_and(|last| now.saturating_duration_since(last) < ALIVE);
        // What carries no stamp is of others, and is not judged.
        let is_judged = self.shown.is_some() || !self.partial.is_empty() || !self.whole.is_empty();
        let since = [self.shown.map(|(at, _)| at), self.asked, self.first_packet].into_iter().flatten().max();
        let asks = is_alive && is_judged && since.is_some_and(|since| now.saturating_duration_since(since) > PATIENCE);
        if asks {
            self.asked = Some(now);
            self.waits.get_or_insert(now);
        }
        asks
    }

    pub fn shows_something(&self) -> bool {
        self.shown.is_some()
    }

    /// What came of it, when the track ends or the run does.
    pub fn end(mut self, now: Instant) -> Seen {
        if let Some((before, _)) = self.shown {
            self.freeze(now.saturating_duration_since(before));
        }
        self.seen.packets = self.reception.received;
        self.seen.lost = self.reception.lost();
        self.seen.tracks = 1;
        self.seen.watched = now.saturating_duration_since(self.first_packet.unwrap_or(now).max(self.began));
        self.seen.dark = u64::from(self.shown.is_none());
        self.seen
    }
}

/// A track of sound.
pub struct Speaker {
    run: u32,
    reception: Reception,
    heard: Heard,
}

impl Speaker {
    pub fn new(run: u32) -> Self {
        Self { run, reception: Reception::new(), heard: Heard::default() }
    }

    pub fn take(&mut self, now: Instant, now_ns: u64, sequence: u64, payload: &[u8]) {
        self.reception.take(now, sequence);
        self.heard.bytes += payload.len() as u64;
        if let Some(stamp) = Stamp::find(payload, self.run) {
            self.heard.delay.record(Duration::from_nanos(now_ns.saturating_sub(stamp.made_ns)));
        }
    }

    pub fn end(mut self) -> Heard {
        self.heard.packets = self.reception.received;
        self.heard.lost = self.reception.lost();
        self.heard.tracks = 1;
        self.heard
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::camera::{Camera, CameraOptions, LayerOptions};
    use super::super::options::VideoCodec;
    use super::*;

    /// 10 seconds of a camera's packets, each with its picture's number.
    fn sent(codec: VideoCodec, keys_at: &[u32]) -> Vec<(u32, Arc<[u8]>)> {
        let layers = vec![LayerOptions { rid: None, size: (640, 360), bitrate_bps: 500_000, recording: None }];
        let mut camera = Camera::new(CameraOptions { codec, run: 1, publisher: 1, pictures_per_second: 30, layers }, vec![1; 5_000].into());
        let start = Instant::now();
        let mut packets = Vec::new();
        for at in 1..=300_u32 {
            if keys_at.contains(&at) {
                camera.want_key(0);
            }
            let taken = camera.take(start + camera.interval() * at, ns(at));
            packets.extend(taken.into_iter().flat_map(|taken| taken.packets).map(|packet| (at, packet)));
        }
        packets
    }

    fn ns(at: u32) -> u64 {
        u64::from(at) * 33_333_333
    }

    /// What is seen when the packets arrive 20 ms after they were sent, in the order given, without those that are dropped.
    fn seen(packets: &[(u32, Arc<[u8]>)], is_dropped: impl Fn(usize, u32) -> bool) -> (Seen, u32) {
        let start = Instant::now();
        let mut screen = Screen::new(1, start);
        let mut asked = 0;
        for (sequence, (at, packet)) in packets.iter().enumerate().filter(|(sequence, (at, _))| !is_dropped(*sequence, *at)) {
            let now_ns = ns(*at) + 20_000_000;
            let now = start + Duration::from_nanos(now_ns);
            screen.take(now, now_ns, sequence as u64, packet);
            asked += u32::from(screen.asks_key(now));
        }
        (screen.end(start + Duration::from_nanos(ns(300))), asked)
    }

    #[test]
    fn without_loss_every_picture_is_shown_once_at_its_delay() {
        for codec in [VideoCodec::Vp8, VideoCodec::H264] {
            let (seen, asked) = seen(&sent(codec, &[]), |_, _| false);
            assert_eq!((seen.pictures, seen.keys, seen.lost, seen.freezes, asked), (300, 1, 0, 0, 0));
            let delay = seen.delay.quantile(0.5).unwrap();
            assert!((19_700..=20_300).contains(&delay.as_micros()), "{delay:?}");
            assert_eq!(seen.key_wait.count(), 1);
        }
    }

    #[test]
    fn a_lost_packet_of_the_lowest_layer_freezes_until_a_key_picture_that_is_asked_for() {
        let packets = sent(VideoCodec::Vp8, &[160]);
        let at = packets.iter().position(|(at, _)| *at == 101).unwrap();
        let (seen, asked) = seen(&packets, |sequence, _| sequence == at);
        assert!(seen.lost == 1 && seen.freezes == 1 && asked >= 2, "{seen:?} {asked}");
        assert!(seen.pictures < 300 - 50 && seen.keys == 2 && seen.key_wait.count() == 2);
    }

    #[test]
    fn a_lost_discardable_picture_is_not_missed_by_others() {
        let packets = sent(VideoCodec::Vp8, &[]);
        let (seen, asked) = seen(&packets, |_, at| at == 102);
        assert_eq!((seen.pictures, seen.freezes, asked), (299, 0, 0));
    }

    #[test]
    fn a_moment_in_two_sizes_is_a_change_of_layers() {
        let stamp = |number, needs, layer, is_key| Stamp { run: 1, publisher: 1, number, needs, index: 0, packets: 1, layer, is_key, made_ns: 0 };
        let start = Instant::now();
        let mut screen = Screen::new(1, start);
        let sent = [stamp(1, 1, 0, true), stamp(2, 1, 0, false), stamp(2, 2, 2, true), stamp(3, 2, 2, false)];
        for (sequence, stamp) in sent.iter().enumerate() {
            screen.take(start, 0, sequence as u64, &stamp.bytes());
        }
        let seen = screen.end(start);
        assert_eq!((seen.pictures, seen.of_layers), (4, [2, 0, 2]));
    }

    #[test]
    fn packets_that_come_late_are_waited_for() {
        let mut packets: Vec<_> = sent(VideoCodec::Vp8, &[]).into_iter().enumerate().collect();
        let at = packets.iter().position(|(_, (at, _))| *at == 101).unwrap();
        let late = packets.remove(at);
        packets.insert(at + 10, late);
        let start = Instant::now();
        let mut screen = Screen::new(1, start);
        for (sequence, (at, packet)) in &packets {
            screen.take(start + Duration::from_nanos(ns(*at)), ns(*at), *sequence as u64, packet);
        }
        let seen = screen.end(start + Duration::from_nanos(ns(300)));
        assert_eq!((seen.pictures, seen.lost, seen.freezes), (300, 0, 0));
    }
}
