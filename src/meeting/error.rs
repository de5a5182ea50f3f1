//! What can go wrong. Messages are for people, in Chinese and English.

use super::booking::{Busy, ShortLine};
use super::{MeetingState, PictureSize};
use crate::org::{Denied, OrgError};
use crate::store::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum MeetingError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Org(#[from] OrgError),
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Something that was given does not fit; `message` says which and why.
    #[error("{message}")]
    Invalid { field: &'static str, message: String },
    /// Venues or the chair are not free; at least one.
    #[error("{}", busy(.0))]
    Busy(Vec<Busy>),
    #[error("{}", short(.0))]
    Line(Box<ShortLine>),
    #[error("没有号码 {0},或您不在其会议名单中 / nobody you may call has the number {0}")]
    NoSuchNumber(String),
    #[error("链接无效、已撤销或已过期,请向会务索取新的链接 / the link is not valid, was revoked or has expired: ask for another")]
    NoSuchLink,
    #[error("会议“{title}”已结束或取消 / the meeting “{title}” is over or was cancelled")]
    LinkIsOver { title: String },
    #[error("此链接限 {most} 人使用,已满,请联系会务 / this link is for {most} guests, and so many have come: ask who sent it")]
    LinkIsFull { most: u32 },
    #[error("没有电脑显示这个配对码,请核对后重输 / no computer shows this code: look at it again")]
    NoSuchCode,
    #[error("尝试过于频繁,请在 {seconds} 秒后再试 / too many attempts, try again in {seconds} s")]
    TooManyWrong { seconds: u64 },
    /// Somebody else has written the minutes meanwhile.
    #[error("纪要已被 {by} 修改为第 {newest} 版,请先载入新版再保存 / {by} has written version {newest} of the minutes meanwhile: load it first")]
    Stale { newest: u32, by: String },
    #[error("会议当前状态为 {from},不能这样做 / the meeting is {from}, this cannot be done")]
    State { from: MeetingState, to: Option<MeetingState> },
}

impl MeetingError {
    pub(super) fn invalid(field: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid { field, message: message.into() }
    }

    pub(super) fn missing(what: &'static str, id: &impl ToString) -> Self {
        Self::Store(StoreError::Missing { what, id: id.to_string() })
    }
}

fn busy(busy: &[Busy]) -> String {
    let Some(first) = busy.first() else { return String::new() };
    let (zh, en) = match busy.len() {
        1 => (String::new(), String::new()),
        n => (format!(",共 {n} 处冲突"), format!(", one of {n} conflicts")),
    };
    let meeting = first.meeting_title.as_ref().map(|title| format!("“{title}”")).unwrap_or_default();
    format!(
        "“{0}”在 {1} 已被 {2}({3})的会议{meeting}占用{zh} / {0} is booked by {3} of {2} at {1}{en}",
        first.title, first.when, first.unit_title, first.booked_by
    )
}

fn short(line: &ShortLine) -> String {
    let size = |size: PictureSize| if size == PictureSize::Audio { "仅声音 audio" } else { size.as_str() };
    let (largest_zh, largest_en) = match line.largest {
        Some(largest) => (format!("最多可用 {}", size(largest)), format!("{} would fit", largest.as_str())),
        None => ("连声音也不够".to_owned(), "not even sound fits".to_owned()),
    };
    let titles = line.held_by.iter().map(|holder| match &holder.title {
        Some(title) => format!("{}“{title}”", holder.unit_title),
        None => holder.unit_title.clone(),
    });
    let titles = titles.collect::<Vec<_>>().join("、");
    let (held_zh, held_en) = if titles.is_empty() { (String::new(), String::new()) } else { (format!(",已占用:{titles}"), format!(", held by {titles}")) };
    format!(
        "“{0}”的线路在 {1} 带宽不足:{2} 需要 {3} kb/s,剩余 {4} kb/s(可用 {5} kb/s){held_zh};{largest_zh} / \
         the line of {0} is the bottleneck at {1}: {2} needs {3} kb/s, {4} of {5} kb/s are free{held_en}; {largest_en}",
        line.site_title,
        line.when,
        size(line.asked),
        line.needed_kbps,
        line.free_kbps,
        line.share_kbps
    )
}
