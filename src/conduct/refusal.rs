//! Why something was not done.

use super::command::Act;
use super::interpretation::Language;
use super::rule::{Phase, Role};
use crate::base::VenueId;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("{}不能执行此操作({}) / {} may not `{}`", zh_role(*role), act.name(), en_role(*role), act.name())]
    Role { act: Act, role: Role },
    #[error("{}时不能执行此操作({}) / not while the meeting is {}: `{}`", zh_phase(*phase), act.name(), en_phase(*phase), act.name())]
    Phase { act: Act, phase: Phase },
    #[error("“{0}”不在本次会议中 / `{0}` is no venue of this meeting")]
    Unknown(VenueId),
    #[error("“{0}”未在会场 / `{0}` is not in")]
    NotIn(VenueId),
    #[error("主持人在席,不能收回主持权 / the chair is here: it cannot be taken back")]
    ChairIsHere,
    #[error("全体静音已锁定,请先申请发言 / microphones are locked: ask for the floor")]
    Locked,
    #[error("正在同传,主会场声道的麦克风不能打开 / you are on air as interpreter: your microphone on the floor stays closed")]
    OnAir,
    #[error("“{0}”不是“{1}”的译员 / `{0}` does not interpret into `{1}`")]
    NoInterpreter(VenueId, Language),
    #[error("现在不在同传 / you are not on air")]
    NotOnAir,
    #[error("尚未允许共享 / you may not share yet")]
    MayNotShare,
    #[error("白板没有打开 / the board is not open")]
    BoardClosed,
    #[error("这一页白板已写满,请换一页 / this page of the board is full: turn to another")]
    BoardFull,
    #[error("白板没有这一页 / the board has no such page")]
    NoPage,
    #[error("只有主持人和会务台可以清除别人写的内容 / only the chair and the desk take away what others drew")]
    NotYours,
    #[error("正在进行另一项表决或签到 / another vote or sign-in is under way")]
    BallotRuns,
    #[error("没有正在进行的表决或签到 / no vote or sign-in is under way")]
    NoBallot,
    #[error("没有第 {0} 个选项 / there is no option {0}")]
    NoOption(u32),
    #[error("没有正在进行的轮询 / no poll is under way")]
    NoPoll,
    #[error("{what}:{given},应在 {least} 到 {most} 之间 / {what}: {given} is not within {least} to {most}")]
    Range { what: &'static str, given: u64, least: u64, most: u64 },
    #[error("会议已满:最多 {0} 个会场 / the meeting is full: {0} venues at most")]
    Full(usize),
}

fn zh_role(role: Role) -> &'static str {
    match role {
        Role::Chair => "主持人",
        Role::Desk => "会务台",
        Role::Main => "主会场",
        Role::Branch => "分会场",
    }
}

fn en_role(role: Role) -> &'static str {
    match role {
        Role::Chair => "the chair",
        Role::Desk => "the desk",
        Role::Main => "the main venue",
        Role::Branch => "a branch venue",
    }
}

fn zh_phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Called => "会议未开场",
        Phase::Gathering => "等候入会",
        Phase::RollCall => "点名",
        Phase::InSession => "会议进行",
        Phase::Break => "休会",
        Phase::Closed => "会议已结束",
    }
}

fn en_phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Called => "called",
        Phase::Gathering => "gathering",
        Phase::RollCall => "calling the roll",
        Phase::InSession => "in session",
        Phase::Break => "in a break",
        Phase::Closed => "closed",
    }
}
