//! Lists in pages: `{items, next}`, continued by `?cursor=`.

use serde::{Deserialize, Serialize};

use super::Problem;
use crate::base::UtcMs;

/// A page of a list; with `next` as `cursor` follows the page after it, null at the end.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub next: Option<String>,
}

/// Items of a page when nothing was said, and at most.
pub const PAGE: usize = 100;
pub const PAGE_MOST: usize = 1000;

/// How many items to give.
pub fn page_size(limit: Option<usize>) -> usize {
    limit.unwrap_or(PAGE).clamp(1, PAGE_MOST)
}

impl<T> Page<T> {
    /// A page of items that are in the order of their keys.
    pub fn cut(items: impl IntoIterator<Item = T>, key: impl Fn(&T) -> &str, cursor: Option<&str>, limit: Option<usize>) -> Self {
        let mut items = items.into_iter().filter(|item| cursor.is_none_or(|cursor| key(item) > cursor));
        let page: Vec<T> = items.by_ref().take(page_size(limit)).collect();
        let next = items.next().and(page.last()).map(|last| key(last).to_owned());
        Self { items: page, next }
    }

    /// A list that comes whole.
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
