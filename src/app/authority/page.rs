//! The plain page from which people install the authority's certificate, and the listener that has only that.

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use sha2::{Digest, Sha256};

use super::LocalAuthority;

/// What the page says and hands out.
#[derive(Debug, Clone)]
pub struct CertificatePage {
    der: Vec<u8>,
    pem: String,
    fingerprint: String,
    https_port: u16,
}

impl CertificatePage {
    pub(super) fn of(authority: &LocalAuthority, https_port: u16) -> Self {
        let fingerprint = Sha256::digest(authority.certificate()).iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":");
        Self { der: authority.certificate().to_vec(), pem: authority.certificate_pem().to_owned(), fingerprint, https_port }
    }

    /// SHA-256, as systems show it: `A1:B2:…`.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }
}

/// `/ca` and what it links to.
pub fn page_router(page: CertificatePage) -> Router {
    Router::new()
        .route("/ca", get(instructions))
        .route("/ca/page.css", get(|| async { ([(header::CONTENT_TYPE, "text/css")], include_str!("page.css")) }))
        // The type by which Windows, macOS, iOS and Android offer to install it; DER is what all of them read.
        .route("/ca/yizhan.crt", get(|State(page): State<CertificatePage>| async move { ([(header::CONTENT_TYPE, "application/x-x509-ca-cert")], page.der) }))
        .route("/ca/yizhan.pem", get(|State(page): State<CertificatePage>| async move { ([(header::CONTENT_TYPE, "application/x-pem-file")], page.pem) }))
        .with_state(page)
}

/// Everything that is served in plain to other machines: the page (where there is something to install), else the way to HTTPS.
pub fn certificate_site(page: Option<CertificatePage>, https_port: u16) -> Router {
    let site = page.map_or_else(Router::new, page_router);
    site.fallback(move |headers: HeaderMap, uri: Uri| async move {
        match host(&headers) {
            Some(host) => {
                Redirect::temporary(&format!("{}{}", https_origin(host, https_port), uri.path_and_query().map_or("/", |p| p.as_str()))).into_response()
            }
            None => StatusCode::BAD_REQUEST.into_response(),
        }
    })
}

async fn instructions(State(page): State<CertificatePage>, headers: HeaderMap) -> Response {
    let host_and_port = headers.get(header::HOST).and_then(|host| host.to_str().ok()).filter(|host| is_authority(host)).unwrap_or("localhost");
    let text = include_str!("page.html")
        .replace("{{fingerprint}}", &page.fingerprint)
        .replace("{{here}}", host_and_port)
        .replace("{{https}}", &https_origin(host(&headers).unwrap_or("localhost"), page.https_port));
    let mut response = axum::response::Html(text).into_response();
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; style-src 'self'"));
    response
}

fn https_origin(host: &str, port: u16) -> String {
    if port == 443 { format!("https://{host}") } else { format!("https://{host}:{port}") }
}

/// The host by which the client called us, without its port: `tv.local`, `10.0.0.1`, `[fd00::1]`.
fn host(headers: &HeaderMap) -> Option<&str> {
    let host = headers.get(header::HOST)?.to_str().ok()?;
    let name = match host.rfind(':') {
        Some(colon) if !host[colon..].contains(']') => &host[..colon],
        _ => host,
    };
    is_authority(name).then_some(name)
}

/// What the client sent goes into a page and a header: only what names and addresses are made of.
fn is_authority(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b':' | b'[' | b']'))
}
