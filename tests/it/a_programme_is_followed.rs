//! What browsers cannot play as it is, is encoded while it is on: it can be watched when it ends, and the rest of the ladder comes after.

use serde_json::Value;

use crate::common::steps::rungs;
use crate::common::{Server, material};

#[tokio::test(flavor = "multi_thread")]
async fn a_rung_of_an_interlaced_programme_is_there_when_it_ends() {
    let server = Server::start("").await;
    server.column("news").await;
    server.file_channel("one", &material::interlaced(), None).await;
    let begin = server.taped("one", 3_000).await + 500;
    let asset = server.cut("one", "news", begin, begin + 14_000).await;
    let playable = server.until(&asset, 60, "playable", |a| a["playable"] == true || a["state"] == "failed").await;
    assert!(rungs(&playable).contains(&"270p") && rungs(&playable).contains(&"audio-128k"), "{playable:#}");
    let ready = server.ready(&asset).await;
    server.assert_whole(&ready).await;
    assert!(rungs(&ready).contains(&"audio-48k"), "{ready:#}");

    // Its segments are the follower's, not the job's, and it is whole.
    let (followed, of_the_job) = (playlist(&server, &ready, "270p").await, playlist(&server, &ready, "audio-48k").await);
    assert_ne!(version(&followed), version(&of_the_job), "{}", server.log());
    let seconds: f64 = followed.lines().filter_map(|l| l.strip_prefix("#EXTINF:")?.trim_end_matches(',').parse::<f64>().ok()).sum();
    assert!((14.0..20.0).contains(&seconds), "{seconds} s of 14: {followed}\n{}", server.log());
}

async fn playlist(server: &Server, asset: &Value, rung: &str) -> String {
    server.text(&format!("/media/assets/{}/{rung}/index.m3u8", asset["id"].as_str().expect("an id"))).await
}

fn version(playlist: &str) -> Option<&str> {
    playlist.lines().find_map(|line| line.split_once("?v=")).map(|(_, version)| version.trim_end_matches('"'))
}
