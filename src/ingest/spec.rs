//! What a channel's source is, as an operator writes it.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

/// Where a source is. Two channels with equal endpoints or paths share one reader.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum SourceSpec {
    /// A transport stream in UDP datagrams.
    Udp(Endpoint),
    /// A transport stream in RTP (RFC 2250, payload type 33).
    Rtp(Endpoint),
    /// A file, looped at the pace of its PCR.
    File(PathBuf),
}

/// Where datagrams are received.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Endpoint {
    /// The group that is joined, or the local address that is bound (unspecified: any).
    pub address: SocketAddr,
    /// Only from this sender (source-specific multicast, RFC 4607).
    pub sender: Option<IpAddr>,
    /// The interface on which a group is joined: its name or an address of it.
    pub interface: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SpecError {
    #[error("source kind `{0}` is not known: udp, rtp or file")]
    Kind(String),
    #[error("source address `{0}`: expected `address:port`, such as 239.1.1.1:5000, [ff15::1]:5000 or, from one sender, 10.0.0.1@232.1.1.1:5000")]
    Address(String),
    #[error("source address `{0}`: only a multicast group can be limited to one sender, of the same family")]
    Sender(String),
    #[error("source address `{0}`: port 0 cannot be received on")]
    Port(String),
    #[error("a file source needs a path")]
    Path,
}

impl SourceSpec {
    /// From the words of the API: kind `udp`, `rtp` or `file`; address `239.1.1.1:5000` or a path. `udp://@239.1.1.1:5000`, as players write it, is understood.
    pub fn parse(kind: &str, address: &str, interface: Option<&str>) -> Result<Self, SpecError> {
        match kind {
            "udp" => Ok(Self::Udp(Endpoint::parse(address, interface)?)),
            "rtp" => Ok(Self::Rtp(Endpoint::parse(address, interface)?)),
            "file" if address.is_empty() => Err(SpecError::Path),
            "file" => Ok(Self::File(PathBuf::from(address))),
            other => Err(SpecError::Kind(other.to_owned())),
        }
    }
}

impl Endpoint {
    pub fn parse(text: &str, interface: Option<&str>) -> Result<Self, SpecError> {
        let wrong = || SpecError::Address(text.to_owned());
        let bare = text.trim();
        let bare = bare.strip_prefix("udp://").or_else(|| bare.strip_prefix("rtp://")).unwrap_or(bare);
        let (sender, place) = match bare.split_once('@') {
            Some(("", place)) => (None, place),
            Some((sender, place)) => (Some(sender.trim_matches(['[', ']']).parse::<IpAddr>().map_err(|_| wrong())?), place),
            None => (None, bare),
        };
        let address = match place.strip_prefix(':') {
            Some(port) => SocketAddr::from((Ipv4Addr::UNSPECIFIED, port.parse().map_err(|_| wrong())?)),
            None => place.parse().map_err(|_| wrong())?,
        };
        if address.port() == 0 {
            return Err(SpecError::Port(text.to_owned()));
        }
        if sender.is_some_and(|s| !address.ip().is_multicast() || s.is_ipv4() != address.is_ipv4()) {
            return Err(SpecError::Sender(text.to_owned()));
        }
        let interface = interface.map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned);
        Ok(Self { address, sender, interface })
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.sender {
            Some(sender) => write!(f, "{sender}@{}", self.address),
            None => write!(f, "{}", self.address),
        }
    }
}

/// The source's name in messages and metrics: `udp 239.1.1.1:5000`.
impl fmt::Display for SourceSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Udp(endpoint) => write!(f, "udp {endpoint}"),
            Self::Rtp(endpoint) => write!(f, "rtp {endpoint}"),
            Self::File(path) => write!(f, "file {}", path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_as_people_write_them() {
        let group = "239.1.1.1:5000".parse().unwrap();
        for text in ["239.1.1.1:5000", "udp://@239.1.1.1:5000", " rtp://239.1.1.1:5000 ", "@239.1.1.1:5000"] {
            assert_eq!(Endpoint::parse(text, None), Ok(Endpoint { address: group, sender: None, interface: None }), "{text}");
        }
        assert_eq!(Endpoint::parse(":5000", Some(" ")).unwrap().address, "0.0.0.0:5000".parse::<SocketAddr>().unwrap());
        assert_eq!(Endpoint::parse("[ff15::1]:5000", Some("eth0")).unwrap().interface.as_deref(), Some("eth0"));
        assert_eq!(Endpoint::parse("10.0.0.1@232.1.1.1:5000", None).unwrap().sender, Some("10.0.0.1".parse().unwrap()));
        let spec = SourceSpec::parse("rtp", "10.0.0.1@232.1.1.1:5000", None).unwrap();
        assert_eq!(spec.to_string(), "rtp 10.0.0.1@232.1.1.1:5000");
    }

    #[test]
    fn wrong_addresses_say_what_is_wrong() {
        assert!(matches!(Endpoint::parse("239.1.1.1", None), Err(SpecError::Address(_))));
        assert!(matches!(Endpoint::parse("239.1.1.1:99999", None), Err(SpecError::Address(_))));
        assert!(matches!(Endpoint::parse("239.1.1.1:0", None), Err(SpecError::Port(_))));
        assert!(matches!(Endpoint::parse("10.0.0.1@10.0.0.2:5000", None), Err(SpecError::Sender(_))));
        assert!(matches!(Endpoint::parse("::1@232.1.1.1:5000", None), Err(SpecError::Sender(_))));
        assert_eq!(SourceSpec::parse("srt", "x", None), Err(SpecError::Kind("srt".into())));
        assert_eq!(SourceSpec::parse("file", "", None), Err(SpecError::Path));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_an_endpoint_or_an_error(text in ".{0,40}") {
            let _ = Endpoint::parse(&text, None);
        }
    }
}
