//! DTLS 1.2 of one session around `rtc::dtls`: what it is given, when flights are repeated, and whose certificate it was.
//!
//! The endpoint sees one handshake's messages whole, in order and once (`records.rs`); its own timer never fires. When the client repeats itself or is silent,
//! the last flight leaves again as it was. (The endpoint would hang: a repeated ClientHello clears its timer for good once its ServerHello was lost.)

use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::BytesMut;
use rtc::dtls::endpoint::{Endpoint, EndpointEvent};
use rtc::dtls::extension::extension_use_srtp::SrtpProtectionProfile;
use rtc::shared::TransportProtocol;
use rtc::shared::error::Error;

use super::flight::Flight;
use super::hello::srtp_profiles;
use super::identity::{Fingerprint, Identity};
use super::records::{ALERT, APPLICATION_DATA, Assembler, CHANGE_CIPHER_SPEC, CLIENT_HELLO, HANDSHAKE, Message, Record, plain_record, records};
use super::srtp::{Material, Profile};
use super::{Counters, Failure, Setup};

/// The endpoint keys its one connection by an address, and ours moves: it is told always the same.
pub(super) const PEER: SocketAddr = SocketAddr::V4(SocketAddrV4::new(Ipv4Addr::LOCALHOST, 5000));

/// Records that may wait for their keys in the endpoint, which has no limit of its own.
const MAX_EARLY_RECORDS: u32 = 64;
/// Of them, encrypted handshake records: the one Finished and its repeats. A client could hide fragments in them that the endpoint joins in exponential time.
const MAX_FINISHED_RECORDS: u32 = 12;
/// A Finished of 12 + 12 bytes with nonce and tag: by ChaCha20-Poly1305, by AES-GCM.
const FINISHED_LENS: [usize; 2] = [40, 48];
/// All handshake bytes that one client may send.
const MAX_HANDSHAKE_BYTES: usize = 256 * 1024;

/// What a datagram or the time brought.
#[derive(Debug)]
pub(super) enum Progress {
    /// The handshake is done. The caller compares the fingerprint.
    Finished,
    Data(BytesMut),
    ClosedByPeer,
    Failed(Failure),
}

/// What a finished handshake agreed on.
pub(super) struct Agreed {
    pub fingerprint: Fingerprint,
    pub material: Material,
}

pub(super) struct Dtls {
    endpoint: Endpoint,
    identity: Arc<Identity>,
    setup: Setup,
    state: State,
    assembler: Assembler,
    /// Of the records of epoch 0 that the endpoint is given: their bodies are not the client's records any more.
    sequence: u64,
    early_records: u32,
    finished_records: u32,
    handshake_bytes: usize,
    flight: Flight,
    deadline: Option<Instant>,
    outgoing: Vec<Vec<u8>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// The first ClientHello has not come, or ours has not left.
    Waiting,
    Handshaking,
    Established,
    Over,
}

impl Dtls {
    pub fn new(identity: &Arc<Identity>, setup: Setup) -> Dtls {
        Dtls {
            endpoint: Endpoint::new(PEER, TransportProtocol::UDP, None),
            identity: Arc::clone(identity),
            setup,
            state: State::Waiting,
            assembler: Assembler::default(),
            sequence: 0,
            early_records: 0,
            finished_records: 0,
            handshake_bytes: 0,
            flight: Flight::default(),
            deadline: None,
            outgoing: Vec::new(),
        }
    }

    /// We are the DTLS client.
    pub fn is_client(&self) -> bool {
        self.setup == Setup::Passive
    }

    /// Whether a handshake has begun, so that the role cannot change any more.
    pub fn has_begun(&self) -> bool {
        self.state != State::Waiting
    }

    /// As the client: sends the first ClientHello, once.
    pub fn begin(&mut self, now: Instant, within: Duration) -> Option<Progress> {
        if !self.is_client() || self.has_begun() {
            return None;
        }
        self.state = State::Handshaking;
        self.deadline = Some(now + within);
        let connected = self.endpoint.connect(now, PEER, Arc::clone(self.identity.client()), None);
        self.collect(now);
        connected.err().map(|error| self.failed(error.to_string()))
    }

