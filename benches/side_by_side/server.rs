//! What a whole server costs and how fast it publishes: one channel at rest, forty channels, programmes that end.

use std::io;
use std::time::Duration;

use serde_json::json;
use tokio::time::sleep;
use yizhan::base::{Clock, SystemClock};

use super::capture::{broadcast, interlaced, tape_file};
use super::common::Server;
use super::harness::Bench;
use super::head_end::HeadEnd;

const AT_REST: &str = "server at rest with one taped channel";
const FORTY: &str = "40 channels of 8 Mb/s";
const PLAYABLE: &str = "from a programme's end to playable";
const MATERIAL_SECONDS: u32 = 240;
const HOUR_SECONDS: u32 = 3600;

pub fn rows(bench: &mut Bench) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    runtime.block_on(async {
        if bench.wants(AT_REST) {
            at_rest(bench).await?;
        }
        if bench.wants(FORTY) {
            forty(bench).await?;
        }
        if bench.wants(PLAYABLE) {
            playable(bench).await?;
            playable_interlaced(bench).await?;
        }
        Ok(())
    })
}

async fn at_rest(bench: &mut Bench) -> io::Result<()> {
    const SECONDS: u64 = 60;
    let head_end = HeadEnd::start(&broadcast(&bench.folder, MATERIAL_SECONDS)?, MATERIAL_SECONDS, 1)?;
    let server = Server::start("").await;
    channels(&server, &head_end).await;
    let before = server_cpu_seconds(&server)?;
    sleep(Duration::from_secs(SECONDS)).await;
    let mebibytes = resident_mebibytes(&server)?;
    bench.report(AT_REST, mebibytes, "MiB", ("under 60", mebibytes < 60.0), &format!("resident memory after {SECONDS} s of taping 8 Mb/s"));
    let cores = (server_cpu_seconds(&server)? - before) / SECONDS as f64;
    bench.report("server with one taped channel: CPU", cores, "cores", ("reported", true), &format!("all of the server, over {SECONDS} s"));
    Ok(())
}

async fn forty(bench: &mut Bench) -> io::Result<()> {
    const CHANNELS: usize = 40;
    const SECONDS: u64 = 60;
    // Longer than the run: a file that begins again breaks its counters.
    let head_end = HeadEnd::start(&broadcast(&bench.folder, MATERIAL_SECONDS)?, MATERIAL_SECONDS, CHANNELS)?;
    let server = Server::start("").await;
    let empty = resident_mebibytes(&server)?;
    channels(&server, &head_end).await;
    let lost_before = lost(&server).await;
    let before = server_cpu_seconds(&server)?;
    sleep(Duration::from_secs(SECONDS)).await;
    let cores = (server_cpu_seconds(&server)? - before) / SECONDS as f64;
    let lost = lost(&server).await - lost_before;
    let how = format!("{SECONDS} s, sent by another process of the same 2-core machine; continuity errors of all channels");
    bench.report(&format!("{FORTY}: packets lost"), lost, "packets", ("none", lost == 0.0), &how);
    bench.report(&format!("{FORTY}: CPU of the server"), cores, "cores", ("reported", true), "receiving, taping, indexing, guide, pages");
    let each = (resident_mebibytes(&server)? - empty) / CHANNELS as f64;
    bench.report(&format!("{FORTY}: memory per channel"), each, "MiB", ("under 8", each < 8.0), "growth of the resident memory, divided");
    Ok(())
}

