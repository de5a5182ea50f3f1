//! Rows, and how they are taken: both sides several times, by turns, so that whatever else the machine does falls on both.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use serde::Serialize;

/// One line of `target/bench.json`.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    pub name: String,
    pub ours: f64,
    /// `None` where there is nothing to compare with: reported, never asserted.
    pub peer: Option<f64>,
    pub unit: &'static str,
    pub ratio: Option<f64>,
    /// In words: `at most 1.00 ×`.
    pub goal: String,
    pub met: bool,
    /// What was measured, and against what.
    pub how: String,
}

/// Which way is good.
#[derive(Debug, Clone, Copy)]
pub enum Goal {
    AtMost(f64),
    AtLeast(f64),
}

/// The rows of this run.
pub struct Bench {
    wanted: Vec<String>,
    rows: Vec<Row>,
    /// Where material and results of the run are made.
    pub folder: PathBuf,
}

impl Bench {
    pub fn from_arguments() -> Self {
        // Cargo adds `--bench`.
        let wanted = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("side_by_side");
        Self { wanted, rows: Vec::new(), folder }
    }

    pub fn wants(&self, name: &str) -> bool {
        self.wanted.is_empty() || self.wanted.iter().any(|w| name.contains(w.as_str()))
    }

    /// Times each side is run.
    pub fn rounds(&self) -> usize {
        std::env::var("BENCH_ROUNDS").ok().and_then(|r| r.parse().ok()).unwrap_or(3)
    }

    pub fn compare(&mut self, name: &str, (ours, peer): (f64, f64), unit: &'static str, goal: Goal, how: &str) {
        let ratio = ours / peer;
        let (goal, met) = match goal {
            Goal::AtMost(most) => (format!("at most {most:.2} ×"), ratio <= most),
            Goal::AtLeast(least) => (format!("at least {least:.2} ×"), ratio >= least),
        };
        let row = Row { name: name.to_owned(), ours, peer: Some(peer), unit, ratio: Some(ratio), goal, met, how: how.to_owned() };
        println!("{:44} {ours:9.3} {peer:9.3} {unit:8} {ratio:6.3} ×  {:16} {}", row.name, row.goal, if met { "met" } else { "MISSED" });
        self.rows.push(row);
    }

    /// A row without a peer.
    pub fn report(&mut self, name: &str, ours: f64, unit: &'static str, (goal, met): (&str, bool), how: &str) {
        let row = Row { name: name.to_owned(), ours, peer: None, unit, ratio: None, goal: goal.to_owned(), met, how: how.to_owned() };
        println!("{:44} {ours:9.3} {:9} {unit:8} {:8} {:16} {}", row.name, "", "", row.goal, if met { "met" } else { "MISSED" });
        self.rows.push(row);
    }

    /// A folder of the run with nothing in it.
    pub fn empty_folder(&self, name: &str) -> io::Result<PathBuf> {
        let folder = self.folder.join(name);
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        std::fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    /// A row that cannot be taken here: what it needs.
    pub fn lacks(&self, name: &str, needs: &str) {
        println!("{name:44} not taken: {needs}");
    }

    pub fn finish(self) -> io::Result<()> {
        // Beside the profile's folder, whatever the target folder is called.
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap_or(Path::new("target"));
        let path = target.join("bench.json");
        std::fs::write(&path, serde_json::to_vec_pretty(&self.rows)?)?;
        println!("{} rows in {}", self.rows.len(), path.display());
        Ok(())
    }
}

/// Runs a command to its end; its CPU seconds, user and system, with those of its children.
pub fn cpu_seconds(command: &mut Command) -> io::Result<f64> {
    let before = children_seconds()?;
    // A worker takes the end of its input for the end of its parent: it gets a pipe that stays open.
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?;
    let held = child.stdin.take();
    let status = child.wait()?;
    drop(held);
    if !status.success() {
        return Err(io::Error::other(format!("{command:?} ended with {status}")));
    }
    Ok(children_seconds()? - before)
}

fn children_seconds() -> io::Result<f64> {
    seconds_of(UsageWho::RUSAGE_CHILDREN)
}

/// CPU seconds of this process so far, user and system.
pub fn own_cpu_seconds() -> io::Result<f64> {
    seconds_of(UsageWho::RUSAGE_SELF)
}

fn seconds_of(who: UsageWho) -> io::Result<f64> {
    let usage = getrusage(who)?;
    Ok((usage.user_time().num_microseconds() + usage.system_time().num_microseconds()) as f64 / 1e6)
}

/// The test data beside the project, or where `YIZHAN_TEST_DATA` says.
pub fn test_data() -> PathBuf {
    std::env::var_os("YIZHAN_TEST_DATA").map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"), PathBuf::from)
}
