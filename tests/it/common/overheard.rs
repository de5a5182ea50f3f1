//! The keys of a media connection, which str0m keeps to itself: its DTLS is listened to.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use rtc::crypto::RTCCryptoProvider;
use rtc::crypto::providers::AwsLcRsProvider;
use rtc::srtp::context::Context;
use rtc::srtp::protection_profile::ProtectionProfile;
use str0m::RtcConfig;
use str0m::crypto::dtls::{DtlsCert, DtlsImplError, DtlsInstance, DtlsOutput, DtlsProvider, DtlsVersion, ProtocolVersion};
use str0m::crypto::{CryptoError, CryptoProvider, from_feature_flags};

/// What DTLS agreed upon, which str0m keeps to itself.
#[derive(Debug, Clone, Default)]
pub struct Keys(Arc<Mutex<Agreed>>);

#[derive(Debug, Clone, Default)]
struct Agreed {
    is_client: bool,
    material: Vec<u8>,
}

impl Keys {
    /// Of a client whose keys these will be.
    pub fn config(&self) -> RtcConfig {
        let crypto = CryptoProvider { dtls_provider: Box::leak(Box::new(Listening(self.clone()))), ..from_feature_flags() };
        RtcConfig::new().set_crypto_provider(Arc::new(crypto)).set_rtp_mode(true)
    }

    /// With which the client seals what it sends, once they are agreed upon.
    pub fn context(&self) -> Option<Context> {
        let Agreed { is_client, material } = self.0.lock().expect("the keys").clone();
        // AEAD_AES_128_GCM: the client's key, the server's, the client's salt, the server's (RFC 5764 section 4.2).
        let (key, salt) = if is_client { (material.get(..16)?, material.get(32..44)?) } else { (material.get(16..32)?, material.get(44..56)?) };
        let crypto = AwsLcRsProvider::new();
        Context::new(key, salt, ProtectionProfile::AeadAes128Gcm, None, None, crypto.crypto()).ok()
    }
}

#[derive(Debug)]
struct Listening(Keys);

impl DtlsProvider for Listening {
    fn generate_certificate(&self) -> Option<DtlsCert> {
        from_feature_flags().dtls_provider.generate_certificate()
    }

    fn new_dtls(&self, cert: &DtlsCert, now: Instant, version: DtlsVersion, mtu: Option<usize>) -> Result<Box<dyn DtlsInstance>, CryptoError> {
        let inner = from_feature_flags().dtls_provider.new_dtls(cert, now, version, mtu)?;
        Ok(Box::new(Overheard { inner, keys: self.0.clone() }))
    }
}

#[derive(Debug)]
struct Overheard {
    inner: Box<dyn DtlsInstance>,
    keys: Keys,
}

impl DtlsInstance for Overheard {
    fn set_active(&mut self, active: bool) {
        self.inner.set_active(active);
    }

    fn handle_packet(&mut self, packet: &[u8]) -> Result<(), DtlsImplError> {
        self.inner.handle_packet(packet)
    }

    fn poll_output<'a>(&mut self, buf: &'a mut [u8]) -> DtlsOutput<'a> {
        let output = self.inner.poll_output(buf);
        if let DtlsOutput::KeyingMaterial(material, _) = &output {
            *self.keys.0.lock().expect("the keys") = Agreed { is_client: self.inner.is_active(), material: material.to_vec() };
        }
        output
    }

    fn handle_timeout(&mut self, now: Instant) -> Result<(), DtlsImplError> {
        self.inner.handle_timeout(now)
    }

    fn send_application_data(&mut self, data: &[u8]) -> Result<usize, DtlsImplError> {
        self.inner.send_application_data(data)
    }

    fn is_active(&self) -> bool {
        self.inner.is_active()
    }

    fn protocol_version(&self) -> Option<ProtocolVersion> {
        self.inner.protocol_version()
    }

    fn is_closing(&self) -> bool {
        self.inner.is_closing()
    }

    fn is_closed(&self) -> bool {
        self.inner.is_closed()
    }

    fn close(&mut self) -> Result<(), DtlsImplError> {
        self.inner.close()
    }
}
