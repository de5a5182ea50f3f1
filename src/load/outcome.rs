//! What one client saw.

use std::time::Duration;

use super::error::JoinError;
use super::statistics::Durations;

#[derive(Debug, Default)]
pub struct Outcome {
    /// From the click: signalling has joined; media is connected; the first picture is shown (without pictures, the first sound).
    pub signalled: Option<Duration>,
    pub connected: Option<Duration>,
    pub first: Option<Duration>,
    pub error: Option<JoinError>,
    pub sent: Sent,
    pub seen: Seen,
    pub heard: Heard,
    /// By how much this machine's timers of pictures were late.
    pub lateness: Durations,
    pub bytes_in: u64,
    pub bytes_out: u64,
}

#[derive(Debug, Default, Clone, Copy)]
pub struct Sent {
    pub pictures: u64,
    pub keys: u64,
    pub video_bytes: u64,
    pub video_packets: u64,
    pub audio_bytes: u64,
    pub audio_packets: u64,
    pub nacks: u64,
    pub plis: u64,
    /// Datagrams that this machine could not send.
    pub unsent: u64,
}

#[derive(Debug, Default)]
pub struct Seen {
    pub tracks: u64,
    /// Tracks of which no picture was ever shown.
    pub dark: u64,
    /// Of all tracks together.
    pub watched: Duration,
    pub bytes: u64,
    pub packets: u64,
    pub lost: u64,
    pub pictures: u64,
    pub keys: u64,
    pub of_layers: [u64; 3],
    pub freezes: u64,
    pub frozen: Duration,
    pub nacks: u64,
    pub plis: u64,
    pub delay: Durations,
    pub key_wait: Durations,
}

#[derive(Debug, Default)]
pub struct Heard {
    pub tracks: u64,
    pub bytes: u64,
    pub packets: u64,
    pub lost: u64,
    pub delay: Durations,
}

impl Sent {
    pub fn add(&mut self, other: &Self) {
        self.pictures += other.pictures;
        self.keys += other.keys;
        self.video_bytes += other.video_bytes;
        self.video_packets += other.video_packets;
        self.audio_bytes += other.audio_bytes;
        self.audio_packets += other.audio_packets;
        self.nacks += other.nacks;
        self.plis += other.plis;
        self.unsent += other.unsent;
    }
}

impl Seen {
    pub fn add(&mut self, other: &Self) {
        self.tracks += other.tracks;
        self.dark += other.dark;
        self.watched += other.watched;
        self.bytes += other.bytes;
        self.packets += other.packets;
        self.lost += other.lost;
        self.pictures += other.pictures;
        self.keys += other.keys;
        self.of_layers.iter_mut().zip(other.of_layers).for_each(|(pictures, more)| *pictures += more);
        self.freezes += other.freezes;
        self.frozen += other.frozen;
        self.nacks += other.nacks;
        self.plis += other.plis;
        self.delay.merge(&other.delay);
        self.key_wait.merge(&other.key_wait);
    }
}

impl Heard {
    pub fn add(&mut self, other: &Self) {
        self.tracks += other.tracks;
        self.bytes += other.bytes;
        self.packets += other.packets;
        self.lost += other.lost;
        self.delay.merge(&other.delay);
    }
}
