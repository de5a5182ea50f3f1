//! NTP's 64-bit times (RFC 5905 6) as sender reports carry them, to and from time since the Unix epoch.

use std::time::Duration;

/// From 1900 to 1970.
const UNIX_EPOCH_SECONDS: u32 = 2_208_988_800;

/// Seconds since 1900 in the upper half, their fraction in the lower.
pub fn from_unix(since_epoch: Duration) -> u64 {
    let seconds = (since_epoch.as_secs() as u32).wrapping_add(UNIX_EPOCH_SECONDS);
    // Rounded up, so that the way back, which rounds down, ends where it began.
    let fraction = (u64::from(since_epoch.subsec_nanos()) << 32).div_ceil(1_000_000_000);
    u64::from(seconds) << 32 | fraction
}

/// Taken as a time from 1970 to 2106: NTP's seconds wrap in 2036.
pub fn to_unix(ntp: u64) -> Duration {
    let seconds = ((ntp >> 32) as u32).wrapping_sub(UNIX_EPOCH_SECONDS);
    let nanos = (u64::from(ntp as u32) * 1_000_000_000) >> 32;
    Duration::new(u64::from(seconds), nanos as u32)
}

/// The middle 32 bits: what a report block says of the last sender report (RFC 3550 6.4.1).
pub fn middle(ntp: u64) -> u32 {
    (ntp >> 16) as u32
}

/// A span in units of 1/65536 s, as in a report block's delay since the last sender report; more than 18.2 hours is said as that.
pub fn from_span(span: Duration) -> u32 {
    u32::try_from((span.as_nanos() << 16) / 1_000_000_000).unwrap_or(u32::MAX)
}

pub fn to_span(units: u32) -> Duration {
    Duration::from_nanos((u64::from(units) * 1_000_000_000) >> 16)
}
