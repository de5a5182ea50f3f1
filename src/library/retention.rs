//! What rules keep no longer goes.

use super::LibraryError;
use super::keeper::Keeper;
use crate::epg::{Kept, TakeState, expired};
use crate::store::AssetQuery;

/// Done jobs are shown for so long.
const JOBS_MS: i64 = 7 * 86_400_000;
/// Takes and announced programmes are remembered at least so long, whatever the tapes hold.
const REMEMBER_MS: i64 = 14 * 86_400_000;

/// Removes assets that their rules keep no longer, and forgets what nobody needs to know any more.
pub async fn forget(keeper: &mut Keeper) -> Result<(), LibraryError> {
    let (store, now) = (keeper.library.store.clone(), keeper.library.clock.now());
    for rule in store.rules().await?.into_iter().filter(|r| r.keep_last.is_some() || r.keep_days.is_some()) {
        let all = AssetQuery { rule: Some(rule.id.clone()), limit: 1000, ..AssetQuery::default() };
        let kept: Vec<Kept> = store.assets(&all).await?.into_iter().map(|a| Kept { id: a.id, start: a.start, ready: a.playable }).collect();
        for id in expired(&rule, &kept, now, &keeper.library.zone) {
            tracing::info!(asset = %id, rule = %rule.id, "kept long enough");
            if let Some(mut take) = store.take(&id).await? {
                take.state = TakeState::Refused;
                store.update_take(&take).await?;
            }
            keeper.remove(&id).await?;
        }
    }
    let mut oldest = now - REMEMBER_MS;
    for channel in keeper.library.channels.list().await? {
        oldest = oldest.min(keeper.library.channels.tape(&channel.id).and_then(|tape| tape.from()).unwrap_or(now));
    }
    store.forget_takes(oldest).await?;
    store.forget_programmes(oldest).await?;
    store.forget_jobs(now - JOBS_MS).await?;
    Ok(())
}
