//! What a rule keeps, and what has been kept long enough.

use crate::base::{AssetId, UtcMs, Zone};
use crate::epg::Rule;

/// An asset that a rule made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub id: AssetId,
    /// The programme's start.
    pub start: UtcMs,
    /// It can be played: only these count as one of the last.
    pub ready: bool,
}

/// The assets of the rule that are to be removed, oldest first: of the ready ones all but the last `keep_last`, whatever is older than these,
/// and whatever was on more than `keep_days` days ago (in days of the zone).
pub fn expired(rule: &Rule, assets: &[Kept], now: UtcMs, zone: &Zone) -> Vec<AssetId> {
    let mut by_age: Vec<&Kept> = assets.iter().filter(|asset| asset.start <= now).collect();
    by_age.sort_by(|a, b| (b.start, &b.id).cmp(&(a.start, &a.id)));
    let mut ready = 0;
    let mut out = Vec::new();
    for asset in by_age {
        let beyond = rule.keep_last.is_some_and(|last| ready >= last);
        ready += u32::from(asset.ready);
        if beyond || is_too_old(rule, asset.start, now, zone) {
            out.push(asset.id.clone());
        }
    }
    out.reverse();
    out
}

pub(super) fn is_too_old(rule: &Rule, start: UtcMs, now: UtcMs, zone: &Zone) -> bool {
    let days = || zone.date(start).until(zone.date(now)).map_or(0, |span| i64::from(span.get_days()));
    rule.keep_days.is_some_and(|keep| days() > i64::from(keep))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(id: &str, start: i64, ready: bool) -> Kept {
        Kept { id: id.into(), start: UtcMs(start), ready }
    }

    fn rule(keep_last: Option<u32>, keep_days: Option<u32>) -> Rule {
        let rule: Rule = serde_json::from_str(r#"{"id":"r","title":"x","column":"c","enabled":true}"#).unwrap();
        Rule { keep_last, keep_days, ..rule }
    }

    fn ids(ids: Vec<AssetId>) -> Vec<String> {
        ids.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_last_ready_ones_are_kept() {
        let assets = [kept("a", 1, true), kept("failed", 2, false), kept("b", 3, true), kept("c", 4, true), kept("new", 5, false), kept("planned", 99, false)];
        assert_eq!(ids(expired(&rule(Some(2), None), &assets, UtcMs(50), &Zone::utc())), ["a", "failed"]);
        assert_eq!(ids(expired(&rule(None, None), &assets, UtcMs(50), &Zone::utc())), [""; 0]);
    }

    #[test]
    fn days_are_days_of_the_zone() {
        let zone = Zone::named("Asia/Shanghai").unwrap();
        let day = |d: i8| zone.day_start(jiff::civil::date(2026, 11, d));
        let assets = [kept("18th", day(18).0 + 1, true), kept("19th", day(19).0, true), kept("20th", day(20).0, true)];
        assert_eq!(ids(expired(&rule(None, Some(1)), &assets, day(20), &zone)), ["18th"]);
        assert_eq!(ids(expired(&rule(None, Some(1)), &assets, day(21) - 1, &zone)), ["18th"], "yesterday's news stays all day");
        assert_eq!(ids(expired(&rule(None, Some(1)), &assets, day(21), &zone)), ["18th", "19th"]);
    }
}
