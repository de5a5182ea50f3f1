//! A disk that fills up while a channel is taped: it is said, what was published plays, and when there is room again all goes on by itself.

use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::common::{Server, material};

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_said_and_taping_goes_on_when_there_is_room() {
    // The reserve of the tests is 64 MiB.
    let server = Server::start_on_small_disk(128, "").await;
    server.column("news").await;
    server.file_channel("one", &material::progressive(), None).await;
    let begin = server.taped("one", 8_000).await;
    let asset = server.cut("one", "news", begin + 2_000, begin + 6_000).await;
    server.ready(&asset).await;
    // What a programme that is on still needs is not given up for room.
    let taped = server.get("/api/v1/channels/one/tape").await["to"].as_i64().unwrap();
    let under_way = server.cut("one", "news", begin, taped + 30_000).await;

    let ballast = server.recordings().join("ballast");
    let full = Ballast::fill(&ballast);
    let said = server.until("/api/v1/channels/one", 30, "it is said that the tape cannot be written", |c| c["signal"]["state"] == "error").await;
    let words = said["signal"]["message"].as_str().unwrap_or_default();
    assert!(words.contains("cannot be written"), "{said:#}");
    // What is published plays, also from a full disk.
    let published = server.get(&asset).await;
    server.assert_whole(&published).await;
    // Encoding waits for room.
    let begun = Instant::now();
    while server.metric("yizhan_jobs_lack_room").await != Some(1.0) {
        assert!(begun.elapsed() < Duration::from_secs(20), "{}", server.log());
        tokio::time::sleep(Duration::from_millis(200)).await;
    }

    drop(full);
    server.until("/api/v1/channels/one", 30, "the tape is written again", |c| c["signal"]["state"] == "ok").await;
    let tape = server.until("/api/v1/channels/one/tape", 30, "the gap is told", |t| t["gaps"].as_array().is_some_and(|g| !g.is_empty())).await;
    assert_eq!(tape["gaps"][0]["reason"], "disk_full", "{tape:#}");
    let to = tape["to"].as_i64().unwrap();
    server.until("/api/v1/channels/one/tape", 30, "the tape grows", |t| t["to"].as_i64().unwrap() > to + 6_000).await;
    let ready = server.ready(&under_way).await;
    server.assert_whole(&ready).await;
    assert_eq!(ready["gaps"][0]["reason"], "disk_full", "{ready:#}");
}

/// A file that takes all room there is, also what is freed meanwhile.
struct Ballast {
    stop: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Ballast {
    fn fill(path: &Path) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (stopped, path) = (stop.clone(), path.to_owned());
        let mut file = File::create(&path).expect("the ballast is made");
        let thread = std::thread::spawn(move || {
            let piece = vec![0; 1 << 16];
            while !stopped.load(Ordering::Relaxed) {
                match file.write(&piece) {
                    Ok(_) => {}
                    Err(error) if error.kind() == ErrorKind::StorageFull => std::thread::sleep(Duration::from_millis(5)),
                    Err(error) => panic!("{error}"),
                }
            }
            std::fs::remove_file(&path).expect("the ballast is removed");
        });
        Self { stop, thread: Some(thread) }
    }
}

impl Drop for Ballast {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            assert!(thread.join().is_ok() || std::thread::panicking(), "the ballast's thread failed");
        }
    }
}
