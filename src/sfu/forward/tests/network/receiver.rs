//! One stream at a subscriber: puts packets in order, asks for what is missing, and tells whether what it got can be shown.

use std::collections::{BTreeMap, HashSet};

use super::content::{Mark, vp8_numbers};
use crate::sfu::codec::Codec;
use crate::sfu::packet::{Rtp, Unwrap};

/// A picture that was shown, or sound that was heard.
#[derive(Debug, Clone, Copy)]
pub struct Shown {
    pub at_ms: u64,
    pub mark: Mark,
    pub timestamp: u32,
    pub number: u64,
    pub numbers: Option<(u16, u8)>,
}

#[derive(Debug, Default)]
struct Picture {
    got: BTreeMap<u16, u64>,
    mark: Mark,
    timestamp: u32,
    numbers: Option<(u16, u8)>,
}

pub struct Receiver {
    pub ssrc: u32,
    pub rtx_ssrc: Option<u32>,
    pub codec: Codec,
    pub shown: Vec<Shown>,
    /// What a receiver must never see.
    pub faults: Vec<String>,
    pub packets: usize,
    pub repaired: usize,
    pub padded: usize,
    pub padding_only: usize,
    pub nacked: usize,
    pub plis: usize,
    pub codecs: HashSet<u8>,
    pub report: Option<(u64, u32, u64)>,
    unwrap: Unwrap,
    first: Option<u64>,
    got: HashSet<u64>,
    newest: (u64, u32),
    missing: BTreeMap<u64, (u64, u32)>,
    pictures: BTreeMap<(u32, u8), Picture>,
    decoded: HashSet<(u8, u32)>,
    starved_since: Option<u64>,
    last_pli: u64,
    told: (u64, u64),
}

impl Receiver {
    pub fn new(ssrc: u32, rtx_ssrc: Option<u32>, codec: Codec) -> Self {
        Self {
            ssrc,
            rtx_ssrc,
            codec,
            shown: Vec::new(),
            faults: Vec::new(),
            packets: 0,
            repaired: 0,
            padded: 0,
            padding_only: 0,
            nacked: 0,
            plis: 0,
            codecs: HashSet::new(),
            report: None,
            unwrap: Unwrap::default(),
            first: None,
            got: HashSet::new(),
            newest: (0, 0),
            missing: BTreeMap::new(),
            pictures: BTreeMap::new(),
            decoded: HashSet::new(),
            starved_since: None,
            last_pli: 0,
            told: (0, 0),
        }
    }

    pub fn receive(&mut self, now_ms: u64, rtp: &Rtp<'_>) {
        self.packets += 1;
        self.padded += usize::from(rtp.padding_len() > 0);
        let (sequence, payload) = if Some(rtp.ssrc()) == self.rtx_ssrc {
            let Some((original, payload)) = rtp.payload().split_first_chunk::<2>() else {
                self.padding_only += 1;
                return;
            };
            self.repaired += 1;
            (u16::from_be_bytes(*original), payload)
        } else {
            self.codecs.insert(rtp.payload_type());
            (rtp.sequence(), rtp.payload())
        };
        let number = self.unwrap.push(sequence);
        if !self.got.insert(number) {
            return;
        }
        self.note_missing(now_ms, number);
        // Behind this number time does not go back.
        if number > self.newest.0 {
            if self.newest.0 != 0 && (rtp.timestamp().wrapping_sub(self.newest.1) as i32) < 0 {
                self.faults.push(format!("{now_ms} ms: time stamp goes back from {} to {} at {number}", self.newest.1, rtp.timestamp()));
            }
            self.newest = (number, rtp.timestamp());
        }
        let Some(mark) = Mark::read(payload) else {
            self.faults.push(format!("{now_ms} ms: a payload that nobody sent, at {number}"));
            return;
        };
        let numbers = (self.codec == Codec::Vp8).then(|| vp8_numbers(payload)).flatten();
        let shown = Shown { at_ms: now_ms, mark, timestamp: rtp.timestamp(), number, numbers };
        if matches!(self.codec, Codec::Opus | Codec::Red) {
            self.shown.push(shown);
            return;
        }
        if self.first == Some(number) && (!mark.is_key || mark.index != 0) {
            self.faults.push(format!("{now_ms} ms: begins with {mark:?}"));
        }
        self.collect(now_ms, shown);
    }

