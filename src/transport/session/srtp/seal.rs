//! Plain packets become protected ones.

use super::cipher::{Cipher, rtcp_aad};
use super::keys::{KeyError, Master};
use super::stream::{Freshness, Streams, Window};
use super::{Profile, RTCP_ENCRYPTED, RTCP_HEADER, RTCP_INDEX, RTP_HEADER, SealError, rtp_header_len, sequence, word};

/// A subscriber's connection sends a few SSRCs per track it has ever taken. A window may not be forgotten: its nonces would come again.
const MAX_SSRCS: usize = 8192;

pub(in super::super) struct Sealer {
    cipher: Cipher,
    streams: Streams,
    /// One count for all SSRCs: unique is all that it must be.
    rtcp_index: u32,
}

impl Sealer {
    pub fn new(profile: Profile, master: &Master) -> Result<Sealer, KeyError> {
        Ok(Sealer { cipher: Cipher::new(profile, master)?, streams: Streams::default(), rtcp_index: 0 })
    }

    pub fn seal_rtp_in(&mut self, buffer: &mut [u8], len: usize, header_len: usize) -> Result<usize, SealError> {
        let malformed = SealError::Malformed { len, header_len };
        if header_len < RTP_HEADER || header_len > len {
            return Err(malformed);
        }
        let (needed, room) = (len + self.cipher.rtp_tag(), buffer.len());
        let Some(packet) = buffer.get_mut(..needed) else { return Err(SealError::NoRoom { needed, room }) };
        let (Some(ssrc), Some(sequence)) = (word(packet, 8), sequence(packet)) else { return Err(malformed) };
        let index = self.take_index(ssrc, sequence)?;
        let Some((plain, tag)) = packet.split_at_mut_checked(len) else { return Err(malformed) };
        match &self.cipher {
            Cipher::Gcm { rtp, .. } => {
                let Some((header, payload)) = plain.split_at_mut_checked(header_len) else { return Err(malformed) };
                rtp.seal(rtp.rtp_nonce(ssrc, index), header, payload, tag).map_err(|_| SealError::Cipher)?;
            }
            Cipher::Sha1 { rtp, .. } => {
                rtp.apply(ssrc, index, plain.get_mut(header_len..).unwrap_or_default()).map_err(|_| SealError::Cipher)?;
                tag.copy_from_slice(&rtp.tag(plain, Some((index >> 16) as u32)));
            }
        }
        Ok(needed)
    }

    pub fn seal_rtp(&mut self, packet: &mut Vec<u8>) -> Result<(), SealError> {
        let len = packet.len();
        let header_len = rtp_header_len(packet).ok_or(SealError::Malformed { len, header_len: 0 })?;
        packet.resize(len + self.cipher.rtp_tag(), 0);
        let sealed = self.seal_rtp_in(packet, len, header_len);
        packet.truncate(*sealed.as_ref().unwrap_or(&len));
        sealed.map(|_| ())
    }

    /// The packet's index, used up by this.
    fn take_index(&mut self, ssrc: u32, sequence: u16) -> Result<u64, SealError> {
        if let Some(window) = self.streams.get_mut(ssrc) {
            let index = window.guess(sequence).ok_or(SealError::Repeated { ssrc, sequence })?;
            if window.judge(index) == Freshness::Stale {
                return Err(SealError::Repeated { ssrc, sequence });
            }
            window.accept(index);
            return Ok(index);
        }
        if self.streams.len() >= MAX_SSRCS {
            return Err(SealError::TooManySsrcs { ssrc, limit: MAX_SSRCS });
        }
        self.streams.insert(ssrc, Window::starting(u64::from(sequence)));
        Ok(u64::from(sequence))
    }

    pub fn seal_rtcp(&mut self, compound: &mut Vec<u8>) -> Result<(), SealError> {
        let len = compound.len();
        let Some(ssrc) = word(compound, 4) else { return Err(SealError::Malformed { len, header_len: RTCP_HEADER }) };
        if self.rtcp_index >= RTCP_ENCRYPTED - 1 {
            return Err(SealError::Exhausted);
        }
        self.rtcp_index += 1;
        let index = self.rtcp_index;
        let flagged = (index | RTCP_ENCRYPTED).to_be_bytes();
        match &self.cipher {
            // Payload, tag, index (RFC 7714 9.2).
            Cipher::Gcm { rtcp, .. } => {
                compound.resize(len + self.cipher.rtcp_trailer() - RTCP_INDEX, 0);
                let aad = rtcp_aad(compound, index | RTCP_ENCRYPTED);
                let (plain, tag) = compound.split_at_mut(len);
                rtcp.seal(rtcp.rtcp_nonce(ssrc, index), &aad, plain.get_mut(RTCP_HEADER..).unwrap_or_default(), tag).map_err(|_| SealError::Cipher)?;
                compound.extend_from_slice(&flagged);
            }
            // Payload, index, tag (RFC 3711 3.4).
            Cipher::Sha1 { rtcp, .. } => {
                rtcp.apply(ssrc, u64::from(index), compound.get_mut(RTCP_HEADER..).unwrap_or_default()).map_err(|_| SealError::Cipher)?;
                compound.extend_from_slice(&flagged);
                let tag = rtcp.tag(compound, None);
                compound.extend_from_slice(&tag);
            }
        }
        Ok(())
    }
}
