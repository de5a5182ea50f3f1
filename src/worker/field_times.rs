//! Right times behind `deinterlace`. It gives one picture for each frame, in order, but GStreamer 1.22 gives the first the time of the second, and the
//! last that of the one before.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use gstreamer as gst;
use gstreamer::ClockTime;
use gstreamer::prelude::*;

use super::transcode::lock;

/// The times of the frames inside, and what the pictures that come out of it are given.
#[derive(Default)]
struct FieldTimes {
    inside: VecDeque<ClockTime>,
    last: Option<ClockTime>,
    /// The next picture is the first after a start or a gap.
    fresh: bool,
    ending: bool,
}

/// More frames than any method keeps.
const MOST_INSIDE: usize = 64;

impl FieldTimes {
    fn enter(&mut self, pts: ClockTime, is_first: bool) {
        self.fresh |= is_first;
        self.inside.push_back(pts);
        if self.inside.len() > MOST_INSIDE {
            self.inside.pop_front();
        }
    }

    /// The time of the picture that comes out under `said`; `None` where it is one too many.
    fn leave(&mut self, said: ClockTime) -> Option<ClockTime> {
        let heard_of = self.last.is_some_and(|last| said <= last);
        let early = self.fresh && self.inside.get(1) == Some(&said);
        let time = match (heard_of, early, self.ending) {
            (true, _, false) => return None,
            (true, _, true) | (false, true, _) => self.inside.pop_front()?,
            (false, false, _) => said,
        };
        while self.inside.front().is_some_and(|&inside| inside <= time) {
            self.inside.pop_front();
        }
        self.fresh = false;
        self.last = Some(time);
        Some(time)
    }
}

/// Watches both sides of the element.
pub fn correct(deinterlace: &gst::Element) {
    let times = Arc::new(Mutex::new(FieldTimes::default()));
    let (entering, leaving) = (Arc::clone(&times), times);
    if let Some(pad) = deinterlace.static_pad("sink") {
        pad.add_probe(gst::PadProbeType::BUFFER | gst::PadProbeType::EVENT_DOWNSTREAM, move |_, info| {
            if let Some((pts, flags)) = info.buffer().and_then(|b| b.pts().map(|pts| (pts, b.flags()))) {
                lock(&entering).enter(pts, flags.contains(gst::BufferFlags::DISCONT));
            }
            if info.event().is_some_and(|e| e.type_() == gst::EventType::Eos) {
                lock(&entering).ending = true;
            }
            gst::PadProbeReturn::Ok
        });
    }
    if let Some(pad) = deinterlace.static_pad("src") {
        pad.add_probe(gst::PadProbeType::BUFFER, move |_, info| {
            let Some(buffer) = info.buffer_mut() else { return gst::PadProbeReturn::Ok };
            let Some(said) = buffer.pts() else { return gst::PadProbeReturn::Drop };
            match lock(&leaving).leave(said) {
                Some(time) if time != said => buffer.make_mut().set_pts(time),
                Some(_) => {}
                None => return gst::PadProbeReturn::Drop,
            }
            gst::PadProbeReturn::Ok
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_and_the_last_get_their_own_times() {
        let at = ClockTime::from_mseconds;
        let mut times = FieldTimes::default();
        for ms in [0, 40, 80] {
            times.enter(at(ms), ms == 0);
        }
        let said = [40, 40, 80].map(|ms| times.leave(at(ms)).map(ClockTime::mseconds));
        assert_eq!(said, [Some(0), Some(40), Some(80)]);
        times.enter(at(120), false);
        times.enter(at(240), false);
        assert_eq!(times.leave(at(120)), Some(at(120)));
        assert_eq!(times.leave(at(120)), None, "a field too many");
        times.ending = true;
        assert_eq!(times.leave(at(120)), Some(at(240)));
    }
}
