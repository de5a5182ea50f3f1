//! Access tokens by the command line: for trying, for venues' computers, for other programs.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, ensure};
use clap::Args;
use serde::Serialize;

use super::say;
use crate::app::authority::Identity;
use crate::base::{Clock, SystemClock, UtcMs};
use crate::config::{Config, Server};
use crate::room::token::{Claims, Key, Keys, VideoGrant};

#[derive(Args, Clone)]
pub(super) struct Request {
    /// 会议室 · The room
    #[arg(long)]
    room: Option<String>,
    /// 参会者的唯一标识;与会议室同时给出即可入会 · Who it is for, unique in the room; with a room given, they may join
    #[arg(long)]
    identity: Option<String>,
    /// 显示的姓名 · The name that others see
    #[arg(long)]
    name: Option<String>,
    /// 权限(LiveKit 名称),可重复,例如 roomAdmin、canPublish=false、canPublishSources=camera,microphone · A grant by LiveKit's name; may be repeated
    #[arg(long = "grant", value_name = "NAME[=VALUE]", value_parser = grant)]
    grants: Vec<Grant>,
    /// 有效时长,例如 90m、6h、30d · How long it is valid
    #[arg(long, value_name = "DURATION", default_value = "6h", value_parser = duration)]
    valid: Duration,
    /// 参会者的元数据 · The participant's metadata
    #[arg(long)]
    metadata: Option<String>,
    /// 参会者的属性,可重复 · An attribute of the participant; may be repeated
    #[arg(long = "attribute", value_name = "KEY=VALUE", value_parser = attribute)]
    attributes: Vec<(String, String)>,
    /// 用哪个密钥签名;默认为按名称排序的第一个 · The key that signs; by default the first by name
    #[arg(long, value_name = "NAME")]
    key: Option<String>,
    /// 以 JSON 输出网址、会议室、标识和令牌 · Print address, room, identity and token as JSON
    #[arg(long)]
    json: bool,
}

/// What `--json` prints.
#[derive(Serialize)]
struct Printed<'t> {
    url: String,
    room: Option<&'t str>,
    identity: Option<&'t str>,
    token: &'t str,
}

pub(super) fn print(config: &Config, request: &Request) -> anyhow::Result<ExitCode> {
    ensure!(config.rooms.enabled, "会议室已关闭 · rooms are switched off: `[rooms] enabled`");
    let keys = keys(config)?;
    let key = signing(&keys, request.key.as_deref())?;
    let token = key.issue(&claims(request, SystemClock.now())?)?;
    if request.json {
        let printed = Printed { url: url(&config.server), room: request.room.as_deref(), identity: request.identity.as_deref(), token: &token };
        say(&serde_json::to_string_pretty(&printed)?)?;
    } else {
        say(&token)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The configured ones, or the one that the server made at its first start. It is not made here: the file would be this user's, not the server's.
fn keys(config: &Config) -> anyhow::Result<Keys> {
    if let Some(keys) = Keys::configured(&config.rooms)? {
        return Ok(keys);
    }
    let folder: &Path = &config.storage.folder;
    Keys::load(folder)?.with_context(|| {
        let folder = folder.display();
        format!("{folder} 中还没有 rooms.key:先启动一次服务器,或设置 `[rooms] keys` · there is no rooms.key in {folder} yet: start the server once, or set `[rooms] keys`")
    })
}

fn signing<'k>(keys: &'k Keys, name: Option<&str>) -> anyhow::Result<&'k Key> {
    let Some(name) = name else { return Ok(keys.first()) };
    keys.get(name).with_context(|| {
        let known: Vec<_> = keys.iter().map(Key::name).collect();
        format!("没有名为“{name}”的密钥 · there is no key `{name}`; there are {}", known.join(", "))
    })
}

