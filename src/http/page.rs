//! Lists in pages: `{items, next}`, continued by `?cursor=`.

use serde::{Deserialize, Serialize};

use super::Problem;
use crate::base::UtcMs;

/// A page of a list. `next` is the cursor of the page after it; absent where this is the last.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A list that is not divided.
    pub fn whole(items: Vec<T>) -> Self {
        Self { items, next: None }
    }
}

/// Where to continue and how much to give.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// `next` of the page before.
    pub cursor: Option<String>,
    /// 1 to 200; 50 unless said.
    pub limit: Option<u32>,
}

impl PageQuery {
    pub fn limit(&self) -> Result<u32, Problem> {
        match self.limit.unwrap_or(50) {
            n @ 1..=200 => Ok(n),
            n => Err(Problem::bad_request("limit", format!("limit {n} is not within 1 to 200"))),
        }
    }

    /// A cursor made by [`cursor`].
    pub fn after(&self) -> Result<Option<(UtcMs, String)>, Problem> {
        let Some(text) = &self.cursor else { return Ok(None) };
        let wrong = || Problem::bad_request("cursor", format!("cursor `{text}` is not one that a list gave"));
        let (at, id) = text.split_once('.').ok_or_else(wrong)?;
        Ok(Some((UtcMs(at.parse().map_err(|_| wrong())?), id.to_owned())))
    }
}

pub fn cursor(at: UtcMs, id: &str) -> String {
    format!("{}.{id}", at.0)
}
