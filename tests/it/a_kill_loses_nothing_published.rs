//! `kill -9` while taping, cutting and transcoding: after a start the tape goes on with a gap that is told, what was published plays, cut and job finish.

use crate::common::{Server, material};

#[tokio::test(flavor = "multi_thread")]
async fn after_kill_9_the_tape_goes_on_and_jobs_finish() {
    let mut server = Server::start("").await;
    server.column("news").await;
    server.file_channel("one", &material::progressive(), None).await;
    let begin = server.taped("one", 10_000).await;
    let asset = server.cut("one", "news", begin + 2_000, begin + 7_000).await;
    server.until(&asset, 30, "playable", |a| a["playable"] == true).await;
    let before = server.get("/api/v1/channels/one/tape").await;
    // This one is being copied as its programme goes on.
    let under_way = server.cut("one", "news", begin + 1_000, before["to"].as_i64().unwrap() + 12_000).await;
    server.until(&under_way, 10, "it is taped", |a| a["state"] == "taping").await;
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    server.kill();
    // Long enough that pictures are missing: the last ones written are due up to a second after their packets came.
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    server.up().await;

    let published = server.get(&asset).await;
    assert_eq!(published["playable"], true, "what was published is there: {published:#}");
    let ready = server.ready(&asset).await;
    server.assert_whole(&ready).await;
    let lost_at_most = before["to"].as_i64().unwrap() + 1_500;
    let after = server.until("/api/v1/channels/one/tape", 60, "the tape goes on", |t| t["gaps"].as_array().is_some_and(|g| !g.is_empty())).await;
    assert_eq!(after["from"], before["from"], "{after:#}");
    let gap = &after["gaps"][0];
    assert!(gap["from"].as_i64().unwrap() >= lost_at_most, "at most a second is lost: {before:#} {after:#}");
    assert_eq!(gap["reason"], "stopped");

    let ready = server.ready(&under_way).await;
    server.assert_whole(&ready).await;
    assert_eq!(ready["gaps"][0]["reason"], "stopped", "{ready:#}");
}
