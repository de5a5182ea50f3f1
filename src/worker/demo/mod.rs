//! A television service of its own for demonstrations and tests: H.264 (or MPEG-2) and AAC (or MP2) in a transport stream with PAT, PMT, SDT, TDT and EIT,
//! in which a schedule of three programmes of a minute each repeats, aligned to the wall clock. The picture carries a running clock and the programme's
//! title, and picture and tone change exactly where the guide says that the next programme begins.
//!
//! Live it is sent by UDP in real time until standard input ends; into a file it is made as fast as it goes, with whatever clock is asked for.

mod insert;
mod picture;
mod pipeline;
mod schedule;
mod send;
mod sound;
mod tables;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use yizhan::base::{Clock, SystemClock, UtcMs, Zone, ZoneError};

use insert::Inserter;
use pipeline::Pipeline;
use send::{Sender, Sink};

/// Sends or writes a demonstration channel.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Where to send: a group or a host, and a port
    #[arg(long, value_name = "ADDRESS:PORT", required_unless_present = "file", conflicts_with = "file")]
    to: Option<SocketAddr>,
    /// Interface (an address of it) on which a group is sent
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    interface: std::net::IpAddr,
    /// How many routers a group may pass
    #[arg(long, default_value_t = 0)]
    hops: u32,
    /// Wrap the packets in RTP
    #[arg(long)]
    rtp: bool,
    /// Write a file instead, faster than real time
    #[arg(long, value_name = "PATH", requires = "seconds")]
    file: Option<PathBuf>,
    /// Length of the file
    #[arg(long)]
    seconds: Option<u32>,
    /// The clock at the file's beginning, in UTC milliseconds (default: now)
    #[arg(long, value_name = "UTC_MS")]
    from: Option<i64>,
    /// Zone of the clock in the picture
    #[arg(long, default_value = "Asia/Shanghai")]
    time_zone: String,
    /// Service number
    #[arg(long, default_value_t = 101)]
    service: u16,
    /// Name of the service
    #[arg(long, default_value = "驿站演示")]
    name: String,
    #[command(flatten)]
    format: Format,
}

/// What the elementary streams are.
#[derive(Debug, Clone, clap::Args)]
pub struct Format {
    #[arg(long, value_enum, default_value_t = VideoCodec::H264)]
    codec: VideoCodec,
    #[arg(long, value_enum, default_value_t = AudioCodec::Aac)]
    audio: AudioCodec,
    /// 25 interlaced pictures a second (top field first)
    #[arg(long)]
    interlaced: bool,
    /// Lines of the picture; the width follows at 16:9
    #[arg(long, default_value_t = 720)]
    height: u32,
    /// Bits per second of the picture
    #[arg(long, default_value_t = 3_500_000)]
    bitrate: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum VideoCodec {
    H264,
    Mpeg2,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum AudioCodec {
    Aac,
    Mp2,
}

#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error(transparent)]
    Zone(#[from] ZoneError),
    #[error("height {0}: an even number from 64 to 2160 is needed")]
    Height(u32),
    #[error("bitrate {0}: from 100,000 to 100,000,000 is needed")]
    Bitrate(u32),
    #[error("{what}: {source}")]
    Io { what: String, source: std::io::Error },
    #[error("GStreamer: {0}")]
    GStreamer(#[from] gstreamer::glib::Error),
    #[error("GStreamer: {element}: {message}")]
    Pipeline { element: String, message: String },
}

impl DemoError {
    fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }
}

/// The UTC time of the media's beginning. Moved where the machine's clock steps, so that picture and guide go on telling the truth.
#[derive(Clone)]
pub struct Origin(Arc<AtomicI64>);

impl Origin {
    fn new(at: UtcMs) -> Self {
        Self(Arc::new(AtomicI64::new(at.0)))
    }

    /// The time at a place on the media's time line.
    fn at_ms(&self, media_ms: i64) -> UtcMs {
        UtcMs(self.0.load(Ordering::Relaxed) + media_ms)
    }

    fn set(&self, at: UtcMs) {
        self.0.store(at.0, Ordering::Relaxed);
    }
}

/// Runs until the file is written, or until standard input ends or a signal asks for an end.
pub fn run(args: Args) -> Result<(), DemoError> {
    if !(64..=2160).contains(&args.format.height) || !args.format.height.is_multiple_of(2) {
        return Err(DemoError::Height(args.format.height));
    }
    if !(100_000..=100_000_000).contains(&args.format.bitrate) {
        return Err(DemoError::Bitrate(args.format.bitrate));
    }
    gstreamer::init()?;
    let zone = Zone::named(&args.time_zone)?;
    let (sink, stop) = match (&args.file, args.to) {
        (Some(path), _) => (Sink::File(send::create(path)?), Arc::default()),
        (None, to) => {
            // The channel is nobody's without the server: it ends with it, however that ends.
            let _ = rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::TERM));
            let to = to.ok_or_else(|| DemoError::Io { what: "--to".to_owned(), source: std::io::ErrorKind::InvalidInput.into() })?;
            (Sink::Network(Sender::open(to, args.interface, args.hops, args.rtp)?), stop_at_end_of_input())
        }
    };
    let is_live = args.file.is_none();
    let origin = Origin::new(args.from.filter(|_| !is_live).map_or_else(|| SystemClock.now(), UtcMs));
    let inserter = Inserter::new(args.service, &args.name, origin.clone());
    let pipeline = Pipeline::new(&args.format, args.service, &args.name, zone, origin)?;
    let pictures = args.seconds.filter(|_| !is_live).map(|seconds| i64::from(seconds) * i64::from(picture::RATE));
    pipeline.run(is_live, pictures, stop, inserter, sink)
}

/// Set when standard input ends (the parent is gone or wants an end).
fn stop_at_end_of_input() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let wanted = stop.clone();
    std::thread::spawn(move || {
        // Whatever is said is taken and not listened to: there is only the end.
        let _ = std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink());
        wanted.store(true, Ordering::Relaxed);
    });
    stop
}

#[cfg(test)]
mod tests;
