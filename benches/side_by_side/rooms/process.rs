//! What a process costs, as the kernel counts it.

use std::io;

use super::other;

/// Of all its threads, user and system.
pub fn cpu_seconds(pid: u32) -> io::Result<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let ticks: Vec<f64> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse().ok()).collect();
    let [user, system] = ticks.as_slice() else { return Err(other("no times in /proc")) };
    Ok((user + system) / rustix::param::clock_ticks_per_second() as f64)
}

pub fn resident_bytes(pid: u32) -> io::Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let kibibytes = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.split_whitespace().next()?.parse::<f64>().ok());
    kibibytes.map(|kibibytes| kibibytes * 1_024.0).ok_or_else(|| other("no resident memory in /proc"))
}
