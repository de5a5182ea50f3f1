//! The shared board of a meeting that is held: who may do what on it, and that everybody sees it.

use serde::Serialize;

use super::{Live, LiveError};
use crate::base::MeetingId;
use crate::conduct::{Actor, BoardAct, Refusal, Role};
use crate::meeting::Meeting;
use crate::store::{Board, BoardChange, StoreError};

/// The topic of the data packets by which the room hears of changes.
const TOPIC: &str = "yizhan.board";

/// What the room is told: the act, and the version of the board that it made. Who missed one asks for the whole.
#[derive(Serialize)]
struct Told<'a> {
    version: i64,
    by: &'a str,
    #[serde(flatten)]
    act: &'a BoardAct,
}

impl Live {
    pub async fn board(&self, id: &MeetingId) -> Result<Board, LiveError> {
        Ok(self.store().board(id).await?)
    }

    /// Does it on the board and tells the room; answers with the board's version.
    pub async fn draw(&self, meeting: &Meeting, actor: &Actor, act: BoardAct) -> Result<i64, LiveError> {
        let (id, conduct) = (&meeting.id, self.meeting(meeting).await?.conduct());
        let steers = matches!(conduct.role(actor), Role::Chair | Role::Desk);
        let by = match actor {
            Actor::Desk => "desk",
            Actor::Venue(venue) if conduct.rights(venue).may_share => venue.as_str(),
            Actor::Venue(_) => return Err(Refusal::MayNotShare.into()),
        };
        if !conduct.is_board_open {
            return Err(Refusal::BoardClosed.into());
        }
        if !self.drawing().entry(id.clone()).or_default().take(self.clock().now(), actor) {
            return Err(LiveError::TooMany);
        }
        let act = act.checked()?;
        let changed = match &act {
            BoardAct::Draw { stroke } => self.store().draw_on_board(id, by, stroke).await,
            BoardAct::Erase { strokes } => self.store().erase_on_board(id, Some(by).filter(|_| !steers), strokes).await,
            BoardAct::Clear { .. } if !steers => return Err(Refusal::NotYours.into()),
            BoardAct::Clear { page } => self.store().clear_board(id, *page).await,
            BoardAct::Turn { page } => self.store().turn_board(id, *page).await,
        };
        let version = match changed {
            Ok(BoardChange::Done(version)) => version,
            Ok(BoardChange::Full) => return Err(Refusal::BoardFull.into()),
            Ok(BoardChange::NoPage) => return Err(Refusal::NoPage.into()),
            // Two of one name: who drew the first has it.
            Err(StoreError::Exists { .. }) => return Err(Refusal::NotYours.into()),
            Err(error) => return Err(error.into()),
        };
        let told = serde_json::to_vec(&Told { version, by, act: &act }).unwrap_or_default();
        self.0.rooms.tell(id.as_str(), TOPIC, told);
        Ok(version)
    }
}
