//! Capture and index of one channel beside `ffmpeg -c copy` writing the same stream: CPU seconds per second of an 8 Mb/s channel, and memory per channel.
//!
//! `cargo bench --bench capture`. Prints one JSON line per row: `{name, ours, peer, unit, ratio, goal, met, how}`.

use std::cell::RefCell;
use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use yizhan::base::{UtcMs, Zone};
use yizhan::channel::tape::{self, TapeOptions};
use yizhan::ts::service::Wanted;
use yizhan::ts::testing::{PICTURE_MS, TestStream};

/// Seconds of stream that are taped.
const SECONDS: usize = 240;
/// A datagram as sources send them: seven packets.
const DATAGRAM: usize = 7 * 188;
/// Milliseconds of stream between two flushes, as configured by default.
const FLUSH_MS: i64 = 300;

fn main() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let source = folder.path().join("source.ts");
    if !broadcast(folder.path(), &source)? {
        // Without ffmpeg there is no peer, and a stream without content does as well: about 208 packets a picture, sound included.
        let mut stream = TestStream::with(|s| s.packets = 235);
        let mut file = File::create(&source)?;
        for _ in 0..SECONDS * 25 {
            file.write_all(&stream.picture())?;
        }
    }
    let bits = source.metadata()?.len() as f64 * 8.0 / SECONDS as f64;

    let before = cpu_seconds("/proc/self/schedstat")?;
    tape_it(&source, folder.path())?;
    let ours = (cpu_seconds("/proc/self/schedstat")? - before) / SECONDS as f64;
    let peer = ffmpeg(&source, &folder.path().join("copy.ts"))?.map(|s| s / SECONDS as f64);
    let ratio = peer.map(|peer| ours / peer);
    let row = |name: &str, ours: f64, peer: Option<f64>, unit: &str, ratio: Option<f64>, goal: f64, met: Option<bool>, how: String| {
        println!("{}", serde_json::json!({ "name": name, "ours": ours, "peer": peer, "unit": unit, "ratio": ratio, "goal": goal, "met": met, "how": how }));
    };
    let how = format!("{SECONDS} s of {:.1} Mb/s in datagrams of {DATAGRAM} bytes from a file, peer: ffmpeg -c copy of the same file", bits / 1e6);
    row("capture_cpu", ours, peer, "CPU s per s", ratio, 1.0 / 3.0, ratio.map(|r| r <= 1.0 / 3.0), how);

    let (start, channels) = (resident_bytes()?, 40);
    let mut open = Vec::new();
    for n in 0..channels {
        let options = options(folder.path(), &format!("channel-{n}"));
        let (writer, reader, _) = tape::open(options)?;
        let writer = RefCell::new(writer);
        feed(&source, 10, |now, bytes| writer.borrow_mut().push(now, bytes), |now| drop(writer.borrow_mut().flush(now)))?;
        open.push((writer, reader));
    }
    let each = (resident_bytes()?.saturating_sub(start)) as f64 / f64::from(channels) / f64::from(1 << 20);
    row("capture_memory", each, None, "MiB per channel", None, 8.0, Some(each < 8.0), format!("resident memory, {channels} channels that taped 10 s each"));
    Ok(())
}

fn options(folder: &Path, channel: &str) -> TapeOptions {
    TapeOptions {
        folder: folder.join("tapes"),
        channel: channel.into(),
        zone: Zone::utc(),
        wanted: Wanted::First,
        segment_seconds: 60,
        sync_seconds: 4,
        signal_lost_seconds: 3,
    }
}

fn tape_it(source: &Path, folder: &Path) -> anyhow::Result<()> {
    let (writer, _reader, _) = tape::open(options(folder, "bench"))?;
    let writer = RefCell::new(writer);
    feed(source, SECONDS, |now, bytes| writer.borrow_mut().push(now, bytes), |now| drop(writer.borrow_mut().flush(now)))?;
    Ok(())
}

/// A stream as broadcast, 8 Mb/s H.264 and AAC; false where there is no ffmpeg to make it.
fn broadcast(folder: &Path, source: &Path) -> anyhow::Result<bool> {
    let short = folder.join("short.ts");
    let make = "-v error -f lavfi -i testsrc2=s=1280x720:r=25,noise=alls=20 -f lavfi -i sine=r=48000 -t 10 -c:v libx264 -preset ultrafast -b:v 7.5M -minrate 7.5M -maxrate 7.5M -bufsize 4M -x264-params nal-hrd=cbr -g 25 -c:a aac -y";
    let repeat = format!("-v error -stream_loop {} -i", SECONDS / 10 - 1);
    let run = |args: &str, input: Option<&Path>, output: &Path| -> bool {
        let mut command = Command::new("ffmpeg");
        command.args(args.split_whitespace());
        if let Some(input) = input {
            command.arg(input).args(["-map", "0", "-c", "copy", "-f", "mpegts", "-y"]);
        }
        command.arg(output).stdin(Stdio::null()).status().is_ok_and(|s| s.success())
    };
    Ok(run(make, None, &short) && run(&repeat, Some(&short), source))
}

/// Gives the source's datagrams at their times, with a flush every [`FLUSH_MS`].
fn feed(source: &Path, seconds: usize, mut push: impl FnMut(UtcMs, &[u8]), mut flush: impl FnMut(UtcMs)) -> anyhow::Result<()> {
    let mut file = File::open(source)?;
    let total = file.metadata()?.len() as i64;
    let length_ms = SECONDS as i64 * 25 * PICTURE_MS;
    let start = UtcMs(1_795_276_800_000);
    let (mut buffer, mut done, mut flushed) = (vec![0; DATAGRAM * 50], 0i64, start);
    loop {
        let read = file.read(&mut buffer)?;
        for datagram in buffer[..read].chunks(DATAGRAM) {
            let now = start + done * length_ms / total;
            push(now, datagram);
            done += datagram.len() as i64;
            if now - flushed >= FLUSH_MS {
                flush(now);
                flushed = now;
            }
        }
        if read == 0 || done * length_ms / total > seconds as i64 * 1000 {
            return Ok(());
        }
    }
}

/// CPU seconds of this thread, from the scheduler's nanoseconds.
fn cpu_seconds(path: &str) -> anyhow::Result<f64> {
    let text = std::fs::read_to_string(path)?;
    Ok(text.split_whitespace().next().unwrap_or("0").parse::<f64>()? / 1e9)
}

/// CPU seconds of `ffmpeg -c copy`; `None` where there is no ffmpeg.
fn ffmpeg(source: &Path, copy: &Path) -> anyhow::Result<Option<f64>> {
    let children = || -> anyhow::Result<f64> {
        let text = std::fs::read_to_string("/proc/self/stat")?;
        let after_name = text.rsplit(')').next().unwrap_or("");
        let fields: Vec<f64> = after_name.split_whitespace().filter_map(|f| f.parse().ok()).collect();
        // cutime and cstime, in hundredths; the state letter before them is not a number.
        Ok((fields[12] + fields[13]) / 100.0)
    };
    let before = children()?;
    let run = Command::new("ffmpeg")
        .args(["-v", "error", "-i"])
        .arg(source)
        .args(["-map", "0", "-c", "copy", "-f", "mpegts", "-y"])
        .arg(copy)
        .stdin(Stdio::null())
        .status();
    match run {
        Ok(status) if status.success() => Ok(Some(children()? - before)),
        _ => Ok(None),
    }
}

fn resident_bytes() -> anyhow::Result<u64> {
    let text = std::fs::read_to_string("/proc/self/statm")?;
    Ok(text.split_whitespace().nth(1).unwrap_or("0").parse::<u64>()? * 4096)
}
