//! Bringing papers, naming them, putting them in order, handing them out, taking them away.

use bytes::Bytes;
use futures_util::Stream;
use serde::Deserialize;

use super::{MeetingPaper, PaperError, Papers, Standing, text};
use crate::base::{MeetingId, PaperId};
use crate::meeting::{Meeting, MeetingError, MeetingState, Scope};
use crate::org::patch::given;
use crate::org::{Actor, Caller, Denied, Record, Role};
use crate::store::papers::PaperRow;

/// What is said of a file that is brought.
#[derive(Debug, Clone, Default)]
pub struct NewPaper {
    /// As it is called where it comes from.
    pub name: String,
    /// The name without its ending, where nothing is said.
    pub title: Option<String>,
    pub point: Option<u32>,
    /// Of a series: for this meeting, or others too.
    pub scope: Scope,
    /// Declared before it comes.
    pub bytes: Option<u64>,
}

/// What is absent stays as it is.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PaperPatch {
    pub title: Option<String>,
    /// Null: of no point of the agenda.
    #[serde(default, deserialize_with = "given")]
    pub point: Option<Option<u32>>,
}

impl Papers {
    /// Takes a file into a meeting, as it comes; not distributed yet.
    pub async fn bring<E: std::fmt::Display>(
        &self,
        caller: &Caller,
        standing: &Standing,
        meeting: &Meeting,
        new: NewPaper,
        file: impl Stream<Item = Result<Bytes, E>> + Unpin,
    ) -> Result<MeetingPaper, PaperError> {
        if !standing.may_bring() {
            caller.require(Role::Chair, &meeting.unit)?;
        }
        if meeting.state == MeetingState::Cancelled {
            return Err(MeetingError::State { from: meeting.state, to: None }.into());
        }
        let file_name = text::file_name(&new.name);
        let title = text::title(new.title.as_deref(), &file_name)?;
        check_point(meeting, new.point)?;
        let (most_bytes, most) = (self.0.options.most_bytes, self.0.options.most_count);
        if new.bytes.is_some_and(|bytes| bytes > most_bytes) {
            return Err(PaperError::TooLarge { most_bytes });
        }
        self.0.shelf.require_room(new.bytes.unwrap_or(0))?;
        let store = &self.0.meetings.0.store;
        if store.papers(&meeting.id).await?.len() >= most as usize {
            return Err(PaperError::TooMany { most });
        }
        let received = self.0.shelf.receive(&file_name, file, most_bytes).await?;
        // For others of the series by who may change those, too.
        let scope = if standing.steers && standing.seat.is_none() { new.scope } else { Scope::One };
        let meetings = self.0.meetings.targets(meeting.clone(), scope).await?;
        let _alone = self.0.placing.lock().await;
        let mut rows = vec![];
        for of in &meetings {
            let there = store.papers(&of.id).await?;
            if there.len() >= most as usize {
                return Err(PaperError::TooMany { most });
            }
            rows.push(PaperRow {
                id: PaperId::random(),
                meeting: of.id.clone(),
                title: title.clone(),
                file_name: file_name.clone(),
                media_type: received.file_type.media_type.to_owned(),
                bytes: received.bytes,
                hash: received.hash.clone(),
                point: new.point.filter(|point| (*point as usize) < of.agenda.len()),
                position: there.iter().map(|paper| paper.position + 1).max().unwrap_or(0),
                venue: standing.seat.as_ref().map(|seat| seat.venue.clone()),
                uploaded_by: standing.person.clone(),
                uploaded_by_name: if standing.name.is_empty() {
                    standing.seat.as_ref().map(|seat| seat.title.clone()).unwrap_or_default()
                } else {
                    standing.name.clone()
                },
                created: self.0.meetings.now(),
                distributed: None,
            });
        }
        self.0.shelf.put(&received)?;
        let mut change = store.change().await?;
        for row in &rows {
            change.insert_paper(row).await?;
            let record = Record::new("paper.bring", &row.id).on(&meeting.unit).after(row);
            change.append_audit(&self.0.meetings.0.org.entry(&caller.actor(), record)).await?;
        }
        change.commit_apart().await?;
        let own = rows.iter().find(|row| row.meeting == meeting.id).ok_or_else(|| MeetingError::missing("meeting", &meeting.id))?;
        Ok(MeetingPaper::of(own, standing, 0))
    }

    pub async fn change(&self, caller: &Caller, standing: &Standing, meeting: &Meeting, id: &PaperId, patch: PaperPatch) -> Result<MeetingPaper, PaperError> {
        let before = self.own(caller, standing, meeting, id).await?;
        let mut after = before.clone();
        if let Some(title) = &patch.title {
            after.title = text::title(Some(title), &before.file_name)?;
        }
        if let Some(point) = patch.point {
            check_point(meeting, point)?;
            after.point = point;
        }
        if after != before {
            let mut change = self.0.meetings.0.store.change().await?;
            change.update_paper(&after).await?;
            let record = Record::new("paper.change", id).on(&meeting.unit).before(&before).after(&after);
            change.append_audit(&self.0.meetings.0.org.entry(&caller.actor(), record)).await?;
            change.commit_apart().await?;
        }
        self.one(standing, after).await
    }

