//! Looks at the lines of a meeting that is held, every few seconds until it is over, and hears what venues tell of their screens.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};

use super::lines::Lines;
use crate::base::{Clock, MeetingId, UtcMs, VenueId};
use crate::conduct::Conduct;
use crate::room::Rooms;
use crate::store::Store;
use crate::store::after::LineMinute;

const EVERY: Duration = Duration::from_secs(5);
/// Minutes of lines are kept for two years: longer than anybody asks whom to phone.
const KEPT_MS: i64 = 2 * 366 * 24 * 3_600_000;

/// A venue's picture stood still for so long, as its screen saw it.
#[derive(Debug)]
pub struct Freeze {
    pub venue: VenueId,
    pub still: Duration,
}

/// Ends when the meeting's actor does.
pub async fn observe(
    id: MeetingId,
    rooms: Rooms,
    store: Store,
    clock: Arc<dyn Clock>,
    mut conduct: watch::Receiver<Arc<Conduct>>,
    mut freezes: mpsc::Receiver<Freeze>,
) {
    let mut lines = Lines::default();
    let mut every = tokio::time::interval(EVERY);
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    if let Err(error) = store.forget_lines(UtcMs(clock.now().0 - KEPT_MS)).await {
        tracing::warn!(meeting = %id, %error, "old figures of lines cannot be forgotten");
    }
    loop {
        tokio::select! {
            changed = conduct.changed() => if changed.is_err() { break },
            Some(Freeze { venue, still }) = freezes.recv() => lines.freeze(clock.now(), &venue, still),
            _ = every.tick() => {
                let mut ended = Vec::new();
                for sample in rooms.lines(id.as_str()).await {
                    if let Ok(venue) = sample.identity.parse() {
                        ended.extend(lines.take(clock.now(), &venue, &sample));
                    }
                }
                ended.extend(lines.end(clock.now(), false));
                keep(&id, &store, &ended).await;
            }
        }
    }
    while let Ok(Freeze { venue, still }) = freezes.try_recv() {
        lines.freeze(clock.now(), &venue, still);
    }
    keep(&id, &store, &lines.end(clock.now(), true)).await;
}

/// The meeting goes on when the disk is full; the log says so.
async fn keep(id: &MeetingId, store: &Store, minutes: &[LineMinute]) {
    if minutes.is_empty() {
        return;
    }
    if let Err(error) = store.keep_lines(id, minutes).await {
        tracing::error!(meeting = %id, %error, "how the lines of the meeting were cannot be kept");
    }
}