/// What the token says. Room and identity together mean that the holder may join, unless `roomJoin=false` is among the grants.
fn claims(request: &Request, now: UtcMs) -> anyhow::Result<Claims> {
    let joins = request.room.is_some() && request.identity.is_some();
    let mut video = VideoGrant { room: request.room.clone().unwrap_or_default(), room_join: joins, ..VideoGrant::default() };
    for grant in &request.grants {
        grant.clone().give(&mut video);
    }
    ensure!(
        video.room_join || video.room_admin || video.room_create || video.room_list || video.room_record || video.ingress_admin,
        "这个令牌什么也不能做:给出 --room 和 --identity 以入会,或者 --grant roomAdmin、roomCreate、roomList · \
         this token would allow nothing: give --room and --identity to join, or --grant roomAdmin, roomCreate, roomList"
    );
    if video.room_admin {
        ensure!(!video.room.is_empty(), "roomAdmin 需要 --room · roomAdmin needs --room");
    }
    let claims = Claims {
        identity: request.identity.clone().unwrap_or_default(),
        name: request.name.clone().unwrap_or_default(),
        metadata: request.metadata.clone().unwrap_or_default(),
        attributes: request.attributes.iter().cloned().collect(),
        video: Some(video),
        ..Claims::lasting(now, request.valid)
    };
    if claims.video.as_ref().is_some_and(|video| video.room_join) {
        claims.join().context("用它无法入会 · nobody could join with it (--room, --identity, --name)")?;
    }
    Ok(claims)
}

/// Where a client of this server connects to.
fn url(server: &Server) -> String {
    let Some(https) = server.https_listen.address() else {
        return server.http_listen.address().map_or_else(String::new, |address| format!("ws://{address}"));
    };
    if let Some(name) = server.names.first() {
        return format!("wss://{name}:{}", https.port());
    }
    let usual = || Identity::of_this_machine(&[]).ok()?.addresses.into_keys().find(|address| address.is_ipv4() && !address.is_loopback());
    let chosen = if https.ip().is_unspecified() { usual() } else { Some(https.ip()) };
    chosen.map_or_else(|| format!("wss://localhost:{}", https.port()), |ip| format!("wss://{}", std::net::SocketAddr::new(ip, https.port())))
}

/// A grant and what it is set to.
#[derive(Debug, Clone)]
enum Grant {
    Flag(fn(&mut VideoGrant) -> &mut bool, bool),
    Choice(fn(&mut VideoGrant) -> &mut Option<bool>, bool),
    Sources(Vec<String>),
    Destination(String),
}

const SOURCES: &[&str] = &["camera", "microphone", "screen_share", "screen_share_audio"];

const NAMES: &[&str] = &[
    "roomCreate",
    "roomList",
    "roomRecord",
    "roomAdmin",
    "roomJoin",
    "canPublish",
    "canSubscribe",
    "canPublishData",
    "canPublishSources",
    "canUpdateOwnMetadata",
    "canSubscribeMetrics",
    "ingressAdmin",
    "hidden",
    "recorder",
    "agent",
    "destinationRoom",
];

impl Grant {
    fn give(self, video: &mut VideoGrant) {
        match self {
            Self::Flag(of, value) => *of(video) = value,
            Self::Choice(of, value) => *of(video) = Some(value),
            Self::Sources(sources) => video.can_publish_sources = sources,
            Self::Destination(room) => video.destination_room = room,
        }
    }
}

