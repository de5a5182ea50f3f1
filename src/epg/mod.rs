//! The guide and what to record from it: programmes of EIT (ETSI EN 300 468) and of a weekly timetable, recording rules,
//! and the plan that follows from them.
//!
//! Pure: sections, rules and the present time go in; programmes, changes and actions come out.
//! All times are tape time (UTC by this machine).

mod programme;
mod rule;
mod time_of_day;
mod timetable;
mod words;

pub use programme::{EventKey, Programme, Source};
pub use rule::{Rule, RuleError, TitleMatch, describe, matches};
pub use time_of_day::{TimeOfDay, TimeOfDayError, Weekdays, WeekdaysError};
pub use timetable::{Slot, TimetableError, check_timetable, programmes_of};
pub use words::{Words, fold_title};
