//! Clients on a thread of their own.

use std::io;
use std::ops::Range;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rustix::event::epoll;
use rustix::time::Timespec;

use super::client::{Batch, Client};
use super::other;
use super::tally::Delays;

enum Order {
    Add(Box<Client>),
    Forget,
    Look(Range<u64>, Sender<Seen>),
    Leave,
}

/// What all clients of the thread have so far; of packets, those of the window.
#[derive(Debug)]
pub struct Seen {
    pub connected: usize,
    pub missing: u64,
    /// Clients that miss something.
    pub short: usize,
    pub twice: u64,
    pub delays: Delays,
}

pub struct Crowd {
    orders: Sender<Order>,
    thread: Option<JoinHandle<io::Result<()>>>,
}

impl Crowd {
    /// `idle` is how late timers may be: a publisher's are exact, a subscriber's are only for its feedback.
    pub fn new(idle: Duration) -> io::Result<Self> {
        let (orders, inbox) = mpsc::channel();
        let thread = std::thread::Builder::new().name("clients".to_owned()).spawn(move || run(&inbox, idle))?;
        Ok(Self { orders, thread: Some(thread) })
    }

    pub fn add(&self, client: Client) -> io::Result<()> {
        self.orders.send(Order::Add(Box::new(client))).map_err(other)
    }

    /// Delays and repetitions are counted anew.
    pub fn forget(&self) -> io::Result<()> {
        self.orders.send(Order::Forget).map_err(other)
    }

    pub fn look(&self, window: Range<u64>) -> io::Result<Seen> {
        let (answer, answered) = mpsc::channel();
        self.orders.send(Order::Look(window, answer)).map_err(other)?;
        answered.recv().map_err(other)
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        let _ = self.orders.send(Order::Leave);
        if let Some(Ok(Err(e))) = self.thread.take().map(JoinHandle::join) {
            println!("the clients ended: {e}");
        }
    }
}

fn run(inbox: &Receiver<Order>, idle: Duration) -> io::Result<()> {
    /// An order waits no longer than this.
    const ORDERS: Duration = Duration::from_millis(10);
    let epoll = epoll::create(epoll::CreateFlags::CLOEXEC)?;
    let mut clients: Vec<Client> = Vec::new();
    let (mut batch, mut delays) = (Batch::new(), Delays::default());
    let mut events = Vec::with_capacity(256);
    let mut next_work = Instant::now();
    loop {
        for order in inbox.try_iter() {
            match order {
                Order::Add(client) => {
                    epoll::add(&epoll, &client.socket, epoll::EventData::new_u64(clients.len() as u64), epoll::EventFlags::IN)?;
                    clients.push(*client);
                }
                Order::Forget => {
                    delays.forget();
                    clients.iter_mut().for_each(|client| client.tally.twice = 0);
                }
                // Who asked no longer listens: nothing is lost.
                Order::Look(window, answer) => drop(answer.send(look(&clients, &window, &delays))),
                Order::Leave => return Ok(()),
            }
        }
        let now = Instant::now();
        if next_work <= now {
            for client in clients.iter_mut().filter(|client| client.due() <= now) {
                client.work(now, &mut delays).unwrap_or_else(|e| client.fail(&e));
            }
            let due = clients.iter().map(Client::due).min().unwrap_or(now + ORDERS);
            next_work = due.max(now + idle).min(now + ORDERS);
        }
        let left = next_work.saturating_duration_since(Instant::now());
        let left = Timespec { tv_sec: left.as_secs() as i64, tv_nsec: i64::from(left.subsec_nanos()) };
        events.clear();
        match epoll::wait(&epoll, rustix::buffer::spare_capacity(&mut events), Some(&left)) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(e) => return Err(e.into()),
        }
        for event in &events {
            if let Some(client) = clients.get_mut(event.data.u64() as usize) {
                client.read(&mut batch, &mut delays).unwrap_or_else(|e| client.fail(&e));
            }
        }
    }
}

fn look(clients: &[Client], window: &Range<u64>, delays: &Delays) -> Seen {
    let missing: Vec<u64> = clients.iter().map(|client| client.tally.missing(window.clone())).collect();
    Seen {
        connected: clients.iter().filter(|client| client.is_connected).count(),
        missing: missing.iter().sum(),
        short: missing.iter().filter(|missing| **missing > 0).count(),
        twice: clients.iter().map(|client| client.tally.twice).sum(),
        delays: delays.clone(),
    }
}
