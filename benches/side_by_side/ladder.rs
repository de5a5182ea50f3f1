//! CPU seconds and quality of whole ladders, beside one ffmpeg command with the same rungs and x264 settings.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use yizhan::base::work::{Anchor, Piece, Task, Transcode};
use yizhan::cmaf::{Demuxed, Demuxer};
use yizhan::ladder::{self, Ladder, Source, SourcePicture, SourceSound};
use yizhan::ts::{PACKET_LEN, Packet};

use super::harness::{Bench, Goal, cpu_seconds, test_data};

/// One source, made by ffmpeg from the sample film.
struct Material {
    name: &'static str,
    /// ffmpeg's arguments between input and output.
    make: &'static [&'static str],
    interlaced: bool,
    picture: SourcePicture,
    /// The sound is AAC.
    aac: bool,
}

const SECONDS: &str = "15";

fn materials() -> [Material; 3] {
    let picture = |width, height, pixel_aspect, frame_rate_milli, bitrate_bps, browser_playable| SourcePicture {
        width,
        height,
        pixel_aspect,
        frame_rate_milli,
        bitrate_bps,
        browser_playable,
    };
    [
        Material {
            name: "ladder of progressive 1080p H.264",
            make: &["-c", "copy"],
            interlaced: false,
            picture: picture(1920, 1080, (1, 1), 24_000, 0, true),
            aac: true,
        },
        Material {
            name: "ladder of interlaced 1080i H.264",
            make: &[
                "-vf",
                "fps=50,tinterlace=interleave_top",
                "-c:v",
                "libx264",
                "-preset",
                "veryfast",
                "-b:v",
                "8M",
                "-flags",
                "+ildct+ilme",
                "-x264opts",
                "tff=1",
                "-g",
                "50",
                "-c:a",
                "ac3",
            ],
            interlaced: true,
            picture: picture(1920, 1080, (1, 1), 25_000, 0, false),
            aac: false,
        },
        Material {
            name: "ladder of interlaced 576i MPEG-2",
            make: &[
                "-vf",
                "scale=720:576,setsar=64/45,fps=50,tinterlace=interleave_top",
                "-c:v",
                "mpeg2video",
                "-b:v",
                "5M",
                "-maxrate",
                "8M",
                "-bufsize",
                "2M",
                "-flags",
                "+ildct+ilme",
                "-top",
                "1",
                "-g",
                "12",
                "-bf",
                "2",
                "-c:a",
                "mp2",
            ],
            interlaced: true,
            picture: picture(720, 576, (64, 45), 25_000, 0, false),
            aac: false,
        },
    ]
}

pub fn rows(bench: &mut Bench) {
    for material in materials() {
        if bench.wants(material.name)
            && let Err(e) = row(bench, &material)
        {
            bench.lacks(material.name, &format!("{e} (needed: ffmpeg, and the sample film under {})", test_data().display()));
        }
    }
}

