//! Tracks that cross between threads: each packet by a bounded queue, once, to every thread where somebody takes it.

use std::time::Instant;

use super::ThreadHandle;
use super::run::Thread;
use crate::sfu::{Need, Rejected, RelayId, TrackId, UplinkOptions};

/// Packets on their way to a thread. One that does not keep up loses what comes then, like a line.
pub(super) const CROSSING: usize = 8_192;

impl Thread {
    pub(super) fn mirror(&mut self, uplink: UplinkOptions, from: ThreadHandle, is_muted: bool) -> Result<(), Rejected> {
        let track = uplink.track;
        self.forward.add_mirror(uplink)?;
        self.forward.mute(track, is_muted);
        self.homes.insert(track, from);
        Ok(())
    }

    pub(super) fn needed(&mut self, now: Instant, track: TrackId, need: Need, by: ThreadHandle) {
        let relay = RelayId(by.index);
        self.forward.need(now, track, relay, need);
        self.neighbours.entry(relay).or_insert(by);
    }

    /// What came from other threads.
    pub(super) fn take_relayed(&mut self) {
        let now = Instant::now();
        for _ in 0..CROSSING {
            let Ok(relayed) = self.relayed.try_recv() else { break };
            self.forward.receive_relayed(now, relayed);
        }
    }

    /// What goes to other threads.
    pub(super) fn relay(&mut self) {
        while let Some((relay, relayed)) = self.forward.poll_relayed() {
            let Some(neighbour) = self.neighbours.get(&relay) else { continue };
            match neighbour.relayed.try_send(relayed) {
                Ok(()) => neighbour.waker.wake(),
                Err(_) => self.relay_full += 1,
            }
        }
        while let Some((track, need)) = self.forward.poll_need() {
            if let Some(home) = self.homes.get(&track) {
                home.send(super::Command::Needed { track, need, by: self.own.clone() });
            }
        }
    }
}
