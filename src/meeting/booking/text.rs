//! The rules for what people type into a booking.

use crate::base::UtcMs;
use crate::meeting::{AgendaPoint, MeetingError, Paper};

const TITLE: usize = 200;
const NOTICE: usize = 2000;
const POINTS: usize = 100;
const PAPERS: usize = 200;
const HOUR_MS: i64 = 3_600_000;
/// Clocks of browsers are not quite the server's.
const GRACE_MS: i64 = 60_000;
/// How far ahead is booked.
const AHEAD_MS: i64 = 3 * 366 * 24 * HOUR_MS;

pub fn title(field: &'static str, text: &str) -> Result<String, MeetingError> {
    let text = free_text(field, text, TITLE)?;
    if text.is_empty() { Err(MeetingError::invalid(field, format!("{0}不能为空 / {field} is empty", zh(field)))) } else { Ok(text) }
}

pub fn notice(text: &str) -> Result<String, MeetingError> {
    free_text("notice", text, NOTICE)
}

pub fn remark(text: &str) -> Result<String, MeetingError> {
    free_text("remark", text, TITLE)
}

fn zh(field: &str) -> &str {
    match field {
        "title" => "标题",
        "notice" => "须知",
        "remark" => "备注",
        "agenda" => "议程",
        "papers" => "材料",
        other => other,
    }
}

fn free_text(field: &'static str, text: &str, most: usize) -> Result<String, MeetingError> {
    let text = text.trim().replace("\r\n", "\n");
    let count = text.chars().count();
    if count > most {
        return Err(MeetingError::invalid(field, format!("{}过长:{count} 个字符,最多 {most} 个 / {field} has {count} characters, at most {most}", zh(field))));
    }
    if let Some(found) = text.chars().find(|c| c.is_control() && *c != '\n') {
        return Err(MeetingError::invalid(field, format!("{}含控制字符 / {field} holds the control character U+{:04X}", zh(field), found as u32)));
    }
    Ok(text)
}

pub fn agenda(points: Vec<AgendaPoint>) -> Result<Vec<AgendaPoint>, MeetingError> {
    count("agenda", points.len(), POINTS)?;
    let point = |point: AgendaPoint| {
        if let Some(minutes) = point.minutes.filter(|minutes| !(1..=24 * 60).contains(minutes)) {
            return Err(MeetingError::invalid("agenda", format!("议程时长应为 1 到 1440 分钟 / a point takes 1 to 1440 minutes, not {minutes}")));
        }
        let speaker = point.speaker.map(|speaker| free_text("agenda", &speaker, TITLE)).transpose()?.filter(|speaker| !speaker.is_empty());
        Ok(AgendaPoint { title: title("agenda", &point.title)?, minutes: point.minutes, speaker })
    };
    points.into_iter().map(point).collect()
}

pub fn papers(papers: Vec<Paper>, points: usize) -> Result<Vec<Paper>, MeetingError> {
    count("papers", papers.len(), PAPERS)?;
    let paper = |paper: Paper| {
        if let Some(point) = paper.point.filter(|point| *point as usize >= points) {
            return Err(MeetingError::invalid("papers", format!("材料所属的议程第 {point} 项不存在 / there is no point {point} of the agenda")));
        }
        Ok(Paper { title: title("papers", &paper.title)?, point: paper.point })
    };
    papers.into_iter().map(paper).collect()
}

fn count(field: &'static str, count: usize, most: usize) -> Result<(), MeetingError> {
    if count <= most {
        return Ok(());
    }
    Err(MeetingError::invalid(field, format!("{}有 {count} 项,最多 {most} 项 / {field} has {count} items, at most {most}", zh(field))))
}

/// Ends after it starts, and within a day.
pub fn check_times(starts: UtcMs, ends: UtcMs) -> Result<(), MeetingError> {
    let length = ends.0.saturating_sub(starts.0);
    if length <= 0 {
        return Err(MeetingError::invalid("ends", "结束时间应晚于开始时间 / the meeting ends before it starts"));
    }
    if length > 24 * HOUR_MS {
        return Err(MeetingError::invalid("ends", "会议最长 24 小时 / a meeting takes at most 24 hours"));
    }
    Ok(())
}

/// Not in the past, nor further ahead than anybody plans.
pub fn check_start(starts: UtcMs, now: UtcMs) -> Result<(), MeetingError> {
    let ahead = starts.0.saturating_sub(now.0);
    if ahead < -GRACE_MS {
        return Err(MeetingError::invalid("starts", "开始时间已过 / the start is in the past"));
    }
    if ahead > AHEAD_MS {
        return Err(MeetingError::invalid("starts", "最多提前三年预订 / meetings are booked at most three years ahead"));
    }
    Ok(())
}
