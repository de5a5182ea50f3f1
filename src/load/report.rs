use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use super::options::{Options, Picture, Shape, VideoCodec};
use super::outcome::{Heard, Outcome, Seen, Sent as Counts};
use super::statistics::Durations;

/// Timers that are later make figures that are this machine's, not the server's.
const BUSY: Duration = Duration::from_millis(20);

/// What all clients together saw. Durations in ms, rates in bit/s.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    pub url: String,
    pub shape: Shape,
    pub rooms: u32,
    pub clients: u64,
    pub publishers: u64,
    pub subscribers: u64,
    pub video: Option<VideoCodec>,
    pub is_simulcast: bool,
    pub wanted: Picture,
    pub seconds: f64,
    /// Whose media was connected; who failed, then or later, and why.
    pub joined: u64,
    pub failed: u64,
    pub errors: BTreeMap<String, u64>,
    pub join: Join,
    pub sent: Sent,
    pub video_received: Received,
    pub audio_received: Received,
    /// UDP payloads of all clients while all were there.
    pub in_bps: u64,
    pub out_bps: u64,
    /// How late this machine's own timers were.
    pub lateness_ms: Spread,
    /// The machine was too busy for its clients: what was measured is partly its own doing.
    pub is_busy: bool,
}

/// From the click.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Join {
    pub signalled_ms: Spread,
    pub connected_ms: Spread,
    /// Of those who take: the first picture (of sound only, the first sound).
    pub first_picture_ms: Spread,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sent {
    pub pictures: u64,
    pub key_pictures: u64,
    pub video_packets: u64,
    pub video_bytes: u64,
    pub audio_packets: u64,
    pub audio_bytes: u64,
    pub nacks_received: u64,
    pub plis_received: u64,
    /// Datagrams that this machine could not send.
    pub unsent: u64,
}

/// Of all subscribed tracks of a kind.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Received {
    pub tracks: u64,
    /// Tracks of which no picture was ever shown.
    pub dark: u64,
    pub bytes: u64,
    pub packets: u64,
    /// Packets that did not come, sent again or not.
    pub lost: u64,
    pub lost_percent: f64,
    pub nacks_sent: u64,
    pub plis_sent: u64,
    pub pictures: u64,
    pub key_pictures: u64,
    /// Of the layers, the lowest first.
    pub pictures_of_layers: [u64; 3],
    /// Of a track.
    pub pictures_per_second: f64,
    pub track_bps: u64,
    /// Gaps of more than 500 ms between pictures.
    pub freezes: u64,
    pub frozen_ms: u64,
    /// From the publisher's hand to the picture that is whole and can be decoded.
    pub delay_ms: Spread,
    /// How long key pictures were waited for, at first and after losses.
    pub key_wait_ms: Spread,
}

#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Spread {
    pub count: u64,
    pub p50: f64,
    pub p95: f64,
    pub p99: f64,
    pub max: f64,
}

impl Spread {
    pub fn of(durations: &Durations) -> Self {
        let ms = |duration: Option<Duration>| duration.map_or(0.0, |duration| (duration.as_secs_f64() * 100_000.0).round() / 100.0);
        Self {
            count: durations.count(),
            p50: ms(durations.quantile(0.5)),
            p95: ms(durations.quantile(0.95)),
            p99: ms(durations.quantile(0.99)),
            max: ms(durations.max()),
        }
    }
}

