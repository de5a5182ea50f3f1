//! Columns of the library.

use super::channels::existed;
use super::{Store, StoreError, on_insert};
use crate::base::ColumnId;

/// A column's row. `audience` is a word of `org`.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct ColumnRow {
    pub id: String,
    pub title: String,
    pub audience: String,
    pub unit: String,
    pub position: i64,
    pub on_front: bool,
    pub created: i64,
}

impl Store {
    pub async fn columns(&self) -> Result<Vec<ColumnRow>, StoreError> {
        Ok(sqlx::query_as("SELECT * FROM columns ORDER BY position, created, id").fetch_all(self.read()).await?)
    }

    pub async fn column(&self, id: &ColumnId) -> Result<ColumnRow, StoreError> {
        let row = sqlx::query_as("SELECT * FROM columns WHERE id = ?").bind(id.as_str()).fetch_optional(self.read()).await?;
        row.ok_or_else(|| StoreError::Missing { what: "column", id: id.to_string() })
    }

    pub async fn insert_column(&self, row: &ColumnRow) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO columns (id, title, audience, unit, position, on_front, created) VALUES (?, ?, ?, ?, ?, ?, ?)")
            .bind(&row.id)
            .bind(&row.title)
            .bind(&row.audience)
            .bind(&row.unit)
            .bind(row.position)
            .bind(row.on_front)
            .bind(row.created)
            .execute(self.write())
            .await
            .map_err(on_insert("column", &row.id))?;
        Ok(())
    }

    pub async fn update_column(&self, row: &ColumnRow) -> Result<(), StoreError> {
        let done = sqlx::query("UPDATE columns SET title = ?, audience = ?, unit = ?, position = ?, on_front = ? WHERE id = ?")
            .bind(&row.title)
            .bind(&row.audience)
            .bind(&row.unit)
            .bind(row.position)
            .bind(row.on_front)
            .bind(&row.id)
            .execute(self.write())
            .await?;
        existed(done.rows_affected(), "column", &row.id)
    }

    /// Removes an empty column that no rule fills.
    pub async fn delete_column(&self, id: &ColumnId) -> Result<(), StoreError> {
        let (assets, rules): (i64, i64) =
            sqlx::query_as("SELECT (SELECT count(*) FROM assets WHERE column_id = ?1), (SELECT count(*) FROM rules WHERE column_id = ?1)")
                .bind(id.as_str())
                .fetch_one(self.read())
                .await?;
        if assets + rules > 0 {
            return Err(StoreError::InUse { what: "column", id: id.to_string(), by: format!("{assets} assets and {rules} rules") });
        }
        let done = sqlx::query("DELETE FROM columns WHERE id = ?").bind(id.as_str()).execute(self.write()).await?;
        existed(done.rows_affected(), "column", id.as_str())
    }
}
