//! Name constraints (RFC 5280 §4.2.1.10): what the local authority may vouch for. Who installs its certificate trusts it
//! for this machine and private networks, not for the rest of the world.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use rcgen::{CidrSubnet, GeneralSubtree, NameConstraints};
use x509_parser::extensions::{GeneralName, ParsedExtension};
use x509_parser::prelude::X509Certificate;

use super::Identity;

/// Names and those below them; address ranges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Scope {
    pub names: BTreeSet<String>,
    pub ranges: BTreeSet<IpNet>,
}

/// Loopback, RFC 1918, RFC 6598, link-local, RFC 4193.
const PRIVATE_V4: &[(Ipv4Addr, u8)] = &[
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
];
const PRIVATE_V6: &[(Ipv6Addr, u8)] =
    &[(Ipv6Addr::LOCALHOST, 128), (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7), (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10)];

/// A machine with an address that is not private keeps its authority when it moves within its network, but a badly set
/// mask must not open half the world.
const WIDEST_V4: u8 = 16;
const WIDEST_V6: u8 = 48;

impl Scope {
    pub fn around(identity: &Identity) -> Self {
        let mut names = identity.names.clone();
        names.extend(["localhost".to_owned(), "local".to_owned()]);
        let v4 = PRIVATE_V4.iter().filter_map(|(address, prefix)| Ipv4Net::new(*address, *prefix).ok()).map(IpNet::V4);
        let v6 = PRIVATE_V6.iter().filter_map(|(address, prefix)| Ipv6Net::new(*address, *prefix).ok()).map(IpNet::V6);
        let mut ranges: BTreeSet<IpNet> = v4.chain(v6).collect();
        for (address, net) in &identity.addresses {
            if !ranges.iter().any(|range| range.contains(address)) {
                let widest = if address.is_ipv4() { WIDEST_V4 } else { WIDEST_V6 };
                ranges.extend(IpNet::new(*address, net.prefix_len().max(widest)).map(|net| net.trunc()));
            }
        }
        Self { names, ranges }
    }

    pub fn permits_name(&self, name: &str) -> bool {
        self.names.iter().any(|root| name == root || name.strip_suffix(root.as_str()).is_some_and(|rest| rest.ends_with('.')))
    }

    pub fn permits_address(&self, address: IpAddr) -> bool {
        self.ranges.iter().any(|range| range.contains(&address))
    }

    pub fn to_constraints(&self) -> NameConstraints {
        let names = self.names.iter().cloned().map(GeneralSubtree::DnsName);
        let ranges = self.ranges.iter().map(|range| GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(range.network(), range.prefix_len())));
        NameConstraints { permitted_subtrees: names.chain(ranges).collect(), excluded_subtrees: Vec::new() }
    }

    /// As it stands in a certificate; empty where there is none.
    pub fn of(certificate: &X509Certificate<'_>) -> Self {
        let mut scope = Self { names: BTreeSet::new(), ranges: BTreeSet::new() };
        for extension in certificate.extensions() {
            let ParsedExtension::NameConstraints(constraints) = extension.parsed_extension() else { continue };
            for subtree in constraints.permitted_subtrees.iter().flatten() {
                match &subtree.base {
                    GeneralName::DNSName(name) => scope.names.extend([(*name).to_owned()]),
                    GeneralName::IPAddress(bytes) => scope.ranges.extend(range(bytes)),
                    _ => {}
                }
            }
        }
        scope
    }
}

/// Address and mask, 8 or 32 bytes.
fn range(bytes: &[u8]) -> Option<IpNet> {
    let half = |part: &[u8]| match part.len() {
        4 => <[u8; 4]>::try_from(part).ok().map(IpAddr::from),
        16 => <[u8; 16]>::try_from(part).ok().map(IpAddr::from),
        _ => None,
    };
    let (address, mask) = bytes.split_at(bytes.len() / 2);
    IpNet::with_netmask(half(address)?, half(mask)?).ok()
}
