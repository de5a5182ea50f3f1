//! How long a line's queue is: small datagrams that say when they left, ten a second.

use std::net::{SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

const EACH: Duration = Duration::from_millis(100);

pub struct Stamps {
    is_over: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
    delays: Arc<Mutex<Vec<(Instant, Duration)>>>,
}

/// Of many delays.
#[derive(Debug, Default, Clone, Copy)]
#[allow(dead_code)] // Some of it is only printed.
pub struct Delays {
    pub p50_ms: u128,
    pub p95_ms: u128,
    pub most_ms: u128,
}

impl Stamps {
    pub fn between(from: UdpSocket, to: UdpSocket) -> Self {
        let (is_over, delays) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Vec::new())));
        let origin = Instant::now();
        let address: SocketAddr = to.local_addr().expect("an address");
        let (stop, list) = (is_over.clone(), delays.clone());
        let receiver = std::thread::spawn(move || {
            let mut stamp = [0; 8];
            while !stop.load(Ordering::Relaxed) {
                if let Ok(8) = to.recv(&mut stamp) {
                    let left = origin + Duration::from_nanos(u64::from_be_bytes(stamp));
                    list.lock().expect("the list").push((left, left.elapsed()));
                }
            }
        });
        let stop = is_over.clone();
        let sender = std::thread::spawn(move || {
            while !stop.load(Ordering::Relaxed) {
                let _ = from.send_to(&(origin.elapsed().as_nanos() as u64).to_be_bytes(), address);
                std::thread::sleep(EACH);
            }
        });
        Self { is_over, threads: vec![sender, receiver], delays }
    }

    /// Of the stamps that left since then.
    pub fn since(&self, then: Instant) -> Delays {
        let list = self.delays.lock().expect("the list");
        let mut delays: Vec<u128> = list.iter().filter(|(left, _)| *left >= then).map(|(_, delay)| delay.as_millis()).collect();
        delays.sort_unstable();
        let at = |percent: usize| delays.get(delays.len() * percent / 100).or(delays.last()).copied().unwrap_or(u128::MAX);
        Delays { p50_ms: at(50), p95_ms: at(95), most_ms: at(100) }
    }
}

impl Drop for Stamps {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}
