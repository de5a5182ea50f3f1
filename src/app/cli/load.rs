//! A load of participants by the command line: before a big meeting, and for benches.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use clap::{Args, ValueEnum};

use super::{ConfigFile, say};
use crate::app::check;
use crate::config::{Config, Server};
use crate::load::{self, Options, Picture, Progress, Shape, Signer, Trust, VideoCodec};
use crate::room::token::{Key, Keys};

#[derive(Args)]
pub(super) struct Request {
    /// 服务器网址,例如 ws://10.1.2.3:7880、wss://meet.local;省略则为本机的服务器 · The server; by default this machine's own
    #[arg(long)]
    url: Option<String>,
    /// API 密钥的名称 · The API key's name
    #[arg(long, value_name = "NAME")]
    key: Option<String>,
    /// API 密钥的密文;省略则用本机服务器的密钥 · The API key's secret; by default the key is this machine's server's
    #[arg(long, requires = "key")]
    secret: Option<String>,
    /// 信任此文件(PEM)中的证书机构 · Trust the authorities of this file (PEM)
    #[arg(long, value_name = "FILE", conflicts_with = "insecure")]
    ca: Option<PathBuf>,
    /// 不检查服务器的证书 · Do not check the server's certificate
    #[arg(long)]
    insecure: bool,
    /// 会议室 · The room
    #[arg(long, default_value = "load")]
    room: String,
    /// 会议室数,名称后加 -1、-2…… · Rooms, whose names are followed by -1, -2…
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    rooms: u32,
    /// 形式:讲座(少数人发,其余人看)、会议(人人发,人人看)、旁听(少数人互看,其余人看) · Who publishes and who looks
    #[arg(long, value_enum, default_value = "lecture")]
    shape: ShapeName,
    /// 每个会议室的发布者数 · Publishers of each room
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(0..=10_000))]
    publishers: u32,
    /// 每个会议室的观看者数(会议形式下也发布)· Subscribers of each room; in a meeting they publish, too
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(0..=10_000))]
    subscribers: u32,
    /// 图像的编码 · The pictures' codec
    #[arg(long, value_enum, default_value = "vp8")]
    video: VideoName,
    /// 不发声音 · No sound
    #[arg(long)]
    no_audio: bool,
    /// 三层联播 q/h/f · Three layers
    #[arg(long)]
    simulcast: bool,
    /// 图像码率(最高层),kb/s · Rate of the pictures (of the highest layer), kb/s
    #[arg(long, value_name = "KBPS", default_value_t = 1_500, value_parser = clap::value_parser!(u32).range(30..=50_000))]
    bitrate: u32,
    /// 每秒帧数 · Pictures per second
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=120))]
    fps: u32,
    /// 用文件代替自造的图像:.ivf(VP8)或 .h264,可重复三次(由低到高)· Pictures of a file instead: IVF with VP8, or H.264; three times for layers, the lowest first
    #[arg(long, value_name = "FILE")]
    media: Vec<PathBuf>,
    /// 观看者要哪一档图像 · Which picture subscribers ask for
    #[arg(long, value_enum, default_value = "high")]
    quality: PictureName,
    /// 全部到齐后再持续多久 · For how long, once all have come
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = duration)]
    duration: Duration,
    /// 在多长时间内陆续入会 · Joins are spread over this
    #[arg(long, value_name = "DURATION", default_value = "5s", value_parser = duration)]
    join_over: Duration,
    /// 轮流发言,每人多久;0s 为一直都说 · Speakers take turns of this; 0s: all speak all the time
    #[arg(long, value_name = "DURATION", default_value = "10s", value_parser = duration)]
    speaker_turns: Duration,
    /// 参会者标识的开头;几台机器同测一个会议室时要不同 · How identities begin; of several machines that share a room, each needs its own
    #[arg(long, value_name = "PREFIX", default_value = "load")]
    identity: String,
    /// 结果以 JSON 输出 · Print the result as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum ShapeName {
    Lecture,
    Meeting,
    Onlookers,
}

#[derive(Clone, Copy, ValueEnum)]
enum VideoName {
    None,
    Vp8,
    H264,
}

