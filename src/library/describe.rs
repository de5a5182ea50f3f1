//! What a cut's source is: a look at its first seconds, for the ladder.

use crate::channel::read_packets;
use crate::channel::tape::Cut;
use crate::cmaf::{Probe, Prober};
use crate::ladder::Source;
use crate::ts::TICKS_PER_SECOND;

/// Enough for several groups of pictures of the highest rates.
const LOOK_BYTES: u64 = 16 << 20;

/// What was found, and what the ladder needs to know of it.
pub struct Description {
    pub probe: Probe,
    pub source: Source,
}

pub fn describe(cut: &Cut) -> std::io::Result<Description> {
    let mut prober = Prober::new(cut.service);
    let mut left = LOOK_BYTES;
    for piece in &cut.pieces {
        let mut part = piece.piece.clone();
        let end = part.to.unwrap_or(u64::MAX).min(part.from + left);
        part.to = Some(end);
        left -= end - part.from;
        read_packets(&part, |packet| {
            prober.push(packet);
            Ok::<_, std::io::Error>(())
        })?;
        if left == 0 {
            break;
        }
    }
    let probe = prober.finish();
    let bytes: u64 = cut.pieces.iter().map(|p| p.piece.to.unwrap_or(p.piece.from).saturating_sub(p.piece.from)).sum();
    let seconds = ((cut.to.media_90k - cut.from.media_90k) / TICKS_PER_SECOND).max(1) as u64;
    let bitrate_bps = u32::try_from(bytes * 8 / seconds).unwrap_or(u32::MAX);
    let source = Source::of(&probe, bitrate_bps);
    Ok(Description { source, probe })
}
