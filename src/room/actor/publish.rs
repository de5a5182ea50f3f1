//! Tracks that participants publish: announced by a request, carried by a section of their offer, whichever comes first.

use livekit_protocol::{
    AddTrackRequest, MuteTrackRequest, TrackPublishedResponse, TrackSource, TrackSubscribed, TrackUnpublishedResponse, request_response, signal_response,
};

use super::RoomActor;
use crate::room::carried::carried;
use crate::room::events::RoomEvent;
use crate::room::token::may_publish;
use crate::room::track::Track;
use crate::room::webhook::Happening;
use crate::sfu::uplink::Payload;
use crate::sfu::{TrackId, UplinkOptions};
use crate::transport::sdp::{self, Section};

impl RoomActor {
    pub(super) fn add_track(&mut self, sid: &str, request: AddTrackRequest) {
        let most = self.options.max_tracks as usize;
        let is_held = self.is_held(sid, request.source(), &request.name);
        let may_interpret = self.may_interpret(sid, &request);
        let id = self.media.track_id();
        let Some(participant) = self.participants.get_mut(sid) else { return };
        if !may_interpret || !may_publish(&participant.permission(), TrackSource::try_from(request.source).unwrap_or_default()) {
            let refused = request_response::Request::AddTrack(request);
            return self.refuse(sid, 0, request_response::Reason::NotAllowed, "no permission to publish this", Some(refused));
        }
        // The same track in another codec, for those who cannot take the first: not yet.
        if !request.sid.is_empty() && participant.track(&request.sid).is_some() {
            let refused = request_response::Request::AddTrack(request);
            return self.refuse(sid, 0, request_response::Reason::UnsupportedType, "a second codec of a track is not taken", Some(refused));
        }
        if participant.tracks.len() >= most {
            let refused = request_response::Request::AddTrack(request);
            return self.refuse(sid, 0, request_response::Reason::LimitExceeded, &format!("{most} tracks at most"), Some(refused));
        }
        let known = participant.tracks.iter().find(|track| track.cids.contains(&request.cid)).map(|track| track.info.clone());
        let info = known.unwrap_or_else(|| {
            let mut track = Track::new(id, &request);
            track.info.muted |= is_held;
            let info = track.info.clone();
            participant.tracks.push(track);
            info
        });
        let (track_sid, is_open) = (info.sid.clone(), info.source() == TrackSource::Microphone && !info.muted);
        participant.tell(signal_response::Message::TrackPublished(TrackPublishedResponse { cid: request.cid, track: Some(info) }));
        if is_held && !request.muted {
            participant.tell(signal_response::Message::Mute(MuteTrackRequest { sid: track_sid, muted: true }));
        }
        if is_open {
            let (room, identity) = (self.room.name.as_str().into(), participant.identity().to_owned());
            self.teller.tell(RoomEvent::Muted { room, identity, is_muted: false });
        }
        // The offer may have come before.
        if let Some(offer) = participant.negotiation.offer.clone() {
            self.match_later(sid, &offer);
        }
    }

    /// Finds the sections of announced tracks in a description that both sides know.
    pub(super) fn match_sections(&mut self, sid: &str, offer: &sdp::Session, answer: &sdp::Session) {
        let carried = self.carried(sid, offer);
        for ((offered, answered), carried) in offer.sections.iter().zip(&answer.sections).zip(carried) {
            let is_sent =
                offered.kind.media().is_some() && offered.direction.sends() && !offered.rejected && !answered.rejected && answered.direction.receives();
            if is_sent {
                self.match_section(sid, carried, offered, answered);
            } else {
                self.section_ended(sid, &offered.mid);
            }
        }
    }

    /// A track was announced after its offer was answered.
    fn match_later(&mut self, sid: &str, offer: &sdp::Session) {
        let Some(answer) = self.participants.get(sid).and_then(|participant| participant.negotiation.answer.clone()) else { return };
        let carried = self.carried(sid, offer);
        for ((offered, answered), carried) in offer.sections.iter().zip(&answer.sections).zip(carried) {
            if answered.direction.receives() && !answered.rejected {
                self.match_section(sid, carried, offered, answered);
            }
        }
    }

    fn carried(&self, sid: &str, offer: &sdp::Session) -> Vec<Option<TrackId>> {
        self.participants.get(sid).map_or_else(Vec::new, |participant| carried(&participant.tracks, offer, &participant.negotiation.spent))
    }

