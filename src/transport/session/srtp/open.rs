//! Protected packets become plain ones, where they lie.

use super::cipher::{Cipher, SHA1_TAG, rtcp_aad};
use super::keys::{KeyError, Master};
use super::stream::{Freshness, Streams, Window};
use super::{Profile, RTCP_ENCRYPTED, RTCP_HEADER, RTCP_INDEX, rtp_header_len, sequence, word};

/// A publisher sends a few SSRCs per layer. State is kept for those only that sent something genuine.
pub(in super::super) const MAX_SSRCS: usize = 1024;

/// Why a packet was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum OpenError {
    Malformed,
    Replayed,
    NotAuthentic,
    TooManySsrcs,
}

pub(in super::super) struct Opener {
    cipher: Cipher,
    rtp: Streams,
    rtcp: Streams,
}

impl Opener {
    pub fn new(profile: Profile, master: &Master) -> Result<Opener, KeyError> {
        Ok(Opener { cipher: Cipher::new(profile, master)?, rtp: Streams::default(), rtcp: Streams::default() })
    }

    /// The length of the plain packet.
    pub fn open_rtp(&mut self, packet: &mut [u8]) -> Result<usize, OpenError> {
        let plain_len = packet.len().checked_sub(self.cipher.rtp_tag()).ok_or(OpenError::Malformed)?;
        let header_len = packet.get(..plain_len).and_then(rtp_header_len).ok_or(OpenError::Malformed)?;
        let ssrc = word(packet, 8).ok_or(OpenError::Malformed)?;
        let sequence = sequence(packet).ok_or(OpenError::Malformed)?;
        let is_full = self.rtp.len() >= MAX_SSRCS;
        let index = match self.rtp.get_mut(ssrc) {
            Some(window) => window.guess(sequence).filter(|index| window.judge(*index) == Freshness::Fresh).ok_or(OpenError::Replayed)?,
            None if is_full => return Err(OpenError::TooManySsrcs),
            None => u64::from(sequence),
        };
        match &self.cipher {
            Cipher::Gcm { rtp, .. } => {
                let (header, payload) = packet.split_at_mut_checked(header_len).ok_or(OpenError::Malformed)?;
                rtp.open(rtp.rtp_nonce(ssrc, index), header, payload).map_err(|_| OpenError::NotAuthentic)?;
            }
            Cipher::Sha1 { rtp, .. } => {
                let (sealed, tag) = packet.split_at_mut_checked(plain_len).ok_or(OpenError::Malformed)?;
                if !rtp.is_authentic(sealed, Some((index >> 16) as u32), tag) {
                    return Err(OpenError::NotAuthentic);
                }
                rtp.apply(ssrc, index, sealed.get_mut(header_len..).unwrap_or_default()).map_err(|_| OpenError::NotAuthentic)?;
            }
        }
        remember(&mut self.rtp, ssrc, index);
        Ok(plain_len)
    }

    /// The length of the plain compound.
    pub fn open_rtcp(&mut self, packet: &mut [u8]) -> Result<usize, OpenError> {
        let plain_len = packet.len().checked_sub(self.cipher.rtcp_trailer()).filter(|len| *len >= RTCP_HEADER).ok_or(OpenError::Malformed)?;
        let index_at = match self.cipher {
            Cipher::Gcm { .. } => packet.len() - RTCP_INDEX,
            Cipher::Sha1 { .. } => packet.len() - RTCP_INDEX - SHA1_TAG,
        };
        let ssrc = word(packet, 4).ok_or(OpenError::Malformed)?;
        let flagged = word(packet, index_at).ok_or(OpenError::Malformed)?;
        // Browsers always encrypt; plain SRTCP has no use here.
        if flagged & RTCP_ENCRYPTED == 0 {
            return Err(OpenError::Malformed);
        }
        let index = flagged & !RTCP_ENCRYPTED;
        let is_full = self.rtcp.len() >= MAX_SSRCS;
        match self.rtcp.get_mut(ssrc) {
            Some(window) if window.judge(u64::from(index)) == Freshness::Stale => return Err(OpenError::Replayed),
            None if is_full => return Err(OpenError::TooManySsrcs),
            _ => {}
        }
        match &self.cipher {
            Cipher::Gcm { rtcp, .. } => {
                let aad = rtcp_aad(packet, flagged);
                let sealed = packet.get_mut(RTCP_HEADER..index_at).ok_or(OpenError::Malformed)?;
                rtcp.open(rtcp.rtcp_nonce(ssrc, index), &aad, sealed).map_err(|_| OpenError::NotAuthentic)?;
            }
            Cipher::Sha1 { rtcp, .. } => {
                let (sealed, tag) = packet.split_at_mut_checked(index_at + RTCP_INDEX).ok_or(OpenError::Malformed)?;
                if !rtcp.is_authentic(sealed, None, tag) {
                    return Err(OpenError::NotAuthentic);
                }
                let payload = sealed.get_mut(RTCP_HEADER..plain_len).ok_or(OpenError::Malformed)?;
                rtcp.apply(ssrc, u64::from(index), payload).map_err(|_| OpenError::NotAuthentic)?;
            }
        }
        remember(&mut self.rtcp, ssrc, u64::from(index));
        Ok(plain_len)
    }
}

/// After its packet proved genuine.
fn remember(streams: &mut Streams, ssrc: u32, index: u64) {
    match streams.get_mut(ssrc) {
        Some(window) => window.accept(index),
        None => streams.insert(ssrc, Window::starting(index)),
    }
}
