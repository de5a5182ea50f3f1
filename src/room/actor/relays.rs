//! Tracks on the media threads of the room: published on one, mirrored on those where others take them.

use std::collections::BTreeSet;

use super::RoomActor;
use crate::sfu::{DownlinkOptions, PeerId, TrackId, UplinkOptions};
use crate::transport::{Command, Place};

/// A track that flows, and where.
pub(super) struct Published {
    thread: usize,
    uplink: UplinkOptions,
    is_muted: bool,
    mirrors: BTreeSet<usize>,
}

impl RoomActor {
    /// Where a newcomer's connections are.
    pub(super) fn place(&self) -> Place {
        let already = self.participants.values().filter(|participant| participant.thread() == self.home).count();
        self.media.place(self.home, already)
    }

    pub(super) fn command(&self, thread: usize, command: Command) {
        self.media.thread(thread).send(command);
    }

    pub(super) fn publish_on(&mut self, thread: usize, peer: PeerId, uplink: UplinkOptions, is_muted: bool) {
        let track = uplink.track;
        self.published.insert(track, Published { thread, uplink: uplink.clone(), is_muted, mirrors: BTreeSet::new() });
        self.command(thread, Command::Publish { peer, uplink: Box::new(uplink) });
        if is_muted {
            self.command(thread, Command::Mute { track, is_muted });
        }
    }

    pub(super) fn mute_everywhere(&mut self, track: TrackId, is_muted: bool) {
        let Some(published) = self.published.get_mut(&track) else { return };
        published.is_muted = is_muted;
        for thread in published.threads() {
            self.media.thread(thread).send(Command::Mute { track, is_muted });
        }
    }

    pub(super) fn unpublish_everywhere(&mut self, track: TrackId) {
        let Some(published) = self.published.remove(&track) else { return };
        for thread in published.threads() {
            self.command(thread, Command::Unpublish { track });
        }
    }

    /// A mirror costs nothing while nobody takes it, so it stays as long as its track.
    pub(super) fn subscribe_on(&mut self, thread: usize, peer: PeerId, downlink: DownlinkOptions) {
        let Some(published) = self.published.get_mut(&downlink.track) else { return };
        if thread != published.thread && published.mirrors.insert(thread) {
            let from = self.media.thread(published.thread).clone();
            let (uplink, is_muted) = (Box::new(published.uplink.clone()), published.is_muted);
            self.media.thread(thread).send(Command::Mirror { uplink, from, is_muted });
        }
        self.command(thread, Command::Subscribe { peer, downlink: Box::new(downlink) });
    }
}

impl Published {
    fn threads(&self) -> impl Iterator<Item = usize> {
        std::iter::once(self.thread).chain(self.mirrors.iter().copied())
    }
}
