//! A client's sending side: it announces its tracks, offers them, and sends what camera and microphone give.

use std::time::{Duration, Instant};

use livekit_protocol::{
    AddTrackRequest, SessionDescription, SimulcastCodec, SubscribedQualityUpdate, TrackPublishedResponse, TrackSource, TrackType, VideoLayer, VideoQuality,
};
use str0m::Event;
use str0m::change::SdpPendingOffer;
use str0m::format::Codec;
use str0m::media::{Direction, KeyframeRequest, MediaKind, Mid, Pt, Rid, Simulcast, SimulcastLayer};
use str0m::rtp::{ExtensionValues, RtpWrite};

use super::camera::Camera;
use super::error::JoinError;
use super::line::Line;
use super::options::VideoCodec;
use super::outcome::Sent;
use super::payload::opus;
use super::run::Time;
use super::sdp;
use super::stamp::Stamp;
use super::statistics::Durations;

const CAMERA: &str = "camera";
const MICROPHONE: &str = "microphone";
const SOUND: Duration = Duration::from_millis(20);
const VIDEO_HZ: u64 = 90_000;
const AUDIO_HZ: u64 = 48_000;
/// RFC 6464, as -dBov: speech, and silence.
const LOUD: i8 = -22;
const SILENT: i8 = -127;
/// A machine that is so late has lost these pictures; it does not send them in a burst.
const TOO_LATE: Duration = Duration::from_millis(200);

pub struct Publisher {
    pub line: Line,
    pub sent: Sent,
    pub lateness: Durations,
    camera: Option<Camera>,
    codec: VideoCodec,
    has_microphone: bool,
    time: Time,
    publisher: u32,
    /// Announced tracks that the server has not answered for.
    unanswered: usize,
    camera_sid: String,
    pending: Option<SdpPendingOffer>,
    is_connected: bool,
    video: Option<Track>,
    audio: Option<Track>,
    next_picture: Instant,
    next_sound: Instant,
    sounds: u32,
    /// Of streams, as last told.
    told: Vec<(Mid, Option<Rid>, u64, u64)>,
}

struct Track {
    mid: Mid,
    payload_type: Option<Pt>,
    /// Of each layer, the next sequence number.
    sequences: Vec<u64>,
    /// RTP time when the run began.
    offset: u64,
}

/// What makes a publisher.
pub struct Equipment {
    pub camera: Option<Camera>,
    pub codec: VideoCodec,
    pub has_microphone: bool,
    pub publisher: u32,
    pub time: Time,
}

impl Publisher {
    pub fn new(line: Line, equipment: Equipment) -> Self {
        let Equipment { camera, codec, has_microphone, publisher, time } = equipment;
        let now = Instant::now();
        Self {
            line,
            sent: Sent::default(),
            lateness: Durations::default(),
            camera,
            codec,
            has_microphone,
            time,
            publisher,
            unanswered: 0,
            camera_sid: String::new(),
            pending: None,
            is_connected: false,
            video: None,
            audio: None,
            next_picture: now,
            next_sound: now,
            sounds: 0,
            told: Vec::new(),
        }
    }

    /// What is announced first of all.
    pub fn announcements(&mut self) -> Vec<AddTrackRequest> {
        let mut requests = Vec::new();
        if self.has_microphone {
            requests.push(AddTrackRequest {
                cid: self.cid(MICROPHONE),
                name: MICROPHONE.to_owned(),
                r#type: TrackType::Audio as i32,
                source: TrackSource::Microphone as i32,
                ..AddTrackRequest::default()
            });
        }
        if let Some(camera) = &self.camera {
            let qualities = qualities(camera.layers().len());
            let layers: Vec<VideoLayer> = camera
                .layers()
                .iter()
                .zip(qualities)
                .map(|(layer, quality)| VideoLayer {
                    quality: *quality as i32,
                    width: layer.size.0.into(),
                    height: layer.size.1.into(),
                    bitrate: layer.bitrate_bps,
                    rid: layer.rid.unwrap_or_default().to_owned(),
                    ..VideoLayer::default()
                })
                .collect();
            let (width, height) = camera.layers().last().map_or((0, 0), |layer| layer.size);
            let cid = self.cid(CAMERA);
            let codec = SimulcastCodec { codec: self.codec.name().to_owned(), cid: cid.clone(), layers: layers.clone(), ..SimulcastCodec::default() };
            requests.push(AddTrackRequest {
                cid,
                name: CAMERA.to_owned(),
                r#type: TrackType::Video as i32,
                source: TrackSource::Camera as i32,
                width: width.into(),
                height: height.into(),
                layers,
                simulcast_codecs: vec![codec],
                ..AddTrackRequest::default()
            });
        }
        self.unanswered = requests.len();
        requests
    }

    fn cid(&self, what: &str) -> String {
        format!("{what}-{}", self.publisher)
    }

