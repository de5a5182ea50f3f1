//! What a journey costs: a table that operators of the root edit.

use serde::{Deserialize, Serialize};

use crate::base::UnitId;
use crate::meeting::after::places::Places;
use crate::meeting::{MeetingError, Meetings};
use crate::org::{Caller, Org, Record, Role};

const SETTING: &str = "savings_rates";
const MOST_YUAN: u32 = 100_000;
const MOST_LEVELS: usize = 50;
const MOST_UNITS: usize = 2_000;
/// What Haixi's finance office reckons with.
const YUAN: u32 = 200;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rates {
    /// Per head and meeting, where nothing else is said.
    pub yuan: u32,
    /// By the local word for a region's level: 市, 县 …; 0: journeys from there are not counted.
    #[serde(default)]
    pub levels: Vec<LevelRate>,
    /// Of a unit and those below it, whatever their level; 0: it is in the same town.
    #[serde(default)]
    pub units: Vec<UnitRate>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LevelRate {
    pub level: String,
    pub yuan: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnitRate {
    pub unit: UnitId,
    pub yuan: u32,
}

impl Default for Rates {
    fn default() -> Self {
        Self { yuan: YUAN, levels: Vec::new(), units: Vec::new() }
    }
}

impl Rates {
    /// What a journey from this place costs.
    pub fn of(&self, places: &Places, place: &UnitId) -> u32 {
        let own = places.upward(place).find_map(|above| self.units.iter().find(|rate| rate.unit == *above));
        let level = || self.levels.iter().find(|rate| rate.level == places.level(place)).map(|rate| rate.yuan);
        own.map(|rate| rate.yuan).or_else(level).unwrap_or(self.yuan)
    }
}

impl Meetings {
    pub(in crate::meeting::after) async fn rates(&self) -> Result<Rates, MeetingError> {
        let kept = self.0.store.setting(SETTING).await?;
        Ok(kept.and_then(|kept| serde_json::from_str(&kept).ok()).unwrap_or_default())
    }

    /// For operators of the root: the rates are those of all.
    pub async fn set_rates(&self, caller: &Caller, rates: Rates) -> Result<Rates, MeetingError> {
        caller.require_signed_in()?;
        caller.require(Role::Operator, &Org::root())?;
        let rates = self.checked(rates)?;
        let before = self.rates().await?;
        let mut change = self.0.store.change().await?;
        change.set_setting(SETTING, &serde_json::to_string(&rates).unwrap_or_default()).await?;
        let record = Record::new("savings.rates", "rates").on(&Org::root()).before(&before).after(&rates);
        change.append_audit(&self.0.org.entry(&caller.actor(), record)).await?;
        change.commit_apart().await?;
        Ok(rates)
    }

    fn checked(&self, mut rates: Rates) -> Result<Rates, MeetingError> {
        let all = [rates.yuan].into_iter().chain(rates.levels.iter().map(|rate| rate.yuan)).chain(rates.units.iter().map(|rate| rate.yuan));
        if let Some(yuan) = all.into_iter().find(|yuan| *yuan > MOST_YUAN) {
            return Err(MeetingError::invalid(
                "yuan",
                format!("每人次 {yuan} 元过高,最多 {MOST_YUAN} 元 / {yuan} yuan per head is too much, at most {MOST_YUAN}"),
            ));
        }
        if rates.levels.len() > MOST_LEVELS || rates.units.len() > MOST_UNITS {
            return Err(MeetingError::invalid(
                "rates",
                format!("标准过多:最多 {MOST_LEVELS} 个级别、{MOST_UNITS} 个单位 / too many rates: at most {MOST_LEVELS} levels and {MOST_UNITS} units"),
            ));
        }
        let directory = self.0.org.directory();
        for rate in &rates.units {
            directory.unit(&rate.unit).ok_or_else(|| MeetingError::missing("unit", &rate.unit))?;
        }
        for rate in &mut rates.levels {
            rate.level = rate.level.trim().to_owned();
            if rate.level.is_empty() || rate.level.chars().count() > 40 || rate.level.chars().any(char::is_control) {
                return Err(MeetingError::invalid("level", "级别应为 1 到 40 个字 / a level has 1 to 40 characters"));
            }
        }
        // The last word counts.
        rates.levels.reverse();
        let mut seen = Vec::new();
        rates.levels.retain(|rate| {
            !seen.contains(&rate.level) && {
                seen.push(rate.level.clone());
                true
            }
        });
        rates.levels.reverse();
        rates.units.reverse();
        let mut seen = Vec::new();
        rates.units.retain(|rate| {
            !seen.contains(&rate.unit) && {
                seen.push(rate.unit.clone());
                true
            }
        });
        rates.units.reverse();
        Ok(rates)
    }
}
