//! Data channels over SCTP (RFC 8831), by `rtc::sctp` and `rtc::datachannel`.
//!
//! Each buffer has a limit: what is sent waits in [`MAX_BUFFERED`] bytes per channel, what comes in [`RECEIVE_WINDOW`], channels are [`MAX_CHANNELS`].

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Instant;

use bytes::{Bytes, BytesMut};
use rtc::datachannel::data_channel::{DataChannel, DataChannelConfig, DataChannelMessage};
use rtc::datachannel::message::message_channel_open::{CHANNEL_PRIORITY_NORMAL, ChannelType};
use rtc::sansio::Protocol;
use rtc::sctp::{
    Association, AssociationError, AssociationHandle, ClientConfig, DatagramEvent, Endpoint, EndpointConfig, EndpointEvent, Event as AssociationEvent, Payload,
    PayloadProtocolIdentifier, ReliabilityType, ServerConfig, StreamEvent, TransportConfig,
};
use rtc::shared::TransportProtocol;

use super::channel::{ChannelError, ChannelId, MAX_MESSAGE_BYTES, Reliability};
use super::dtls::PEER;
use super::sieve::Sieve;
use super::{Counters, Event};

const MAX_CHANNELS: usize = 64;
/// Streams that the client may number: browsers go up to 1023.
const MAX_STREAMS: u16 = 1024;
const MAX_BUFFERED: usize = 1024 * 1024;
const RECEIVE_WINDOW: u32 = 256 * 1024;
/// The client sends INIT again when our answer is late; each makes an association, and the first that is completed wins.
const MAX_EMBRYOS: usize = 4;
const DATA_CHANNEL_ACK: u8 = 2;
const DATA_CHANNEL_OPEN: u8 = 3;

pub(super) struct Sctp {
    endpoint: Endpoint,
    sieve: Sieve,
    /// We are the DTLS client: we begin, and our channels are even (RFC 8832 6).
    is_client: bool,
    association: Option<(AssociationHandle, Association)>,
    embryos: Vec<(AssociationHandle, Association)>,
    channels: BTreeMap<u16, Channel>,
    events: VecDeque<Event>,
}

struct Channel {
    data: DataChannel,
    /// The association carries its stream.
    is_started: bool,
    is_announced: bool,
}

impl Sctp {
    pub fn new(is_client: bool) -> Sctp {
        let server = (!is_client).then(|| Arc::new(ServerConfig::new(transport())));
        Sctp {
            endpoint: Endpoint::new(PEER, TransportProtocol::UDP, Arc::new(EndpointConfig::new()), server),
            sieve: Sieve::default(),
            is_client,
            association: None,
            embryos: Vec::new(),
            channels: BTreeMap::new(),
            events: VecDeque::new(),
        }
    }

    /// DTLS is up.
    pub fn begin(&mut self, now: Instant) {
        if self.is_client
            && let Ok(begun) = self.endpoint.connect(now, ClientConfig::new(transport()), PEER)
        {
            self.embryos.push(begun);
        }
    }

    pub fn handle(&mut self, now: Instant, packet: Bytes, counters: &mut Counters) {
        if !self.sieve.admits(&packet, self.association.is_some(), MAX_STREAMS) {
            counters.sctp_refused += 1;
            return;
        }
        match self.endpoint.handle(now, PEER, None, packet) {
            None => {}
            Some((handle, DatagramEvent::NewAssociation(association))) => {
                self.embryos.push((handle, association));
                if self.association.is_some() {
                    self.abort_embryo(self.embryos.len() - 1);
                } else if self.embryos.len() > MAX_EMBRYOS {
                    self.abort_embryo(0);
                }
            }
            Some((handle, DatagramEvent::AssociationEvent(event))) => {
                let all = self.association.iter_mut().chain(&mut self.embryos);
                if let Some((_, association)) = all.into_iter().find(|(known, _)| *known == handle) {
                    association.handle_event(event);
                }
            }
            Some(_) => {}
        }
        self.drain(now, counters);
    }

