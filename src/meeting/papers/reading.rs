//! Finding and opening papers, and who has opened them.

use std::path::PathBuf;

use serde::Serialize;

use super::{MeetingPaper, PaperError, Papers, Standing};
use crate::base::{MeetingId, PaperId, VenueId};
use crate::meeting::{Meeting, MeetingVenue, VenueRole};
use crate::org::{Caller, Role};
use crate::store::papers::{Opening, PaperRow};

/// A file to be sent.
#[derive(Debug, Clone)]
pub struct OpenedPaper {
    pub path: PathBuf,
    pub media_type: &'static str,
    /// With an ending that fits the content.
    pub file_name: String,
}

/// A venue of the meeting that has not opened a paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct NotOpened {
    pub venue: VenueId,
    pub title: String,
}

/// Who has opened a paper, and who has not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Receipts {
    pub paper: PaperId,
    pub opened: Vec<Opening>,
    pub not_opened: Vec<NotOpened>,
}

impl Papers {
    /// Those that who asks may see, in their order.
    pub async fn list(&self, standing: &Standing, meeting: &MeetingId) -> Result<Vec<MeetingPaper>, PaperError> {
        let store = &self.0.meetings.0.store;
        let rows = store.papers(meeting).await?;
        let openings = if standing.steers { store.paper_openings(meeting).await? } else { vec![] };
        let opened = |id: &PaperId| openings.iter().filter(|(paper, _)| paper == id).count() as u32;
        Ok(rows.iter().filter(|row| standing.may_see(row)).map(|row| MeetingPaper::of(row, standing, opened(&row.id))).collect())
    }

    pub(super) async fn one(&self, standing: &Standing, row: PaperRow) -> Result<MeetingPaper, PaperError> {
        let openings = if standing.steers { self.0.meetings.0.store.paper_openings(&row.meeting).await? } else { vec![] };
        Ok(MeetingPaper::of(&row, standing, openings.iter().filter(|(paper, _)| *paper == row.id).count() as u32))
    }

    /// Its file; the venue that opens it first has its receipt from now on.
    pub async fn open(&self, standing: &Standing, meeting: &MeetingId, id: &PaperId) -> Result<OpenedPaper, PaperError> {
        let paper = self.visible(standing, meeting, id).await?;
        let store = &self.0.meetings.0.store;
        // Who has it by its own hand needs none.
        if let Some((venue, title)) = standing.reads_as().filter(|(venue, _)| paper.venue.as_ref() != Some(venue)) {
            // A file comes in many parts: one writes.
            if !store.is_paper_opened(id, venue).await? {
                let opening = Opening { venue: venue.clone(), title: title.clone(), name: standing.name.clone(), at: self.0.meetings.now() };
                store.note_paper_opened(id, &opening).await?;
            }
        }
        let known = super::kind::FileType::of_media_type(&paper.media_type);
        Ok(OpenedPaper {
            path: self.0.shelf.path(&paper.hash),
            media_type: known.map_or("application/octet-stream", |known| known.media_type),
            file_name: known.map_or_else(|| paper.file_name.clone(), |known| known.fitting(&paper.file_name)),
        })
    }

    /// For who steers.
    pub async fn receipts(&self, caller: &Caller, standing: &Standing, meeting: &Meeting, id: &PaperId) -> Result<Receipts, PaperError> {
        if !standing.steers {
            caller.require(Role::Chair, &meeting.unit)?;
        }
        let store = &self.0.meetings.0.store;
        let paper = store.paper(&meeting.id, id).await?;
        let all = store.paper_openings(&meeting.id).await?;
        let opened: Vec<Opening> = all.into_iter().filter(|(of, _)| of == id).map(|(_, opening)| opening).collect();
        let missing = |venue: &VenueId| paper.venue.as_ref() != Some(venue) && !opened.iter().any(|opening| opening.venue == *venue);
        // Those who hand papers out are not waited for.
        let reads = |venue: &MeetingVenue| venue.role != VenueRole::Main && venue.venue != VenueId::person(&meeting.chair);
        let not_opened = meeting.venues.iter().filter(|venue| reads(venue) && missing(&venue.venue));
        let not_opened = not_opened.map(|venue| NotOpened { venue: venue.venue.clone(), title: venue.title.clone() }).collect();
        Ok(Receipts { paper: id.clone(), opened, not_opened })
    }
}
