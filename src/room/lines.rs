//! How participants' lines are, as the media threads measure them.

use std::time::Duration;

use futures_util::future::join_all;

use super::participant::Participant;
use crate::sfu::{PeerId, PeerReport};
use crate::transport::Media;

/// A participant's line at one moment. What comes from the participant is *up*, what goes to it *down*.
#[derive(Debug, Clone, PartialEq)]
pub struct LineSample {
    pub identity: String,
    /// Another after each time it came in anew.
    pub sid: String,
    /// Its signalling is broken, its place is kept.
    pub is_away: bool,
    pub rtt: Option<Duration>,
    pub up_bps: u64,
    /// Since its tracks began: packets that never came, of those expected.
    pub up_lost: u64,
    pub up_expected: u64,
    pub down_bps: u64,
    /// Share of packets lost on the way to it in the last second, 0 to 1.
    pub down_loss: f32,
    /// What the line to it carries, as estimated.
    pub estimate_bps: u64,
    /// Pictures that it does not get for its line's sake.
    pub paused: usize,
}

/// Where a participant's figures are.
#[derive(Debug)]
pub(super) struct LineSource {
    identity: String,
    sid: String,
    is_away: bool,
    thread: usize,
    up: PeerId,
    down: PeerId,
}

impl LineSource {
    pub fn of(participant: &Participant) -> Self {
        Self {
            identity: participant.identity().to_owned(),
            sid: participant.sid().to_owned(),
            is_away: participant.link_lost.is_some(),
            thread: participant.thread(),
            up: participant.publisher.peer,
            down: participant.receiving().peer,
        }
    }
}

/// Asks the media threads for all at once.
pub(super) async fn sample(media: &Media, sources: Vec<LineSource>) -> Vec<LineSample> {
    let one = async |source: LineSource| {
        let thread = media.thread(source.thread);
        let down = thread.report(source.down).await?;
        let up = if source.up == source.down { Some(down) } else { thread.report(source.up).await };
        Some(LineSample::of(source, up.unwrap_or_default(), down))
    };
    join_all(sources.into_iter().map(one)).await.into_iter().flatten().collect()
}

impl LineSample {
    fn of(source: LineSource, up: PeerReport, down: PeerReport) -> Self {
        Self {
            identity: source.identity,
            sid: source.sid,
            is_away: source.is_away,
            rtt: down.rtt.or(up.rtt),
            up_bps: up.received_bps,
            up_lost: up.lost,
            up_expected: up.expected,
            down_bps: down.sent_bps,
            down_loss: down.loss,
            estimate_bps: down.target_bps,
            paused: down.paused,
        }
    }
}
