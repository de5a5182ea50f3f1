//! The session: it drives ICE, DTLS, SRTP and SCTP.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::channel::{ChannelError, ChannelId, Reliability};
use super::dtls::{Dtls, Progress};
use super::ice::Agent;
use super::sctp::Sctp;
use super::srtp::{Opener, Sealer};
use super::{Closed, Counters, Event, Fingerprint, IceCredentials, Identity, Options, Path, Remote, RemoteError, SealError, Setup, Transmit};

/// Datagrams that wait for [`Session::poll_transmit`]; a caller that never asks loses what is over it.
const MAX_WAITING_TRANSMITS: usize = 4096;

/// One peer connection. Every method that is told the time may leave datagrams, events and another timeout behind.
pub struct Session {
    pub(super) options: Options,
    pub(super) identity: Arc<Identity>,
    pub(super) agent: Agent,
    pub(super) remote: Option<Described>,
    /// Made with the first DTLS datagram from a checked path.
    pub(super) dtls: Option<Dtls>,
    pub(super) media: Option<Media>,
    pub(super) sctp: Option<Sctp>,
    /// The handshake is done, the fingerprint is not compared yet: the description has not come.
    pub(super) is_unproven: bool,
    pub(super) is_closed: bool,
    /// The last authentic datagram of any kind.
    pub(super) heard: Instant,
    /// That nothing came for a while was told.
    pub(super) is_quiet: bool,
    transmits: VecDeque<Transmit>,
    pub(super) events: VecDeque<Event>,
    pub(super) counters: Counters,
}

/// Of the client's description, what DTLS needs.
pub(super) struct Described {
    pub fingerprint: Fingerprint,
    pub setup: Setup,
}

pub(super) struct Media {
    pub sealer: Sealer,
    pub opener: Opener,
}

/// Browsers check a line every 2.5 s (Chromium) to 6 s (RFC 7675, section 5.1), however little they send.
const QUIET: Duration = Duration::from_secs(8);

impl Session {
    pub fn new(now: Instant, identity: &Arc<Identity>, local: IceCredentials) -> Session {
        Session::with_options(now, identity, local, Options::default())
    }

    pub fn with_options(now: Instant, identity: &Arc<Identity>, local: IceCredentials, options: Options) -> Session {
        Session {
            options,
            identity: Arc::clone(identity),
            agent: Agent::new(now, local),
            remote: None,
            dtls: None,
            media: None,
            sctp: None,
            is_unproven: false,
            is_closed: false,
            heard: now,
            is_quiet: false,
            transmits: VecDeque::new(),
            events: VecDeque::new(),
            counters: Counters::default(),
        }
    }

    /// What the client's description says; before or after its first datagrams, and again with the client's new credentials after [`Session::restart_ice`].
    pub fn set_remote(&mut self, now: Instant, remote: Remote) -> Result<(), RemoteError> {
        if self.is_closed {
            return Err(RemoteError::Closed);
        }
        if let Some(described) = &self.remote {
            if described.fingerprint != remote.fingerprint {
                return Err(RemoteError::FingerprintChanged);
            }
            if described.setup != remote.setup {
                return Err(RemoteError::SetupChanged);
            }
        }
        if self.dtls.as_ref().is_some_and(|dtls| dtls.has_begun() && dtls.is_client() != (remote.setup == Setup::Passive)) {
            return Err(RemoteError::SetupChanged);
        }
        if self.remote.is_none() {
            self.agent.begin(now);
        }
        self.agent.set_remote(&remote.ice);
        self.remote = Some(Described { fingerprint: remote.fingerprint, setup: remote.setup });
        if self.is_unproven {
            self.prove(now);
        }
        self.begin_as_client(now);
        self.flush(now);
        Ok(())
    }

    /// New credentials of ours; the client's new ones follow by [`Session::set_remote`]. The old ones stay valid until a check came with the new ones; DTLS,
    /// the path and media go on.
    pub fn restart_ice(&mut self, _now: Instant, local: IceCredentials) {
        self.agent.restart(local);
    }

    pub fn handle_timeout(&mut self, now: Instant) {
        if self.is_closed {
            return;
        }
        // A connection that was never described waits: of two, clients use the second only when they have use for it.
        let quiet = now.saturating_duration_since(self.agent.last_check());
        if self.remote.is_some() && quiet >= self.options.consent {
            self.end(now, Closed::ConsentExpired { quiet });
        }
        if self.is_connected() && !self.is_quiet && self.quiet_for(now) >= QUIET {
            self.is_quiet = true;
            self.events.push_back(Event::Quiet(true));
        }
        if let Some(Progress::Failed(failure)) = self.dtls.as_mut().and_then(|dtls| dtls.handle_timeout(now, self.options.handshake)) {
            self.end(now, Closed::Failed(failure));
        }
        if let Some(sctp) = &mut self.sctp {
            sctp.handle_timeout(now, &mut self.counters);
        }
        self.flush(now);
    }

    /// When [`Session::handle_timeout`] is due. `None` once the session is closed.
    pub fn next_timeout(&self) -> Option<Instant> {
        if self.is_closed {
            return None;
        }
        let consent = self.remote.is_some().then(|| self.agent.last_check() + self.options.consent);
        let dtls = self.dtls.as_ref().and_then(Dtls::next_timeout);
        let sctp = self.sctp.as_ref().and_then(Sctp::next_timeout);
        let quiet = (self.is_connected() && !self.is_quiet).then(|| self.heard + QUIET);
        [consent, dtls, sctp, quiet].into_iter().flatten().min()
    }

