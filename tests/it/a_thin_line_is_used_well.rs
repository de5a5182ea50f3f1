//! On lines that the kernel makes thin, everybody has what fits: sound always, the picture that the line carries, soon after it carries it, without a queue.
//!
//! One camera of three layers (1,200, 450 and 160 kb/s) in a room; counties that watch it behind lines of their own. And a county's own camera behind one.

use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::common::Server;
use crate::common::line::{HERE, Line, Way};
use crate::common::native::Native;
use crate::common::stamps::{Delays, Stamps};

/// A server that namespaces reach.
struct Meeting {
    server: Server,
    url: String,
    key: String,
    secret: String,
}

impl Meeting {
    async fn start() -> Self {
        let server = Server::start(&format!("[rooms]\nudp_port = 0\ntcp_port = 0\ntcp_on_https = false\naddresses = [\"{HERE}\"]")).await;
        let (key, secret) = server.room_key();
        // Plain HTTP is served to this machine alone; the door stands where namespaces see it.
        let door = tokio::net::TcpListener::bind((HERE, 0)).await.unwrap();
        let url = format!("ws://{}", door.local_addr().unwrap());
        let inside = server.url.trim_start_matches("http://").to_owned();
        tokio::spawn(async move {
            while let Ok((mut outer, _)) = door.accept().await {
                let inside = inside.clone();
                tokio::spawn(async move {
                    let mut inner = tokio::net::TcpStream::connect(inside).await?;
                    tokio::io::copy_bidirectional(&mut outer, &mut inner).await
                });
            }
        });
        Self { server, url, key, secret }
    }

    fn client(&self, line: Option<&Line>, script: &str, room: &str, identity: &str) -> Native {
        let command = |program: &str| line.map_or_else(|| Command::new(program), |line| line.command(program));
        Native::start(command, script, &[&self.url, &self.key, &self.secret, room, identity])
    }
}

/// One that watches behind a line.
struct County {
    name: &'static str,
    bps: u32,
    watcher: Native,
    stamps: Stamps,
    line: Line,
}

/// What the county had for a while.
#[derive(Debug)]
struct Seen {
    used_percent: u64,
    dropped: u64,
    queue: Delays,
    /// Seconds by the height of the picture.
    heights: std::collections::BTreeMap<u64, u32>,
    pictures_per_second: f64,
    longest_gap_ms: u64,
    gaps: usize,
    sound_heard_percent: f64,
    sound_lost_percent: f64,
}

impl County {
    fn enter(meeting: &Meeting, name: &'static str, bps: u32) -> Self {
        let line = Line::new();
        line.shape(Way::Down, bps);
        let here = std::net::UdpSocket::bind((HERE, 0)).unwrap();
        let stamps = Stamps::between(here, line.socket());
        Self { name, bps, watcher: meeting.client(Some(&line), "watcher.py", "thin", name), stamps, line }
    }

    async fn see(&self, seconds: u64) -> Seen {
        let (from, before) = (Instant::now(), self.line.carried(Way::Down));
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        let (to, after) = (Instant::now(), self.line.carried(Way::Down));
        let seen = seen(&self.watcher, from, to);
        let bits = (after.0 - before.0) * 8;
        let used_percent = bits * 100 / (u64::from(self.bps) * seconds);
        let seen = Seen { used_percent, dropped: after.1 - before.1, queue: self.stamps.since(from), ..seen };
        println!("{}: {seen:?}", self.name);
        seen
    }
}

fn seen(watcher: &Native, from: Instant, to: Instant) -> Seen {
    let lines: Vec<Value> = watcher.between(from, to).into_iter().map(|(_, line)| line).collect();
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else { panic!("the watcher says nothing") };
    let mut heights = std::collections::BTreeMap::new();
    lines.iter().filter_map(|line| line["height"].as_u64()).for_each(|height| *heights.entry(height).or_insert(0) += 1);
    let open_ms = last["since_ms"].as_u64().unwrap_or(u64::MAX);
    let gaps_ms: Vec<u64> = lines.iter().flat_map(|line| line["gaps_ms"].as_array().into_iter().flatten()).filter_map(Value::as_u64).collect();
    let rise = |name: &str| (last["sound"][name].as_f64().unwrap_or(0.0) - first["sound"][name].as_f64().unwrap_or(0.0)).max(0.0);
    Seen {
        used_percent: 0,
        dropped: 0,
        queue: Delays { p50_ms: 0, p95_ms: 0, most_ms: 0 },
        heights,
        pictures_per_second: lines.iter().filter_map(|line| line["pictures"].as_f64()).sum::<f64>() / lines.len() as f64,
        longest_gap_ms: gaps_ms.iter().copied().chain([open_ms]).max().unwrap_or(0),
        gaps: gaps_ms.len(),
        sound_heard_percent: 100.0 * (1.0 - rise("concealed") / rise("samples").max(1.0)),
        sound_lost_percent: 100.0 * rise("lost") / (rise("received") + rise("lost")).max(1.0),
    }
}

