//! Who takes which track.

use livekit_protocol::{
    SubscribedCodec, SubscribedQuality, SubscribedQualityUpdate, SubscriptionPermissionUpdate, UpdateSubscription, UpdateTrackSettings, VideoQuality,
    signal_response,
};
use std::time::{Duration, Instant};

use super::RoomActor;
use crate::room::participant::Use;
use crate::room::seat::SeatEvent;
use crate::room::signal::Version;
use crate::room::track::Subscription;
use crate::sfu::codec::Kind;
use crate::transport::Command;

/// A layer that nobody takes is switched off after this; one that somebody wants comes at once.
const UNWANTED: Duration = Duration::from_secs(3);

impl RoomActor {
    /// A newcomer takes what is there.
    pub(super) fn subscribe_to_all(&mut self, sid: &str) {
        if !self.participants.get(sid).is_some_and(|participant| participant.auto_subscribe) {
            return;
        }
        let tracks: Vec<(String, String)> = self
            .participants
            .values()
            .filter(|publisher| publisher.sid() != sid)
            .flat_map(|publisher| {
                publisher
                    .tracks
                    .iter()
                    .filter(|track| track.mid.is_some() && !self.is_interpretation(&track.info.name))
                    .map(|track| (publisher.sid().to_owned(), track.info.sid.clone()))
            })
            .collect();
        for (publisher, track) in tracks {
            self.subscribe(sid, &publisher, &track);
        }
    }

    /// A new track is taken by all who take everything.
    pub(super) fn subscribe_everybody(&mut self, publisher: &str, track_sid: &str) {
        let track = self.participants.get(publisher).and_then(|publisher| publisher.track(track_sid));
        if track.is_none_or(|track| self.is_interpretation(&track.info.name)) {
            return;
        }
        let takers: Vec<String> = self
            .participants
            .values()
            .filter(|participant| {
                participant.auto_subscribe && participant.sid() != publisher && !participant.declined.iter().any(|declined| declined == track_sid)
            })
            .map(|participant| participant.sid().to_owned())
            .collect();
        for sid in takers {
            if self.subscribe(&sid, publisher, track_sid) {
                self.renegotiate(&sid);
            }
        }
    }

    /// True when it is new; the caller negotiates.
    fn subscribe(&mut self, sid: &str, publisher: &str, track_sid: &str) -> bool {
        let Some((track, kind)) = self
            .participants
            .get(publisher)
            .and_then(|publisher| publisher.track(track_sid))
            .filter(|track| track.mid.is_some())
            .map(|track| (track.id, track.kind))
        else {
            return false;
        };
        let Some(participant) = self.participants.get(sid) else { return false };
        if !participant.permission().can_subscribe || participant.subscriptions.iter().any(|each| each.track == track) {
            return false;
        }
        let identity = participant.identity().to_owned();
        let is_let = self.participants.get(publisher).is_some_and(|publisher| publisher.lets(sid, &identity, track_sid));
        if !is_let {
            self.tell_permitted(sid, publisher, track_sid, false);
            return false;
        }
        let (ssrc, rtx_ssrc) = (self.media.ssrc(), (kind == Kind::Video).then(|| self.media.ssrc()));
        let Some(participant) = self.participants.get_mut(sid) else { return false };
        participant.subscriptions.push(Subscription {
            track,
            kind,
            publisher: publisher.to_owned(),
            track_sid: track_sid.to_owned(),
            ssrc,
            rtx_ssrc,
            wish: None,
            mid: None,
            is_flowing: false,
        });
        true
    }

    /// The track's section is free again after the next description.
    pub(super) fn unsubscribe(&mut self, sid: &str, track_sid: &str, is_told: bool) {
        let Some(participant) = self.participants.get_mut(sid) else { return };
        let Some(at) = participant.subscriptions.iter().position(|subscription| subscription.track_sid == track_sid) else { return };
        let subscription = participant.subscriptions.remove(at);
        let (thread, peer) = (participant.thread(), participant.receiving().peer);
        if let Some(seat) = &participant.seat {
            let _ = seat.send(SeatEvent::Gone { ssrc: subscription.ssrc });
        }
        if let Some(mid) = &subscription.mid {
            match participant.version {
                Version::One => drop(participant.negotiation.uses.insert(mid.clone(), Use::Left)),
                Version::Two => drop(participant.negotiation.layout.leave(mid)),
            }
        }
        self.command(thread, Command::Unsubscribe { peer, track: subscription.track });
        if is_told {
            self.renegotiate(sid);
        }
    }

