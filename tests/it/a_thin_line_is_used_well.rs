//! On lines that the kernel makes thin, everybody has what fits: sound always, the picture that the line carries, soon after it carries it, without a queue.
//!
//! One camera of three layers (1,200, 450 and 160 kb/s) in a room; counties that watch it behind lines of their own. And a county's own camera behind one.

use std::time::{Duration, Instant};

use crate::common::line::{Line, Way};
use crate::common::meeting::Meeting;
use crate::common::native::Native;
use crate::common::seen::{Seen, seen};
use crate::common::stamps::Stamps;

/// One that watches behind a line, or is watched.
struct County {
    name: &'static str,
    way: Way,
    bps: u32,
    watcher: Native,
    stamps: Stamps,
    line: Line,
}

impl County {
    fn watching(meeting: &Meeting, name: &'static str, bps: u32) -> Self {
        let line = Line::new();
        line.shape(Way::Down, bps);
        let stamps = Stamps::between(Line::socket_here(), line.socket());
        Self { name, way: Way::Down, bps, watcher: meeting.client(Some(&line), "watcher.py", "thin", name), stamps, line }
    }

    /// The province watches what it sends.
    fn sending(meeting: &Meeting, name: &'static str, bps: u32, line: Line) -> Self {
        line.shape(Way::Up, bps);
        let stamps = Stamps::between(line.socket(), Line::socket_here());
        Self { name, way: Way::Up, bps, watcher: meeting.client(None, "watcher.py", "own", name), stamps, line }
    }

    fn shape(&mut self, bps: u32) {
        self.line.shape(self.way, bps);
        self.bps = bps;
    }

    async fn see(&self, seconds: u64) -> Seen {
        let (from, before) = (Instant::now(), self.line.carried(self.way));
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        let after = self.line.carried(self.way);
        let used_percent = (after.0 - before.0) * 8 * 100 / (u64::from(self.bps) * seconds);
        let seen = Seen { used_percent, dropped: after.1 - before.1, queue: self.stamps.since(from), ..seen(&self.watcher.since(from)) };
        println!("{}: {seen:?}", self.name);
        seen
    }
}

/// Loose enough for a busy machine; broken congestion control is far off. At 300 kb/s sound and the lowest layer just fit, and now and then one picture has to
/// wait.
fn is_good(seen: &Seen, of: &str, longest_gap_ms: u64) {
    assert!(seen.queue.p50_ms < 150, "{of}: no standing queue: {seen:?}");
    assert!(seen.longest_gap_ms < longest_gap_ms, "{of}: no long freeze: {seen:?}");
    assert!(seen.sound_heard_percent > 95.0 && seen.sound_lost_percent < 3.0, "{of}: sound goes on: {seen:?}");
    assert!(seen.pictures_per_second > 4.0, "{of}: pictures move: {seen:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_county_gets_what_its_line_carries() {
    // The address of the meeting is there while a line is.
    let own = Line::new();
    let meeting = Meeting::start().await;
    let camera = meeting.client(None, "camera.py", "thin", "camera");
    let sends = |line: &serde_json::Value| line["layers"].as_object().is_some_and(|layers| layers.len() == 3);
    camera.until(30, sends).await.unwrap_or_else(|| panic!("the camera does not send; log:\n{}", meeting.server.log()));
    let mut steps = County::watching(&meeting, "2 Mb/s, then less", 2_000_000);
    let [two, half, thin] = [("2 Mb/s", 2_000_000), ("500 kb/s", 500_000), ("300 kb/s", 300_000)].map(|(name, bps)| County::watching(&meeting, name, bps));
    let own_camera = meeting.client(Some(&own), "camera.py", "own", "county");
    let own = County::sending(&meeting, "500 kb/s up", 500_000, own);

    tokio::time::sleep(Duration::from_secs(20)).await;
    let steady = async { tokio::join!(two.see(25), half.see(25), thin.see(25), own.see(25)) };
    let stepping = async {
        steps.shape(500_000);
        tokio::time::sleep(Duration::from_secs(8)).await;
        let low = steps.see(12).await;
        steps.shape(2_000_000);
        let back = steps.watcher.until(20, |line| line["height"] == 720).await;
        println!("full quality {back:?} after the line");
        (low, back)
    };
    let ((two, half, thin, own), (low, back)) = tokio::join!(steady, stepping);
    println!("the county's camera: {:?}", own_camera.last());

    for (seen, of, longest_gap_ms) in [(&two, "2 Mb/s", 3_000), (&half, "500 kb/s", 3_000), (&thin, "300 kb/s", 8_000), (&low, "500 kb/s after 2 Mb/s", 3_000)]
    {
        is_good(seen, of, longest_gap_ms);
    }
    assert!(two.had_height(720), "2 Mb/s carries full quality: {two:?}");
    assert!(two.used_percent >= 50, "{two:?}");
    assert!(thin.had_height(180), "300 kb/s carries the lowest layer: {thin:?}");
    assert!(back.is_some_and(|back| back < Duration::from_secs(12)), "full quality is back: {back:?}");
    // What the client's own estimate of its line allows to send is seen and heard.
    assert!(own.sound_heard_percent > 95.0 && own.pictures_per_second > 5.0 && own.longest_gap_ms < 3_000, "500 kb/s up: {own:?}");
    assert!(own.queue.p50_ms < 150, "our feedback keeps the client's queue short: {own:?}");
}
