//! The same server built on `str0m`: what its authors' manual says an SFU is, with all that we know of sockets. A process of its own.

mod forward;
mod line;

use std::io::{self, BufRead, BufReader, Read};
use std::net::Ipv4Addr;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use tokio::sync::oneshot;

use super::door::Posts;
use super::other;

/// This program, started again under this name, is the peer.
const NAME: &str = "YIZHAN_BENCH_STR0M";

pub fn is_peer() -> bool {
    std::env::var_os(NAME).is_some()
}

/// A description that wants an answer.
struct Offer {
    is_publisher: bool,
    sdp: String,
    answer: oneshot::Sender<Result<String, String>>,
}

/// Serves until its parent is gone.
pub fn serve() -> io::Result<()> {
    let (offers, inbox) = mpsc::channel();
    let media = std::thread::Builder::new().name("media".to_owned());
    media.spawn(move || {
        if let Err(e) = forward::run(&inbox) {
            println!("str0m's side ended: {e}");
        }
    })?;
    std::thread::spawn(|| {
        // The parent holds the other end and writes nothing.
        let _ = io::stdin().read(&mut [0]);
        std::process::exit(0);
    });
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        println!("{}", listener.local_addr()?.port());
        let routes = Router::new().route("/whip/{room}", post(publish)).route("/whep/{room}", post(play)).with_state(offers);
        axum::serve(listener, routes).await
    })
}

type Offers = State<mpsc::Sender<Offer>>;

async fn publish(offers: Offers, sdp: String) -> (StatusCode, String) {
    enter(offers, sdp, true).await
}

async fn play(offers: Offers, sdp: String) -> (StatusCode, String) {
    enter(offers, sdp, false).await
}

async fn enter(State(offers): Offers, sdp: String, is_publisher: bool) -> (StatusCode, String) {
    let (answer, answered) = oneshot::channel();
    let _ = offers.send(Offer { is_publisher, sdp, answer });
    match answered.await {
        Ok(Ok(sdp)) => (StatusCode::CREATED, sdp),
        Ok(Err(e)) => (StatusCode::BAD_REQUEST, e),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, String::new()),
    }
}

/// The running process.
pub struct Peer {
    child: Child,
    port: u16,
}

impl Peer {
    pub fn start() -> io::Result<Self> {
        let mut child = Command::new(std::env::current_exe()?).env(NAME, "1").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        let output = child.stdout.take().ok_or_else(|| other("no output"))?;
        BufReader::new(output).read_line(&mut line)?;
        Ok(Self { child, port: line.trim().parse().map_err(other)? })
    }

    pub fn door(&self) -> io::Result<Posts> {
        Posts::new(format!("http://127.0.0.1:{}", self.port), None, self.child.id(), Ipv4Addr::LOCALHOST.into())
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It is gone already, then.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
