//! A file as an answer: ranges (RFC 9110, 14), entity tags, caching.

use std::io::SeekFrom;
use std::path::Path;
use std::time::UNIX_EPOCH;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;

use crate::http::Problem;

/// How long an answer may be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caching {
    /// Never changes under this name.
    Immutable,
    /// May change: ask each time, by entity tag.
    Revalidate,
}

impl Caching {
    pub fn header(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            // `private`: a shared cache must not hand out what its asker may not see.
            Self::Immutable => "private, max-age=31536000, immutable",
            Self::Revalidate => "private, no-cache",
        })
    }
}

/// Answers with a file, or the part of it that was asked for.
pub async fn file(path: &Path, content_type: &'static str, caching: Caching, request: &HeaderMap) -> Result<Response<Body>, Problem> {
    let missing = || Problem::not_found("file", path.file_name().and_then(|n| n.to_str()).unwrap_or_default());
    let mut file = tokio::fs::File::open(path).await.map_err(|_| missing())?;
    let about = file.metadata().await.map_err(|_| missing())?;
    if !about.is_file() {
        return Err(missing());
    }
    let modified = about.modified().ok().and_then(|t| t.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    let (length, etag) = (about.len(), format!("\"{:x}-{:x}\"", modified.as_nanos(), about.len()));
    let head = Head { content_type, caching, etag: &etag };
    if unchanged(request, &etag) {
        return Ok(head.answer(StatusCode::NOT_MODIFIED, Body::empty()));
    }
    match wanted(request, &etag, length) {
        Wanted::All => {
            let mut response = head.answer(StatusCode::OK, Body::from_stream(ReaderStream::with_capacity(file, 64 << 10)));
            response.headers_mut().insert(header::CONTENT_LENGTH, length.into());
            Ok(response)
        }
        Wanted::Part { from, to } => {
            file.seek(SeekFrom::Start(from)).await.map_err(|e| Problem::internal(&e))?;
            let body = Body::from_stream(ReaderStream::with_capacity(file.take(to - from), 64 << 10));
            let mut response = head.answer(StatusCode::PARTIAL_CONTENT, body);
            response.headers_mut().insert(header::CONTENT_LENGTH, (to - from).into());
            response.headers_mut().insert(header::CONTENT_RANGE, text(&format!("bytes {from}-{}/{length}", to - 1)));
            Ok(response)
        }
        Wanted::Outside => {
            let mut response = head.answer(StatusCode::RANGE_NOT_SATISFIABLE, Body::empty());
            response.headers_mut().insert(header::CONTENT_RANGE, text(&format!("bytes */{length}")));
            Ok(response)
        }
    }
}

/// Answers with bytes at hand, by entity tag.
pub fn bytes(body: bytes::Bytes, content_type: &'static str, caching: Caching, request: &HeaderMap) -> Response<Body> {
    let etag = format!("\"{:08x}-{:x}\"", crc32fast::hash(&body), body.len());
    let head = Head { content_type, caching, etag: &etag };
    if unchanged(request, &etag) {
        return head.answer(StatusCode::NOT_MODIFIED, Body::empty());
    }
    match wanted(request, &etag, body.len() as u64) {
        Wanted::Part { from, to } => {
            let length = body.len();
            let mut response = head.answer(StatusCode::PARTIAL_CONTENT, Body::from(body.slice(from as usize..to as usize)));
            response.headers_mut().insert(header::CONTENT_RANGE, text(&format!("bytes {from}-{}/{length}", to - 1)));
            response
        }
        Wanted::All => head.answer(StatusCode::OK, Body::from(body)),
        Wanted::Outside => head.answer(StatusCode::RANGE_NOT_SATISFIABLE, Body::empty()),
    }
}

struct Head<'a> {
    content_type: &'static str,
    caching: Caching,
    etag: &'a str,
}

impl Head<'_> {
    fn answer(&self, status: StatusCode, body: Body) -> Response<Body> {
        let mut response = Response::new(body);
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        headers.insert(header::CACHE_CONTROL, self.caching.header());
        headers.insert(header::ETAG, text(self.etag));
        headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        response
    }
}

fn text(value: &str) -> HeaderValue {
    HeaderValue::from_str(value).unwrap_or(HeaderValue::from_static(""))
}

fn unchanged(request: &HeaderMap, etag: &str) -> bool {
    let Some(tags) = request.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok()) else { return false };
    tags.split(',').map(str::trim).any(|tag| tag == "*" || tag.trim_start_matches("W/") == etag)
}

#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    All,
    /// [from, to)
    Part {
        from: u64,
        to: u64,
    },
    Outside,
}

/// What of `length` bytes a request wants. Several ranges, other units and ranges that cannot be read mean all of it (14.2 allows that).
fn wanted(request: &HeaderMap, etag: &str, length: u64) -> Wanted {
    let Some(range) = request.get(header::RANGE).and_then(|v| v.to_str().ok()) else { return Wanted::All };
    if request.get(header::IF_RANGE).is_some_and(|v| v.as_bytes() != etag.as_bytes()) {
        return Wanted::All;
    }
    let Some((first, last)) = range.strip_prefix("bytes=").and_then(|r| r.trim().split_once('-')) else { return Wanted::All };
    let part = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(from), Ok(last)) if from <= last => (from, last.saturating_add(1).min(length)),
        (Ok(from), Err(_)) if last.is_empty() => (from, length),
        (Err(_), Ok(suffix)) if first.is_empty() => (length.saturating_sub(suffix), length),
        _ => return Wanted::All,
    };
    if part.0 < part.1 { Wanted::Part { from: part.0, to: part.1 } } else { Wanted::Outside }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ask(range: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::RANGE, HeaderValue::from_str(range).unwrap())])
    }

    #[test]
    fn ranges_are_as_rfc_9110_says() {
        assert_eq!(wanted(&ask("bytes=0-99"), "", 1000), Wanted::Part { from: 0, to: 100 });
        assert_eq!(wanted(&ask("bytes=900-"), "", 1000), Wanted::Part { from: 900, to: 1000 });
        assert_eq!(wanted(&ask("bytes=-100"), "", 1000), Wanted::Part { from: 900, to: 1000 });
        assert_eq!(wanted(&ask("bytes=990-2000"), "", 1000), Wanted::Part { from: 990, to: 1000 });
        assert_eq!(wanted(&ask("bytes=1000-"), "", 1000), Wanted::Outside);
        assert_eq!(wanted(&ask("bytes=0-1,5-6"), "", 1000), Wanted::All);
        assert_eq!(wanted(&ask("lines=0-1"), "", 1000), Wanted::All);
    }

    proptest! {
        #[test]
        fn a_part_lies_inside(range in "bytes=[0-9]{0,21}-[0-9]{0,21}", length in 0u64..10_000) {
            if let Wanted::Part { from, to } = wanted(&ask(&range), "", length) {
                prop_assert!(from < to && to <= length);
            }
        }
    }
}