    /// A section brings a track that nothing brought before.
    fn match_section(&mut self, sid: &str, carried: Option<TrackId>, offered: &Section, answered: &Section) {
        let Some(participant) = self.participants.get_mut(sid) else { return };
        let (thread, peer) = (participant.thread(), participant.publisher.peer);
        let Some(track) = participant.tracks.iter_mut().find(|track| Some(track.id) == carried && track.mid.is_none()) else { return };
        let payloads: Vec<Payload> =
            answered.codecs.iter().filter_map(|line| Some(Payload { payload_type: line.payload_type, codec: line.codec?, rtx: line.repaired_by })).collect();
        let rids = ordered(answered.rids.iter().map(|rid| rid.id.clone()).collect());
        let ssrcs =
            if rids.is_empty() { offered.ssrcs.first().map(|first| (first.ssrc, offered.repair_ssrc(first.ssrc))).into_iter().collect() } else { Vec::new() };
        track.mid = Some(offered.mid.clone());
        track.info.mid.clone_from(&offered.mid);
        track.layers = rids.len().max(1);
        if let Some(codec) = payloads.first().map(|payload| payload.codec) {
            track.set_codec(codec);
        }
        if let Some(first) = track.info.codecs.first_mut() {
            first.mid.clone_from(&offered.mid);
        }
        let (id, track_sid, is_muted) = (track.id, track.info.sid.clone(), track.info.muted);
        let uplink = UplinkOptions {
            track: id,
            kind: track.kind,
            mid: Some(offered.mid.clone()),
            payloads,
            extensions: answered.extensions,
            rids: if rids.is_empty() { vec![None] } else { rids.into_iter().map(Some).collect() },
            ssrcs,
        };
        self.tracks.insert(id, (sid.to_owned(), track_sid.clone()));
        self.publish_on(thread, peer, uplink, is_muted);
        let info = self.tell_changed(sid);
        self.count();
        let published = info.as_ref().and_then(|info| info.tracks.iter().find(|track| track.sid == track_sid));
        self.report(Happening::TrackPublished, info.as_ref(), published);
        self.subscribe_everybody(sid, &track_sid);
    }

    /// The client does not send by this section any more.
    fn section_ended(&mut self, sid: &str, mid: &str) {
        let Some(participant) = self.participants.get_mut(sid) else { return };
        participant.negotiation.spent.remove(mid);
        let ended = participant.tracks.iter().find(|track| track.mid.as_deref() == Some(mid)).map(|track| track.info.sid.clone());
        if let Some(track_sid) = ended {
            self.unpublish(sid, &track_sid);
        }
    }

    pub(super) fn unpublish(&mut self, sid: &str, track_sid: &str) {
        let Some(participant) = self.participants.get_mut(sid) else { return };
        let Some(at) = participant.tracks.iter().position(|track| track.info.sid == track_sid) else { return };
        let track = participant.tracks.remove(at);
        let offer = participant.negotiation.offer.as_ref();
        if let Some(section) = track.mid.as_ref().and_then(|mid| offer?.section(mid)).filter(|section| section.direction.sends() && !section.rejected) {
            participant.negotiation.spent.insert(section.mid.clone());
        }
        participant.tell(signal_response::Message::TrackUnpublished(TrackUnpublishedResponse { track_sid: track_sid.to_owned() }));
        self.forget_track(track.id, track_sid);
        let info = self.tell_changed(sid);
        self.count();
        self.report(Happening::TrackUnpublished, info.as_ref(), Some(&track.info));
    }

    /// The track is gone: nobody is subscribed to it.
    pub(super) fn forget_track(&mut self, id: TrackId, track_sid: &str) {
        self.tracks.remove(&id);
        self.speakers.forget(id);
        self.unpublish_everywhere(id);
        let subscribers: Vec<String> = self
            .participants
            .values()
            .filter(|participant| participant.subscriptions.iter().any(|each| each.track == id))
            .map(|participant| participant.sid().to_owned())
            .collect();
        for sid in subscribers {
            self.unsubscribe(&sid, track_sid, false);
        }
    }

    pub(super) fn mute(&mut self, sid: &str, track_sid: &str, is_muted: bool) {
        let Some(track) = self.participants.get_mut(sid).and_then(|participant| participant.track_mut(track_sid)) else { return };
        if std::mem::replace(&mut track.info.muted, is_muted) == is_muted {
            return;
        }
        let id = track.id;
        self.mute_everywhere(id, is_muted);
        self.tell_changed(sid);
    }

    /// Somebody takes the track: its publisher may begin to send in earnest.
    pub(super) fn tell_taken(&mut self, publisher: &str, track_sid: &str) {
        let Some(publisher) = self.participants.get_mut(publisher) else { return };
        let Some(track) = publisher.track_mut(track_sid) else { return };
        if !std::mem::replace(&mut track.is_taken, true) {
            publisher.tell(signal_response::Message::TrackSubscribed(TrackSubscribed { track_sid: track_sid.to_owned() }));
        }
    }
}

/// Layers by the names that clients give them, lowest first; others in the order in which they were offered.
fn ordered(mut rids: Vec<String>) -> Vec<String> {
    const NAMES: [&str; 3] = ["q", "h", "f"];
    rids.sort_by_key(|rid| NAMES.iter().position(|name| name == rid).unwrap_or(NAMES.len()));
    rids
}
