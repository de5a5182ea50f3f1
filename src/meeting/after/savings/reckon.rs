//! The reckoning itself, without a database.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::civil::Date;
use serde::Serialize;

use super::Rates;
use crate::base::{MeetingId, UnitId, UtcMs, VenueId, Zone};
use crate::meeting::after::places::Places;
use crate::store::after::{CountedBy, HeadsOfMeeting};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Sum {
    pub meetings: u64,
    /// Venues that attended, each meeting for itself.
    pub venues: u64,
    /// People who attended.
    pub people: u64,
    /// Of them, those who saved a journey.
    pub journeys: u64,
    pub yuan: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct YearSum {
    pub year: i16,
    pub sum: Sum,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct MonthSum {
    /// 1 to 12.
    pub month: i8,
    pub sum: Sum,
}

/// A unit directly below the one that is asked about, with all that is below it; or that one itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct RegionSum {
    pub unit: UnitId,
    pub title: String,
    pub level: String,
    /// The unit itself, without those below it.
    pub is_own: bool,
    pub sum: Sum,
}

/// Journeys of one level at one rate: `journeys × yuan_each = yuan`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct RateSum {
    pub level: String,
    pub yuan_each: u32,
    pub journeys: u64,
    pub yuan: u64,
}

/// A venue in a meeting, and what its people saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedJourney {
    pub meeting: MeetingId,
    pub title: String,
    pub starts: UtcMs,
    pub main_title: String,
    pub venue: VenueId,
    pub venue_title: String,
    pub unit: UnitId,
    pub people: u32,
    pub counted: CountedBy,
    /// In the place of the main venue: no journey.
    pub is_local: bool,
    pub yuan_each: u32,
}

impl SavedJourney {
    pub fn journeys(&self) -> u64 {
        if self.is_local || self.yuan_each == 0 { 0 } else { u64::from(self.people) }
    }

    pub fn yuan(&self) -> u64 {
        self.journeys() * u64::from(self.yuan_each)
    }
}

/// What is put into sums: which meetings were counted already.
#[derive(Default)]
struct Summing {
    sum: Sum,
    meetings: HashSet<MeetingId>,
}

impl Summing {
    fn add(&mut self, of: &SavedJourney) {
        self.meetings.insert(of.meeting.clone());
        self.sum.meetings = self.meetings.len() as u64;
        self.sum.venues += 1;
        self.sum.people += u64::from(of.people);
        self.sum.journeys += of.journeys();
        self.sum.yuan += of.yuan();
    }
}

/// The sums of one year; `years` of all that were handed in.
#[derive(Debug, Default)]
pub struct Reckoned {
    pub total: Sum,
    pub years: Vec<YearSum>,
    pub months: Vec<MonthSum>,
    pub regions: Vec<RegionSum>,
    pub rates: Vec<RateSum>,
    pub local: u64,
    pub free: u64,
    pub typed: u64,
    pub replied: u64,
    pub assumed: u64,
    /// Of the year, in their order.
    pub journeys: Vec<SavedJourney>,
}

/// Of the venues below `top`, whosever meeting it was: their people are those who stayed at home.
pub fn reckon(heads: Vec<HeadsOfMeeting>, rates: &Rates, places: &Places, top: &UnitId, zone: &Zone, year: i16) -> Reckoned {
    let mut reckoned = Reckoned::default();
    let (mut total, mut years): (Summing, BTreeMap<i16, Summing>) = Default::default();
    let mut months: Vec<Summing> = (0..12).map(|_| Summing::default()).collect();
    let mut regions: HashMap<Option<UnitId>, Summing> = HashMap::new();
    let mut by_rate: BTreeMap<(String, u32), u64> = BTreeMap::new();
    for of in heads {
        let Some(journey) = journey(of, rates, places, top) else { continue };
        let date: Date = zone.date(journey.starts);
        years.entry(date.year()).or_default().add(&journey);
        if date.year() != year {
            continue;
        }
        total.add(&journey);
        if let Some(month) = months.get_mut(date.month() as usize - 1) {
            month.add(&journey);
        }
        regions.entry(places.branch(top, &journey.unit).cloned()).or_default().add(&journey);
        let people = u64::from(journey.people);
        match journey.counted {
            CountedBy::Typed => reckoned.typed += people,
            CountedBy::Reply => reckoned.replied += people,
            CountedBy::One => reckoned.assumed += people,
        }
        match (journey.is_local, journey.yuan_each) {
            (true, _) => reckoned.local += people,
            (false, 0) => reckoned.free += people,
            (false, each) => *by_rate.entry((places.level(places.place(&journey.unit)).to_owned(), each)).or_default() += people,
        }
        reckoned.journeys.push(journey);
    }
    reckoned.total = total.sum;
    reckoned.years = years.into_iter().map(|(year, of)| YearSum { year, sum: of.sum }).collect();
    reckoned.months = months.into_iter().zip(1..).map(|(of, month)| MonthSum { month, sum: of.sum }).collect();
    reckoned.rates =
        by_rate.into_iter().map(|((level, yuan_each), journeys)| RateSum { level, yuan_each, journeys, yuan: journeys * u64::from(yuan_each) }).collect();
    let region = |(unit, of): (Option<UnitId>, Summing)| {
        let (unit, is_own) = unit.map_or_else(|| (top.clone(), true), |unit| (unit, false));
        RegionSum { title: places.title(&unit).to_owned(), level: places.level(&unit).to_owned(), unit, is_own, sum: of.sum }
    };
    reckoned.regions = regions.into_iter().map(region).collect();
    reckoned.regions.sort_by_key(|region| (places.order(Some(&region.unit)), region.unit.clone()));
    reckoned
}

fn journey(of: HeadsOfMeeting, rates: &Rates, places: &Places, top: &UnitId) -> Option<SavedJourney> {
    // Guests belong nowhere.
    let unit = of.heads.unit.filter(|unit| places.contains(top, unit))?;
    let place = places.place(&unit);
    let is_local = of.is_main || of.main_unit.as_ref().is_none_or(|main| places.place(main) == place);
    Some(SavedJourney {
        yuan_each: rates.of(places, place),
        is_local,
        meeting: of.meeting,
        title: of.title,
        starts: of.starts,
        main_title: of.main_title,
        venue: of.heads.venue,
        venue_title: of.heads.title,
        people: of.heads.people,
        counted: of.heads.counted,
        unit,
    })
}
