//! Packets of one service → access units with media times.

mod adts;
mod timeline;
mod whole;

use std::collections::VecDeque;

use crate::base::work::Anchor;
use crate::ts::{Packet, Pat, PesAssembler, PesPacket, Pmt, SectionAssembler, Stream, StreamKind};

use super::h264::Unit;
use adts::AdtsFrames;
use timeline::Timeline;
use whole::WholeUnits;

/// What a decoder takes at a time: one picture, one ADTS frame, or for other sound what one PES packet held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    pub kind: StreamKind,
    pub pid: u16,
    /// Media time (90 kHz) at which it is shown.
    pub pts_90k: i64,
    /// Media time at which it is decoded, where the stream says that it is another.
    pub dts_90k: Option<i64>,
    /// Decoding may begin here: an IDR (H.264), an intra picture behind a sequence header (MPEG-2), an IRAP (HEVC); sound always.
    pub key: bool,
    /// Packets were lost or marked as wrong inside it.
    pub damaged: bool,
    /// As in the stream: start codes, ADTS headers and all.
    pub data: Vec<u8>,
    /// The NAL units of H.264, found while looking for its kind.
    pub(super) units: Vec<Unit>,
}

/// What comes out of the demultiplexer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Demuxed {
    /// The streams of the service, first and whenever they change.
    Streams(Pmt),
    Access(Access),
}

/// Takes the packets of one service, in order, over any number of pieces; gives the access units of its first video and first sound stream.
///
/// A piece that begins inside a file has no PAT before its first picture: push the file's head until [`Demuxer::streams`] is there, then the piece.
#[derive(Debug)]
pub struct Demuxer {
    service: u16,
    pat: SectionAssembler,
    pmt: SectionAssembler,
    pmt_pid: Option<u16>,
    streams: Option<Pmt>,
    timeline: Timeline,
    video: Option<Lane>,
    audio: Option<Lane>,
    out: VecDeque<Demuxed>,
}

/// One elementary stream on its way.
#[derive(Debug)]
struct Lane {
    stream: Stream,
    pes: PesAssembler,
    units: Units,
}

#[derive(Debug)]
enum Units {
    Whole(WholeUnits),
    Adts(AdtsFrames),
}

impl Demuxer {
    pub fn new(service: u16, anchor: Anchor) -> Self {
        Self {
            service,
            pat: SectionAssembler::default(),
            pmt: SectionAssembler::default(),
            pmt_pid: None,
            streams: None,
            timeline: Timeline::new(anchor),
            video: None,
            audio: None,
            out: VecDeque::new(),
        }
    }

    /// The streams of the service, once its PMT was seen.
    pub fn streams(&self) -> Option<&Pmt> {
        self.streams.as_ref()
    }

    /// The next packets belong to a piece with this anchor. One that agrees with the times so far continues units across the seam,
    /// as the files of one epoch do; any other ends them first.
    pub fn start_piece(&mut self, anchor: Anchor) {
        if !self.timeline.agrees(anchor) {
            self.finish();
            self.timeline = Timeline::new(anchor);
        }
    }

    pub fn push(&mut self, packet: &Packet<'_>) {
        let pid = packet.pid();
        for lane in [&mut self.video, &mut self.audio].into_iter().flatten() {
            if lane.stream.pid == pid {
                if let Some(pes) = lane.pes.push(packet) {
                    lane.take(pes, &mut self.timeline, &mut self.out);
                }
                return;
            }
        }
        if pid == 0 {
            self.take_pat(packet);
        } else if Some(pid) == self.pmt_pid {
            self.take_pmt(packet);
        }
    }

    pub fn poll(&mut self) -> Option<Demuxed> {
        self.out.pop_front()
    }

    /// Ends the units under way; more packets may follow.
    pub fn finish(&mut self) {
        for lane in [&mut self.video, &mut self.audio].into_iter().flatten() {
            lane.finish(&mut self.timeline, &mut self.out);
        }
    }

    fn take_pat(&mut self, packet: &Packet<'_>) {
        let (service, pmt_pid) = (self.service, &mut self.pmt_pid);
        self.pat.push(packet, |section| {
            let found = Pat::parse(section).ok().and_then(|pat| pat.services.into_iter().find(|&(s, _)| s == service));
            if let Some((_, pid)) = found {
                *pmt_pid = Some(pid);
            }
        });
    }

    fn take_pmt(&mut self, packet: &Packet<'_>) {
        let mut fresh = None;
        let service = self.service;
        self.pmt.push(packet, |section| {
            if let Some(pmt) = Pmt::parse(section).ok().filter(|pmt| pmt.service == service) {
                fresh = Some(pmt);
            }
        });
        let Some(pmt) = fresh.filter(|pmt| self.streams.as_ref().is_none_or(|old| old.streams != pmt.streams || old.scrambled != pmt.scrambled)) else {
            return;
        };
        renew(&mut self.video, pmt.video(), &mut self.timeline, &mut self.out);
        renew(&mut self.audio, pmt.audio(), &mut self.timeline, &mut self.out);
        self.out.push_back(Demuxed::Streams(pmt.clone()));
        self.streams = Some(pmt);
    }
}

/// Keeps the lane where its stream is still the same; else ends it and begins another.
fn renew(lane: &mut Option<Lane>, stream: Option<&Stream>, timeline: &mut Timeline, out: &mut VecDeque<Demuxed>) {
    if lane.as_ref().map(|l| (l.stream.pid, l.stream.kind)) == stream.map(|s| (s.pid, s.kind)) {
        return;
    }
    if let Some(mut old) = lane.take() {
        old.finish(timeline, out);
    }
    *lane = stream.map(|stream| Lane {
        stream: stream.clone(),
        pes: PesAssembler::default(),
        units: match stream.kind {
            StreamKind::AacAdts => Units::Adts(AdtsFrames::default()),
            kind => Units::Whole(WholeUnits::new(kind)),
        },
    });
}

impl Lane {
    fn take(&mut self, pes: PesPacket, timeline: &mut Timeline, out: &mut VecDeque<Demuxed>) {
        let pts_90k = pes.header.pts.map(|pts| timeline.media_90k(pts));
        let (kind, pid) = (self.stream.kind, self.stream.pid);
        match &mut self.units {
            Units::Whole(whole) => {
                let dts_90k = timeline.dts_90k(&pes.header, pts_90k);
                whole.push(pid, pes, pts_90k, dts_90k, |access| out.push_back(Demuxed::Access(access)));
            }
            Units::Adts(frames) => frames.push(&pes, pts_90k, |frame| out.push_back(Demuxed::Access(frame.access(kind, pid)))),
        }
    }

    fn finish(&mut self, timeline: &mut Timeline, out: &mut VecDeque<Demuxed>) {
        if let Some(pes) = self.pes.finish() {
            self.take(pes, timeline, out);
        }
        match &mut self.units {
            Units::Whole(whole) => whole.finish(|access| out.push_back(Demuxed::Access(access))),
            Units::Adts(frames) => frames.finish(),
        }
    }
}
