//! What a forwarded packet costs: one track to six hundred, as even packets and as an encoder sends them; fifty tracks to a few.

use std::io;

use super::camera::Shape;
use super::door::Posts;
use super::load::{Load, Measured, measure};
use super::peer::Peer;
use crate::common::Server;
use crate::harness::{Bench, Goal};

const EVEN: &str = "room: one track to 600";
const ENCODER: &str = "room: an encoder's track to 600";
const FIFTY: &str = "room: fifty tracks per peer";
const SUBSCRIBERS: usize = 600;

const HOW: &str = "CPU of the server's process over 10 s per packet that arrived, loopback; sender and receiver reports, NACK, TWCC and bandwidth estimation on; \
    600 full str0m clients, each on a socket of its own without UDP_GRO; against str0m 0.25 in RTP mode on one socket, received by batches, sent by GSO; least of the rounds";

pub async fn rows(bench: &mut Bench) -> io::Result<()> {
    let even = Shape::Even { packets: 9, pictures_per_second: 30 };
    let encoder = Shape::Encoder { bitrate_bps: 1_500_000, pictures_per_second: 30 };
    for (name, shape) in [(EVEN, even), (ENCODER, encoder)] {
        if bench.wants(name) {
            against_str0m(bench, name, Load { publishers: 1, subscribers: SUBSCRIBERS, shape }).await?;
        }
    }
    Ok(())
}

async fn against_str0m(bench: &mut Bench, name: &str, load: Load) -> io::Result<()> {
    let (mut ours, mut peers) = (Vec::new(), Vec::new());
    for _ in 0..bench.rounds() {
        ours.push(ours_once(load).await?);
        peers.push(measure(&mut Peer::start()?.door()?, load).await?);
        if std::env::var_os("BENCH_TELL").is_some() {
            println!("{:#?}\n{:#?}", ours.last(), peers.last());
        }
    }
    let least = |side: &[Measured]| side.iter().map(Measured::cpu_ns_per_packet).fold(f64::INFINITY, f64::min);
    bench.compare(name, (least(&ours), least(&peers)), "ns", Goal::AtMost(0.65), HOW);
    Ok(())
}

/// Media on loopback alone.
pub async fn server() -> io::Result<(Server, Posts)> {
    let server = Server::start("[rooms]\nudp_port = 0\ntcp_port = 0\naddresses = [\"127.0.0.1\"]\n").await;
    let door = Posts::new(server.url.clone(), Some(server.room_key()), server.pid())?;
    Ok((server, door))
}

pub async fn ours_once(load: Load) -> io::Result<Measured> {
    let (_server, mut door) = server().await?;
    measure(&mut door, load).await
}
