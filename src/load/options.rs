use std::path::PathBuf;
use std::str::FromStr;
use std::time::{Duration, Instant};

use serde::Serialize;
use tokio::sync::mpsc::UnboundedSender;

use super::signer::Signer;

/// Who comes, what they publish and take, and for how long.
#[derive(Debug, Clone)]
pub struct Options {
    /// `ws://`, `wss://` (or `http://`, `https://`) and the server, as clients of the LiveKit protocol are given it.
    pub url: String,
    pub signer: Signer,
    pub trust: Trust,
    /// The room; of several the name is followed by `-1`, `-2`…
    pub room: String,
    pub rooms: u32,
    pub shape: Shape,
    /// Of each room.
    pub publishers: u32,
    /// Of each room.
    pub subscribers: u32,
    /// `None`: sound only.
    pub video: Option<VideoCodec>,
    pub audio: bool,
    /// Three layers, named q, h and f, at a quarter, half and the whole of the size.
    pub is_simulcast: bool,
    /// Of the picture, or of the highest layer. Lower ones have a third and a tenth.
    pub bitrate_bps: u32,
    pub pictures_per_second: u32,
    /// IVF (VP8) or Annex B (H.264) instead of made-up pictures: one file, or one per layer, the lowest first.
    pub media: Vec<PathBuf>,
    /// What subscribers ask for; by default the best.
    pub wanted: Picture,
    pub duration: Duration,
    /// The clients come spread over this.
    pub join_over: Duration,
    /// How long one publisher speaks before the next; zero: all speak all the time.
    pub speaker_turns: Duration,
    /// Prefix of the participants' identities, so that two runs can share a room.
    pub identity: String,
    /// Access tokens that clients come with instead of made ones, those who publish first: a meeting's venues have theirs from its door.
    pub tokens: Vec<String>,
    /// Told what a room says of itself (its metadata), by each client that hears it.
    pub hear: Option<UnboundedSender<Told>>,
}

/// What a client was told of its room.
#[derive(Debug, Clone)]
pub struct Told {
    /// Which client, from 0.
    pub client: usize,
    pub at: Instant,
    pub metadata: String,
}

impl Options {
    pub fn new(url: impl Into<String>, signer: Signer) -> Self {
        Self {
            url: url.into(),
            signer,
            trust: Trust::System,
            room: "load".to_owned(),
            rooms: 1,
            shape: Shape::Lecture,
            publishers: 1,
            subscribers: 10,
            video: Some(VideoCodec::Vp8),
            audio: true,
            is_simulcast: false,
            bitrate_bps: 1_500_000,
            pictures_per_second: 30,
            media: Vec::new(),
            wanted: Picture::High,
            duration: Duration::from_secs(30),
            join_over: Duration::from_secs(5),
            speaker_turns: Duration::from_secs(10),
            identity: "load".to_owned(),
            tokens: Vec::new(),
            hear: None,
        }
    }

    /// Of a room: how many there are that publish, and that do not.
    pub fn seats(&self) -> (u32, u32) {
        match self.shape {
            Shape::Meeting => (self.publishers + self.subscribers, 0),
            Shape::Lecture | Shape::Onlookers => (self.publishers, self.subscribers),
        }
    }

    pub fn clients(&self) -> u32 {
        let (publishers, subscribers) = self.seats();
        (publishers + subscribers) * self.rooms
    }
}

/// Which certificates of a server are taken.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Trust {
    /// Those that the system trusts.
    #[default]
    System,
    /// Those that are signed by an authority of this file (PEM), or stand in it.
    Authority(PathBuf),
    /// Any: nothing is checked.
    Anything,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Shape {
    /// Publishers take nothing; subscribers take all.
    Lecture,
    /// Everybody publishes, and takes all others.
    Meeting,
    /// A few publish and take each other; subscribers take all of them.
    Onlookers,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum VideoCodec {
    Vp8,
    H264,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Picture {
    Low,
    Medium,
    High,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{said}`: there are {known}")]
pub struct Unknown {
    said: String,
    known: &'static str,
}

impl FromStr for Shape {
    type Err = Unknown;

    fn from_str(text: &str) -> Result<Self, Unknown> {
        match text {
            "lecture" => Ok(Self::Lecture),
            "meeting" => Ok(Self::Meeting),
            "onlookers" => Ok(Self::Onlookers),
            _ => Err(Unknown { said: text.to_owned(), known: "lecture, meeting, onlookers" }),
        }
    }
}

impl FromStr for Picture {
    type Err = Unknown;

    fn from_str(text: &str) -> Result<Self, Unknown> {
        match text {
            "low" => Ok(Self::Low),
            "medium" => Ok(Self::Medium),
            "high" => Ok(Self::High),
            _ => Err(Unknown { said: text.to_owned(), known: "low, medium, high" }),
        }
    }
}