#[derive(Clone, Copy, ValueEnum)]
enum PictureName {
    Low,
    Medium,
    High,
}

/// 1 where nobody could join.
pub(super) fn run(config: &ConfigFile, request: &Request) -> anyhow::Result<ExitCode> {
    let options = options(config, request)?;
    check::raise_open_files();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("threads")?;
    let report = runtime.block_on(async {
        let is_stopped = Arc::new(AtomicBool::new(false));
        let stop = is_stopped.clone();
        tokio::spawn(async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                stop.store(true, Ordering::Relaxed);
            }
        });
        let each_second = |progress: &Progress| {
            eprintln!("{progress}");
            if is_stopped.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        load::watch(options, each_second).await
    })?;
    say(&if request.json { serde_json::to_string_pretty(&report)? } else { format!("\n{report}") })?;
    Ok(if report.is_success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn options(config: &ConfigFile, request: &Request) -> anyhow::Result<Options> {
    let foreign = request.key.as_deref().zip(request.secret.as_deref());
    // A foreign server is tried without a configuration of our own.
    let own = if foreign.is_some() && request.url.is_some() { None } else { Some(config.load()?) };
    let signer = match (foreign, &own) {
        (Some((name, secret)), _) => Signer::foreign(name, secret),
        (None, Some(own)) => Signer::Own(own_key(own, request.key.as_deref())?),
        (None, None) => bail!("给出 --key 和 --secret · give --key and --secret"),
    };
    let url = match (&request.url, &own) {
        (Some(url), _) => url.clone(),
        (None, Some(own)) => own_url(&own.server).context("本机的服务器没有监听 · this machine's server listens nowhere: give --url")?,
        (None, None) => bail!("给出 --url · give --url"),
    };
    let trust = match &request.ca {
        Some(path) => Trust::Authority(path.clone()),
        // Nobody stands between us and ourselves.
        None if request.insecure || request.url.is_none() => Trust::Anything,
        None => Trust::System,
    };
    ensure!(request.media.is_empty() || !matches!(request.video, VideoName::None), "--media 与 --video none 矛盾 · --media goes with pictures");
    Ok(Options {
        trust,
        room: request.room.clone(),
        rooms: request.rooms,
        shape: match request.shape {
            ShapeName::Lecture => Shape::Lecture,
            ShapeName::Meeting => Shape::Meeting,
            ShapeName::Onlookers => Shape::Onlookers,
        },
        publishers: request.publishers,
        subscribers: request.subscribers,
        video: match request.video {
            VideoName::None => None,
            VideoName::Vp8 => Some(VideoCodec::Vp8),
            VideoName::H264 => Some(VideoCodec::H264),
        },
        audio: !request.no_audio,
        is_simulcast: request.simulcast,
        bitrate_bps: request.bitrate * 1_000,
        pictures_per_second: request.fps,
        media: request.media.clone(),
        wanted: match request.quality {
            PictureName::Low => Picture::Low,
            PictureName::Medium => Picture::Medium,
            PictureName::High => Picture::High,
        },
        duration: request.duration,
        join_over: request.join_over,
        speaker_turns: request.speaker_turns,
        identity: request.identity.clone(),
        ..Options::new(url, signer)
    })
}

/// The configured key, or the one that the server made at its first start.
fn own_key(config: &Config, name: Option<&str>) -> anyhow::Result<Key> {
    let folder = &config.storage.folder;
    let keys = match Keys::configured(&config.rooms)? {
        Some(keys) => keys,
        None => Keys::load(folder)?.with_context(|| {
            let folder = folder.display();
            format!("{folder} 中没有 rooms.key:先启动一次服务器,或给出 --url、--key、--secret · there is no rooms.key in {folder}: start the server once, or give --url, --key, --secret")
        })?,
    };
    let Some(name) = name else { return Ok(keys.first().clone()) };
    keys.get(name).cloned().with_context(|| format!("没有名为“{name}”的密钥 · there is no key `{name}`"))
}

/// Where this machine itself reaches its server.
fn own_url(server: &Server) -> Option<String> {
    let here = |mut address: std::net::SocketAddr| {
        if address.ip().is_unspecified() {
            address.set_ip(if address.is_ipv4() { std::net::Ipv4Addr::LOCALHOST.into() } else { std::net::Ipv6Addr::LOCALHOST.into() });
        }
        address
    };
    let http = server.http_listen.address().map(|address| format!("ws://{}", here(address)));
    http.or_else(|| server.https_listen.address().map(|address| format!("wss://{}", here(address))))
}

/// `90`, `90s`, `500ms`, `15m`, `1h`.
fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let unit_ms = match unit {
        "ms" => Some(1),
        "" | "s" => Some(1_000),
        "m" => Some(60_000),
        "h" => Some(3_600_000),
        _ => None,
    };
    let ms = number.parse::<u64>().ok().zip(unit_ms).and_then(|(number, unit_ms)| number.checked_mul(unit_ms));
    let longest = Duration::from_secs(7 * 86_400);
    let duration = ms.map(Duration::from_millis).filter(|duration| *duration <= longest);
    duration.ok_or_else(|| format!("`{text}` is not a duration up to seven days; write it like 500ms, 30s, 15m or 1h"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        config: ConfigFile,
        #[command(flatten)]
        request: Request,
    }

    fn read(arguments: &str) -> Result<Options, String> {
        let line = Line::try_parse_from(std::iter::once("load").chain(arguments.split_whitespace())).map_err(|error| error.to_string())?;
        options(&line.config, &line.request).map_err(|error| format!("{error:#}"))
    }

    #[test]
    fn a_foreign_server_needs_no_configuration() {
        let options = read(
            "--config /nowhere --url ws://10.0.0.1:7880 --key devkey --secret secret --shape meeting --publishers 6 --subscribers 0 --simulcast --duration 2m",
        )
        .unwrap();
        assert_eq!(
            (options.url.as_str(), options.clients(), options.is_simulcast, options.duration),
            ("ws://10.0.0.1:7880", 6, true, Duration::from_secs(120))
        );
        assert_eq!(options.trust, Trust::System);
        let options = read("--url wss://a --key k --secret s --insecure --video none --quality low").unwrap();
        assert!(options.trust == Trust::Anything && options.video.is_none() && options.wanted == Picture::Low);
    }

    #[test]
    fn what_does_not_fit_together_is_refused() {
        for (arguments, said) in [
            ("--secret s", "--key"),
            ("--url ws://a --key k --secret s --ca f --insecure", "cannot be used with"),
            ("--url ws://a --key k --secret s --video none --media f", "--media"),
            ("--url ws://a --key k --secret s --duration 5x", "not a duration"),
            ("--url ws://a --key k --secret s --rooms 0", "rooms"),
            ("--url ws://a --key k --secret s --shape circle", "lecture"),
        ] {
            let Err(error) = read(arguments) else { panic!("{arguments} was taken") };
            assert!(error.contains(said), "{arguments}: {error}");
        }
    }

    #[test]
    fn this_machines_server_is_reached_by_its_own_address_and_key() {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::default();
        config.storage.folder = folder.path().to_owned();
        assert!(own_key(&config, None).unwrap_err().to_string().contains("rooms.key"));
        let kept = Keys::load_or_create(folder.path()).unwrap();
        assert_eq!(own_key(&config, None).unwrap().name(), kept.first().name());
        assert!(own_key(&config, Some("other")).is_err());
        let on = |address: &str| address.parse::<std::net::SocketAddr>().unwrap().into();
        assert_eq!(own_url(&Server { http_listen: on("0.0.0.0:8080"), ..Server::default() }).unwrap(), "ws://127.0.0.1:8080");
        let secure = Server { http_listen: crate::config::Listen::OFF, https_listen: on("[::]:8443"), ..Server::default() };
        assert_eq!(own_url(&secure).unwrap(), "wss://[::1]:8443");
    }

    #[test]
    fn durations_are_written_as_people_write_them() {
        assert_eq!(duration("90"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        for bad in ["", "s", "-1s", "1d", "1.5s", "8000000h", "99999999999999999999s"] {
            assert!(duration(bad).is_err(), "{bad}");
        }
    }
}
