//! Lists in pages.

use serde::Serialize;

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
