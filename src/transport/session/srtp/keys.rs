//! From DTLS to session keys (RFC 5764 4.2, RFC 3711 4.3).

use aws_lc_rs::cipher::{AES_128, EncryptingKey, EncryptionContext, UnboundCipherKey};
use aws_lc_rs::iv::FixedLength;

use super::Profile;

pub(super) const KEY_LEN: usize = 16;
/// Of AES-CM; those of GCM are padded to it (RFC 7714 11).
pub(super) const SALT_LEN: usize = 14;

/// Only a broken cryptographic library gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the cipher takes no key")]
pub(in super::super) struct KeyError;

/// One direction's master key and salt.
#[derive(Clone)]
pub(in super::super) struct Master {
    pub(super) key: [u8; KEY_LEN],
    pub(super) salt: [u8; SALT_LEN],
}

/// What the exporter gave, divided.
#[derive(Clone)]
pub(in super::super) struct Material {
    pub profile: Profile,
    pub local: Master,
    pub remote: Master,
}

impl Material {
    /// Client's key, server's key, client's salt, server's salt (RFC 5764 4.2).
    pub fn split(profile: Profile, exported: &[u8], we_are_client: bool) -> Option<Material> {
        let master = |at: usize| {
            let key = exported.get(at * KEY_LEN..(at + 1) * KEY_LEN)?;
            let salt_at = 2 * KEY_LEN + at * profile.salt_len();
            let salt = exported.get(salt_at..salt_at + profile.salt_len())?;
            let mut padded = [0; SALT_LEN];
            padded.get_mut(..salt.len())?.copy_from_slice(salt);
            Some(Master { key: key.try_into().ok()?, salt: padded })
        };
        let (client, server) = (master(0)?, master(1)?);
        let (local, remote) = if we_are_client { (client, server) } else { (server, client) };
        Some(Material { profile, local, remote })
    }
}

/// RFC 3711 4.3.2.
#[derive(Debug, Clone, Copy)]
pub(super) enum Label {
    RtpKey = 0,
    RtpAuthentication = 1,
    RtpSalt = 2,
    RtcpKey = 3,
    RtcpAuthentication = 4,
    RtcpSalt = 5,
}

impl Master {
    /// AES-CM as pseudo-random function, with a key derivation rate of 0.
    pub(super) fn derive<const LEN: usize>(&self, label: Label) -> Result<[u8; LEN], KeyError> {
        let mut iv = [0; 16];
        iv[..SALT_LEN].copy_from_slice(&self.salt);
        iv[7] ^= label as u8;
        let mut out = [0; LEN];
        key_stream(&counter_mode(&self.key)?, iv, &mut out).map_err(|_| KeyError)?;
        Ok(out)
    }
}

pub(super) fn counter_mode(key: &[u8; KEY_LEN]) -> Result<EncryptingKey, KeyError> {
    let key = UnboundCipherKey::new(&AES_128, key).map_err(|_| KeyError)?;
    EncryptingKey::ctr(key).map_err(|_| KeyError)
}

/// XORs the key stream onto the bytes: both ways are the same.
pub(super) fn key_stream(key: &EncryptingKey, iv: [u8; 16], in_out: &mut [u8]) -> Result<(), aws_lc_rs::error::Unspecified> {
    if in_out.is_empty() {
        return Ok(());
    }
    key.less_safe_encrypt(in_out, EncryptionContext::Iv128(FixedLength::from(iv))).map(|_| ())
}
