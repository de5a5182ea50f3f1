//! A channel's guide out of the store: what its stream announced, and the timetable where it announced nothing.

use crate::base::{ChannelId, UtcMs, Zone};
use crate::epg::{self, Programme};
use crate::store::{Store, StoreError};

/// Programmes that touch [from, to), by start.
pub async fn between(store: &Store, zone: &Zone, channel: &ChannelId, from: UtcMs, to: UtcMs) -> Result<Vec<Programme>, StoreError> {
    let announced = store.programmes(channel, from, to).await?;
    let timetable = epg::programmes_of(channel, &store.slots(channel).await?, from, to, zone);
    Ok(epg::merge(&announced, &timetable))
}

/// How far ahead the next programme is looked for.
const AHEAD_MS: i64 = 24 * 3_600_000;

/// What is on at that instant, and what comes after it.
pub async fn now_and_next(store: &Store, zone: &Zone, channel: &ChannelId, at: UtcMs) -> Result<(Option<Programme>, Option<Programme>), StoreError> {
    let programmes = between(store, zone, channel, at, at + AHEAD_MS).await?;
    let (now, next) = epg::now_and_next(&programmes, at);
    Ok((now.cloned(), next.cloned()))
}