    fn note_missing(&mut self, now_ms: u64, number: u64) {
        self.missing.remove(&number);
        match self.newest.0 {
            0 => self.first = Some(number),
            newest => self.missing.extend((newest + 1..number).map(|missed| (missed, (now_ms, 0)))),
        }
        if self.got.len() > 4_000 {
            self.got.retain(|other| other + 2_000 > number);
        }
    }

    fn collect(&mut self, now_ms: u64, shown: Shown) {
        let picture = self.pictures.entry((shown.mark.frame, shown.mark.layer)).or_default();
        if picture.numbers.is_some() && picture.numbers != shown.numbers {
            self.faults.push(format!("{now_ms} ms: one picture, two ids: {:?} and {:?}", picture.numbers, shown.numbers));
        }
        (picture.mark, picture.numbers, picture.timestamp) = (shown.mark, shown.numbers, shown.timestamp);
        picture.got.insert(shown.mark.index, shown.number);
        if picture.got.len() < usize::from(shown.mark.count) {
            return;
        }
        // Packets of one picture stand together.
        let first = picture.got.values().next().copied().unwrap_or(0);
        if picture.got.iter().any(|(index, number)| number - first != u64::from(*index)) {
            self.faults.push(format!("{now_ms} ms: a picture's packets are numbered {:?}", picture.got));
        }
        self.show(shown);
        // What waited for it, in its order.
        while let Some((at, next)) = self.showable() {
            self.pictures.remove(&at);
            self.show(Shown { at_ms: now_ms, ..next });
        }
        if self.pictures.len() > 600 {
            self.pictures.pop_first();
        }
    }

    fn showable(&self) -> Option<((u32, u8), Shown)> {
        let is_whole = |picture: &Picture| picture.got.len() == usize::from(picture.mark.count);
        let (at, picture) = self.pictures.iter().find(|(_, picture)| is_whole(picture) && self.can_show(&picture.mark))?;
        let number = picture.got.values().next().copied().unwrap_or(0);
        Some((*at, Shown { at_ms: 0, mark: picture.mark, timestamp: picture.timestamp, number, numbers: picture.numbers }))
    }

    fn can_show(&self, mark: &Mark) -> bool {
        mark.is_key || self.decoded.contains(&(mark.layer, mark.reference))
    }

    fn show(&mut self, shown: Shown) {
        let Shown { at_ms, mark, .. } = shown;
        if !self.can_show(&mark) {
            self.starved_since.get_or_insert(at_ms);
            return;
        }
        self.pictures.remove(&(mark.frame, mark.layer));
        if mark.is_key {
            self.pictures.retain(|_, picture| picture.got.values().next().is_some_and(|number| *number > shown.number));
            self.decoded.clear();
            // Nothing before a key picture is needed any more.
            let begins = shown.number;
            self.missing.retain(|number, _| *number > begins);
        }
        self.starved_since = None;
        self.decoded.insert((mark.layer, mark.frame));
        self.shown.push(shown);
    }

    /// Packets to ask for again.
    pub fn nacks(&mut self, now_ms: u64) -> Vec<u16> {
        self.missing.retain(|_, (since, asked)| *asked < 10 && *since + 2_000 > now_ms);
        if self.rtx_ssrc.is_none() {
            return Vec::new();
        }
        let due = self.missing.iter_mut().filter(|(_, (since, asked))| *since + 5 + 60 * u64::from(*asked) <= now_ms);
        let numbers: Vec<u16> = due
            .map(|(number, (_, asked))| {
                *asked += 1;
                *number as u16
            })
            .collect();
        self.nacked += numbers.len();
        numbers
    }

    /// Pictures come that cannot be shown: for so long a key picture is waited for.
    pub fn wants_key(&mut self, now_ms: u64) -> bool {
        let wants = self.starved_since.is_some_and(|since| now_ms - since > 200) && now_ms - self.last_pli > 300;
        if wants {
            self.last_pli = now_ms;
            self.plis += 1;
        }
        wants
    }

