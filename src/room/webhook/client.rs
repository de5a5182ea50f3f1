use std::path::PathBuf;

use super::WebhookError;
use super::courier::TIME_LIMIT;

/// Where systems keep the authorities they trust: Debian and its kin, Red Hat and its kin (openEuler, Kylin), SUSE.
const TRUSTED: &[&str] = &["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem"];

/// The client that posts: no proxies and no redirections, so that a signed message goes where it was meant to; certificates are checked by the
/// system's trusted ones (`SSL_CERT_FILE`, or the usual file). The process must have its TLS provider (rustls) installed by then: reqwest panics
/// without one.
pub fn client() -> Result<reqwest::Client, WebhookError> {
    let builder = reqwest::Client::builder()
        .timeout(TIME_LIMIT)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .user_agent(concat!("Yizhan/", env!("CARGO_PKG_VERSION")));
    let named = std::env::var_os("SSL_CERT_FILE").map(PathBuf::from);
    let found = named.into_iter().chain(TRUSTED.iter().map(PathBuf::from)).find_map(|path| Some((std::fs::read(&path).ok()?, path)));
    let Some((pem, path)) = found else {
        tracing::warn!("this system has no file of trusted certificates: webhooks by https will fail");
        return builder.build().map_err(WebhookError::Client);
    };
    let wrong = |source| WebhookError::Certificates { path: path.display().to_string(), source };
    let trusted = reqwest::Certificate::from_pem_bundle(&pem).map_err(wrong)?;
    trusted.into_iter().fold(builder, reqwest::ClientBuilder::add_root_certificate).build().map_err(wrong)
}
