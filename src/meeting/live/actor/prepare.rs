//! How a meeting's actor begins: as the meeting was left, or as it is booked.

use std::sync::Arc;

use tokio::sync::{mpsc, watch};

use super::{FORGOTTEN_MS, MeetingActor, News};
use crate::base::{MeetingId, UtcMs, VenueId};
use crate::conduct::{Beginning, Conduct, Expected, Input};
use crate::meeting::live::allowance::Allowance;
use crate::meeting::live::{Live, LiveError, LiveMeeting, WAITING};
use crate::meeting::{Meeting, MeetingState, VenueRole};

pub async fn prepare(live: &Live, id: &MeetingId) -> Result<(LiveMeeting, MeetingActor), LiveError> {
    let (store, clock) = (live.store().clone(), live.clock().clone());
    // First, so that no change falls between.
    let bookings = live.0.meetings.news();
    let looked_up_at = *bookings.borrow();
    let booked = store.meeting(id).await?.ok_or_else(|| LiveError::Missing(id.clone()))?;
    require_held(&booked, clock.now())?;
    let kept = match store.conduct(id).await? {
        Some(kept) => Some(serde_json::from_str::<Conduct>(&kept).map_err(|error| LiveError::Corrupt(id.clone(), error))?),
        None => None,
    };
    let mut conduct = kept.unwrap_or_else(|| Conduct::new(beginning(&booked)));
    conduct.handle(clock.now(), Input::Booked { booking: beginning(&booked), dropped: Vec::new() })?;
    conduct.handle(clock.now(), Input::Restarted)?;
    store.end_stays(id, clock.now()).await?;
    let (messages, inbox) = mpsc::channel(WAITING);
    let (told, watched) = watch::channel(Arc::new(conduct.clone()));
    let actor = MeetingActor {
        id: id.clone(),
        booked,
        bookings,
        looked_up_at,
        conduct,
        told,
        messages: inbox,
        events: live.0.rooms.events(),
        rooms: live.0.rooms.clone(),
        meetings: live.0.meetings.clone(),
        store,
        clock,
        allowance: Allowance::default(),
        governed: Vec::new(),
        news: News::default(),
        is_dropped: false,
    };
    Ok((LiveMeeting { messages, conduct: watched }, actor))
}

/// A meeting that can be held at all.
pub fn require_held(booked: &Meeting, now: UtcMs) -> Result<(), LiveError> {
    match booked.state {
        MeetingState::Cancelled => Err(LiveError::Cancelled(booked.id.clone())),
        MeetingState::Closed => Err(LiveError::Over(booked.id.clone())),
        MeetingState::Booked if now > booked.ends + FORGOTTEN_MS => Err(LiveError::Over(booked.id.clone())),
        MeetingState::Booked | MeetingState::Open => Ok(()),
    }
}

pub fn beginning(meeting: &Meeting) -> Beginning {
    let main = meeting.venues.iter().find(|venue| venue.role == VenueRole::Main).or(meeting.venues.first());
    let chair = VenueId::person(&meeting.chair);
    let main = main.map_or_else(|| chair.clone(), |main| main.venue.clone());
    let mut venues: Vec<Expected> = meeting.venues.iter().map(|venue| Expected { venue: venue.venue.clone(), title: venue.title.clone() }).collect();
    if !venues.iter().any(|venue| venue.venue == main) {
        venues.push(Expected { venue: main.clone(), title: meeting.chair_name.clone() });
    }
    // Who chairs sits in the main venue; where they take part on their own they chair from there.
    let chair = Some(chair).filter(|chair| venues.iter().any(|venue| venue.venue == *chair));
    Beginning { mode: meeting.mode, main, chair, venues, ends: meeting.ends }
}
