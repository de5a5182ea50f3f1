//! Whether venues, chair and lines are free, and what a unit above may take.

use std::collections::HashMap;

use serde::Serialize;

use super::rights::may_see;
use crate::allocation::PictureSize;
use crate::allocation::lines::{Asked, Bottleneck, Line, Lines, Reservation};
use crate::base::{MeetingId, SiteId, UnitId, UtcMs, Venue, VenueId, Zone};
use crate::meeting::{Meeting, MeetingState, Mode, Reply};
use crate::org::{Caller, Directory, Site};
use crate::store::meetings::MeetingVenue;

/// A venue or person that another meeting has at the time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Busy {
    pub venue: VenueId,
    pub title: String,
    /// The other meeting.
    pub meeting: MeetingId,
    /// Its title, if the caller may see it.
    pub meeting_title: Option<String>,
    pub unit: UnitId,
    pub unit_title: String,
    /// The name of who booked it.
    pub booked_by: String,
    pub starts: UtcMs,
    pub ends: UtcMs,
    /// Its time, for people.
    #[serde(skip)]
    pub when: String,
}

/// The line that allows the least.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ShortLine {
    pub site: SiteId,
    pub site_title: String,
    /// What media may use of the line.
    pub share_kbps: u32,
    /// What other meetings leave of it.
    pub free_kbps: u32,
    /// The picture that was looked at, and what it takes on this line.
    pub asked: PictureSize,
    pub needed_kbps: u32,
    /// The largest picture that fits; null: not even sound.
    pub largest: Option<PictureSize>,
    pub held_by: Vec<Holder>,
    #[serde(skip)]
    pub when: String,
}

/// A meeting that has a share of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Holder {
    pub meeting: MeetingId,
    /// If the caller may see it.
    pub title: Option<String>,
    pub unit: UnitId,
    pub unit_title: String,
}

/// What came out for one meeting.
pub(super) struct Outcome {
    /// None where it does not fit.
    pub picture: Option<PictureSize>,
    pub busy: Vec<Busy>,
    pub line: Option<ShortLine>,
    pub takes: Vec<MeetingId>,
}

/// The lines, and what is booked on them and elsewhere in some span of time.
pub(super) struct Bookings<'a> {
    caller: &'a Caller,
    directory: &'a Directory,
    zone: &'a Zone,
    lines: Lines,
    sites_of: HashMap<&'a UnitId, &'a Site>,
    others: Vec<Meeting>,
}

impl<'a> Bookings<'a> {
    /// `others` are all meetings of the time, of which those count that hold something.
    pub fn new(caller: &'a Caller, directory: &'a Directory, zone: &'a Zone, others: Vec<Meeting>) -> Self {
        // Where a unit has several sites, the one with the widest line stands for it.
        let mut sites_of: HashMap<&UnitId, &Site> = HashMap::new();
        let width = |site: &Site| site.capacity_kbps.map_or(u64::MAX, |kbps| u64::from(kbps) * u64::from(site.media_share_percent));
        for site in &directory.sites {
            let best = sites_of.entry(&site.unit).or_insert(site);
            if width(site) > width(best) {
                *best = site;
            }
        }
        let line = |site: &Site| Line {
            site: site.id.clone(),
            parent: directory.tree.upward(&site.unit).skip(1).find_map(|unit| sites_of.get(unit)).map(|above| above.id.clone()),
            capacity_kbps: site.capacity_kbps,
            share_percent: site.media_share_percent,
            post: false,
        };
        let lines = Lines::new(directory.sites.iter().map(line));
        Self { caller, directory, zone, lines, sites_of, others: others.into_iter().filter(Meeting::holds).collect() }
    }

    /// Takes this one into account for those that are looked at after it.
    pub fn add(&mut self, meeting: Meeting) {
        self.others.push(meeting);
    }

    /// Whether the meeting could be held as it is. `size`: none for the largest that fits.
    pub fn examine(&self, meeting: &Meeting, size: Option<PictureSize>, take: bool) -> Outcome {
        let overlaps = |other: &&Meeting| other.id != meeting.id && other.starts < meeting.ends && meeting.starts < other.ends;
        let others: Vec<&Meeting> = self.others.iter().filter(overlaps).collect();
        let may_take = |other: &Meeting| take && self.is_above(meeting, other);
        let (mut busy, mut takes) = (vec![], vec![]);
        for other in &others {
            let shared: Vec<VenueId> = wanted(meeting).filter(|venue| held(other).any(|held| held == *venue)).collect();
            match shared.is_empty() {
                false if may_take(other) => takes.push(other.id.clone()),
                _ => busy.extend(shared.into_iter().map(|venue| self.busy(meeting, other, venue))),
            }
        }
        let asked = Asked { from: meeting.starts, to: meeting.ends, receivers: self.receivers(&meeting.venues) };
        let least = size.unwrap_or(PictureSize::Audio);
        let bottleneck = loop {
            let left: Vec<Reservation> = others.iter().filter(|other| !takes.contains(&other.id)).map(|other| self.reservation(other)).collect();
            let found = self.lines.bottleneck(&left, &asked);
            let lacking = found.as_ref().filter(|found| !found.fits(least.copy_kbps()));
            let given_up = lacking.and_then(|line| line.held_by.iter().find(|holder| others.iter().any(|other| other.id == **holder && may_take(other))));
            match given_up {
                Some(holder) => takes.push(holder.clone()),
                None => break found,
            }
        };
        let picture = match &bottleneck {
            None => Some(size.unwrap_or(PictureSize::P1080)),
            Some(line) => size.or_else(|| line.largest()).filter(|size| line.fits(size.copy_kbps())),
        };
        let line = bottleneck.map(|line| self.short_line(meeting, picture.unwrap_or(least), line));
        Outcome { picture: picture.filter(|_| busy.is_empty()), busy, line, takes }
    }

