//! How a channel's signal is, as its operator sees it.

use serde::Serialize;

use crate::base::UtcMs;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SignalState {
    Ok,
    /// Nothing has come yet.
    Starting,
    /// It came and has stopped, or cannot be opened.
    Missing,
    /// Something comes that cannot be taped.
    Error,
    /// The channel is switched off.
    Off,
}

/// The signal of a channel.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Signal {
    pub state: SignalState,
    /// In this state since then.
    pub since: UtcMs,
    /// What is wrong, for people.
    pub message: Option<String>,
    /// Of the service, over the last seconds.
    pub bitrate_bps: u64,
    /// Since the channel was started.
    pub continuity_errors: u64,
    pub transport_errors: u64,
    pub lost_packets: u64,
    pub scrambled: bool,
    /// `h264`, `mpeg2_video` …
    pub video: Option<String>,
    pub audio: Option<String>,
    pub width: u32,
    pub height: u32,
    /// Browsers play it as it is received; otherwise it is converted for those who watch live.
    pub browser_playable: bool,
    pub why_not: Option<String>,
}

impl Signal {
    pub fn new(state: SignalState, since: UtcMs) -> Self {
        Self {
            state,
            since,
            message: None,
            bitrate_bps: 0,
            continuity_errors: 0,
            transport_errors: 0,
            lost_packets: 0,
            scrambled: false,
            video: None,
            audio: None,
            width: 0,
            height: 0,
            browser_playable: false,
            why_not: None,
        }
    }

    /// Enters a state; one that it is in already keeps its time.
    pub fn enter(&mut self, state: SignalState, message: Option<String>, now: UtcMs) {
        if self.state != state {
            self.state = state;
            self.since = now;
        }
        self.message = message;
    }
}

/// A service of the multiplex that a channel comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct OfferedService {
    pub service: u16,
    /// Its own name (SDT); empty where none is announced.
    pub title: String,
    pub scrambled: bool,
    pub streams: Vec<OfferedStream>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct OfferedStream {
    pub pid: u16,
    /// `h264`, `mpeg2_video`, `aac_adts` …
    pub kind: crate::ts::StreamKind,
    pub language: Option<String>,
}
