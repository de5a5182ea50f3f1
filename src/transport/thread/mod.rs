//! A media thread: one UDP port, the sessions on it, and the forwarding of their media. It alone touches them; others send it commands.

mod commands;
mod connection;
mod relay;
mod run;
mod send;
mod tell;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use rustix::fd::OwnedFd;
use tokio::sync::{OwnedSemaphorePermit, mpsc, oneshot};

use super::session::{self, Closed, IceCredentials, Path, Reliability, Remote, TcpId};
use crate::sfu::{DownlinkOptions, Event, Need, PeerId, PeerOptions, PeerReport, Relayed, Settings, TrackId, TrackReport, UplinkOptions};

pub use run::{Setup, run};

/// What a media thread is told.
pub enum Command {
    Add(Box<NewPeer>),
    /// A place for something inside the process.
    AddSeat(Box<NewSeat>),
    FromSeat {
        peer: PeerId,
        packet: SeatPacket,
    },
    SetRemote {
        peer: PeerId,
        remote: Remote,
    },
    RestartIce {
        peer: PeerId,
        local: IceCredentials,
    },
    Remove {
        peer: PeerId,
    },
    Publish {
        peer: PeerId,
        uplink: Box<UplinkOptions>,
    },
    Unpublish {
        track: TrackId,
    },
    /// A track of another thread, for those who are on this one.
    Mirror {
        uplink: Box<UplinkOptions>,
        from: ThreadHandle,
        is_muted: bool,
    },
    /// A thread that mirrors a track of ours asks for something.
    Needed {
        track: TrackId,
        need: Need,
        by: ThreadHandle,
    },
    Mute {
        track: TrackId,
        is_muted: bool,
    },
    Subscribe {
        peer: PeerId,
        downlink: Box<DownlinkOptions>,
    },
    Unsubscribe {
        peer: PeerId,
        track: TrackId,
    },
    Set {
        peer: PeerId,
        track: TrackId,
        settings: Settings,
    },
    SetCeiling {
        peer: PeerId,
        bps: Option<u64>,
    },
    OpenChannel {
        peer: PeerId,
        label: String,
        ordered: bool,
        reliability: Reliability,
    },
    Send {
        peer: PeerId,
        label: ChannelLabel,
        bytes: Bytes,
    },
    Report {
        peer: PeerId,
        answer: oneshot::Sender<Option<PeerReport>>,
    },
    TrackReport {
        track: TrackId,
        answer: oneshot::Sender<Option<TrackReport>>,
    },
    /// A TCP connection that said a peer's ufrag; frames follow.
    Tcp {
        id: TcpId,
        out: mpsc::Sender<Vec<u8>>,
    },
    /// The permit is given back when the frame is done with: a client that floods waits.
    TcpFrame {
        path: Path,
        frame: Vec<u8>,
        permit: OwnedSemaphorePermit,
    },
    TcpClosed {
        path: Path,
    },
    Stop,
}

/// A data channel by its name, as both ends know it.
pub type ChannelLabel = Arc<str>;

pub struct NewPeer {
    pub id: PeerId,
    pub ice: IceCredentials,
    pub options: PeerOptions,
    pub session: session::Options,
    pub events: EventSender,
}

/// A peer inside the process: it gives and takes plain packets.
pub struct NewSeat {
    pub id: PeerId,
    pub options: PeerOptions,
    pub out: mpsc::Sender<SeatPacket>,
    pub events: EventSender,
}

/// A plain packet of a seat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SeatPacket {
    Rtp(Bytes),
    Rtcp(Bytes),
}

/// What a room hears of its peers.
#[derive(Debug)]
pub enum Happened {
    Peer(PeerId, PeerEvent),
    Media(Event),
}

#[derive(Debug)]
pub enum PeerEvent {
    Connected,
    /// Nothing came for some seconds, or it is heard again.
    Quiet(bool),
    /// By which way, after the first: `udp` or `tcp`.
    Moved {
        is_tcp: bool,
    },
    ChannelOpened {
        label: String,
    },
    Data {
        label: ChannelLabel,
        is_text: bool,
        bytes: Bytes,
    },
    Closed(Closed),
}

pub type EventSender = mpsc::UnboundedSender<Happened>;

/// The way to a media thread.
#[derive(Clone)]
pub struct ThreadHandle {
    index: usize,
    commands: mpsc::UnboundedSender<Command>,
    relayed: mpsc::Sender<Relayed>,
    waker: Waker,
    pub port: u16,
}

/// Wakes a thread that waits in `poll`, once for any number of commands.
#[derive(Clone)]
pub(super) struct Waker {
    fd: Arc<OwnedFd>,
    is_awake: Arc<AtomicBool>,
}

impl Waker {
    fn new() -> rustix::io::Result<Self> {
        let fd = rustix::event::eventfd(0, rustix::event::EventfdFlags::NONBLOCK | rustix::event::EventfdFlags::CLOEXEC)?;
        Ok(Self { fd: Arc::new(fd), is_awake: Arc::new(AtomicBool::new(false)) })
    }

    fn wake(&self) {
        if !self.is_awake.swap(true, Ordering::AcqRel) {
            // It can only fail when it is awake already.
            let _ = rustix::io::write(&*self.fd, &1_u64.to_ne_bytes());
        }
    }

    fn slept(&self) {
        let _ = rustix::io::read(&*self.fd, &mut [0; 8]);
        self.is_awake.store(false, Ordering::Release);
    }
}

impl ThreadHandle {
    pub fn send(&self, command: Command) {
        // A thread that ended has nothing to be told.
        let _ = self.commands.send(command);
        self.waker.wake();
    }

    pub async fn report(&self, peer: PeerId) -> Option<PeerReport> {
        let (answer, report) = oneshot::channel();
        self.send(Command::Report { peer, answer });
        tokio::time::timeout(Duration::from_secs(2), report).await.ok()?.ok()?
    }

    pub async fn track_report(&self, track: TrackId) -> Option<TrackReport> {
        let (answer, report) = oneshot::channel();
        self.send(Command::TrackReport { track, answer });
        tokio::time::timeout(Duration::from_secs(2), report).await.ok()?.ok()?
    }
}
