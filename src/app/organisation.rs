use std::time::Duration;

use crate::config::Config;
use crate::org::{NamedNetwork, Options, SignInOptions};

/// What the configuration says about networks and signing in, as `org` wants to know it.
pub fn org_options(config: &Config) -> Options {
    let hours = |hours: u32| Duration::from_secs(u64::from(hours) * 3600);
    Options {
        sign_in: SignInOptions {
            session: hours(config.sign_in.session_hours),
            idle: hours(config.sign_in.idle_hours),
            failures_before_lock: config.sign_in.failures_before_lock,
            lock: Duration::from_secs(u64::from(config.sign_in.lock_minutes) * 60),
            attempts_per_minute: config.sign_in.attempts_per_minute,
            ..SignInOptions::default()
        },
        networks: config.networks.0.iter().map(|n| NamedNetwork { name: n.name.clone(), ranges: n.ranges.clone(), site: n.site.clone() }).collect(),
        trusted_proxies: config.server.trusted_proxies.clone(),
    }
}
