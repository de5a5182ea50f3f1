//! The session: it takes datagrams apart and drives ICE, DTLS, SRTP and SCTP.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::channel::{ChannelError, ChannelId, Reliability};
use super::dtls::{Dtls, Progress};
use super::ice::Agent;
use super::sctp::Sctp;
use super::srtp::{OpenError, Opener, Sealer};
use super::{Closed, Counters, Event, Failure, Fingerprint, Handled, IceCredentials, Identity, Options, Path, Remote, RemoteError, SealError, Setup, Transmit};

/// Datagrams that wait for [`Session::poll_transmit`]; a caller that never asks loses what is over it.
const MAX_WAITING_TRANSMITS: usize = 4096;

/// One peer connection. Every method that is told the time may leave datagrams, events and another timeout behind.
pub struct Session {
    options: Options,
    identity: Arc<Identity>,
    agent: Agent,
    remote: Option<Described>,
    /// Made with the first DTLS datagram from a checked path.
    dtls: Option<Dtls>,
    media: Option<Media>,
    sctp: Option<Sctp>,
    /// The handshake is done, the fingerprint is not compared yet: the description has not come.
    is_unproven: bool,
    is_closed: bool,
    /// The last authentic datagram of any kind.
    heard: Instant,
    transmits: VecDeque<Transmit>,
    events: VecDeque<Event>,
    counters: Counters,
}

/// Of the client's description, what DTLS needs.
struct Described {
    fingerprint: Fingerprint,
    setup: Setup,
}

