//! A meeting of 65 venues, held by its commands while all media flows.

use std::io;
use std::time::{Duration, Instant};

use futures_util::future::try_join_all;
use reqwest::{Client, Method};
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use yizhan::load::{Options, Report, Signer, Told};

use super::other;
use crate::common::Server;
use crate::harness::Bench;

const JOIN: &str = "meeting: 65 venues come within 10 s";
const COMMAND: &str = "meeting: a command on 65 screens, p99";
const ROLL: &str = "meeting: a roll call of 65";

const BRANCHES: usize = 64;
const COMMANDS: usize = 100;
const COMING: Duration = Duration::from_secs(10);
const PATIENCE: Duration = Duration::from_secs(60);

/// What one meeting showed, in ms.
struct Held {
    first_picture: f64,
    commands: Vec<f64>,
    roll: f64,
    all_came: bool,
    all_answered: bool,
}

pub async fn rows(bench: &mut Bench) -> io::Result<()> {
    if ![JOIN, COMMAND, ROLL].iter().any(|name| bench.wants(name)) {
        return Ok(());
    }
    let mut all = Vec::new();
    for _ in 0..bench.rounds() {
        all.push(hold().await?);
    }
    let worst = |of: fn(&Held) -> f64| all.iter().map(of).fold(0.0, f64::max);
    let all_came = all.iter().all(|held| held.all_came);
    let how = "lecture: the main venue sends VP8 (1.5 Mb/s) and Opus, 64 branches look; from the click to the first whole picture of the slowest of all rounds, clients on the same machine";
    let first = worst(|held| held.first_picture);
    bench.report(JOIN, first, "ms", ("all, under 15000", all_came && first < 15_000.0), how);
    let mut commands: Vec<f64> = all.iter().flat_map(|held| held.commands.clone()).collect();
    commands.sort_by(f64::total_cmp);
    let p99 = commands.get((commands.len() * 99).div_ceil(100).saturating_sub(1)).copied().unwrap_or(f64::INFINITY);
    let median = commands.get(commands.len() / 2).copied().unwrap_or(f64::INFINITY);
    let how = format!(
        "from sending the command to the last of 65 clients that hears its state, all media flowing; {} commands, median {median:.1} ms",
        commands.len()
    );
    bench.report(COMMAND, p99, "ms", ("under 300", p99 < 300.0), &how);
    let roll = worst(|held| held.roll);
    let how = "64 branches answer at once: until the last is told that its answer is kept, slowest of all rounds";
    bench.report(ROLL, roll, "ms", ("all, in one pass", all.iter().all(|held| held.all_answered)), how);
    Ok(())
}

async fn hold() -> io::Result<Held> {
    let server = Server::start("").await;
    let venues: Vec<String> = (0..=BRANCHES).map(|at| if at == 0 { "main".to_owned() } else { format!("county-{at}") }).collect();
    for venue in &venues {
        server.post("/api/v1/sites", json!({"id": venue, "unit": "root", "title": venue})).await;
    }
    let branches: Vec<String> = venues.iter().skip(1).map(|venue| format!("site:{venue}")).collect();
    let booking = json!({"unit": "root", "title": "全省工作会议", "mode": "lecture", "main": "site:main", "branches": branches, "minutes": 60});
    let meeting = text(&server.post("/api/v1/meetings/now", booking).await["id"]);
    let path = format!("/api/v1/meetings/{meeting}");
    server.post(&format!("{path}/commands"), json!({"act": "open"})).await;
    let mut tokens = Vec::new();
    for venue in &venues {
        tokens.push(text(&server.post(&format!("{path}/join"), json!({"venue": format!("site:{venue}")})).await["token"]));
    }
    let (hear, heard) = unbounded_channel();
    let mut options = Options::new(server.url.replacen("http", "ws", 1), Signer::foreign("", ""));
    (options.room, options.tokens, options.hear) = (meeting, tokens.clone(), Some(hear));
    (options.publishers, options.subscribers, options.join_over, options.duration) = (1, BRANCHES as u32, COMING, PATIENCE);
    let clients = std::thread::spawn(move || -> io::Result<Report> {
        let runtime = tokio::runtime::Runtime::new()?;
        runtime.block_on(yizhan::load::run(options)).map_err(other)
    });
    let mut screens = Screens { heard, showing: vec![String::new(); venues.len()] };
    screens.all(|shown| !shown.is_empty()).await?;

    let mut commands = Vec::new();
    for at in 0..COMMANDS {
        let begun = Instant::now();
        let subtitle = format!("第 {at} 句");
        server.post(&format!("{path}/commands"), json!({"act": "set_subtitle", "text": subtitle})).await;
        let shown = json!({ "subtitle": subtitle }).to_string();
        let last = screens.all(|metadata| metadata.contains(shown.trim_matches(['{', '}']))).await?;
        commands.push(last.saturating_duration_since(begun).as_secs_f64() * 1_000.0);
        // What one desk may do a second is limited.
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    server.post(&format!("{path}/commands"), json!({"act": "call_roll"})).await;
    let client = Client::new();
    let answer = |token: &String| {
        let request = client.request(Method::POST, format!("{}{path}/commands", server.url)).header("x-room-token", token);
        request.json(&json!({"act": "answer_roll"})).send()
    };
    let begun = Instant::now();
    let answers = try_join_all(tokens.iter().skip(1).map(answer)).await.map_err(other)?;
    let roll = begun.elapsed().as_secs_f64() * 1_000.0;
    let kept = server.get(&format!("{path}/conduct")).await;
    let present = kept["roll"]["answers"].as_object().map_or(0, |answers| answers.values().filter(|answer| answer["mark"] == "present").count());
    let all_answered = answers.iter().all(|answer| answer.status().is_success()) && present == venues.len();
    server.post(&format!("{path}/commands"), json!({"act": "close"})).await;
    let report = clients.join().map_err(|_| other("the clients broke"))??;
    let first = &report.join.first_picture_ms;
    let all_came = report.joined == venues.len() as u64 && first.count == BRANCHES as u64;
    Ok(Held { first_picture: first.max, commands, roll, all_came, all_answered })
}

/// What the venues' screens show.
struct Screens {
    heard: UnboundedReceiver<Told>,
    showing: Vec<String>,
}

impl Screens {
    /// When the last of them shows what is so.
    async fn all(&mut self, is_so: impl Fn(&str) -> bool) -> io::Result<Instant> {
        let mut last = Instant::now();
        let listening = async {
            while !self.showing.iter().all(|shown| is_so(shown)) {
                let Some(told) = self.heard.recv().await else { return Err(other("the clients are gone")) };
                last = told.at;
                if let Some(showing) = self.showing.get_mut(told.client) {
                    *showing = told.metadata;
                }
            }
            Ok(())
        };
        tokio::time::timeout(PATIENCE, listening).await.map_err(|_| other("not on every screen in a minute"))??;
        Ok(last)
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
