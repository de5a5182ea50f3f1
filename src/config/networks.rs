use std::net::IpAddr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

/// A network that is known by name: people on it may watch what is published for it, without signing in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Network {
    /// What columns call it (`network:<name>`).
    pub name: String,
    /// Address ranges (CIDR).
    pub ranges: Vec<IpNet>,
    /// The site these addresses are at, if it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
}

/// All `[[networks]]`, in the file's order.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Networks(pub Vec<Network>);

impl std::ops::Deref for Networks {
    type Target = [Network];

    fn deref(&self) -> &[Network] {
        &self.0
    }
}

pub(super) const KEYS: &[&str] = &["name", "ranges", "site"];

/// Shown commented out in the file, as no network is known by default.
pub(super) const EXAMPLE: &str = r#"# 已知网络:其中的人不登录也能看公开栏目和以该网络为受众的栏目;可写多段。一段也没有时,公开栏目人人可看。
# Known networks: people there may watch public columns, and those meant for the network, without signing in. May be repeated.
# With none at all, everybody may watch public columns.
#
# [[networks]]
# 名称;栏目的受众写作 network:名称
# The name; a column's audience is written network:name
# name = "county-offices"
# 地址范围
# Its addresses
# ranges = ["10.20.0.0/16", "fd00:20::/32"]
# 所在的站点(可省略)
# The site these are at (may be left out)
# site = "county-01"
"#;

impl Networks {
    /// The network an address is on; the most exact range wins.
    pub fn of(&self, address: IpAddr) -> Option<&Network> {
        let address = address.to_canonical();
        let ranges = self.iter().flat_map(|network| network.ranges.iter().map(move |range| (range, network)));
        ranges.filter(|(range, _)| range.contains(&address)).max_by_key(|(range, _)| range.prefix_len()).map(|(_, network)| network)
    }

    pub(super) fn complaints(&self) -> Vec<(&'static str, String)> {
        let mut found = Vec::new();
        for (at, network) in self.iter().enumerate() {
            if network.name.is_empty() || network.name.chars().any(|c| c.is_whitespace() || c == ':') {
                found.push(("name", format!("`{}` is not a name for a network: no blanks, no colons, not empty", network.name)));
            }
            if self[..at].iter().any(|other| other.name == network.name) {
                found.push(("name", format!("`{}` stands twice: put all its ranges into one", network.name)));
            }
            if network.ranges.is_empty() {
                found.push(("ranges", format!("network `{}` has no address range", network.name)));
            }
        }
        found
    }
}
