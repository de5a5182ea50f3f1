//! AAC frames out of PES packets: they need not begin where a PES packet does.

use std::collections::VecDeque;

use crate::cmaf::AdtsHeader;
use crate::ts::{PesPacket, StreamKind};

use super::Access;

/// Finds the frames. A frame is believed when the next one follows it, or when it followed the one before and ends where the bytes end.
#[derive(Debug, Default)]
pub(super) struct AdtsFrames {
    bytes: Vec<u8>,
    /// Times of PES packets that begin in `bytes`: (where, media time). The first frame that begins there or behind has that time.
    marks: VecDeque<(usize, i64)>,
    /// The last time read from the stream, and samples since.
    clock: Option<(i64, i64)>,
    /// The last frame believed, while frames follow each other.
    last: Option<AdtsHeader>,
    damaged: bool,
}

/// One frame, header included.
pub(super) struct Frame<'a> {
    data: &'a [u8],
    pts_90k: i64,
    damaged: bool,
}

impl Frame<'_> {
    pub fn access(self, kind: StreamKind, pid: u16) -> Access {
        Access { kind, pid, pts_90k: self.pts_90k, dts_90k: None, key: true, damaged: self.damaged, data: self.data.to_vec(), units: Vec::new() }
    }
}

impl AdtsFrames {
    pub fn push(&mut self, pes: &PesPacket, pts_90k: Option<i64>, mut frame: impl FnMut(Frame<'_>)) {
        if let Some(pts_90k) = pts_90k {
            self.marks.push_back((self.bytes.len(), pts_90k));
        }
        self.bytes.extend_from_slice(&pes.data);
        // A loss lies somewhere in these bytes: from here on nothing is taken on trust.
        if pes.damaged {
            self.damaged = true;
            self.last = None;
        }
        let bytes = std::mem::take(&mut self.bytes);
        let mut at = 0;
        while let Some((header, end)) = self.next(&bytes, &mut at) {
            let pts_90k = self.time(at, &header);
            if let Some(pts_90k) = pts_90k {
                frame(Frame { data: &bytes[at..end], pts_90k, damaged: std::mem::take(&mut self.damaged) });
            }
            self.last = Some(header);
            at = end;
        }
        self.keep(bytes, at);
    }

    /// Forgets what is not whole.
    pub fn finish(&mut self) {
        *self = Self::default();
    }

    /// The next frame at or behind `at`, which moves there; `None` until there are more bytes.
    fn next(&mut self, bytes: &[u8], at: &mut usize) -> Option<(AdtsHeader, usize)> {
        loop {
            let rest = &bytes[*at..];
            if rest.len() < 7 {
                return None;
            }
            let header = AdtsHeader::parse(rest).filter(|h| self.last.is_none_or(|last| h.same_track(&last)) || followed(rest, h) == Some(true));
            if let Some(header) = header {
                if rest.len() < header.frame_len {
                    return None;
                }
                match followed(rest, &header) {
                    Some(true) => return Some((header, *at + header.frame_len)),
                    None if self.last.is_some() => return Some((header, *at + header.frame_len)),
                    None => return None,
                    Some(false) => {}
                }
            }
            // Whatever was lost took at least one frame's time, which the next PES packet will correct.
            if let Some(last) = self.last.take() {
                self.damaged = true;
                self.clock = self.clock.map(|(base, samples)| (base, samples + i64::from(last.samples())));
            }
            *at += 1 + rest[1..].iter().position(|&b| b == 0xff).unwrap_or(rest.len() - 1);
        }
    }

    /// The media time of the frame that begins at `at`. None before the stream's first time.
    fn time(&mut self, at: usize, header: &AdtsHeader) -> Option<i64> {
        while self.marks.front().is_some_and(|&(from, _)| from <= at) {
            self.clock = self.marks.pop_front().map(|(_, pts_90k)| (pts_90k, 0));
        }
        let (base, samples) = self.clock.as_mut()?;
        let rate = i64::from(header.sample_rate);
        let pts_90k = *base + (*samples * 90_000 + rate / 2) / rate;
        *samples += i64::from(header.samples());
        Some(pts_90k)
    }

    fn keep(&mut self, mut bytes: Vec<u8>, from: usize) {
        bytes.drain(..from.min(bytes.len()));
        for (at, _) in &mut self.marks {
            *at = at.saturating_sub(from);
        }
        self.bytes = bytes;
    }
}

/// Whether a frame of the same track begins behind this one; `None` where too few bytes are there to say.
fn followed(rest: &[u8], header: &AdtsHeader) -> Option<bool> {
    let next = rest.get(header.frame_len..)?;
    if next.len() < 7 {
        return None;
    }
    Some(AdtsHeader::parse(next).is_some_and(|next| next.same_track(header)))
}
