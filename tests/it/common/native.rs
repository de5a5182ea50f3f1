//! Native clients (libwebrtc, by the scripts of `tests/clients`) that say a JSON line a second.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;

const PYTHON: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/target/clients/bin/python");
const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients");

pub struct Native {
    child: Child,
    said: Arc<Mutex<Vec<(Instant, Value)>>>,
}

impl Native {
    /// `command` runs a program, wherever it does.
    pub fn start(command: impl FnOnce(&str) -> Command, script: &str, arguments: &[&str]) -> Self {
        let mut child = command(PYTHON)
            .arg(format!("{SCRIPTS}/{script}"))
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|e| panic!("{PYTHON}: {e}; `.ci/install test` installs it"));
        let said = Arc::new(Mutex::new(Vec::new()));
        let (output, list) = (child.stdout.take().expect("its output"), said.clone());
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if let Ok(value) = serde_json::from_str(&line) {
                    list.lock().expect("the list").push((Instant::now(), value));
                }
            }
        });
        Self { child, said }
    }

    /// What it said since then.
    pub fn since(&self, then: Instant) -> Vec<Value> {
        self.said.lock().expect("the list").iter().filter(|(at, _)| *at >= then).map(|(_, line)| line.clone()).collect()
    }

    pub fn last(&self) -> Option<Value> {
        self.said.lock().expect("the list").last().map(|(_, line)| line.clone())
    }

    /// Until a line satisfies; tells how long it took.
    pub async fn until(&self, seconds: u64, satisfied: impl Fn(&Value) -> bool) -> Option<Duration> {
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(seconds) {
            let found = self.said.lock().expect("the list").iter().find(|(at, line)| *at >= begun && satisfied(line)).map(|(at, _)| *at);
            if let Some(at) = found {
                return Some(at - begun);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        None
    }
}

impl Drop for Native {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
