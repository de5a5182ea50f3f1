//! What publishers send: VP8 that nobody decodes, in packets that carry their number and the time they were sent.

use std::collections::VecDeque;
use std::ops::Range;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Descriptor (RFC 7741 section 4.2): X, I with 15 bits, L, T.
const DESCRIPTOR_BYTES: usize = 6;
/// The stamp stands behind the longest head that a picture has (RFC 6386 section 9.1).
const STAMP: Range<usize> = 16..40;
const MAGIC: [u8; 8] = *b"yz bench";
/// libwebrtc makes a key picture on request at most so often.
const BETWEEN_KEYS: Duration = Duration::from_millis(300);
const VIDEO_HZ: u128 = 90_000;

/// How pictures are cut and when their packets leave.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// Every picture has as many packets of the same length, sent at once.
    Even { packets: usize, pictures_per_second: u32 },
    /// As Chromium sends: pictures of unlike sizes, cut into packets of nearly one size, two and a half times as fast as the encoder's rate, every 5 ms.
    Encoder { bitrate_bps: u32, pictures_per_second: u32 },
}

/// With RTP's header and extensions (20 bytes or more) and the tag of SRTP (16) about 1,200 bytes of UDP payload.
const EVEN_BYTES: usize = 1_160;
/// What libwebrtc leaves for a payload.
const PAYLOAD_BYTES: usize = 1_180;
const PACER: Duration = Duration::from_millis(5);
const PACING: f64 = 2.5;

pub struct Camera {
    shape: Shape,
    begun: Instant,
    next_picture: Instant,
    wants_key: bool,
    key_at: Option<Instant>,
    picture: u16,
    turn: u32,
    random: u64,
    waiting: VecDeque<Packet>,
}

/// To be stamped when it leaves.
pub struct Packet {
    pub at: Instant,
    pub time: u32,
    pub marker: bool,
    pub payload: Vec<u8>,
}

impl Camera {
    /// `phase`, from 0 to 1: cameras are not in step.
    pub fn new(shape: Shape, phase: f64) -> Self {
        let begun = Instant::now();
        let mut camera = Self {
            shape,
            begun,
            next_picture: begun,
            wants_key: true,
            key_at: None,
            picture: 0,
            turn: 0,
            random: (phase * 1e9) as u64 | 1,
            waiting: VecDeque::new(),
        };
        camera.next_picture += camera.interval().mul_f64(phase);
        camera
    }

    pub fn want_key(&mut self) {
        self.wants_key = true;
    }

    pub fn due(&self) -> Instant {
        self.waiting.front().map_or(self.next_picture, |packet| packet.at.min(self.next_picture))
    }

    /// The next packet that is due. Before it is on in earnest, a camera gives every tenth picture.
    pub fn take(&mut self, now: Instant, is_on: bool) -> Option<Packet> {
        while self.next_picture <= now {
            self.turn = self.turn.wrapping_add(1);
            // A machine that is so late does not send what it missed in a burst.
            if now.saturating_duration_since(self.next_picture) < 3 * self.interval() && (is_on || self.turn.is_multiple_of(10)) {
                self.make(self.next_picture);
            }
            self.next_picture += self.interval();
        }
        if self.waiting.front()?.at <= now { self.waiting.pop_front() } else { None }
    }

    fn interval(&self) -> Duration {
        let (Shape::Even { pictures_per_second, .. } | Shape::Encoder { pictures_per_second, .. }) = self.shape;
        Duration::from_secs(1) / pictures_per_second
    }

    fn make(&mut self, at: Instant) {
        let is_key = self.wants_key && self.key_at.is_none_or(|key| at.saturating_duration_since(key) >= BETWEEN_KEYS);
        if is_key {
            (self.wants_key, self.key_at) = (false, Some(at));
        }
        self.picture = self.picture.wrapping_add(1) & 0x7fff;
        let time = ((at - self.begun).as_micros() * VIDEO_HZ / 1_000_000) as u32;
        let lengths = self.lengths(is_key);
        let count = lengths.len();
        let bitrate_bps = match self.shape {
            Shape::Even { .. } => None,
            Shape::Encoder { bitrate_bps, .. } => Some(f64::from(bitrate_bps) * PACING),
        };
        // Behind what of the last picture still waits.
        let first = self.waiting.back().map_or(at, |packet| packet.at.max(at));
        let mut bytes = 0;
        for (n, len) in lengths.into_iter().enumerate() {
            let wait = bitrate_bps.map_or(Duration::ZERO, |bps| Duration::from_secs_f64(bytes as f64 * 8.0 / bps));
            let turns = (wait.as_micros() / PACER.as_micros()) as u32;
            bytes += len;
            self.waiting.push_back(Packet { at: first + turns * PACER, time, marker: n + 1 == count, payload: self.payload(is_key, n == 0, len) });
        }
    }

    fn lengths(&mut self, is_key: bool) -> Vec<usize> {
        let (bitrate_bps, pictures_per_second) = match self.shape {
            Shape::Even { packets, .. } => return vec![EVEN_BYTES; packets],
            Shape::Encoder { bitrate_bps, pictures_per_second } => (bitrate_bps, pictures_per_second),
        };
        // Between half and one and a half of the mean; a key picture has as much as eight.
        let mean = f64::from(bitrate_bps) / 8.0 / f64::from(pictures_per_second);
        let bytes = (mean * if is_key { 8.0 } else { 0.5 + self.random() }) as usize;
        let count = bytes.div_ceil(PAYLOAD_BYTES);
        (0..count).map(|n| bytes / count + usize::from(n < bytes % count)).collect()
    }

    /// From 0 to 1 (xorshift).
    fn random(&mut self) -> f64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        (self.random >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn payload(&self, is_key: bool, begins: bool, len: usize) -> Vec<u8> {
        let [high, low] = self.picture.to_be_bytes();
        let mut payload = vec![0x80 | u8::from(begins) << 4, 0xe0, 0x80 | high, low, self.picture as u8, 0];
        if begins {
            // The frame's tag: key or not, shown; then, of a key picture, its start code and 640x360.
            payload.extend([u8::from(!is_key) | 1 << 4, 1, 0]);
            if is_key {
                payload.extend([0x9d, 0x01, 0x2a, 128, 2, 104, 1]);
            }
        }
        debug_assert!(payload.len() <= DESCRIPTOR_BYTES + 10);
        payload.resize(len.max(STAMP.end), 0xa5);
        payload
    }
}

/// Numbers the packet, and says that it leaves now.
pub fn stamp(payload: &mut [u8], number: u64) {
    if let Some(place) = payload.get_mut(STAMP) {
        place[..8].copy_from_slice(&MAGIC);
        place[8..16].copy_from_slice(&number.to_be_bytes());
        place[16..].copy_from_slice(&now_ns().to_be_bytes());
    }
}

/// Number and time of a packet of ours.
pub fn read_stamp(payload: &[u8]) -> Option<(u64, u64)> {
    let place = payload.get(STAMP)?.strip_prefix(&MAGIC)?;
    let (number, at_ns) = place.split_at(8);
    Some((u64::from_be_bytes(number.try_into().ok()?), u64::from_be_bytes(at_ns.try_into().ok()?)))
}

/// The clock by which the kernel stamps what it receives.
pub fn now_ns() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos() as u64)
}
