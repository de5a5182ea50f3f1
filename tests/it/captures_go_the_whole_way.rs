//! Captures of real transmissions from source to rendition: a service picked from a multiplex, interlaced H.264 with E-AC-3, MPEG-2, damage.

use crate::common::steps::rungs;
use crate::common::{Server, material};

async fn cut_of(server: &Server, id: &str, file: &str, service: Option<u16>) -> Option<serde_json::Value> {
    let file = material::capture(file)?;
    server.file_channel(id, &file, service).await;
    let from = server.taped(id, 7_000).await + 1_000;
    let asset = server.cut(id, "news", from, from + 4_000).await;
    let ready = server.ready(&asset).await;
    server.assert_whole(&ready).await;
    Some(ready)
}

#[tokio::test(flavor = "multi_thread")]
async fn mpeg2_and_interlaced_h264_become_rungs_that_browsers_play() {
    let server = Server::start("").await;
    server.column("news").await;
    if let Some(asset) = cut_of(&server, "mpeg2", "test-025.ts", None).await {
        assert!(rungs(&asset).contains(&"480p") && rungs(&asset).contains(&"audio-48k"), "{asset:#}");
    }
    if let Some(asset) = cut_of(&server, "france2", "test-026.ts", None).await {
        assert!(rungs(&asset).contains(&"1080p") && rungs(&asset).contains(&"audio-128k"), "{asset:#}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_is_picked_and_one_that_is_not_there_is_named() {
    let Some(file) = material::capture("test-108.ts") else { return };
    let server = Server::start("").await;
    let source = serde_json::json!({"kind": "file", "address": file});
    server.post("/api/v1/channels", serde_json::json!({"id": "wrong", "title": "wrong", "source": source, "service": 9})).await;
    let wrong = server.until("/api/v1/channels/wrong", 40, "it is named", |c| c["signal"]["state"] == "error").await;
    assert!(wrong["signal"]["message"].as_str().unwrap().contains("the service is not there"), "{wrong:#}");
    let services = server.until("/api/v1/channels/wrong/services", 20, "services with names", |s| {
        s["items"].as_array().is_some_and(|all| all.iter().any(|one| one["title"] != ""))
    });
    let services = services.await;
    let pictured = services["items"].as_array().unwrap().iter().find(|s| s["streams"].as_array().unwrap().iter().any(|one| one["kind"] == "mpeg2_video"));
    let service = pictured.expect("a service with MPEG-2 pictures")["service"].as_u64().unwrap();
    let right = server.file_channel("right", &file, Some(service as u16)).await;
    assert_eq!(right["signal"]["video"], "mpeg2_video", "{right:#}");
}
