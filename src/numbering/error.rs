//! Why not. Messages are for people, in Chinese and English; they name units by their titles.

use super::{Number, Range, Service};
use crate::base::UtcMs;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NumberingError {
    #[error("号段“{id}”不存在 / number segment `{id}` does not exist")]
    NoSegment { id: String },
    #[error("号段不能放在它自己之内 / a segment cannot be a part of itself")]
    InsideItself,
    #[error("号段 {range} 不在上级号段 {parent} 之内 / {range} is not inside the segment {parent} above it")]
    OutsideParent { range: Range, parent: String },
    #[error("号段 {range} 与 {other} 重叠,或其中一个号码是另一个的开头 / {range} overlaps {other}, or a number of one begins a number of the other")]
    Overlap { range: Range, other: String },
    #[error("下级号段 {child} 将不在 {range} 之内 / the part {child} would be outside {range}")]
    ChildOutside { range: Range, child: String },
    #[error("“{unit}”不是“{owner}”的下级单位 / `{unit}` is not below `{owner}`")]
    NotBelow { unit: String, owner: String },
    #[error("改为 {range} 后有 {count} 个已给出的号码没有号段 / with {range}, {count} given numbers would be in no segment")]
    LeftOut { range: Range, count: usize },
    #[error("号段 {segment} 还有 {count} 个下级号段 / the segment {segment} still has {count} parts")]
    HasParts { segment: String, count: usize },
    #[error("号段 {segment} 还有 {count} 个使用中的号码 / the segment {segment} still has {count} numbers in use")]
    HasNumbers { segment: String, count: usize },
    #[error("保留号段 {range} 不在 {segment} 之内 / the reserved {range} is not inside {segment}")]
    ReservedOutside { range: Range, segment: Range },
    #[error("保留号段有 {count} 段,最多 {most} 段 / {count} reserved ranges, at most {most}")]
    TooManyReserved { count: usize, most: usize },

    #[error("号码 {number} 不属于任何号段 / {number} is in no segment")]
    NoSegmentFor { number: Number },
    #[error("号码 {number} 不在号段 {segment} 之内 / {number} is not in the segment {segment}")]
    OutsideSegment { number: Number, segment: String },
    #[error("号码 {number} 已下放给 {to},只能由其分配 / {number} was handed down to {to}, which gives it out")]
    HandedDown { number: Number, to: String },
    #[error("号码 {number} 由 {segment} 保留 / {number} is kept back in {segment}")]
    Reserved { number: Number, segment: String },
    #[error("号码 {number} 与公共服务号码 {digits}({zh})冲突 / {number} clashes with the public service {digits} ({en})", digits = service.digits, zh = service.zh, en = service.en)]
    PublicService { number: Number, service: &'static Service },
    #[error("号码 {number} 正在使用 / {number} is in use")]
    Taken { number: Number },
    #[error("号码 {number} 停用不久,{days} 天后才能再分配 / {number} was freed lately and is not given anew for {days} days")]
    Resting { number: Number, until: UtcMs, days: i64 },
    #[error("已有号码 {number},请改为换号 / it already has the number {number}: renumber it instead")]
    HasNumber { number: Number },
    #[error("“{unit}”不属于号段 {segment} 的单位 / `{unit}` is not below the owner of the segment {segment}")]
    NotOfSegment { unit: String, segment: String },
    #[error("“{unit}”及其上级没有号段 / neither `{unit}` nor a unit above it has a segment")]
    NoSegmentOf { unit: String },
    #[error("号段 {segment} 已无可用号码:共 {total},已给出 {given},已下放 {handed_down},保留 {reserved},冷却中 {resting}{}{} / no number is left in {segment}: of {total}, {given} are given, {handed_down} handed down, {reserved} kept back, {resting} resting{}{}",
        back_zh(*.back), more_zh(.more), back_en(*.back), more_en(.more))]
    Exhausted {
        segment: String,
        total: u64,
        given: u64,
        handed_down: u64,
        reserved: u64,
        resting: u64,
        /// In how many days the first resting number is free again.
        back: Option<i64>,
        /// The nearest segment above with numbers left, and how many.
        more: Option<(String, u64)>,
    },
    #[error("号码 {number} 没有在使用 / {number} is not in use")]
    NotInUse { number: Number },
    #[error("号码 {number} 是 {of} 的旧号 / {number} is an old number of {of}")]
    IsAlias { number: Number, of: Number },
    #[error("时间 {at} 已经过去 / {at} is in the past")]
    Past { at: UtcMs },
}

fn back_zh(back: Option<i64>) -> String {
    back.map_or(String::new(), |days| format!(",最早 {days} 天后有号码可再用"))
}

fn back_en(back: Option<i64>) -> String {
    back.map_or(String::new(), |days| format!(", the first is free again in {days} days"))
}

fn more_zh(more: &Option<(String, u64)>) -> String {
    more.as_ref().map_or_else(|| ";上级号段也没有余号".to_owned(), |(segment, left)| format!(";可向 {segment} 申请,还有 {left} 个"))
}

fn more_en(more: &Option<(String, u64)>) -> String {
    more.as_ref()
        .map_or_else(|| "; nothing is left above it either".to_owned(), |(segment, left)| format!("; ask for more from {segment}, which has {left} left"))
}
