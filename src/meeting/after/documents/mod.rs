//! What is left of a meeting as documents, in Chinese: they go to the files of the office.

mod attendance;
mod quality;
mod savings;

pub use attendance::attendance;
pub use quality::quality;
pub use savings::savings;

use jiff::civil::DateTime;

use super::Held;
use crate::base::{UtcMs, Zone};
use crate::document::{Document, markup};

/// A clerk's minutes.
pub fn minutes(text: &str) -> Document {
    let document = markup::read(text);
    if document.title.is_empty() { Document { title: "会议纪要".to_owned(), ..document } } else { document }
}

fn civil(zone: &Zone, at: UtcMs) -> DateTime {
    zone.date(at).to_datetime(zone.time(at))
}

fn moment(zone: &Zone, at: UtcMs) -> String {
    civil(zone, at).strftime("%Y-%m-%d %H:%M").to_string()
}

fn clock(zone: &Zone, at: UtcMs) -> String {
    zone.time(at).strftime("%H:%M").to_string()
}

/// Which meeting, and when this was made.
fn note(held: &Held, zone: &Zone) -> String {
    format!("{}–{} · {} 制表", moment(zone, held.meeting.starts), clock(zone, held.meeting.ends), moment(zone, held.now))
}
