//! Where a caller comes from: their address behind named proxies, and the named network it is in.

use std::net::IpAddr;

use ipnet::IpNet;

/// A part of the intranet with a name, whose people need not sign in for what is public.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedNetwork {
    pub name: String,
    pub ranges: Vec<IpNet>,
    /// The site whose line these addresses use, by id or title.
    pub site: Option<String>,
}

impl NamedNetwork {
    fn longest(&self, address: IpAddr) -> Option<u8> {
        self.ranges.iter().filter(|range| range.contains(&address)).map(IpNet::prefix_len).max()
    }
}

/// The network with the narrowest range that holds the address.
pub(super) fn network_of(networks: &[NamedNetwork], address: IpAddr) -> Option<&NamedNetwork> {
    // `rev`: of equally narrow ones the first named wins, `max_by_key` keeps the last.
    networks.iter().rev().filter_map(|network| Some((network.longest(address)?, network))).max_by_key(|(length, _)| *length).map(|(_, network)| network)
}

/// The address of the one who asks. `forwarded` are the values of `X-Forwarded-For`, in order; they are believed as far as
/// named proxies wrote them: read from the last backwards, the first address that is no such proxy is the caller.
pub fn caller_address<'a>(peer: IpAddr, forwarded: impl DoubleEndedIterator<Item = &'a str>, trusted_proxies: &[IpNet]) -> IpAddr {
    let trusted = |address: &IpAddr| trusted_proxies.iter().any(|range| range.contains(address));
    let mut address = peer.to_canonical();
    for hop in forwarded.rev().flat_map(|value| value.rsplit(',')) {
        if !trusted(&address) {
            break;
        }
        let Some(next) = parse_hop(hop.trim()) else { break };
        address = next;
    }
    address
}

/// An address as proxies write it: bare, in brackets, or with a port.
fn parse_hop(text: &str) -> Option<IpAddr> {
    let bare = text.parse::<IpAddr>().or_else(|_| text.parse::<std::net::SocketAddr>().map(|socket| socket.ip()));
    bare.or_else(|_| text.trim_start_matches('[').trim_end_matches(']').parse()).ok().map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn networks() -> Vec<NamedNetwork> {
        [("province", vec!["10.0.0.0/8", "fd00::/16"]), ("jinan", vec!["10.1.0.0/16"]), ("jinan-again", vec!["10.1.0.0/16"])]
            .map(|(name, ranges)| NamedNetwork { name: name.to_owned(), ranges: ranges.iter().map(|r| r.parse().unwrap()).collect(), site: None })
            .to_vec()
    }

    #[test]
    fn the_narrowest_network_wins() {
        let networks = networks();
        let name = |address: &str| network_of(&networks, address.parse().unwrap()).map(|n| n.name.as_str());
        assert_eq!(name("10.2.0.1"), Some("province"));
        assert_eq!(name("10.1.0.1"), Some("jinan"));
        assert_eq!(name("fd00::1"), Some("province"));
        assert_eq!(name("192.168.0.1"), None);
    }

    #[test]
    fn forwarded_addresses_are_believed_from_named_proxies_only() {
        let proxies: Vec<IpNet> = vec!["10.9.0.0/24".parse().unwrap()];
        let caller = |peer: &str, forwarded: &[&str]| caller_address(peer.parse().unwrap(), forwarded.iter().copied(), &proxies).to_string();
        assert_eq!(caller("10.1.1.1", &["172.16.0.1"]), "10.1.1.1", "a stranger lies");
        assert_eq!(caller("10.9.0.1", &["172.16.0.1"]), "172.16.0.1");
        assert_eq!(caller("10.9.0.1", &["1.2.3.4, 172.16.0.1"]), "172.16.0.1", "what the caller wrote itself is not believed");
        assert_eq!(caller("10.9.0.1", &["172.16.0.1, 10.9.0.2"]), "172.16.0.1", "a chain of proxies");
        assert_eq!(caller("10.9.0.1", &["172.16.0.1", "10.9.0.2"]), "172.16.0.1", "the same in two headers");
        assert_eq!(caller("10.9.0.1", &["[fd00::5]:4711"]), "fd00::5");
        assert_eq!(caller("10.9.0.1", &["172.16.0.1:80"]), "172.16.0.1");
        assert_eq!(caller("10.9.0.1", &["unknown"]), "10.9.0.1");
        assert_eq!(caller("10.9.0.1", &[]), "10.9.0.1");
        assert_eq!(caller("::ffff:10.9.0.1", &["::ffff:172.16.0.1"]), "172.16.0.1", "IPv4 in IPv6 of a double-stack socket");
    }
}
