//! iCalendar (RFC 5545), as invitations travel (RFC 5546): times in UTC, so that no zone needs to be described.

#[cfg(test)]
mod tests;

use jiff::Timestamp;

use crate::base::UtcMs;
use crate::meeting::{Meeting, MeetingState};

/// For whoever fetches it: an invitation, or, where the meeting is off, its cancellation.
pub fn calendar(meetings: &[Meeting], organizer: &str, attendee: Option<&str>, now: UtcMs) -> String {
    let called_off = meetings.iter().all(|meeting| meeting.state == MeetingState::Cancelled);
    write(meetings, organizer, attendee, called_off, now)
}

/// For one recipient; `called_off` also where only they need not come.
pub fn calendar_for(meetings: &[Meeting], organizer: &str, attendee: &str, called_off: bool, now: UtcMs) -> String {
    write(meetings, organizer, Some(attendee), called_off, now)
}

fn write(meetings: &[Meeting], organizer: &str, attendee: Option<&str>, called_off: bool, now: UtcMs) -> String {
    let mut out = String::new();
    let mut line = |text: &str| fold(&mut out, text);
    line("BEGIN:VCALENDAR");
    line("VERSION:2.0");
    line("PRODID:-//Yizhan//Meetings//ZH");
    line(if called_off { "METHOD:CANCEL" } else { "METHOD:REQUEST" });
    for meeting in meetings {
        line("BEGIN:VEVENT");
        line(&format!("UID:{}@yizhan", meeting.id));
        line(&format!("SEQUENCE:{}", meeting.revision));
        line(&format!("DTSTAMP:{}", time(now)));
        line(&format!("DTSTART:{}", time(meeting.starts)));
        line(&format!("DTEND:{}", time(meeting.ends)));
        line(&format!("SUMMARY:{}", escaped(&meeting.title)));
        if let Some(main) = meeting.main_venue() {
            line(&format!("LOCATION:{}", escaped(&main.title)));
        }
        line(&format!("DESCRIPTION:{}", escaped(&description(meeting))));
        line(&format!("ORGANIZER;CN={}:mailto:{organizer}", quoted(&meeting.booked_by_name)));
        if let Some(attendee) = attendee {
            line(&format!("ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE:mailto:{attendee}"));
        }
        line(if called_off { "STATUS:CANCELLED" } else { "STATUS:CONFIRMED" });
        line("END:VEVENT");
    }
    line("END:VCALENDAR");
    out
}

fn description(meeting: &Meeting) -> String {
    let mut lines = vec![format!("主持:{}", meeting.chair_name)];
    lines.extend(meeting.number.as_ref().map(|number| format!("会议号:{number}")));
    lines.extend(meeting.agenda.iter().enumerate().map(|(at, point)| format!("{}. {}", at + 1, point.title)));
    if !meeting.notice.is_empty() {
        lines.push(meeting.notice.clone());
    }
    lines.join("\n")
}

/// `20261125T010000Z` (RFC 5545 §3.3.5, form 2).
fn time(at: UtcMs) -> String {
    Timestamp::from_millisecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH).strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// TEXT (§3.3.11).
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// A parameter's value (§3.2): it has no way to say a quotation mark.
fn quoted(text: &str) -> String {
    let inner: String = text.chars().filter(|c| !c.is_control()).map(|c| if c == '"' { '\'' } else { c }).collect();
    format!("\"{inner}\"")
}

/// One content line of at most 75 octets, continued by lines that begin with a blank (§3.1); characters stay whole.
fn fold(out: &mut String, text: &str) {
    let mut width = 0;
    for c in text.chars() {
        if width + c.len_utf8() > 75 {
            out.push_str("\r\n ");
            width = 1;
        }
        out.push(c);
        width += c.len_utf8();
    }
    out.push_str("\r\n");
}
