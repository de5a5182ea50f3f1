//! The addresses by which clients may reach this machine.

use std::collections::BTreeSet;
use std::net::IpAddr;

/// Those of the configuration, else of every interface that is up. Loopback stands only where there is nothing else; link-local addresses need a scope
/// that another machine cannot know.
pub fn addresses(configured: &[IpAddr], public: &[IpAddr]) -> Vec<IpAddr> {
    let mut addresses: Vec<IpAddr> = if configured.is_empty() { of_interfaces() } else { configured.to_vec() };
    // What an address translator in front shows is reached first by those outside.
    for address in public.iter().rev() {
        addresses.retain(|own| own != address);
        addresses.insert(0, *address);
    }
    addresses
}

fn of_interfaces() -> Vec<IpAddr> {
    use nix::net::if_::InterfaceFlags;
    let Ok(entries) = nix::ifaddrs::getifaddrs() else { return vec![IpAddr::from([127, 0, 0, 1])] };
    let up = entries.filter(|entry| entry.flags.contains(InterfaceFlags::IFF_UP));
    let all: BTreeSet<IpAddr> = up.filter_map(|entry| entry.address?.as_ip()).collect();
    let outside: Vec<IpAddr> = all.iter().copied().filter(|ip| !ip.is_loopback() && !is_link_local(ip)).collect();
    if outside.is_empty() { all.into_iter().filter(IpAddr::is_loopback).collect() } else { outside }
}

fn is_link_local(ip: &IpAddr) -> bool {
    match ip {
        IpAddr::V4(v4) => v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_unicast_link_local(),
    }
}

trait AsIp {
    fn as_ip(&self) -> Option<IpAddr>;
}

impl AsIp for nix::sys::socket::SockaddrStorage {
    fn as_ip(&self) -> Option<IpAddr> {
        let v4 = self.as_sockaddr_in().map(|a| IpAddr::V4(a.ip()));
        v4.or_else(|| self.as_sockaddr_in6().map(|a| IpAddr::V6(a.ip())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_address_stands_first_and_once() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        assert_eq!(addresses(&[ip("10.0.0.5"), ip("fd00::5")], &[ip("10.9.9.9")]), [ip("10.9.9.9"), ip("10.0.0.5"), ip("fd00::5")]);
        assert!(!addresses(&[], &[]).is_empty());
    }
}
