//! A room that is governed: who conducts a meeting says whose microphone and camera pass, and it is so whatever a client does.

use std::collections::BTreeMap;

use livekit_protocol::{MuteTrackRequest, TrackSource, UpdateParticipantMetadata, signal_response};

use super::RoomActor;
use crate::room::events::RoomEvent;

/// What one participant may do, until it is said anew; of somebody who is not here it is remembered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Governed {
    pub identity: String,
    /// It stays muted, whatever the client does.
    pub is_microphone_held: bool,
    pub is_camera_held: bool,
    pub may_share: bool,
    pub may_send_data: bool,
    /// Small marks, which are data of their own.
    pub may_react: bool,
    /// Languages into which it interprets, and the one in which it is on air.
    pub interprets: Vec<String>,
    pub on_air: Option<String>,
    /// What others are told of it; an empty value takes one away.
    pub attributes: BTreeMap<String, String>,
}

impl Governed {
    fn holds(&self, source: TrackSource) -> bool {
        match source {
            TrackSource::Microphone => self.is_microphone_held,
            TrackSource::Camera => self.is_camera_held,
            _ => false,
        }
    }
}

impl RoomActor {
    pub(super) fn govern(&mut self, governed: Vec<Governed>) {
        for governed in governed {
            let identity = governed.identity.clone();
            let before = self.governed.insert(identity.clone(), governed);
            if let Some(sid) = self.sid_of(&identity) {
                self.apply_governed(&sid, before.as_ref());
            }
        }
    }

    /// What is said of a participant takes effect; also of one who has just come.
    pub(super) fn apply_governed(&mut self, sid: &str, before: Option<&Governed>) {
        let Some((governed, mut permission)) =
            self.participants.get(sid).and_then(|known| Some((self.governed.get(known.identity())?.clone(), known.permission())))
        else {
            return;
        };
        let update = UpdateParticipantMetadata { attributes: governed.attributes.clone().into_iter().collect(), ..UpdateParticipantMetadata::default() };
        if before.is_none_or(|before| before.attributes != governed.attributes) {
            self.change(sid, &update);
        }
        let sources = [TrackSource::Camera, TrackSource::Microphone];
        let shares = [TrackSource::ScreenShare, TrackSource::ScreenShareAudio];
        // What interprets is neither microphone nor camera: which of such tracks it may send is looked at where they are announced.
        let interprets = Some(&TrackSource::Unknown).filter(|_| !governed.interprets.is_empty());
        let allowed = sources.iter().chain(shares.iter().filter(|_| governed.may_share)).chain(interprets).map(|source| *source as i32).collect();
        let may_send = governed.may_send_data || governed.may_react;
        if permission.can_publish_sources != allowed || permission.can_publish_data != may_send {
            (permission.can_publish_sources, permission.can_publish_data) = (allowed, may_send);
            self.permit(sid, permission);
            self.tell_changed(sid);
        }
        for source in sources {
            let was_held = before.is_some_and(|before| before.holds(source));
            match (was_held, governed.holds(source)) {
                (_, true) => self.mute_source(sid, source, true),
                // The chair turned it off, and on again; a microphone is opened by a word of its own.
                (true, false) if source == TrackSource::Camera => self.mute_source(sid, source, false),
                _ => {}
            }
        }
        self.hold_booths(sid);
    }

    /// Mutes what it sends of this source, or asks the client to send again.
    pub(super) fn mute_source(&mut self, sid: &str, source: TrackSource, muted: bool) {
        let Some(participant) = self.participants.get(sid) else { return };
        let of_source = |track: &&crate::room::track::Track| track.info.source() == source && track.info.muted != muted;
        let tracks: Vec<String> = participant.tracks.iter().filter(of_source).map(|track| track.info.sid.clone()).collect();
        for track_sid in tracks {
            self.tell(sid, signal_response::Message::Mute(MuteTrackRequest { sid: track_sid.clone(), muted }));
            self.mute(sid, &track_sid, muted);
        }
    }

    /// A client mutes or opens a track. One that is held stays muted, and the client is told so.
    pub(super) fn mute_by_client(&mut self, sid: &str, track_sid: &str, muted: bool) {
        let Some(participant) = self.participants.get(sid) else { return };
        let Some((source, name)) = participant.track(track_sid).map(|track| (track.info.source(), track.info.name.clone())) else { return };
        if !muted && self.is_held(sid, source, &name) {
            return self.tell(sid, signal_response::Message::Mute(MuteTrackRequest { sid: track_sid.to_owned(), muted: true }));
        }
        let identity = participant.identity().to_owned();
        self.mute(sid, track_sid, muted);
        if source == TrackSource::Microphone {
            self.teller.tell(RoomEvent::Muted { room: self.room.name.as_str().into(), identity, is_muted: muted });
        }
    }

    /// A track that is published while its source is held begins muted.
    pub(super) fn is_held(&self, sid: &str, source: TrackSource, name: &str) -> bool {
        let governed = self.participants.get(sid).and_then(|participant| self.governed.get(participant.identity()));
        governed.is_some_and(|governed| governed.holds(source) || governed.is_off_air(name))
    }
}
