//! What an operator should know of a channel although its signal is there: mostly of its guide.

use crate::base::UtcMs;

/// One remark, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// When it was last made.
    pub at: UtcMs,
    pub words: String,
}

/// So many are kept.
const KEPT: usize = 20;

/// Adds a remark; one that is there already only gets its new time.
pub fn add(notes: &mut Vec<Note>, at: UtcMs, words: String) {
    notes.retain(|note| note.words != words);
    notes.push(Note { at, words });
    let old = notes.len().saturating_sub(KEPT);
    notes.drain(..old);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_are_kept_and_each_once() {
        let mut notes = Vec::new();
        (0..30).for_each(|n| add(&mut notes, UtcMs(n), format!("{}", n % 25)));
        assert_eq!(notes.len(), KEPT);
        assert_eq!((notes[0].words.as_str(), notes[KEPT - 1].words.as_str()), ("10", "4"));
    }
}
