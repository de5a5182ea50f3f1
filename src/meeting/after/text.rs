//! The minutes as the text that a clerk goes on with (`document::markup`), in Chinese: it is the office's paper.

use std::fmt::Write;

use crate::base::{UtcMs, Zone};
use crate::conduct::{Ballot, BallotKind, Mode, RollMark};
use crate::document::markup::{head, inline, row};
use crate::minutes::{Attended, Counted, Event, How, Minutes};

/// Rows of one table; a poll of hours is not read by anybody.
const MOST_ROWS: usize = 400;
const ORDINALS: [&str; 7] = ["一", "二", "三", "四", "五", "六", "七"];

/// Writes the draft.
pub fn draft(minutes: &Minutes, zone: &Zone) -> String {
    let mut text = Text { zone, text: String::new(), section: 0 };
    text.line(&format!("# {}纪要（草稿）", inline(&minutes.title)));
    text.line("> 本稿由系统根据会议记录起草，请会务核对、补充议定事项后定稿。");
    text.facts(minutes);
    text.attendance(minutes);
    text.agenda(minutes);
    text.speeches(minutes);
    text.ballots(minutes);
    text.papers(minutes);
    text.events(minutes);
    text.section("议定事项");
    text.line("（请填写）");
    text.line(&"_".repeat(20));
    text.line(&"_".repeat(20));
    text.line(&"_".repeat(20));
    text.line("");
    text.line("记录：　　　　　　　　审核：　　　　　　　　签发：");
    text.text
}

struct Text<'z> {
    zone: &'z Zone,
    text: String,
    section: usize,
}

