//! The sheet as it is asked for.

use serde::Serialize;

use super::rates::Rates;
use super::reckon::{MonthSum, RateSum, Reckoned, RegionSum, SavedJourney, Sum, YearSum, reckon};
use crate::base::{UnitId, UtcMs};
use crate::meeting::after::places::Places;
use crate::meeting::{MeetingError, Meetings};
use crate::org::{Caller, Denied, Role};

/// This year and those before it.
const YEARS: i16 = 5;

#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct SavingsSheet {
    pub unit: UnitId,
    pub title: String,
    pub year: i16,
    pub rates: Rates,
    /// The caller may change the rates.
    pub may_set_rates: bool,
    /// Levels that regions of the tree have, for the rates.
    pub levels: Vec<String>,
    pub total: Sum,
    /// This year and up to four before it, as far as there were meetings.
    pub years: Vec<YearSum>,
    pub months: Vec<MonthSum>,
    pub regions: Vec<RegionSum>,
    /// How the amount comes about: it is the sum of these.
    pub by_rate: Vec<RateSum>,
    /// People in the place of the main venue, and people whose journeys cost nothing by the rates: they saved none.
    pub local: u64,
    pub free: u64,
    /// Of all people: typed in, announced by reply, and one for each venue that said nothing.
    pub typed: u64,
    pub replied: u64,
    pub assumed: u64,
    #[serde(skip)]
    #[schema(ignore)]
    pub journeys: Vec<SavedJourney>,
    /// Of the units in `journeys`.
    #[serde(skip)]
    #[schema(ignore)]
    pub paths: Vec<(UnitId, String)>,
    pub made: UtcMs,
}

impl Meetings {
    /// What venues of the unit and those below it saved in a year, this one where none is named; for its operators and auditors.
    pub async fn savings(&self, caller: &Caller, unit: &UnitId, year: Option<i16>) -> Result<SavingsSheet, MeetingError> {
        caller.require_signed_in()?;
        require_sight(caller, unit)?;
        let directory = self.0.org.directory();
        directory.unit(unit).ok_or_else(|| MeetingError::missing("unit", unit))?;
        let zone = &self.0.zone;
        let year = year.unwrap_or_else(|| zone.date(self.now()).year());
        if !(1970..=9000).contains(&year) {
            return Err(MeetingError::invalid("year", format!("年份 {year} 无效 / {year} is not a year of meetings")));
        }
        self.count_ended().await?;
        let first_day = |year: i16| jiff::civil::Date::new(year, 1, 1).map_or(UtcMs(0), |day| zone.day_start(day));
        let heads = self.0.store.heads(first_day(year - YEARS + 1), first_day(year + 1)).await?;
        let rates = self.rates().await?;
        let places = Places::of(&directory);
        let Reckoned { total, years, months, regions, rates: by_rate, local, free, typed, replied, assumed, journeys } =
            reckon(heads, &rates, &places, unit, zone, year);
        let mut levels: Vec<String> = directory.units.iter().map(|unit| unit.level.clone()).filter(|level| !level.is_empty()).collect();
        levels.sort_unstable();
        levels.dedup();
        let mut paths: Vec<(UnitId, String)> = Vec::new();
        for journey in &journeys {
            if paths.iter().all(|(known, _)| *known != journey.unit) {
                paths.push((journey.unit.clone(), places.path(&journey.unit)));
            }
        }
        Ok(SavingsSheet {
            unit: unit.clone(),
            title: places.title(unit).to_owned(),
            year,
            may_set_rates: caller.may(Role::Operator, &crate::org::Org::root()),
            rates,
            levels,
            total,
            years,
            months,
            regions,
            by_rate,
            local,
            free,
            typed,
            replied,
            assumed,
            journeys,
            paths,
            made: self.now(),
        })
    }
}

fn require_sight(caller: &Caller, unit: &UnitId) -> Result<(), Denied> {
    if caller.may(Role::Auditor, unit) { Ok(()) } else { caller.require(Role::Operator, unit) }
}
