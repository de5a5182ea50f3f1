//! The LiveKit SDK with libwebrtc inside, unmodified: pictures, sound, data, calls and attributes arrive as they were sent.

use std::process::Command;

use crate::common::Server;

#[tokio::test(flavor = "multi_thread")]
async fn what_a_native_client_sends_another_sees_hears_and_reads() {
    let server = Server::start("").await;
    let (key, secret) = server.room_key();
    let python = concat!(env!("CARGO_MANIFEST_DIR"), "/target/clients/bin/python");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients/native.py");
    let url = server.url.replacen("http", "ws", 1);
    let run = tokio::task::spawn_blocking(move || Command::new(python).args([script, &url, &key, &secret]).output());
    let ran = run.await.unwrap().unwrap_or_else(|e| panic!("{python}: {e}; `.ci/install test` installs it"));
    let (said, complained) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success() && said.contains("promises kept"), "{said}\n{complained}\nlog:\n{}", server.log());
}
