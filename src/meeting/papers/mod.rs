//! Papers of a meeting: files that are handed out, read page by page beside the speaker, and receipts of who opened them.
//!
//! [`Papers`] is the handle. Rows say what there is and who has it; the bytes lie on a shelf by their hash. Until a paper is distributed it is seen by those
//! who steer the meeting and by who brought it.

mod changes;
mod keeping;
mod kind;
mod reading;
mod shelf;
mod standing;
#[cfg(test)]
mod tests;
mod text;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;

pub use changes::{NewPaper, PaperPatch};
pub use kind::PaperKind;
pub use reading::{OpenedPaper, Receipts};
pub use standing::{Seat, Standing};

use super::{MeetingError, Meetings};
use crate::base::{PaperId, UtcMs, VenueId};
use crate::org::{Denied, OrgError};
use crate::store::StoreError;
use crate::store::papers::PaperRow;

/// What is kept, and how much of it.
#[derive(Debug, Clone)]
pub struct PaperOptions {
    /// Of one paper.
    pub most_bytes: u64,
    /// Of one meeting.
    pub most_count: u32,
    /// After the end of the meeting.
    pub kept: Duration,
    /// Of the disk, that stay free.
    pub reserve_bytes: u64,
}

/// The handle; cheap to clone.
#[derive(Clone)]
pub struct Papers(Arc<Inner>);

struct Inner {
    meetings: Meetings,
    shelf: shelf::Shelf,
    options: PaperOptions,
    /// Held from putting a file on the shelf until its row is there, and while files without rows are removed.
    placing: tokio::sync::Mutex<()>,
}

#[derive(Debug, thiserror::Error)]
pub enum PaperError {
    #[error(transparent)]
    Meeting(#[from] MeetingError),
    #[error("“{name}”不是可用的材料:可以是 PDF、OFD、图片、Word/Excel/PPT/WPS 文件 / {name} is no paper: PDF, OFD, pictures and office files are taken")]
    Kind { name: String },
    #[error("材料过大:每个最多 {} MB / the paper is too large: {} MB at most", most_bytes >> 20, most_bytes >> 20)]
    TooLarge { most_bytes: u64 },
    #[error("材料过多:每个会议最多 {most} 个 / too many papers: {most} per meeting at most")]
    TooMany { most: u32 },
    #[error("文件是空的 / the file is empty")]
    Empty,
    #[error("文件没有传完({0}),请重新上传 / the upload broke off ({0}): try again")]
    Broken(String),
    #[error("磁盘空间不足,请联系值班人员 / the disk is full: tell the operators")]
    Full,
    #[error("材料不能读写:{0} / the paper cannot be read or written: {0}")]
    Disk(std::io::Error),
}

impl From<std::io::Error> for PaperError {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::StorageFull { Self::Full } else { Self::Disk(error) }
    }
}

impl From<StoreError> for PaperError {
    fn from(error: StoreError) -> Self {
        Self::Meeting(error.into())
    }
}

impl From<OrgError> for PaperError {
    fn from(error: OrgError) -> Self {
        Self::Meeting(error.into())
    }
}

impl From<Denied> for PaperError {
    fn from(error: Denied) -> Self {
        Self::Meeting(error.into())
    }
}

/// A paper, as who asks sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct MeetingPaper {
    pub id: PaperId,
    pub title: String,
    pub file_name: String,
    pub kind: PaperKind,
    pub media_type: String,
    pub bytes: u64,
    /// The point of the agenda it belongs to, from 0.
    pub point: Option<u32>,
    /// The venue that brought it into the room.
    pub venue: Option<VenueId>,
    pub uploaded_by_name: String,
    pub created: UtcMs,
    /// Null: branches do not see it yet.
    pub distributed: Option<UtcMs>,
    /// Who asks may rename and remove it.
    pub may_change: bool,
    /// Venues that have opened it; null for those who do not steer.
    pub opened: Option<u32>,
}

impl MeetingPaper {
    fn of(row: &PaperRow, standing: &Standing, opened: u32) -> Self {
        Self {
            id: row.id.clone(),
            title: row.title.clone(),
            file_name: row.file_name.clone(),
            kind: kind::FileType::of_media_type(&row.media_type).map_or(PaperKind::Office, |found| found.kind),
            media_type: row.media_type.clone(),
            bytes: row.bytes,
            point: row.point,
            venue: row.venue.clone(),
            uploaded_by_name: row.uploaded_by_name.clone(),
            created: row.created,
            distributed: row.distributed,
            may_change: standing.may_change(row),
            opened: standing.steers.then_some(opened),
        }
    }
}

impl Papers {
    /// The files lie in `data`, beside the database.
    pub fn new(meetings: Meetings, data: &Path, options: PaperOptions) -> std::io::Result<Self> {
        let shelf = shelf::Shelf::new(data, options.reserve_bytes)?;
        Ok(Self(Arc::new(Inner { meetings, shelf, options, placing: tokio::sync::Mutex::default() })))
    }

    /// The size that one paper may have.
    pub fn most_bytes(&self) -> u64 {
        self.0.options.most_bytes
    }
}
