//! SRTP and SRTCP (RFC 3711, RFC 7714) in place: one direction of one session is a [`Sealer`] or an [`Opener`].
//!
//! `rtc::srtp::Context` copies each packet, and keeps state for every SSRC of a packet before it knows whether the packet is genuine; tests hold ours against it.

mod cipher;
mod keys;
mod open;
mod seal;
mod stream;
#[cfg(test)]
mod tests;

pub(super) use keys::{KeyError, Material};
pub(super) use open::{OpenError, Opener};
pub(super) use seal::Sealer;

/// How much longer a sealed RTP packet is at most. RTCP has four bytes more.
pub const SEAL_OVERHEAD: usize = 16;

/// The protection that both sides agreed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Profile {
    /// AEAD_AES_128_GCM (RFC 7714): what is used wherever the client can.
    AeadAes128Gcm,
    /// SRTP_AES128_CM_HMAC_SHA1_80 (RFC 5764): what every client can.
    Aes128CmSha1_80,
}

impl Profile {
    /// As in `use_srtp`.
    pub(super) fn id(self) -> u16 {
        match self {
            Profile::AeadAes128Gcm => 0x0007,
            Profile::Aes128CmSha1_80 => 0x0001,
        }
    }

    pub(super) fn material_len(self) -> usize {
        2 * (keys::KEY_LEN + self.salt_len())
    }

    fn salt_len(self) -> usize {
        match self {
            Profile::AeadAes128Gcm => 12,
            Profile::Aes128CmSha1_80 => 14,
        }
    }

    /// As browsers' statistics call it.
    pub fn name(self) -> &'static str {
        match self {
            Profile::AeadAes128Gcm => "AEAD_AES_128_GCM",
            Profile::Aes128CmSha1_80 => "AES_CM_128_HMAC_SHA1_80",
        }
    }
}

/// Why a packet was not sealed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    #[error("the session is not connected")]
    NotConnected,
    #[error("{len} bytes with a header of {header_len} are no packet")]
    Malformed { len: usize, header_len: usize },
    #[error("{needed} bytes are needed, the buffer has {room}")]
    NoRoom { needed: usize, room: usize },
    #[error("ssrc {ssrc:#x}: {sequence} was sealed before, or is too old to tell")]
    Repeated { ssrc: u32, sequence: u16 },
    #[error("ssrc {ssrc:#x} is one too many ({limit})")]
    TooManySsrcs { ssrc: u32, limit: usize },
    /// 2^48 packets or 2^31 compounds under one key (RFC 3711 9.2).
    #[error("the key is used up")]
    Exhausted,
    #[error("the cipher failed")]
    Cipher,
}

const RTP_HEADER: usize = 12;
/// First word and SSRC: what SRTCP leaves plain.
const RTCP_HEADER: usize = 8;
const RTCP_INDEX: usize = 4;
const RTCP_ENCRYPTED: u32 = 1 << 31;

/// The length of an RTP header with its CSRCs and extension (RFC 3550 5.1), where it lies inside the packet.
fn rtp_header_len(packet: &[u8]) -> Option<usize> {
    let first = *packet.first()?;
    if first >> 6 != 2 {
        return None;
    }
    let mut len = RTP_HEADER + 4 * usize::from(first & 0x0f);
    if first & 0x10 != 0 {
        let words = u16::from_be_bytes(packet.get(len + 2..len + 4)?.try_into().ok()?);
        len += 4 + 4 * usize::from(words);
    }
    (len <= packet.len()).then_some(len)
}

fn sequence(packet: &[u8]) -> Option<u16> {
    Some(u16::from_be_bytes(packet.get(2..4)?.try_into().ok()?))
}

fn word(packet: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(packet.get(at..at + 4)?.try_into().ok()?))
}
