use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::{Finding, Severity, text};
use crate::config;

/// 40 channels, their readers, a few hundred viewers.
const OPEN_FILES: u64 = 4096;

/// The soft limit on open files goes up to the hard one: 1024 is for programs that use `select`.
pub fn raise_open_files() {
    let limit = getrlimit(Resource::Nofile);
    if limit.current != limit.maximum
        && let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum })
    {
        tracing::warn!(%error, "the limit on open files stays");
    }
}

pub(super) fn open_files(findings: &mut Vec<Finding>) {
    let Some(most) = getrlimit(Resource::Nofile).maximum else { return };
    if most < OPEN_FILES {
        findings.push(Finding {
            severity: Severity::Warning,
            about: "open_files",
            what: text(format!("最多只能打开 {most} 个文件"), format!("at most {most} files can be open")),
            why: text("每个频道和每位观众都占用文件句柄", "each channel and each viewer takes some"),
            cure: text(
                format!("在 systemd 服务中写入 `LimitNOFILE={}`,或 `ulimit -Hn {}`", OPEN_FILES * 16, OPEN_FILES * 16),
                format!("`LimitNOFILE={}` in the systemd service, or `ulimit -Hn {}`", OPEN_FILES * 16, OPEN_FILES * 16),
            ),
        });
    }
}

pub(super) fn receive_buffer(ingest: &config::Ingest, findings: &mut Vec<Finding>) {
    let allowed = std::fs::read_to_string("/proc/sys/net/core/rmem_max").ok().and_then(|text| text.trim().parse::<u64>().ok());
    findings.extend(allowed.and_then(|allowed| too_small(allowed, ingest.receive_buffer_bytes)));
}

fn too_small(allowed: u64, wanted: u32) -> Option<Finding> {
    (allowed < u64::from(wanted)).then(|| {
        let cure = format!("`echo 'net.core.rmem_max={wanted}' | sudo tee /etc/sysctl.d/90-yizhan.conf && sudo sysctl --system`");
        Finding {
            severity: Severity::Warning,
            about: "receive_buffer",
            what: text(
                format!("系统允许的接收缓冲区(net.core.rmem_max)为 {allowed} 字节,小于设置的 {wanted}"),
                format!("the system allows receive buffers (net.core.rmem_max) of {allowed} bytes, fewer than the {wanted} that are set"),
            ),
            why: text("机器忙时,缓冲区太小会丢失组播数据包", "with a small buffer multicast packets are lost while the machine is busy"),
            cure: text(cure.clone(), cure),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_that_cures_a_small_buffer_is_given() {
        assert!(too_small(212_992, 8_388_608).unwrap().cure.en.contains("net.core.rmem_max=8388608"));
        assert!(too_small(8_388_608, 8_388_608).is_none());
    }

    #[test]
    fn the_soft_limit_goes_up_to_the_hard_one() {
        raise_open_files();
        let limit = getrlimit(Resource::Nofile);
        assert_eq!(limit.current, limit.maximum);
    }
}
