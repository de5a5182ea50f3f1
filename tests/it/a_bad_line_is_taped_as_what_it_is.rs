//! An RTP source with everything that goes wrong on the way: the clocks wrap and jump, datagrams are lost and overtake each other, the signal goes away.

use std::net::UdpSocket;
use std::time::Duration;

use serde_json::json;

use crate::common::encoder::{Encoder, Fate};
use crate::common::{Server, material};

#[tokio::test(flavor = "multi_thread")]
async fn wraps_jumps_loss_and_silence_are_told_apart() {
    let server = Server::start("").await;
    server.column("news").await;
    let address = UdpSocket::bind("127.0.0.1:0").and_then(|s| s.local_addr()).expect("a free port").to_string();
    server.post("/api/v1/channels", json!({"id": "one", "title": "one", "source": {"kind": "rtp", "address": address}})).await;

    // PCR and PTS wrap four seconds after the beginning, the sequence numbers a little later.
    let mut encoder = Encoder::new(&material::progressive(), 30, address, (1 << 33) - 4 * 90_000);
    encoder.send(8, |_| Fate::Sent).await;
    let lost = [40, 90, 140];
    encoder
        .send(4, |n| {
            if lost.contains(&n) {
                Fate::Lost
            } else if n % 20 == 5 {
                Fate::Late
            } else {
                Fate::Sent
            }
        })
        .await;
    let signal = server.get("/api/v1/channels/one").await["signal"].clone();
    assert_eq!(signal["lost_packets"], lost.len(), "what came late is not lost: {signal:#}");
    let tape = server.get("/api/v1/channels/one/tape").await;
    assert_eq!(tape["gaps"], json!([]), "a wrap is nothing, and lost packets are errors, not gaps: {tape:#}");
    assert!(!tape["errors"].as_array().unwrap().is_empty(), "{tape:#}");

    encoder.jump(3600);
    encoder.send(5, |_| Fate::Sent).await;
    tokio::time::sleep(Duration::from_secs(6)).await;
    encoder.jump(6);
    encoder.send(8, |_| Fate::Sent).await;

    let tape = server.get("/api/v1/channels/one/tape").await;
    let (from, to) = (tape["from"].as_i64().unwrap(), tape["to"].as_i64().unwrap());
    let gaps: Vec<(&str, i64)> = tape["gaps"].as_array().unwrap().iter().map(|g| (g["reason"].as_str().unwrap(), length_ms(g))).collect();
    // After either, taping begins at the next random access point, two seconds later at most.
    assert!(matches!(gaps[..], [("pcr_jump", 0..2_500), ("signal_lost", 5_000..9_000)]), "{tape:#}");

    let asset = server.cut("one", "news", from + 500, to - 500).await;
    let ready = server.ready(&asset).await;
    server.assert_whole(&ready).await;
    assert_eq!(ready["gaps"].as_array().unwrap().len(), 2, "{ready:#}");
    let playlist = server.text(&format!("/media/assets/{}/source/index.m3u8", ready["id"].as_str().unwrap())).await;
    assert_eq!(playlist.matches("#EXT-X-DISCONTINUITY\n").count(), 2, "the jump and the silence: {playlist}");
}

fn length_ms(gap: &serde_json::Value) -> i64 {
    gap["to"].as_i64().unwrap() - gap["from"].as_i64().unwrap()
}
