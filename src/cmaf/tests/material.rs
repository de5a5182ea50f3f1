//! A service made by hand: real parameter sets, made-up slices and frames, packets as a multiplexer would write them.

use crate::base::work::Anchor;
use crate::ts::{PACKET_LEN, crc32_mpeg};

pub const SERVICE: u16 = 7;
pub const PMT_PID: u16 = 0x100;
pub const VIDEO_PID: u16 = 0x101;
pub const AUDIO_PID: u16 = 0x102;

/// 640x360, 30 frames a second, High, level 3.0.
pub const SPS: [u8; 25] = [103, 100, 0, 30, 172, 217, 64, 160, 47, 249, 97, 0, 0, 3, 0, 1, 0, 0, 3, 0, 60, 143, 22, 45, 150];
pub const PPS: [u8; 5] = [104, 235, 236, 178, 44];
pub const PICTURE_90K: i64 = 3000;
/// Pictures are shown this much after they are decoded, at least.
pub const DELAY_90K: i64 = 2 * PICTURE_90K;
/// An IDR every second.
pub const GROUP: usize = 30;

/// 21 November 2026, in media time.
pub const BASE_90K: i64 = 1_795_219_200_000 * 90;

pub type Bytes = [u8; PACKET_LEN];

/// Writes packets.
#[derive(Default)]
pub struct Mux {
    pub packets: Vec<Bytes>,
    counters: std::collections::HashMap<u16, u8>,
}

impl Mux {
    pub fn tables(&mut self, video_type: u8, audio_type: Option<u8>) {
        let service = SERVICE.to_be_bytes();
        let pat = section(0x00, [0, 1], &[service[0], service[1], 0xe0 | (PMT_PID >> 8) as u8, PMT_PID as u8]);
        self.section(0, &pat);
        let mut body = vec![0xe1, 0x01, 0xf0, 0, video_type, 0xe1, 0x01, 0xf0, 0];
        if let Some(audio_type) = audio_type {
            body.extend([audio_type, 0xe1, 0x02, 0xf0, 6, 0x0a, 4, b'c', b'h', b'i', 0]);
        }
        let pmt = section(0x02, service, &body);
        self.section(PMT_PID, &pmt);
    }

    fn section(&mut self, pid: u16, section: &[u8]) {
        let mut payload = vec![0];
        payload.extend_from_slice(section);
        payload.resize(184, 0xff);
        self.packet(pid, true, &payload);
    }

    /// A PES packet; without `declared` its length is not said, as pictures are sent.
    pub fn pes(&mut self, pid: u16, pts_33: Option<u64>, dts_33: Option<u64>, declared: bool, data: &[u8]) {
        let mut pes = vec![0, 0, 1, if pid == VIDEO_PID { 0xe0 } else { 0xc0 }, 0, 0, 0x80];
        let mut times = Vec::new();
        let flags = match (pts_33, dts_33) {
            (Some(pts), Some(dts)) => {
                times.extend(timestamp(3, pts));
                times.extend(timestamp(1, dts));
                0xc0
            }
            (Some(pts), None) => {
                times.extend(timestamp(2, pts));
                0x80
            }
            _ => 0,
        };
        pes.extend([flags, times.len() as u8]);
        pes.extend(times);
        pes.extend_from_slice(data);
        if declared {
            let length = (pes.len() - 6) as u16;
            pes[4..6].copy_from_slice(&length.to_be_bytes());
        }
        let mut rest = &pes[..];
        let mut first = true;
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rest.len().min(184));
            self.packet(pid, std::mem::take(&mut first), now);
            rest = later;
        }
    }

    fn packet(&mut self, pid: u16, start: bool, payload: &[u8]) {
        let counter = self.counters.entry(pid).or_default();
        let mut packet = [0xff; PACKET_LEN];
        packet[0] = 0x47;
        packet[1] = if start { 0x40 } else { 0 } | (pid >> 8) as u8;
        packet[2] = pid as u8;
        packet[3] = 0x10 | *counter;
        *counter = (*counter + 1) & 0x0f;
        let stuffing = 184 - payload.len();
        if stuffing > 0 {
            packet[3] |= 0x20;
            packet[4] = (stuffing - 1) as u8;
            if stuffing > 1 {
                packet[5] = 0;
            }
        }
        packet[4 + stuffing..].copy_from_slice(payload);
        self.packets.push(packet);
    }
}

