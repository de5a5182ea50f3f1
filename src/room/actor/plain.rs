//! Those without signalling: encoders that come by WHIP (RFC 9725), players that come by WHEP. One offer, one answer, and that is all.

use livekit_protocol::{AddTrackRequest, DisconnectReason, SimulcastCodec, TrackSource, TrackType, VideoLayer, VideoQuality, participant_info};

use super::RoomActor;
use crate::room::id;
use crate::room::participant::{Negotiation, Participant};
use crate::room::signal::Version;
use crate::room::token::Claims;
use crate::room::track::Track;
use crate::room::webhook::Happening;
use crate::sfu::LAYERS;
use crate::sfu::codec::Kind;
use crate::transport::sdp::{self, Fragment, Section};
use crate::transport::{Command, IceCredentials};

/// What a plain client wants: to be seen, or to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    Publish,
    Play,
}

/// What it is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plain {
    /// The name of its session, for what it says later.
    pub resource: String,
    pub sdp: String,
    /// Of the ICE session (RFC 9725 section 4.3.1).
    pub etag: String,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlainError {
    #[error("the offer cannot be read: {0}")]
    Offer(String),
    #[error("the offer sends nothing, or nothing in a codec that is taken here")]
    Nothing,
    #[error("the token does not allow this")]
    NotAllowed,
    #[error("nobody in the room sends anything yet")]
    NothingToPlay,
    #[error("the room is full: {0} participants")]
    Full(u32),
    #[error("there is no such session")]
    NoSession,
    #[error("it is another ICE session now")]
    OtherSession,
}

impl RoomActor {
    pub(super) fn plain(&mut self, claims: &Claims, purpose: Purpose, text: &str) -> Result<Plain, PlainError> {
        let offer = sdp::Session::parse(text).map_err(|e| PlainError::Offer(e.to_string()))?;
        let mut permission = claims.permission();
        match purpose {
            Purpose::Publish => permission.can_subscribe = false,
            Purpose::Play => permission.can_publish = false,
        }
        let is_allowed = if purpose == Purpose::Publish { permission.can_publish } else { permission.can_subscribe };
        if !is_allowed {
            return Err(PlainError::NotAllowed);
        }
        self.make_way(&claims.identity).map_err(PlainError::Full)?;
        let mut info = self.info(claims);
        info.permission = Some(permission);
        if purpose == Purpose::Publish {
            info.kind = participant_info::Kind::Ingress as i32;
        }
        let sid = info.sid.clone();
        let place = self.place();
        let publisher = self.connection(place.thread, &info.identity);
        self.peers.insert(publisher.peer, sid.clone());
        let mut participant = Participant::new(info.clone(), claims.clone(), Version::One, place, publisher, None, Negotiation::default());
        let resource = id::secret();
        participant.resource = Some(resource.clone());
        if purpose == Purpose::Publish {
            participant.tracks =
                offer.sections.iter().filter(|section| section.direction.sends() && !section.rejected).filter_map(|section| self.track_of(section)).collect();
        }
        self.participants.insert(sid.clone(), participant);
        self.count();
        self.show(&sid, &info);
        if purpose == Purpose::Play {
            self.subscribe_to_all(&sid);
        }
        let answer = self.answer(&sid, &offer);
        let is_of_use = answer.as_ref().is_some_and(|answer| {
            answer.sections.iter().any(|section| {
                section.kind.media().is_some()
                    && !section.rejected
                    && if purpose == Purpose::Publish { section.direction.receives() } else { section.direction.sends() }
            })
        });
        let (true, Some(answer)) = (is_of_use, answer) else {
            self.remove(&sid, DisconnectReason::JoinFailure, None);
            return Err(if purpose == Purpose::Publish { PlainError::Nothing } else { PlainError::NothingToPlay });
        };
        // What found no section never will: nothing is negotiated later.
        if let Some(participant) = self.participants.get_mut(&sid) {
            participant.auto_subscribe = false;
            participant.subscriptions.retain(|subscription| subscription.mid.is_some());
        }
        self.flow(&sid, &answer);
        tracing::info!(room = self.room.name, identity = info.identity, sid, ?purpose, "participant joins without signalling");
        self.report(Happening::ParticipantJoined, Some(&info), None);
        Ok(Plain { etag: self.etag(&sid), resource, sdp: answer.to_string() })
    }

