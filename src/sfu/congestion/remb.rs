//! Peers without transport-wide feedback: the receiver estimates (draft-alvestrand-rmcat-remb-03), and losses come by receiver reports
//! (RFC 3550, section 6.4.1).

/// Losses up to here are the air's, above they are the line's.
const LOSS_MAX: f64 = 0.10;
/// Below it there is room.
const LOSS_FREE: f64 = 0.02;
const RISE_PER_S: f64 = 1.08;
const CUT_EXTRA_US: i64 = 300_000;
/// A receiver that has stopped saying REMB no longer bounds anything after this long.
const REMB_OLD_US: i64 = 20_000_000;

#[derive(Debug)]
pub struct Remb {
    estimate_bps: f64,
    said_bps: Option<(i64, f64)>,
    next_cut_us: i64,
    reported_us: Option<i64>,
}

impl Remb {
    pub fn new(start_bps: f64) -> Self {
        Self { estimate_bps: start_bps, said_bps: None, next_cut_us: 0, reported_us: None }
    }

    pub fn estimate_bps(&self) -> f64 {
        self.estimate_bps
    }

    /// The receiver's own estimate: a bound, and where it is the only voice, the estimate.
    pub fn said(&mut self, now_us: i64, bitrate_bps: f64) {
        self.said_bps = Some((now_us, bitrate_bps));
        let is_losing = now_us < self.next_cut_us;
        self.estimate_bps = if is_losing { self.estimate_bps.min(bitrate_bps) } else { bitrate_bps };
    }

    /// `fraction_lost` from 0 to 1.
    pub fn reported(&mut self, now_us: i64, fraction_lost: f64, rtt_us: i64) {
        let elapsed_s = (now_us - self.reported_us.replace(now_us).unwrap_or(now_us)).clamp(0, 5_000_000) as f64 / 1e6;
        if fraction_lost > LOSS_MAX {
            if now_us >= self.next_cut_us {
                self.estimate_bps *= 1.0 - 0.5 * fraction_lost;
                // REMB does not raise it again before the cut can have shown.
                self.next_cut_us = now_us + rtt_us.clamp(0, 2_000_000) + CUT_EXTRA_US;
            }
        } else if fraction_lost < LOSS_FREE {
            self.estimate_bps *= RISE_PER_S.powf(elapsed_s);
        }
        if let Some((at_us, said_bps)) = self.said_bps
            && now_us - at_us < REMB_OLD_US
        {
            self.estimate_bps = self.estimate_bps.min(said_bps);
        }
    }
}
