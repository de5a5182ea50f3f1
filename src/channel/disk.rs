//! The reserve: space on the disk that media never uses. When it is touched the oldest tape goes first, over all channels.

use std::time::Duration;

use super::{Channels, TapeReader};
use crate::base::UtcMs;
use crate::store::Space;

const LOOK: Duration = Duration::from_secs(5);

/// Looks every few seconds for as long as anybody holds the channels.
pub fn keep_reserve(channels: Channels) {
    let (recordings, reserve_bytes) = (channels.0.options.recordings.clone(), channels.0.options.reserve_bytes);
    let channels = std::sync::Arc::downgrade(&channels.0);
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(LOOK).await;
            let Some(inner) = channels.upgrade() else { return };
            let tapes: Vec<_> = Channels(inner).running().values().map(|handle| (handle.tape(), handle.claims())).collect();
            let recordings = recordings.clone();
            // A look that fails is followed by the next.
            let _ = tokio::task::spawn_blocking(move || match Space::of(&recordings) {
                Ok(space) => make_room(&tapes, reserve_bytes.saturating_sub(space.free)),
                Err(error) => tracing::error!(folder = %recordings.display(), %error, "free space cannot be told"),
            })
            .await;
        }
    });
}

/// Frees so many bytes, each time from the tape whose oldest segment is oldest.
fn make_room(tapes: &[(TapeReader, Vec<(UtcMs, UtcMs)>)], mut bytes: u64) {
    while bytes > 0 {
        let mut by_age: Vec<_> = tapes.iter().filter_map(|(tape, claims)| Some((tape.from()?, tape, claims))).collect();
        by_age.sort_by_key(|(from, ..)| *from);
        // A tape of which nothing may go gives way to the next oldest.
        let Some(freed) = by_age.iter().map(|(_, tape, claims)| tape.free(1, claims).bytes).find(|freed| *freed > 0) else {
            tracing::error!(bytes, "the disk's reserve is touched and no tape may be shortened");
            return;
        };
        tracing::warn!(freed, "the disk is nearly full: the oldest of the tapes was removed");
        metrics::counter!("yizhan_tape_forced_out_bytes_total").increment(freed);
        bytes = bytes.saturating_sub(freed);
    }
}