    pub fn handle_timeout(&mut self, now: Instant, counters: &mut Counters) {
        for (_, association) in self.association.iter_mut().chain(&mut self.embryos) {
            if association.poll_timeout().is_some_and(|timeout| timeout <= now) {
                association.handle_timeout(now);
            }
        }
        self.drain(now, counters);
    }

    pub fn next_timeout(&self) -> Option<Instant> {
        self.association.iter().chain(&self.embryos).filter_map(|(_, association)| association.poll_timeout()).min()
    }

    /// Every SCTP packet that is due.
    pub fn transmit(&mut self, now: Instant, mut each: impl FnMut(&[u8])) {
        for (_, association) in self.association.iter_mut().chain(&mut self.embryos) {
            while let Some(transmit) = association.poll_transmit(now) {
                if let Payload::RawEncode(packets) = transmit.message {
                    for packet in &packets {
                        self.sieve.sent(packet);
                        each(packet);
                    }
                }
            }
        }
    }

    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    pub fn open(&mut self, now: Instant, label: &str, ordered: bool, reliability: Reliability) -> Result<ChannelId, ChannelError> {
        let first = if self.is_client { 0 } else { 1 };
        let id = (first..MAX_STREAMS).step_by(2).find(|id| !self.channels.contains_key(id));
        let Some(id) = id.filter(|_| self.channels.len() < MAX_CHANNELS) else { return Err(ChannelError::TooMany { limit: MAX_CHANNELS }) };
        let (retransmits, lifetime) = match reliability {
            Reliability::Reliable => (None, None),
            Reliability::Retransmits(count) => (Some(count), None),
            Reliability::Lifetime { milliseconds } => (None, Some(milliseconds)),
        };
        let (channel_type, reliability_parameter) = DataChannel::get_channel_type_and_reliability_parameter(ordered, retransmits, lifetime);
        let config = DataChannelConfig {
            channel_type,
            negotiated: false,
            priority: CHANNEL_PRIORITY_NORMAL,
            reliability_parameter,
            label: label.to_owned(),
            protocol: String::new(),
        };
        let sctp = |error: rtc::shared::error::Error| ChannelError::Sctp { channel: ChannelId(id), reason: error.to_string() };
        let data = DataChannel::dial(config, 0, id).map_err(sctp)?;
        self.channels.insert(id, Channel { data, is_started: false, is_announced: false });
        self.start_channels(now);
        Ok(ChannelId(id))
    }

    pub fn send(&mut self, now: Instant, channel: ChannelId, is_text: bool, bytes: &[u8]) -> Result<(), ChannelError> {
        if bytes.len() > MAX_MESSAGE_BYTES {
            return Err(ChannelError::TooLarge { bytes: bytes.len(), limit: MAX_MESSAGE_BYTES });
        }
        if !self.channels.get(&channel.0).is_some_and(|known| known.is_started) {
            return Err(ChannelError::Unknown(channel));
        }
        let Some((_, association)) = &mut self.association else { return Err(ChannelError::NotConnected) };
        let sctp = |error: rtc::shared::error::Error| ChannelError::Sctp { channel, reason: error.to_string() };
        let mut stream = association.stream(channel.0).map_err(sctp)?;
        let buffered = stream.buffered_amount().map_err(sctp)?;
        if buffered + bytes.len() > MAX_BUFFERED {
            return Err(ChannelError::Full { channel, buffered });
        }
        let message = DataChannel::get_data_channel_message(is_text, BytesMut::from(bytes));
        stream.write_chunk_with_ppi(now, &message.payload.freeze(), message.ppi).map_err(sctp)?;
        Ok(())
    }

    pub fn buffered_amount(&mut self, channel: ChannelId) -> usize {
        let Some((_, association)) = &mut self.association else { return 0 };
        association.stream(channel.0).and_then(|stream| stream.buffered_amount()).unwrap_or(0)
    }

    pub fn close_channel(&mut self, now: Instant, channel: ChannelId) {
        if self.channels.remove(&channel.0).is_none() {
            return;
        }
        self.reset(now, channel.0);
        self.events.push_back(Event::ChannelClosed { channel });
    }

