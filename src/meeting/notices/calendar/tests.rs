use proptest::prelude::*;

use super::*;
use crate::meeting::tests::{World, new};
use crate::meeting::{AgendaPoint, NewMeeting};

/// As a reader does it (§3.1): CRLF and a blank go, then lines.
fn unfolded(text: &str) -> Vec<String> {
    text.replace("\r\n ", "").split_terminator("\r\n").map(str::to_owned).collect()
}

fn value(lines: &[String], name: &str) -> String {
    let line = lines.iter().find(|line| line.starts_with(name)).unwrap_or_else(|| panic!("{name}: {lines:?}"));
    line[name.len()..].to_owned()
}

#[tokio::test]
async fn a_meeting_is_an_entry_in_the_calendar() {
    let world = World::new().await;
    let agenda = vec![AgendaPoint { title: "一、学习; 讨论, 总结".to_owned(), minutes: None, speaker: None }];
    let title = "关于\\进一步,加强;安全生产\n工作的会议".repeat(4);
    let meeting = world.book("root", NewMeeting { title: title.clone(), agenda, ..new("root", "root", &["xihu"], 0) }).await.unwrap();
    let text = calendar(std::slice::from_ref(&meeting), "oa@gov.example", None, UtcMs(0));
    assert!(text.ends_with("END:VCALENDAR\r\n"));
    assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
    let lines = unfolded(&text);
    assert_eq!(value(&lines, "METHOD:"), "REQUEST");
    assert_eq!(value(&lines, "UID:"), format!("{}@yizhan", meeting.id));
    assert_eq!((value(&lines, "DTSTART:"), value(&lines, "DTEND:")), ("20261123T010000Z".to_owned(), "20261123T020000Z".to_owned()));
    assert_eq!((value(&lines, "SEQUENCE:"), value(&lines, "STATUS:")), ("0".to_owned(), "CONFIRMED".to_owned()));
    assert_eq!(value(&lines, "ORGANIZER;"), "CN=\"root\":mailto:oa@gov.example");
    let summary = value(&lines, "SUMMARY:");
    assert!(summary.starts_with("关于\\\\进一步\\,加强\\;安全生产\\n工作"), "{summary}");
    let off = Meeting { state: MeetingState::Cancelled, revision: 3, ..meeting };
    let lines = unfolded(&calendar(&[off], "oa@gov.example", Some("zhang@gov.example"), UtcMs(0)));
    assert_eq!((value(&lines, "METHOD:"), value(&lines, "STATUS:"), value(&lines, "SEQUENCE:")), ("CANCEL".to_owned(), "CANCELLED".to_owned(), "3".to_owned()));
    assert!(value(&lines, "ATTENDEE;").ends_with("mailto:zhang@gov.example"));
}

proptest! {
    #[test]
    fn any_text_is_folded_and_comes_back(text in any::<String>()) {
        let inner = escaped(&text);
        let mut out = String::new();
        fold(&mut out, &format!("SUMMARY:{inner}"));
        prop_assert!(out.split("\r\n").all(|line| line.len() <= 75));
        let line = format!("SUMMARY:{inner}");
        prop_assert_eq!(unfolded(&out), vec![line]);
        prop_assert!(!inner.contains(['\r', '\n']));
        prop_assert!(!quoted(&text)[1..quoted(&text).len() - 1].contains(['"', '\r', '\n']));
    }
}