fn section(table: u8, id: [u8; 2], body: &[u8]) -> Vec<u8> {
    let length = (body.len() + 9) as u16;
    let mut out = vec![table, 0xb0 | (length >> 8) as u8, length as u8, id[0], id[1], 0xc1, 0, 0];
    out.extend_from_slice(body);
    let crc = crc32_mpeg(&out);
    out.extend(crc.to_be_bytes());
    out
}

fn timestamp(mark: u8, t: u64) -> [u8; 5] {
    [mark << 4 | (t >> 29) as u8 & 0x0e | 1, (t >> 22) as u8, (t >> 14) as u8 | 1, (t >> 7) as u8, (t << 1) as u8 | 1]
}

/// Decode order to display order within a group: I, then P B B (closed).
pub fn shown(n: usize) -> usize {
    let (group, at) = (n / GROUP * GROUP, n % GROUP);
    group + if at == 0 { 0 } else { [at + 2, at - 1, at - 1][(at - 1) % 3] }.min(GROUP - 1)
}

/// What distinguishes the slice of picture `n`, of a size of its own.
pub fn slice(n: usize, key: bool) -> Vec<u8> {
    let mut unit = vec![if key { 0x65 } else { 0x41 }, 0x88, 0xab];
    unit.extend((0..200 + n * 37 % 900).map(|i| (i * 7 + n) as u8 | 1));
    unit
}

/// Picture `n` with start codes, as an encoder sends it.
pub fn picture(n: usize) -> Vec<u8> {
    let key = n.is_multiple_of(GROUP);
    let mut data = vec![0, 0, 0, 1, 9, 0xf0];
    if key {
        for unit in [&SPS[..], &PPS] {
            data.extend([0, 0, 0, 1]);
            data.extend_from_slice(unit);
        }
    }
    data.extend([0, 0, 1]);
    data.extend(slice(n, key));
    data
}

pub fn adts(n: usize) -> Vec<u8> {
    let raw = raw_frame(n);
    let length = raw.len() + 7;
    let mut frame = vec![0xff, 0xf1, 0x4c, 0x80 | (length >> 11) as u8, (length >> 3) as u8, (length << 5) as u8 | 0x1f, 0xfc];
    frame.extend(raw);
    frame
}

pub fn raw_frame(n: usize) -> Vec<u8> {
    (0..150 + n * 13 % 100).map(|i| (i * 3 + n) as u8 & 0x7f).collect()
}

/// How the service is sent.
#[derive(Clone, Copy)]
pub struct Programme {
    pub pictures: usize,
    /// Media time of the first picture shown, and the PTS that it carries.
    pub anchor: Anchor,
    pub audio: bool,
    /// AAC frames whose bytes are cut into PES packets without regard for where frames begin.
    pub straddling: bool,
}

impl Default for Programme {
    fn default() -> Self {
        Self { pictures: 10 * GROUP, anchor: Anchor { pts_33: 900_000, media_90k: BASE_90K }, audio: true, straddling: false }
    }
}

/// How many frames of sound lie under the pictures.
pub fn frames(programme: &Programme) -> usize {
    if programme.audio { programme.pictures * PICTURE_90K as usize / 1920 } else { 0 }
}

pub fn packets(programme: &Programme) -> Vec<Bytes> {
    let mut mux = Mux::default();
    let wrap = |t: i64| (programme.anchor.pts_33 as i64 + t).rem_euclid(1 << 33) as u64;
    let (mut sent, mut carry) = (0, Vec::new());
    for n in 0..programme.pictures {
        if n.is_multiple_of(15) {
            mux.tables(0x1b, programme.audio.then_some(0x0f));
        }
        let dts = n as i64 * PICTURE_90K - DELAY_90K;
        let pts = shown(n) as i64 * PICTURE_90K;
        mux.pes(VIDEO_PID, Some(wrap(pts)), Some(wrap(dts)), false, &picture(n));
        // Sound is sent a little later than the pictures it belongs to, four frames at a time.
        while sent + 4 <= frames(programme) && (sent as i64) * 1920 <= dts - 9000 || n + 1 == programme.pictures && sent < frames(programme) {
            let pts = wrap(sent as i64 * 1920);
            let count = 4.min(frames(programme) - sent);
            let mut data = std::mem::take(&mut carry);
            // The time is that of the first frame that begins in the packet.
            data.extend((sent..sent + count).flat_map(adts));
            sent += count;
            if programme.straddling && sent < frames(programme) {
                carry = data.split_off(data.len() - 60);
            }
            mux.pes(AUDIO_PID, Some(pts), None, true, &data);
        }
    }
    mux.packets
}