fn row(bench: &mut Bench, material: &Material) -> io::Result<()> {
    let folder = bench.folder.join(material.name.replace(' ', "-"));
    fs::create_dir_all(&folder)?;
    let source = make(material, &folder)?;
    let sound = SourceSound { bitrate_bps: 128_000, browser_playable: material.aac };
    let ladder = ladder::for_asset(&Source { picture: Some(material.picture.clone()), sound: Some(sound) });
    let task = task(&source, material, &ladder, &folder.join("ours"))?;
    let task_path = folder.join("task.json");
    fs::write(&task_path, serde_json::to_vec_pretty(&Task::Transcode(task.clone()))?)?;
    let (mut ours, mut peers) = (f64::MAX, f64::MAX);
    for _ in 0..bench.rounds() {
        let mut worker = Command::new(env!("CARGO_BIN_EXE_yizhan-worker"));
        ours = ours.min(cpu_seconds(worker.arg("transcode").arg(&task_path).env("YIZHAN_EVENTS_FD", "1"))?);
        peers = peers.min(cpu_seconds(&mut peer(&source, material, &task, &ladder, &folder.join("peer"))?)?);
    }
    let how = format!(
        "{SECONDS} s of film; least of {} runs by turns; both with poster and thumbnails; ffmpeg copies what is copied, same x264 settings and threads",
        bench.rounds()
    );
    bench.compare(material.name, (ours, peers), "CPU s", Goal::AtMost(1.0), &how);
    for rung in &task.video {
        let whole = whole(&folder.join("ours").join(&rung.name), task.boundaries_90k.len())?;
        let theirs = folder.join("peer").join(format!("{}.mp4", rung.name));
        let size = |path: &Path| fs::metadata(path).map(|m| m.len()).unwrap_or(0);
        let (our_size, their_size) = (size(&whole), size(&theirs));
        let pair = (ssim(&whole, &source, material, (rung.width, rung.height))?, ssim(&theirs, &source, material, (rung.width, rung.height))?);
        let how =
            format!("against the source {}scaled by ffmpeg; {our_size} and {their_size} bytes", if material.interlaced { "deinterlaced and " } else { "" });
        bench.compare(&format!("{}: {} SSIM", material.name, rung.name), pair, "SSIM", Goal::AtLeast(0.99), &how);
    }
    Ok(())
}

fn make(material: &Material, folder: &Path) -> io::Result<PathBuf> {
    let film = test_data().join("video/big-buck-bunny-1080p-5s.mp4");
    let source = folder.join("source.ts");
    if !film.is_file() {
        return Err(io::ErrorKind::NotFound.into());
    }
    let made = ffmpeg().args(["-stream_loop", "9", "-i"]).arg(film).args(material.make).args(["-t", SECONDS, "-f", "mpegts"]).arg(&source).status()?;
    if made.success() { Ok(source) } else { Err(io::Error::other("ffmpeg could not make the material")) }
}

fn ffmpeg() -> Command {
    let mut command = Command::new("ffmpeg");
    command.args(["-nostdin", "-v", "error", "-y"]).stdin(Stdio::null());
    command
}

/// What the server would ask of the worker: segments of two seconds or more that begin at the source's key pictures.
fn task(source: &Path, material: &Material, ladder: &Ladder, folder: &Path) -> io::Result<Transcode> {
    let anchor = Anchor { pts_33: 0, media_90k: 1_795_276_800_000 * 90 };
    let mut demuxer = Demuxer::new(1, anchor);
    for packet in fs::read(source)?.chunks_exact(PACKET_LEN).filter_map(|p| Packet::parse(p).ok()) {
        demuxer.push(&packet);
    }
    demuxer.finish();
    let (mut boundaries_90k, mut to_90k) = (Vec::<i64>::new(), i64::MIN);
    while let Some(unit) = demuxer.poll() {
        let Demuxed::Access(access) = unit else { continue };
        if access.kind.is_video() {
            to_90k = to_90k.max(access.pts_90k + 1);
            if access.key && boundaries_90k.last().is_none_or(|last| access.pts_90k - last >= 180_000) {
                boundaries_90k.push(access.pts_90k);
            }
        }
    }
    let from_90k = *boundaries_90k.first().ok_or_else(|| io::Error::other("no key picture in the material"))?;
    Ok(Transcode {
        service: 1,
        pieces: vec![Piece { path: source.to_owned(), from: 0, to: None, anchor }],
        from_90k,
        to_90k,
        boundaries_90k,
        interlaced: material.interlaced,
        video: ladder.video.clone(),
        audio: ladder.audio.clone(),
        poster_90k: Some(from_90k + 5 * 90_000),
        thumbnail_seconds: 10,
        folder: folder.to_owned(),
        preset: "veryfast".to_owned(),
        threads: 0,
    })
}

