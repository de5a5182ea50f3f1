//! Layers 0 and 1 by themselves, as the targets see them: they are pure, so neither GStreamer nor SQLite has to be built for them
//! (and this crate stops building when one of them is no longer pure). Of layer 2 what reads bytes without doing I/O: a peer connection and its SDP.

#[path = "../../src/allocation/mod.rs"]
pub mod allocation;
#[path = "../../src/base/mod.rs"]
pub mod base;
#[path = "../../src/cmaf/mod.rs"]
pub mod cmaf;
#[path = "../../src/config/mod.rs"]
pub mod config;
#[path = "../../src/epg/mod.rs"]
pub mod epg;
#[path = "../../src/hls/mod.rs"]
pub mod hls;
#[path = "../../src/sfu/mod.rs"]
pub mod sfu;
#[path = "../../src/ts/mod.rs"]
pub mod ts;
pub mod transport {
    #[path = "../../../src/transport/sdp/mod.rs"]
    pub mod sdp;
    #[path = "../../../src/transport/session/mod.rs"]
    pub mod session;
}

use ts::{PACKET_LEN, Packet, Pat, crc32_mpeg};

/// The PIDs that fuzzed packets are on: tables, guide, time, and the streams of [`service`].
const PIDS: [u16; 8] = [0x0000, 0x0010, 0x0011, 0x0012, 0x0014, 0x0100, 0x0101, 0x0102];
pub const SERVICE: u16 = 1;

/// Bytes as packets: all begin with the sync byte and are on one of a few PIDs, so that the fuzzer gets past both.
pub fn packets(bytes: &[u8], mut each: impl FnMut(&Packet<'_>)) {
    for chunk in bytes.chunks(PACKET_LEN - 1) {
        let mut packet = [0xff; PACKET_LEN];
        packet[0] = 0x47;
        packet[1..=chunk.len()].copy_from_slice(chunk);
        let pid = PIDS[usize::from(packet[2] & 7)];
        packet[1] = packet[1] & 0xe0 | (pid >> 8) as u8;
        packet[2] = pid as u8;
        if let Ok(packet) = Packet::parse(&packet) {
            each(&packet);
        }
    }
}

/// PAT and PMT of a service with H.264 (or what `video` says) on 0x101 and sound on 0x102, so that PES are reached at once.
pub fn service(video: u8, audio: u8, mut each: impl FnMut(&Packet<'_>)) {
    let pat = Pat { transport_stream_id: 1, version: 0, services: vec![(SERVICE, 0x100)] }.section();
    let pmt = section(0x02, &[0, 1, 0xc1, 0, 0, 0xe1, 0x01, 0xf0, 0, video, 0xe1, 0x01, 0xf0, 0, audio, 0xe1, 0x02, 0xf0, 0]);
    for (pid, section) in [(0_u16, pat), (0x100, pmt)] {
        let mut packet = [0xff; PACKET_LEN];
        packet[..5].copy_from_slice(&[0x47, 0x40 | (pid >> 8) as u8, pid as u8, 0x10, 0]);
        packet[5..5 + section.len()].copy_from_slice(&section);
        if let Ok(packet) = Packet::parse(&packet) {
            each(&packet);
        }
    }
}

/// Any bytes as a section whose length and CRC are right.
pub fn section(table_id: u8, body: &[u8]) -> Vec<u8> {
    let body = &body[..body.len().min(4080)];
    let length = body.len() + 4;
    let mut section = vec![table_id, 0xb0 | (length >> 8) as u8, length as u8];
    section.extend(body);
    section.extend(crc32_mpeg(&section).to_be_bytes());
    section
}
