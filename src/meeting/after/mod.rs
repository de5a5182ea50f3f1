//! What is left of a meeting: who attended, its minutes, how its lines were, what it saved.
//!
//! What can be read from the log and the tables is read when it is asked for; kept are the clerk's minutes, the lines' figures, and who is counted.
//! [`documents`] puts each into a [`Document`](crate::document::Document).

pub mod documents;
mod facts;
mod lines;
mod minutes;
mod observer;
mod places;
mod quality;
mod savings;
#[cfg(test)]
mod tests;
mod text;

pub use facts::Held;
pub use minutes::{MinutesVersionView, MinutesView, NewMinutes};
pub(super) use observer::observe;
pub use quality::{Grade, MinuteQuality, QualityReport, Trouble, TroubleKind, VenueQuality};
pub use savings::{LevelRate, MonthSum, RateSum, Rates, RegionSum, SavedJourney, SavingsSheet, Sum, UnitRate, YearSum};

pub use crate::minutes::{Attendance, Attended, Counted, Stayed};
