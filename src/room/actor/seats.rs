//! Seats: participants without a client.

use livekit_protocol::{AddTrackRequest, DisconnectReason, SimulcastCodec, TrackSource, TrackType};
use tokio::sync::mpsc;

use super::RoomActor;
use crate::room::id;
use crate::room::participant::{Connection, Negotiation, Participant};
use crate::room::seat::{QUEUED, RoomSeat, SeatEvent, SeatOptions, SeatTrack, codecs, payload_type};
use crate::room::signal::Version;
use crate::room::track::Track;
use crate::room::webhook::Happening;
use crate::sfu::codec::Kind;
use crate::sfu::downlink::DownPayload;
use crate::sfu::packet::ExtensionIds;
use crate::sfu::uplink::Payload;
use crate::sfu::{DownlinkOptions, PeerOptions, UplinkOptions, congestion};
use crate::transport::{Command, IceCredentials, NewSeat};

/// Nothing between a seat and the server is narrow.
const SEAT_BPS: u64 = 1_000_000_000;

impl RoomActor {
    pub(super) fn seat(&mut self, options: SeatOptions) -> Result<RoomSeat, u32> {
        self.make_way(&options.claims.identity)?;
        let info = self.info(&options.claims);
        let sid = info.sid.clone();
        let (out, packets) = mpsc::channel(QUEUED);
        let (told, events) = mpsc::unbounded_channel();
        let (peer, place) = (self.media.peer_id(), self.place());
        let thread = place.thread;
        let unbound = congestion::Options { start_bps: SEAT_BPS, max_bps: SEAT_BPS, ..congestion::Options::default() };
        let new = NewSeat { id: peer, options: PeerOptions { congestion: unbound, cname: sid.clone() }, out, events: self.happened.clone() };
        self.command(thread, Command::AddSeat(Box::new(new)));
        self.peers.insert(peer, sid.clone());
        let connection = Connection {
            peer,
            ice: IceCredentials { ufrag: String::new(), pwd: String::new() },
            session_id: 0,
            version: 0,
            remote_ufrag: None,
            is_connected: true,
        };
        let mut participant = Participant::new(info.clone(), options.claims, Version::One, place, connection, None, Negotiation::default());
        participant.auto_subscribe = options.takes_all;
        participant.seat = Some(told);
        self.participants.insert(sid.clone(), participant);
        self.count();
        self.show(&sid, &info);
        self.report(Happening::ParticipantJoined, Some(&info), None);
        for track in options.publishes {
            self.seat_publishes(&sid, track);
        }
        self.subscribe_to_all(&sid);
        self.flow_to_seat(&sid);
        Ok(RoomSeat { participant: sid, peer, thread, media: self.media.clone(), room: self.handle.clone(), packets, events })
    }

    pub(super) fn seat_left(&mut self, sid: &str) {
        self.remove(sid, DisconnectReason::ClientInitiated, None);
    }

    fn seat_publishes(&mut self, sid: &str, seat_track: SeatTrack) {
        let kind = seat_track.codec.kind();
        let (r#type, source) = match (kind, seat_track.is_screen) {
            (Kind::Audio, false) => (TrackType::Audio, TrackSource::Microphone),
            (Kind::Audio, true) => (TrackType::Audio, TrackSource::ScreenShareAudio),
            (Kind::Video, false) => (TrackType::Video, TrackSource::Camera),
            (Kind::Video, true) => (TrackType::Video, TrackSource::ScreenShare),
        };
        let (width, height) = seat_track.size.unwrap_or_default();
        let cid = id::cid();
        let request = AddTrackRequest {
            cid: cid.clone(),
            name: seat_track.name,
            r#type: r#type as i32,
            source: source as i32,
            width,
            height,
            simulcast_codecs: vec![SimulcastCodec { codec: seat_track.codec.name().to_owned(), cid, ..SimulcastCodec::default() }],
            ..AddTrackRequest::default()
        };
        let mut track = Track::new(self.media.track_id(), &request);
        track.mid = Some(String::new());
        let (id, track_sid) = (track.id, track.info.sid.clone());
        let Some(participant) = self.participants.get_mut(sid) else { return };
        let (thread, peer) = (participant.thread(), participant.publisher.peer);
        participant.tracks.push(track);
        self.tracks.insert(id, (sid.to_owned(), track_sid.clone()));
        let payload = Payload { payload_type: payload_type(seat_track.codec), codec: seat_track.codec, rtx: None };
        let uplink = UplinkOptions {
            track: id,
            kind,
            mid: None,
            payloads: vec![payload],
            extensions: ExtensionIds::default(),
            rids: vec![None],
            ssrcs: vec![(seat_track.ssrc, None)],
        };
        self.publish_on(thread, peer, uplink, false);
        self.tell_changed(sid);
        self.count();
        self.subscribe_everybody(sid, &track_sid);
    }

    /// What a seat takes flows at once: there is nothing to negotiate.
    pub(super) fn flow_to_seat(&mut self, sid: &str) {
        let Some(participant) = self.participants.get_mut(sid) else { return };
        let Some(seat) = participant.seat.clone() else { return };
        let (thread, peer) = (participant.thread(), participant.publisher.peer);
        let mut begun = Vec::new();
        for subscription in participant.subscriptions.iter_mut().filter(|subscription| !subscription.is_flowing) {
            subscription.is_flowing = true;
            begun.push((subscription.track, subscription.kind, subscription.ssrc, subscription.publisher.clone(), subscription.track_sid.clone()));
        }
        for (track, kind, ssrc, publisher, track_sid) in begun {
            let Some(known) = self.participants.get(&publisher).and_then(|publisher| publisher.track(&track_sid)) else { continue };
            let settings = known.settings(None);
            // A seat that is gone leaves the room by itself.
            let _ = seat.send(SeatEvent::Takes { ssrc, publisher: publisher.clone(), track: Box::new(known.info.clone()) });
            let payloads = codecs(kind).map(|codec| DownPayload { codec, payload_type: payload_type(codec), rtx: None }).collect();
            let downlink = DownlinkOptions { track, ssrc, rtx_ssrc: None, payloads, extensions: ExtensionIds::default(), settings };
            self.subscribe_on(thread, peer, downlink);
            self.tell_taken(&publisher, &track_sid);
        }
    }
}
