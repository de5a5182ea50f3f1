//! Descriptions of connections: the client offers what it sends, and with version one also what it receives by; with version two we offer that.

use std::collections::HashMap;

use livekit_protocol::{MediaSectionsRequirement, SessionDescription, signal_response};

use super::RoomActor;
use crate::room::carried::carried;
use crate::room::participant::{Connection, Negotiation, Participant, Use};
use crate::room::signal::Version;
use crate::room::track::{Subscription, Track};
use crate::sfu::DownlinkOptions;
use crate::sfu::codec::Kind;
use crate::sfu::downlink::DownPayload;
use crate::transport::sdp::{self, AnswerSection, CodecLine, Local, Msid, Options as SectionOptions, SectionKind, Sent};
use crate::transport::session::Fingerprint;
use crate::transport::{Command, Remote, Setup};

/// The largest message of a data channel (the protocol's limit is 64,000 bytes of payload).
const MESSAGE_BYTES: u64 = 65_536;

impl RoomActor {
    /// The client's offer: of what it sends, and with version one of all.
    pub(super) fn offered(&mut self, sid: &str, description: SessionDescription) {
        let offer = match sdp::Session::parse(&description.sdp) {
            Ok(offer) => offer,
            Err(e) => return tracing::info!(room = self.room.name, sid, error = %e, "an offer cannot be used"),
        };
        let Some(answer) = self.answer(sid, &offer) else { return };
        if let Some(participant) = self.participants.get_mut(sid) {
            let mid_to_track_id = sent_tracks(participant);
            participant.tell(signal_response::Message::Answer(SessionDescription {
                r#type: "answer".to_owned(),
                sdp: answer.to_string(),
                id: description.id,
                mid_to_track_id,
            }));
        }
        self.flow(sid, &answer);
        self.ask_for_sections(sid);
    }

    /// Agrees to an offer: what the client sends begins to be taken.
    pub(super) fn answer(&mut self, sid: &str, offer: &sdp::Session) -> Option<sdp::Session> {
        let participant = self.participants.get_mut(sid)?;
        participant.negotiation.asked = None;
        let restarted = remote(&mut participant.publisher, offer);
        let (thread, peer) = (participant.thread(), participant.publisher.peer);
        if restarted == Restarted::Yes {
            participant.publisher.ice = self.media.credentials(thread);
            let local = participant.publisher.ice.clone();
            self.command(thread, Command::RestartIce { peer, local });
        }
        if restarted != Restarted::Same {
            self.command(thread, Command::SetRemote { peer, remote: remote_of(offer) });
        }
        let wanted = self.wanted(sid, offer);
        let participant = self.participants.get_mut(sid)?;
        participant.publisher.version += 1;
        let answer = sdp::answer(offer, &local(&self.media, thread, &participant.publisher), &wanted);
        participant.negotiation.offer = Some(offer.clone());
        participant.negotiation.answer = Some(answer.clone());
        self.match_sections(sid, offer, &answer);
        Some(answer)
    }

    /// What is wanted of each section that the client offers.
    fn wanted(&mut self, sid: &str, offer: &sdp::Session) -> Vec<AnswerSection> {
        let Some(participant) = self.participants.get_mut(sid) else { return Vec::new() };
        let may_publish = participant.permission().can_publish;
        let carried = carried(&participant.tracks, offer, &participant.negotiation.spent);
        let mut wanted = Vec::new();
        for (section, carried) in offer.sections.iter().zip(carried) {
            let Some(kind) = section.kind.media() else { continue };
            let receive = may_publish && section.direction.sends();
            let track = participant.tracks.iter().find(|track| Some(track.id) == carried);
            let mut options = section_options(&self.options.codecs, track);
            options.codecs.retain(|codec| codec.kind() == kind);
            let send = match participant.version {
                Version::One if section.direction.receives() && !section.direction.sends() && !section.rejected => use_section(participant, &section.mid, kind),
                _ => None,
            };
            wanted.push(AnswerSection { mid: section.mid.clone(), receive, send, options });
        }
        wanted
    }

    /// Version one: tells the client how many sections are missing, so that it offers again.
    pub(super) fn ask_for_sections(&mut self, sid: &str) {
        let Some(participant) = self.participants.get_mut(sid).filter(|participant| participant.version == Version::One) else { return };
        let waiting = |kind: Kind| participant.subscriptions.iter().filter(|subscription| subscription.kind == kind && subscription.mid.is_none()).count();
        let free = |kind: Kind| {
            let sections = participant.negotiation.offer.iter().flat_map(|offer| &offer.sections);
            let receiving = sections
                .filter(|section| section.kind.media() == Some(kind) && section.direction.receives() && !section.direction.sends() && !section.rejected);
            receiving.filter(|section| !matches!(participant.negotiation.uses.get(&section.mid), Some(Use::Taken(_) | Use::Left))).count()
        };
        let (audios, videos) = (waiting(Kind::Audio), waiting(Kind::Video));
        if audios + videos == 0 || participant.negotiation.offer.is_none() || participant.negotiation.asked.is_some() {
            return;
        }
        let missing = (audios.saturating_sub(free(Kind::Audio)) as u32, videos.saturating_sub(free(Kind::Video)) as u32);
        participant.negotiation.asked = Some(missing);
        participant.tell(signal_response::Message::MediaSectionsRequirement(MediaSectionsRequirement { num_audios: missing.0, num_videos: missing.1 }));
    }

