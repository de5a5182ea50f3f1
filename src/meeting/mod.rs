//! Meetings: booking them, telling those concerned, holding them.
//!
//! [`Meetings`] is the handle. What is booked are rows of the store; one booking is judged at a time, by all that holds a venue, a chair or a share of a
//! line at its time. Every change is authorised, written with its audit entry, notices and mail in one transaction.

pub mod after;
mod booking;
mod error;
mod groups;
mod guests;
mod invitees;
pub mod live;
mod notices;
pub mod papers;
mod reach;
pub mod stands;
#[cfg(test)]
pub(crate) mod tests;

use std::sync::{Arc, Mutex};

use tokio::sync::{Notify, watch};

pub use booking::{
    Busy, Cancel, Check, DayOfWeek, Every, Holder, ListQuery, MeetingPatch, NewDeskPerson, NewMeeting, NewReply, OccurrenceCheck, Repeat, Scope, ShortLine,
    StartNow,
};
pub use error::MeetingError;
pub use groups::NewVenueGroup;
pub use guests::{GuestSeat, GuestView, MadeGuestLink, NewGuestLink};
pub use invitees::Invitee;
pub use notices::{Courier, Encryption, MailOptions, NoticesQuery};

use reach::Tries;
pub use reach::{Reached, ReachedMeeting, Who};

pub use crate::allocation::PictureSize;
pub use crate::store::guests::{Guest, GuestLink};
pub use crate::store::meetings::{AgendaPoint, DeskPerson, Duty, Meeting, MeetingState, MeetingVenue, Mode, Paper, Reply, VenueRole};
pub use crate::store::notices::{Notice, NoticeKind};
pub use crate::store::venue_groups::VenueGroup;

use crate::base::{Clock, MeetingId, UtcMs, Zone};
use crate::org::{Actor, Caller, Org, Record, Turn};
use crate::store::Store;

/// The handle; cheap to clone.
#[derive(Clone)]
pub struct Meetings(Arc<Inner>);

struct Inner {
    store: Store,
    org: Org,
    clock: Arc<dyn Clock>,
    zone: Zone,
    /// None: no mail is sent.
    mail: Option<MailOptions>,
    /// Held from looking what is free until that is taken.
    booking: tokio::sync::Mutex<()>,
    /// Held while who attended is counted.
    counting: tokio::sync::Mutex<()>,
    /// There is mail to send.
    posted: Notify,
    /// What is booked or held has changed; how often bookings have.
    news: watch::Sender<u64>,
    tries: Mutex<Tries>,
}

impl Meetings {
    pub fn new(store: Store, org: Org, clock: Arc<dyn Clock>, zone: Zone, mail: Option<MailOptions>) -> Self {
        Self(Arc::new(Inner {
            store,
            org,
            clock,
            zone,
            mail,
            booking: tokio::sync::Mutex::new(()),
            counting: tokio::sync::Mutex::new(()),
            posted: Notify::new(),
            news: watch::Sender::new(0),
            tries: Mutex::default(),
        }))
    }

    /// The meeting, whoever asks: for those that hold it. (What a caller may see is [`Meetings::get`].)
    pub async fn meeting(&self, id: &MeetingId) -> Result<Meeting, MeetingError> {
        let mut meeting = self.0.store.meeting(id).await?.ok_or_else(|| MeetingError::missing("meeting", id))?;
        self.numbered(std::slice::from_mut(&mut meeting));
        Ok(meeting)
    }

    /// Whether the caller may run the desk: the chair, who acts for them, or who holds the chair role on the unit.
    pub fn may_steer(caller: &Caller, meeting: &Meeting) -> bool {
        booking::rights::may_change(caller, meeting).is_ok()
    }

    /// Opens (`booked`, or `closed` by mistake → `open`) or closes (`booked`, `open` → `closed`) a meeting. To be in the state already is no error.
    pub async fn set_state(&self, by: &Actor, id: &MeetingId, state: MeetingState) -> Result<Meeting, MeetingError> {
        use MeetingState::{Booked, Closed, Open};
        let _alone = self.0.booking.lock().await;
        let before = self.meeting(id).await?;
        let action = match (before.state, state) {
            (from, to) if from == to => return Ok(before),
            (Booked | Closed, Open) => "meeting.open",
            (Booked | Open, Closed) => "meeting.close",
            (from, to) => return Err(MeetingError::State { from, to: Some(to) }),
        };
        let mut turn = self.0.org.turn(&self.0.org.as_server()).await?;
        turn.change.set_meeting_state(id, state, self.now()).await?;
        turn.change.append_audit(&self.0.org.entry(by, Record::new(action, id).on(&before.unit))).await?;
        let is_renumbered = self.settle_number(&mut turn, &[Meeting { state, ..before }]).await?;
        self.commit(turn, is_renumbered).await?;
        self.meeting(id).await
    }

    /// Extends or shortens an open meeting. What others have booked after it is not asked: who sits in the room goes on.
    pub async fn set_end(&self, by: &Actor, id: &MeetingId, ends: UtcMs) -> Result<Meeting, MeetingError> {
        let _alone = self.0.booking.lock().await;
        let before = self.meeting(id).await?;
        if before.state != MeetingState::Open {
            return Err(MeetingError::State { from: before.state, to: None });
        }
        booking::check_times(before.starts, ends)?;
        let mut turn = self.0.org.turn(&self.0.org.as_server()).await?;
        turn.change.set_meeting_end(id, ends).await?;
        let record = Record::new("meeting.extend", id).on(&before.unit).before(&before.ends).after(&ends);
        turn.change.append_audit(&self.0.org.entry(by, record)).await?;
        let is_renumbered = self.settle_number(&mut turn, &[Meeting { ends, ..before }]).await?;
        self.commit(turn, is_renumbered).await?;
        self.meeting(id).await
    }

    /// The state of the conduct, as last written.
    pub async fn conduct(&self, id: &MeetingId) -> Result<Option<String>, MeetingError> {
        Ok(self.0.store.conduct(id).await?)
    }

    /// Makes a change of bookings so; the organisation's picture is read anew only where a number has changed.
    async fn commit(&self, turn: Turn<'_>, is_renumbered: bool) -> Result<(), MeetingError> {
        match is_renumbered {
            true => turn.finish().await?,
            false => turn.finish_apart().await?,
        }
        self.0.posted.notify_one();
        self.tell_booked();
        Ok(())
    }

    /// What is booked, or how it is answered, has changed: those who stand ready look again.
    fn tell_booked(&self) {
        self.0.news.send_modify(|booked| *booked += 1);
    }

    /// A meeting that is held has changed.
    fn tell_held(&self) {
        self.0.news.send_modify(|_| ());
    }

    /// Tells of every change of what is booked and held, with how often bookings have changed; who is slow hears of it once.
    pub fn news(&self) -> watch::Receiver<u64> {
        self.0.news.subscribe()
    }

    /// The zone that people's times are in.
    pub fn zone(&self) -> &Zone {
        &self.0.zone
    }

    fn now(&self) -> UtcMs {
        self.0.clock.now()
    }
}
