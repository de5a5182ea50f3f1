//! The sound: a pair of tones per programme that swells and falls each second, so that lips and clocks can be checked. Pure.

use std::f32::consts::TAU;

use super::schedule;
use yizhan::base::UtcMs;

pub const RATE: u32 = 48_000;
pub const CHANNELS: usize = 2;

/// Interleaved 16-bit samples of `milliseconds` from an instant on.
pub fn samples(from: UtcMs, milliseconds: i64) -> Vec<u8> {
    let per_millisecond = i64::from(RATE / 1000);
    (0..milliseconds * per_millisecond)
        .flat_map(|n| {
            let at = from + n / per_millisecond;
            let second = at.0.div_euclid(1000) as f32;
            // Phase from the second's beginning: no drift, and a quiet place where it starts anew.
            let t = at.0.rem_euclid(1000) as f32 / 1000.0 + (n % per_millisecond) as f32 / RATE as f32;
            let swell = 0.25 * (t * TAU / 2.0).sin() * if second as i64 % 2 == 0 { 1.0 } else { 0.7 };
            let tones = schedule::at(at).programme.tones_hz;
            tones.map(|hz| ((t * hz * TAU).sin() * swell * 32_767.0) as i16)
        })
        .flat_map(i16::to_le_bytes)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_join_to_the_whole() {
        let from = UtcMs(1_795_276_859_990);
        let whole = samples(from, 40);
        assert_eq!(whole.len(), 40 * 48 * CHANNELS * 2);
        assert_eq!(whole, [samples(from, 20), samples(from + 20, 20)].concat());
    }
}
