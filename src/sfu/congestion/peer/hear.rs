//! What the peer's feedback says: which packets came, which did not, and when.

use std::time::Instant;

use super::{Congestion, Voice};
use crate::sfu::congestion::history::{Answer, State};
use crate::sfu::congestion::twcc::{Feedback, REFERENCE_US, TwccError};

/// A receiver's clock that is this far from where it should be was set anew.
const CLOCK_JUMP_US: i64 = 10_000_000;

impl Congestion {
    /// The FCI of a transport-wide feedback message came.
    pub fn feedback(&mut self, now: Instant, fci: &[u8]) -> Result<(), TwccError> {
        let feedback = Feedback::parse(fci)?;
        let now_us = self.since_epoch(now);
        let (reference_us, is_clock_new) = self.clock.unwrap(now_us, feedback.reference_time());
        if is_clock_new {
            self.forget_clock();
        }
        let mut heard = Heard::default();
        for (sequence, arrival_us) in feedback.packets_from(reference_us) {
            match (self.history.answer(sequence, arrival_us.is_some()), arrival_us) {
                (Answer::Received { sent, before }, Some(arrival_us)) => {
                    // One that was passed over is counted already.
                    if before != State::Passed {
                        self.arriving.record(arrival_us, sent.bytes);
                        self.leaving.record(sent.at_us, sent.bytes);
                    }
                    heard.note(sequence, sent.at_us, arrival_us);
                    self.bunches.record(sent.at_us, sent.bytes, arrival_us);
                    if before == State::Missing {
                        self.loss.found();
                        continue;
                    }
                    self.loss.record(sent.at_us, sent.bytes, Some(arrival_us.saturating_sub(sent.at_us)));
                    if sent.cluster != 0 {
                        self.probing.answered(sent.cluster, sent.at_us, sent.bytes, Some(arrival_us));
                    }
                    if !self.probing.is_disturbed(sent.at_us, sent.cluster) {
                        self.detector.record(sent.at_us, arrival_us);
                        self.is_detector_paused = false;
                    } else if !self.is_detector_paused {
                        self.detector.pause();
                        self.is_detector_paused = true;
                    }
                }
                (Answer::Lost(sent), _) => {
                    self.loss.record(sent.at_us, sent.bytes, None);
                    if sent.cluster != 0 {
                        self.probing.answered(sent.cluster, sent.at_us, sent.bytes, None);
                    }
                }
                _ => {}
            }
        }
        if let Some(heard) = heard.finish() {
            self.voice = Voice::Transport;
            // Where a message was lost, what it would have told of is taken to have come as the rest did: else each lost message looks like a narrower line.
            self.history.reach(heard.last_sequence, |passed| {
                self.arriving.record(passed.at_us.saturating_add(heard.least_delay_us), passed.bytes);
                self.leaving.record(passed.at_us, passed.bytes);
            });
            self.waiting_since_us = None;
            self.is_starved = false;
            self.messages += 1;
            // What the message itself waited at the receiver falls out, except behind its last packet.
            let rtt_us = now_us.saturating_sub(heard.last_arrival_us).saturating_add(heard.least_delay_us).clamp(0, 10_000_000);
            self.rtt_us = Some(self.rtt_us.map_or(rtt_us, |known| known + (rtt_us - known) / 8));
            self.queue.record(now_us, heard.least_delay_us);
            self.judge(now_us);
        }
        Ok(())
    }

    fn forget_clock(&mut self) {
        self.arriving.reset();
        self.detector.reset();
        self.queue.reset();
        self.loss.forget_delays();
    }
}

/// What one message has said altogether.
#[derive(Debug, Default)]
struct Heard {
    known: Option<Told>,
}

#[derive(Debug, Clone, Copy)]
struct Told {
    last_sequence: u16,
    last_arrival_us: i64,
    least_delay_us: i64,
}

impl Heard {
    #[inline]
    fn note(&mut self, sequence: u16, sent_us: i64, arrival_us: i64) {
        let delay_us = arrival_us.saturating_sub(sent_us);
        let told = self.known.get_or_insert(Told { last_sequence: sequence, last_arrival_us: arrival_us, least_delay_us: delay_us });
        told.last_sequence = sequence;
        told.last_arrival_us = told.last_arrival_us.max(arrival_us);
        told.least_delay_us = told.least_delay_us.min(delay_us);
    }

    fn finish(self) -> Option<Told> {
        self.known
    }
}

/// Unwraps the reference time of 24 bits.
#[derive(Debug, Default)]
pub(super) struct ReceiverClock {
    last: Option<(i64, u32, i64)>,
}

impl ReceiverClock {
    /// Microseconds on the receiver's clock, and whether it was set anew.
    fn unwrap(&mut self, now_us: i64, reference: u32) -> (i64, bool) {
        let Some((last_now_us, last, last_us)) = self.last else {
            let us = i64::from(reference) * REFERENCE_US;
            self.last = Some((now_us, reference, us));
            return (us, false);
        };
        // Sign-extended difference of 24 bits.
        let steps = i64::from((reference.wrapping_sub(last) << 8) as i32 >> 8);
        let is_new = (steps * REFERENCE_US - (now_us - last_now_us)).abs() > CLOCK_JUMP_US;
        // A message that was overtaken does not set the clock back; one of another clock sets it as it is.
        let us = if is_new { i64::from(reference) * REFERENCE_US } else { last_us + steps * REFERENCE_US };
        if steps > 0 || is_new {
            self.last = Some((now_us, reference, us));
        }
        (us, is_new)
    }
}
