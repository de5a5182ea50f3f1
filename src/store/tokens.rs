//! API tokens, by the SHA-256 of their secret.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use sqlx::Row;

use super::grants::{Role, role};
use super::{Change, Store, StoreError, on_insert};
use crate::base::{PersonId, TokenId, UnitId, UtcMs};

/// A role on a unit's subtree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RoleOn {
    pub role: Role,
    pub unit: UnitId,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Token {
    pub id: TokenId,
    /// The owner: a token never may more than they may at the time.
    pub person: PersonId,
    pub name: String,
    pub roles: Vec<RoleOn>,
    pub created: UtcMs,
    /// Null: until revoked.
    pub expires: Option<UtcMs>,
    /// To the minute.
    pub last_used: Option<UtcMs>,
    #[serde(skip)]
    pub hash: Vec<u8>,
}

impl Store {
    pub async fn tokens(&self) -> Result<Vec<Token>, StoreError> {
        // One connection for both: its reads see one state of the database.
        let mut reading = self.read().begin().await?;
        let mut roles: HashMap<String, Vec<RoleOn>> = HashMap::new();
        for row in sqlx::query("SELECT * FROM token_roles ORDER BY unit, role").fetch_all(&mut *reading).await? {
            let token: String = row.try_get("token")?;
            let on = RoleOn { role: role(&row, "token", &token)?, unit: row.try_get::<String, _>("unit")?.into() };
            roles.entry(token).or_default().push(on);
        }
        let rows = sqlx::query("SELECT * FROM tokens ORDER BY id").fetch_all(&mut *reading).await?;
        rows.iter()
            .map(|row| {
                let id: String = row.try_get("id")?;
                Ok(Token {
                    roles: roles.remove(&id).unwrap_or_default(),
                    id: id.into(),
                    person: row.try_get::<String, _>("person")?.into(),
                    name: row.try_get("name")?,
                    created: UtcMs(row.try_get("created")?),
                    expires: row.try_get::<Option<i64>, _>("expires")?.map(UtcMs),
                    last_used: row.try_get::<Option<i64>, _>("last_used")?.map(UtcMs),
                    hash: row.try_get("hash")?,
                })
            })
            .collect()
    }

    pub async fn touch_token(&self, id: &TokenId, now: UtcMs) -> Result<(), StoreError> {
        sqlx::query("UPDATE tokens SET last_used = ? WHERE id = ?").bind(now.0).bind(id.as_str()).execute(self.write()).await?;
        Ok(())
    }
}

impl Change {
    pub async fn insert_token(&mut self, token: &Token) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO tokens (id, person, name, hash, created, expires) VALUES (?, ?, ?, ?, ?, ?)")
            .bind(token.id.as_str())
            .bind(token.person.as_str())
            .bind(&token.name)
            .bind(&token.hash)
            .bind(token.created.0)
            .bind(token.expires.map(|at| at.0))
            .execute(self.connection())
            .await
            .map_err(on_insert("token", &token.name))?;
        for on in &token.roles {
            sqlx::query("INSERT INTO token_roles (token, role, unit) VALUES (?, ?, ?)")
                .bind(token.id.as_str())
                .bind(on.role.as_str())
                .bind(on.unit.as_str())
                .execute(self.connection())
                .await
                .map_err(on_insert("token role", on.role.as_str()))?;
        }
        Ok(())
    }

    pub async fn delete_token(&mut self, id: &TokenId) -> Result<(), StoreError> {
        match sqlx::query("DELETE FROM tokens WHERE id = ?").bind(id.as_str()).execute(self.connection()).await?.rows_affected() {
            0 => Err(StoreError::Missing { what: "token", id: id.to_string() }),
            _ => Ok(()),
        }
    }
}
