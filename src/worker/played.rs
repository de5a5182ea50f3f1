//! When a media time is played: gaps at which a segment begins are not played, so a player's clock runs behind the tape's.

use super::segments::Cutting;

/// Follows the times of the video's access units.
pub struct Played {
    cutting: Cutting,
    from_90k: i64,
    latest_90k: Option<i64>,
    /// (where it ends, how long it is)
    holes: Vec<(i64, i64)>,
}

/// Units come in decoding order: their times jump by a few pictures, never by so much.
const HOLE_90K: i64 = 45_000;
/// What the last picture before a hole is shown for, about.
const PICTURE_90K: i64 = 3_600;

impl Played {
    pub fn new(cutting: Cutting, from_90k: i64) -> Self {
        Self { cutting, from_90k, latest_90k: None, holes: Vec::new() }
    }

    pub fn note(&mut self, pts_90k: i64) {
        if pts_90k < self.from_90k {
            return;
        }
        let latest = self.latest_90k.unwrap_or(pts_90k);
        // Inside a segment the last picture is held over the hole.
        if pts_90k - latest > HOLE_90K && self.cutting.segment_of(latest) != self.cutting.segment_of(pts_90k) {
            self.holes.push((pts_90k, pts_90k - latest - PICTURE_90K));
        }
        self.latest_90k = Some(latest.max(pts_90k));
    }

    /// Milliseconds from the beginning.
    pub fn ms(&self, media_90k: i64) -> i64 {
        let unplayed: i64 = self.holes.iter().filter(|&&(end, _)| end <= media_90k).map(|&(_, length)| length).sum();
        (media_90k - self.from_90k - unplayed).max(0) / 90
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_at_boundaries_are_not_played() {
        let mut played = Played::new(Cutting::At(vec![0, 900_000]), 0);
        for pts in [0, 7_200, 3_600, 96_400, 100_000, 900_000, 903_600] {
            played.note(pts);
        }
        assert_eq!(played.ms(100_000), 1111, "the hole inside the first segment is held");
        assert_eq!(played.ms(900_000), (100_000 + PICTURE_90K) / 90);
    }
}
