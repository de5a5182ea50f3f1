//! The two protections, for one direction: AES-128-GCM (RFC 7714) and AES-CM with HMAC-SHA1 of 80 bits (RFC 3711).

use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::cipher::EncryptingKey;
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::hmac;
use subtle::ConstantTimeEq;

use super::keys::{KEY_LEN, KeyError, Label, Master, SALT_LEN, counter_mode, key_stream};
use super::{Profile, RTCP_HEADER, RTCP_INDEX};

pub(super) const GCM_TAG: usize = 16;
pub(super) const SHA1_TAG: usize = 10;
const AUTHENTICATION_KEY: usize = 20;

pub(super) enum Cipher {
    Gcm {
        rtp: Gcm,
        rtcp: Gcm,
    },
    /// The key schedule alone has hundreds of bytes, and few clients need it.
    Sha1 {
        rtp: Box<Sha1>,
        rtcp: Box<Sha1>,
    },
}

pub(super) struct Gcm {
    key: LessSafeKey,
    salt: [u8; 12],
}

pub(super) struct Sha1 {
    key: EncryptingKey,
    authentication: hmac::Key,
    salt: [u8; SALT_LEN],
}

impl Cipher {
    pub fn new(profile: Profile, master: &Master) -> Result<Cipher, KeyError> {
        use Label::{RtcpAuthentication, RtcpKey, RtcpSalt, RtpAuthentication, RtpKey, RtpSalt};
        Ok(match profile {
            Profile::AeadAes128Gcm => Cipher::Gcm { rtp: Gcm::new(master, RtpKey, RtpSalt)?, rtcp: Gcm::new(master, RtcpKey, RtcpSalt)? },
            Profile::Aes128CmSha1_80 => {
                let rtp = Box::new(Sha1::new(master, RtpKey, RtpAuthentication, RtpSalt)?);
                let rtcp = Box::new(Sha1::new(master, RtcpKey, RtcpAuthentication, RtcpSalt)?);
                Cipher::Sha1 { rtp, rtcp }
            }
        })
    }

    /// What RTP grows by.
    pub fn rtp_tag(&self) -> usize {
        match self {
            Cipher::Gcm { .. } => GCM_TAG,
            Cipher::Sha1 { .. } => SHA1_TAG,
        }
    }

    /// What RTCP grows by.
    pub fn rtcp_trailer(&self) -> usize {
        self.rtp_tag() + RTCP_INDEX
    }
}

impl Gcm {
    fn new(master: &Master, key: Label, salt: Label) -> Result<Gcm, KeyError> {
        let key = UnboundKey::new(&AES_128_GCM, &master.derive::<KEY_LEN>(key)?).map_err(|_| KeyError)?;
        Ok(Gcm { key: LessSafeKey::new(key), salt: master.derive(salt)? })
    }

    /// RFC 7714 8.1: two zeros, SSRC, and the 48 bits of the index.
    pub fn rtp_nonce(&self, ssrc: u32, index: u64) -> Nonce {
        self.nonce((u128::from(ssrc) << 48) | u128::from(index))
    }

    /// RFC 7714 9.1: two zeros, SSRC, two zeros, and the index.
    pub fn rtcp_nonce(&self, ssrc: u32, index: u32) -> Nonce {
        self.nonce((u128::from(ssrc) << 48) | u128::from(index))
    }

    fn nonce(&self, value: u128) -> Nonce {
        let mut nonce = self.salt;
        let value = (value << 32).to_be_bytes();
        nonce.iter_mut().zip(value).for_each(|(byte, mask)| *byte ^= mask);
        Nonce::assume_unique_for_key(nonce)
    }

    pub fn seal(&self, nonce: Nonce, aad: &[u8], in_out: &mut [u8], tag: &mut [u8]) -> Result<(), Unspecified> {
        let sealed = self.key.seal_in_place_separate_tag(nonce, Aad::from(aad), in_out)?;
        if tag.len() != sealed.as_ref().len() {
            return Err(Unspecified);
        }
        tag.copy_from_slice(sealed.as_ref());
        Ok(())
    }

    /// `in_out` ends with the tag.
    pub fn open(&self, nonce: Nonce, aad: &[u8], in_out: &mut [u8]) -> Result<(), Unspecified> {
        self.key.open_in_place(nonce, Aad::from(aad), in_out).map(|_| ())
    }
}

impl Sha1 {
    fn new(master: &Master, key: Label, authentication: Label, salt: Label) -> Result<Sha1, KeyError> {
        Ok(Sha1 {
            key: counter_mode(&master.derive(key)?)?,
            authentication: hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &master.derive::<AUTHENTICATION_KEY>(authentication)?),
            salt: master.derive(salt)?,
        })
    }

    /// RFC 3711 4.1.1, with the packet's index of 48 or 31 bits.
    pub fn apply(&self, ssrc: u32, index: u64, in_out: &mut [u8]) -> Result<(), Unspecified> {
        let mut iv = [0; 16];
        iv[..SALT_LEN].copy_from_slice(&self.salt);
        let value = ((u128::from(ssrc) << 64) | (u128::from(index) << 16)).to_be_bytes();
        iv.iter_mut().zip(value).for_each(|(byte, mask)| *byte ^= mask);
        key_stream(&self.key, iv, in_out)
    }

    /// RFC 3711 4.2: over the packet and, for RTP, the rollover counter.
    pub fn tag(&self, packet: &[u8], rollover: Option<u32>) -> [u8; SHA1_TAG] {
        let mut context = hmac::Context::with_key(&self.authentication);
        context.update(packet);
        if let Some(rollover) = rollover {
            context.update(&rollover.to_be_bytes());
        }
        let mut tag = [0; SHA1_TAG];
        tag.iter_mut().zip(context.sign().as_ref()).for_each(|(byte, made)| *byte = *made);
        tag
    }

    pub fn is_authentic(&self, packet: &[u8], rollover: Option<u32>, tag: &[u8]) -> bool {
        self.tag(packet, rollover).as_slice().ct_eq(tag).into()
    }
}

/// What GCM authenticates of an SRTCP packet besides its payload: the plain header and the index with its flag (RFC 7714 9.2).
pub(super) fn rtcp_aad(header: &[u8], index: u32) -> [u8; RTCP_HEADER + RTCP_INDEX] {
    let mut aad = [0; RTCP_HEADER + RTCP_INDEX];
    aad.iter_mut().zip(header.iter().take(RTCP_HEADER)).for_each(|(byte, header)| *byte = *header);
    aad[RTCP_HEADER..].copy_from_slice(&index.to_be_bytes());
    aad
}
