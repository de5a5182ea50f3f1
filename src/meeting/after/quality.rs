//! How the lines were: a grade per minute, what was wrong from when to when, and whom to phone.

use serde::Serialize;

use super::lines::MINUTE_MS;
use crate::base::{MeetingId, UtcMs, VenueId};
use crate::meeting::{MeetingError, Meetings};
use crate::org::{Caller, Directory};
use crate::store::after::LineMinute;

/// In thousandths: 2 % is heard as nothing, 8 % is seen and heard.
const LOSS_SEEN: u32 = 20;
const LOSS_HEARD: u32 = 80;
/// People begin to talk into each other.
const SLOW_MS: u32 = 400;
/// Seconds of a minute.
const A_WHILE: u32 = 10;
/// Seconds of a minute for which the picture stood still: by five somebody lost the thread, by twenty a third of the minute was not seen. Browsers
/// count from a fifth of a second on, so that less than this happens on lines that nobody complains of.
const STILL_SEEN: u32 = 5;
const STILL_LONG: u32 = 20;
const MOST_TROUBLES: usize = 8;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    Good,
    Fair,
    Poor,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TroubleKind {
    /// The connection broke.
    Away,
    Loss,
    /// Less than 100 kb/s.
    Thin,
    /// Pictures gave way.
    Paused,
    /// Pictures stood still on its screen.
    Frozen,
    Delay,
}

/// Something was wrong for some minutes.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Trouble {
    pub kind: TroubleKind,
    pub from: UtcMs,
    pub to: UtcMs,
    /// By kind: per cent of packets lost in the worst minute, the least kb/s, milliseconds of delay in the worst minute, seconds in all.
    pub figure: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct MinuteQuality {
    pub at: UtcMs,
    pub grade: Grade,
    pub up_kbps: u32,
    pub down_kbps: u32,
    pub least_kbps: u32,
    /// Of both ways the worse, in per cent.
    pub loss_percent: f64,
    pub rtt_ms: u32,
    /// The picture stood still on its screen.
    pub frozen_seconds: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct VenueQuality {
    pub venue: VenueId,
    pub title: String,
    pub unit: String,
    pub contact_name: Option<String>,
    pub contact_phone: Option<String>,
    /// Of the venue's line, as the organisation has it.
    pub capacity_kbps: Option<u32>,
    pub grade: Grade,
    /// Seen in all.
    pub seconds: u32,
    pub up_kbps: u32,
    pub down_kbps: u32,
    pub up_loss_percent: f64,
    pub down_loss_percent: f64,
    pub rtt_ms: u32,
    pub worst_rtt_ms: u32,
    /// A picture gave way to the line.
    pub paused_seconds: u32,
    /// The picture stood still on its screen, by what its own browser counted; 0 also where it counts nothing.
    pub frozen_seconds: u32,
    /// Below 100 kb/s.
    pub thin_seconds: u32,
    pub away_seconds: u32,
    /// It came in anew, or its connection broke for a moment.
    pub comebacks: u32,
    pub troubles: Vec<Trouble>,
    pub minutes: Vec<MinuteQuality>,
}

#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct QualityReport {
    /// From the first minute that was seen to the end of the last; both absent where none was.
    pub from: Option<UtcMs>,
    pub to: Option<UtcMs>,
    /// In the order of the tree.
    pub venues: Vec<VenueQuality>,
}

impl Meetings {
    pub async fn quality(&self, caller: &Caller, id: &MeetingId) -> Result<QualityReport, MeetingError> {
        let held = self.held(caller, id).await?;
        let minutes = self.0.store.lines_of(id).await?;
        let directory = self.0.org.directory();
        let from = minutes.iter().map(|of| of.minute).min();
        let to = minutes.iter().map(|of| of.minute + MINUTE_MS).max();
        let mut venues = Vec::new();
        for of in minutes.chunk_by(|a, b| a.venue == b.venue) {
            let Some(first) = of.first() else { continue };
            let place = held.facts.venues.iter().position(|venue| venue.venue == first.venue);
            let known = place.and_then(|at| held.facts.venues.get(at));
            let (title, unit) = known.map_or_else(|| (first.venue.to_string(), String::new()), |venue| (venue.title.clone(), venue.unit.clone()));
            venues.push((place.unwrap_or(usize::MAX), venue(&directory, &first.venue, title, unit, of)));
        }
        venues.sort_by_key(|(place, _)| *place);
        Ok(QualityReport { from, to, venues: venues.into_iter().map(|(_, venue)| venue).collect() })
    }
}

