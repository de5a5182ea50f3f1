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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::time::Duration;

    use super::*;
    use crate::base::{Clock, SystemClock};
    use crate::room::Rooms;
    use crate::sfu::packet::{Header, Rtp, write_header};

    fn claims(identity: &str) -> Claims {
        let grant = crate::room::token::VideoGrant { room_join: true, room: "r".into(), ..Default::default() };
        Claims::lasting(SystemClock.now(), Duration::from_secs(60)).with_identity(identity).with_video(grant)
    }

    fn packet(codec: Codec, ssrc: u32, sequence: u16, payload: &[u8]) -> Bytes {
        let mut packet = Vec::new();
        write_header(&mut packet, &Header { payload_type: payload_type(codec), marker: true, sequence, timestamp: u32::from(sequence) * 960, ssrc }, &[]);
        packet.extend_from_slice(payload);
        packet.into()
    }

    async fn next(seat: &mut RoomSeat) -> SeatEvent {
        tokio::time::timeout(Duration::from_secs(10), seat.next()).await.expect("in time").expect("the seat is there")
    }

    async fn seen_by_now(seat: &mut RoomSeat) -> Option<SeatEvent> {
        tokio::time::timeout(Duration::from_millis(1), seat.next()).await.ok().flatten()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_one_seat_gives_another_takes() {
        let rooms = Rooms::for_tests(100);
        give_and_take(&rooms).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_crowded_room_is_on_several_threads_and_nobody_notices() {
        let rooms = Rooms::for_tests(100);
        let mut crowd = Vec::new();
        for n in 0..63 {
            let quiet = SeatOptions { claims: claims(&format!("quiet {n}")), publishes: Vec::new(), takes_all: false };
            crowd.push(rooms.seat("r", quiet).await.unwrap());
        }
        let home = crowd[0].thread;
        assert!(crowd.iter().all(|seat| seat.thread == home), "a meeting is on one thread");
        let (guest, studio) = give_and_take(&rooms).await;
        assert!(guest == home && studio != home, "{guest} {studio}");
    }

    /// The threads they were on.
    async fn give_and_take(rooms: &Rooms) -> (usize, usize) {
        let before = rooms.participants("r").await.map_or(0, |all| all.len());
        let track = |codec, ssrc| SeatTrack { name: codec_name(codec), codec, ssrc, is_screen: false, size: None };
        let guest = SeatOptions { claims: claims("guest"), publishes: vec![track(Codec::Opus, 7), track(Codec::Vp8, 8)], takes_all: false };
        let mut guest = rooms.seat("r", guest).await.unwrap();
        let mut studio = rooms.seat("r", SeatOptions { claims: claims("studio"), publishes: Vec::new(), takes_all: true }).await.unwrap();
        let threads = (guest.thread, studio.thread);
        let mut streams = Vec::new();
        for _ in 0..2 {
            let SeatEvent::Takes { ssrc, track, .. } = next(&mut studio).await else { panic!("what it takes comes first") };
            streams.push((track.name.clone(), ssrc));
        }
        streams.sort();
        // A picture begins with a key picture, which is asked for; sound goes on: what comes before anybody takes it is missed.
        let mut came = BTreeMap::new();
        let mut speech = tokio::time::interval(Duration::from_millis(20));
        for sequence in 1..500 {
            guest.give(packet(Codec::Opus, 7, sequence, b"sound"));
            guest.give(packet(Codec::Vp8, 8, 2 * sequence, &[0x10, 0x01, 0, 0]));
            speech.tick().await;
            while let Some(event) = seen_by_now(&mut guest).await {
                assert_eq!(event, SeatEvent::KeyNeeded { ssrc: 8 });
                guest.give(packet(Codec::Vp8, 8, 2 * sequence + 1, &[0x10, 0x00, 0, 0, 0x9d, 0x01, 0x2a, 64, 0, 64, 0]));
            }
            while let Some(SeatEvent::Rtp(packet)) = seen_by_now(&mut studio).await {
                let rtp = Rtp::parse(&packet).unwrap();
                came.entry((rtp.payload_type(), rtp.ssrc())).or_insert(rtp.payload().len());
            }
            if came.len() == 2 {
                break;
            }
        }
        let first_of = [((payload_type(Codec::Vp8), streams[0].1), 11), ((payload_type(Codec::Opus), streams[1].1), 5)];
        assert_eq!(came.into_iter().collect::<Vec<_>>(), first_of, "a picture begins with a key picture");

        drop(guest);
        let mut gone = Vec::new();
        while gone.len() < 2 {
            let event = next(&mut studio).await;
            if matches!(event, SeatEvent::Gone { .. }) {
                gone.push(event);
            }
        }
        gone.sort_by_key(|event| format!("{event:?}"));
        let mut expected: Vec<SeatEvent> = streams.iter().map(|(_, ssrc)| SeatEvent::Gone { ssrc: *ssrc }).collect();
        expected.sort_by_key(|event| format!("{event:?}"));
        assert_eq!(gone, expected);
        assert_eq!(rooms.participants("r").await.unwrap().len(), before + 1);
        threads
    }

    fn codec_name(codec: Codec) -> String {
        // Sorted: the picture first.
        if codec == Codec::Vp8 { "a picture".into() } else { "b sound".into() }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_server_takes_no_more_than_it_may() {
        let rooms = Rooms::for_tests(3);
        let mut seats = Vec::new();
        for n in 0..3 {
            seats.push(rooms.seat(&format!("r{n}"), SeatOptions { claims: claims("i"), publishes: Vec::new(), takes_all: false }).await.unwrap());
        }
        let more = rooms.seat("r0", SeatOptions { claims: claims("j"), publishes: Vec::new(), takes_all: false }).await;
        assert!(more.is_err_and(|e| e.to_string().contains("3 participants")));
    }
}
