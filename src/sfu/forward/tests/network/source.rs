//! A published track: its layers, and their packets kept for repairs.

use std::collections::BTreeMap;

use super::content::{Mark, Vp8Numbers, av1_payload, h264_payload, opus_payload, vp8_payload, vp9_payload};
use super::line::Random;
use crate::sfu::TrackId;
use crate::sfu::codec::Codec;
use crate::sfu::packet::{Extension, ExtensionIds, Header, transport_sequence, write_header};

pub const OPUS: u8 = 111;
pub const RED: u8 = 63;
pub const VIDEO: u8 = 96;
pub const VIDEO_RTX: u8 = 97;
/// Chromium puts names of sections and layers on the first packets only.
const NAMED: u32 = 12;
const PACKET: usize = 1_120;

pub fn extensions() -> ExtensionIds {
    let mut ids = ExtensionIds::default();
    let names = [Extension::Mid, Extension::TransportSequence, Extension::Rid, Extension::RepairedRid, Extension::AudioLevel, Extension::AbsSendTime];
    for (name, id) in names.into_iter().zip([4, 3, 10, 11, 1, 2]) {
        ids.set(name, id);
    }
    ids
}

/// One SSRC and its repairs.
pub struct Layer {
    pub rid: Option<&'static str>,
    pub ssrc: u32,
    pub rtx_ssrc: u32,
    pub bps: f64,
    pub size: (u16, u16),
    pub is_active: bool,
    pub wants_key: bool,
    pub keys: Vec<u64>,
    pub plis: usize,
    pub sequence: u16,
    pub rtx_sequence: u16,
    /// Of the RTP clock at the beginning of time.
    pub timestamp: u32,
    frame: u32,
    last_base: u32,
    picture_id: u16,
    tl0: u8,
    packets: u32,
    octets: u32,
    repairs: u32,
    debt: f64,
    sent: BTreeMap<u16, (u64, u8, u32, bool, Vec<u8>)>,
    /// Not the first layer's packets are lost, but these.
    pub swallow: Vec<u16>,
}

pub struct Source {
    pub track: TrackId,
    pub mid: String,
    pub codec: Codec,
    pub layers: Vec<Layer>,
    pub temporal_layers: u8,
    pub frame_ms: u64,
    /// Sound: nobody speaks, and every twentieth packet is sent.
    pub is_silent: bool,
    pub level: u8,
    pub is_muted: bool,
    pub last_payload: Vec<u8>,
    pub frames: u64,
    pub random: Random,
}

