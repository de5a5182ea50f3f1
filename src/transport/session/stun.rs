//! The part of STUN (RFC 8489) that an ICE-lite server needs: binding requests in, their answers out.
//!
//! `rtc::stun` keeps every attribute in a vector of its own; requests come from strangers too, so this reads them where they lie.

use std::net::{IpAddr, SocketAddr};
use std::str;

use aws_lc_rs::hmac;
use subtle::ConstantTimeEq;

const COOKIE: u32 = 0x2112_a442;
const HEADER_LEN: usize = 20;
const BINDING_REQUEST: u16 = 0x0001;
const BINDING_SUCCESS: u16 = 0x0101;
const BINDING_ERROR: u16 = 0x0111;

const USERNAME: u16 = 0x0006;
const MESSAGE_INTEGRITY: u16 = 0x0008;
const ERROR_CODE: u16 = 0x0009;
const UNKNOWN_ATTRIBUTES: u16 = 0x000a;
const XOR_MAPPED_ADDRESS: u16 = 0x0020;
const PRIORITY: u16 = 0x0024;
const USE_CANDIDATE: u16 = 0x0025;
const FINGERPRINT: u16 = 0x8028;
const ICE_CONTROLLED: u16 = 0x8029;

/// RFC 8489 14.7.
const FINGERPRINT_XOR: u32 = 0x5354_554e;
const INTEGRITY_LEN: usize = 20;

pub(super) type TransactionId = [u8; 12];

/// A binding request of right form. Whether it is genuine, [`Request::is_signed_by`] tells.
#[derive(Debug, Clone, Copy)]
pub(super) struct Request<'a> {
    datagram: &'a [u8],
    pub transaction: TransactionId,
    pub username: Option<&'a str>,
    pub use_candidate: bool,
    /// The client thinks that it is the controlled side.
    pub is_controlled: bool,
    /// A comprehension-required attribute that we do not know.
    pub unknown: Option<u16>,
    /// Where MESSAGE-INTEGRITY stands, and its value.
    integrity: Option<(usize, &'a [u8])>,
}

impl<'a> Request<'a> {
    /// `None` for whatever is no binding request, or a damaged one.
    pub fn parse(datagram: &'a [u8]) -> Option<Request<'a>> {
        let (header, mut rest) = datagram.split_at_checked(HEADER_LEN)?;
        let kind = u16_at(header, 0)?;
        let length = usize::from(u16_at(header, 2)?);
        if kind != BINDING_REQUEST || u32_at(header, 4)? != COOKIE || length != rest.len() || length % 4 != 0 {
            return None;
        }
        let transaction = header.get(8..20)?.try_into().ok()?;
        let mut request = Request { datagram, transaction, username: None, use_candidate: false, is_controlled: false, unknown: None, integrity: None };
        while !rest.is_empty() {
            let at = datagram.len() - rest.len();
            let attribute = u16_at(rest, 0)?;
            let len = usize::from(u16_at(rest, 2)?);
            let value = rest.get(4..4 + len)?;
            rest = rest.get(4 + len.next_multiple_of(4)..)?;
            match attribute {
                // The last attribute, over all before it.
                FINGERPRINT if rest.is_empty() && u32_at(value, 0)? == fingerprint(datagram.get(..at)?) => {}
                FINGERPRINT => return None,
                // What follows the integrity is not covered by it (RFC 8489 14.5).
                _ if request.integrity.is_some() => {}
                MESSAGE_INTEGRITY if len == INTEGRITY_LEN => request.integrity = Some((at, value)),
                USERNAME => request.username = Some(str::from_utf8(value).ok()?),
                USE_CANDIDATE => request.use_candidate = true,
                ICE_CONTROLLED => request.is_controlled = true,
                PRIORITY => {}
                _ if attribute < 0x8000 && request.unknown.is_none() => request.unknown = Some(attribute),
                _ => {}
            }
        }
        Some(request)
    }

    /// `local` of USERNAME `local:remote`, and `remote`.
    pub fn ufrags(&self) -> Option<(&'a str, &'a str)> {
        self.username?.split_once(':')
    }

    pub fn has_integrity(&self) -> bool {
        self.integrity.is_some()
    }

    /// Whether MESSAGE-INTEGRITY was made with this password.
    pub fn is_signed_by(&self, key: &hmac::Key) -> bool {
        let Some((at, value)) = self.integrity else { return false };
        let (Some(header), Some(body)) = (self.datagram.get(..HEADER_LEN), self.datagram.get(HEADER_LEN..at)) else { return false };
        let mut header: [u8; HEADER_LEN] = match header.try_into() {
            Ok(header) => header,
            Err(_) => return false,
        };
        // The length is that of a message which ends with this attribute.
        let length = (at + 4 + INTEGRITY_LEN - HEADER_LEN) as u16;
        header[2..4].copy_from_slice(&length.to_be_bytes());
        let mut context = hmac::Context::with_key(key);
        context.update(&header);
        context.update(body);
        context.sign().as_ref().ct_eq(value).into()
    }
}

/// The local part of the user name of a binding request, for finding the session that a stranger's datagram is for. Allocates nothing and proves nothing.
pub fn username_of_binding_request(datagram: &[u8]) -> Option<&str> {
    Request::parse(datagram)?.ufrags().map(|(local, _)| local)
}

pub(super) fn integrity_key(password: &str) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, password.as_bytes())
}

