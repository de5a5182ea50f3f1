//! Carries out what `epg::plan` decides: programmes that rules want become assets that follow the guide.

use std::collections::BTreeSet;

use super::LibraryError;
use super::keeper::Keeper;
use crate::base::{AssetId, UtcMs};
use crate::channel::ChannelSettings;
use crate::epg::{self, Action, Claim, Programme, Situation, TakeState, Tape};
use crate::store::{AssetRow, AssetState, StoreError};

/// Programmes are claimed so long before they begin: late enough that a list of assets is not one of intentions.
const CLAIM_AHEAD_MS: i64 = 60_000;
/// The guide is looked at so far ahead.
const AHEAD_MS: i64 = 26 * 3_600_000;

impl Keeper {
    /// Looks at rules, guides and tapes and does what follows.
    pub(super) async fn plan(&mut self) -> Result<(), LibraryError> {
        let library = self.library.clone();
        let (rules, now) = (library.store.rules().await?, library.clock.now());
        let takes = library.store.takes().await?;
        if rules.is_empty() && !takes.iter().any(|t| t.state == TakeState::Open) {
            return Ok(());
        }
        let channels = library.channels.list().await?;
        let (mut guide, mut tapes) = (Vec::new(), Vec::new());
        for channel in &channels {
            let tape = self.tape_of(channel, now);
            let from = tape.extents.first().map_or(now, |(from, _)| *from).min(now);
            guide.extend(library.channels.guide(&channel.id, from, now + AHEAD_MS).await?);
            tapes.push(tape);
        }
        let situation = Situation { now, zone: &library.zone, rules: &rules, guide: &guide, takes: &takes, tapes: &tapes, claim_ahead_ms: CLAIM_AHEAD_MS };
        for action in epg::plan(&situation) {
            tracing::debug!(?action, "plan");
            self.carry_out(action, &channels).await?;
        }
        Ok(())
    }

    /// Says of each rule once that it matches nothing, and counts those.
    pub(super) async fn warn_of_rules(&mut self) -> Result<(), LibraryError> {
        let mut idle = BTreeSet::new();
        for rule in self.library.store.rules().await? {
            if let Some(warning) = self.library.preview(&rule).await?.warning {
                if !self.idle_rules.contains(&rule.id) {
                    tracing::warn!(rule = %rule.id, title = rule.title, warning, "a rule takes nothing");
                }
                idle.insert(rule.id);
            }
        }
        metrics::gauge!("yizhan_rules_taking_nothing").set(idle.len() as f64);
        self.idle_rules = idle;
        Ok(())
    }

    fn tape_of(&self, channel: &ChannelSettings, now: UtcMs) -> Tape {
        let tape = self.library.channels.tape(&channel.id);
        let growing = channel.enabled && tape.as_ref().is_some_and(|t| t.live_edge().is_some());
        let mut extents = Vec::new();
        if let Some((from, to)) = tape.as_ref().and_then(|t| t.extent()) {
            let mut at = from.utc;
            for gap in tape.iter().flat_map(|t| t.gaps(from.utc, now)) {
                if gap.from > at {
                    extents.push((at, gap.from));
                }
                at = at.max(gap.to);
            }
            if to.utc > at {
                extents.push((at, to.utc));
            }
        }
        Tape { channel: channel.id.clone(), extents, growing }
    }

    async fn carry_out(&mut self, action: Action, channels: &[ChannelSettings]) -> Result<(), LibraryError> {
        match action {
            Action::Claim(claim) => self.claim(claim, channels).await,
            Action::Move { take, programme, from, to } => self.follow_guide(&take, &programme, from, to, false).await,
            Action::Reopen { take, programme, from, to } => self.follow_guide(&take, &programme, from, to, true).await,
            Action::Drop { take, why } => {
                tracing::info!(asset = %take, %why, "a claimed programme is let go");
                self.library.store.delete_take(&take).await?;
                match self.remove(&take).await {
                    Err(LibraryError::Store(StoreError::Missing { .. })) => Ok(()),
                    other => other,
                }
            }
            Action::Close { take, partial } => {
                if partial {
                    tracing::warn!(asset = %take, "the tape has only a part of the programme");
                }
                self.set_take_state(&take, TakeState::Closed).await
            }
        }
    }

    async fn claim(&mut self, claim: Claim, channels: &[ChannelSettings]) -> Result<(), LibraryError> {
        let store = self.library.store.clone();
        let take = claim.take(AssetId::random());
        let title = channels.iter().find(|c| c.id == take.channel).map_or_else(|| take.channel.to_string(), |c| c.title.clone());
        let row = AssetRow {
            id: take.id.clone(),
            title: claim.programme.title.clone(),
            description: description(&claim.programme),
            column: claim.column,
            channel: take.channel.clone(),
            channel_title: title,
            rule: take.rule.clone(),
            event: Some(take.event.to_string()),
            start: take.start,
            end: take.end,
            from: take.from,
            to: take.to,
            state: AssetState::Taping,
            error: None,
            playable: false,
            poster: false,
            thumbnails: false,
            renditions: Vec::new(),
            gaps: Vec::new(),
            created: self.library.clock.now(),
        };
        tracing::info!(asset = %row.id, title = row.title, channel = %row.channel, start = %row.start, "a rule claims a programme");
        store.insert_asset(&row).await?;
        store.insert_take(&take).await?;
        Ok(())
    }

    /// The guide has moved a claimed programme: its cut follows.
    async fn follow_guide(&mut self, id: &AssetId, programme: &Programme, from: UtcMs, to: UtcMs, reopen: bool) -> Result<(), LibraryError> {
        let store = self.library.store.clone();
        if let Some(mut take) = store.take(id).await? {
            take.follow(programme, from, to);
            store.update_take(&take).await?;
        }
        let mut row = match store.asset(id).await {
            Ok(row) => row,
            Err(StoreError::Missing { .. }) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        if reopen {
            for job in store.jobs_of(id).await? {
                self.options.queue.cancel(&job.id).await?;
            }
            row.state = AssetState::Taping;
        }
        row.title.clone_from(&programme.title);
        row.description = description(programme);
        (row.start, row.end, row.from, row.to) = (programme.start, programme.end, from, to);
        store.update_asset(&row).await?;
        Ok(())
    }

    pub(super) async fn set_take_state(&self, id: &AssetId, state: TakeState) -> Result<(), LibraryError> {
        if let Some(mut take) = self.library.store.take(id).await? {
            take.state = state;
            self.library.store.update_take(&take).await?;
        }
        Ok(())
    }
}

fn description(programme: &Programme) -> String {
    let parts = [programme.subtitle.as_str(), programme.description.as_str()];
    parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join("\n")
}