    /// Whether the other is of a unit below, and not under way (an emergency takes also from those).
    fn is_above(&self, meeting: &Meeting, other: &Meeting) -> bool {
        let below = meeting.unit != other.unit && self.directory.tree.contains(&meeting.unit, &other.unit);
        below && (other.state == MeetingState::Booked || meeting.mode == Mode::Emergency)
    }

    fn reservation(&self, meeting: &Meeting) -> Reservation {
        let asked = Asked { from: meeting.starts, to: meeting.ends, receivers: self.receivers(&meeting.venues) };
        Reservation { meeting: meeting.id.clone(), asked, copy_kbps: meeting.copy_kbps }
    }

    /// Where the copies go: a person on their own is taken to sit at the site of their unit, or the nearest above it.
    fn receivers(&self, venues: &[MeetingVenue]) -> Vec<SiteId> {
        let coming = venues.iter().filter(|venue| venue.reply != Reply::Declined);
        let site = |venue: &MeetingVenue| match venue.venue.what() {
            Venue::Site(site) => Some(site),
            Venue::Person(_) => self.directory.tree.upward(&venue.unit).find_map(|unit| self.sites_of.get(unit)).map(|site| site.id.clone()),
            Venue::Guest(_) => None,
        };
        coming.filter_map(site).collect()
    }

    fn busy(&self, meeting: &Meeting, other: &Meeting, venue: VenueId) -> Busy {
        let known = meeting.venue(&venue).map(|venue| venue.title.clone());
        Busy {
            title: known.unwrap_or_else(|| meeting.chair_name.clone()),
            venue,
            meeting: other.id.clone(),
            meeting_title: may_see(self.caller, other).then(|| other.title.clone()),
            unit: other.unit.clone(),
            unit_title: self.directory.unit_title(&other.unit).to_owned(),
            booked_by: other.booked_by_name.clone(),
            starts: other.starts,
            ends: other.ends,
            when: when(self.zone, other.starts, other.ends),
        }
    }

    fn short_line(&self, meeting: &Meeting, size: PictureSize, line: Bottleneck) -> ShortLine {
        let holder = |id: &MeetingId| {
            let other = self.others.iter().find(|other| other.id == *id)?;
            Some(Holder {
                meeting: id.clone(),
                title: may_see(self.caller, other).then(|| other.title.clone()),
                unit: other.unit.clone(),
                unit_title: self.directory.unit_title(&other.unit).to_owned(),
            })
        };
        ShortLine {
            site_title: self.directory.site(&line.site).map_or_else(|| line.site.to_string(), |site| site.title.clone()),
            share_kbps: line.share_kbps,
            free_kbps: line.free_kbps,
            asked: size,
            needed_kbps: line.needed_kbps(size.copy_kbps()),
            largest: line.largest(),
            held_by: line.held_by.iter().filter_map(holder).collect(),
            when: when(self.zone, meeting.starts, meeting.ends),
            site: line.site,
        }
    }
}

fn chair(meeting: &Meeting) -> VenueId {
    VenueId::person(&meeting.chair)
}

/// What a meeting needs for itself: its venues and its chair, each once.
fn wanted(meeting: &Meeting) -> impl Iterator<Item = VenueId> {
    let chair = chair(meeting);
    let coming = meeting.venues.iter().filter(|venue| venue.reply != Reply::Declined && venue.venue != chair);
    coming.map(|venue| venue.venue.clone()).chain(std::iter::once(chair.clone())).collect::<Vec<_>>().into_iter()
}

/// What nobody else can have at its time.
fn held(meeting: &Meeting) -> impl Iterator<Item = VenueId> {
    meeting.venues.iter().filter(|venue| venue.is_held()).map(|venue| venue.venue.clone()).chain(std::iter::once(chair(meeting)))
}

/// `2026-11-25 09:00–11:00`, in the zone.
pub fn when(zone: &Zone, starts: UtcMs, ends: UtcMs) -> String {
    let (day, last) = (zone.date(starts), zone.date(ends));
    let (from, to) = (zone.time(starts).strftime("%H:%M"), zone.time(ends).strftime("%H:%M"));
    if day == last { format!("{day} {from}–{to}") } else { format!("{day} {from} – {last} {to}") }
}