/// `roomAdmin`, `canPublish=false`, `canPublishSources=camera,microphone`.
fn grant(text: &str) -> Result<Grant, String> {
    let (name, value) = text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
    let flag = || match value {
        None | Some("true") => Ok(true),
        Some("false") => Ok(false),
        Some(other) => Err(format!("`{other}`: `{name}` is true or false")),
    };
    let given = || value.filter(|value| !value.is_empty()).ok_or_else(|| format!("`{name}` needs a value: `{name}=…`"));
    Ok(match name {
        "roomCreate" => Grant::Flag(|video| &mut video.room_create, flag()?),
        "roomList" => Grant::Flag(|video| &mut video.room_list, flag()?),
        "roomRecord" => Grant::Flag(|video| &mut video.room_record, flag()?),
        "roomAdmin" => Grant::Flag(|video| &mut video.room_admin, flag()?),
        "roomJoin" => Grant::Flag(|video| &mut video.room_join, flag()?),
        "ingressAdmin" => Grant::Flag(|video| &mut video.ingress_admin, flag()?),
        "hidden" => Grant::Flag(|video| &mut video.hidden, flag()?),
        "recorder" => Grant::Flag(|video| &mut video.recorder, flag()?),
        "agent" => Grant::Flag(|video| &mut video.agent, flag()?),
        "canPublish" => Grant::Choice(|video| &mut video.can_publish, flag()?),
        "canSubscribe" => Grant::Choice(|video| &mut video.can_subscribe, flag()?),
        "canPublishData" => Grant::Choice(|video| &mut video.can_publish_data, flag()?),
        "canUpdateOwnMetadata" => Grant::Choice(|video| &mut video.can_update_own_metadata, flag()?),
        "canSubscribeMetrics" => Grant::Choice(|video| &mut video.can_subscribe_metrics, flag()?),
        "canPublishSources" => Grant::Sources(given()?.split(',').map(source).collect::<Result<_, _>>()?),
        "destinationRoom" => Grant::Destination(given()?.to_owned()),
        "room" => return Err("the room is given by `--room`".to_owned()),
        _ => {
            let near = |known: &&&str| (strsim::normalized_damerau_levenshtein(&name.to_lowercase(), &known.to_lowercase()) * 100.0) as u32;
            let nearest = NAMES.iter().max_by_key(near).filter(|known| near(known) >= 50);
            return Err(nearest.map_or_else(
                || format!("`{name}` is not a grant; there are {}", NAMES.join(", ")),
                |nearest| format!("`{name}` is not a grant; did you mean `{nearest}`?"),
            ));
        }
    })
}

fn source(name: &str) -> Result<String, String> {
    if SOURCES.contains(&name) { Ok(name.to_owned()) } else { Err(format!("`{name}` is not a source; there are {}", SOURCES.join(", "))) }
}

fn attribute(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').filter(|(key, _)| !key.is_empty()).ok_or_else(|| format!("`{text}` is not of the form key=value"))?;
    Ok((key.to_owned(), value.to_owned()))
}

const LONGEST: Duration = Duration::from_secs(3_660 * 86_400);

/// `90s`, `15m`, `6h`, `30d`, `1h30m`.
fn duration(text: &str) -> Result<Duration, String> {
    let seconds = seconds(text).ok_or_else(|| format!("`{text}` is not a duration; write it like 90s, 15m, 6h, 30d or 1h30m"))?;
    match Duration::from_secs(seconds) {
        Duration::ZERO => Err("a token that is valid for no time is of no use".to_owned()),
        valid if valid > LONGEST => Err(format!("`{text}` is too long: ten years at most")),
        valid => Ok(valid),
    }
}

