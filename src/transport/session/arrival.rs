//! What arrives: datagrams are told apart, and each layer gets its own.

use std::time::Instant;

use super::connection::{Media, Session};
use super::dtls::{Dtls, Progress};
use super::sctp::Sctp;
use super::srtp::{OpenError, Opener, Sealer};
use super::{Closed, Event, Failure, Handled, Path, Setup, Transmit};

impl Session {
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
            self.note_heard(now);
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
    pub(super) fn prove(&mut self, now: Instant) {
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
    pub(super) fn begin_as_client(&mut self, now: Instant) {
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
}
