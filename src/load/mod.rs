//! Clients by the hundred: a load of LiveKit-protocol participants that publish and take real RTP, for trying a server before a big meeting.
//!
//! - [`Options`] say who comes, and what they publish; [`run`] lets them come, and tells what they saw as a [`Report`].
//! - A client (`client`) is a task: a signalling connection (`signal`) and one or two [lines](line), each a `str0m` peer on a UDP socket of its own.
//! - A [camera](camera) makes pictures whose sizes are those of a real encoder (`pattern`) or come from files; `payload` packs them so that an SFU
//!   finds key frames and temporal layers. Each picture and each piece of sound carries a [stamp](stamp), by which a receiver in this process knows
//!   when it was made, which picture it needs, and whether it is whole.
//! - A [screen](screen) is what a browser's decoder is to a person: it shows pictures that are whole and whose references were shown, else it waits.

mod camera;
mod client;
mod error;
mod line;
mod media_file;
mod options;
mod outcome;
mod pattern;
mod payload;
mod publisher;
mod report;
mod run;
mod screen;
mod sdp;
mod signal;
mod signer;
mod stamp;
mod statistics;
mod table;
mod tls;
mod turns;

pub use error::{JoinError, LoadError};
pub use media_file::MediaFileError;
pub use options::{Options, Picture, Shape, Told, Trust, VideoCodec};
pub use report::{Join, Received, Report, Sent, Spread};
pub use run::{Progress, run, watch};
pub use signer::Signer;
pub use statistics::Durations;
