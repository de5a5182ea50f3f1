//! What of a meeting is kept: its state as it is now, what was done, and its booking's state and end.

use super::MeetingActor;
use crate::conduct::Phase;
use crate::meeting::MeetingState;
use crate::org::Actor as Doer;
use crate::store::{Done, Passed};

impl MeetingActor {
    pub(super) async fn keep(&mut self, done: &[Done], passed: &[Passed]) {
        let kept = serde_json::to_string(&self.conduct).unwrap_or_default();
        self.note(self.store.keep_conduct(&self.id, &kept, done, passed).await.err());
        if self.booked.state == MeetingState::Booked && !matches!(self.conduct.phase, Phase::Called | Phase::Closed) {
            self.set_state(MeetingState::Open).await;
        }
        if self.conduct.is_over() {
            self.note(self.store.end_stays(&self.id, self.clock.now()).await.err());
            self.set_state(MeetingState::Closed).await;
        }
        if self.conduct.ends != self.booked.ends && self.booked.state == MeetingState::Open {
            self.booked.ends = self.conduct.ends;
            self.note(self.meetings.set_end(&Doer::server(), &self.id, self.booked.ends).await.err());
        }
    }

    async fn set_state(&mut self, state: MeetingState) {
        self.booked.state = state;
        self.note(self.meetings.set_state(&Doer::server(), &self.id, state).await.err());
    }
}
