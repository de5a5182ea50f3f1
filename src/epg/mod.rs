//! The guide and what to record from it: programmes of EIT (ETSI EN 300 468) and of a weekly timetable, recording rules,
//! and the plan that follows from them.
//!
//! Pure: sections, rules and the present time go in; programmes, changes and actions come out.
//! All times are tape time (UTC by this machine).

mod clock;
mod collector;
mod event;
mod guide;
mod plan;
mod programme;
mod rule;
#[cfg(test)]
mod samples;
mod sdt;
mod text;
mod time_of_day;
mod timetable;
mod words;

pub use clock::{SourceClock, TIME_PID, announced_time};
pub use collector::{EIT_PID, Event, GuideChange, GuideCollector, GuideCounts, GuideNews, GuideWarning};
pub use event::{EventSection, RawEvent, SectionError, ServiceRef};
pub use guide::{Changes, Guide, merge, now_and_next};
pub use plan::{Action, CLAIM_AHEAD_MS, Claim, Kept, Situation, Take, TakeState, Tape, Why, expired, plan};
pub use programme::{EventKey, Programme, Source};
pub use rule::{Rule, RuleError, TitleMatch, describe, matches, why_nothing};
pub use sdt::{SDT_PID, SdtCollector, ServiceName};
pub use text::{Charset, CharsetError, Text, decode, decode_parts};
pub use time_of_day::{TimeOfDay, TimeOfDayError, Weekdays, WeekdaysError};
pub use timetable::{Slot, TimetableError, check_timetable, programmes_of};
pub use words::{Words, fold_title};
