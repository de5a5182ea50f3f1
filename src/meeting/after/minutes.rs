//! The minutes as the clerk keeps them: every version, by whom; anew from the log at any time.

use serde::{Deserialize, Serialize};

use super::facts::require_steering;
use super::text::draft;
use crate::base::{MeetingId, UtcMs};
use crate::meeting::{Meeting, MeetingError, Meetings};
use crate::org::{Caller, Record};
use crate::store::after::MinutesVersion;

const MOST_LETTERS: usize = 200_000;
/// Of the versions the newest are kept, and the first.
const MOST_VERSIONS: u32 = 200;

#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMinutes {
    /// Absent: drafted anew from the log.
    pub text: Option<String>,
    /// The version it was made from; 0 where there was none yet. Another than the newest is refused.
    pub after: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct MinutesVersionView {
    pub version: u32,
    pub at: UtcMs,
    /// The draft from the log, not somebody's text.
    pub is_from_log: bool,
    /// Empty: the server.
    pub person_name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct MinutesView {
    /// 0: a draft that is not kept yet.
    pub version: u32,
    /// Lines of text: `#` title, `##` heading, `-` item, `>` note, `|` table.
    pub text: String,
    pub is_from_log: bool,
    /// The newest first.
    pub versions: Vec<MinutesVersionView>,
}

impl Meetings {
    /// The newest version, or the one named; where none is kept, a draft from the log.
    pub async fn minutes(&self, caller: &Caller, id: &MeetingId, version: Option<u32>) -> Result<MinutesView, MeetingError> {
        caller.require_signed_in()?;
        let meeting = self.meeting(id).await?;
        require_steering(caller, &meeting)?;
        let versions = self.0.store.minutes_versions(id).await?;
        let kept = self.0.store.minutes(id, version).await?;
        if let (None, Some(version)) = (&kept, version.filter(|version| *version > 0)) {
            return Err(MeetingError::missing("minutes", &version));
        }
        let (version, text, is_from_log) = match kept {
            Some(kept) => (kept.version, kept.text, kept.is_from_log),
            None => (0, self.draft_from_log(meeting).await?, true),
        };
        let view = |of: MinutesVersion| MinutesVersionView { version: of.version, at: of.at, is_from_log: of.is_from_log, person_name: of.person_name };
        Ok(MinutesView { version, text, is_from_log, versions: versions.into_iter().map(view).collect() })
    }

    /// Keeps a new version: a clerk's text, or a draft from the log.
    pub async fn write_minutes(&self, caller: &Caller, id: &MeetingId, new: NewMinutes) -> Result<MinutesView, MeetingError> {
        caller.require_signed_in()?;
        let meeting = self.meeting(id).await?;
        require_steering(caller, &meeting)?;
        let is_from_log = new.text.is_none();
        let unit = meeting.unit.clone();
        let (text, first) = match new.text {
            // What the log said is kept beside what became of it.
            Some(text) => (checked(text)?, if new.after == 0 { Some(self.draft_from_log(meeting).await?) } else { None }),
            None => (self.draft_from_log(meeting).await?, None),
        };
        let version = |is_from_log: bool, person_name: &str| MinutesVersion {
            version: 0,
            text: String::new(),
            at: self.now(),
            is_from_log,
            person: caller.person().map(|person| person.id.clone()),
            person_name: person_name.to_owned(),
        };
        let name = caller.person().map_or("", |person| if person.display_name.is_empty() { &person.name } else { &person.display_name });
        let mut change = self.0.store.change().await?;
        let mut after = Some(new.after);
        if let (Some(first), Some(0)) = (first, after) {
            after = change.append_minutes(id, 0, &first, &version(true, ""), MOST_VERSIONS).await?;
        }
        let written = match after {
            Some(after) => change.append_minutes(id, after, &text, &version(is_from_log, name), MOST_VERSIONS).await?,
            None => None,
        };
        let Some(written) = written else {
            drop(change);
            return Err(self.stale(id).await?);
        };
        let action = if is_from_log { "meeting.minutes_anew" } else { "meeting.minutes" };
        let record = Record::new(action, id).on(&unit).after(&serde_json::json!({ "version": written, "letters": text.chars().count() }));
        change.append_audit(&self.0.org.entry(&caller.actor(), record)).await?;
        change.commit_apart().await?;
        self.minutes(caller, id, None).await
    }

    async fn draft_from_log(&self, meeting: Meeting) -> Result<String, MeetingError> {
        Ok(draft(&self.gather(meeting).await?.minutes(), &self.0.zone))
    }

    async fn stale(&self, id: &MeetingId) -> Result<MeetingError, MeetingError> {
        let newest = self.0.store.minutes_versions(id).await?.into_iter().next();
        let (newest, by) = newest.map_or((0, String::new()), |newest| (newest.version, newest.person_name));
        Ok(MeetingError::Stale { newest, by: if by.is_empty() { "–".to_owned() } else { by } })
    }
}

fn checked(text: String) -> Result<String, MeetingError> {
    let letters = text.chars().count();
    if letters > MOST_LETTERS {
        return Err(MeetingError::invalid(
            "text",
            format!("纪要过长:{letters} 个字符,最多 {MOST_LETTERS} 个 / the minutes have {letters} characters, at most {MOST_LETTERS}"),
        ));
    }
    Ok(text.replace("\r\n", "\n").chars().filter(|letter| !letter.is_control() || *letter == '\n' || *letter == '\t').collect())
}