impl Source {
    pub fn video(track: TrackId, codec: Codec, layers: &[(Option<&'static str>, f64)]) -> Self {
        let mut random = Random::new(track.0 + 99);
        let sizes = [(320, 180), (640, 360), (1280, 720)];
        let layers = layers.iter().zip(sizes).map(|((rid, bps), size)| Layer::new(*rid, *bps, size, &mut random)).collect();
        Self {
            track,
            mid: format!("{}", track.0),
            codec,
            layers,
            temporal_layers: 1,
            frame_ms: 33,
            is_silent: false,
            level: 0,
            is_muted: false,
            last_payload: Vec::new(),
            frames: 0,
            random,
        }
    }

    pub fn simulcast(track: TrackId) -> Self {
        Self { temporal_layers: 2, ..Self::video(track, Codec::Vp8, &[(Some("q"), 150e3), (Some("h"), 500e3), (Some("f"), 1_500e3)]) }
    }

    pub fn sound(track: TrackId, codec: Codec) -> Self {
        let mut random = Random::new(track.0 + 99);
        let layers = vec![Layer::new(None, 32e3, (0, 0), &mut random)];
        Self {
            track,
            mid: format!("{}", track.0),
            codec,
            layers,
            temporal_layers: 1,
            frame_ms: 20,
            is_silent: false,
            level: 30,
            is_muted: false,
            last_payload: Vec::new(),
            frames: 0,
            random,
        }
    }

    pub fn is_sound(&self) -> bool {
        matches!(self.codec, Codec::Opus | Codec::Red)
    }

    pub fn rate_hz(&self) -> u64 {
        if self.is_sound() { 48_000 } else { 90_000 }
    }

    /// The packets that are captured in this millisecond; `transport` counts over all of a peer.
    pub fn turn(&mut self, now_ms: u64, transport: &mut u16, out: &mut Vec<Vec<u8>>) {
        if self.is_muted || !now_ms.is_multiple_of(self.frame_ms) {
            return;
        }
        self.frames += 1;
        if self.is_sound() {
            self.speak(now_ms, transport, out);
        } else {
            for layer in 0..self.layers.len() {
                self.draw(now_ms, layer, transport, out);
            }
        }
    }

    fn speak(&mut self, now_ms: u64, transport: &mut u16, out: &mut Vec<Vec<u8>>) {
        if self.is_silent && !self.frames.is_multiple_of(20) {
            return;
        }
        let layer = &mut self.layers[0];
        layer.frame += 1;
        let mark = Mark { is_key: true, count: 1, frame: layer.frame, captured_us: now_ms * 1_000, ..Mark::default() };
        let opus = opus_payload(&mark, if self.is_silent { 0 } else { 70 + self.random.below(20) as usize });
        let payload = match self.codec {
            Codec::Red => red(&self.last_payload, &opus),
            _ => opus.clone(),
        };
        self.last_payload = opus;
        let payload_type = if self.codec == Codec::Red { RED } else { OPUS };
        let level = [0x80 | self.level];
        let timestamp = layer.timestamp.wrapping_add((now_ms * 48) as u32);
        out.push(layer.packet(now_ms, &self.mid, payload_type, timestamp, false, Some(&level), transport, payload));
    }

    fn draw(&mut self, now_ms: u64, at: usize, transport: &mut u16, out: &mut Vec<Vec<u8>>) {
        let (frames, temporal_layers, codec) = (self.frames, self.temporal_layers, self.codec);
        let share = 0.8 + 0.4 * self.random.share();
        let layer = &mut self.layers[at];
        if !layer.is_active {
            return;
        }
        let is_key = std::mem::take(&mut layer.wants_key);
        let temporal = match temporal_layers {
            _ if is_key => 0,
            2 => (frames % 2) as u8,
            3 => [0, 2, 1, 2][frames as usize % 4],
            _ => 0,
        };
        let mean = layer.bps / 8.0 * self.frame_ms as f64 / 1e3;
        // What a key picture costs more, the next ones cost less.
        let bytes = if is_key { mean * 5.0 } else { mean * share - (layer.debt * 0.05).min(mean * 0.3) };
        layer.debt = (layer.debt + bytes - mean).max(0.0);
        layer.frame += 1;
        layer.picture_id = layer.picture_id.wrapping_add(1) & 0x7fff;
        if temporal == 0 {
            layer.tl0 = layer.tl0.wrapping_add(1);
        }
        // Every picture refers to the last of the lowest layer, so all of them are points to go up at.
        let reference = if is_key { 0 } else { layer.last_base };
        if temporal == 0 {
            layer.last_base = layer.frame;
        }
        if is_key {
            layer.keys.push(now_ms);
        }
        let count = (bytes / PACKET as f64).ceil().max(1.0) as usize + usize::from(is_key && codec == Codec::H264);
        let len = (bytes / count as f64) as usize;
        let timestamp = layer.timestamp.wrapping_add((now_ms * 90) as u32);
        let numbers = Vp8Numbers { picture_id: layer.picture_id, tl0: layer.tl0, layer_sync: temporal > 0 };
        for index in 0..count {
            let mark = Mark {
                layer: at as u8,
                temporal,
                is_key,
                index: index as u16,
                count: count as u16,
                frame: layer.frame,
                reference,
                captured_us: now_ms * 1_000,
            };
            let payload = match codec {
                Codec::H264 => h264_payload(&mark, len),
                Codec::Vp9 => vp9_payload(&mark, &numbers, layer.size, len),
                Codec::Av1 => av1_payload(&mark, len),
                _ => vp8_payload(&mark, &numbers, layer.size, len),
            };
            let packet = layer.packet(now_ms, &self.mid, VIDEO, timestamp, index + 1 == count, None, transport, payload);
            if !layer.swallow.contains(&layer.sequence) {
                out.push(packet);
            }
        }
    }

    /// The source takes another SSRC, as after a browser's renegotiation.
    pub fn begin_anew(&mut self) {
        for layer in &mut self.layers {
            layer.ssrc ^= 0x0f0f_0000;
            layer.rtx_ssrc ^= 0x0f0f_0000;
            layer.sequence = self.random.next() as u16;
            layer.timestamp = self.random.next() as u32;
            (layer.packets, layer.repairs, layer.wants_key) = (0, 0, true);
            layer.sent.clear();
        }
    }

    pub fn set_active(&mut self, layer: usize, is_active: bool) {
        let layer = &mut self.layers[layer];
        layer.wants_key |= is_active && !layer.is_active;
        layer.is_active = is_active;
    }
}

impl Layer {
    fn new(rid: Option<&'static str>, bps: f64, size: (u16, u16), random: &mut Random) -> Self {
        Self {
            rid,
            ssrc: random.next() as u32 | 0x1000,
            rtx_ssrc: random.next() as u32 | 0x1000,
            bps,
            size,
            is_active: true,
            wants_key: true,
            keys: Vec::new(),
            plis: 0,
            sequence: random.next() as u16,
            rtx_sequence: random.next() as u16,
            timestamp: random.next() as u32,
            frame: 0,
            last_base: 0,
            picture_id: random.next() as u16 & 0x7fff,
            tl0: random.next() as u8,
            packets: 0,
            octets: 0,
            repairs: 0,
            debt: 0.0,
            sent: BTreeMap::new(),
            swallow: Vec::new(),
        }
    }

    pub fn sent(&self) -> (u32, u32) {
        (self.packets, self.octets)
    }

    #[allow(clippy::too_many_arguments)]
    fn packet(
        &mut self,
        now_ms: u64,
        mid: &str,
        payload_type: u8,
        timestamp: u32,
        marker: bool,
        level: Option<&[u8]>,
        transport: &mut u16,
        payload: Vec<u8>,
    ) -> Vec<u8> {
        self.sequence = self.sequence.wrapping_add(1);
        self.packets += 1;
        self.octets += payload.len() as u32;
        let number = transport_sequence::bytes(*transport);
        *transport = transport.wrapping_add(1);
        let mut values: Vec<(u8, &[u8])> = vec![(3, &number)];
        if self.packets <= NAMED {
            values.push((4, mid.as_bytes()));
            values.extend(self.rid.map(|rid| (10, rid.as_bytes())));
        }
        values.extend(level.map(|level| (1, level)));
        let mut out = Vec::new();
        write_header(&mut out, &Header { payload_type, marker, sequence: self.sequence, timestamp, ssrc: self.ssrc }, &values);
        out.extend_from_slice(&payload);
        self.sent.insert(self.sequence, (now_ms, payload_type, timestamp, marker, payload));
        self.sent.retain(|_, (at, ..)| *at + 2_000 > now_ms);
        out
    }

    /// A retransmission (RFC 4588).
    pub fn repair(&mut self, mid: &str, sequence: u16, transport: &mut u16) -> Option<Vec<u8>> {
        let (_, payload_type, timestamp, marker, payload) = self.sent.get(&sequence)?;
        if *payload_type != VIDEO {
            return None;
        }
        self.repairs += 1;
        self.rtx_sequence = self.rtx_sequence.wrapping_add(1);
        let number = transport_sequence::bytes(*transport);
        *transport = transport.wrapping_add(1);
        let mut values: Vec<(u8, &[u8])> = vec![(3, &number)];
        if self.repairs <= NAMED {
            values.push((4, mid.as_bytes()));
            values.extend(self.rid.map(|rid| (11, rid.as_bytes())));
        }
        let mut out = Vec::new();
        let header = Header { payload_type: VIDEO_RTX, marker: *marker, sequence: self.rtx_sequence, timestamp: *timestamp, ssrc: self.rtx_ssrc };
        write_header(&mut out, &header, &values);
        out.extend_from_slice(&sequence.to_be_bytes());
        out.extend_from_slice(payload);
        Some(out)
    }
}

/// Redundancy of one frame before (RFC 2198).
fn red(before: &[u8], now: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    if !before.is_empty() {
        let [o, l] = ((960_u16 << 2) | (before.len() as u16 >> 8)).to_be_bytes();
        out.extend_from_slice(&[0x80 | OPUS, o, l, before.len() as u8]);
    }
    out.push(OPUS);
    out.extend_from_slice(before);
    out.extend_from_slice(now);
    out
}