    /// Of 256, since the last report.
    pub fn fraction_lost(&mut self) -> u8 {
        let Some(first) = self.first else { return 0 };
        let (expected, got) = (self.newest.0.max(first) - first + 1, self.packets as u64);
        let (told_expected, told_got) = std::mem::replace(&mut self.told, (expected, got));
        let expected = expected.saturating_sub(told_expected);
        (expected.saturating_sub(got - told_got) * 256).checked_div(expected).unwrap_or(0).min(255) as u8
    }

    /// By the last report: microseconds of the server's clock (Unix) at which a time stamp was captured.
    pub fn captured_us(&self, timestamp: u32) -> Option<f64> {
        let (at_us, reported, _) = self.report?;
        let rate = if matches!(self.codec, Codec::Opus | Codec::Red) { 48e3 } else { 90e3 };
        Some(at_us as f64 + f64::from(timestamp.wrapping_sub(reported) as i32) / rate * 1e6)
    }

    // What tests ask.

    pub fn layers(&self) -> Vec<u8> {
        let mut layers: Vec<u8> = self.shown.iter().map(|shown| shown.mark.layer).collect();
        layers.dedup();
        layers
    }

    pub fn layer_at(&self, ms: u64) -> Option<u8> {
        self.shown.iter().rev().find(|shown| shown.at_ms <= ms).map(|shown| shown.mark.layer)
    }

    pub fn shown_between(&self, from_ms: u64, to_ms: u64) -> impl Iterator<Item = &Shown> {
        self.shown.iter().filter(move |shown| (from_ms..to_ms).contains(&shown.at_ms))
    }

    /// Pauses of the picture that are longer than this, in milliseconds.
    pub fn freezes(&self, from_ms: u64, to_ms: u64, longer_ms: u64) -> Vec<(u64, u64)> {
        let mut freezes = Vec::new();
        let mut last = from_ms;
        for at in self.shown_between(from_ms, to_ms).map(|shown| shown.at_ms).chain([to_ms]) {
            if at.saturating_sub(last) > longer_ms {
                freezes.push((last, at - last));
            }
            last = at;
        }
        freezes
    }

    /// From capture until it is shown, so that only so many take longer.
    pub fn delay_ms(&self, from_ms: u64, to_ms: u64, quantile: f64) -> u64 {
        let mut delays: Vec<u64> = self.shown_between(from_ms, to_ms).map(|shown| shown.at_ms - shown.mark.captured_us / 1_000).collect();
        delays.sort_unstable();
        delays.get(((delays.len() as f64 * quantile) as usize).min(delays.len().saturating_sub(1))).copied().unwrap_or(0)
    }

    /// Picture ids, TL0 indices and time stamps go on without gaps and as the capture did, over all changes of layers; where nothing was lost or left out on
    /// purpose. `slack_ms` is for a change that the clocks could not tell yet.
    pub fn assert_continuous(&self, slack_ms: f64) {
        assert_eq!(self.faults, Vec::<String>::new());
        for pair in self.shown.windows(2) {
            let (a, b) = (&pair[0], &pair[1]);
            if let (Some((id, tl0)), Some((next_id, next_tl0))) = (a.numbers, b.numbers) {
                assert_eq!(next_id, (id + 1) & 0x7fff, "picture ids from {a:?} to {b:?}");
                let is_base = b.mark.temporal == 0;
                assert_eq!(next_tl0, tl0.wrapping_add(u8::from(is_base)), "TL0 index from {a:?} to {b:?}");
            }
            let stamped = f64::from(b.timestamp.wrapping_sub(a.timestamp)) / 90.0;
            let captured = (b.mark.captured_us as f64 - a.mark.captured_us as f64) / 1e3;
            let slack = if a.mark.layer == b.mark.layer && a.mark.frame + 1 == b.mark.frame { 0.1 } else { slack_ms };
            assert!((stamped - captured).abs() <= slack, "{stamped} ms by the stamps, {captured} ms by the capture, from {a:?} to {b:?}");
        }
    }
}