async fn playable(bench: &mut Bench) -> io::Result<()> {
    let head_end = HeadEnd::start(&broadcast(&bench.folder, MATERIAL_SECONDS)?, MATERIAL_SECONDS, 3)?;
    let hour = broadcast(&bench.folder, HOUR_SECONDS)?;
    let now = SystemClock.now();
    let mut server = Server::start("").await;
    server.column("news").await;
    // An hour that was taped before: the server finds it at its start, as after any other.
    channels(&server, &head_end).await;
    server.kill();
    let tapes = server.recordings().join("tapes");
    tape_file(&hour, &tapes, "channel-0", now - i64::from(HOUR_SECONDS + 120) * 1000, HOUR_SECONDS)?;
    // Gigabytes that nothing else needs.
    std::fs::remove_file(hour)?;
    server.up().await;
    sleep(Duration::from_secs(45)).await;

    for (name, length_ms, count) in [("one minute", 60_000, 1), ("one hour", 3_600_000, 1), ("three of a minute at once", 60_000, 3)] {
        let to = SystemClock.now() + 40_000;
        let mut assets = Vec::new();
        for n in 0..count {
            assets.push(server.cut(&format!("channel-{n}"), "news", (to - length_ms).0, to.0).await);
        }
        let mut waited = 0.0f64;
        for asset in assets {
            server.until(&asset, 120, "playable", |a| a["playable"] == true).await;
            waited = waited.max((SystemClock.now() - to) as f64 / 1000.0);
        }
        let most = if count > 1 { 20.0 } else { 10.0 };
        let how = "8 Mb/s progressive H.264, copied while it runs; from the cut's end to the first rendition's being listed";
        bench.report(&format!("{PLAYABLE}: {name}"), waited, "s", (&format!("under {most}"), waited < most), how);
    }
    Ok(())
}

/// What cannot be copied is encoded in one rung while it is on.
async fn playable_interlaced(bench: &mut Bench) -> io::Result<()> {
    const SECONDS: u32 = 120;
    let head_end = HeadEnd::start(&interlaced(&bench.folder, SECONDS)?, SECONDS, 1)?;
    let server = Server::start("").await;
    server.column("news").await;
    channels(&server, &head_end).await;
    let from = SystemClock.now();
    sleep(Duration::from_secs(5)).await;
    let to = from + 60_000;
    let asset = server.cut("channel-0", "news", from.0, to.0).await;
    server.until(&asset, 300, "playable", |a| a["playable"] == true).await;
    let waited = (SystemClock.now() - to) as f64 / 1000.0;
    let how = "8 Mb/s 1080i25, one rung encoded while it runs; from the cut's end to that rung's being listed";
    bench.report(&format!("{PLAYABLE}: one interlaced minute"), waited, "s", ("reported", true), how);
    server.until(&asset, 600, "ready", |a| a["state"] == "ready").await;
    let all = (SystemClock.now() - to) as f64 / 1000.0;
    bench.report("from an interlaced minute's end to its whole ladder", all, "s", ("reported", true), "the other rungs, poster and thumbnails from the queue");
    Ok(())
}

/// One channel per address; returns when all have a signal.
async fn channels(server: &Server, head_end: &HeadEnd) {
    for (n, address) in head_end.addresses.iter().enumerate() {
        let source = json!({"kind": "udp", "address": address.to_string()});
        server.post("/api/v1/channels", json!({"id": format!("channel-{n}"), "title": format!("频道 {n}"), "source": source})).await;
    }
    for n in 0..head_end.addresses.len() {
        server.until(&format!("/api/v1/channels/channel-{n}"), 60, "a signal", |c| c["signal"]["state"] == "ok" && c["signal"]["width"] != 0).await;
    }
}

async fn lost(server: &Server) -> f64 {
    let channels = server.get("/api/v1/channels?limit=100").await;
    let items = channels["items"].as_array().cloned().unwrap_or_default();
    items.iter().map(|c| c["signal"]["continuity_errors"].as_f64().unwrap_or(f64::NAN)).sum()
}

fn resident_mebibytes(server: &Server) -> io::Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.pid()))?;
    let kibibytes = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.split_whitespace().next()?.parse::<f64>().ok());
    Ok(kibibytes.unwrap_or(f64::NAN) / 1024.0)
}

/// Of all its threads, user and system; without its workers.
fn server_cpu_seconds(server: &Server) -> io::Result<f64> {
    const TICKS_PER_SECOND: f64 = 100.0;
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", server.pid()))?;
    let fields: Vec<f64> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(1).filter_map(|f| f.parse().ok()).collect();
    // utime and stime are the fields 14 and 15 of proc(5); the first of these is field 4.
    Ok((fields[10] + fields[11]) / TICKS_PER_SECOND)
}