impl Report {
    pub(super) fn of(options: &Options, clients: u64, outcomes: &[Outcome], elapsed: Duration, (in_bps, out_bps): (u64, u64)) -> Self {
        let (mut counts, mut seen, mut heard, mut lateness) = (Counts::default(), Seen::default(), Heard::default(), Durations::default());
        let mut errors = BTreeMap::new();
        for outcome in outcomes {
            counts.add(&outcome.sent);
            seen.add(&outcome.seen);
            heard.add(&outcome.heard);
            lateness.merge(&outcome.lateness);
            if let Some(error) = &outcome.error {
                *errors.entry(error.to_string()).or_default() += 1;
            }
        }
        let missing = clients.saturating_sub(outcomes.len() as u64);
        if missing > 0 {
            errors.insert("没有结束 · did not end".to_owned(), missing);
        }
        let spread = |of: fn(&Outcome) -> Option<Duration>| {
            let mut durations = Durations::default();
            outcomes.iter().filter_map(of).for_each(|duration| durations.record(duration));
            Spread::of(&durations)
        };
        let (publishers, subscribers) = options.seats();
        Self {
            url: options.url.clone(),
            shape: options.shape,
            rooms: options.rooms,
            clients,
            publishers: u64::from(publishers * options.rooms),
            subscribers: u64::from(subscribers * options.rooms),
            video: options.video,
            is_simulcast: options.is_simulcast,
            wanted: options.wanted,
            seconds: elapsed.as_secs_f64(),
            joined: outcomes.iter().filter(|outcome| outcome.connected.is_some()).count() as u64,
            failed: errors.values().sum(),
            errors,
            join: Join {
                signalled_ms: spread(|outcome| outcome.signalled),
                connected_ms: spread(|outcome| outcome.connected),
                first_picture_ms: spread(|outcome| outcome.first),
            },
            sent: Sent::of(&counts),
            video_received: Received::pictures(&seen),
            audio_received: Received::sound(&heard),
            in_bps,
            out_bps,
            lateness_ms: Spread::of(&lateness),
            is_busy: lateness.quantile(0.99).is_some_and(|late| late > BUSY),
        }
    }

    /// Whether anybody could join.
    pub fn is_success(&self) -> bool {
        self.joined > 0
    }
}

impl Sent {
    fn of(counts: &Counts) -> Self {
        Self {
            pictures: counts.pictures,
            key_pictures: counts.keys,
            video_packets: counts.video_packets,
            video_bytes: counts.video_bytes,
            audio_packets: counts.audio_packets,
            audio_bytes: counts.audio_bytes,
            nacks_received: counts.nacks,
            plis_received: counts.plis,
            unsent: counts.unsent,
        }
    }
}

impl Received {
    fn pictures(seen: &Seen) -> Self {
        let seconds = seen.watched.as_secs_f64().max(1e-3);
        Self {
            tracks: seen.tracks,
            dark: seen.dark,
            bytes: seen.bytes,
            packets: seen.packets,
            lost: seen.lost,
            lost_percent: percent(seen.lost, seen.packets + seen.lost),
            nacks_sent: seen.nacks,
            plis_sent: seen.plis,
            pictures: seen.pictures,
            key_pictures: seen.keys,
            pictures_of_layers: seen.of_layers,
            pictures_per_second: (seen.pictures as f64 / seconds * 100.0).round() / 100.0,
            track_bps: (seen.bytes as f64 * 8.0 / seconds) as u64,
            freezes: seen.freezes,
            frozen_ms: u64::try_from(seen.frozen.as_millis()).unwrap_or(u64::MAX),
            delay_ms: Spread::of(&seen.delay),
            key_wait_ms: Spread::of(&seen.key_wait),
        }
    }

    fn sound(heard: &Heard) -> Self {
        Self {
            tracks: heard.tracks,
            bytes: heard.bytes,
            packets: heard.packets,
            lost: heard.lost,
            lost_percent: percent(heard.lost, heard.packets + heard.lost),
            delay_ms: Spread::of(&heard.delay),
            ..Self::pictures(&Seen::default())
        }
    }
}

fn percent(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { (part as f64 * 1_000_000.0 / whole as f64).round() / 10_000.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::error::JoinError;
    use crate::load::signer::Signer;

    #[test]
    fn clients_add_up() {
        let options = Options::new("ws://x", Signer::foreign("k", "s"));
        let joined = |ms| Outcome {
            connected: Some(Duration::from_millis(ms)),
            seen: Seen { tracks: 1, packets: 99, lost: 1, ..Seen::default() },
            ..Outcome::default()
        };
        let gone = Outcome { error: Some(JoinError::SentAway("ROOM_DELETED".to_owned())), ..Outcome::default() };
        let report = Report::of(&options, 4, &[joined(10), joined(30), gone], Duration::from_secs(1), (8, 9));
        assert_eq!((report.clients, report.joined, report.failed), (4, 2, 2));
        assert_eq!((report.join.connected_ms.count, report.join.connected_ms.max), (2, 30.0));
        assert_eq!((report.video_received.packets, report.video_received.lost_percent), (198, 1.0));
        assert_eq!(report.errors.len(), 2);
        assert!(report.is_success() && !report.is_busy);
        let text = report.to_string();
        assert!(text.contains("ROOM_DELETED") && text.contains("丢包"), "{text}");
        assert_eq!(serde_json::to_value(&report).unwrap()["join"]["connected_ms"]["max"], 30.0);
    }
}