    /// Takes a datagram from a checked path.
    pub fn handle(&mut self, now: Instant, within: Duration, datagram: &[u8], counters: &mut Counters) -> Vec<Progress> {
        if self.state == State::Over {
            return Vec::new();
        }
        let mut wanted = Vec::new();
        let mut repeats = false;
        let mut taken = 0;
        for record in records(datagram) {
            taken += record.bytes.len();
            if !self.sift(&record, &mut wanted, &mut repeats) {
                counters.dtls_refused += 1;
            }
        }
        if taken != datagram.len() {
            counters.dtls_refused += 1;
        }
        let mut progress = Vec::new();
        while let Some(message) = self.assembler.pop() {
            if let Some(failure) = self.take_message(now, within, &message, &mut wanted) {
                progress.push(failure);
                return progress;
            }
        }
        if !wanted.is_empty() && self.has_begun() {
            self.feed(now, &wanted, &mut progress, counters);
        } else if repeats && !(self.state == State::Established && self.is_client()) {
            // Who ends the handshake repeats for the other; as the client we have nothing more to say then.
            self.outgoing.extend_from_slice(self.flight.repeat(now));
        }
        progress
    }

    /// Whether a record is one that belongs here now; what the endpoint needs of it goes to `wanted` or to the assembler.
    fn sift(&mut self, record: &Record<'_>, wanted: &mut Vec<u8>, repeats: &mut bool) -> bool {
        let is_established = self.state == State::Established;
        match (record.epoch, record.content_type) {
            (1, APPLICATION_DATA | ALERT) if is_established => wanted.extend_from_slice(record.bytes),
            // The client has not seen our last flight.
            (_, HANDSHAKE) if is_established => *repeats = true,
            (0, HANDSHAKE) => {
                self.handshake_bytes += record.body.len();
                if self.handshake_bytes > MAX_HANDSHAKE_BYTES {
                    return false;
                }
                let pushed = self.assembler.push(record.body);
                *repeats |= pushed.is_repeat;
                return pushed.refused == 0;
            }
            (0, CHANGE_CIPHER_SPEC) if record.body == [1] && self.may_wait() => self.wrap(CHANGE_CIPHER_SPEC, record.body, wanted),
            (0, ALERT) if record.body.len() == 2 && self.state == State::Handshaking => self.wrap(ALERT, record.body, wanted),
            (1, HANDSHAKE) if FINISHED_LENS.contains(&record.body.len()) && self.finished_records < MAX_FINISHED_RECORDS && self.may_wait() => {
                self.finished_records += 1;
                wanted.extend_from_slice(record.bytes);
            }
            (1, APPLICATION_DATA) if self.may_wait() => wanted.extend_from_slice(record.bytes),
            _ => return false,
        }
        true
    }

    fn may_wait(&mut self) -> bool {
        if self.state != State::Handshaking || self.early_records >= MAX_EARLY_RECORDS {
            return false;
        }
        self.early_records += 1;
        true
    }

    fn wrap(&mut self, content_type: u8, body: &[u8], wanted: &mut Vec<u8>) {
        plain_record(content_type, self.sequence, body, wanted);
        self.sequence += 1;
    }

    fn take_message(&mut self, now: Instant, within: Duration, message: &Message, wanted: &mut Vec<u8>) -> Option<Progress> {
        if self.state == State::Waiting {
            if message.kind != CLIENT_HELLO || self.is_client() {
                return Some(self.failed(format!("the handshake begins with message {}", message.kind)));
            }
            let offered = srtp_profiles(message.body()).unwrap_or_default();
            let config = if offered.contains(&Profile::AeadAes128Gcm.id()) {
                self.identity.gcm()
            } else if offered.contains(&Profile::Aes128CmSha1_80.id()) {
                self.identity.sha1()
            } else {
                self.state = State::Over;
                return Some(Progress::Failed(Failure::NoProfile { offered }));
            };
            self.endpoint.set_server_config(Some(Arc::clone(config)));
            self.state = State::Handshaking;
            self.deadline = Some(now + within);
        }
        // In front of what came in the same datagram: a ChangeCipherSpec follows the messages.
        let mut record = Vec::with_capacity(message.bytes.len() + 16);
        self.wrap(HANDSHAKE, &message.bytes, &mut record);
        let at = handshake_end(wanted);
        wanted.splice(at..at, record);
        None
    }

