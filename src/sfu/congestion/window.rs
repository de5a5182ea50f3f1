//! Mean and deviation of what was seen lately.

#[derive(Debug, Clone, Copy, Default)]
pub struct Moments {
    count: f64,
    sum: f64,
    squares: f64,
}

impl Moments {
    #[inline]
    pub fn add(&mut self, value: f64) {
        self.count += 1.0;
        self.sum += value;
        self.squares += value * value;
    }

    /// What was seen before now counts for this much of what is to come.
    pub fn fade(&mut self, share: f64) {
        self.count *= share;
        self.sum *= share;
        self.squares *= share;
    }

    pub fn count(&self) -> f64 {
        self.count
    }

    pub fn mean(&self) -> f64 {
        if self.count > 0.0 { self.sum / self.count } else { 0.0 }
    }

    pub fn deviation(&self) -> f64 {
        let mean = self.mean();
        if self.count > 0.0 { (self.squares / self.count - mean * mean).max(0.0).sqrt() } else { 0.0 }
    }
}
