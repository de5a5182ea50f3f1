//! How a server bears what is done to it: processor time of its media threads, memory, descriptors, and what it counted.

use std::collections::BTreeMap;
use std::fs;
use std::time::{Duration, Instant};

use super::Server;

#[derive(Debug, Clone)]
pub struct Vitals {
    pub at: Instant,
    /// Of the media threads, and of everything.
    pub media: Duration,
    pub all: Duration,
    pub memory_kib: u64,
    pub descriptors: usize,
    /// `yizhan_media_*_total` by `what` or `why`, `yizhan_room_*_total` by `status`.
    pub counted: BTreeMap<String, u64>,
}

impl Vitals {
    pub async fn of(server: &Server) -> Self {
        let process = format!("/proc/{}", server.pid());
        let tasks = fs::read_dir(format!("{process}/task")).expect("it runs").flatten().map(|task| task.path());
        let times: Vec<(bool, Duration)> = tasks.filter_map(|task| processor_time(&fs::read_to_string(task.join("stat")).ok()?)).collect();
        let status = fs::read_to_string(format!("{process}/status")).expect("it runs");
        let memory = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().split(' ').next()?.parse().ok());
        Self {
            at: Instant::now(),
            media: times.iter().filter(|(is_media, _)| *is_media).map(|(_, time)| *time).sum(),
            all: times.iter().map(|(_, time)| *time).sum(),
            memory_kib: memory.expect("its memory"),
            descriptors: fs::read_dir(format!("{process}/fd")).expect("it runs").count(),
            counted: counted(&server.text("/metrics").await),
        }
    }

    /// How much more of this was counted since.
    pub fn more(&self, before: &Self, what: &str) -> u64 {
        self.counted.get(what).unwrap_or(&0) - before.counted.get(what).unwrap_or(&0)
    }
}

/// Of a line of `/proc/…/stat`: whether the thread is one of media, and the time it ran.
fn processor_time(stat: &str) -> Option<(bool, Duration)> {
    let (name, rest) = stat.split_once('(')?.1.rsplit_once(')')?;
    let ticks: u64 = rest.split(' ').skip(12).take(2).filter_map(|word| word.parse::<u64>().ok()).sum();
    Some((name.starts_with("media"), Duration::from_secs_f64(ticks as f64 / rustix::param::clock_ticks_per_second() as f64)))
}

/// Series of rooms and their media, by the label that says what is counted.
fn counted(metrics: &str) -> BTreeMap<String, u64> {
    let mut counted = BTreeMap::new();
    for line in metrics.lines().filter(|line| line.starts_with("yizhan_media_") || line.starts_with("yizhan_room_")) {
        let what = ["what=\"", "why=\"", "status=\""].iter().find_map(|label| line.split_once(label)?.1.split('"').next());
        let count = line.rsplit(' ').next().and_then(|count| count.parse::<f64>().ok());
        if let (Some(what), Some(count)) = (what, count) {
            *counted.entry(what.to_owned()).or_insert(0) += count as u64;
        }
    }
    counted
}