impl Text<'_> {
    fn line(&mut self, line: &str) {
        self.text += line;
        self.text.push('\n');
    }

    fn section(&mut self, title: &str) {
        let ordinal = ORDINALS.get(self.section).unwrap_or(&"");
        self.section += 1;
        let _ = writeln!(self.text, "\n## {ordinal}、{title}");
    }

    fn facts(&mut self, minutes: &Minutes) {
        let attendance = &minutes.attendance;
        let (starts, ends) = minutes.booked;
        let held = match (minutes.began, minutes.ended) {
            (Some(began), Some(ended)) => format!("{}（预定 {}）", self.span(began, Some(ended)), self.span(starts, Some(ends))),
            (Some(began), None) => format!("{}，尚未结束（预定 {}）", self.moment(began), self.span(starts, Some(ends))),
            (None, _) => format!("预定 {}", self.span(starts, Some(ends))),
        };
        let named = |mark: RollMark| {
            let names: Vec<&str> = attendance.items.iter().filter(|line| line.mark == Some(mark)).map(|line| line.title.as_str()).collect();
            if names.is_empty() { "无".to_owned() } else { names.join("、") }
        };
        self.line(&head(&["事项", "内容"]));
        self.line(&row(["时间", &held]));
        self.line(&row(["主会场", &minutes.main]));
        self.line(&row(["主持人", &minutes.chair]));
        self.line(&row(["主办单位", &minutes.unit]));
        self.line(&row(["会议形式", mode(minutes.mode)]));
        if !minutes.desk.is_empty() {
            self.line(&row(["会务", &minutes.desk.join("、")]));
        }
        let there = format!("应到 {} 个会场，实到 {} 个，共 {} 人", attendance.expected, attendance.attended, attendance.people);
        self.line(&row(["出席", &there]));
        if attendance.present + attendance.late + attendance.absent > 0 {
            self.line(&row(["迟到", &named(RollMark::Late)]));
            self.line(&row(["缺席", &named(RollMark::Absent)]));
        }
    }

    fn attendance(&mut self, minutes: &Minutes) {
        self.section("出席情况");
        if minutes.attendance.items.is_empty() {
            return self.line("会议没有召开，没有出席记录。");
        }
        self.line(&head(&["单位", "会场", "点名", "入会", "离会", "人数"]));
        for of in &minutes.attendance.items {
            let came = of.stays.first().map(|stay| self.clock(stay.came)).unwrap_or_default();
            let went = of.stays.last().and_then(|stay| stay.went).map(|went| self.clock(went)).unwrap_or_default();
            let title = if of.is_main { format!("{}（主会场）", of.title) } else { of.title.clone() };
            self.line(&row([of.unit.as_str(), &title, mark(of), &came, &went, &people(of)]));
        }
        let attendance = &minutes.attendance;
        let (typed, replied, assumed) = (attendance.people_typed, attendance.people_replied, attendance.people_assumed);
        self.line(&format!("> 人数：会上填报 {typed} 人，按回复 {replied} 人，未报人数的会场各按 1 人计，共 {assumed} 人。"));
    }

    fn agenda(&mut self, minutes: &Minutes) {
        self.section("议程");
        if minutes.agenda.is_empty() {
            return self.line("预定时没有填写议程。");
        }
        self.line(&head(&["序号", "议题", "汇报人", "时间"]));
        for (at, point) in minutes.agenda.iter().enumerate() {
            let spans: Vec<String> = point.spans.iter().map(|(from, to)| self.clocks(*from, *to)).collect();
            let spans = if spans.is_empty() { "未记录".to_owned() } else { spans.join("、") };
            self.line(&row([(at + 1).to_string().as_str(), &point.title, point.speaker.as_deref().unwrap_or(""), &spans]));
        }
    }

    fn speeches(&mut self, minutes: &Minutes) {
        self.section("主持与发言");
        let speeches = &minutes.course.speeches;
        if speeches.is_empty() {
            return self.line("没有发言记录。");
        }
        self.line(&head(&["时间", "会场", "方式"]));
        for speech in speeches.iter().take(MOST_ROWS) {
            let how = match speech.how {
                How::Chair => "主持",
                How::Floor => "发言",
                How::Broadcast => "广播会场",
            };
            let when = self.clocks(speech.from, speech.to);
            self.line(&row([when.as_str(), minutes.name(&speech.venue), how]));
        }
        self.rest(speeches.len());
    }

    fn ballots(&mut self, minutes: &Minutes) {
        if minutes.ballots.is_empty() {
            return;
        }
        self.section("表决与签到");
        for (ballot, counts) in minutes.ballots.iter().zip(&minutes.counts) {
            let when = self.clocks(ballot.begun, ballot.ended);
            match ballot.kind {
                BallotKind::Vote => {
                    let secrecy = if ballot.is_secret { "无记名" } else { "记名" };
                    self.line(&format!("表决“{}”（{secrecy}，{when}）：{} 个会场投票。", inline(&ballot.title), ballot.votes.len()));
                    self.votes(minutes, ballot, counts);
                }
                BallotKind::SignIn => {
                    let names: Vec<String> = ballot.votes.keys().map(|venue| inline(minutes.name(venue))).collect();
                    self.line(&format!("签到“{}”（{when}）：{} 个会场。{}", inline(&ballot.title), names.len(), names.join("、")));
                }
            }
        }
    }

    /// Of a secret vote the counts alone.
    fn votes(&mut self, minutes: &Minutes, ballot: &Ballot, counts: &[usize]) {
        let titles: &[&str] = if ballot.is_secret { &["选项", "票数"] } else { &["选项", "票数", "会场"] };
        self.line(&head(titles));
        for (at, option) in ballot.options.iter().enumerate() {
            let count = counts.get(at).copied().unwrap_or(0).to_string();
            let who = ballot.votes.iter().filter(|(_, vote)| vote.choice as usize == at).map(|(venue, _)| inline(minutes.name(venue)));
            match ballot.is_secret {
                true => self.line(&row([option.as_str(), &count])),
                false => self.line(&row([option.as_str(), &count, &who.collect::<Vec<_>>().join("、")])),
            }
        }
        self.line("");
    }

    fn papers(&mut self, minutes: &Minutes) {
        if minutes.papers.is_empty() {
            return;
        }
        self.section("会议材料");
        for paper in &minutes.papers {
            self.line(&format!("- {}", inline(paper)));
        }
    }

    fn events(&mut self, minutes: &Minutes) {
        self.section("会议过程");
        let events = &minutes.course.events;
        if events.is_empty() {
            return self.line("没有过程记录。");
        }
        for (at, event) in events.iter().take(MOST_ROWS) {
            let said = said(minutes, event);
            let line = format!("- {} {}", self.clock(*at), inline(&said));
            self.line(&line);
        }
        self.line("");
        self.rest(events.len());
    }

    fn rest(&mut self, all: usize) {
        if all > MOST_ROWS {
            self.line(&format!("> 共 {all} 条，以上为前 {MOST_ROWS} 条，其余从略。"));
        }
    }

    fn clock(&self, at: UtcMs) -> String {
        self.zone.time(at).strftime("%H:%M").to_string()
    }

    fn clocks(&self, from: UtcMs, to: Option<UtcMs>) -> String {
        format!("{}–{}", self.clock(from), to.map(|to| self.clock(to)).unwrap_or_default())
    }

    fn moment(&self, at: UtcMs) -> String {
        let date = self.zone.date(at);
        format!("{} 年 {} 月 {} 日 {}", date.year(), date.month(), date.day(), self.clock(at))
    }

    fn span(&self, from: UtcMs, to: Option<UtcMs>) -> String {
        match to {
            Some(to) if self.zone.date(to) != self.zone.date(from) => format!("{} 至 {}", self.moment(from), self.moment(to)),
            Some(to) => format!("{}–{}", self.moment(from), self.clock(to)),
            None => self.moment(from),
        }
    }
}

