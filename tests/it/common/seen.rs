//! What one had for a while, by the lines of `tests/clients/watcher.py`.

use std::collections::BTreeMap;

use serde_json::Value;

use super::stamps::Delays;

#[derive(Debug, Default)]
#[allow(dead_code)] // Some of it is only printed.
pub struct Seen {
    /// Of the line.
    pub used_percent: u64,
    pub dropped: u64,
    pub queue: Delays,
    /// Seconds by the height of the picture.
    pub heights: BTreeMap<u64, usize>,
    pub pictures_per_second: f64,
    /// Of more than half a second between two pictures.
    pub gaps: usize,
    pub longest_gap_ms: u64,
    pub sound_heard_percent: f64,
    pub sound_lost_percent: f64,
}

pub fn seen(lines: &[Value]) -> Seen {
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else { panic!("the watcher says nothing") };
    let mut heights = BTreeMap::new();
    lines.iter().filter_map(|line| line["height"].as_u64()).for_each(|height| *heights.entry(height).or_insert(0) += 1);
    let gaps_ms: Vec<u64> = lines.iter().flat_map(|line| line["gaps_ms"].as_array().into_iter().flatten()).filter_map(Value::as_u64).collect();
    // The last one may not have ended.
    let open_ms = last["since_ms"].as_u64().unwrap_or(u64::MAX);
    let rise = |name: &str| (last["sound"][name].as_f64().unwrap_or(0.0) - first["sound"][name].as_f64().unwrap_or(0.0)).max(0.0);
    Seen {
        heights,
        pictures_per_second: lines.iter().filter_map(|line| line["pictures"].as_f64()).sum::<f64>() / lines.len() as f64,
        gaps: gaps_ms.len(),
        longest_gap_ms: gaps_ms.iter().copied().chain([open_ms]).max().unwrap_or(0),
        // Without a sample nothing is heard.
        sound_heard_percent: 100.0 * (1.0 - rise("concealed") / rise("samples").max(1.0)) * f64::from(u8::from(rise("received") > 0.0)),
        sound_lost_percent: 100.0 * rise("lost") / (rise("received") + rise("lost")).max(1.0),
        ..Seen::default()
    }
}

impl Seen {
    /// Four fifths of the time and more.
    pub fn had_height(&self, height: u64) -> bool {
        let all: usize = self.heights.values().sum();
        self.heights.get(&height).is_some_and(|seconds| seconds * 10 >= all * 8)
    }
}
