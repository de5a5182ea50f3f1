//! MPEG transport streams (ISO/IEC 13818-1, ETSI TS 101 154): packets, tables, PES, tape time and the tape's index.
//!
//! Pure: bytes and the time of their arrival go in, what they mean comes out.

pub mod continuity;
pub mod index;
mod packet;
mod pes;
pub mod plan;
mod psi;
pub mod rap;
pub mod service;
pub mod sync;
pub mod taper;
pub mod tdt;
pub mod testing;
pub mod time;
mod vote;

pub use packet::{Adaptation, PACKET_LEN, Packet, PacketError, SYNC_BYTE};
pub use pes::{PesAssembler, PesHeader, PesPacket};
pub use psi::{Pat, Pmt, PsiError, SectionAssembler, Stream, StreamKind, crc32_mpeg};

/// The clock of PTS, DTS and of PCR's base: 90,000 ticks a second.
pub const TICKS_PER_SECOND: i64 = 90_000;
/// PTS, DTS and PCR's base are counted modulo this (26.5 hours).
pub const WRAP_90K: i64 = 1 << 33;

/// The signed distance from `from` to `to` on the 33-bit circle: the shorter way round.
pub fn wrapped_distance(from: u64, to: u64) -> i64 {
    let d = (to as i64 - from as i64).rem_euclid(WRAP_90K);
    if d >= WRAP_90K / 2 { d - WRAP_90K } else { d }
}
