//! What the worker reports: JSON lines on a descriptor of its own, so that nothing a library prints can come between.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::sync::Mutex;

use yizhan::base::work::Event;

/// Warnings of one task that are told in full; the rest are counted.
const WARNINGS_TOLD: u64 = 20;
/// Names the descriptor's number.
const EVENTS_FD: &str = "YIZHAN_EVENTS_FD";
const DEFAULT_FD: u32 = 3;

pub struct Events {
    out: Mutex<Out>,
}

struct Out {
    to: Box<dyn Write + Send>,
    warnings: u64,
    last_warning: String,
}

impl Events {
    /// Opens the descriptor that the parent named (3 where it named none), or standard output for people who start the worker by hand.
    pub fn open() -> io::Result<Self> {
        let named = std::env::var(EVENTS_FD).ok();
        let fd = named.as_deref().map_or(Ok(DEFAULT_FD), str::parse).map_err(|_| io::Error::other(format!("{EVENTS_FD} is not a number")))?;
        // By its name in /proc, as taking over a bare descriptor is `unsafe` in Rust.
        match OpenOptions::new().append(true).open(format!("/proc/self/fd/{fd}")) {
            Ok(file) => Ok(Self::writing(file)),
            Err(_) if named.is_none() => Ok(Self::writing(io::stdout())),
            Err(e) => Err(e),
        }
    }

    fn writing(to: impl Write + Send + 'static) -> Self {
        Self { out: Mutex::new(Out { to: Box::new(to), warnings: 0, last_warning: String::new() }) }
    }

    /// A parent that no longer reads is gone: the worker ends, as nobody will use what it makes.
    pub fn tell(&self, event: &Event) {
        let mut line = serde_json::to_vec(event).unwrap_or_default();
        line.push(b'\n');
        let Ok(mut out) = self.out.lock() else { return };
        if out.to.write_all(&line).and_then(|()| out.to.flush()).is_err() {
            std::process::exit(1);
        }
    }

    /// Tells the first of them, each text once in a row, and counts the others.
    pub fn warn(&self, message: impl Into<String>) {
        let message = message.into();
        {
            let Ok(mut out) = self.out.lock() else { return };
            out.warnings += 1;
            if out.warnings > WARNINGS_TOLD || out.last_warning == message {
                return;
            }
            out.last_warning.clone_from(&message);
        }
        self.tell(&Event::Warning { message });
    }

    /// Says how many warnings there were where not all were told.
    pub fn count_warnings(&self) {
        let warnings = self.out.lock().map_or(0, |out| out.warnings);
        if warnings > WARNINGS_TOLD {
            self.tell(&Event::Warning { message: format!("{warnings} warnings in all") });
        }
    }
}
