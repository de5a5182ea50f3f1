//! The media thread: one socket, a `str0m` peer connection per client, every packet of a publisher written to every subscriber.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use str0m::bwe::Bitrate;
use str0m::change::SdpOffer;
use str0m::media::{KeyframeRequestKind, Mid, Pt};
use str0m::net::{Protocol, Receive, Transmit};
use str0m::rtp::{RtpPacket, RtpWrite};
use str0m::{Candidate, Event, Input, Output, Rtc, RtcConfig};

use super::super::client::{CERTIFICATE, CRYPTO};
use super::super::other;
use super::Offer;
use super::line::Line;

/// What its estimator begins with and looks for: more than a track has, so that its pacer holds nothing back.
const WANTED: Bitrate = Bitrate::mbps(5);
/// A publisher is asked for a key picture at most so often.
const BETWEEN_KEYS: Duration = Duration::from_millis(500);
const ORDERS: Duration = Duration::from_millis(10);
const BATCHES: usize = 4;

struct Peer {
    rtc: Rtc,
    wake: Instant,
    is_connected: bool,
    is_touched: bool,
    /// Of a subscriber, by track.
    tracks: Vec<Downlink>,
}

struct Downlink {
    mid: Mid,
    payload_type: Pt,
    /// What is taken from the publisher's numbers: a stream begins below 65,536.
    offset: Option<u64>,
}

struct Track {
    peer: usize,
    mid: Mid,
    asked: Option<Instant>,
}

struct Forward {
    line: Line,
    local: SocketAddr,
    peers: Vec<Peer>,
    sources: HashMap<SocketAddr, usize>,
    tracks: Vec<Track>,
    /// Of publishers, not yet written to subscribers.
    packets: Vec<(usize, RtpPacket)>,
    /// To publishers.
    outgoing: Vec<Transmit>,
}

pub fn run(inbox: &Receiver<Offer>) -> io::Result<()> {
    let line = Line::open()?;
    let local = line.socket.local_addr()?;
    let mut forward = Forward { line, local, peers: Vec::new(), sources: HashMap::new(), tracks: Vec::new(), packets: Vec::new(), outgoing: Vec::new() };
    loop {
        for offer in inbox.try_iter() {
            let answer = forward.enter(&offer).map_err(|e| e.to_string());
            let _ = offer.answer.send(answer);
        }
        forward.receive()?;
        let now = Instant::now();
        forward.write(now);
        forward.work(now)?;
        let due = forward.peers.iter().map(|peer| peer.wake).min().map_or(ORDERS, |wake| wake.saturating_duration_since(Instant::now()).min(ORDERS));
        let mut fds = [PollFd::new(&forward.line.socket, PollFlags::IN)];
        // Woken early is woken, too.
        let _ = poll(&mut fds, Some(&Timespec { tv_sec: 0, tv_nsec: i64::from(due.subsec_nanos()) }));
    }
}

impl Forward {
    fn enter(&mut self, offer: &Offer) -> io::Result<String> {
        let now = Instant::now();
        let mut config = RtcConfig::new().set_crypto_provider(CRYPTO.clone()).set_rtp_mode(true).set_ice_lite(true).clear_codecs().enable_vp8(true);
        if let Some(certificate) = CERTIFICATE.as_ref() {
            config = config.set_dtls_cert(certificate.clone());
        }
        if !offer.is_publisher {
            config = config.enable_bwe(Some(WANTED));
        }
        let mut rtc = config.build(now);
        rtc.add_local_candidate(Candidate::host(self.local, "udp").map_err(other)?);
        let sdp = SdpOffer::from_sdp_string(&offer.sdp).map_err(other)?;
        let answer = rtc.sdp_api().accept_offer(sdp).map_err(other)?.to_sdp_string();
        // Clients offer pictures only.
        let mids: Vec<Mid> = offer.sdp.lines().filter_map(|line| line.trim().strip_prefix("a=mid:")).map(Mid::from).collect();
        let payload_type = rtc.codec_config().params().first().map(|params| params.pt()).ok_or_else(|| other("no codec"))?;
        let peer = self.peers.len();
        let mut tracks = Vec::new();
        if offer.is_publisher {
            self.tracks.extend(mids.into_iter().map(|mid| Track { peer, mid, asked: None }));
        } else {
            rtc.bwe().set_bitrate(Bitrate::ZERO, WANTED);
            let of = |mid| Downlink {
                mid,
                payload_type: rtc.media(mid).and_then(|media| media.remote_pts().first().copied()).unwrap_or(payload_type),
                offset: None,
            };
            tracks = mids.into_iter().map(of).collect();
        }
        self.peers.push(Peer { rtc, wake: now, is_connected: false, is_touched: true, tracks });
        Ok(answer)
    }

