//! From datagrams to packets: what each one carries is told by looking at it, not by what the operator called it.

use std::fmt::Write;

use super::chunk::Gatherer;
use super::rtp::{Header, PAYLOAD_TYPE_MP2T, Window};
use super::{Outlet, Settings};
use crate::base::UtcMs;
use crate::ts::sync::{PacketSync, is_packets};

/// What the operator says the datagrams carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Udp,
    Rtp,
}

/// So many datagrams in a row without a packet, or so long, and the source is said not to be a transport stream.
const WRONG_DATAGRAMS: u32 = 10;
const WRONG_MILLISECONDS: i64 = 1000;

/// The state of one socket's stream.
pub(super) struct Datagrams {
    kind: Kind,
    window: Window,
    sync: PacketSync,
    /// Since when, and how many datagrams, no packet was found.
    wrong: Option<(UtcMs, u32)>,
    has_failed: bool,
    told: Told,
}

/// What was said once and need not be said for every datagram.
#[derive(Default)]
struct Told {
    other_kind: bool,
    misaligned: bool,
    second_sender: bool,
    truncated: bool,
}

enum Carries<'a> {
    Packets(&'a [u8]),
    Rtp(Header, &'a [u8]),
    /// Perhaps packets that do not begin with the datagram.
    Unknown,
}

fn look(data: &[u8]) -> Carries<'_> {
    if is_packets(data) {
        return Carries::Packets(data);
    }
    match Header::parse(data) {
        Some((header, payload)) if is_packets(payload) => Carries::Rtp(header, payload),
        // A sender may name its own payload type, but then what it carries must look like packets.
        Some((header, payload)) if header.payload_type == PAYLOAD_TYPE_MP2T => Carries::Rtp(header, payload),
        _ => Carries::Unknown,
    }
}

impl Datagrams {
    pub fn new(kind: Kind, settings: &Settings) -> Self {
        Self {
            kind,
            window: Window::new(settings.reorder_packets, settings.reorder_milliseconds),
            sync: PacketSync::default(),
            wrong: None,
            has_failed: false,
            told: Told::default(),
        }
    }

    /// Takes a datagram and gives its packets to the chunk under way.
    pub fn take(&mut self, data: &[u8], at: UtcMs, to: &mut Gatherer, outlet: &Outlet) {
        let found = match look(data) {
            Carries::Packets(packets) => {
                to.take(packets, at);
                self.tell_kind(Kind::Udp, outlet);
                true
            }
            Carries::Rtp(header, payload) => {
                self.tell_kind(Kind::Rtp, outlet);
                let sync = &mut self.sync;
                let mut found = false;
                // A packet that is held back counts as found: it is RTP and will be given on.
                let mut held = true;
                self.window.push(&header, payload, at, &mut |payload, at| {
                    held = false;
                    found |= give(sync, payload, at, to);
                });
                self.account(to, outlet);
                found || held
            }
            Carries::Unknown => {
                let found = give(&mut self.sync, data, at, to);
                if found && !std::mem::replace(&mut self.told.misaligned, true) {
                    outlet.notice("packets do not begin with the datagrams (or are not 188 bytes apart); they are put in line");
                }
                found
            }
        };
        match found {
            true => (self.wrong, self.has_failed) = (None, false),
            false => self.wrong(data, at, to, outlet),
        }
    }

    /// Gives up RTP packets that are waited for too long.
    pub fn expire(&mut self, now: UtcMs, to: &mut Gatherer, outlet: &Outlet) {
        let sync = &mut self.sync;
        self.window.expire(now, &mut |payload, at| {
            give(sync, payload, at, to);
        });
        self.account(to, outlet);
    }

    pub fn truncated(&mut self, outlet: &Outlet) {
        outlet.rejected(1);
        if !std::mem::replace(&mut self.told.truncated, true) {
            outlet.notice("datagrams longer than 9,216 bytes are cut off");
        }
    }

    fn account(&mut self, to: &mut Gatherer, outlet: &Outlet) {
        let counts = self.window.take_counts();
        to.lost(counts.lost);
        if counts.foreign > 0 {
            outlet.rejected(counts.foreign);
            if !std::mem::replace(&mut self.told.second_sender, true) {
                outlet.notice("a second RTP sender, or packets far out of sequence, are ignored");
            }
        }
        if counts.restarts > 0 {
            outlet.notice("the RTP sender began anew");
        }
    }

    fn tell_kind(&mut self, found: Kind, outlet: &Outlet) {
        if found != self.kind && !std::mem::replace(&mut self.told.other_kind, true) {
            outlet.notice(match found {
                Kind::Rtp => "this is RTP; it is received as such",
                Kind::Udp => "this is plain UDP without RTP; it is received as such, but loss cannot be counted",
            });
        }
    }

    fn wrong(&mut self, data: &[u8], at: UtcMs, to: &mut Gatherer, outlet: &Outlet) {
        outlet.rejected(1);
        let (since, count) = self.wrong.map_or((at, 1), |(since, count)| (since, count.saturating_add(1)));
        self.wrong = Some((since, count));
        if !self.has_failed && (count >= WRONG_DATAGRAMS || at - since >= WRONG_MILLISECONDS) {
            self.has_failed = true;
            // What came before is delivered before: a chunk after the failure says that packets flow again.
            if let Some(chunk) = to.finish() {
                outlet.push(chunk);
            }
            outlet.failed(NotTransportStream::seen(data));
        }
    }
}

fn give(sync: &mut PacketSync, bytes: &[u8], at: UtcMs, to: &mut Gatherer) -> bool {
    if is_packets(bytes) {
        to.take(bytes, at);
        return true;
    }
    let mut found = false;
    sync.push(bytes, |packet| {
        to.take(packet.bytes(), at);
        found = true;
    });
    found
}

/// `not a transport stream: first bytes 0x52494646`.
#[derive(Debug, thiserror::Error)]
#[error("not a transport stream: {what}")]
pub(super) struct NotTransportStream {
    what: String,
}

impl NotTransportStream {
    pub fn seen(data: &[u8]) -> Self {
        let hex = data.iter().take(8).fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        let what = match Header::parse(data) {
            _ if data.is_empty() => "it is empty".to_owned(),
            Some((header, _)) => format!("RTP with payload type {} (a transport stream has 33): first bytes 0x{hex}", header.payload_type),
            None => format!("first bytes 0x{hex}"),
        };
        Self { what }
    }
}