/// The answer to a good request: the address it was seen from.
pub(super) fn success(transaction: &TransactionId, seen: SocketAddr, key: &hmac::Key) -> Vec<u8> {
    let mut answer = Answer::new(BINDING_SUCCESS, transaction);
    let port = seen.port() ^ (COOKIE >> 16) as u16;
    // An IPv4 client of a dual-stack socket has asked for its IPv4 address.
    match seen.ip().to_canonical() {
        IpAddr::V4(ip) => {
            let mut value = [0, 1, 0, 0, 0, 0, 0, 0];
            value[2..4].copy_from_slice(&port.to_be_bytes());
            value[4..8].copy_from_slice(&(u32::from(ip) ^ COOKIE).to_be_bytes());
            answer.attribute(XOR_MAPPED_ADDRESS, &value);
        }
        IpAddr::V6(ip) => {
            let mut value = [0; 20];
            value[1] = 2;
            value[2..4].copy_from_slice(&port.to_be_bytes());
            value[4..20].copy_from_slice(&ip.octets());
            let mask = COOKIE.to_be_bytes().into_iter().chain(*transaction);
            value.iter_mut().skip(4).zip(mask).for_each(|(byte, mask)| *byte ^= mask);
            answer.attribute(XOR_MAPPED_ADDRESS, &value);
        }
    }
    answer.finish(Some(key))
}

/// RFC 8489 14.8, RFC 8445 7.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    BadRequest,
    Unauthenticated,
    UnknownAttribute(u16),
    RoleConflict,
}

/// The answer to a request that is not taken. With a key where the request was genuine.
pub(super) fn refusal(transaction: &TransactionId, refusal: Refusal, key: Option<&hmac::Key>) -> Vec<u8> {
    let (class, number, reason) = match refusal {
        Refusal::BadRequest => (4, 0, "Bad Request"),
        Refusal::Unauthenticated => (4, 1, "Unauthenticated"),
        Refusal::UnknownAttribute(_) => (4, 20, "Unknown Attribute"),
        Refusal::RoleConflict => (4, 87, "Role Conflict"),
    };
    let mut answer = Answer::new(BINDING_ERROR, transaction);
    let mut value = vec![0, 0, class, number];
    value.extend_from_slice(reason.as_bytes());
    answer.attribute(ERROR_CODE, &value);
    if let Refusal::UnknownAttribute(attribute) = refusal {
        answer.attribute(UNKNOWN_ATTRIBUTES, &attribute.to_be_bytes());
    }
    answer.finish(key)
}

struct Answer {
    bytes: Vec<u8>,
}

impl Answer {
    fn new(kind: u16, transaction: &TransactionId) -> Answer {
        let mut bytes = Vec::with_capacity(96);
        bytes.extend_from_slice(&kind.to_be_bytes());
        bytes.extend_from_slice(&[0, 0]);
        bytes.extend_from_slice(&COOKIE.to_be_bytes());
        bytes.extend_from_slice(transaction);
        Answer { bytes }
    }

    fn attribute(&mut self, attribute: u16, value: &[u8]) {
        self.bytes.extend_from_slice(&attribute.to_be_bytes());
        self.bytes.extend_from_slice(&(value.len() as u16).to_be_bytes());
        self.bytes.extend_from_slice(value);
        self.bytes.resize(self.bytes.len().next_multiple_of(4), 0);
        self.set_length(0);
    }

    /// The header's length as if so many bytes followed what is there.
    fn set_length(&mut self, following: usize) {
        let length = ((self.bytes.len() - HEADER_LEN + following) as u16).to_be_bytes();
        if let Some(field) = self.bytes.get_mut(2..4) {
            field.copy_from_slice(&length);
        }
    }

    fn finish(mut self, key: Option<&hmac::Key>) -> Vec<u8> {
        if let Some(key) = key {
            self.set_length(4 + INTEGRITY_LEN);
            let tag = hmac::sign(key, &self.bytes);
            self.attribute(MESSAGE_INTEGRITY, tag.as_ref());
        }
        self.set_length(8);
        let sum = fingerprint(&self.bytes);
        self.attribute(FINGERPRINT, &sum.to_be_bytes());
        self.bytes
    }
}

fn fingerprint(bytes: &[u8]) -> u32 {
    crc32fast::hash(bytes) ^ FINGERPRINT_XOR
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}
