//! Which profiles of a codec are taken, and in which order.

use super::CodecLine;
use crate::sfu::codec::Codec;

/// Level 5.2 (H.264 annex A): what we take says nothing of what a subscriber decodes, so a publisher is not held down.
const RECEIVED_LEVEL: u8 = 52;
/// Where nothing is said: Constrained Baseline, level 3.1, as browsers take it. (RFC 6184 8.1 would have Baseline, level 1.)
const DEFAULT: Level = Level { profile_idc: 0x42, constraints: 0xe0, level_idc: 31 };

/// H.264's `profile-level-id` (RFC 6184 8.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Level {
    profile_idc: u8,
    constraints: u8,
    level_idc: u8,
}

/// Profiles of H.264 by how many decoders have them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Profile {
    ConstrainedBaseline,
    Baseline,
    Main,
    High,
}

/// How gladly a line is taken among those of its codec, less is better; `None` for a profile that is not forwarded.
pub(super) fn rank(line: &CodecLine) -> Option<u8> {
    match line.codec? {
        Codec::Opus | Codec::Red | Codec::Vp8 => Some(0),
        Codec::Vp9 => (line.parameter("profile-id").unwrap_or("0") == "0").then_some(0),
        Codec::Av1 => (line.parameter("profile").unwrap_or("0") == "0").then_some(0),
        Codec::H264 => {
            let profile = Level::of(line)?.profile()?;
            // Mode 0 cannot cut a large NAL unit, so pictures are cut into slices; mode 2 interleaves.
            let mode = match line.parameter("packetization-mode").unwrap_or("0") {
                "1" => 0,
                "0" => 8,
                _ => return None,
            };
            Some(profile as u8 + mode)
        }
    }
}

/// Whether two lines are the same thing to a decoder.
pub(super) fn same(a: &CodecLine, b: &CodecLine) -> bool {
    a.codec.is_some() && a.codec == b.codec && rank(a).is_some() && rank(a) == rank(b)
}

/// Says in an answer that any level is taken, where the offer allows levels to differ (RFC 6184 8.2.2).
pub(super) fn raise_level(line: &mut CodecLine) {
    if line.codec != Some(Codec::H264) || line.parameter("level-asymmetry-allowed") != Some("1") {
        return;
    }
    let Some(level) = Level::of(line).filter(|level| level.level_idc < RECEIVED_LEVEL) else { return };
    if let Some((_, value)) = line.parameters.iter_mut().find(|(name, _)| name.eq_ignore_ascii_case("profile-level-id")) {
        *value = Level { level_idc: RECEIVED_LEVEL, ..level }.hex();
    }
}

impl Level {
    fn of(line: &CodecLine) -> Option<Self> {
        let Some(hex) = line.parameter("profile-level-id") else { return Some(DEFAULT) };
        let value = u32::from_str_radix(hex, 16).ok().filter(|_| hex.len() == 6)?;
        let [_, profile_idc, constraints, level_idc] = value.to_be_bytes();
        Some(Self { profile_idc, constraints, level_idc })
    }

    fn hex(self) -> String {
        format!("{:02x}{:02x}{:02x}", self.profile_idc, self.constraints, self.level_idc)
    }

    /// RFC 6184 8.1, table 5: constraint bits make some profiles the same.
    fn profile(self) -> Option<Profile> {
        let constrained = |bit: u8| self.constraints & (0x80 >> bit) != 0;
        match self.profile_idc {
            0x42 if constrained(1) => Some(Profile::ConstrainedBaseline),
            0x42 => Some(Profile::Baseline),
            0x4d if constrained(0) => Some(Profile::ConstrainedBaseline),
            0x4d => Some(Profile::Main),
            // Extended has tools that no browser decodes, unless it is held to Baseline's.
            0x58 if constrained(0) && constrained(1) => Some(Profile::ConstrainedBaseline),
            0x64 => Some(Profile::High),
            _ => None,
        }
    }
}