    /// Version two: our offer of what the client receives.
    pub(super) fn offer(&mut self, sid: &str) {
        let Some(participant) = self.participants.get_mut(sid) else { return };
        if participant.negotiation.offered.is_some() {
            participant.negotiation.is_stale = true;
            return;
        }
        let thread = participant.thread();
        let Some(connection) = participant.subscriber.as_mut() else { return };
        connection.version += 1;
        let local = local(&self.media, thread, connection);
        for subscription in participant.subscriptions.iter_mut().filter(|subscription| subscription.mid.is_none()) {
            let options = SectionOptions {
                codecs: self.options.codecs.iter().copied().filter(|codec| codec.kind() == subscription.kind).collect(),
                ..SectionOptions::default()
            };
            subscription.mid = Some(participant.negotiation.layout.place(section_kind(subscription.kind), sent(subscription), options).to_owned());
        }
        let Negotiation { layout, next_offer, .. } = &mut participant.negotiation;
        let session = sdp::offer(&local, &layout.offered());
        let id = *next_offer;
        *next_offer += 1;
        let mid_to_track_id = sent_tracks(participant);
        participant.tell(signal_response::Message::Offer(SessionDescription { r#type: "offer".to_owned(), sdp: session.to_string(), id, mid_to_track_id }));
        participant.negotiation.offered = Some((id, session));
    }

    /// Version two: the client's answer to our offer.
    pub(super) fn answered(&mut self, sid: &str, description: &SessionDescription) {
        let Some(participant) = self.participants.get_mut(sid) else { return };
        let Some((id, offer)) = participant.negotiation.offered.take() else { return };
        if description.id != 0 && description.id != id {
            participant.negotiation.offered = Some((id, offer));
            return;
        }
        let answer = match sdp::Session::parse(&description.sdp) {
            Ok(answer) => answer,
            Err(e) => return tracing::info!(room = self.room.name, sid, error = %e, "an answer cannot be used"),
        };
        let taken = match sdp::taken(&offer, &answer) {
            Ok(taken) => taken,
            Err(e) => return tracing::info!(room = self.room.name, sid, error = %e, "an answer does not fit its offer"),
        };
        participant.negotiation.layout.answered();
        let (thread, mut told) = (participant.thread(), None);
        if let Some(connection) = participant.subscriber.as_mut()
            && remote(connection, &answer) != Restarted::Same
        {
            told = Some(connection.peer);
        }
        if let Some(peer) = told {
            self.command(thread, Command::SetRemote { peer, remote: remote_of(&answer) });
        }
        for section in taken.iter().filter(|section| section.receives) {
            self.let_flow(sid, &section.mid, &section.codecs, section.extensions);
        }
        let is_stale = self.participants.get_mut(sid).is_some_and(|participant| std::mem::take(&mut participant.negotiation.is_stale));
        if is_stale {
            self.offer(sid);
        }
    }

    /// What the client receives by changed: it is told in its version's way.
    pub(super) fn renegotiate(&mut self, sid: &str) {
        if self.participants.get(sid).is_some_and(|participant| participant.seat.is_some()) {
            return self.flow_to_seat(sid);
        }
        match self.participants.get(sid).map(|participant| participant.version) {
            Some(Version::One) => self.ask_for_sections(sid),
            Some(Version::Two) => self.offer(sid),
            None => {}
        }
    }

    /// After a resume: version two's receiving connection begins ICE anew (the client offers for the other).
    pub(super) fn restart_receiving(&mut self, sid: &str) {
        let Some(participant) = self.participants.get_mut(sid) else { return };
        let thread = participant.thread();
        let Some(connection) = participant.subscriber.as_mut() else { return };
        connection.ice = self.media.credentials(thread);
        let (peer, local) = (connection.peer, connection.ice.clone());
        participant.negotiation.offered = None;
        self.command(thread, Command::RestartIce { peer, local });
        self.offer(sid);
    }

    /// Version one: what was answered flows.
    pub(super) fn flow(&mut self, sid: &str, answer: &sdp::Session) {
        for section in answer.sections.iter().filter(|section| section.kind.media().is_some() && section.direction.sends() && !section.rejected) {
            self.let_flow(sid, &section.mid, &section.codecs, section.extensions);
        }
    }

    fn let_flow(&mut self, sid: &str, mid: &str, codecs: &[CodecLine], extensions: crate::sfu::packet::ExtensionIds) {
        let Some(participant) = self.participants.get_mut(sid) else { return };
        let (thread, peer) = (participant.thread(), participant.receiving().peer);
        let Some(subscription) = participant.subscriptions.iter_mut().find(|subscription| subscription.mid.as_deref() == Some(mid)) else { return };
        if std::mem::replace(&mut subscription.is_flowing, true) {
            return;
        }
        let payloads =
            codecs.iter().filter_map(|line| Some(DownPayload { codec: line.codec?, payload_type: line.payload_type, rtx: line.repaired_by })).collect();
        let (track, ssrc, rtx_ssrc, wish) = (subscription.track, subscription.ssrc, subscription.rtx_ssrc, subscription.wish.clone());
        let (publisher, track_sid) = (subscription.publisher.clone(), subscription.track_sid.clone());
        let Some(settings) = self.participants.get(&publisher).and_then(|publisher| publisher.track(&track_sid)).map(|track| track.settings(wish.as_ref()))
        else {
            return;
        };
        self.subscribe_on(thread, peer, DownlinkOptions { track, ssrc, rtx_ssrc, payloads, extensions, settings });
        self.tell_taken(&publisher, &track_sid);
    }
}

/// Whether the other end of a connection is another than before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Restarted {
    Same,
    First,
    Yes,
}

fn remote(connection: &mut Connection, session: &sdp::Session) -> Restarted {
    match connection.remote_ufrag.replace(session.ice_ufrag.clone()) {
        None => Restarted::First,
        Some(before) if before == session.ice_ufrag => Restarted::Same,
        Some(_) => Restarted::Yes,
    }
}

pub(super) fn remote_of(session: &sdp::Session) -> Remote {
    Remote {
        ice: crate::transport::IceCredentials { ufrag: session.ice_ufrag.clone(), pwd: session.ice_pwd.clone() },
        fingerprint: Fingerprint(session.fingerprint),
        setup: if session.setup == sdp::Setup::Passive { Setup::Passive } else { Setup::Active },
    }
}

pub(super) fn local(media: &crate::transport::Media, thread: usize, connection: &Connection) -> Local {
    Local {
        session_id: connection.session_id,
        version: connection.version,
        ice_ufrag: connection.ice.ufrag.clone(),
        ice_pwd: connection.ice.pwd.clone(),
        fingerprint: media.identity().fingerprint().0,
        candidates: media.candidates(thread),
        end_of_candidates: true,
        max_message_size: Some(MESSAGE_BYTES),
    }
}

fn section_kind(kind: Kind) -> SectionKind {
    match kind {
        Kind::Audio => SectionKind::Audio,
        Kind::Video => SectionKind::Video,
    }
}

fn sent(subscription: &Subscription) -> Sent {
    Sent {
        msid: Msid { stream: format!("{}|{}", subscription.publisher, subscription.track_sid), track: subscription.track_sid.clone() },
        cname: subscription.publisher.clone(),
        ssrc: subscription.ssrc,
        repair_ssrc: subscription.rtx_ssrc,
    }
}

/// Which section carries which track, for the client.
fn sent_tracks(participant: &Participant) -> HashMap<String, String> {
    participant.subscriptions.iter().filter_map(|subscription| Some((subscription.mid.clone()?, subscription.track_sid.clone()))).collect()
}

/// What a section that the client receives by is used for from now on.
fn use_section(participant: &mut Participant, mid: &str, kind: Kind) -> Option<Sent> {
    let used = participant.negotiation.uses.entry(mid.to_owned()).or_insert(Use::Free);
    match used {
        Use::Taken(sid) => {
            let sid = sid.clone();
            let carried = participant.subscriptions.iter().find(|subscription| subscription.track_sid == sid && subscription.mid.as_deref() == Some(mid));
            if carried.is_none() {
                *used = Use::Free;
            }
            carried.map(sent)
        }
        Use::Left => {
            *used = Use::Free;
            None
        }
        Use::Free => {
            let waiting = participant.subscriptions.iter_mut().find(|subscription| subscription.kind == kind && subscription.mid.is_none())?;
            waiting.mid = Some(mid.to_owned());
            *used = Use::Taken(waiting.track_sid.clone());
            Some(sent(waiting))
        }
    }
}

/// What may be sent to us by a section: of the track that it carries, if it was announced.
fn section_options(codecs: &[crate::sfu::codec::Codec], track: Option<&Track>) -> SectionOptions {
    let mut options = SectionOptions { codecs: codecs.to_vec(), ..SectionOptions::default() };
    let Some(track) = track else { return options };
    #[allow(deprecated)]
    {
        options.red = !track.info.disable_red && codecs.contains(&crate::sfu::codec::Codec::Red);
        options.dtx = !track.info.disable_dtx;
        options.stereo = track.info.stereo;
    }
    // The client says by which codec it wants to send; the first of an answer is the one that it uses.
    if let Some(preferred) = track.codec() {
        options.codecs.sort_by_key(|codec| *codec != preferred);
    }
    options
}
