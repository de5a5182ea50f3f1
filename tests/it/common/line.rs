//! Thin lines: network namespaces, each behind a veth pair whose ends the kernel shapes (`tbf`: a token bucket with a bounded queue). They need root.

use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};
use serde_json::Value;

/// What waits in front of a line at most; the rest is dropped.
const QUEUE: &str = "300ms";
/// Two full packets pass at once.
const BURST: &str = "3200";

/// A namespace that reaches this machine at [`HERE`] by a line of its own.
pub struct Line {
    namespace: String,
    /// Our end; the other is called the same.
    device: String,
    there: Ipv4Addr,
}

/// Of which networks are benchmarked (RFC 2544), so it is nobody's. It is there while a line is.
pub const HERE: Ipv4Addr = Ipv4Addr::new(198, 18, 0, 1);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// To the namespace.
    Down,
    Up,
}

impl Line {
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        sweep();
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let pid = std::process::id();
        // Another run at the same time has other addresses.
        let host = (pid % 4_000) * 16 + 16 + n % 16;
        let there = Ipv4Addr::from(u32::from(Ipv4Addr::new(198, 18, 0, 0)) + host);
        let line = Self { namespace: format!("yizhan-{pid}-{n}"), device: format!("yz{pid}n{n}"), there };
        let Self { namespace, device, .. } = &line;
        run(&format!("ip netns add {namespace}"));
        run(&format!("ip link add {device} type veth peer name {device} netns {namespace}"));
        run(&format!("ip addr add {HERE} peer {there}/32 dev {device}"));
        run(&format!("ip link set {device} up"));
        run(&format!("ip -n {namespace} link set lo up"));
        run(&format!("ip -n {namespace} addr add {there} peer {HERE}/32 dev {device}"));
        run(&format!("ip -n {namespace} link set {device} up"));
        line
    }

    /// From now on the line carries this, and has a queue of 300 ms.
    pub fn shape(&self, way: Way, bps: u32) {
        run(&format!("{} qdisc replace dev {} root tbf rate {bps}bit burst {BURST} latency {QUEUE}", self.tc(way), self.device));
    }

    /// Bytes that went through since it was shaped, and packets that its queue dropped.
    pub fn carried(&self, way: Way) -> (u64, u64) {
        let told: Value = serde_json::from_str(&run(&format!("{} -s -j qdisc show dev {}", self.tc(way), self.device))).expect("JSON");
        (told[0]["bytes"].as_u64().unwrap_or(0), told[0]["drops"].as_u64().unwrap_or(0))
    }

    fn tc(&self, way: Way) -> String {
        match way {
            Way::Down => "tc".to_owned(),
            Way::Up => format!("tc -n {}", self.namespace),
        }
    }

    /// A program inside.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.namespace, program]);
        command
    }

    /// A socket at our end of all lines.
    pub fn socket_here() -> UdpSocket {
        let socket = UdpSocket::bind((HERE, 0)).expect("a socket here");
        socket.set_read_timeout(Some(Duration::from_millis(200))).expect("a timeout");
        socket
    }

    /// A socket inside.
    pub fn socket(&self) -> UdpSocket {
        let namespace = File::open(format!("/run/netns/{}", self.namespace)).expect("the namespace");
        let there = SocketAddr::from((self.there, 0));
        // Sockets stay in the namespace in which they are made; the thread that went there ends.
        let made = std::thread::spawn(move || {
            move_into_link_name_space(std::os::fd::AsFd::as_fd(&namespace), Some(LinkNameSpaceType::Network)).expect("root may go there");
            UdpSocket::bind(there).expect("a socket there")
        });
        let socket = made.join().expect("the thread");
        socket.set_read_timeout(Some(Duration::from_millis(200))).expect("a timeout");
        socket
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let Self { namespace, device, .. } = self;
        // The device goes by itself only when the last socket inside is closed.
        for command in [format!("ip link del {device}"), format!("ip netns del {namespace}")] {
            let _ = try_run(&command);
        }
    }
}

/// Takes away what a run that was killed has left.
fn sweep() {
    for namespace in run("ip netns list").lines().filter_map(|line| line.split(' ').next()) {
        let Some((pid, n)) = namespace.strip_prefix("yizhan-").and_then(|name| name.split_once('-')) else { continue };
        if !std::path::Path::new("/proc").join(pid).exists() {
            let _ = try_run(&format!("ip link del yz{pid}n{n}"));
            let _ = try_run(&format!("ip netns del {namespace}"));
        }
    }
}

fn run(command: &str) -> String {
    try_run(command).unwrap_or_else(|e| panic!("{command}: {e} (packages iproute2; root)"))
}

fn try_run(command: &str) -> Result<String, String> {
    let mut words = command.split(' ');
    let ran = Command::new(words.next().unwrap_or_default()).args(words).output().map_err(|e| e.to_string())?;
    if ran.status.success() { Ok(String::from_utf8_lossy(&ran.stdout).into_owned()) } else { Err(String::from_utf8_lossy(&ran.stderr).into_owned()) }
}