fn venue(directory: &Directory, id: &VenueId, title: String, unit: String, minutes: &[LineMinute]) -> VenueQuality {
    let site = id.as_site().and_then(|site| directory.site(&site));
    let person = id.as_person().and_then(|person| directory.person(&person));
    let seconds: u32 = minutes.iter().map(|of| of.seconds).sum();
    let sum = |of: fn(&LineMinute) -> u32| minutes.iter().map(of).sum::<u32>();
    let mean = |of: fn(&LineMinute) -> u32| {
        minutes.iter().map(|minute| u64::from(of(minute)) * u64::from(minute.seconds)).sum::<u64>() as f64 / f64::from(seconds.max(1))
    };
    let percent = |of: fn(&LineMinute) -> u32| (mean(of) * 10.0).round() / 100.0;
    let graded: Vec<MinuteQuality> = minutes.iter().map(minute).collect();
    let poor = graded.iter().filter(|of| of.grade == Grade::Poor).count();
    let fair = graded.iter().filter(|of| of.grade != Grade::Good).count();
    let grade = match (poor * 10 > graded.len(), fair * 5 > graded.len() || poor > 0) {
        (true, _) => Grade::Poor,
        (false, true) => Grade::Fair,
        (false, false) => Grade::Good,
    };
    VenueQuality {
        venue: id.clone(),
        title,
        unit,
        contact_name: site.and_then(|site| site.contact_name.clone()).or_else(|| person.map(|person| person.display_name.clone())),
        contact_phone: site.and_then(|site| site.contact_phone.clone()),
        capacity_kbps: site.and_then(|site| site.capacity_kbps),
        grade,
        seconds,
        up_kbps: mean(|of| of.up_kbps) as u32,
        down_kbps: mean(|of| of.down_kbps) as u32,
        up_loss_percent: percent(|of| of.up_loss),
        down_loss_percent: percent(|of| of.down_loss),
        rtt_ms: mean(|of| of.rtt_ms) as u32,
        worst_rtt_ms: minutes.iter().map(|of| of.worst_rtt_ms).max().unwrap_or(0),
        paused_seconds: sum(|of| of.paused_seconds),
        frozen_seconds: sum(|of| of.frozen_seconds),
        thin_seconds: sum(|of| of.thin_seconds),
        away_seconds: sum(|of| of.away_seconds),
        comebacks: sum(|of| of.comebacks),
        troubles: troubles(minutes),
        minutes: graded,
    }
}

fn loss(of: &LineMinute) -> u32 {
    of.up_loss.max(of.down_loss)
}

fn minute(of: &LineMinute) -> MinuteQuality {
    let is_poor = loss(of) >= LOSS_HEARD || of.thin_seconds >= 2 * A_WHILE || of.away_seconds >= A_WHILE || of.frozen_seconds >= STILL_LONG;
    let is_slow = of.rtt_ms >= SLOW_MS;
    let is_still = of.paused_seconds >= A_WHILE || of.frozen_seconds >= STILL_SEEN;
    let is_fair = loss(of) >= LOSS_SEEN || of.thin_seconds > 0 || is_still || is_slow || of.comebacks > 0;
    MinuteQuality {
        at: of.minute,
        grade: if is_poor {
            Grade::Poor
        } else if is_fair {
            Grade::Fair
        } else {
            Grade::Good
        },
        up_kbps: of.up_kbps,
        down_kbps: of.down_kbps,
        least_kbps: of.least_kbps,
        loss_percent: f64::from(loss(of)) / 10.0,
        rtt_ms: of.rtt_ms,
        frozen_seconds: of.frozen_seconds,
    }
}

/// How much of a trouble a minute had; none where it was well.
type Figure = fn(&LineMinute) -> Option<f64>;

/// What was wrong, the earliest first; minutes that follow each other are one trouble, one between two that was well included.
pub(super) fn troubles(minutes: &[LineMinute]) -> Vec<Trouble> {
    let mut found = Vec::new();
    let kinds: [(TroubleKind, Figure); 6] = [
        (TroubleKind::Away, |of| (of.away_seconds > 0 || of.comebacks > 0).then(|| f64::from(of.away_seconds))),
        (TroubleKind::Loss, |of| (loss(of) >= LOSS_SEEN).then(|| f64::from(loss(of)) / 10.0)),
        (TroubleKind::Thin, |of| (of.thin_seconds > 0).then(|| f64::from(of.least_kbps))),
        (TroubleKind::Paused, |of| (of.paused_seconds >= A_WHILE).then(|| f64::from(of.paused_seconds))),
        (TroubleKind::Frozen, |of| (of.frozen_seconds >= STILL_SEEN).then(|| f64::from(of.frozen_seconds))),
        (TroubleKind::Delay, |of| (of.rtt_ms >= SLOW_MS).then(|| f64::from(of.rtt_ms))),
    ];
    for (kind, figure) in kinds {
        let mut of_kind: Vec<Trouble> = Vec::new();
        for of in minutes {
            let Some(figure) = figure(of) else { continue };
            let to = of.minute + MINUTE_MS;
            match of_kind.last_mut().filter(|last| of.minute - last.to <= MINUTE_MS) {
                Some(last) => {
                    last.to = to;
                    last.figure = match kind {
                        TroubleKind::Away | TroubleKind::Paused | TroubleKind::Frozen => last.figure + figure,
                        TroubleKind::Thin => last.figure.min(figure),
                        TroubleKind::Loss | TroubleKind::Delay => last.figure.max(figure),
                    };
                }
                None => of_kind.push(Trouble { kind, from: of.minute, to, figure }),
            }
        }
        found.extend(of_kind);
    }
    // The longest are told; of those the earliest first.
    found.sort_by_key(|trouble| std::cmp::Reverse(trouble.to - trouble.from));
    found.truncate(MOST_TROUBLES);
    found.sort_by_key(|trouble| (trouble.from, trouble.kind));
    found
}