    fn feed(&mut self, now: Instant, wanted: &[u8], progress: &mut Vec<Progress>, counters: &mut Counters) {
        let result = self.endpoint.read(now, PEER, None, BytesMut::from(wanted));
        self.collect(now);
        match result {
            Ok(events) => {
                for event in events {
                    match event {
                        EndpointEvent::HandshakeComplete => {
                            self.state = State::Established;
                            self.deadline = None;
                            self.flight.rest();
                            progress.push(Progress::Finished);
                        }
                        EndpointEvent::ApplicationData(data) => progress.push(Progress::Data(data)),
                        // A late record would begin a new handshake.
                        EndpointEvent::PeerClosed => {
                            self.state = State::Over;
                            progress.push(Progress::ClosedByPeer);
                        }
                        _ => {}
                    }
                }
            }
            Err(Error::ErrAlertFatalOrClose) if self.state == State::Established => {
                self.state = State::Over;
                progress.push(Progress::ClosedByPeer);
            }
            Err(_) if self.state == State::Established => counters.dtls_refused += 1,
            Err(error) => progress.push(self.failed(error.to_string())),
        }
    }

    fn failed(&mut self, reason: String) -> Progress {
        self.state = State::Over;
        Progress::Failed(Failure::Dtls { reason })
    }

    /// Takes what the endpoint wants to send; during a handshake it is a flight.
    fn collect(&mut self, now: Instant) {
        let mut datagrams = Vec::new();
        while let Some(transmit) = self.endpoint.poll_transmit() {
            datagrams.push(transmit.message.to_vec());
        }
        if datagrams.is_empty() {
            return;
        }
        if self.state == State::Handshaking {
            self.flight.replace(now, datagrams.clone());
        }
        self.outgoing.append(&mut datagrams);
    }

    pub fn handle_timeout(&mut self, now: Instant, within: Duration) -> Option<Progress> {
        if self.state != State::Handshaking {
            return None;
        }
        if self.deadline.is_some_and(|deadline| deadline <= now) {
            self.state = State::Over;
            return Some(Progress::Failed(Failure::HandshakeTimeout { waited: within }));
        }
        self.outgoing.extend_from_slice(self.flight.repeat_if_due(now));
        None
    }

    pub fn next_timeout(&self) -> Option<Instant> {
        if self.state != State::Handshaking {
            return None;
        }
        [self.deadline, self.flight.due()].into_iter().flatten().min()
    }

    /// The keys and the client's certificate, after [`Progress::Finished`].
    pub fn agreed(&self) -> Result<Agreed, Failure> {
        let keys = |reason: String| Failure::Keys { reason };
        let state = self.endpoint.get_connection_state(PEER).ok_or_else(|| keys("no connection".to_owned()))?;
        let certificate = state.peer_certificates.first().ok_or(Failure::NoCertificate)?;
        let profile = match state.srtp_protection_profile() {
            SrtpProtectionProfile::Srtp_Aead_Aes_128_Gcm => Profile::AeadAes128Gcm,
            SrtpProtectionProfile::Srtp_Aes128_Cm_Hmac_Sha1_80 => Profile::Aes128CmSha1_80,
            _ => return Err(Failure::NoProfile { offered: Vec::new() }),
        };
        let exported =
            state.export_keying_material(rtc::srtp::config::LABEL_EXTRACTOR_DTLS_SRTP, &[], profile.material_len()).map_err(|error| keys(error.to_string()))?;
        let material = Material::split(profile, exported.as_ref(), self.is_client()).ok_or_else(|| keys("too few bytes".to_owned()))?;
        Ok(Agreed { fingerprint: Fingerprint::of(certificate), material })
    }

    /// Encrypts one SCTP packet.
    pub fn write(&mut self, now: Instant, data: &[u8]) {
        if self.state == State::Established && self.endpoint.write(now, PEER, data).is_ok() {
            self.collect(now);
        }
    }

    /// Says goodbye, where a handshake was done.
    pub fn close(&mut self, now: Instant) {
        if self.state == State::Established {
            self.endpoint.stop(now, PEER);
            self.collect(now);
        }
        self.state = State::Over;
    }

    pub fn take_outgoing(&mut self) -> Vec<Vec<u8>> {
        std::mem::take(&mut self.outgoing)
    }
}

/// Where the handshake messages at the beginning of these records end.
fn handshake_end(bytes: &[u8]) -> usize {
    records(bytes).take_while(|record| record.epoch == 0 && record.content_type == HANDSHAKE).map(|record| record.bytes.len()).sum()
}