    pub fn poll_transmit(&mut self) -> Option<Transmit> {
        self.transmits.pop_front()
    }

    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// A path that cannot come back: its TCP connection ended.
    pub fn path_lost(&mut self, path: Path) {
        let before = self.agent.selected();
        self.agent.lose(path);
        self.tell_path(before);
    }

    /// Seals the RTP packet in `buffer[..len]` in place; returns its sealed length. `buffer` has room for [`super::SEAL_OVERHEAD`] more bytes.
    /// `header_len` is the length of header, CSRCs and extension, which who wrote the header knows.
    ///
    /// A sequence number of an SSRC is sealed once only: a second packet under one nonce would give the key away (RFC 7714 8.1). Who must repeat a packet
    /// on its own SSRC keeps the sealed bytes.
    pub fn seal_rtp_in(&mut self, buffer: &mut [u8], len: usize, header_len: usize) -> Result<usize, SealError> {
        self.media.as_mut().ok_or(SealError::NotConnected)?.sealer.seal_rtp_in(buffer, len, header_len)
    }

    /// As [`Session::seal_rtp_in`], for a packet that may grow; the header's length is read from it.
    pub fn seal_rtp(&mut self, packet: &mut Vec<u8>) -> Result<(), SealError> {
        self.media.as_mut().ok_or(SealError::NotConnected)?.sealer.seal_rtp(packet)
    }

    pub fn seal_rtcp(&mut self, compound: &mut Vec<u8>) -> Result<(), SealError> {
        self.media.as_mut().ok_or(SealError::NotConnected)?.sealer.seal_rtcp(compound)
    }

    /// Opens a channel once [`Event::Connected`] has come; [`Event::ChannelOpened`] tells when the client agreed. What is sent before is an error.
    pub fn open_channel(&mut self, now: Instant, label: &str, ordered: bool, reliability: Reliability) -> Result<ChannelId, ChannelError> {
        let channel = self.sctp.as_mut().ok_or(ChannelError::NotConnected)?.open(now, label, ordered, reliability)?;
        self.flush(now);
        Ok(channel)
    }

    pub fn send(&mut self, now: Instant, channel: ChannelId, is_text: bool, bytes: &[u8]) -> Result<(), ChannelError> {
        self.sctp.as_mut().ok_or(ChannelError::NotConnected)?.send(now, channel, is_text, bytes)?;
        self.flush(now);
        Ok(())
    }

    pub fn close_channel(&mut self, now: Instant, channel: ChannelId) {
        if let Some(sctp) = &mut self.sctp {
            sctp.close_channel(now, channel);
        }
        self.flush(now);
    }

    /// Bytes of a channel that the client has not acknowledged.
    pub fn buffered_amount(&mut self, channel: ChannelId) -> usize {
        self.sctp.as_mut().map_or(0, |sctp| sctp.buffered_amount(channel))
    }

    /// Says goodbye; [`Event::Closed`] follows.
    pub fn close(&mut self, now: Instant) {
        self.end(now, Closed::ByServer);
    }

    /// Media may pass.
    pub fn is_connected(&self) -> bool {
        self.media.is_some()
    }

    pub fn is_closed(&self) -> bool {
        self.is_closed
    }

    /// Where media goes.
    pub fn path(&self) -> Option<Path> {
        self.agent.selected()
    }

    /// How long nothing authentic came: no check, no media, no DTLS.
    pub fn quiet_for(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.heard)
    }

    pub fn counters(&self) -> &Counters {
        &self.counters
    }

    pub(super) fn hear(&mut self, now: Instant, path: Path) {
        self.note_heard(now);
        let before = self.agent.selected();
        self.agent.heard(now, path);
        self.tell_path(before);
    }

    /// Something authentic came.
    pub(super) fn note_heard(&mut self, now: Instant) {
        self.heard = now;
        if std::mem::take(&mut self.is_quiet) {
            self.events.push_back(Event::Quiet(false));
        }
    }

    pub(super) fn tell_path(&mut self, before: Option<Path>) {
        if let Some(selected) = self.agent.selected().filter(|selected| Some(*selected) != before) {
            self.events.push_back(Event::PathChanged(selected));
        }
    }

    /// The end, once: with a goodbye where the client can understand it.
    pub(super) fn end(&mut self, now: Instant, closed: Closed) {
        if self.is_closed {
            return;
        }
        if let (Some(sctp), Some(dtls)) = (&mut self.sctp, &mut self.dtls) {
            sctp.close();
            sctp.transmit(now, |packet| dtls.write(now, packet));
        }
        if let Some(dtls) = &mut self.dtls {
            dtls.close(now);
        }
        self.flush(now);
        self.is_closed = true;
        self.media = None;
        self.sctp = None;
        self.dtls = None;
        self.events.push_back(Event::Closed(closed));
    }

    /// SCTP into DTLS, DTLS onto the path, channels' events behind the session's own.
    pub(super) fn flush(&mut self, now: Instant) {
        if let (Some(sctp), Some(dtls)) = (&mut self.sctp, &mut self.dtls) {
            sctp.transmit(now, |packet| dtls.write(now, packet));
        }
        while let Some(event) = self.sctp.as_mut().and_then(Sctp::poll_event) {
            self.events.push_back(event);
        }
        let outgoing = self.dtls.as_mut().map(Dtls::take_outgoing).unwrap_or_default();
        if let Some(path) = self.agent.selected() {
            for datagram in outgoing {
                self.push_transmit(Transmit { path, datagram });
            }
        }
    }

    pub(super) fn push_transmit(&mut self, transmit: Transmit) {
        if self.transmits.len() < MAX_WAITING_TRANSMITS {
            self.transmits.push_back(transmit);
        } else {
            self.counters.oversized += 1;
        }
    }
}