impl Seen {
    fn has_height(&self, least: u64, of: &str) {
        let (there, all) = self.heights.iter().fold((0, 0), |(there, all), (height, seconds)| (there + if *height >= least { *seconds } else { 0 }, all + seconds));
        assert!(there * 10 >= all * 8, "{of}: {least} lines most of the time: {self:?}");
    }

    /// Loose enough for a busy machine; broken congestion control is far off.
    fn is_good(&self, of: &str) {
        assert!(self.queue.p50_ms < 150, "{of}: no standing queue: {self:?}");
        assert!(self.longest_gap_ms < 2_000, "{of}: no long freeze: {self:?}");
        assert!(self.sound_heard_percent > 95.0 && self.sound_lost_percent < 3.0, "{of}: sound goes on: {self:?}");
        assert!(self.pictures_per_second > 5.0, "{of}: pictures move: {self:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_county_gets_what_its_line_carries() {
    // The address of the meeting is there while a line is.
    let own = Line::new();
    own.shape(Way::Up, 500_000);
    let meeting = Meeting::start().await;
    let camera = meeting.client(None, "camera.py", "thin", "camera");
    let sends = |line: &Value| line["layers"].as_object().is_some_and(|layers| layers.len() == 3);
    camera.until(30, sends).await.unwrap_or_else(|| panic!("the camera does not send; log:\n{}", meeting.server.log()));
    let county_camera = meeting.client(Some(&own), "camera.py", "own", "county");
    let province = meeting.client(None, "watcher.py", "own", "province");
    let counties = [("two", 2_000_000), ("half", 500_000), ("thin", 300_000)].map(|(name, bps)| County::enter(&meeting, name, bps));
    let mut steps = County::enter(&meeting, "steps", 2_000_000);
    let [two, half, thin] = &counties;

    let begun = Instant::now();
    tokio::time::sleep(Duration::from_secs(20)).await;
    let steady = async { tokio::join!(two.see(25), half.see(25), thin.see(25)) };
    let stepping = async {
        steps.line.shape(Way::Down, 500_000);
        steps.bps = 500_000;
        tokio::time::sleep(Duration::from_secs(8)).await;
        let low = steps.see(12).await;
        steps.line.shape(Way::Down, 2_000_000);
        steps.bps = 2_000_000;
        let back = steps.watcher.until(20, |line| line["height"] == 720).await;
        println!("steps: full quality {back:?} after the line");
        (low, back)
    };
    let ((two, half, thin), (low, back)) = tokio::join!(steady, stepping);
    let own_camera = county_camera.between(begun, Instant::now());
    let of_county = seen(&province, begun + Duration::from_secs(20), Instant::now());
    println!("uplink: {of_county:?}; {:?}", own_camera.last());
    println!("camera: {:?}", camera.between(begun, Instant::now()).last());
    if let Ok(path) = std::env::var("YIZHAN_TEST_LOG") {
        std::fs::write(path, meeting.server.log()).unwrap();
        let _ = tokio::fs::write("/tmp/metrics.txt", meeting.server.text("/metrics").await).await;
        for (name, native) in [("two", &counties[0].watcher), ("half", &counties[1].watcher), ("thin", &counties[2].watcher), ("steps", &steps.watcher), ("own", &county_camera), ("province", &province), ("camera", &camera)] {
            let text: String = native.between(begun, Instant::now()).iter().map(|(at, line)| format!("{:.1} {line}\n", (*at - begun).as_secs_f64())).collect();
            std::fs::write(format!("/tmp/lines-{name}.txt"), text).unwrap();
        }
    }

    for (seen, of) in [(&two, "2 Mb/s"), (&half, "500 kb/s"), (&thin, "300 kb/s"), (&low, "500 kb/s after 2 Mb/s")] {
        seen.is_good(of);
    }
    two.has_height(720, "2 Mb/s");
    assert!(two.used_percent >= 50, "{two:?}");
    assert_eq!(thin.heights.keys().collect::<Vec<_>>(), [&180], "300 kb/s");
    assert!(back.is_some_and(|back| back < Duration::from_secs(12)), "full quality is back: {back:?}");
    assert!(of_county.sound_heard_percent > 95.0 && of_county.pictures_per_second > 5.0, "{of_county:?}");
}