    /// The goodbye of the association; it leaves with the next [`Sctp::transmit`].
    pub fn close(&mut self) {
        if let Some((_, association)) = &mut self.association {
            let _ = association.abort();
        }
    }

    fn reset(&mut self, now: Instant, stream: u16) {
        if let Some((_, association)) = &mut self.association
            && let Ok(mut stream) = association.stream(stream)
        {
            let _ = stream.close(now);
        }
    }

    /// Lets an embryo become the association, takes all events, and ends what is closed.
    fn drain(&mut self, now: Instant, counters: &mut Counters) {
        let grown = self.embryos.iter().position(|(_, embryo)| !embryo.is_handshaking() && !embryo.is_closed());
        if let Some(at) = grown.filter(|_| self.association.is_none()) {
            self.association = Some(self.embryos.swap_remove(at));
            while !self.embryos.is_empty() {
                self.abort_embryo(0);
            }
            self.start_channels(now);
        }
        // `is_closed` is also what an association is before its handshake.
        let failed =
            |(_, embryo): &mut (_, Association)| std::iter::from_fn(|| embryo.poll()).any(|event| matches!(event, AssociationEvent::HandshakeFailed { .. }));
        if let Some(at) = self.embryos.iter_mut().position(failed) {
            self.abort_embryo(at);
        }
        while let Some(event) = self.association.as_mut().and_then(|(_, association)| association.poll()) {
            match event {
                AssociationEvent::Stream(StreamEvent::Readable { id }) => self.read(now, id, counters),
                // Also that of one channel comes so: the association goes on.
                AssociationEvent::AssociationLost { id, reason: AssociationError::Reset } => self.forget(id),
                _ => {}
            }
        }
        if self.association.as_ref().is_some_and(|(_, association)| association.is_closed()) {
            counters.associations_lost += 1;
            if let Some((handle, _)) = self.association.take() {
                self.endpoint.handle_event(handle, EndpointEvent::drained());
            }
            for id in self.channels.keys().copied().collect::<Vec<_>>() {
                self.forget(id);
            }
        }
    }

    fn abort_embryo(&mut self, at: usize) {
        let (handle, _) = self.embryos.remove(at);
        self.endpoint.handle_event(handle, EndpointEvent::drained());
    }

    fn forget(&mut self, id: u16) {
        if self.channels.remove(&id).is_some() {
            self.events.push_back(Event::ChannelClosed { channel: ChannelId(id) });
        }
    }

    fn read(&mut self, now: Instant, id: u16, counters: &mut Counters) {
        loop {
            let Some((_, association)) = &mut self.association else { return };
            let Ok(Some(chunks)) = association.stream(id).and_then(|mut stream| stream.read_sctp()) else { return };
            let Ok(payload) = chunks.to_payload(MAX_MESSAGE_BYTES) else {
                counters.oversized += 1;
                continue;
            };
            let is_text = match chunks.ppi {
                PayloadProtocolIdentifier::Dcep => {
                    self.control(now, id, payload, counters);
                    continue;
                }
                PayloadProtocolIdentifier::String | PayloadProtocolIdentifier::StringEmpty => true,
                PayloadProtocolIdentifier::Binary | PayloadProtocolIdentifier::BinaryEmpty => false,
                _ => {
                    counters.channels_refused += 1;
                    continue;
                }
            };
            if !self.channels.contains_key(&id) {
                counters.channels_refused += 1;
                continue;
            }
            // SCTP carries no empty messages: a byte stands for none (RFC 8831 6.6).
            let is_empty = matches!(chunks.ppi, PayloadProtocolIdentifier::StringEmpty | PayloadProtocolIdentifier::BinaryEmpty);
            let bytes = if is_empty { Bytes::new() } else { payload.freeze() };
            // Data on a channel of ours says that it is open, should its acknowledgement be late (unordered channels).
            self.announce(id);
            self.events.push_back(Event::Data { channel: ChannelId(id), is_text, bytes });
        }
    }

