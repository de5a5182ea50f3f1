//! The sheet of savings that the finance office asks for: attendances that saved a journey, times what a journey costs.
//!
//! The rule: people who attended at a venue that is not in the place of the main venue did not travel there. A place is the region that the venue's unit is or
//! belongs to (departments and bodies are where their region is). Each of them saved what the rates say of that place: the rate of the unit or the nearest above
//! that has one of its own, else of the place's level (市, 县 …), else the one for all. Guests belong to no place and save nothing.

mod count;
mod rates;
mod reckon;
mod sheet;

pub use rates::{LevelRate, Rates, UnitRate};
pub use reckon::{MonthSum, RateSum, RegionSum, SavedJourney, Sum, YearSum};
pub use sheet::SavingsSheet;
