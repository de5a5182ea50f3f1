//! The pages: built by Vite, carried inside the program (a debug build reads them from `web/dist`).

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, Uri, header};
use rust_embed::{Embed, EmbeddedFile};

use super::media::Caching;

#[derive(Embed)]
#[folder = "web/dist"]
#[allow_missing = true]
struct Pages;

/// Any address that is no route: a file of the pages, or the page itself, whose own router knows the address.
pub async fn page(uri: Uri, headers: HeaderMap) -> Response<Body> {
    let path = uri.path().trim_start_matches('/');
    match found(path, &headers) {
        Some(answer) => answer,
        // A file that is missing is missing; everything else is an address inside the application.
        None if path.rsplit('/').next().is_some_and(|name| name.contains('.')) => plain(StatusCode::NOT_FOUND, "not found"),
        None => found("index.html", &headers)
            .unwrap_or_else(|| plain(StatusCode::NOT_FOUND, "网页尚未构建:请运行 make web / the pages have not been built: run `make web`")),
    }
}

fn found(path: &str, headers: &HeaderMap) -> Option<Response<Body>> {
    // Vite puts a hash into the names below assets/.
    let caching = if path.starts_with("assets/") { Caching::Immutable } else { Caching::Revalidate };
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let compressed = [("br", "br"), ("gzip", "gz")]
        .into_iter()
        .filter(|(encoding, _)| accepted.split(',').any(|a| a.trim().split(';').next() == Some(encoding)))
        .find_map(|(encoding, ending)| Some((encoding, Pages::get(&format!("{path}.{ending}"))?)));
    let (encoding, file) = match compressed {
        Some((encoding, file)) => (Some(encoding), file),
        None => (None, Pages::get(path)?),
    };
    Some(answer(path, encoding, file, caching, headers))
}

fn answer(path: &str, encoding: Option<&'static str>, file: EmbeddedFile, caching: Caching, headers: &HeaderMap) -> Response<Body> {
    let hash: String = file.metadata.sha256_hash().iter().take(12).map(|b| format!("{b:02x}")).collect();
    let etag = format!("\"{hash}\"");
    let unchanged = headers.get(header::IF_NONE_MATCH).is_some_and(|v| v.as_bytes() == etag.as_bytes());
    let (status, body) = if unchanged { (StatusCode::NOT_MODIFIED, Body::empty()) } else { (StatusCode::OK, Body::from(file.data.into_owned())) };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(path)));
    out.insert(header::CACHE_CONTROL, caching.header());
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        out.insert(header::ETAG, etag);
    }
    response
}

fn plain(status: StatusCode, words: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(words));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "webmanifest" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        _ => "application/octet-stream",
    }
}
