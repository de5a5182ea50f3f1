use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::network::{Random, VIDEO, VIDEO_RTX, extensions, payloads, settings};
use crate::sfu::codec::{Codec, Kind};
use crate::sfu::downlink::DownPayload;
use crate::sfu::packet::rtcp::{write_nack, write_pli, write_receiver_report};
use crate::sfu::packet::{Header, write_header};
use crate::sfu::{DownlinkOptions, Forward, Limits, PeerId, PeerOptions, Settings, TrackId, UplinkOptions};

#[derive(Debug, Clone)]
enum Step {
    AddPeer(u64),
    RemovePeer(u64),
    Connect(u64),
    Publish { peer: u64, track: u64, is_sound: bool },
    Unpublish(u64),
    Subscribe { peer: u64, track: u64, max: Option<usize> },
    Unsubscribe { peer: u64, track: u64 },
    Set { peer: u64, track: u64, max: Option<usize> },
    Mute(u64, bool),
    Packets { peer: u64, track: u64, layer: u32, first: u16, count: u16, is_key: bool },
    Feedback { peer: u64, ssrc: u32 },
    Wait(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let (peer, track) = (0..5_u64, 0..5_u64);
    let max = || prop::option::of(0..4_usize);
    prop_oneof![
        peer.clone().prop_map(Step::AddPeer),
        peer.clone().prop_map(Step::RemovePeer),
        peer.clone().prop_map(Step::Connect),
        (peer.clone(), track.clone(), any::<bool>()).prop_map(|(peer, track, is_sound)| Step::Publish { peer, track, is_sound }),
        track.clone().prop_map(Step::Unpublish),
        (peer.clone(), track.clone(), max()).prop_map(|(peer, track, max)| Step::Subscribe { peer, track, max }),
        (peer.clone(), track.clone()).prop_map(|(peer, track)| Step::Unsubscribe { peer, track }),
        (peer.clone(), track.clone(), max()).prop_map(|(peer, track, max)| Step::Set { peer, track, max }),
        (track.clone(), any::<bool>()).prop_map(|(track, is_muted)| Step::Mute(track, is_muted)),
        (peer.clone(), track, 0..4_u32, any::<u16>(), 1..40_u16, any::<bool>()).prop_map(|(peer, track, layer, first, count, is_key)| Step::Packets {
            peer,
            track,
            layer,
            first,
            count,
            is_key
        }),
        (peer, 0..12_u32).prop_map(|(peer, ssrc)| Step::Feedback { peer, ssrc }),
        (1..700_u64).prop_map(Step::Wait),
    ]
}

struct Run {
    forward: Forward,
    now: Instant,
    random: Random,
}

impl Run {
    fn place(&self, peer: u64) -> Option<usize> {
        self.forward.place(PeerId(peer)).ok()
    }

