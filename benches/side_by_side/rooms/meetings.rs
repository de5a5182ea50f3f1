//! Whole meetings, by the program's own participants: everybody comes at once, and people come and go all day.

use std::io;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use super::other;
use super::process::resident_bytes;
use crate::common::Server;
use crate::harness::Bench;

const TOGETHER: &str = "room: 65 join within 5 s";
const DAY: &str = "room: 24 hours of joins and leaves";

pub async fn rows(bench: &mut Bench) -> io::Result<()> {
    if bench.wants(TOGETHER) {
        together(bench).await?;
    }
    if bench.wants(DAY) {
        day(bench).await?;
    }
    Ok(())
}

async fn together(bench: &mut Bench) -> io::Result<()> {
    const PEOPLE: f64 = 65.0;
    let mut slowest = 0.0_f64;
    let mut is_met = true;
    for _ in 0..bench.rounds() {
        let server = Server::start("").await;
        let report = load(&server, &["--publishers", "1", "--subscribers", "64", "--join-over", "5s", "--duration", "5s"])?;
        let first = &report["join"]["first_picture_ms"];
        slowest = slowest.max(first["max"].as_f64().unwrap_or(f64::INFINITY));
        is_met &= report["failed"] == 0 && report["joined"] == PEOPLE && first["count"] == PEOPLE - 1.0 && slowest < 1_500.0;
    }
    let how = "one sends VP8 (1.5 Mb/s) and Opus, 64 look; from the click to the first whole picture of the slowest of all rounds; `yizhan load`, on the same machine";
    bench.report(TOGETHER, slowest, "ms", ("under 1500, all", is_met), how);
    Ok(())
}

async fn day(bench: &mut Bench) -> io::Result<()> {
    const ROUNDS: usize = 40;
    const PEOPLE: usize = 100;
    let server = Server::start("[rooms]\nudp_port = 0\ntcp_port = 0\ndeparture_timeout_seconds = 1\n").await;
    let come_and_go = |times: usize| -> io::Result<u64> {
        let subscribers = (PEOPLE - 4).to_string();
        let arguments = [
            "--shape",
            "onlookers",
            "--publishers",
            "4",
            "--subscribers",
            &subscribers,
            "--bitrate",
            "100",
            "--fps",
            "5",
            "--join-over",
            "2s",
            "--duration",
            "1s",
        ];
        (0..times).map(|_| load(&server, &arguments).map(|report| report["joined"].as_u64().unwrap_or(0))).sum()
    };
    // What a server has after its first meetings, it keeps.
    come_and_go(ROUNDS / 8)?;
    let before = settled(&server).await?;
    let joined = come_and_go(ROUNDS)?;
    let after = settled(&server).await?;
    let growth = (after / before - 1.0) * 100.0;
    let mebibytes = |bytes: f64| bytes / f64::from(1 << 20);
    let how = format!(
        "{joined} joins and leaves of 100 people in {ROUNDS} meetings one after the other; resident memory {:.1} MiB before, after {} such meetings, and {:.1} MiB after all",
        mebibytes(before),
        ROUNDS / 8,
        mebibytes(after)
    );
    bench.report(DAY, growth, "%", ("under 10 more", growth < 10.0 && joined == (ROUNDS * PEOPLE) as u64), &how);
    Ok(())
}

/// When the rooms are gone.
async fn settled(server: &Server) -> io::Result<f64> {
    tokio::time::sleep(Duration::from_secs(10)).await;
    resident_bytes(server.pid())
}

fn load(server: &Server, arguments: &[&str]) -> io::Result<Value> {
    let (key, secret) = server.room_key();
    let url = server.url.replacen("http", "ws", 1);
    let mut command = Command::new(env!("CARGO_BIN_EXE_yizhan"));
    command.args(["load", "--json", "--url", &url, "--key", &key, "--secret", &secret]).args(arguments);
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output()?;
    serde_json::from_slice(&output.stdout).map_err(|e| other(format!("{command:?}: {e}")))
}
