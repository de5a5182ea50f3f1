//! What breaks under a meeting mends by itself: media that no line carries for ten seconds, and a server that is started again.

use std::io::{BufRead, BufReader};
use std::net::UdpSocket;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use crate::common::Server;

/// Two native clients, one of which sends pictures that the other counts.
struct Clients {
    child: Child,
    lines: Receiver<String>,
    pictures: u64,
}

impl Clients {
    fn start(server: &Server) -> Self {
        let (key, secret) = server.room_key();
        let python = concat!(env!("CARGO_MANIFEST_DIR"), "/target/clients/bin/python");
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients/stay.py");
        let url = server.url.replacen("http", "ws", 1);
        let mut child = Command::new(python)
            .args([script, &url, &key, &secret, "120"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|e| panic!("{python}: {e}; `.ci/install test` installs it"));
        let (said, lines) = channel();
        let output = child.stdout.take().unwrap();
        std::thread::spawn(move || BufReader::new(output).lines().map_while(Result::ok).all(|line| said.send(line).is_ok()));
        Self { child, lines, pictures: 0 }
    }

    /// Pictures of one second.
    fn second(&mut self, server: &Server) -> u64 {
        let line = self.lines.recv_timeout(Duration::from_secs(20)).unwrap_or_else(|e| panic!("the clients: {e}; log:\n{}", server.log()));
        let count = line.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or_else(|| panic!("{line}"));
        let new = count - self.pictures;
        self.pictures = count;
        new
    }

    /// Until pictures flow, at most so many seconds; tells how many it took.
    fn until_pictures(&mut self, server: &Server, seconds: u64, what: &str) -> Duration {
        let begun = Instant::now();
        while self.second(server) < 10 {
            assert!(begun.elapsed() < Duration::from_secs(seconds), "{what}: not within {seconds} s; log:\n{}", server.log());
        }
        begun.elapsed()
    }
}

impl Drop for Clients {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// No packet to this UDP port, while this lives.
struct Cut(String);

impl Cut {
    fn of(port: u16) -> Self {
        let table = format!("yizhan_cut_{port}");
        let rules = format!("table inet {table} {{\nchain in {{\ntype filter hook input priority 0\nudp dport {port} drop\nudp sport {port} drop\n}}\n}}");
        nft(&rules);
        Self(table)
    }
}

impl Drop for Cut {
    fn drop(&mut self) {
        nft(&format!("delete table inet {}", self.0));
    }
}

fn nft(rules: &str) {
    let ran = Command::new("nft").arg(rules).output().expect("nft (package nftables)");
    assert!(ran.status.success(), "nft, which needs root: {}", String::from_utf8_lossy(&ran.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn media_that_is_cut_for_ten_seconds_comes_back() {
    let port = UdpSocket::bind("0.0.0.0:0").and_then(|socket| socket.local_addr()).unwrap().port();
    // Without TCP, which would carry the media meanwhile.
    let server = Server::start(&format!("[rooms]\nudp_port = {port}\ntcp_port = 0\ntcp_on_https = false")).await;
    let mut clients = Clients::start(&server);
    clients.until_pictures(&server, 30, "the first pictures");
    let cut = Cut::of(port);
    let seen: u64 = (0..10).map(|_| clients.second(&server)).skip(2).sum();
    assert_eq!(seen, 0, "the line is really cut");
    drop(cut);
    let back = clients.until_pictures(&server, 15, "after the cut");
    println!("pictures {:.1} s after the line", back.as_secs_f64());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_started_again_has_its_clients_back() {
    let mut server = Server::start("").await;
    let mut clients = Clients::start(&server);
    clients.until_pictures(&server, 30, "the first pictures");
    server.kill();
    server.up().await;
    let back = clients.until_pictures(&server, 30, "after the restart");
    println!("pictures {:.1} s after the restart", back.as_secs_f64());
}
