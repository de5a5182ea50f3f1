//! What somebody cuts by hand from a tape becomes an asset that plays.

use serde_json::json;

use crate::common::{Server, material};

#[tokio::test(flavor = "multi_thread")]
async fn a_stretch_of_a_file_channel_becomes_a_playable_asset() {
    let server = Server::start("").await;
    let source = material::progressive();
    server.post("/api/v1/columns", json!({"id": "news", "title": "要闻"})).await;
    server.post("/api/v1/channels", json!({"id": "one", "title": "一套", "source": {"kind": "file", "address": source}})).await;
    let channel = server.until("/api/v1/channels/one", 20, "the signal is there", |c| c["signal"]["state"] == "ok" && c["signal"]["width"] != 0).await;
    assert_eq!(channel["signal"]["browser_playable"], true, "{channel:#}");

    let tape = server.until("/api/v1/channels/one/tape", 30, "12 s on tape", |t| {
        t["to"].as_i64().unwrap_or(0) - t["from"].as_i64().unwrap_or(i64::MAX) > 12_000
    });
    let tape = tape.await;
    let from = tape["from"].as_i64().unwrap() + 3_000;
    let cut = json!({"title": "片段", "channel": "one", "column": "news", "from": from, "to": from + 6_000});
    let asset = server.post("/api/v1/assets", cut).await;
    let path = format!("/api/v1/assets/{}", asset["id"].as_str().unwrap());
    let playable = server.until(&path, 30, "the copied rendition is playable", |a| a["playable"] == true).await;
    assert!(playable["from"].as_i64().unwrap() <= from && playable["to"].as_i64().unwrap() >= from + 6_000, "cut outward: {playable:#}");
    let ready = server.until(&path, 120, "all renditions are there", |a| a["state"] == "ready").await;

    let names: Vec<&str> = ready["renditions"].as_array().unwrap().iter().map(|r| r["name"].as_str().unwrap()).collect();
    assert!(names.contains(&"source") && names.contains(&"audio") && names.contains(&"270p"), "{names:?}");
    let master = server.text(ready["master_url"].as_str().unwrap()).await;
    assert!(master.contains("#EXT-X-STREAM-INF"), "{master}");
    let media = format!("/media/assets/{}", ready["id"].as_str().unwrap());
    for rung in names {
        let playlist = server.text(&format!("{media}/{rung}/index.m3u8")).await;
        assert!(playlist.contains("#EXT-X-ENDLIST"), "{rung}: {playlist}");
        for line in playlist.lines().filter(|l| !l.starts_with('#') && !l.is_empty()) {
            assert!(server.bytes(&format!("{media}/{rung}/{line}")).await.len() > 500, "{rung}/{line}");
        }
    }
    assert!(server.bytes(ready["poster_url"].as_str().unwrap()).await.starts_with(&[0xff, 0xd8]));
    assert!(server.text(ready["thumbnails_url"].as_str().unwrap()).await.contains("#xywh="));
}