    /// More candidates, which are learnt from its checks anyway, or new credentials: a restart of ICE, which is answered.
    pub(super) fn plain_patch(&mut self, resource: &str, etag: Option<&str>, text: &str) -> Result<Option<(String, String)>, PlainError> {
        let fragment = Fragment::parse(text).map_err(|e| PlainError::Offer(e.to_string()))?;
        let sid = self.plain_sid(resource)?;
        let known = self.etag(&sid);
        let participant = self.participants.get_mut(&sid).ok_or(PlainError::NoSession)?;
        if etag.is_some_and(|etag| etag != "*" && etag != known) {
            return Err(PlainError::OtherSession);
        }
        let thread = participant.thread();
        let connection = &mut participant.publisher;
        let (ufrag, pwd) = match fragment.ice {
            Some((ufrag, pwd)) if connection.remote_ufrag.as_deref() != Some(&ufrag) => (ufrag, pwd),
            _ => return Ok(None),
        };
        connection.remote_ufrag = Some(ufrag.clone());
        let Some(offer) = participant.negotiation.offer.clone() else { return Err(PlainError::NoSession) };
        connection.ice = self.media.credentials(thread);
        connection.version += 1;
        let (peer, local) = (connection.peer, connection.ice.clone());
        let mid = offer.bundle.first().cloned().unwrap_or_default();
        let answered = Fragment::restarted(&super::negotiate::local(&self.media, thread, connection), &mid).to_string();
        self.command(thread, Command::RestartIce { peer, local });
        let mut remote = super::negotiate::remote_of(&offer);
        remote.ice = IceCredentials { ufrag, pwd };
        self.command(thread, Command::SetRemote { peer, remote });
        Ok(Some((answered, self.etag(&sid))))
    }

    pub(super) fn plain_end(&mut self, resource: &str) -> Result<(), PlainError> {
        let sid = self.plain_sid(resource)?;
        self.remove(&sid, DisconnectReason::ClientInitiated, None);
        Ok(())
    }

    fn plain_sid(&self, resource: &str) -> Result<String, PlainError> {
        let known = self.participants.values().find(|participant| participant.resource.as_deref().is_some_and(|known| same(known, resource)));
        known.map(|participant| participant.sid().to_owned()).ok_or(PlainError::NoSession)
    }

    fn etag(&self, sid: &str) -> String {
        self.participants.get(sid).map(|participant| format!("\"{}\"", participant.publisher.ice.ufrag)).unwrap_or_default()
    }

    /// A section announces its track itself.
    fn track_of(&self, section: &Section) -> Option<Track> {
        let kind = section.kind.media()?;
        let layers: Vec<VideoLayer> = section
            .sent_rids()
            .take(LAYERS)
            .zip([VideoQuality::Low, VideoQuality::Medium, VideoQuality::High])
            .map(|(rid, quality)| VideoLayer { quality: quality as i32, rid: rid.id.clone(), ..VideoLayer::default() })
            .collect();
        let (r#type, source) = match kind {
            Kind::Audio => (TrackType::Audio, TrackSource::Microphone),
            Kind::Video => (TrackType::Video, TrackSource::Camera),
        };
        let codec = section.codecs.iter().find_map(|line| line.codec).map(|codec| codec.name().to_owned()).unwrap_or_default();
        let cid = section.msid.as_ref().map_or_else(id::cid, |msid| msid.track.clone());
        let mut track = Track::new(
            self.media.track_id(),
            &AddTrackRequest {
                cid: cid.clone(),
                r#type: r#type as i32,
                source: source as i32,
                simulcast_codecs: vec![SimulcastCodec { codec, cid, layers, ..SimulcastCodec::default() }],
                ..AddTrackRequest::default()
            },
        );
        track.section = Some(section.mid.clone());
        Some(track)
    }
}

/// In the same time whatever the texts are.
fn same(a: &str, b: &str) -> bool {
    use subtle::ConstantTimeEq;
    a.as_bytes().ct_eq(b.as_bytes()).into()
}