    fn receive(&mut self) -> io::Result<()> {
        for _ in 0..BATCHES {
            let now = Instant::now();
            let Self { line, local, peers, sources, tracks, packets, outgoing } = self;
            let may_be_more = line.receive(|source, datagram| {
                let Ok(receive) = Receive::new(Protocol::Udp, source, *local, datagram) else { return };
                let input = Input::Receive(now, receive);
                let place = sources.get(&source).copied().or_else(|| peers.iter().position(|peer| peer.rtc.accepts(&input)));
                let Some((place, peer)) = place.and_then(|place| Some((place, peers.get_mut(place)?))) else { return };
                sources.insert(source, place);
                peer.is_touched = true;
                if peer.rtc.handle_input(input).is_err() {
                    return;
                }
                // A publisher's packets have to be taken one by one.
                if peer.tracks.is_empty() {
                    let mut events = Vec::new();
                    peer.wake = drain(&mut peer.rtc, |transmit| outgoing.push(transmit), &mut events).unwrap_or(now + ORDERS);
                    for event in events {
                        if let Event::RtpPacket(packet) = event
                            && let Some(mid) = peer.rtc.direct_api().stream_rx(&packet.header.ssrc).map(|stream| stream.mid())
                            && let Some(track) = tracks.iter().position(|track| track.peer == place && track.mid == mid)
                        {
                            packets.push((track, packet));
                        }
                    }
                }
            })?;
            for transmit in outgoing.drain(..) {
                line.send(transmit.destination, &transmit.contents);
            }
            line.flush();
            if !may_be_more {
                break;
            }
        }
        Ok(())
    }

    fn write(&mut self, now: Instant) {
        if self.packets.is_empty() {
            return;
        }
        for peer in self.peers.iter_mut().filter(|peer| peer.is_connected) {
            for (track, packet) in &self.packets {
                let Some(downlink) = peer.tracks.get_mut(*track) else { continue };
                let offset = *downlink.offset.get_or_insert((*packet.seq_no).saturating_sub(1_000));
                let Some(sequence) = (*packet.seq_no).checked_sub(offset) else { continue };
                let header = &packet.header;
                let write = RtpWrite::new(downlink.payload_type, sequence.into(), header.timestamp, now, packet.payload.clone());
                if let Some(stream) = peer.rtc.direct_api().stream_tx_by_mid(downlink.mid, None) {
                    stream.write_rtp(write.marker(header.marker).nackable(true));
                }
            }
            peer.is_touched = true;
        }
        self.packets.clear();
    }

    /// Whoever has something to say, or is due.
    fn work(&mut self, now: Instant) -> io::Result<()> {
        let mut events = Vec::new();
        let mut wanted = Vec::new();
        let Self { line, peers, tracks, .. } = self;
        for peer in peers.iter_mut().filter(|peer| peer.is_touched || peer.wake <= now) {
            peer.is_touched = false;
            // With a pacer each packet wants the time said again, a microsecond later.
            loop {
                peer.rtc.handle_input(Input::Timeout(Instant::now())).map_err(other)?;
                peer.wake = drain(&mut peer.rtc, |transmit| line.send(transmit.destination, &transmit.contents), &mut events)?;
                if peer.wake > Instant::now() {
                    break;
                }
            }
            line.flush();
            for event in events.drain(..) {
                match event {
                    Event::Connected => peer.is_connected = true,
                    Event::KeyframeRequest(request) => {
                        wanted.extend(peer.tracks.iter().position(|downlink| downlink.mid == request.mid));
                    }
                    _ => {}
                }
            }
        }
        for track in wanted {
            let Some(track) = tracks.get_mut(track) else { continue };
            if track.asked.is_some_and(|asked| now.saturating_duration_since(asked) < BETWEEN_KEYS) {
                continue;
            }
            if let Some(peer) = peers.get_mut(track.peer)
                && let Some(stream) = peer.rtc.direct_api().stream_rx_by_mid(track.mid, None)
            {
                stream.request_keyframe(KeyframeRequestKind::Pli);
                (track.asked, peer.is_touched) = (Some(now), true);
            }
        }
        Ok(())
    }
}

/// All that it has; tells when it wants to be woken.
fn drain(rtc: &mut Rtc, mut send: impl FnMut(Transmit), events: &mut Vec<Event>) -> io::Result<Instant> {
    loop {
        match rtc.poll_output().map_err(other)? {
            Output::Timeout(wake) => return Ok(wake),
            Output::Transmit(transmit) => send(transmit),
            Output::Event(event) => events.push(event),
        }
    }
}
