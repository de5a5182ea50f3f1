#![no_main]
//! Whatever bytes two peers send, forwarding neither panics nor loses count: a publisher of simulcast and sound, a subscriber of both.

use std::time::{Duration, Instant};

use libfuzzer_sys::fuzz_target;
use yizhan_fuzz::allocation::Class;
use yizhan_fuzz::sfu::codec::{Codec, Kind};
use yizhan_fuzz::sfu::downlink::DownPayload;
use yizhan_fuzz::sfu::packet::{Extension, ExtensionIds};
use yizhan_fuzz::sfu::uplink::Payload;
use yizhan_fuzz::sfu::{DownlinkOptions, Forward, Limits, PeerId, PeerOptions, Settings, TrackId, UplinkOptions};

fn forward(now: Instant) -> (Forward, [usize; 2]) {
    let mut ids = ExtensionIds::default();
    for (id, extension) in Extension::ALL.into_iter().enumerate() {
        ids.set(extension, id as u8 + 1);
    }
    let mut forward = Forward::new(now, Duration::from_secs(1_700_000_000), 1, Limits { streams: 16, queue: 128 });
    let places = [1, 2].map(|id| {
        let options = PeerOptions { congestion: Default::default(), cname: "fuzz".to_owned() };
        let place = forward.add_peer(now, PeerId(id), options).unwrap_or_default();
        forward.connected(now, PeerId(id));
        place
    });
    let tracks = [
        (1, Kind::Video, Codec::Vp8, 96, Some(97), vec![Some("q".to_owned()), Some("h".to_owned()), Some("f".to_owned())]),
        (2, Kind::Audio, Codec::Red, 63, None, vec![None]),
        (3, Kind::Video, Codec::H264, 102, Some(103), vec![None]),
        (4, Kind::Video, Codec::Av1, 45, Some(46), vec![None]),
    ];
    for (track, kind, codec, payload_type, rtx, rids) in tracks {
        // One byte of SSRC is enough to be hit.
        let ssrcs = (0..rids.len() as u32).map(|layer| (track as u32 * 16 + layer, Some(track as u32 * 16 + 8 + layer))).collect();
        let options = UplinkOptions {
            track: TrackId(track),
            kind,
            mid: Some(track.to_string()),
            payloads: vec![Payload { payload_type, codec, rtx }],
            extensions: ids,
            rids,
            ssrcs,
        };
        let _ = forward.add_uplink(PeerId(1), options);
        let settings = Settings { class: Class::Large, max_layer: Some(2), max_temporal: Some(1) };
        let codec = if codec == Codec::Red { Codec::Opus } else { codec };
        let payloads = vec![DownPayload { codec, payload_type, rtx }];
        let (ssrc, rtx_ssrc) = (track as u32, Some(track as u32 + 8));
        let _ = forward.add_downlink(now, PeerId(2), DownlinkOptions { track: TrackId(track), ssrc, rtx_ssrc, payloads, extensions: ids, settings });
    }
    (forward, places)
}

// Each step: whose packet (bit 0), RTP or RTCP (bit 1), milliseconds passed (bits 2-7), its length, its bytes.
fuzz_target!(|bytes: &[u8]| {
    let start = Instant::now();
    let (mut forward, places) = forward(start);
    let (mut now, mut rest, mut out) = (start, bytes, Vec::new());
    while let [head, len, tail @ ..] = rest {
        let (packet, tail) = tail.split_at(tail.len().min(usize::from(*len)));
        rest = tail;
        now += Duration::from_millis(u64::from(head >> 2) * 4);
        let place = places[usize::from(head & 1)];
        match head & 2 {
            0 => forward.receive_rtp(now, place, packet),
            _ => forward.receive_rtcp(now, place, packet),
        }
        forward.tick(now);
        while let Some(place) = forward.next_ready() {
            while forward.write_rtcp(place).is_some() {}
            while let Some(segment) = forward.write_group(now, place, &mut out, |_, _| {}) {
                assert!(segment > 0 && out.len().div_ceil(segment) <= 64);
            }
        }
        while forward.poll_event().is_some() {}
    }
});
