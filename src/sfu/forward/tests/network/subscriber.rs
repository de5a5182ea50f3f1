//! A peer that receives: its streams, and the feedback it gives.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::receiver::Receiver;
use super::source::extensions;
use crate::sfu::TrackId;
use crate::sfu::congestion::Recorder;
use crate::sfu::packet::rtcp::{self, ReportBlock, write_nack, write_pli, write_receiver_report, write_remb, write_transport_feedback};
use crate::sfu::packet::{Extension, Rtcp, Rtp, ntp, transport_sequence};

/// How it tells of its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Voice {
    Transport,
    Remb(u64),
    Reports,
}

pub struct Subscriber {
    pub streams: HashMap<TrackId, Receiver>,
    pub voice: Voice,
    pub sends_nack: bool,
    pub cnames: Vec<String>,
    pub unknown: usize,
    recorder: Recorder,
}

impl Subscriber {
    pub fn new(voice: Voice) -> Self {
        Self { streams: HashMap::new(), voice, sends_nack: true, cnames: Vec::new(), unknown: 0, recorder: Recorder::new() }
    }

    pub fn receive_rtp(&mut self, now: Instant, now_ms: u64, packet: &[u8]) {
        let rtp = Rtp::parse(packet).unwrap();
        if let Some(number) = extensions().get(Extension::TransportSequence).and_then(|id| rtp.extension(id)).and_then(transport_sequence::read) {
            self.recorder.record(now, number);
        }
        let stream = self.streams.values_mut().find(|stream| stream.ssrc == rtp.ssrc() || stream.rtx_ssrc == Some(rtp.ssrc()));
        match stream {
            Some(stream) => stream.receive(now_ms, &rtp),
            None => self.unknown += 1,
        }
    }

    pub fn receive_rtcp(&mut self, now_ms: u64, compound: &[u8]) {
        for message in rtcp::parse(compound) {
            match message.unwrap() {
                Rtcp::SenderReport { ssrc, ntp, rtp_time, .. } => {
                    if let Some(stream) = self.streams.values_mut().find(|stream| stream.ssrc == ssrc) {
                        stream.report = Some((ntp::to_unix(ntp).as_micros() as u64, rtp_time, now_ms << 32 | u64::from(ntp::middle(ntp))));
                    }
                }
                Rtcp::Sdes(chunks) => self.cnames.extend(chunks.filter_map(|chunk| Some(String::from_utf8_lossy(chunk.cname?).into_owned()))),
                _ => {}
            }
        }
    }

    /// Feedback of this millisecond.
    pub fn turn(&mut self, now: Instant, now_ms: u64, out: &mut Vec<Vec<u8>>) {
        let mut fci = Vec::new();
        while self.voice == Voice::Transport && self.recorder.build(now, &mut fci).is_some() {
            let mut message = Vec::new();
            write_transport_feedback(&mut message, 9, 0, &fci);
            out.push(message);
            fci.clear();
        }
        for stream in self.streams.values_mut() {
            let mut message = Vec::new();
            if self.sends_nack && now_ms.is_multiple_of(5) {
                write_nack(&mut message, 9, stream.ssrc, stream.nacks(now_ms));
            }
            if stream.wants_key(now_ms) {
                write_pli(&mut message, 9, stream.ssrc);
            }
            if !message.is_empty() {
                out.push(message);
            }
        }
        if now_ms % 1_000 == 511 {
            out.push(self.report(now_ms));
        }
    }

    fn report(&mut self, now_ms: u64) -> Vec<u8> {
        let blocks: Vec<ReportBlock> = self
            .streams
            .values_mut()
            .filter(|stream| stream.packets > 0)
            .map(|stream| {
                let (at, last_sr) = stream.report.map_or((now_ms, 0), |(.., seen)| (seen >> 32, seen as u32));
                let delay_since_last_sr = ntp::from_span(Duration::from_millis(now_ms - at));
                ReportBlock { ssrc: stream.ssrc, fraction_lost: stream.fraction_lost(), last_sr, delay_since_last_sr, ..ReportBlock::default() }
            })
            .collect();
        let mut message = Vec::new();
        write_receiver_report(&mut message, 9, &blocks);
        if let Voice::Remb(bps) = self.voice {
            write_remb(&mut message, 9, bps, &[]);
        }
        message
    }
}
