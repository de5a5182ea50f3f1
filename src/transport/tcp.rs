//! Media over TCP, for those whose firewall lets no UDP through: STUN, DTLS and SRTP in frames (RFC 4571, RFC 6544), on a port of its own or on that of HTTPS.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::{Semaphore, mpsc};
use tokio::time::timeout;

use super::Media;
use super::session::{Path, TcpId, Via, username_of_binding_request};
use super::thread::{Command, ThreadHandle};

/// A first frame that does not come, or a client that is silent: STUN comes every few seconds.
const FIRST: Duration = Duration::from_secs(5);
const SILENCE: Duration = Duration::from_secs(35);
/// A WebRTC packet is shorter.
const FRAME_BYTES: usize = 2_048;
/// Frames of a connection that wait for their thread.
const WAITING: usize = 128;
/// What waits for a client whose line is slow; more is lost, as it would be on the line.
const QUEUED: usize = 256;

/// Whether a connection's first byte begins a frame: a length below 256, as a client's first check has. TLS begins with 22, HTTP with a letter.
pub fn is_media(first: u8) -> bool {
    first == 0
}

/// Takes a connection of a client that was told of this port; it ends by itself.
pub async fn accept(media: Media, stream: TcpStream) {
    if let Err(e) = serve(media, stream).await {
        metrics::counter!("yizhan_media_tcp_ended_total", "why" => e.kind().to_string()).increment(1);
        tracing::debug!(error = %e, "a media connection over TCP ended");
    }
}

async fn serve(media: Media, stream: TcpStream) -> io::Result<()> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    stream.set_nodelay(true)?;
    let (local, remote) = (stream.local_addr()?, plain(stream.peer_addr()?));
    let stranger = media.strangers().admit(plain(remote).ip()).ok_or(io::ErrorKind::QuotaExceeded)?;
    let (mut read, write) = stream.into_split();
    let mut frame = Vec::new();
    timeout(FIRST, read_frame(&mut read, &mut frame)).await??;
    // Nothing is kept for one who does not name a session of ours.
    let thread = username_of_binding_request(&frame).and_then(|ufrag| media.thread_of(ufrag)).ok_or(io::ErrorKind::InvalidData)?.clone();
    drop(stranger);
    let path = Path { local: plain(local).ip(), remote, via: Via::Tcp(TcpId(NEXT.fetch_add(1, Ordering::Relaxed))) };
    let (out, queue) = mpsc::channel(QUEUED);
    if let Via::Tcp(id) = path.via {
        thread.send(Command::Tcp { id, out });
    }
    let ended = tokio::select! {
        ended = read_frames(&thread, path, read, frame) => ended,
        ended = write_frames(write, queue) => ended,
    };
    thread.send(Command::TcpClosed { path });
    ended
}

async fn read_frames(thread: &ThreadHandle, path: Path, mut read: OwnedReadHalf, first: Vec<u8>) -> io::Result<()> {
    let waiting = Arc::new(Semaphore::new(WAITING));
    let mut frame = first;
    loop {
        let Ok(permit) = waiting.clone().acquire_owned().await else { return Ok(()) };
        thread.send(Command::TcpFrame { path, frame, permit });
        frame = Vec::new();
        timeout(SILENCE, read_frame(&mut read, &mut frame)).await??;
    }
}

async fn read_frame(read: &mut OwnedReadHalf, frame: &mut Vec<u8>) -> io::Result<()> {
    let len = usize::from(read.read_u16().await?);
    if len > FRAME_BYTES {
        return Err(io::Error::new(io::ErrorKind::InvalidData, format!("a frame of {len} bytes")));
    }
    frame.resize(len, 0);
    read.read_exact(frame).await.map(drop)
}

async fn write_frames(mut write: OwnedWriteHalf, mut queue: mpsc::Receiver<Vec<u8>>) -> io::Result<()> {
    let mut bytes = Vec::new();
    while let Some(first) = queue.recv().await {
        bytes.clear();
        let mut next = Some(first);
        while let Some(datagram) = next {
            bytes.extend_from_slice(&(datagram.len() as u16).to_be_bytes());
            bytes.extend_from_slice(&datagram);
            next = if bytes.len() < 32_000 { queue.try_recv().ok() } else { None };
        }
        timeout(SILENCE, write.write_all(&bytes)).await??;
    }
    Ok(())
}

/// A socket for both families shows IPv4 as a mapped address.
fn plain(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}
