//! Interpretation: a track of its own for each language, which only those who are named may send, and which nobody gets who does not ask for it.

use livekit_protocol::{AddTrackRequest, MuteTrackRequest, TrackType, signal_response};

use super::{Governed, RoomActor};
use crate::sfu::TrackId;

/// `interpretation.ug`: the name of the track in which Uyghur is spoken.
const NAMED: &str = "interpretation.";

/// The language that a track of this name is in.
pub(super) fn language_of(name: &str) -> Option<&str> {
    name.strip_prefix(NAMED)
}

impl Governed {
    /// A track in a language, of somebody who is not on air in it.
    pub(super) fn is_off_air(&self, name: &str) -> bool {
        language_of(name).is_some_and(|language| self.on_air.as_deref() != Some(language))
    }
}

impl RoomActor {
    /// Whether this is a track in a language: in rooms that nobody governs names mean nothing.
    pub(super) fn is_interpretation(&self, name: &str) -> bool {
        !self.governed.is_empty() && language_of(name).is_some()
    }

    /// Whether who is not a microphone, a camera or a screen may be sent: sound in a language into which it interprets.
    pub(super) fn may_interpret(&self, sid: &str, request: &AddTrackRequest) -> bool {
        let governed = self.participants.get(sid).and_then(|participant| self.governed.get(participant.identity()));
        let Some(governed) = governed else { return true };
        match language_of(&request.name) {
            Some(language) => request.r#type() == TrackType::Audio && governed.interprets.iter().any(|each| each == language),
            None => request.source != 0,
        }
    }

    /// Sound of speakers is what counts for who is loud; an interpreter speaks whenever anybody does.
    pub(super) fn is_of_booth(&self, track: TrackId) -> bool {
        let name = self.tracks.get(&track).and_then(|(sid, track_sid)| Some(&self.participants.get(sid)?.track(track_sid)?.info.name));
        name.is_some_and(|name| self.is_interpretation(name))
    }

    /// What somebody who is off air sends is silent; tracks of languages that are not theirs any more end.
    pub(super) fn hold_booths(&mut self, sid: &str) {
        let Some(participant) = self.participants.get(sid) else { return };
        let Some(governed) = self.governed.get(participant.identity()) else { return };
        let (mut over, mut held) = (Vec::new(), Vec::new());
        for track in &participant.tracks {
            match language_of(&track.info.name) {
                Some(language) if !governed.interprets.iter().any(|each| each == language) => over.push(track.info.sid.clone()),
                Some(_) if governed.is_off_air(&track.info.name) && !track.info.muted => held.push(track.info.sid.clone()),
                _ => {}
            }
        }
        for track_sid in over {
            self.unpublish(sid, &track_sid);
        }
        for track_sid in held {
            self.tell(sid, signal_response::Message::Mute(MuteTrackRequest { sid: track_sid.clone(), muted: true }));
            self.mute(sid, &track_sid, true);
        }
    }
}