struct Media {
    sealer: Sealer,
    opener: Opener,
}

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

    /// Takes one datagram. Media is decrypted in place, to the beginning of the slice. Whatever is wrong is counted.
    pub fn handle(&mut self, now: Instant, path: Path, datagram: &mut [u8]) -> Handled {
        if self.is_closed {
            return Handled::Nothing;
        }
        // RFC 7983.
        match datagram.first() {
            Some(128..=191) => return self.handle_media(now, path, datagram),
            Some(0..=3) => self.handle_stun(now, path, datagram),
            Some(20..=63) => self.handle_dtls(now, path, datagram),
            _ => self.counters.unknown += 1,
        }
        self.flush(now);
        Handled::Nothing
    }

    fn handle_media(&mut self, now: Instant, path: Path, packet: &mut [u8]) -> Handled {
        if !self.agent.knows(&path) {
            self.counters.unchecked_path += 1;
            return Handled::Nothing;
        }
        let Some(media) = &mut self.media else {
            self.counters.early += 1;
            return Handled::Nothing;
        };
        // RFC 5761 4: RTCP's packet types are where no payload type may be.
        let is_rtcp = packet.get(1).is_some_and(|second| matches!(second, 192..=223));
        let opened = if is_rtcp { media.opener.open_rtcp(packet) } else { media.opener.open_rtp(packet) };
        match opened {
            Ok(len) => {
                self.hear(now, path);
                if is_rtcp { Handled::Rtcp(len) } else { Handled::Rtp(len) }
            }
            Err(error) => {
                match error {
                    OpenError::Malformed => self.counters.unknown += 1,
                    OpenError::Replayed => self.counters.replayed += 1,
                    OpenError::NotAuthentic => self.counters.undecryptable += 1,
                    OpenError::TooManySsrcs => self.counters.ssrcs_refused += 1,
                }
                Handled::Nothing
            }
        }
    }

    fn handle_stun(&mut self, now: Instant, path: Path, datagram: &[u8]) {
        let before = self.agent.selected();
        let checked = self.agent.check(now, path, datagram, &mut self.counters);
        if let Some(datagram) = checked.answer {
            self.push_transmit(Transmit { path, datagram });
        }
        if checked.is_valid {
            self.heard = now;
            self.tell_path(before);
            self.begin_as_client(now);
        }
    }

    fn handle_dtls(&mut self, now: Instant, path: Path, datagram: &[u8]) {
        if !self.agent.knows(&path) {
            // A ClientHello that overtook its check is repeated by the client.
            self.counters.unchecked_path += 1;
            return;
        }
        // Until the description came, the client is taken for the active side that it nearly always is.
        let setup = self.remote.as_ref().map_or(Setup::Active, |remote| remote.setup);
        let within = self.options.handshake;
        let dtls = match &mut self.dtls {
            Some(dtls) => dtls,
            none => none.insert(Dtls::new(&self.identity, setup)),
        };
        for progress in dtls.handle(now, within, datagram, &mut self.counters) {
            self.take_progress(now, path, progress);
        }
    }

    fn take_progress(&mut self, now: Instant, path: Path, progress: Progress) {
        match progress {
            Progress::Finished => {
                self.is_unproven = true;
                self.hear(now, path);
                self.prove(now);
            }
            Progress::Data(data) => {
                self.hear(now, path);
                match &mut self.sctp {
                    Some(sctp) => sctp.handle(now, data.freeze(), &mut self.counters),
                    // Before the fingerprint is compared, nobody knows whose data it is. SCTP repeats it.
                    None => self.counters.early += 1,
                }
            }
            Progress::ClosedByPeer => self.end(now, Closed::ByClient),
            Progress::Failed(failure) => self.end(now, Closed::Failed(failure)),
        }
    }

    /// Compares the client's certificate with its description, as soon as both are there.
    fn prove(&mut self, now: Instant) {
        let (Some(dtls), Some(described)) = (&self.dtls, &self.remote) else { return };
        self.is_unproven = false;
        let proven = dtls.agreed().and_then(|agreed| {
            if agreed.fingerprint != described.fingerprint {
                return Err(Failure::Fingerprint { described: described.fingerprint.to_string(), found: agreed.fingerprint.to_string() });
            }
            let profile = agreed.material.profile;
            let keys = |error: super::srtp::KeyError| Failure::Keys { reason: error.to_string() };
            let sealer = Sealer::new(profile, &agreed.material.local).map_err(keys)?;
            let opener = Opener::new(profile, &agreed.material.remote).map_err(keys)?;
            Ok((profile, Media { sealer, opener }))
        });
        match proven {
            Ok((profile, media)) => {
                let is_client = dtls.is_client();
                self.media = Some(media);
                self.events.push_back(Event::Connected { profile });
                let sctp = self.sctp.get_or_insert_with(|| Sctp::new(is_client));
                sctp.begin(now);
            }
            Err(failure) => self.end(now, Closed::Failed(failure)),
        }
    }

    /// Where the client is passive, our ClientHello leaves with the first checked path.
    fn begin_as_client(&mut self, now: Instant) {
        let is_client = self.remote.as_ref().is_some_and(|remote| remote.setup == Setup::Passive);
        if !is_client || self.agent.selected().is_none() || self.is_closed {
            return;
        }
        if self.dtls.as_ref().is_none_or(|dtls| !dtls.is_client()) {
            self.dtls = Some(Dtls::new(&self.identity, Setup::Passive));
        }
        let within = self.options.handshake;
        if let Some(Progress::Failed(failure)) = self.dtls.as_mut().and_then(|dtls| dtls.begin(now, within)) {
            self.end(now, Closed::Failed(failure));
        }
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
        [consent, dtls, sctp].into_iter().flatten().min()
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

    fn hear(&mut self, now: Instant, path: Path) {
        self.heard = now;
        let before = self.agent.selected();
        self.agent.heard(now, path);
        self.tell_path(before);
    }

    fn tell_path(&mut self, before: Option<Path>) {
        if let Some(selected) = self.agent.selected().filter(|selected| Some(*selected) != before) {
            self.events.push_back(Event::PathChanged(selected));
        }
    }

    /// The end, once: with a goodbye where the client can understand it.
    fn end(&mut self, now: Instant, closed: Closed) {
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
    fn flush(&mut self, now: Instant) {
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

    fn push_transmit(&mut self, transmit: Transmit) {
        if self.transmits.len() < MAX_WAITING_TRANSMITS {
            self.transmits.push_back(transmit);
        } else {
            self.counters.oversized += 1;
        }
    }
}
