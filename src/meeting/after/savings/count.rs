//! Who attended meetings that are over, counted once each.

use crate::meeting::{MeetingError, Meetings};
use crate::minutes::Counted;
use crate::store::after::{CountedBy, EndedMeeting, Heads};

const AT_ONCE: u32 = 200;

impl Meetings {
    /// Counts the meetings that ended since the last time.
    pub(super) async fn count_ended(&self) -> Result<(), MeetingError> {
        // One at a time: a second caller finds them counted.
        let _alone = self.0.counting.lock().await;
        loop {
            let ended = self.0.store.uncounted_meetings(AT_ONCE).await?;
            for meeting in &ended {
                self.count(meeting).await?;
            }
            if ended.len() < AT_ONCE as usize {
                return Ok(());
            }
        }
    }

    async fn count(&self, ended: &EndedMeeting) -> Result<(), MeetingError> {
        let held = self.gather(self.meeting(&ended.id).await?).await?;
        let heads = |line: crate::minutes::Attended| {
            let counted = match line.counted? {
                Counted::Typed => CountedBy::Typed,
                Counted::Reply => CountedBy::Reply,
                Counted::One => CountedBy::One,
            };
            let unit = held.units.iter().find(|(venue, _)| *venue == line.venue).and_then(|(_, unit)| unit.clone());
            Some(Heads { venue: line.venue, title: line.title, unit, people: line.headcount.unwrap_or(1), counted })
        };
        let heads: Vec<Heads> = held.attendance().items.into_iter().filter_map(heads).collect();
        Ok(self.0.store.count_meeting(ended, &heads).await?)
    }
}
