//! People who can sign in, and the count of failed sign-ins.

use serde::Serialize;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::{Change, Store, StoreError, on_insert};
use crate::base::{PersonId, UnitId, UtcMs};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Person {
    pub id: PersonId,
    /// The sign-in name, in lower case.
    pub name: String,
    pub display_name: String,
    /// Where notices go.
    pub email: Option<String>,
    pub unit: UnitId,
    /// Cannot sign in, and neither sessions nor tokens of theirs are honoured.
    pub disabled: bool,
    /// Whether a password was ever set: without one, no sign-in.
    pub has_password: bool,
    pub created: UtcMs,
}

fn from_row(row: &SqliteRow) -> Result<Person, StoreError> {
    Ok(Person {
        id: row.try_get::<String, _>("id")?.into(),
        name: row.try_get("name")?,
        display_name: row.try_get("display_name")?,
        email: row.try_get("email")?,
        unit: row.try_get::<String, _>("unit")?.into(),
        disabled: row.try_get("disabled")?,
        has_password: row.try_get("has_password")?,
        created: UtcMs(row.try_get("created")?),
    })
}

/// Failed sign-ins with one name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failures {
    pub failures: u32,
    pub locked_until: Option<UtcMs>,
}

impl Store {
    /// All of them, by name.
    pub async fn people(&self) -> Result<Vec<Person>, StoreError> {
        sqlx::query("SELECT id, name, display_name, email, unit, disabled, password_hash IS NOT NULL AS has_password, created FROM people ORDER BY name")
            .fetch_all(self.read())
            .await?
            .iter()
            .map(from_row)
            .collect()
    }

    /// The argon2 hash (PHC string) of the person's password.
    pub async fn password_hash(&self, id: &PersonId) -> Result<Option<String>, StoreError> {
        let row: Option<(Option<String>,)> =
            sqlx::query_as("SELECT password_hash FROM people WHERE id = ?").bind(id.as_str()).fetch_optional(self.read()).await?;
        Ok(row.and_then(|r| r.0))
    }

    /// Counts one more failure with this name, locking it when `limit` is reached; a lock that has ended begins a new count.
    /// Counted before the password is looked at, so that a hundred guesses at once are a hundred guesses:
    /// more failures than `limit` is a name that was locked already.
    pub async fn count_sign_in(&self, name_hash: &[u8], now: UtcMs, limit: u32, lock_ms: i64) -> Result<Failures, StoreError> {
        sqlx::query("DELETE FROM sign_in_failures WHERE last < ? AND (locked_until IS NULL OR locked_until <= ?)")
            .bind(now.0 - lock_ms.max(3_600_000))
            .bind(now.0)
            .execute(self.write())
            .await?;
        let row = sqlx::query(
            "INSERT INTO sign_in_failures (name_hash, failures, last, locked_until) VALUES (?1, 1, ?2, CASE WHEN 1 >= ?3 THEN ?2 + ?4 END)
             ON CONFLICT (name_hash) DO UPDATE SET
                failures = CASE WHEN locked_until <= ?2 THEN 1 ELSE failures + 1 END,
                last = ?2,
                locked_until = CASE WHEN locked_until > ?2 THEN locked_until
                                    WHEN (CASE WHEN locked_until <= ?2 THEN 1 ELSE failures + 1 END) >= ?3 THEN ?2 + ?4 END
             RETURNING failures, locked_until",
        )
        .bind(name_hash)
        .bind(now.0)
        .bind(limit)
        .bind(lock_ms)
        .fetch_one(self.write())
        .await?;
        Ok(Failures { failures: row.try_get("failures")?, locked_until: row.try_get::<Option<i64>, _>("locked_until")?.map(UtcMs) })
    }

    /// After a sign-in that succeeded.
    pub async fn forget_failures(&self, name_hash: &[u8]) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM sign_in_failures WHERE name_hash = ?").bind(name_hash).execute(self.write()).await?;
        Ok(())
    }
}

impl Change {
    /// Without a password.
    pub async fn insert_person(&mut self, person: &Person) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO people (id, name, display_name, email, unit, disabled, created) VALUES (?, ?, ?, ?, ?, ?, ?)")
            .bind(person.id.as_str())
            .bind(&person.name)
            .bind(&person.display_name)
            .bind(&person.email)
            .bind(person.unit.as_str())
            .bind(person.disabled)
            .bind(person.created.0)
            .execute(self.connection())
            .await
            .map_err(on_insert("person", &person.name))?;
        Ok(())
    }

    /// All but the id, the password and the time of creation.
    pub async fn update_person(&mut self, person: &Person) -> Result<(), StoreError> {
        let done = sqlx::query("UPDATE people SET name = ?, display_name = ?, email = ?, unit = ?, disabled = ? WHERE id = ?")
            .bind(&person.name)
            .bind(&person.display_name)
            .bind(&person.email)
            .bind(person.unit.as_str())
            .bind(person.disabled)
            .bind(person.id.as_str())
            .execute(self.connection())
            .await
            .map_err(on_insert("person", &person.name))?;
        match done.rows_affected() {
            0 => Err(StoreError::Missing { what: "person", id: person.id.to_string() }),
            _ => Ok(()),
        }
    }

    /// Takes the name away for the length of this transaction, so that people can exchange theirs.
    pub async fn free_person_name(&mut self, id: &PersonId) -> Result<(), StoreError> {
        sqlx::query("UPDATE people SET name = char(1) || id WHERE id = ?").bind(id.as_str()).execute(self.connection()).await?;
        Ok(())
    }

    /// Also ends a lock of the name.
    pub async fn set_password_hash(&mut self, id: &PersonId, hash: &str, name_hash: &[u8]) -> Result<(), StoreError> {
        let done = sqlx::query("UPDATE people SET password_hash = ? WHERE id = ?").bind(hash).bind(id.as_str()).execute(self.connection()).await?;
        if done.rows_affected() == 0 {
            return Err(StoreError::Missing { what: "person", id: id.to_string() });
        }
        sqlx::query("DELETE FROM sign_in_failures WHERE name_hash = ?").bind(name_hash).execute(self.connection()).await?;
        Ok(())
    }

    /// With sessions, tokens and grants; the audit log keeps the name.
    pub async fn delete_person(&mut self, id: &PersonId) -> Result<(), StoreError> {
        match sqlx::query("DELETE FROM people WHERE id = ?").bind(id.as_str()).execute(self.connection()).await?.rows_affected() {
            0 => Err(StoreError::Missing { what: "person", id: id.to_string() }),
            _ => Ok(()),
        }
    }
}
