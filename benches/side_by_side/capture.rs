//! Capture and index of one channel beside `ffmpeg -c copy` writing the same stream: CPU seconds per second of an 8 Mb/s channel.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use yizhan::base::{UtcMs, Zone};
use yizhan::channel::tape::{self, TapeOptions};
use yizhan::ts::service::Wanted;

use super::harness::{Bench, Goal, cpu_seconds, own_cpu_seconds};

/// A datagram as sources send them: seven packets.
pub const DATAGRAM: usize = 7 * 188;
/// Milliseconds of stream between two flushes, as configured by default.
const FLUSH_MS: i64 = 300;
/// Seconds of stream that are taped for the comparison.
const SECONDS: u32 = 240;

pub fn rows(bench: &mut Bench) -> io::Result<()> {
    const NAME: &str = "capture of one 8 Mb/s channel";
    if !bench.wants(NAME) {
        return Ok(());
    }
    let source = broadcast(&bench.folder, SECONDS)?;
    let copy = bench.folder.join("copy.ts");
    let (mut ours, mut peers) = (f64::MAX, f64::MAX);
    for _ in 0..bench.rounds() {
        let folder = bench.empty_folder("tapes")?;
        let before = own_cpu_seconds()?;
        tape_file(&source, &folder, "bench", UtcMs(1_795_276_800_000), SECONDS)?;
        ours = ours.min((own_cpu_seconds()? - before) / f64::from(SECONDS));
        let mut ffmpeg = Command::new("ffmpeg");
        ffmpeg.args(["-nostdin", "-v", "error", "-i"]).arg(&source).args(["-map", "0", "-c", "copy", "-f", "mpegts", "-y"]).arg(&copy);
        peers = peers.min(cpu_seconds(&mut ffmpeg)? / f64::from(SECONDS));
    }
    fs::remove_dir_all(bench.folder.join("tapes"))?;
    fs::remove_file(copy)?;
    let megabits = source.metadata()?.len() as f64 * 8e-6 / f64::from(SECONDS);
    let how = format!(
        "{SECONDS} s of {megabits:.1} Mb/s from a file, ours in datagrams of {DATAGRAM} bytes; peer: ffmpeg -c copy; least of {} runs by turns",
        bench.rounds()
    );
    bench.compare(NAME, (ours, peers), "CPU s/s", Goal::AtMost(1.0 / 3.0), &how);
    Ok(())
}

/// A stream as broadcast, 720p25 H.264 at 8 Mb/s and AAC, so many seconds long; made once.
pub fn broadcast(folder: &Path, seconds: u32) -> io::Result<PathBuf> {
    made(folder, "progressive", "testsrc2=s=1280x720:r=25,noise=alls=20", "-b:v 7.5M -minrate 7.5M -maxrate 7.5M -x264-params nal-hrd=cbr -c:a aac", seconds)
}

/// The same as 1080i25 with MP2: nothing that a browser plays.
pub fn interlaced(folder: &Path, seconds: u32) -> io::Result<PathBuf> {
    let pictures = "testsrc2=s=1920x1080:r=50,noise=alls=8,tinterlace=interleave_top";
    made(folder, "interlaced", pictures, "-b:v 7.5M -maxrate 7.5M -flags +ildct+ilme -x264opts tff=1 -c:a mp2", seconds)
}

fn made(folder: &Path, name: &str, pictures: &str, encoders: &str, seconds: u32) -> io::Result<PathBuf> {
    const PIECE_SECONDS: u32 = 10;
    let whole = folder.join(format!("{name}-{seconds}.ts"));
    if whole.is_file() {
        return Ok(whole);
    }
    fs::create_dir_all(folder)?;
    let ffmpeg = |arguments: &str, input: Option<&Path>, output: &Path| -> io::Result<()> {
        let mut command = Command::new("ffmpeg");
        command.args(["-nostdin", "-v", "error"]).args(arguments.split_whitespace());
        if let Some(input) = input {
            command.arg(input).args(["-map", "0", "-c", "copy"]);
        }
        let status = command.args(["-f", "mpegts", "-y"]).arg(output).stdin(Stdio::null()).status()?;
        if status.success() { Ok(()) } else { Err(io::Error::other("ffmpeg could not make the material")) }
    };
    let short = folder.join(format!("{name}-piece.ts"));
    let make = format!(
        "-f lavfi -i {pictures} -f lavfi -i sine=r=48000 -t {PIECE_SECONDS} -c:v libx264 -preset ultrafast -bufsize 4M -g 25 -pix_fmt yuv420p {encoders}"
    );
    ffmpeg(&make, None, &short)?;
    ffmpeg(&format!("-stream_loop {} -i", seconds.div_ceil(PIECE_SECONDS) - 1), Some(&short), &whole)?;
    Ok(whole)
}

/// Tapes a file of so many seconds as a channel that began at `start`.
pub fn tape_file(source: &Path, folder: &Path, channel: &str, start: UtcMs, seconds: u32) -> io::Result<()> {
    let options = TapeOptions {
        folder: folder.to_owned(),
        channel: channel.into(),
        zone: Zone::utc(),
        wanted: Wanted::First,
        segment_seconds: 60,
        sync_seconds: 4,
        signal_lost_seconds: 3,
    };
    let (mut writer, _reader, _) = tape::open(options).map_err(io::Error::other)?;
    let mut file = File::open(source)?;
    let (total, length_ms) = (file.metadata()?.len() as i64, i64::from(seconds) * 1000);
    let (mut buffer, mut done, mut flushed) = (vec![0; DATAGRAM * 50], 0i64, start);
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            writer.finish(start + length_ms);
            return Ok(());
        }
        for datagram in buffer[..read].chunks(DATAGRAM) {
            let now = start + done * length_ms / total;
            writer.push(now, datagram);
            done += datagram.len() as i64;
            if now - flushed >= FLUSH_MS {
                writer.flush(now);
                flushed = now;
            }
        }
    }
}
