//! Counted by the `metrics` macros anywhere, told at `/metrics`. There is no listener of its own.

use std::sync::OnceLock;

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Upper bounds of the histograms, in seconds: from an answer out of memory to a transcode.
const SECONDS: &[f64] = &[0.001, 0.005, 0.02, 0.1, 0.5, 2.0, 10.0, 60.0, 600.0, 3600.0];

/// From here on metrics are counted.
pub(super) fn begin() -> Option<&'static PrometheusHandle> {
    let install = || PrometheusBuilder::new().set_buckets(SECONDS).and_then(PrometheusBuilder::install_recorder);
    HANDLE.get_or_init(|| install().inspect_err(|error| tracing::error!(%error, "no metrics")).ok()).as_ref()
}

/// All metrics in Prometheus' text format.
pub fn metrics_text() -> String {
    let handle = begin();
    of_the_process();
    handle.map_or_else(String::new, |handle| {
        handle.run_upkeep();
        handle.render()
    })
}

/// Memory, processor time and open files under the names that dashboards expect.
fn of_the_process() {
    // proc(5): pages resident is field 2 of statm, user and system time are fields 14 and 15 of stat.
    let resident = std::fs::read_to_string("/proc/self/statm").ok().and_then(|text| text.split(' ').nth(1)?.parse::<u64>().ok());
    if let Some(pages) = resident {
        metrics::gauge!("process_resident_memory_bytes").set((pages * rustix::param::page_size() as u64) as f64);
    }
    let ticks = std::fs::read_to_string("/proc/self/stat").ok().and_then(|text| {
        let mut fields = text.rsplit_once(')')?.1.split_whitespace().skip(11);
        Some(fields.next()?.parse::<u64>().ok()? + fields.next()?.parse::<u64>().ok()?)
    });
    if let Some(ticks) = ticks {
        metrics::gauge!("process_cpu_seconds_total").set(ticks as f64 / rustix::param::clock_ticks_per_second() as f64);
    }
    if let Ok(files) = std::fs::read_dir("/proc/self/fd") {
        metrics::gauge!("process_open_fds").set(files.count() as f64);
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_counted_is_told() {
        super::begin();
        metrics::counter!("yizhan_test_total", "kind" => "a").increment(3);
        let text = super::metrics_text();
        assert!(text.contains("yizhan_test_total{kind=\"a\"} 3"), "{text}");
        assert!(text.contains("process_resident_memory_bytes "), "{text}");
    }
}