    pub(super) fn update_subscription(&mut self, sid: &str, update: &UpdateSubscription) {
        let sids = update.track_sids.iter().chain(update.participant_tracks.iter().flat_map(|tracks| &tracks.track_sids));
        let mut is_new = false;
        for track_sid in sids {
            if !update.subscribe {
                self.unsubscribe(sid, track_sid, false);
                if let Some(participant) = self.participants.get_mut(sid).filter(|participant| !participant.declined.contains(track_sid)) {
                    participant.declined.push(track_sid.clone());
                }
                is_new = true;
                continue;
            }
            let publisher = self.tracks.values().find(|(_, known)| known == track_sid).map(|(publisher, _)| publisher.clone());
            if let Some(participant) = self.participants.get_mut(sid) {
                participant.declined.retain(|declined| declined != track_sid);
            }
            if let Some(publisher) = publisher {
                is_new |= self.subscribe(sid, &publisher, track_sid);
            }
        }
        if is_new {
            self.renegotiate(sid);
        }
    }

    pub(super) fn update_settings(&mut self, sid: &str, wish: &UpdateTrackSettings) {
        for track_sid in &wish.track_sids {
            let Some(participant) = self.participants.get_mut(sid) else { return };
            let (thread, peer) = (participant.thread(), participant.receiving().peer);
            let Some(subscription) = participant.subscriptions.iter_mut().find(|subscription| subscription.track_sid == *track_sid) else { continue };
            subscription.wish = Some(wish.clone());
            let (track, publisher, is_flowing) = (subscription.track, subscription.publisher.clone(), subscription.is_flowing);
            let settings = self.participants.get(&publisher).and_then(|publisher| publisher.track(track_sid)).map(|track| track.settings(Some(wish)));
            if let Some(settings) = settings.filter(|_| is_flowing) {
                self.command(thread, Command::Set { peer, track, settings });
            }
        }
    }

    /// A publisher says who may take its tracks: what is not allowed any more ends, what is now, begins.
    pub(super) fn permissions_changed(&mut self, publisher: &str) {
        let Some(known) = self.participants.get(publisher) else { return };
        let tracks: Vec<(String, bool)> =
            known.tracks.iter().filter(|track| track.mid.is_some()).map(|track| (track.info.sid.clone(), self.is_interpretation(&track.info.name))).collect();
        let others: Vec<(String, String, bool)> = self
            .participants
            .values()
            .filter(|other| other.sid() != publisher)
            .map(|other| (other.sid().to_owned(), other.identity().to_owned(), other.auto_subscribe))
            .collect();
        for (track, is_asked_for) in &tracks {
            for (sid, identity, takes_all) in &others {
                let is_let = self.participants.get(publisher).is_some_and(|publisher| publisher.lets(sid, identity, track));
                let has = self.participants.get(sid).is_some_and(|other| other.subscriptions.iter().any(|each| each.track_sid == *track));
                if has && !is_let {
                    self.unsubscribe(sid, track, true);
                    self.tell_permitted(sid, publisher, track, false);
                } else if !has && is_let && *takes_all && !is_asked_for {
                    self.tell_permitted(sid, publisher, track, true);
                    if self.subscribe(sid, publisher, track) {
                        self.renegotiate(sid);
                    }
                }
            }
        }
    }

    fn tell_permitted(&mut self, sid: &str, publisher: &str, track_sid: &str, allowed: bool) {
        if let Some(participant) = self.participants.get_mut(sid) {
            let update = SubscriptionPermissionUpdate { participant_sid: publisher.to_owned(), track_sid: track_sid.to_owned(), allowed };
            participant.tell(signal_response::Message::SubscriptionPermissionUpdate(update));
        }
    }

    /// Dynacast: publishers are told which layers are of use to anybody.
    pub(super) fn tell_wanted(&mut self, now: Instant) {
        for participant in self.participants.values_mut() {
            let mut updates = Vec::new();
            for track in participant.tracks.iter_mut().filter(|track| track.kind == Kind::Video && track.mid.is_some()) {
                let is_due = track.wanted.since.is_some_and(|since| now.saturating_duration_since(since) >= UNWANTED);
                let is_more = track.wanted.layer > track.wanted.told.flatten();
                if track.wanted.since.is_none() || track.wanted.told == Some(track.wanted.layer) || !(is_due || is_more) {
                    continue;
                }
                track.wanted.told = Some(track.wanted.layer);
                updates.push(quality_update(track));
            }
            for update in updates {
                participant.tell(signal_response::Message::SubscribedQualityUpdate(update));
            }
        }
    }
}

fn quality_update(track: &crate::room::track::Track) -> SubscribedQualityUpdate {
    let qualities: Vec<SubscribedQuality> = [VideoQuality::Low, VideoQuality::Medium, VideoQuality::High]
        .into_iter()
        .map(|quality| {
            // A single layer is of the highest quality, whatever its number.
            let layer = if track.layers == 1 { Some(0) } else { track.layer_of(quality) };
            SubscribedQuality { quality: quality as i32, enabled: layer <= track.wanted.layer && track.wanted.layer.is_some() }
        })
        .collect();
    let codec = track.codec().map(|codec| codec.name().to_ascii_lowercase()).unwrap_or_default();
    #[allow(deprecated)] // Older clients know one codec only.
    SubscribedQualityUpdate {
        track_sid: track.info.sid.clone(),
        subscribed_qualities: qualities.clone(),
        subscribed_codecs: vec![SubscribedCodec { codec, qualities }],
    }
}
