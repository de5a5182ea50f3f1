//! The server's certificate for DTLS: self-signed, one per server, told to clients by its fingerprint (RFC 8122).

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::digest;
use rtc::crypto::RTCCryptoProvider;
use rtc::crypto::providers::AwsLcRsProvider;
use rtc::dtls::cipher_suite::CipherSuiteId;
use rtc::dtls::config::{ClientAuthType, ConfigBuilder, HandshakeConfig};
use rtc::dtls::crypto::Certificate;
use rtc::dtls::extension::extension_use_srtp::SrtpProtectionProfile;

/// A certificate's SHA-256.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint(pub [u8; 32]);

/// The certificate, its key, and what handshakes are configured with. ECDSA on P-256.
pub struct Identity {
    fingerprint: Fingerprint,
    gcm: Arc<HandshakeConfig>,
    sha1: Arc<HandshakeConfig>,
    client: Arc<HandshakeConfig>,
}

#[derive(Debug, thiserror::Error)]
#[error("a certificate for DTLS: {reason}")]
pub struct IdentityError {
    reason: String,
}

impl Identity {
    /// Makes a new one.
    pub fn generate() -> Result<Arc<Identity>, IdentityError> {
        let failed = |error: rtc::shared::error::Error| IdentityError { reason: error.to_string() };
        let provider: Arc<dyn RTCCryptoProvider> = Arc::new(AwsLcRsProvider::new());
        let certificate = Certificate::generate_self_signed(vec!["yizhan".to_owned()], provider.crypto()).map_err(failed)?;
        let fingerprint = match certificate.certificate.first() {
            Some(der) => Fingerprint::of(der.as_ref()),
            None => return Err(IdentityError { reason: "it came out empty".to_owned() }),
        };
        let configured = |is_client: bool, profiles: Vec<SrtpProtectionProfile>| {
            ConfigBuilder::default()
                .with_crypto_provider(Arc::clone(&provider))
                .with_certificates(vec![certificate.clone()])
                .with_cipher_suites(vec![CipherSuiteId::Tls_Ecdhe_Ecdsa_With_Aes_128_Gcm_Sha256, CipherSuiteId::Tls_Ecdhe_Ecdsa_With_ChaCha20_Poly1305_Sha256])
                .with_srtp_protection_profiles(profiles)
                .with_client_auth(ClientAuthType::RequireAnyClientCert)
                // Certificates are compared with the description's fingerprint instead (RFC 8827 6.5).
                .with_insecure_skip_verify(true)
                // Flights are repeated by ours (`dtls.rs`); this timer shall not also fire.
                .with_flight_interval(Duration::from_secs(3600))
                .with_server_name("yizhan".to_owned())
                .build(is_client, None)
                .map(Arc::new)
                .map_err(failed)
        };
        let (gcm, sha1) = (SrtpProtectionProfile::Srtp_Aead_Aes_128_Gcm, SrtpProtectionProfile::Srtp_Aes128_Cm_Hmac_Sha1_80);
        Ok(Arc::new(Identity {
            fingerprint,
            gcm: configured(false, vec![gcm])?,
            sha1: configured(false, vec![sha1])?,
            client: configured(true, vec![gcm, sha1])?,
        }))
    }

    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// The name of the cryptography that handshakes use.
    pub fn provider() -> &'static str {
        AwsLcRsProvider::new().name()
    }

    /// A server's configuration that takes AEAD_AES_128_GCM only. `rtc` would take the first profile of the *client's* list, and Chromium lists SHA1_80 first.
    pub(super) fn gcm(&self) -> &Arc<HandshakeConfig> {
        &self.gcm
    }

    pub(super) fn sha1(&self) -> &Arc<HandshakeConfig> {
        &self.sha1
    }

    pub(super) fn client(&self) -> &Arc<HandshakeConfig> {
        &self.client
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("fingerprint", &self.fingerprint).finish_non_exhaustive()
    }
}

impl Fingerprint {
    pub fn of(der: &[u8]) -> Fingerprint {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest::digest(&digest::SHA256, der).as_ref());
        Fingerprint(bytes)
    }
}

/// As in SDP after `a=fingerprint:sha-256 `.
impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, byte) in self.0.iter().enumerate() {
            write!(f, "{}{byte:02X}", if at == 0 { "" } else { ":" })?;
        }
        Ok(())
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}
