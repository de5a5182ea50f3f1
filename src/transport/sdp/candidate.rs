//! Addresses at which an end can be reached (RFC 8839 5.1, RFC 6544 for TCP).

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use thiserror::Error;

use super::attributes::split_word;
use super::error::excerpt;

/// One address of an end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The same for candidates of the same kind, address and transport.
    pub foundation: String,
    /// 1 is RTP; with rtcp-mux there is no other.
    pub component: u16,
    pub transport: Transport,
    pub priority: u32,
    pub address: Address,
    pub port: u16,
    pub kind: CandidateKind,
    /// Which ICE generation it is of, where the client says so.
    pub ufrag: Option<String>,
}

/// Where a candidate is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    Ip(IpAddr),
    /// Browsers hide theirs behind names ending in `.local`.
    Name(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Transport {
    Udp,
    TcpActive,
    TcpPassive,
    /// Simultaneous open.
    TcpSo,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CandidateKind {
    Host,
    ServerReflexive,
    PeerReflexive,
    Relayed,
}

/// What a client trickles: the field `candidate` of an RTCIceCandidateInit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trickled {
    Candidate(Candidate),
    /// An empty text: there are no more.
    End,
}

#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{text}` is not a candidate: {what} is missing or wrong")]
pub struct CandidateError {
    pub what: &'static str,
    pub text: String,
}

impl Trickled {
    /// Reads `candidate:…`, with or without `a=` before it.
    pub fn parse(text: &str) -> Result<Self, CandidateError> {
        let text = text.trim();
        let text = text.strip_prefix("a=").unwrap_or(text);
        match text.strip_prefix("candidate:") {
            Some(text) => Candidate::parse(text).map(Self::Candidate),
            None if text.is_empty() || text == "end-of-candidates" => Ok(Self::End),
            None => Candidate::parse(text).map(Self::Candidate),
        }
    }
}

impl Candidate {
    /// An address of ours. `rank` 0 is the best of those with the same transport; UDP comes before TCP (RFC 8445 5.1.2.1, RFC 6544 4.2).
    pub fn host(ip: IpAddr, port: u16, transport: Transport, rank: u8) -> Self {
        let preference = match transport {
            Transport::Udp => 126 << 24 | (0xffff - u32::from(rank)) << 8,
            // Directions count in the upper three bits: passive 4, of host candidates.
            _ => 90 << 24 | (4 << 13 | (0x1fff - u32::from(rank))) << 8,
        };
        Self {
            foundation: foundation(ip, transport).to_string(),
            component: 1,
            transport,
            priority: preference | 0xff,
            address: Address::Ip(ip),
            port,
            kind: CandidateKind::Host,
            ufrag: None,
        }
    }

    pub fn ip(&self) -> Option<IpAddr> {
        match self.address {
            Address::Ip(ip) => Some(ip),
            Address::Name(_) => None,
        }
    }

    /// Reads what comes after `candidate:`.
    pub(super) fn parse(text: &str) -> Result<Self, CandidateError> {
        let wrong = |what| move || CandidateError { what, text: excerpt(text) };
        let mut words = text.split_whitespace();
        let foundation = words.next().filter(|word| word.len() <= 64).ok_or_else(wrong("the foundation"))?.to_owned();
        let component = number(words.next()).ok_or_else(wrong("the component"))?;
        let protocol = words.next().ok_or_else(wrong("the transport"))?;
        let priority = number(words.next()).ok_or_else(wrong("the priority"))?;
        let address = words.next().and_then(Address::parse).ok_or_else(wrong("the address"))?;
        let port = number(words.next()).ok_or_else(wrong("the port"))?;
        let kind = words.next().filter(|word| *word == "typ").and_then(|_| words.next()).and_then(CandidateKind::from_word).ok_or_else(wrong("the type"))?;
        let (mut tcp_type, mut ufrag) = (None, None);
        while let Some((key, value)) = words.next().zip(words.next()) {
            match key {
                "tcptype" => tcp_type = Some(value),
                "ufrag" => ufrag = Some(value.to_owned()).filter(|ufrag| ufrag.len() <= 256),
                _ => {}
            }
        }
        let transport = match (protocol.to_ascii_lowercase().as_str(), tcp_type) {
            ("udp", _) => Transport::Udp,
            ("tcp" | "ssltcp", Some("active")) => Transport::TcpActive,
            ("tcp" | "ssltcp", Some("so")) => Transport::TcpSo,
            // From before RFC 6544: a port that is not the discard port listens.
            ("tcp" | "ssltcp", Some("passive") | None) => Transport::TcpPassive,
            _ => return Err(wrong("the transport")()),
        };
        Ok(Self { foundation, component, transport, priority, address, port, kind, ufrag })
    }

    /// As after `candidate:`.
    pub(super) fn words(&self) -> String {
        let Self { foundation, component, transport, priority, address, port, kind, ufrag } = self;
        let mut text = format!("{foundation} {component} {} {priority} {address} {port} typ {}", transport.protocol(), kind.word());
        if !matches!(kind, CandidateKind::Host) {
            // The related address has to be there (RFC 8839 5.1) and says nothing.
            text.push_str(" raddr 0.0.0.0 rport 0");
        }
        if let Some(tcp_type) = transport.tcp_type() {
            text.extend([" tcptype ", tcp_type]);
        }
        if let Some(ufrag) = ufrag {
            text.extend([" ufrag ", ufrag]);
        }
        text
    }
}

/// `candidate:…`, as signalling carries it.
impl fmt::Display for Candidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "candidate:{}", self.words())
    }
}

impl Address {
    fn parse(word: &str) -> Option<Self> {
        // A link-local address may have its zone with it, which means nothing elsewhere.
        let bare = word.split_once('%').map_or(word, |(address, _)| address);
        if let Ok(ip) = bare.parse() {
            return Some(Self::Ip(ip));
        }
        let is_name = (1..=255).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'));
        is_name.then(|| Self::Name(word.to_owned()))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ip(ip) => ip.fmt(f),
            Self::Name(name) => name.fmt(f),
        }
    }
}

impl Transport {
    fn protocol(self) -> &'static str {
        match self {
            Self::Udp => "udp",
            Self::TcpActive | Self::TcpPassive | Self::TcpSo => "tcp",
        }
    }

    fn tcp_type(self) -> Option<&'static str> {
        match self {
            Self::Udp => None,
            Self::TcpActive => Some("active"),
            Self::TcpPassive => Some("passive"),
            Self::TcpSo => Some("so"),
        }
    }
}

impl CandidateKind {
    fn word(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::ServerReflexive => "srflx",
            Self::PeerReflexive => "prflx",
            Self::Relayed => "relay",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        [Self::Host, Self::ServerReflexive, Self::PeerReflexive, Self::Relayed].into_iter().find(|each| each.word() == word)
    }
}

fn number<T: FromStr>(word: Option<&str>) -> Option<T> {
    split_word(word?).0.parse().ok()
}

/// FNV-1a of what RFC 8445 5.1.1.3 makes candidates alike by.
fn foundation(ip: IpAddr, transport: Transport) -> u32 {
    format!("{ip} {}", transport.protocol()).bytes().fold(0x811c_9dc5, |hash: u32, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
