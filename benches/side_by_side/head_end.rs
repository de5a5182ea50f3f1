//! A head-end: sends a file over UDP to many addresses at its pace, again and again.

use std::net::{SocketAddr, UdpSocket};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::capture::DATAGRAM;

/// Sends until it is dropped.
pub struct HeadEnd {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
    pub addresses: Vec<SocketAddr>,
}

impl HeadEnd {
    /// A file that lasts so many seconds, to so many free ports of this machine.
    pub fn start(file: &Path, seconds: u32, channels: usize) -> std::io::Result<Self> {
        let bytes = std::fs::read(file)?;
        let sockets: Vec<UdpSocket> = (0..channels).map(|_| UdpSocket::bind("127.0.0.1:0")).collect::<Result<_, _>>()?;
        let addresses: Vec<SocketAddr> = sockets.iter().map(UdpSocket::local_addr).collect::<Result<_, _>>()?;
        // The ports were only to be found free: the server binds them.
        drop(sockets);
        let sender = UdpSocket::bind("127.0.0.1:0")?;
        let stop = Arc::new(AtomicBool::new(false));
        let (stopped, to) = (stop.clone(), addresses.clone());
        let thread = std::thread::spawn(move || {
            let interval = Duration::from_secs(u64::from(seconds)).div_f64(bytes.len() as f64 / DATAGRAM as f64);
            let begun = Instant::now();
            for (n, datagram) in bytes.chunks(DATAGRAM).cycle().enumerate() {
                let due = begun + interval.mul_f64(n as f64);
                if let Some(wait) = due.checked_duration_since(Instant::now()) {
                    std::thread::sleep(wait);
                }
                if stopped.load(Ordering::Relaxed) {
                    return;
                }
                for address in &to {
                    // Before the server listens nobody takes it.
                    let _ = sender.send_to(datagram, address);
                }
            }
        });
        Ok(Self { stop, thread: Some(thread), addresses })
    }
}

impl Drop for HeadEnd {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // It sends nothing more; that is all that is asked of it.
            let _ = thread.join();
        }
    }
}