    /// The server knows a track; when it knows all, they are offered.
    pub fn published(&mut self, response: &TrackPublishedResponse) -> Result<Option<SessionDescription>, JoinError> {
        if response.cid == self.cid(CAMERA) {
            self.camera_sid = response.track.as_ref().map(|track| track.sid.clone()).unwrap_or_default();
        }
        self.unanswered = self.unanswered.saturating_sub(1);
        if self.unanswered == 0 && self.pending.is_none() && self.video.is_none() && self.audio.is_none() { self.offer().map(Some) } else { Ok(None) }
    }

    fn offer(&mut self) -> Result<SessionDescription, JoinError> {
        let stream = format!("load-{}", self.publisher);
        let (camera, microphone) = (self.cid(CAMERA), self.cid(MICROPHONE));
        let offset = u64::from(rand::random::<u32>() >> 1);
        let track = |mid, layers| Track { mid, payload_type: None, sequences: (0..layers).map(|_| u64::from(rand::random::<u16>() >> 1)).collect(), offset };
        let mut api = self.line.rtc.sdp_api();
        if self.has_microphone {
            self.audio = Some(track(api.add_media(MediaKind::Audio, Direction::SendOnly, Some(stream.clone()), Some(microphone), None), 1));
        }
        if let Some(source) = &self.camera {
            let rids: Vec<&str> = source.layers().iter().filter_map(|layer| layer.rid).collect();
            let simulcast = (!rids.is_empty()).then(|| {
                let mut simulcast = Simulcast::new();
                rids.iter().for_each(|rid| simulcast.add_send_layer(SimulcastLayer::new(rid)));
                simulcast
            });
            let mid = api.add_media(MediaKind::Video, Direction::SendOnly, Some(stream), Some(camera), simulcast);
            self.video = Some(track(mid, source.layers().len()));
        }
        let (offer, pending) = api.apply().ok_or_else(|| JoinError::Machine("nothing to offer".to_owned()))?;
        self.pending = Some(pending);
        Ok(sdp::description("offer", offer.to_sdp_string(), 1))
    }

    pub fn answered(&mut self, description: &SessionDescription) -> Result<(), JoinError> {
        let Some(pending) = self.pending.take() else { return Ok(()) };
        let answer = sdp::answer(description)?;
        self.line.rtc.sdp_api().accept_answer(pending, answer).map_err(|e| JoinError::Protocol(format!("the answer does not fit: {e}")))?;
        self.line.settle()?;
        let codecs = [(&mut self.audio, Codec::Opus), (&mut self.video, if self.codec == VideoCodec::Vp8 { Codec::Vp8 } else { Codec::H264 })];
        for (track, codec) in codecs {
            let Some(track) = track else { continue };
            let taken = self.line.rtc.media(track.mid).map(|media| media.remote_pts().to_vec()).unwrap_or_default();
            let params = self.line.rtc.codec_config().params();
            track.payload_type = taken.into_iter().find(|taken| params.iter().any(|each| each.pt() == *taken && each.spec().codec == codec));
            if track.payload_type.is_none() {
                return Err(JoinError::Unpublished(format!("the server does not take {codec}")));
            }
        }
        Ok(())
    }

    /// Dynacast.
    pub fn wanted(&mut self, update: &SubscribedQualityUpdate) {
        let Some(camera) = self.camera.as_mut().filter(|_| update.track_sid == self.camera_sid) else { return };
        #[allow(deprecated)] // Older servers name one codec only.
        let older = &update.subscribed_qualities;
        let of_codec = update.subscribed_codecs.iter().find(|each| each.codec.eq_ignore_ascii_case(self.codec.name()));
        let wanted = of_codec.map_or(older, |each| &each.qualities);
        let count = camera.layers().len();
        for (layer, quality) in qualities(count).iter().enumerate() {
            let is_wanted =
                if count == 1 { wanted.iter().any(|each| each.enabled) } else { wanted.iter().any(|each| each.quality == *quality as i32 && each.enabled) };
            camera.want(layer, is_wanted);
        }
    }

    pub fn event(&mut self, event: &Event) {
        match event {
            Event::Connected => {
                self.is_connected = true;
                let now = Instant::now();
                // Cameras are not in step.
                self.next_picture = now + Duration::from_micros(u64::from(rand::random::<u16>()) / 2);
                self.next_sound = now;
            }
            Event::KeyframeRequest(KeyframeRequest { mid, rid, .. }) => {
                let is_camera = self.video.as_ref().is_some_and(|track| track.mid == *mid);
                if let Some(camera) = self.camera.as_mut().filter(|_| is_camera) {
                    let layer = rid.and_then(|rid| camera.layers().iter().position(|layer| layer.rid == Some(&*rid))).unwrap_or(0);
                    camera.want_key(layer);
                }
            }
            Event::MediaEgressStats(stats) => {
                self.told.retain(|(mid, rid, ..)| (*mid, *rid) != (stats.mid, stats.rid));
                self.told.push((stats.mid, stats.rid, stats.nacks, stats.plis + stats.firs));
            }
            _ => {}
        }
    }

    pub fn is_connected(&self) -> bool {
        self.is_connected
    }