fn seconds(text: &str) -> Option<u64> {
    let mut total = 0_u64;
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit())?;
        let (number, after) = rest.split_at_checked(end)?;
        let unit = match after.chars().next()? {
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            _ => return None,
        };
        total = total.checked_add(number.parse::<u64>().ok()?.checked_mul(unit)?)?;
        rest = after.get(1..)?;
    }
    (!text.is_empty()).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Secret;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        request: Request,
    }

    const NOW: UtcMs = UtcMs(1_795_276_800_000);

    fn read(arguments: &str) -> Result<Request, String> {
        Line::try_parse_from(std::iter::once("token").chain(arguments.split_whitespace())).map(|line| line.request).map_err(|error| error.to_string())
    }

    fn made(arguments: &str) -> Claims {
        claims(&read(arguments).unwrap(), NOW).unwrap()
    }

    fn refused(arguments: &str) -> String {
        let request = read(arguments);
        request.map_or_else(|error| error, |request| format!("{:#}", claims(&request, NOW).unwrap_err()))
    }

    #[test]
    fn room_and_identity_are_enough_to_join() {
        let claims = made("--room county --identity clerk --name 张三 --attribute seat=3 --attribute a=b=c --metadata m");
        let join = claims.join().unwrap();
        assert_eq!((join.room, join.identity, join.name), ("county", "clerk", "张三"));
        assert_eq!(claims.expires, NOW + 6 * 3_600_000);
        assert_eq!((claims.attributes["a"].as_str(), claims.attributes["seat"].as_str(), claims.metadata.as_str()), ("b=c", "3", "m"));
        assert!(claims.permission().can_publish && claims.may_administer("county").is_err());
    }

    #[test]
    fn every_grant_that_is_offered_can_be_given() {
        for name in NAMES {
            let text = match *name {
                "canPublishSources" => format!("{name}=camera,screen_share"),
                "destinationRoom" => format!("{name}=other"),
                flag => flag.to_owned(),
            };
            let mut video = VideoGrant::default();
            grant(&text).unwrap().give(&mut video);
            let json = serde_json::to_string(&video).unwrap();
            assert!(json.starts_with(&format!("{{\"{name}\":")), "{json}");
        }
    }

    #[test]
    fn grants_are_given_taken_and_understood() {
        let claims = made("--room r --identity i --grant canPublish=false --grant roomAdmin --grant canPublishSources=camera,microphone --valid 1h30m");
        let permission = claims.permission();
        assert!(!permission.can_publish && permission.can_publish_sources.len() == 2);
        assert!(claims.may_administer("r").is_ok());
        assert_eq!(claims.expires, NOW + 90 * 60_000);
        assert!(made("--room r --identity i --grant roomJoin=false --grant roomAdmin").join().is_err());
        assert!(made("--grant roomCreate --grant roomList").may_create().is_ok());
        assert!(refused("--grant canpublsh").contains("did you mean `canPublish`?"));
        assert!(refused("--grant roomAdmin=yes").contains("`yes`: `roomAdmin` is true or false"));
        assert!(refused("--grant canPublishSources=webcam").contains("`webcam` is not a source"));
        assert!(refused("--grant zzzz").contains("there are roomCreate, roomList"));
        assert!(refused("--grant room=r").contains("by `--room`"));
    }

    #[test]
    fn a_token_that_is_of_no_use_is_not_made() {
        assert!(refused("--room r").contains("would allow nothing"));
        assert!(refused("--identity i").contains("would allow nothing"));
        assert!(refused("--grant roomAdmin").contains("roomAdmin needs --room"));
        assert!(refused("--identity i --grant roomJoin").contains("without naming a room"));
        assert!(refused("--room r --grant roomJoin").contains("no identity"));
        assert!(refused(&format!("--room r --identity {}", "i".repeat(257))).contains("the identity has 257 bytes"));
        assert!(refused("--attribute x").contains("not of the form key=value"));
    }

    #[test]
    fn durations_are_written_as_people_write_them() {
        assert_eq!(duration("90s"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("30d"), Ok(Duration::from_secs(30 * 86_400)));
        for bad in ["", "6", "h", "0h", "-1h", "6 h", "1x", "6小", "99999999999999999999h", "999999999999999d", "4000d"] {
            assert!(duration(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_configured_key_signs_or_the_kept_one() {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::default();
        config.storage.folder = folder.path().to_owned();
        assert!(keys(&config).unwrap_err().to_string().contains("start the server once"));
        let kept = Keys::load_or_create(folder.path()).unwrap();
        assert_eq!(keys(&config).unwrap().first().name(), kept.first().name());

        let secret = |sign: &str| Secret::from(sign.repeat(32));
        config.rooms.keys = [("new".to_owned(), secret("n")), ("old".to_owned(), secret("o"))].into();
        let keys = keys(&config).unwrap();
        assert_eq!(signing(&keys, None).unwrap().name(), "new");
        assert_eq!(signing(&keys, Some("old")).unwrap().name(), "old");
        assert!(signing(&keys, Some("other")).unwrap_err().to_string().contains("there are new, old"));
    }

    #[test]
    fn the_address_is_the_one_people_use() {
        let on = |address: &str| address.parse::<std::net::SocketAddr>().unwrap().into();
        let server = Server { names: vec!["yizhan.local".to_owned()], ..Server::default() };
        assert_eq!(url(&server), "wss://yizhan.local:8443");
        assert_eq!(url(&Server { https_listen: on("10.1.2.3:443"), ..Server::default() }), "wss://10.1.2.3:443");
        assert_eq!(url(&Server { https_listen: on("[2001:db8::1]:443"), ..Server::default() }), "wss://[2001:db8::1]:443");
        assert_eq!(url(&Server { https_listen: crate::config::Listen::OFF, ..Server::default() }), "ws://127.0.0.1:8080");
        assert!(url(&Server::default()).starts_with("wss://"));
    }
}
