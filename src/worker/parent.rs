//! The tie to the server: commands on standard input, and dying when it dies.

use std::io::BufRead;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use yizhan::base::work::{Command, Event};

use super::events::Events;

/// Set once the server wants an end; cheap to clone and to ask.
#[derive(Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    pub fn is_wanted(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    fn want(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Has the kernel end this process with its parent, lowers its priority, and listens for commands.
pub fn attach(nice: i32) -> Stop {
    if rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL)).is_err() || rustix::process::nice(nice).is_err() {
        eprintln!("yizhan-worker: neither tie to the parent nor priority could be set; going on");
    }
    let stop = Stop::default();
    let wanted = stop.clone();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines() {
            match line.as_deref().map(serde_json::from_str) {
                Ok(Ok(Command::Stop)) | Err(_) => break,
                Ok(Err(e)) => eprintln!("yizhan-worker: a command was not understood: {e}"),
            }
        }
        wanted.want(); // also at the end of the input: the parent is gone
    });
    stop
}

/// Nothing moves for so long: something hangs, and only ending the process is sure to end that.
const PATIENCE: Duration = Duration::from_secs(180);

/// Sign of life from whatever makes progress.
#[derive(Clone, Default)]
pub struct Pulse(Arc<AtomicU64>);

impl Pulse {
    pub fn beat(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// Ends the process with [`Event::Failed`] when the pulse stops. A decoder that loops on damaged input cannot be ended otherwise.
    pub fn watch(&self, events: Arc<Events>) {
        let pulse = self.clone();
        std::thread::spawn(move || {
            let mut last = pulse.0.load(Ordering::Relaxed);
            loop {
                std::thread::sleep(PATIENCE);
                let now = pulse.0.load(Ordering::Relaxed);
                if now == last {
                    events.tell(&Event::Failed { message: format!("nothing moved for {} s: a decoder or encoder hangs", PATIENCE.as_secs()) });
                    std::process::exit(1);
                }
                last = now;
            }
        });
    }
}
