//! What the server says by signalling, and what is answered.

use std::time::{Duration, Instant};

use livekit_protocol::{
    ParticipantInfo, Room, SessionDescription, SignalTarget, TrackType, UpdateTrackSettings, VideoQuality, request_response, signal_request, signal_response,
};

use super::Client;
use crate::load::error::JoinError;
use crate::load::line::Line;
use crate::load::options::{Picture, Told};
use crate::load::publisher::Publisher;
use crate::load::sdp;

impl Client {
    pub(super) async fn told(&mut self, message: signal_response::Message) -> Result<(), JoinError> {
        use signal_response::Message as Said;
        match message {
            Said::Join(join) => {
                self.outcome.signalled = Some(self.clicked.elapsed());
                if join.ping_interval > 0 {
                    self.ping_every = Duration::from_secs(u64::try_from(join.ping_interval).unwrap_or(5));
                }
                self.hear(join.room.as_ref());
                self.identity = join.participant.map(|participant| participant.identity).unwrap_or_default();
                self.ask_for(&join.other_participants).await?;
                self.publish().await?;
            }
            Said::Offer(offer) => self.offered(&offer).await?,
            Said::Answer(answer) => {
                if let Some(publisher) = &mut self.publisher {
                    publisher.answered(&answer)?;
                }
            }
            Said::Trickle(trickle) => {
                if let Some((target, candidate)) = sdp::candidate(&trickle) {
                    let line = match target {
                        SignalTarget::Publisher => self.publisher.as_mut().map(|publisher| &mut publisher.line),
                        SignalTarget::Subscriber => self.subscriber.as_mut(),
                    };
                    if let Some(line) = line {
                        line.rtc.add_remote_candidate(candidate);
                        line.settle()?;
                    }
                }
            }
            Said::TrackPublished(response) => {
                let offer = match &mut self.publisher {
                    Some(publisher) => publisher.published(&response)?,
                    None => None,
                };
                if let Some(offer) = offer {
                    self.signal.send(signal_request::Message::Offer(offer)).await?;
                }
            }
            Said::SubscribedQualityUpdate(update) => {
                if let Some(publisher) = &mut self.publisher {
                    publisher.wanted(&update);
                }
            }
            Said::RoomUpdate(update) => self.hear(update.room.as_ref()),
            Said::Update(update) => self.ask_for(&update.participants).await?,
            Said::RequestResponse(response) if matches!(response.request, Some(request_response::Request::AddTrack(_))) => {
                return Err(JoinError::Unpublished(response.message));
            }
            Said::Leave(leave) => return Err(JoinError::SentAway(leave.reason().as_str_name().to_owned())),
            _ => {}
        }
        Ok(())
    }

    fn hear(&self, room: Option<&Room>) {
        if let (Some((client, hear)), Some(room)) = (&self.plan.hear, room) {
            // Who no longer listens is not told.
            let _ = hear.send(Told { client: *client, at: Instant::now(), metadata: room.metadata.clone() });
        }
    }

    async fn publish(&mut self) -> Result<(), JoinError> {
        let Some(equipment) = self.equipment.take() else { return Ok(()) };
        let line = Line::new(self.signal.near, Some(equipment.codec), true).await?;
        let mut publisher = Publisher::new(line, equipment);
        let announcements = publisher.announcements();
        self.publisher = Some(publisher);
        for request in announcements {
            self.signal.send(signal_request::Message::AddTrack(request)).await?;
        }
        Ok(())
    }

    /// The server offers what there is to see.
    async fn offered(&mut self, description: &SessionDescription) -> Result<(), JoinError> {
        let offer = sdp::offer(description)?;
        let line = match &mut self.subscriber {
            Some(line) => line,
            None => self.subscriber.insert(Line::new(self.signal.near, None, false).await?),
        };
        let answer = line.rtc.sdp_api().accept_offer(offer).map_err(|e| JoinError::Protocol(format!("the offer does not fit: {e}")))?;
        line.settle()?;
        self.signal.send(signal_request::Message::Answer(sdp::description("answer", answer.to_sdp_string(), description.id))).await
    }

    /// Other pictures than the best have to be asked for.
    async fn ask_for(&mut self, participants: &[ParticipantInfo]) -> Result<(), JoinError> {
        let quality = match self.plan.wanted {
            Picture::High => return Ok(()),
            Picture::Medium => VideoQuality::Medium,
            Picture::Low => VideoQuality::Low,
        };
        let others = participants.iter().filter(|participant| participant.identity != self.identity);
        let pictures = others.flat_map(|participant| &participant.tracks).filter(|track| track.r#type() == TrackType::Video && !track.mid.is_empty());
        let track_sids: Vec<String> = pictures.map(|track| track.sid.clone()).filter(|sid| !self.asked_for.contains(sid)).collect();
        if track_sids.is_empty() || !self.plan.takes {
            return Ok(());
        }
        self.asked_for.extend(track_sids.iter().cloned());
        let wish = UpdateTrackSettings { track_sids, quality: quality as i32, ..UpdateTrackSettings::default() };
        self.signal.send(signal_request::Message::TrackSetting(wish)).await
    }
}
