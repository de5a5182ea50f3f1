//! What a forwarded packet costs: one track to six hundred, as even packets and as an encoder sends them; fifty tracks to a few; beside Janus.

use std::io;
use std::net::{IpAddr, Ipv4Addr};

use super::camera::Shape;
use super::door::Posts;
use super::janus::{self, Janus};
use super::load::{Load, Measured, measure};
use super::peer::Peer;
use crate::common::Server;
use crate::harness::{Bench, Goal};

const EVEN: &str = "room: one track to 600";
const ENCODER: &str = "room: an encoder's track to 600";
const FIFTY: &str = "room: fifty tracks per peer";
const JANUS: &str = "room: beside Janus";

const SUBSCRIBERS: usize = 600;
/// What Janus still carries on two cores.
const JANUS_SUBSCRIBERS: usize = 60;
const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

const EVEN_PICTURES: Shape = Shape::Even { packets: 9, pictures_per_second: 30 };
const ENCODED: Shape = Shape::Encoder { bitrate_bps: 1_500_000, pictures_per_second: 30 };

pub async fn rows(bench: &mut Bench) -> io::Result<()> {
    if bench.wants(EVEN) {
        let what = "9 packets of 1,200 bytes, 30 times a second";
        let ours = against_str0m(bench, EVEN, EVEN_PICTURES, what).await?;
        report(bench, EVEN, &ours);
    }
    if bench.wants(ENCODER) {
        let what = "1.5 Mb/s, 30 pictures a second of unlike sizes, in packets of nearly one size, paced as Chromium does";
        let ours = against_str0m(bench, ENCODER, ENCODED, what).await?;
        report(bench, ENCODER, &ours);
    }
    if bench.wants(FIFTY) {
        fifty(bench).await?;
    }
    if bench.wants(JANUS) {
        against_janus(bench).await?;
    }
    Ok(())
}

async fn against_str0m(bench: &mut Bench, name: &str, shape: Shape, what: &str) -> io::Result<Vec<Measured>> {
    let load = Load { publishers: 1, subscribers: SUBSCRIBERS, shape };
    let (mut ours, mut peers) = (Vec::new(), Vec::new());
    for _ in 0..bench.rounds() {
        ours.push(ours_once(LOOPBACK, load).await?);
        peers.push(measure(&mut Peer::start()?.door()?, load).await?);
    }
    let how = format!(
        "{what}; CPU of the server's process per packet that arrived, over 10 s on loopback, least of the rounds; SR, RR, NACK, TWCC and bandwidth estimation \
         on; 600 full str0m clients with a socket each, without UDP_GRO; str0m 0.25 in RTP mode, one socket, received by batches, sent by GSO (AES-256-GCM, as \
         two str0m agree; ours AES-128-GCM): lost {}, p99 {:.1} ms",
        peers.iter().map(|each| each.lost).max().unwrap_or_default(),
        greatest(&peers, |each| each.p99_ms)
    );
    bench.compare(name, (least(&ours), least(&peers)), "ns", Goal::AtMost(0.65), &how);
    Ok(ours)
}

/// The worst of the rounds.
fn report(bench: &mut Bench, name: &str, ours: &[Measured]) {
    let lost = greatest(ours, |each| each.lost as f64);
    let how = format!(
        "not forwarded or lost, of all subscribers in 10 s, after repairs; {} came twice; {}; the clients took {:.2} cores",
        greatest(ours, |each| each.twice as f64),
        if ours.iter().any(|each| each.is_overloaded) { "it was never quiet before" } else { "everybody had everything for 4 s before" },
        greatest(ours, |each| each.clients_cpu_seconds) / 10.0
    );
    bench.report(&format!("{name}: packets lost"), lost, "packets", ("none", lost == 0.0), &how);
    let p99 = greatest(ours, |each| each.p99_ms);
    let how = format!(
        "from the publisher's hand to the subscriber's socket (kernel's stamp), 2 cores for all; half within {:.1} ms",
        greatest(ours, |each| each.p50_ms)
    );
    bench.report(&format!("{name}: forwarding delay, p99"), p99, "ms", ("under 20", p99 < 20.0), &how);
    let kibibytes = greatest(ours, |each| each.resident_bytes_per_subscriber) / 1_024.0;
    bench.report(&format!("{name}: memory per subscriber"), kibibytes, "KiB", ("under 64", kibibytes < 64.0), "growth of the resident memory, divided");
}

