//! A place in a room for something inside the process that gives and takes RTP: the studio, a guest, a camera, a post, a telephone.

use bytes::Bytes;
use livekit_protocol::TrackInfo;
use tokio::sync::mpsc;

use super::actor::{RoomHandle, Steer};
use super::token::Claims;
use crate::sfu::PeerId;
use crate::sfu::codec::{Codec, Kind};
use crate::sfu::packet::{Rtcp, rtcp};
use crate::transport::{Command, Media, SeatPacket};

/// What whoever sits there does; [`RoomSeat`] is a room's.
pub trait Seat: Send {
    /// Gives a plain RTP packet of a track that the seat publishes, under the track's SSRC and the payload type of [`payload_type`].
    fn give(&self, rtp: Bytes);
    /// Gives plain RTCP: sender reports keep sound and picture together.
    fn give_rtcp(&self, compound: Bytes);
    /// What comes next; None: the seat is gone.
    fn next(&mut self) -> impl Future<Output = Option<SeatEvent>> + Send;
}

/// What a seat hears.
#[derive(Debug, Clone, PartialEq)]
pub enum SeatEvent {
    /// Packets of this track will come under this SSRC.
    Takes {
        ssrc: u32,
        publisher: String,
        track: Box<TrackInfo>,
    },
    /// No more of them.
    Gone {
        ssrc: u32,
    },
    Rtp(Bytes),
    /// A key picture of the seat's own track is needed.
    KeyNeeded {
        ssrc: u32,
    },
}

/// A track that a seat publishes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeatTrack {
    pub name: String,
    pub codec: Codec,
    pub ssrc: u32,
    pub is_screen: bool,
    /// In pixels, of pictures.
    pub size: Option<(u32, u32)>,
}

/// Who sits there, what it gives, and whether it takes what others give.
#[derive(Debug, Clone)]
pub struct SeatOptions {
    pub claims: Claims,
    pub publishes: Vec<SeatTrack>,
    pub takes_all: bool,
}

/// The payload types of seats: the same in all rooms.
pub fn payload_type(codec: Codec) -> u8 {
    match codec {
        Codec::Opus => 111,
        Codec::Red => 63,
        Codec::Vp8 => 96,
        Codec::H264 => 102,
        Codec::Vp9 => 98,
        Codec::Av1 => 45,
    }
}

/// Codecs in which a seat may be given a track.
pub(super) fn codecs(kind: Kind) -> impl Iterator<Item = Codec> {
    Codec::ALL.into_iter().filter(move |codec| codec.kind() == kind)
}

/// What waits for a seat that is slow; more is lost, as it would be on a line.
pub(super) const QUEUED: usize = 1_024;

/// A seat in a room; it is left when this is dropped.
pub struct RoomSeat {
    pub(super) participant: String,
    pub(super) peer: PeerId,
    pub(super) thread: usize,
    pub(super) media: Media,
    pub(super) room: RoomHandle,
    pub(super) packets: mpsc::Receiver<SeatPacket>,
    pub(super) events: mpsc::UnboundedReceiver<SeatEvent>,
}

impl RoomSeat {
    fn send(&self, packet: SeatPacket) {
        self.media.thread(self.thread).send(Command::FromSeat { peer: self.peer, packet });
    }
}

impl Seat for RoomSeat {
    fn give(&self, rtp: Bytes) {
        self.send(SeatPacket::Rtp(rtp));
    }

    fn give_rtcp(&self, compound: Bytes) {
        self.send(SeatPacket::Rtcp(compound));
    }

    async fn next(&mut self) -> Option<SeatEvent> {
        loop {
            tokio::select! {
                biased;
                // What a packet is of is heard before the packet.
                event = self.events.recv() => return event,
                packet = self.packets.recv() => match packet? {
                    SeatPacket::Rtp(rtp) => return Some(SeatEvent::Rtp(rtp)),
                    SeatPacket::Rtcp(compound) => {
                        let wanted = rtcp::parse(&compound).flatten().find_map(|message| match message {
                            Rtcp::Pli { media, .. } => Some(media),
                            _ => None,
                        });
                        if let Some(ssrc) = wanted {
                            return Some(SeatEvent::KeyNeeded { ssrc });
                        }
                    }
                },
            }
        }
    }
}

impl Drop for RoomSeat {
    fn drop(&mut self) {
        self.room.steer(Steer::SeatLeft { participant: self.participant.clone() });
    }
}