    fn take(&mut self, step: Step) {
        let now = self.now;
        match step {
            Step::AddPeer(peer) => {
                let _ = self.forward.add_peer(now, PeerId(peer), PeerOptions { congestion: Default::default(), cname: String::new() });
            }
            Step::RemovePeer(peer) => self.forward.remove_peer(PeerId(peer)),
            Step::Connect(peer) => self.forward.connected(now, PeerId(peer)),
            Step::Publish { peer, track, is_sound } => {
                let (kind, codec) = if is_sound { (Kind::Audio, Codec::Opus) } else { (Kind::Video, Codec::Vp8) };
                let rids = if is_sound { vec![None] } else { ["q", "h", "f"].map(|rid| Some(rid.to_owned())).to_vec() };
                let options = UplinkOptions {
                    track: TrackId(track),
                    kind,
                    mid: Some(track.to_string()),
                    payloads: payloads(codec),
                    extensions: extensions(),
                    ssrcs: if track == 3 { vec![(33, Some(34))] } else { vec![] },
                    rids,
                };
                let _ = self.forward.add_uplink(PeerId(peer), options);
            }
            Step::Unpublish(track) => self.forward.remove_uplink(TrackId(track)),
            Step::Subscribe { peer, track, max } => {
                let options = DownlinkOptions {
                    track: TrackId(track),
                    ssrc: track as u32 * 2,
                    rtx_ssrc: Some(track as u32 * 2 + 1),
                    payloads: vec![
                        DownPayload { codec: Codec::Vp8, payload_type: VIDEO, rtx: Some(VIDEO_RTX) },
                        DownPayload { codec: Codec::Opus, payload_type: 111, rtx: None },
                    ],
                    extensions: extensions(),
                    settings: Settings { max_layer: max, ..settings(0) },
                };
                let _ = self.forward.add_downlink(now, PeerId(peer), options);
            }
            Step::Unsubscribe { peer, track } => self.forward.remove_downlink(PeerId(peer), TrackId(track)),
            Step::Set { peer, track, max } => self.forward.set(now, PeerId(peer), TrackId(track), Settings { max_layer: max, ..settings(0) }),
            Step::Mute(track, is_muted) => self.forward.mute(TrackId(track), is_muted),
            Step::Packets { peer, track, layer, first, count, is_key } => self.packets(peer, track, layer, first, count, is_key),
            Step::Feedback { peer, ssrc } => {
                let Some(place) = self.place(peer) else { return };
                let mut message = Vec::new();
                write_receiver_report(&mut message, 1, &[]);
                write_nack(&mut message, 1, ssrc, (0..60).map(|n| n * 7));
                write_pli(&mut message, 1, ssrc);
                self.forward.receive_rtcp(now, place, &message);
            }
            Step::Wait(ms) => self.now += Duration::from_millis(ms),
        }
        self.drain();
    }

    fn packets(&mut self, peer: u64, track: u64, layer: u32, first: u16, count: u16, is_key: bool) {
        let Some(place) = self.place(peer) else { return };
        let (mid, rid) = (track.to_string(), ["q", "h", "f", "x"][layer as usize]);
        for n in 0..count {
            let is_sound = self.random.below(4) == 0;
            let (payload_type, name) = match self.random.below(6) {
                _ if is_sound => (111, (1, &b"\x1e"[..])),
                0 => (VIDEO_RTX, (11, rid.as_bytes())),
                _ => (VIDEO, (10, rid.as_bytes())),
            };
            let mut packet = Vec::new();
            let ssrc = 1_000 + track as u32 * 10 + layer + if payload_type == VIDEO_RTX { 100 } else { 0 } + self.random.below(2) as u32 * 1_000;
            let header = Header { payload_type, marker: n % 5 == 4, sequence: first.wrapping_add(n), timestamp: self.random.next() as u32, ssrc };
            write_header(&mut packet, &header, &[(4, mid.as_bytes()), name]);
            if payload_type == VIDEO_RTX {
                packet.extend_from_slice(&first.wrapping_add(n / 2).to_be_bytes());
            }
            packet.extend_from_slice(&[0x90, 0xe0, 0x80, n as u8, 7, 0, u8::from(!is_key), 0, 0, 0x9d, 0x01, 0x2a, 0, 1, 0, 1]);
            packet.truncate(packet.len() - self.random.below(4) as usize);
            self.forward.receive_rtp(self.now, place, &packet);
        }
    }

    fn drain(&mut self) {
        self.forward.tick(self.now);
        let mut out = Vec::new();
        while let Some(place) = self.forward.next_ready() {
            while self.forward.write_rtcp(place).is_some() {}
            while self.forward.write_group(self.now, place, &mut out, |_, _| {}).is_some() {}
        }
        while self.forward.poll_event().is_some() {}
        self.forward.assert_sound();
    }
}

fn run() -> Run {
    let now = Instant::now();
    Run { forward: Forward::new(now, Duration::from_secs(1_700_000_000), 3, Limits { streams: 16, queue: 64 }), now, random: Random::new(1) }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_comes_and_goes(steps in prop::collection::vec(step(), 1..120)) {
        let mut run = run();
        for step in steps {
            run.take(step);
        }
        for peer in 0..5 {
            run.forward.remove_peer(PeerId(peer));
        }
        run.drain();
        prop_assert!(run.forward.is_empty());
        prop_assert_eq!(run.forward.next_timeout(), None);
    }
}
