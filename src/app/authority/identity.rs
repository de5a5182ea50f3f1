use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use ipnet::IpNet;

use crate::config::is_host_name;

/// The names and addresses by which people reach this machine.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Identity {
    pub names: BTreeSet<String>,
    /// With the prefix of the network each address is in.
    pub addresses: BTreeMap<IpAddr, IpNet>,
}

impl Identity {
    /// What the system says now, and the configured names.
    pub fn of_this_machine(configured: &[String]) -> Result<Self, std::io::Error> {
        let host = nix::unistd::gethostname()?.to_string_lossy().to_lowercase();
        let mut addresses = BTreeMap::new();
        for interface in nix::ifaddrs::getifaddrs()? {
            let ip = |storage: &nix::sys::socket::SockaddrStorage| -> Option<IpAddr> {
                let v4 = storage.as_sockaddr_in().map(|a| IpAddr::V4(a.ip()));
                v4.or_else(|| storage.as_sockaddr_in6().map(|a| IpAddr::V6(a.ip())))
            };
            let Some(address) = interface.address.as_ref().and_then(ip) else { continue };
            if is_link_local_v6(address) {
                continue; // only reached with a zone id, which no browser accepts
            }
            let prefix = interface.netmask.as_ref().and_then(ip).and_then(|mask| ipnet::ip_mask_to_prefix(mask).ok());
            let all = if address.is_ipv4() { 32 } else { 128 };
            if let Ok(net) = IpNet::new(address, prefix.unwrap_or(all)) {
                addresses.insert(address, net);
            }
        }
        Ok(Self { names: names(&host, configured), addresses })
    }
}

/// The host's name, in the form for multicast DNS, too; `localhost`; the configured ones.
pub(super) fn names(host: &str, configured: &[String]) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = configured.iter().map(|name| name.to_lowercase()).collect();
    names.insert("localhost".to_owned());
    if is_host_name(host) && host.parse::<IpAddr>().is_err() {
        let short = host.split('.').next().unwrap_or(host);
        names.extend([host.to_owned(), short.to_owned(), format!("{short}.local")]);
    }
    names
}

fn is_link_local_v6(address: IpAddr) -> bool {
    matches!(address, IpAddr::V6(v6) if v6.is_unicast_link_local())
}