async fn fifty(bench: &mut Bench) -> io::Result<()> {
    const TRACKS: usize = 50;
    let many = Load { publishers: TRACKS, subscribers: 12, shape: Shape::Even { packets: 9, pictures_per_second: 5 } };
    let one = Load { publishers: 1, subscribers: 12, shape: Shape::Even { packets: 9, pictures_per_second: 5 * TRACKS as u32 } };
    let (mut fifty, mut single) = (Vec::new(), Vec::new());
    for _ in 0..bench.rounds() {
        fifty.push(ours_once(LOOPBACK, many).await?);
        single.push(ours_once(LOOPBACK, one).await?);
    }
    let how = format!(
        "CPU per forwarded packet of 50 tracks (5 pictures of 9 packets a second each, not in step) to 12, against one track of 250 such pictures to 12: both \
         2,250 packets/s in, 27,000 out; lost {} and {}",
        fifty.iter().map(|each| each.lost).max().unwrap_or_default(),
        single.iter().map(|each| each.lost).max().unwrap_or_default()
    );
    bench.compare(FIFTY, (least(&fifty), least(&single)), "ns", Goal::AtMost(1.5), &how);
    Ok(())
}

async fn against_janus(bench: &mut Bench) -> io::Result<()> {
    let Some(near) = janus::own_address().filter(|_| janus::is_installed()) else {
        bench.lacks(JANUS, "Debian's package `janus`, and an address that is not loopback's");
        return Ok(());
    };
    let load = Load { publishers: 1, subscribers: JANUS_SUBSCRIBERS, shape: EVEN_PICTURES };
    let (mut ours, mut peers) = (Vec::new(), Vec::new());
    for _ in 0..bench.rounds() {
        ours.push(ours_once(near, load).await?);
        let folder = bench.empty_folder("janus")?;
        peers.push(measure(&mut Janus::start(&folder, near).await?, load).await?);
    }
    let how = format!(
        "packets that arrived per second of the server's CPU, one track of 9 packets of 1,200 bytes 30 times a second to {JANUS_SUBSCRIBERS}, the same clients; \
         Janus 1.1.2's video room with 2 event loops (here it carried 100 with p99 of 172 ms, and lost half at 150): lost {}, p99 {:.1} ms; ours: lost {}, p99 {:.1} ms",
        peers.iter().map(|each| each.lost).max().unwrap_or_default(),
        greatest(&peers, |each| each.p99_ms),
        ours.iter().map(|each| each.lost).max().unwrap_or_default(),
        greatest(&ours, |each| each.p99_ms)
    );
    bench.compare(JANUS, (1e6 / least(&ours), 1e6 / least(&peers)), "1000/s", Goal::AtLeast(3.0), &how);
    Ok(())
}

/// Media on one address alone.
pub async fn server(near: IpAddr) -> io::Result<(Server, Posts)> {
    let server = Server::start(&format!("[rooms]\nudp_port = 0\ntcp_port = 0\naddresses = [\"{near}\"]\n")).await;
    let door = Posts::new(server.url.clone(), Some(server.room_key()), server.pid(), near)?;
    Ok((server, door))
}

pub async fn ours_once(near: IpAddr, load: Load) -> io::Result<Measured> {
    let (_server, mut door) = server(near).await?;
    measure(&mut door, load).await
}

/// CPU per packet.
fn least(side: &[Measured]) -> f64 {
    side.iter().map(Measured::cpu_ns_per_packet).fold(f64::INFINITY, f64::min)
}

fn greatest(side: &[Measured], of: impl Fn(&Measured) -> f64) -> f64 {
    side.iter().map(of).fold(0.0, f64::max)
}
