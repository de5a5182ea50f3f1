//! What came by the media connection: which section a packet is of, and what it showed.

use std::sync::atomic::Ordering::Relaxed;
use std::time::Instant;

use str0m::Event;
use str0m::media::{MediaKind, Mid};
use str0m::rtp::RtpPacket;

use super::Client;
use crate::load::screen::{Screen, Speaker};

impl Client {
    pub(super) fn saw(&mut self, now: Instant, event: &Event) {
        let run = self.plan.time.run;
        match event {
            Event::MediaAdded(added) if added.kind == MediaKind::Video => drop(self.screens.insert(added.mid, Screen::new(run, now))),
            Event::MediaAdded(added) => drop(self.speakers.insert(added.mid, Speaker::new(run))),
            Event::MediaChanged(changed) if !changed.direction.is_receiving() => self.forget(changed.mid, now),
            Event::MediaChanged(changed) => {
                // A section that is used anew.
                let kind = self.subscriber.as_ref().and_then(|line| line.rtc.media(changed.mid)).map(|media| media.kind());
                match kind {
                    Some(MediaKind::Video) => drop(self.screens.entry(changed.mid).or_insert_with(|| Screen::new(run, now))),
                    Some(MediaKind::Audio) => drop(self.speakers.entry(changed.mid).or_insert_with(|| Speaker::new(run))),
                    None => {}
                }
            }
            Event::RtpPacket(packet) => self.received(packet),
            Event::MediaIngressStats(stats) => drop(self.told.insert(stats.mid, (stats.nacks, stats.plis + stats.firs))),
            Event::Connected if self.publisher.is_none() => {
                self.outcome.connected.get_or_insert(now.saturating_duration_since(self.clicked));
            }
            _ => {}
        }
    }

    fn received(&mut self, packet: &RtpPacket) {
        let Some(mid) = self.section(packet) else { return };
        // When the socket gave it, not when it is looked at.
        let (at, at_ns) = (packet.timestamp, self.plan.time.ns(packet.timestamp));
        if let Some(screen) = self.screens.get_mut(&mid) {
            screen.take(at, at_ns, *packet.seq_no, &packet.payload);
            if self.outcome.first.is_none() && screen.shows_something() {
                self.first(at);
            }
        } else if let Some(speaker) = self.speakers.get_mut(&mid) {
            speaker.take(at, at_ns, *packet.seq_no, &packet.payload);
            if self.outcome.first.is_none() && !self.shared.has_video {
                self.first(at);
            }
        }
    }

    fn section(&mut self, packet: &RtpPacket) -> Option<Mid> {
        let ssrc = packet.header.ssrc;
        if let Some(mid) = self.sources.get(&ssrc) {
            return Some(*mid);
        }
        let mid = self.subscriber.as_mut()?.rtc.direct_api().stream_rx(&ssrc)?.mid();
        // Another stream in the same section is another track.
        if self.sources.values().any(|known| *known == mid) {
            let is_video = self.screens.contains_key(&mid);
            self.forget(mid, packet.timestamp);
            match is_video {
                true => drop(self.screens.insert(mid, Screen::new(self.plan.time.run, packet.timestamp))),
                false => drop(self.speakers.insert(mid, Speaker::new(self.plan.time.run))),
            }
        }
        self.sources.insert(ssrc, mid);
        Some(mid)
    }

    fn first(&mut self, at: Instant) {
        self.outcome.first = Some(at.saturating_duration_since(self.clicked));
        self.shared.receiving.fetch_add(1, Relaxed);
    }

    /// The track has ended.
    pub(super) fn forget(&mut self, mid: Mid, now: Instant) {
        self.sources.retain(|_, known| *known != mid);
        let (nacks, plis) = self.told.remove(&mid).unwrap_or_default();
        if let Some(screen) = self.screens.remove(&mid) {
            let mut seen = screen.end(now);
            (seen.nacks, seen.plis) = (nacks, plis);
            self.outcome.seen.add(&seen);
        }
        if let Some(speaker) = self.speakers.remove(&mid) {
            self.outcome.heard.add(&speaker.end());
        }
    }
}