    /// The papers in this order: all of them, each once.
    pub async fn put_in_order(&self, caller: &Caller, standing: &Standing, meeting: &Meeting, ids: &[PaperId]) -> Result<Vec<MeetingPaper>, PaperError> {
        self.require_steering(caller, standing, meeting)?;
        let store = &self.0.meetings.0.store;
        let before = store.papers(&meeting.id).await?;
        let mut change = store.change().await?;
        let mut left: Vec<&PaperRow> = before.iter().collect();
        for (position, id) in ids.iter().enumerate() {
            let Some(at) = left.iter().position(|paper| paper.id == *id) else { return Err(MeetingError::missing("paper", id).into()) };
            change.update_paper(&PaperRow { position: position as u32, ..left.swap_remove(at).clone() }).await?;
        }
        if !left.is_empty() {
            return Err(MeetingError::invalid("papers", "顺序应包含全部材料 / the order names all papers").into());
        }
        let were: Vec<&PaperId> = before.iter().map(|paper| &paper.id).collect();
        let record = Record::new("paper.order", &meeting.id).on(&meeting.unit).before(&were).after(&ids);
        change.append_audit(&self.0.meetings.0.org.entry(&caller.actor(), record)).await?;
        change.commit_apart().await?;
        self.list(standing, &meeting.id).await
    }

    /// Hands out these papers, or all: branches see them from now on.
    pub async fn distribute(&self, caller: &Caller, standing: &Standing, meeting: &Meeting, ids: Option<&[PaperId]>) -> Result<Vec<MeetingPaper>, PaperError> {
        self.require_steering(caller, standing, meeting)?;
        let there = self.0.meetings.0.store.papers(&meeting.id).await?;
        if let Some(unknown) = ids.unwrap_or_default().iter().find(|id| !there.iter().any(|paper| paper.id == **id)) {
            return Err(MeetingError::missing("paper", unknown).into());
        }
        let chosen: Vec<PaperRow> = there.into_iter().filter(|paper| ids.is_none_or(|ids| ids.contains(&paper.id))).collect();
        self.hand_out(&caller.actor(), meeting, chosen).await?;
        self.list(standing, &meeting.id).await
    }

    /// The paper that is about to be shown to all: it is there, whoever shows it may see it, and it is handed out by that.
    pub async fn show(&self, actor: &Actor, standing: &Standing, meeting: &Meeting, id: &PaperId) -> Result<(), PaperError> {
        let paper = self.visible(standing, &meeting.id, id).await?;
        self.hand_out(actor, meeting, vec![paper]).await
    }

    async fn hand_out(&self, actor: &Actor, meeting: &Meeting, papers: Vec<PaperRow>) -> Result<(), PaperError> {
        let now = self.0.meetings.now();
        let fresh: Vec<PaperRow> = papers.into_iter().filter(|paper| paper.distributed.is_none()).collect();
        if fresh.is_empty() {
            return Ok(());
        }
        let mut change = self.0.meetings.0.store.change().await?;
        for paper in fresh {
            change.update_paper(&PaperRow { distributed: Some(now), ..paper.clone() }).await?;
            let record = Record::new("paper.distribute", &paper.id).on(&meeting.unit).after(&serde_json::json!({"meeting": meeting.id, "title": paper.title}));
            change.append_audit(&self.0.meetings.0.org.entry(actor, record)).await?;
        }
        change.commit_apart().await?;
        Ok(())
    }

    /// With its receipts; the file too, where no other paper has the same.
    pub async fn remove(&self, caller: &Caller, standing: &Standing, meeting: &Meeting, id: &PaperId) -> Result<(), PaperError> {
        let paper = self.own(caller, standing, meeting, id).await?;
        let _alone = self.0.placing.lock().await;
        let mut change = self.0.meetings.0.store.change().await?;
        change.delete_paper(id).await?;
        let record = Record::new("paper.remove", id).on(&meeting.unit).before(&paper);
        change.append_audit(&self.0.meetings.0.org.entry(&caller.actor(), record)).await?;
        change.commit_apart().await?;
        self.clear(&paper.hash).await
    }

    fn require_steering(&self, caller: &Caller, standing: &Standing, meeting: &Meeting) -> Result<(), Denied> {
        if standing.steers { Ok(()) } else { caller.require(Role::Chair, &meeting.unit) }
    }

    /// A paper that who asks may change; of others it is not said that they are there.
    async fn own(&self, caller: &Caller, standing: &Standing, meeting: &Meeting, id: &PaperId) -> Result<PaperRow, PaperError> {
        let paper = self.visible(standing, &meeting.id, id).await?;
        if !standing.may_change(&paper) {
            caller.require(Role::Chair, &meeting.unit)?;
        }
        Ok(paper)
    }

    pub(super) async fn visible(&self, standing: &Standing, meeting: &MeetingId, id: &PaperId) -> Result<PaperRow, PaperError> {
        let paper = self.0.meetings.0.store.paper(meeting, id).await?;
        if standing.may_see(&paper) { Ok(paper) } else { Err(MeetingError::missing("paper", id).into()) }
    }
}

fn check_point(meeting: &Meeting, point: Option<u32>) -> Result<(), MeetingError> {
    match point.filter(|point| *point as usize >= meeting.agenda.len()) {
        Some(point) => Err(MeetingError::invalid("point", format!("议程没有第 {} 项 / there is no point {point} of the agenda", u64::from(point) + 1))),
        None => Ok(()),
    }
}
