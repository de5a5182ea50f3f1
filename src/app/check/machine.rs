use std::path::Path;

use super::{Finding, Severity, text};
use crate::base::{Clock, SystemClock, UtcMs, Zone};

/// Programs that keep a machine's clock: NTP and PTP daemons, and what hypervisors bring.
const CLOCK_KEEPERS: &[&str] = &["chronyd", "ntpd", "ntpsec", "openntpd", "ptp4l", "phc2sys", "vmtoolsd", "VBoxService"];

pub(super) fn clock(findings: &mut Vec<Finding>) {
    let now = SystemClock.now();
    if is_before_2025(now) {
        findings.push(Finding {
            severity: Severity::Error,
            about: "clock",
            what: text(format!("系统时钟显示 {now},明显不对"), format!("the system clock says {now}, which cannot be right")),
            why: text("录像的时间、证书和登录都以系统时钟为准", "times of tapes, certificates and sign-ins go by the system clock"),
            cure: text(
                "用 `sudo date -s '2026-01-31 08:00'` 校正,并配置内网 NTP 服务器",
                "set it with `sudo date -s '2026-01-31 08:00'` and name an NTP server of your network",
            ),
        });
    } else if !is_kept() {
        findings.push(Finding {
            severity: Severity::Warning,
            about: "clock",
            what: text("没有发现时间同步服务", "nothing was found that keeps the clock"),
            why: text("时钟漂移后,按节目单剪切的节目会偏早或偏晚", "as the clock drifts, programmes are cut too early or too late"),
            cure: text(
                "`sudo apt-get install chrony`,在 /etc/chrony/chrony.conf 中写入内网时间服务器:`server <地址> iburst`",
                "`sudo apt-get install chrony` and name your network's time server in /etc/chrony/chrony.conf: `server <address> iburst`",
            ),
        });
    }
}

fn is_before_2025(now: UtcMs) -> bool {
    now < Zone::utc().day_start(jiff::civil::date(2025, 1, 1))
}

/// systemd-timesyncd leaves a file when it is in step; others are known by their process.
fn is_kept() -> bool {
    Path::new("/run/systemd/timesync/synchronized").exists() || processes().any(|(_, name)| CLOCK_KEEPERS.contains(&name.as_str()))
}

/// Process ids and names, as far as /proc shows them.
pub(super) fn processes() -> impl Iterator<Item = (u32, String)> {
    std::fs::read_dir("/proc").into_iter().flatten().filter_map(|entry| {
        let id = entry.ok()?.file_name().to_str()?.parse().ok()?;
        let name = std::fs::read_to_string(format!("/proc/{id}/comm")).ok()?;
        Some((id, name.trim_end().to_owned()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_without_battery_is_noticed() {
        assert!(is_before_2025(UtcMs(0)));
        assert!(!is_before_2025(UtcMs(1_795_248_000_000)));
    }
}
