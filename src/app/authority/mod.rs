//! HTTPS from the first start: a certificate for every address and name of the machine, issued by an authority of the
//! machine's own whose powers are limited to them, or the operator's own certificate. Looked at every hour; connections
//! and listeners do not notice a change.

mod files;
mod identity;
mod local;
mod page;
mod scope;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum_server::tls_rustls::RustlsConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::base::{Clock, UtcMs};
use crate::config;

pub use identity::Identity;
pub use local::LocalAuthority;
pub use page::{CertificatePage, certificate_site, page_router};

const LOOK_EVERY: Duration = Duration::from_secs(3600);

#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    #[error("{}: {source}", path.display())]
    File { path: PathBuf, source: std::io::Error },
    #[error("{}: {said}", path.display())]
    Content { path: PathBuf, said: String },
    #[error("certificate for {subject}: {source}")]
    Issue { subject: String, source: rcgen::Error },
    #[error("certificate and key do not serve for TLS: {0}")]
    Tls(#[from] rustls::Error),
    #[error("the addresses of this machine cannot be read: {0}")]
    Addresses(#[from] std::io::Error),
}

/// The certificate that the server shows, kept valid.
pub struct Certificates {
    tls: RustlsConfig,
    source: Source,
    clock: Arc<dyn Clock>,
}

enum Source {
    Own { certificate: PathBuf, key: PathBuf },
    Local { authority: Box<LocalAuthority>, names: Vec<String> },
}

impl Certificates {
    /// `folder` is the data folder; the local authority lives in `authority/` there.
    pub fn open(server: &config::Server, folder: &Path, clock: Arc<dyn Clock>) -> Result<Self, CertificateError> {
        let source = match server.own_certificate() {
            Some((certificate, key)) => Source::Own { certificate: certificate.to_owned(), key: key.to_owned() },
            None => {
                let identity = Identity::of_this_machine(&server.names)?;
                let authority = LocalAuthority::open(&folder.join("authority"), &identity, clock.now())?;
                Source::Local { authority: Box::new(authority), names: server.names.clone() }
            }
        };
        let tls = RustlsConfig::from_config(source.server_config(clock.now())?);
        Ok(Self { tls, source, clock })
    }

    /// For `axum_server::bind_rustls`; stays the same while certificates change behind it.
    pub fn tls(&self) -> RustlsConfig {
        self.tls.clone()
    }

    /// What the page for installing the authority shows; `None` where the operator has a certificate of their own.
    pub fn page(&self, https_port: u16) -> Option<CertificatePage> {
        match &self.source {
            Source::Own { .. } => None,
            Source::Local { authority, .. } => Some(CertificatePage::of(authority, https_port)),
        }
    }

    /// Looks every hour whether addresses changed or the end is near. Never returns.
    pub async fn keep_valid(self: Arc<Self>) {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            let this = self.clone();
            match tokio::task::spawn_blocking(move || this.source.server_config(this.clock.now())).await {
                Ok(Ok(config)) => self.tls.reload_from_config(config),
                Ok(Err(error)) => tracing::error!(%error, "the certificate in use stays"),
                Err(error) => tracing::error!(%error, "looking after certificates"),
            }
        }
    }
}

impl Source {
    fn server_config(&self, now: UtcMs) -> Result<Arc<rustls::ServerConfig>, CertificateError> {
        match self {
            Self::Own { certificate, key } => tls_config(&files::read(certificate)?, certificate, &files::read(key)?, key),
            Self::Local { authority, names } => {
                let leaf = authority.leaf(&Identity::of_this_machine(names)?, now)?;
                tls_config(leaf.chain_pem.as_bytes(), &leaf.chain_path, leaf.key_pem.as_bytes(), &leaf.key_path)
            }
        }
    }
}

/// A server's TLS from PEM: the chain, leaf first, and the leaf's key. The paths are for errors.
pub fn tls_config(chain: &[u8], chain_path: &Path, key: &[u8], key_path: &Path) -> Result<Arc<rustls::ServerConfig>, CertificateError> {
    let wrong = |path: &Path, said: String| CertificateError::Content { path: path.to_owned(), said };
    let chain: Vec<_> = CertificateDer::pem_slice_iter(chain).collect::<Result<_, _>>().map_err(|e| wrong(chain_path, format!("not PEM certificates: {e}")))?;
    if chain.is_empty() {
        return Err(wrong(chain_path, "holds no certificate in PEM".to_owned()));
    }
    let key = PrivateKeyDer::from_pem_slice(key).map_err(|e| wrong(key_path, format!("not a private key in PEM: {e}")))?;
    let mut config = rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
