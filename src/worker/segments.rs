//! From encoded samples to segments that begin where the task says.

use yizhan::base::work::Event;
use yizhan::cmaf::Sample;
use yizhan::ts::TICKS_PER_SECOND;

use super::rendition::{PublishError, Rendition};

/// Where segments begin.
#[derive(Debug, Clone)]
pub enum Cutting {
    /// At these media times, ascending.
    At(Vec<i64>),
    /// At every whole multiple of so many ticks after `from_90k`.
    Every { from_90k: i64, ticks: i64 },
}

impl Cutting {
    /// The number of the segment that is shown at this time; `None` before the first.
    pub fn segment_of(&self, media_90k: i64) -> Option<u64> {
        match self {
            Self::At(starts) => starts.partition_point(|&start| start <= media_90k).checked_sub(1).map(|n| n as u64),
            Self::Every { from_90k, ticks } => u64::try_from((media_90k - from_90k).div_euclid((*ticks).max(1))).ok(),
        }
    }
}

/// Gathers one rung's samples, in decoding order, into segments.
pub struct Segmenter {
    cutting: Cutting,
    rendition: Rendition,
    /// Ticks a second of the samples' times.
    timescale: u32,
    /// How many ticks a sample lasts where none follows it closely.
    nominal: i64,
    number: Option<u64>,
    pending: Vec<Sample>,
}

impl Segmenter {
    pub fn new(cutting: Cutting, rendition: Rendition, timescale: u32, nominal: i64) -> Self {
        Self { cutting, rendition, timescale, nominal, number: None, pending: Vec::new() }
    }

    pub fn rendition(&mut self) -> &mut Rendition {
        &mut self.rendition
    }

    /// A segment ends before the first key sample that belongs to a later one; its GOPs are closed, so no sample of it comes after that.
    pub fn push(&mut self, sample: Sample) -> Result<(), PublishError> {
        if sample.key {
            // Near UTC the product needs more than 64 bits.
            let media_90k = (i128::from(sample.pts) * i128::from(TICKS_PER_SECOND) / i128::from(self.timescale.max(1))) as i64;
            let number = self.cutting.segment_of(media_90k);
            if number.is_none() {
                return Ok(()); // before the cut
            }
            if number != self.number {
                self.flush(Some(sample.pts))?;
                self.number = number;
            }
        }
        if self.number.is_some() {
            self.pending.push(sample);
        }
        Ok(())
    }

    /// Writes what is gathered; `next` is when the following segment begins.
    fn flush(&mut self, next: Option<i64>) -> Result<(), PublishError> {
        let mut samples = std::mem::take(&mut self.pending);
        let (Some(number), false) = (self.number, samples.is_empty()) else { return Ok(()) };
        time(&mut samples, next, self.nominal);
        self.rendition.publish(number, &samples)
    }

    /// Writes the last segment and returns what is to be told about the whole.
    pub fn finish(&mut self) -> Result<Option<Event>, PublishError> {
        self.flush(None)?;
        self.rendition.finish()
    }
}

/// Gives the samples of a closed segment decoding times and durations: the n-th decoded takes the time of the n-th shown. So a segment begins exactly
/// at its first picture, durations are those of the pictures, and composition offsets may be negative (`trun` version 1).
fn time(samples: &mut [Sample], next: Option<i64>, nominal: i64) {
    let mut shown: Vec<i64> = samples.iter().map(|s| s.pts).collect();
    shown.sort_unstable();
    let last = shown.last().copied().unwrap_or_default();
    // A gap between segments stays one: the last picture is not stretched over it.
    let end = next.filter(|next| (1..3 * nominal).contains(&(next - last))).unwrap_or(last + nominal);
    shown.push(end);
    for (sample, times) in samples.iter_mut().zip(shown.windows(2)) {
        sample.dts = times[0];
        sample.duration = u32::try_from(times[1] - times[0]).unwrap_or(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(pts: i64) -> Sample {
        Sample { dts: 0, pts, duration: 0, key: false, data: vec![] }
    }

    #[test]
    fn decoding_times_are_the_shown_ones_in_order() {
        let mut samples = [sample(0), sample(14_400), sample(7_200), sample(3_600), sample(10_800)];
        time(&mut samples, Some(18_000), 3_600);
        let times: Vec<(i64, i64, u32)> = samples.iter().map(|s| (s.dts, s.pts, s.duration)).collect();
        assert_eq!(times, [(0, 0, 3600), (3600, 14_400, 3600), (7200, 7200, 3600), (10_800, 3600, 3600), (14_400, 10_800, 3600)]);
    }

    #[test]
    fn a_gap_is_not_closed_by_stretching() {
        let mut samples = [sample(0), sample(3_600)];
        time(&mut samples, Some(900_000), 3_600);
        assert_eq!(samples[1].duration, 3_600);
    }

    #[test]
    fn segments_are_found_by_time() {
        let given = Cutting::At(vec![100, 200, 300]);
        assert_eq!([99, 100, 299, 10_000].map(|t| given.segment_of(t)), [None, Some(0), Some(1), Some(2)]);
        let every = Cutting::Every { from_90k: 100, ticks: 50 };
        assert_eq!([99, 100, 149, 150].map(|t| every.segment_of(t)), [None, Some(0), Some(0), Some(1)]);
    }
}