    /// A message of the Data Channel Establishment Protocol (RFC 8832).
    fn control(&mut self, now: Instant, id: u16, payload: BytesMut, counters: &mut Counters) {
        // `rtc::datachannel` knows messages of its own besides, and panics on short ones.
        if !matches!(payload.first(), Some(&(DATA_CHANNEL_OPEN | DATA_CHANNEL_ACK))) {
            counters.channels_refused += 1;
            return;
        }
        if let Some(channel) = self.channels.get_mut(&id) {
            let message = DataChannelMessage { stream_id: id, ppi: PayloadProtocolIdentifier::Dcep, payload, ..DataChannelMessage::default() };
            if channel.data.handle_read(message).is_err() {
                counters.channels_refused += 1;
            } else if channel.data.is_handshake_complete() {
                self.announce(id);
            }
            self.write_control(now, id);
            return;
        }
        let accepted = if self.channels.len() < MAX_CHANNELS {
            DataChannel::accept(DataChannelConfig::default(), 0, id, PayloadProtocolIdentifier::Dcep, &payload).ok()
        } else {
            None
        };
        let Some(data) = accepted else {
            counters.channels_refused += 1;
            self.reset(now, id);
            return;
        };
        self.channels.insert(id, Channel { data, is_started: true, is_announced: false });
        self.configure(id);
        self.write_control(now, id);
        self.announce(id);
    }

    /// Opens the streams of channels that were made before the association was.
    fn start_channels(&mut self, now: Instant) {
        let Some((_, association)) = &mut self.association else { return };
        let mut begun = Vec::new();
        for (id, channel) in self.channels.iter_mut().filter(|(_, channel)| !channel.is_started) {
            if association.open_stream(*id, PayloadProtocolIdentifier::Binary).is_ok() {
                channel.is_started = true;
                begun.push(*id);
            }
        }
        for id in begun {
            self.configure(id);
            self.write_control(now, id);
        }
    }

    /// Sets the reliability that the channel was opened with.
    fn configure(&mut self, id: u16) {
        let (Some((_, association)), Some(channel)) = (&mut self.association, self.channels.get(&id)) else { return };
        let config = channel.data.config();
        let (unordered, reliability) = DataChannel::get_reliability_params(config.channel_type);
        if let Ok(mut stream) = association.stream(id) {
            let _ = stream.set_reliability_params(unordered, reliability, config.reliability_parameter);
        }
    }

    fn write_control(&mut self, now: Instant, id: u16) {
        let (Some((_, association)), Some(channel)) = (&mut self.association, self.channels.get_mut(&id)) else { return };
        while let Some(message) = channel.data.poll_write() {
            if let Ok(mut stream) = association.stream(id) {
                let _ = stream.write_chunk_with_ppi(now, &message.payload.freeze(), message.ppi);
            }
        }
    }

    fn announce(&mut self, id: u16) {
        let Some(channel) = self.channels.get_mut(&id).filter(|channel| !channel.is_announced) else { return };
        channel.is_announced = true;
        let config = channel.data.config();
        let (ordered, reliability) = reliability(config.channel_type, config.reliability_parameter);
        self.events.push_back(Event::ChannelOpened {
            channel: ChannelId(id),
            label: config.label.clone(),
            protocol: config.protocol.clone(),
            ordered,
            reliability,
        });
    }
}

fn transport() -> TransportConfig {
    TransportConfig::default()
        .with_max_message_size(MAX_MESSAGE_BYTES as u32)
        .with_max_receive_buffer_size(RECEIVE_WINDOW)
        .with_max_num_inbound_streams(MAX_STREAMS)
        .with_max_num_outbound_streams(MAX_STREAMS)
}

fn reliability(channel_type: ChannelType, parameter: u32) -> (bool, Reliability) {
    let (unordered, kind) = DataChannel::get_reliability_params(channel_type);
    let parameter = u16::try_from(parameter).unwrap_or(u16::MAX);
    let reliability = match kind {
        ReliabilityType::Rexmit => Reliability::Retransmits(parameter),
        ReliabilityType::Timed => Reliability::Lifetime { milliseconds: parameter },
        _ => Reliability::Reliable,
    };
    (!unordered, reliability)
}
