//! What is said: a notice in Chinese and English, a mail in Chinese.

use crate::base::Zone;
use crate::meeting::booking::when;
use crate::meeting::{Meeting, MeetingState, Mode};
use crate::org::Directory;

#[derive(Debug, Clone)]
pub struct Text {
    pub subject: String,
    /// For the notices' page.
    pub notice: String,
    /// The first sentence of the mail.
    pub opening: String,
}

impl Text {
    fn new(subject: String, zh: String, en: &str) -> Self {
        Self { subject, notice: format!("{zh} / {en}"), opening: zh }
    }
}

/// `,会议号 613001` where it has a number.
fn by_number(meeting: &Meeting) -> (String, String) {
    meeting.number.as_ref().map_or_else(Default::default, |number| (format!(",会议号 {number}"), format!(", number {number}")))
}

/// `,共 12 场` where there are more than one.
fn of_many(count: usize) -> (String, String) {
    if count > 1 { (format!("(共 {count} 场,以下为首场)"), format!(" (the first of {count})")) } else { (String::new(), String::new()) }
}

pub fn invited(directory: &Directory, zone: &Zone, meeting: &Meeting, count: usize) -> Text {
    let (title, unit, when) = (&meeting.title, directory.unit_title(&meeting.unit), when(zone, meeting.starts, meeting.ends));
    let (many_zh, many_en) = of_many(count);
    let (number_zh, number_en) = by_number(meeting);
    let (begins_zh, begins_en) =
        if meeting.state == MeetingState::Open { ("现在开始", "begins now") } else { ("请准时参加并回复参会人数", "please answer") };
    Text::new(
        format!("【会议通知】{title}"),
        format!("{unit}邀请您参加会议“{title}”:{when}{many_zh}{number_zh},{begins_zh}"),
        &format!("{unit} invites you to “{title}”, {when}{many_en}{number_en}; {begins_en}"),
    )
}

pub fn changed(directory: &Directory, zone: &Zone, before: &Meeting, after: &Meeting, count: usize) -> Text {
    let (title, unit) = (&after.title, directory.unit_title(&after.unit));
    let (was, is) = (when(zone, before.starts, before.ends), when(zone, after.starts, after.ends));
    let (many_zh, many_en) = of_many(count);
    let (time_zh, time_en) = if was == is { (is.clone(), is) } else { (format!("由 {was} 改为 {is}"), format!("from {was} to {is}")) };
    Text::new(
        format!("【会议变更】{title}"),
        format!("{unit}的会议“{title}”有变更:{time_zh}{many_zh}"),
        &format!("“{title}” of {unit} has changed: {time_en}{many_en}"),
    )
}

pub fn cancelled(zone: &Zone, meeting: &Meeting, count: usize, reason: &str) -> Text {
    let (title, when) = (&meeting.title, when(zone, meeting.starts, meeting.ends));
    let (many_zh, many_en) = of_many(count);
    let (why_zh, why_en) = if reason.is_empty() { (String::new(), String::new()) } else { (format!(",原因:{reason}"), format!(": {reason}")) };
    Text::new(
        format!("【会议取消】{title}"),
        format!("会议“{title}”({when}){many_zh}已取消{why_zh}"),
        &format!("“{title}”, {when}{many_en}, is cancelled{why_en}"),
    )
}

pub fn no_longer(zone: &Zone, meeting: &Meeting) -> Text {
    let (title, when) = (&meeting.title, when(zone, meeting.starts, meeting.ends));
    Text::new(
        format!("【会议取消】{title}"),
        format!("会议“{title}”({when})已作调整,您无需再参加"),
        &format!("“{title}”, {when}, was changed: you need not take part any more"),
    )
}

pub fn taken(directory: &Directory, zone: &Zone, meeting: &Meeting, taker: &Meeting) -> Text {
    let (title, when, above) = (&meeting.title, when(zone, meeting.starts, meeting.ends), directory.unit_title(&taker.unit));
    Text::new(
        format!("【会议资源被上级征用】{title}"),
        format!("会议“{title}”({when})的会场、主持人或线路被{above}的会议“{}”征用,请另行安排", taker.title),
        &format!("{above} has taken a venue, the chair or a line of “{title}”, {when}, for “{}”: please book anew", taker.title),
    )
}

pub fn given_back(zone: &Zone, meeting: &Meeting) -> Text {
    let (title, when) = (&meeting.title, when(zone, meeting.starts, meeting.ends));
    Text::new(
        format!("【会议恢复】{title}"),
        format!("会议“{title}”({when})的会场和线路已恢复,照常举行"),
        &format!("“{title}”, {when}, has its venues and lines back and takes place"),
    )
}

fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Lecture => "报告会",
        Mode::Discussion => "研讨会",
        Mode::Training => "培训",
        Mode::Emergency => "应急会商",
    }
}

/// The mail.
pub fn letter(directory: &Directory, zone: &Zone, meeting: &Meeting, text: &Text) -> String {
    let mut lines = vec!["您好:".to_owned(), String::new(), format!("{}。", text.opening), String::new()];
    lines.push(format!("会议:{}", meeting.title));
    if let Some(number) = &meeting.number {
        lines.push(format!("会议号:{number}"));
    }
    lines.push(format!("形式:{}", mode(meeting.mode)));
    lines.push(format!("时间:{}", when(zone, meeting.starts, meeting.ends)));
    lines.push(format!("主持:{}", meeting.chair_name));
    lines.push(format!("承办:{}", directory.unit_title(&meeting.unit)));
    if let Some(main) = meeting.main_venue() {
        lines.push(format!("主会场:{}", main.title));
    }
    let branches = meeting.venues.len().saturating_sub(1);
    if branches > 0 {
        lines.push(format!("分会场:{branches} 个"));
    }
    if !meeting.agenda.is_empty() {
        lines.push("议程:".to_owned());
        lines.extend(meeting.agenda.iter().enumerate().map(|(at, point)| {
            let speaker = point.speaker.as_ref().map(|speaker| format!("({speaker})")).unwrap_or_default();
            format!("  {}. {}{speaker}", at + 1, point.title)
        }));
    }
    if !meeting.papers.is_empty() {
        lines.push(format!("材料:{}", meeting.papers.iter().map(|paper| paper.title.as_str()).collect::<Vec<_>>().join("、")));
    }
    if !meeting.notice.is_empty() {
        lines.push(format!("须知:{}", meeting.notice));
    }
    lines.extend([String::new(), "请登录驿站查看并回复。本邮件由系统自动发送。".to_owned(), String::new()]);
    lines.join("\n")
}