pub(super) fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Lecture => "报告会",
        Mode::Discussion => "讨论会",
        Mode::Training => "培训",
        Mode::Emergency => "应急会商",
    }
}

pub(super) fn mark(of: &Attended) -> &'static str {
    match (of.mark, of.is_marked_by_chair) {
        (Some(RollMark::Present), false) => "到",
        (Some(RollMark::Present), true) => "到（代答）",
        (Some(RollMark::Late), false) => "迟到",
        (Some(RollMark::Late), true) => "迟到（代答）",
        (Some(RollMark::Absent), false) => "缺席",
        (Some(RollMark::Absent), true) => "缺席（代答）",
        (None, _) if of.stays.is_empty() => "未到",
        (None, _) => "到会",
    }
}

pub(super) fn counted(counted: Option<Counted>) -> &'static str {
    match counted {
        Some(Counted::Typed) => "会上填报",
        Some(Counted::Reply) => "按回复",
        Some(Counted::One) => "未报，按 1 人",
        None => "",
    }
}

fn people(of: &Attended) -> String {
    match of.counted {
        None => String::new(),
        Some(Counted::Reply) => format!("{}（按回复）", of.headcount.unwrap_or(1)),
        Some(_) => of.headcount.unwrap_or(1).to_string(),
    }
}

fn said(minutes: &Minutes, event: &Event) -> String {
    match event {
        Event::Opened => "会场开门".to_owned(),
        Event::RollCalled => "开始点名".to_owned(),
        Event::RollEnded => "点名结束".to_owned(),
        Event::Began => "宣布开会".to_owned(),
        Event::Paused => "休会".to_owned(),
        Event::Resumed => "复会".to_owned(),
        Event::Extended(by) => format!("会议延长 {by} 分钟"),
        Event::ChairTaken(venue) => format!("由 {} 主持", minutes.name(venue)),
        Event::Invited(title) => format!("邀请 {title} 入会"),
        Event::Removed(venue) => format!("请 {} 离会", minutes.name(venue)),
        Event::VoteBegan(title) => format!("发起表决“{title}”"),
        Event::SignInBegan(title) => format!("发起签到“{title}”"),
        Event::Closed => "会议结束".to_owned(),
    }
}
