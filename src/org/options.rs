//! What the organisation needs to know from the configuration.

use std::time::Duration;

use ipnet::IpNet;

use super::{NamedNetwork, OrgError};

#[derive(Debug, Clone, Default)]
pub struct Options {
    pub sign_in: SignInOptions,
    pub networks: Vec<NamedNetwork>,
    /// Only from these is `X-Forwarded-For` believed.
    pub trusted_proxies: Vec<IpNet>,
}

#[derive(Debug, Clone)]
pub struct SignInOptions {
    /// A session ends so long after sign-in, whatever happens.
    pub session: Duration,
    /// A session ends when it was not used for so long.
    pub idle: Duration,
    /// So many failures in a row lock the name.
    pub failures_before_lock: u32,
    pub lock: Duration,
    /// Sign-ins tried from one address in one minute.
    pub attempts_per_minute: u32,
    /// The memory and passes of argon2id. A password keeps the cost it was set with.
    pub hash_memory_kib: u32,
    pub hash_passes: u32,
}

impl Default for SignInOptions {
    fn default() -> Self {
        Self {
            session: Duration::from_secs(12 * 3600),
            idle: Duration::from_secs(4 * 3600),
            failures_before_lock: 5,
            lock: Duration::from_secs(15 * 60),
            attempts_per_minute: 20,
            // The first of OWASP's recommendations for argon2id with 19 MiB: 2 passes, 1 lane.
            hash_memory_kib: 19 * 1024,
            hash_passes: 2,
        }
    }
}

impl Options {
    pub(super) fn check(&self) -> Result<(), OrgError> {
        for (index, network) in self.networks.iter().enumerate() {
            if network.name.trim().is_empty() || network.name.trim() != network.name {
                return Err(OrgError::invalid(
                    "networks.name",
                    format!("网络名称“{0}”无效 / network name `{0}` is empty or has blanks around it", network.name),
                ));
            }
            if self.networks[..index].iter().any(|other| other.name == network.name) {
                return Err(OrgError::invalid("networks.name", format!("网络名称“{0}”重复 / network name `{0}` is used twice", network.name)));
            }
        }
        Ok(())
    }
}
