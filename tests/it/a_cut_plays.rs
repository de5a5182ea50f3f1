//! What somebody cuts by hand from a tape becomes an asset that plays: copied where browsers play the source, converted where they do not.

use crate::common::steps::rungs;
use crate::common::{Server, material};

#[tokio::test(flavor = "multi_thread")]
async fn a_progressive_source_is_copied_and_playable_at_once() {
    let server = Server::start("").await;
    server.column("news").await;
    let channel = server.file_channel("one", &material::progressive(), None).await;
    assert_eq!(channel["signal"]["browser_playable"], true, "{channel:#}");
    let from = server.taped("one", 12_000).await + 3_000;
    let asset = server.cut("one", "news", from, from + 6_000).await;
    let playable = server.until(&asset, 30, "the copied rendition is playable", |a| a["playable"] == true).await;
    assert!(playable["from"].as_i64().unwrap() <= from && playable["to"].as_i64().unwrap() >= from + 6_000, "cut outward: {playable:#}");

    let ready = server.ready(&asset).await;
    assert!(["source", "audio"].iter().all(|name| rungs(&ready).contains(name)), "{ready:#}");
    server.assert_whole(&ready).await;
    assert!(server.bytes(ready["poster_url"].as_str().unwrap()).await.starts_with(&[0xff, 0xd8]));
    assert!(server.text(ready["thumbnails_url"].as_str().unwrap()).await.contains("#xywh="));

    // The same is asked for again: nothing is sent twice.
    let playlist = format!("/media/assets/{}/source/index.m3u8", ready["id"].as_str().unwrap());
    let first = server.ask(reqwest::Method::GET, &playlist, None).await;
    let etag = first.headers()["etag"].to_str().unwrap().to_owned();
    assert_eq!(server.ask_with(&playlist, "if-none-match", &etag).await.status(), 304);
    assert_eq!(server.ask_with(&playlist, "range", "bytes=0-6").await.text().await.unwrap(), "#EXTM3U");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interlaced_source_with_mp2_is_converted() {
    let server = Server::start("").await;
    server.column("news").await;
    let channel = server.file_channel("old", &material::interlaced(), None).await;
    assert_eq!(channel["signal"]["browser_playable"], false, "{channel:#}");
    assert!(channel["signal"]["why_not"].as_str().unwrap().contains("interlaced"), "{channel:#}");
    let from = server.taped("old", 9_000).await + 2_000;
    let asset = server.cut("old", "news", from, from + 4_000).await;
    let ready = server.ready(&asset).await;
    assert!(rungs(&ready).contains(&"270p") && rungs(&ready).contains(&"audio-128k") && !rungs(&ready).contains(&"source"), "{ready:#}");
    server.assert_whole(&ready).await;

    // And live: a conversion begins with its first viewer.
    let master = server.text(channel["live_url"].as_str().unwrap()).await;
    let rung = master.lines().find_map(|l| l.strip_suffix("/index.m3u8")).expect("a variant").to_owned();
    let playlist = server.text(&format!("/media/live/old/{rung}/index.m3u8")).await;
    let segment = playlist.lines().find(|l| l.ends_with(".m4s")).expect("a segment");
    assert!(server.bytes(&format!("/media/live/old/{rung}/{segment}")).await.len() > 300);
}
