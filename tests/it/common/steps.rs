//! What several tests do with a server.

use std::path::Path;

use serde_json::{Value, json};

use super::Server;

impl Server {
    /// A column and a channel from a file; waits until its signal is there.
    pub async fn file_channel(&self, id: &str, file: &Path, service: Option<u16>) -> Value {
        self.post("/api/v1/channels", json!({"id": id, "title": id, "source": {"kind": "file", "address": file}, "service": service})).await;
        self.until(&format!("/api/v1/channels/{id}"), 40, "the signal is there", |c| c["signal"]["state"] == "ok" && c["signal"]["width"] != 0).await
    }

    pub async fn column(&self, id: &str) {
        self.post("/api/v1/columns", json!({"id": id, "title": id})).await;
    }

    /// Waits until so many milliseconds are on the channel's tape; returns where it begins.
    pub async fn taped(&self, id: &str, milliseconds: i64) -> i64 {
        let path = format!("/api/v1/channels/{id}/tape");
        let tape = self.until(&path, 60, "enough is on tape", |t| t["to"].as_i64().unwrap_or(0) - t["from"].as_i64().unwrap_or(i64::MAX) > milliseconds);
        tape.await["from"].as_i64().expect("a beginning")
    }

    /// Cuts by hand; returns the asset's address.
    pub async fn cut(&self, channel: &str, column: &str, from: i64, to: i64) -> String {
        let asset = self.post("/api/v1/assets", json!({"title": "片段", "channel": channel, "column": column, "from": from, "to": to})).await;
        format!("/api/v1/assets/{}", asset["id"].as_str().expect("an id"))
    }

    pub async fn ready(&self, asset: &str) -> Value {
        let ended = self.until(asset, 180, "the asset is ready", |a| matches!(a["state"].as_str(), Some("ready" | "failed"))).await;
        assert_eq!(ended["state"], "ready", "{ended:#}\n{}", self.log());
        ended
    }

    /// Every segment of every rendition of an asset can be had, and its playlists are whole.
    pub async fn assert_whole(&self, asset: &Value) {
        let media = format!("/media/assets/{}", asset["id"].as_str().expect("an id"));
        let master = self.text(asset["master_url"].as_str().expect("an address")).await;
        assert!(master.contains("#EXT-X-STREAM-INF"), "{master}");
        for rendition in asset["renditions"].as_array().expect("renditions") {
            let rung = rendition["name"].as_str().expect("a name");
            let playlist = self.text(&format!("{media}/{rung}/index.m3u8")).await;
            assert!(playlist.contains("#EXT-X-ENDLIST"), "{rung}: {playlist}");
            let segments: Vec<&str> = playlist.lines().filter(|l| !l.starts_with('#') && !l.is_empty() && !l.starts_with("missing-")).collect();
            assert!(!segments.is_empty(), "{rung}: {playlist}");
            for segment in segments {
                assert!(self.bytes(&format!("{media}/{rung}/{segment}")).await.len() > 300, "{rung}/{segment}");
            }
        }
    }
}

/// The names of an asset's renditions.
pub fn rungs(asset: &Value) -> Vec<&str> {
    asset["renditions"].as_array().map(|all| all.iter().filter_map(|r| r["name"].as_str()).collect()).unwrap_or_default()
}