    /// When it wants to be woken.
    pub fn wake(&self) -> Instant {
        let media = match self.is_connected {
            true => [self.video.as_ref().map(|_| self.next_picture), self.audio.as_ref().map(|_| self.next_sound)],
            false => [None, None],
        };
        media.into_iter().flatten().fold(self.line.wake, Instant::min)
    }

    /// Sends what is due.
    pub fn tick(&mut self, now: Instant, speaks: bool) -> Result<(), JoinError> {
        if !self.is_connected {
            return Ok(());
        }
        if self.video.is_some() && self.next_picture <= now {
            let late = now.saturating_duration_since(self.next_picture);
            self.lateness.record(late);
            let interval = self.camera.as_ref().map_or(SOUND, Camera::interval);
            self.next_picture = if late > TOO_LATE { now } else { self.next_picture } + interval;
            self.picture(now)?;
        }
        while self.audio.is_some() && self.next_sound <= now {
            let late = now.saturating_duration_since(self.next_sound);
            self.next_sound = if late > TOO_LATE { now } else { self.next_sound } + SOUND;
            self.sound(now, speaks)?;
        }
        Ok(())
    }

    fn picture(&mut self, now: Instant) -> Result<(), JoinError> {
        let (Some(camera), Some(track)) = (&mut self.camera, &mut self.video) else { return Ok(()) };
        let Some(payload_type) = track.payload_type else { return Ok(()) };
        let time = track.rtp_time(self.time.since(now), VIDEO_HZ);
        for taken in camera.take(now, self.time.ns(now)) {
            let rid = camera.layers().get(taken.layer).and_then(|layer| layer.rid).map(Rid::from);
            let Some(sequence) = track.sequences.get_mut(taken.layer) else { continue };
            let last = taken.packets.len().saturating_sub(1);
            let mut was_sent = false;
            for (at, packet) in taken.packets.into_iter().enumerate() {
                let len = packet.len() as u64;
                let mut direct = self.line.rtc.direct_api();
                let Some(stream) = direct.stream_tx_by_mid(track.mid, rid) else { break };
                stream.write_rtp(RtpWrite::new(payload_type, (*sequence).into(), time, now, packet).marker(at == last).nackable(true));
                *sequence += 1;
                self.sent.video_bytes += len;
                self.sent.video_packets += 1;
                was_sent = true;
                self.line.settle()?;
            }
            self.sent.pictures += u64::from(was_sent);
            self.sent.keys += u64::from(was_sent && taken.is_key);
        }
        Ok(())
    }

    fn sound(&mut self, now: Instant, speaks: bool) -> Result<(), JoinError> {
        let Some(track) = &mut self.audio else { return Ok(()) };
        let (Some(payload_type), Some(sequence)) = (track.payload_type, track.sequences.first().copied()) else { return Ok(()) };
        self.sounds = self.sounds.wrapping_add(1);
        let stamp = Stamp {
            run: self.time.run,
            publisher: self.publisher,
            number: self.sounds,
            needs: self.sounds,
            index: 0,
            packets: 1,
            layer: 0,
            is_key: true,
            made_ns: self.time.ns(now),
        };
        let packet = opus::packet(&stamp, speaks);
        let len = packet.len() as u64;
        // RTP time goes on by what the sound lasts, however late the timer is.
        let time = (track.offset + u64::from(self.sounds) * AUDIO_HZ / 50) as u32;
        let levels = ExtensionValues { audio_level: Some(if speaks { LOUD } else { SILENT }), voice_activity: Some(speaks), ..ExtensionValues::default() };
        let mut direct = self.line.rtc.direct_api();
        let Some(stream) = direct.stream_tx_by_mid(track.mid, None) else { return Ok(()) };
        stream.write_rtp(RtpWrite::new(payload_type, sequence.into(), time, now, packet).ext_vals(levels));
        if let Some(next) = track.sequences.first_mut() {
            *next += 1;
        }
        self.sent.audio_bytes += len;
        self.sent.audio_packets += 1;
        self.line.settle()
    }

    /// What came of it.
    pub fn end(&mut self) -> Sent {
        self.sent.nacks = self.told.iter().map(|(.., nacks, _)| nacks).sum();
        self.sent.plis = self.told.iter().map(|(.., plis)| plis).sum();
        self.sent.unsent = self.line.unsent;
        self.sent
    }
}

impl Track {
    fn rtp_time(&self, since_start: Duration, hz: u64) -> u32 {
        let ticks = since_start.as_micros() * u128::from(hz) / 1_000_000;
        (u128::from(self.offset) + ticks) as u32
    }
}

/// Of a number of layers, the lowest first.
fn qualities(layers: usize) -> &'static [VideoQuality] {
    const ALL: [VideoQuality; 3] = [VideoQuality::Low, VideoQuality::Medium, VideoQuality::High];
    ALL.get(if layers == 1 { 2..3 } else { 0..3 }).unwrap_or_default()
}

impl VideoCodec {
    fn name(self) -> &'static str {
        match self {
            Self::Vp8 => "vp8",
            Self::H264 => "h264",
        }
    }
}