/// The same in one ffmpeg command.
fn peer(source: &Path, material: &Material, task: &Transcode, ladder: &Ladder, folder: &Path) -> io::Result<Command> {
    fs::create_dir_all(folder)?;
    let mut command = ffmpeg();
    // One thread decodes, as in the worker.
    command.args(["-threads", "1", "-i"]).arg(source);
    let deinterlace = if material.interlaced { "yadif," } else { "" };
    let outputs: String = (0..task.video.len()).map(|i| format!("[v{i}]")).collect();
    let mut graph = format!("[0:v]{deinterlace}split={}{outputs}[small][large]", task.video.len() + 2);
    for (i, rung) in task.video.iter().enumerate() {
        graph += &format!(";[v{i}]scale={}:{},setsar=1[r{i}]", rung.width, rung.height);
    }
    graph += ";[small]fps=1/10,scale=160:90,tile=10x10[sprite];[large]trim=start=5:end=5.1,scale=1280:720[poster]";
    command.args(["-filter_complex", &graph]);
    let times: Vec<String> = task.boundaries_90k.iter().map(|b| format!("{:.6}", (b - task.from_90k) as f64 / 90_000.0)).collect();
    for (i, rung) in task.video.iter().enumerate() {
        let threads = if rung.height > 720 { "2" } else { "1" };
        command.args(["-map", &format!("[r{i}]"), "-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high", "-crf", "21", "-threads", threads]);
        command.args(["-maxrate", &rung.bitrate_bps.to_string(), "-bufsize", &(2 * rung.bitrate_bps).to_string()]);
        command.args(["-x264-params", "keyint=infinite:min-keyint=100000:open-gop=0", "-force_key_frames", &times.join(",")]);
        // Every picture once: by default ffmpeg doubles one where the film begins anew.
        command.args(["-fps_mode", "passthrough"]);
        command.arg(folder.join(format!("{}.mp4", rung.name)));
    }
    for rung in &task.audio {
        command.args(["-map", "0:a:0", "-c:a", "aac", "-ac", "2", "-ar", "48000", "-b:a", &rung.bitrate_bps.to_string()]);
        command.arg(folder.join(format!("{}.mp4", rung.name)));
    }
    if ladder.copy_video {
        command.args(["-map", "0:v:0", "-c", "copy"]).arg(folder.join("source.mp4"));
    }
    command.args(["-map", "[sprite]", "-frames:v", "1"]).arg(folder.join("sprite-0.jpg"));
    command.args(["-map", "[poster]", "-frames:v", "1"]).arg(folder.join("poster.jpg"));
    Ok(command)
}

/// The segments of a rung in one file, for ffmpeg to read.
fn whole(rung: &Path, segments: usize) -> io::Result<PathBuf> {
    let mut bytes = fs::read(rung.join("init.mp4"))?;
    for n in 0..segments {
        bytes.extend(fs::read(rung.join(format!("{n}.m4s")))?);
    }
    let path = rung.join("whole.mp4");
    fs::write(&path, bytes)?;
    Ok(path)
}

/// Picture by picture against the source at the rung's size.
fn ssim(encoded: &Path, source: &Path, material: &Material, (width, height): (u32, u32)) -> io::Result<f64> {
    let deinterlace = if material.interlaced { "yadif," } else { "" };
    let graph = format!("[0:v]settb=1/25,setpts=N[a];[1:v]{deinterlace}scale={width}:{height},setsar=1,settb=1/25,setpts=N[b];[a][b]ssim");
    let out = Command::new("ffmpeg")
        .args(["-nostdin", "-v", "info", "-i"])
        .arg(encoded)
        .arg("-i")
        .arg(source)
        .args(["-filter_complex", &graph, "-fps_mode", "passthrough", "-f", "null", "-"])
        .stdin(Stdio::null())
        .output()?;
    let text = String::from_utf8_lossy(&out.stderr);
    let value = text.rsplit_once("All:").and_then(|(_, rest)| rest.split_whitespace().next()?.parse().ok());
    value.ok_or_else(|| io::Error::other("ffmpeg gave no SSIM"))
}
