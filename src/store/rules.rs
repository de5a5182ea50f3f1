//! Recording rules.

use super::channels::existed;
use super::guide::parsed;
use super::{Store, StoreError, on_insert};
use crate::base::{RuleId, UtcMs};
use crate::epg::Rule;

impl Store {
    pub async fn rules(&self) -> Result<Vec<Rule>, StoreError> {
        let rows: Vec<(String, String)> = sqlx::query_as("SELECT id, rule FROM rules ORDER BY created, id").fetch_all(self.read()).await?;
        rows.into_iter().map(|(id, text)| parsed("rule", id, "rule", text)).collect()
    }

    pub async fn rule(&self, id: &RuleId) -> Result<Rule, StoreError> {
        let row: Option<(String,)> = sqlx::query_as("SELECT rule FROM rules WHERE id = ?").bind(id.as_str()).fetch_optional(self.read()).await?;
        let (text,) = row.ok_or_else(|| StoreError::Missing { what: "rule", id: id.to_string() })?;
        parsed("rule", id.to_string(), "rule", text)
    }

    pub async fn insert_rule(&self, rule: &Rule, now: UtcMs) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO rules (id, column_id, rule, created) VALUES (?, ?, ?, ?)")
            .bind(rule.id.as_str())
            .bind(rule.column.as_str())
            .bind(serde_json::to_string(rule).unwrap_or_default())
            .bind(now.0)
            .execute(self.write())
            .await
            .map_err(on_insert("rule", rule.id.as_str()))?;
        Ok(())
    }

    pub async fn update_rule(&self, rule: &Rule) -> Result<(), StoreError> {
        let done = sqlx::query("UPDATE rules SET column_id = ?, rule = ? WHERE id = ?")
            .bind(rule.column.as_str())
            .bind(serde_json::to_string(rule).unwrap_or_default())
            .bind(rule.id.as_str())
            .execute(self.write())
            .await?;
        existed(done.rows_affected(), "rule", rule.id.as_str())
    }

    pub async fn delete_rule(&self, id: &RuleId) -> Result<(), StoreError> {
        let done = sqlx::query("DELETE FROM rules WHERE id = ?").bind(id.as_str()).execute(self.write()).await?;
        existed(done.rows_affected(), "rule", id.as_str())
    }
}
