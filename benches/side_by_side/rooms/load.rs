//! One load on one server: clients come, all have everything for a while, then ten seconds are measured.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::time::sleep;

use super::super::harness::own_cpu_seconds;
use super::camera::{Camera, Shape};
use super::client::{Client, Course};
use super::crowd::Crowd;
use super::door::Door;
use super::other;
use super::process::{cpu_seconds, resident_bytes};

#[derive(Debug, Clone, Copy)]
pub struct Load {
    pub publishers: usize,
    pub subscribers: usize,
    pub shape: Shape,
}

/// Of the window.
#[derive(Debug, Clone, Copy)]
pub struct Measured {
    /// That arrived at subscribers while it lasted.
    pub packets: f64,
    pub cpu_seconds: f64,
    /// Of the clients, whose machine it is too.
    pub clients_cpu_seconds: f64,
    /// Not even sent again.
    pub lost: u64,
    pub twice: u64,
    pub p50_ms: f64,
    pub p99_ms: f64,
    pub resident_bytes_per_subscriber: f64,
    /// It was never quiet before the window: the server does not carry this load.
    pub is_overloaded: bool,
}

impl Measured {
    pub fn cpu_ns_per_packet(&self) -> f64 {
        self.cpu_seconds * 1e9 / self.packets
    }
}

const WINDOW: Duration = Duration::from_secs(10);
/// For repairs of the window's last packets.
const REPAIRS: Duration = Duration::from_secs(2);
const CONNECTING: Duration = Duration::from_secs(60);
/// Estimators find what the line carries, and nothing is lost any more.
const SETTLING: Duration = Duration::from_secs(45);
const QUIET: u32 = 4;
const AT_ONCE: usize = 20;

pub async fn measure(door: &mut impl Door, load: Load) -> io::Result<Measured> {
    let course = Arc::new(Course::default());
    let before = resident_bytes(door.pid())?;
    let publishing = Crowd::new(Duration::ZERO)?;
    let taking = Crowd::new(Duration::from_millis(10))?;
    for n in 0..load.publishers {
        let mut client = Client::publisher(door.near(), Camera::new(load.shape, n as f64 / load.publishers as f64), course.clone())?;
        door.publish(&mut client).await?;
        publishing.add(client)?;
    }
    connected(&publishing, load.publishers).await?;
    sleep(Duration::from_secs(1)).await;
    for n in 1..=load.subscribers {
        let mut client = Client::subscriber(door.near())?;
        door.play(&mut client, load.publishers).await?;
        taking.add(client)?;
        // Handshakes are not what is measured: a few at a time.
        if n % AT_ONCE == 0 || n == load.subscribers {
            connected(&taking, n).await?;
        }
    }
    course.is_on.store(true, Ordering::Relaxed);
    let is_overloaded = !quiet(&taking, &course.number).await?;
    let now = || course.number.load(Ordering::Relaxed);
    taking.forget()?;
    let (from, cpu, own) = (now(), cpu_seconds(door.pid())?, own_cpu_seconds()?);
    sleep(WINDOW).await;
    let (until, cpu_seconds, clients_cpu_seconds) = (now(), cpu_seconds(door.pid())? - cpu, own_cpu_seconds()? - own);
    let arrived = taking.look(0..0)?.delays;
    sleep(REPAIRS).await;
    let seen = taking.look(from..until)?;
    let resident_bytes_per_subscriber = (resident_bytes(door.pid())? - before) / load.subscribers as f64;
    Ok(Measured {
        packets: arrived.count() as f64,
        cpu_seconds,
        clients_cpu_seconds,
        lost: seen.missing,
        twice: seen.twice,
        p50_ms: arrived.quantile_ms(0.5),
        p99_ms: arrived.quantile_ms(0.99),
        resident_bytes_per_subscriber,
        is_overloaded,
    })
}

async fn connected(crowd: &Crowd, count: usize) -> io::Result<()> {
    let begun = Instant::now();
    loop {
        let connected = crowd.look(0..0)?.connected;
        if connected == count {
            return Ok(());
        }
        if begun.elapsed() > CONNECTING {
            return Err(other(format!("{connected} of {count} clients are connected after {CONNECTING:?}")));
        }
        sleep(Duration::from_millis(20)).await;
    }
}

/// Whether everybody has everything for a few seconds.
async fn quiet(crowd: &Crowd, numbers: &AtomicU64) -> io::Result<bool> {
    let begun = Instant::now();
    let mut quiet = 0;
    let mut last = numbers.load(Ordering::Relaxed);
    while begun.elapsed() < SETTLING {
        sleep(Duration::from_secs(1)).await;
        // The second before the last: what is under way comes yet.
        let now = numbers.load(Ordering::Relaxed);
        let seen = crowd.look(last.saturating_sub((now - last) / 2)..last)?;
        if std::env::var_os("BENCH_TELL").is_some() {
            println!("  {:?}: {} missing at {} of {}, p99 {:.1} ms", begun.elapsed(), seen.missing, seen.short, seen.connected, seen.delays.quantile_ms(0.99));
            crowd.forget()?;
        }
        quiet = if seen.missing == 0 { quiet + 1 } else { 0 };
        if quiet == QUIET {
            return Ok(true);
        }
        last = now;
    }
    Ok(false)
}
