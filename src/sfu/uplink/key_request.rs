//! When a publisher is asked for a key picture: at once, but not for every subscriber that wants one.

use std::time::{Duration, Instant};

/// Between two requests that were not answered.
const REPEAT: Duration = Duration::from_millis(300);
/// Between a key picture and the next request: a subscriber that asks all the time must not ruin the picture for all.
const REST: Duration = Duration::from_millis(700);

#[derive(Debug, Default)]
pub struct KeyRequest {
    wanted: bool,
    asked: Option<Instant>,
    came: Option<Instant>,
    tries: u32,
}

impl KeyRequest {
    pub fn want(&mut self) {
        self.wanted = true;
    }

    /// A key picture begins.
    pub fn came(&mut self, now: Instant) {
        *self = Self { came: Some(now), ..Self::default() };
    }

    pub fn is_wanted(&self) -> bool {
        self.wanted
    }

    /// Whether the last key picture is so long ago.
    pub fn rested(&self, now: Instant, pause: Duration) -> bool {
        self.came.is_none_or(|came| now.saturating_duration_since(came) >= pause)
    }

    /// Whether to ask now.
    pub fn due(&mut self, now: Instant) -> bool {
        let passed = |since: Option<Instant>, pause: Duration| since.is_none_or(|since| now.saturating_duration_since(since) >= pause);
        // A publisher that does not answer is asked less and less often, down to every 4.8 s.
        let is_due = self.wanted && passed(self.came, REST) && passed(self.asked, REPEAT * (1 << self.tries.min(5).saturating_sub(1)));
        if is_due {
            self.asked = Some(now);
            self.tries += 1;
        }
        is_due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_wishes_are_one_request_and_a_storm_is_throttled() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut request = KeyRequest::default();
        assert!(!request.due(at(0)));
        request.want();
        request.want();
        assert!(request.due(at(0)), "the first is not delayed");
        assert!(!request.due(at(100)));
        assert!(request.due(at(300)), "repeated when nothing comes");
        request.came(at(350));
        assert!(!request.due(at(2_000)), "it is answered");
        request.came(at(3_000));
        let asked = (3_000..13_000).filter(|ms| {
            request.want();
            let is_due = request.due(at(*ms));
            if is_due {
                request.came(at(*ms + 1));
            }
            is_due
        });
        assert!(asked.count() <= 15);
    }
}
