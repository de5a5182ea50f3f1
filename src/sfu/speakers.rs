//! Who speaks: the loudest few, without flicker.

use std::time::{Duration, Instant};

use super::TrackId;

/// A track that spoke stays a speaker for this long after its last word.
const HOLD: Duration = Duration::from_millis(900);
/// So much of the last intervals must have been voice to become one.
const INTERVALS: u32 = 2;
/// Softer than this is a room's noise (RFC 6464: −dBov).
const FLOOR: u8 = 55;
/// A challenger must be louder than the softest speaker by so much to take its place at once (dB).
const MARGIN: f32 = 3.0;

#[derive(Debug, Clone, Copy)]
struct Voice {
    track: TrackId,
    /// −dBov, smoothed.
    level: f32,
    streak: u32,
    last_word: Option<Instant>,
    is_speaker: bool,
}

/// The loudest-N detector of a room.
#[derive(Debug, Default)]
pub struct Speakers {
    voices: Vec<Voice>,
    places: usize,
}

/// A speaker and how loud, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Speaker {
    pub track: TrackId,
    pub level: f32,
}

impl Speakers {
    pub fn new(places: usize) -> Self {
        Self { voices: Vec::new(), places }
    }

    /// What was heard of a track in the last interval (about 100 ms): the loudest packet, −dBov; None is silence.
    pub fn heard(&mut self, now: Instant, track: TrackId, minus_dbov: Option<u8>) {
        let at = match self.voices.iter().position(|voice| voice.track == track) {
            Some(at) => at,
            None => {
                self.voices.push(Voice { track, level: 127.0, streak: 0, last_word: None, is_speaker: false });
                self.voices.len() - 1
            }
        };
        let voice = &mut self.voices[at];
        let level = f32::from(minus_dbov.unwrap_or(127));
        voice.level += (level - voice.level) * if level < voice.level { 0.5 } else { 0.2 };
        if minus_dbov.is_some_and(|level| level <= FLOOR) {
            voice.streak += 1;
            voice.last_word = Some(now);
        } else {
            voice.streak = 0;
        }
    }

    pub fn forget(&mut self, track: TrackId) {
        self.voices.retain(|voice| voice.track != track);
    }

    /// The speakers now, loudest first; None when they are the same as before.
    pub fn update(&mut self, now: Instant) -> Option<Vec<Speaker>> {
        let before: Vec<TrackId> = self.speaking();
        for voice in &mut self.voices {
            let talks = voice.last_word.is_some_and(|last| now.saturating_duration_since(last) < HOLD);
            voice.is_speaker = talks && (voice.is_speaker || voice.streak >= INTERVALS);
        }
        // Those who speak already keep their place against a challenger that is only a little louder.
        self.voices.sort_by(|a, b| rank(a, &before).total_cmp(&rank(b, &before)).then(a.track.cmp(&b.track)));
        for voice in self.voices.iter_mut().filter(|voice| voice.is_speaker).skip(self.places) {
            voice.is_speaker = false;
        }
        let after = self.speaking();
        (before != after).then(|| self.speakers())
    }

    pub fn speakers(&self) -> Vec<Speaker> {
        let of = |voice: &Voice| Speaker { track: voice.track, level: (10.0_f32).powf(-voice.level / 20.0).sqrt().clamp(0.0, 1.0) };
        self.voices.iter().filter(|voice| voice.is_speaker).map(of).collect()
    }

    fn speaking(&self) -> Vec<TrackId> {
        self.voices.iter().filter(|voice| voice.is_speaker).map(|voice| voice.track).collect()
    }
}

fn rank(voice: &Voice, before: &[TrackId]) -> f32 {
    if before.contains(&voice.track) { voice.level - MARGIN } else { voice.level }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INTERVAL: Duration = Duration::from_millis(100);

    fn names(speakers: &Speakers) -> Vec<u64> {
        speakers.speakers().iter().map(|speaker| speaker.track.0).collect()
    }

    #[test]
    fn a_cough_is_no_speech_and_a_pause_is_no_end() {
        let start = Instant::now();
        let mut speakers = Speakers::new(3);
        let mut said = Vec::new();
        for n in 0..40_u32 {
            let now = start + INTERVAL * n;
            let talks = (10..15).contains(&n) || (18..20).contains(&n);
            speakers.heard(now, TrackId(1), talks.then_some(30));
            speakers.heard(now, TrackId(2), (n == 5).then_some(20));
            speakers.heard(now, TrackId(3), Some(70));
            if speakers.update(now).is_some() {
                said.push((n, names(&speakers)));
            }
        }
        assert_eq!(said, [(11, vec![1]), (28, vec![])]);
    }

    #[test]
    fn only_the_loudest_few_have_a_place_and_do_not_flicker() {
        let start = Instant::now();
        let mut speakers = Speakers::new(2);
        let mut changes = 0;
        for n in 0..100_u32 {
            let now = start + INTERVAL * n;
            let wobble = (n % 3) as u8;
            for (track, level) in [(1, 30), (2, 35), (3, 36 - wobble), (4, 50)] {
                speakers.heard(now, TrackId(track), Some(level));
            }
            changes += u32::from(speakers.update(now).is_some());
        }
        assert_eq!(names(&speakers).len(), 2);
        assert!(names(&speakers).contains(&1));
        assert!(changes <= 3, "{changes}");
    }
}
