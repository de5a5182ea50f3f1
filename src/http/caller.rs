//! The extractor of the [`Caller`]: address, cookie or bearer token → who asks.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRef, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};

use super::Problem;
use crate::org::{Caller, Credentials, Denied, Org};

/// The session's cookie.
pub const SESSION_COOKIE: &str = "yizhan_session";

/// Put into a request's extensions by a listener that speaks TLS, so that cookies are marked `Secure`.
#[derive(Debug, Clone, Copy)]
pub struct OverTls;

impl<S> FromRequestParts<S> for Caller
where
    S: Send + Sync,
    Org: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let org = Org::from_ref(state);
        // Kept for the request: a second extraction (a layer, then a handler) is the same caller.
        if let Some(caller) = parts.extensions.get::<Caller>() {
            return Ok(caller.clone());
        }
        let address = address(parts, state, &org).await?;
        let (bearer, cookie) = (bearer(&parts.headers)?, session_cookie(&parts.headers));
        if bearer.is_none() && cookie.is_some() && changes(&parts.method) {
            same_site(parts)?;
        }
        let credentials = match (bearer, cookie) {
            (Some(token), _) => Credentials::Bearer(token),
            (None, Some(cookie)) => Credentials::Cookie(cookie),
            (None, None) => Credentials::None,
        };
        let caller = org.caller(credentials, address).await?;
        parts.extensions.insert(caller.clone());
        Ok(caller)
    }
}

async fn address<S: Send + Sync>(parts: &mut Parts, state: &S, org: &Org) -> Result<IpAddr, Problem> {
    let ConnectInfo(peer) = ConnectInfo::<SocketAddr>::from_request_parts(parts, state).await.map_err(|rejection| Problem::internal(&rejection))?;
    let forwarded: Vec<&str> = parts.headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).collect();
    Ok(org.caller_address(peer.ip(), forwarded.into_iter()))
}

fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let token = value.to_str().ok().and_then(|value| value.split_once(' ')).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    match token {
        Some((_, token)) => Ok(Some(token.trim())),
        None => Err(crate::org::OrgError::BadToken.into()),
    }
}

fn session_cookie(headers: &HeaderMap) -> Option<&str> {
    cookie_named(headers, SESSION_COOKIE)
}

/// The value of a cookie.
pub(super) fn cookie_named<'h>(headers: &'h HeaderMap, wanted: &str) -> Option<&'h str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(';'));
    cookies.filter_map(|cookie| cookie.trim().split_once('=')).find(|(name, _)| *name == wanted).map(|(_, value)| value)
}

fn changes(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Refuses what a page of another site makes a browser send. Browsers say where a request comes from by `Sec-Fetch-Site`, or,
/// older ones and those on plain HTTP, by `Origin`; a client that says neither is no browser.
pub(super) fn same_site(parts: &Parts) -> Result<(), Problem> {
    let text = |name: &str| parts.headers.get(name).map(|value| value.to_str().unwrap_or(""));
    let same = match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => {
            // HTTP/2 has the host in the address.
            let host = text("host").or(parts.uri.authority().map(|authority| authority.as_str()));
            origin.split_once("://").is_some_and(|(_, of_page)| host.is_some_and(|host| host.eq_ignore_ascii_case(of_page)))
        }
        (None, None) => true,
    };
    if same { Ok(()) } else { Err(Denied::OtherSite.into()) }
}

/// Whether the answer travels over TLS as far as the browser.
pub(super) fn over_tls(parts: &Parts, org: &Org) -> bool {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    let forwarded = parts.headers.get("x-forwarded-proto").is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"https"));
    parts.extensions.get::<OverTls>().is_some() || parts.uri.scheme_str() == Some("https") || (forwarded && peer.is_some_and(|peer| org.trusts(peer)))
}
