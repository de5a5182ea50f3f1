//! The number plan: segments, and the numbers given out of them.

use std::str::FromStr;

use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::{Change, Store, StoreError, on_insert};
use crate::base::{NumberSegmentId, UnitId, UtcMs};
use crate::numbering::{Given, Holder, Number, Range, Segment};

fn segment(row: &SqliteRow) -> Result<Segment, StoreError> {
    let id: String = row.try_get("id")?;
    let (first, last): (String, String) = (row.try_get("first")?, row.try_get("last")?);
    let corrupt = |column: &'static str, value: &str| StoreError::Corrupt { what: "number segment", id: id.clone(), column, value: value.to_owned() };
    let end = |column, text: &str| Number::from_str(text).map_err(|_| corrupt(column, text));
    let range = Range::between(end("first", &first)?, end("last", &last)?).map_err(|_| corrupt("last", &last))?;
    let reserved: String = row.try_get("reserved")?;
    let ranges = reserved.split(',').filter(|part| !part.is_empty()).map(|part| part.parse().map_err(|_| corrupt("reserved", part)));
    Ok(Segment {
        parent: row.try_get::<Option<String>, _>("parent")?.map(NumberSegmentId::from),
        unit: row.try_get::<String, _>("unit")?.into(),
        title: row.try_get("title")?,
        range,
        reserved: ranges.collect::<Result<_, _>>()?,
        cooling_days: row.try_get("cooling_days")?,
        created: UtcMs(row.try_get("created")?),
        id: id.into(),
    })
}

fn reserved(segment: &Segment) -> String {
    segment.reserved.iter().map(Range::to_string).collect::<Vec<_>>().join(",")
}

fn given(row: &SqliteRow) -> Result<Given, StoreError> {
    let digits: String = row.try_get("number")?;
    let corrupt = |column: &'static str, value: &str| StoreError::Corrupt { what: "number", id: digits.clone(), column, value: value.to_owned() };
    let number = |column, text: &str| Number::from_str(text).map_err(|_| corrupt(column, text));
    let (kind, id): (String, String) = (row.try_get("kind")?, row.try_get("holder")?);
    let holder = match kind.as_str() {
        "site" => Holder::Site { id: id.into() },
        "person" => Holder::Person { id: id.into() },
        "meeting" => Holder::Meeting { id: id.into(), unit: row.try_get::<String, _>("unit")?.into(), title: row.try_get("title")? },
        other => return Err(corrupt("kind", other)),
    };
    let alias_of: Option<String> = row.try_get("alias_of")?;
    Ok(Given {
        number: number("number", &digits)?,
        holder,
        alias_of: alias_of.map(|text| number("alias_of", &text)).transpose()?,
        given: UtcMs(row.try_get("given")?),
        ends: row.try_get::<Option<i64>, _>("ends")?.map(UtcMs),
        rests_until: row.try_get::<Option<i64>, _>("rests_until")?.map(UtcMs),
    })
}

impl Store {
    pub async fn number_segments(&self) -> Result<Vec<Segment>, StoreError> {
        sqlx::query("SELECT * FROM number_segments").fetch_all(self.read()).await?.iter().map(segment).collect()
    }

    /// Those that answer, and those that rest.
    pub async fn numbers(&self) -> Result<Vec<Given>, StoreError> {
        sqlx::query("SELECT * FROM numbers").fetch_all(self.read()).await?.iter().map(given).collect()
    }
}

impl Change {
    pub async fn insert_number_segment(&mut self, segment: &Segment) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO number_segments (id, parent, unit, title, first, last, reserved, cooling_days, created) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(segment.id.as_str())
            .bind(segment.parent.as_ref().map(NumberSegmentId::as_str))
            .bind(segment.unit.as_str())
            .bind(&segment.title)
            .bind(segment.range.first().to_string())
            .bind(segment.range.last().to_string())
            .bind(reserved(segment))
            .bind(segment.cooling_days)
            .bind(segment.created.0)
            .execute(self.connection())
            .await
            .map_err(on_insert("number segment", segment.id.as_str()))?;
        Ok(())
    }

    /// All but the id and the time of creation.
    pub async fn update_number_segment(&mut self, segment: &Segment) -> Result<(), StoreError> {
        let done = sqlx::query("UPDATE number_segments SET parent = ?, unit = ?, title = ?, first = ?, last = ?, reserved = ?, cooling_days = ? WHERE id = ?")
            .bind(segment.parent.as_ref().map(NumberSegmentId::as_str))
            .bind(segment.unit.as_str())
            .bind(&segment.title)
            .bind(segment.range.first().to_string())
            .bind(segment.range.last().to_string())
            .bind(reserved(segment))
            .bind(segment.cooling_days)
            .bind(segment.id.as_str())
            .execute(self.connection())
            .await?;
        match done.rows_affected() {
            0 => Err(StoreError::Missing { what: "number segment", id: segment.id.to_string() }),
            _ => Ok(()),
        }
    }

    pub async fn delete_number_segment(&mut self, id: &NumberSegmentId) -> Result<(), StoreError> {
        match sqlx::query("DELETE FROM number_segments WHERE id = ?").bind(id.as_str()).execute(self.connection()).await?.rows_affected() {
            0 => Err(StoreError::Missing { what: "number segment", id: id.to_string() }),
            _ => Ok(()),
        }
    }

    /// In the place of what was known of the number.
    pub async fn put_number(&mut self, given: &Given) -> Result<(), StoreError> {
        let (unit, title) = match &given.holder {
            Holder::Meeting { unit, title, .. } => (Some(unit), Some(title)),
            Holder::Site { .. } | Holder::Person { .. } => (None, None),
        };
        sqlx::query(
            "INSERT OR REPLACE INTO numbers (number, kind, holder, unit, title, alias_of, given, ends, rests_until) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(given.number.to_string())
        .bind(given.holder.kind().as_str())
        .bind(given.holder.id())
        .bind(unit.map(UnitId::as_str))
        .bind(title)
        .bind(given.alias_of.map(|number| number.to_string()))
        .bind(given.given.0)
        .bind(given.ends.map(|at| at.0))
        .bind(given.rests_until.map(|at| at.0))
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Forgets numbers that rest no more.
    pub async fn forget_rested_numbers(&mut self, now: UtcMs) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM numbers WHERE ends <= ?1 AND coalesce(rests_until, 0) <= ?1").bind(now.0).execute(self.connection()).await?;
        Ok(())
    }
}
