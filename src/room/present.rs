//! How many are in all rooms together.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Shared by the rooms of a process.
#[derive(Debug, Clone, Default)]
pub struct Present(Arc<AtomicUsize>);

impl Present {
    pub fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    /// A room that was counted with `counted` has `now`.
    pub fn change(&self, counted: &mut usize, now: usize) {
        let before = std::mem::replace(counted, now);
        self.0.fetch_add(now, Ordering::Relaxed);
        let all = self.0.fetch_sub(before, Ordering::Relaxed) - before;
        metrics::gauge!("yizhan_room_participants").set(all as f64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rooms_are_added_up() {
        let present = Present::default();
        let (mut one, mut other) = (0, 0);
        present.change(&mut one, 3);
        present.change(&mut other, 2);
        present.change(&mut one, 1);
        assert_eq!((present.count(), one, other), (3, 1, 2));
    }
}
