//! What a rule would take: shown while it is typed in, and the reason why it takes nothing.

use super::{Library, LibraryError};
use crate::epg::{self, Programme, Rule};

/// What a rule matches in the coming week and on the tapes.
#[derive(Debug, Clone)]
pub struct RulePreview {
    pub programmes: Vec<Programme>,
    /// The rule as a sentence.
    pub words: String,
    pub warning: Option<String>,
}

const WEEK_MS: i64 = 7 * 86_400_000;

impl Library {
    pub async fn preview(&self, rule: &Rule) -> Result<RulePreview, LibraryError> {
        let now = self.clock.now();
        let channels = self.channels.list().await?;
        let mut guide = Vec::new();
        for channel in channels.iter().filter(|c| rule.channel.as_ref().is_none_or(|wanted| *wanted == c.id)) {
            let from = self.channels.tape(&channel.id).and_then(|tape| tape.from()).unwrap_or(now).min(now);
            guide.extend(self.channels.guide(&channel.id, from, now + WEEK_MS).await?);
        }
        let warning = epg::why_nothing(rule, &guide, &self.zone).map(|words| words.to_string());
        let enabled = Rule { enabled: true, ..rule.clone() };
        let mut programmes: Vec<Programme> = guide.into_iter().filter(|p| epg::matches(&enabled, p, &self.zone)).collect();
        programmes.sort_by_key(|p| p.start);
        let channel_title = rule.channel.as_ref().and_then(|id| channels.iter().find(|c| c.id == *id)).map(|c| c.title.as_str());
        let column_title = self.store.column(&rule.column).await.map(|c| c.title).unwrap_or_else(|_| rule.column.to_string());
        Ok(RulePreview { programmes, words: epg::describe(rule, channel_title, &column_title).to_string(), warning })
    }
}
