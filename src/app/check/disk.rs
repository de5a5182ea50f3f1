use std::path::{Path, PathBuf};

use super::{Finding, Severity, text};
use crate::config;
use crate::store::Space;

/// Below this not even the database can be trusted to work.
const DATABASE_BYTES: u64 = 64 << 20;
/// About an hour of three channels of 8 Mb/s.
const COMFORT_BYTES: u64 = 10 << 30;

pub(super) fn folder(storage: &config::Storage, findings: &mut Vec<Finding>) {
    let folder = &storage.folder;
    let there = nearest_existing(folder);
    let name = folder.display();
    if let Err(error) = try_writing(&there) {
        findings.push(Finding {
            severity: Severity::Error,
            about: "folder",
            what: text(format!("不能写入数据文件夹 {name}:{error}"), format!("the data folder {name} cannot be written: {error}")),
            why: text("数据库、录像和证书都存放在这里", "database, tapes and certificates are kept there"),
            cure: text(
                format!("`sudo mkdir -p {name} && sudo chown $USER {name}`,或修改 `[storage] folder`"),
                format!("`sudo mkdir -p {name} && sudo chown $USER {name}`, or choose another `[storage] folder`"),
            ),
        });
        return;
    }
    if let Ok(space) = Space::of(&there) {
        space_left(space.free, storage, findings);
    }
    if let Ok(system) = rustix::fs::statfs(&there)
        && let Some((kind, severity, why)) = poor_file_system(system.f_type as u32)
    {
        findings.push(Finding {
            severity,
            about: "file_system",
            what: text(format!("数据文件夹 {name} 位于 {kind} 文件系统"), format!("the data folder {name} is on {kind}")),
            why,
            cure: text("把 `[storage] folder` 放到本地磁盘(ext4 或 xfs)", "put `[storage] folder` on a local disk (ext4 or xfs)"),
        });
    }
}

fn space_left(free: u64, storage: &config::Storage, findings: &mut Vec<Finding>) {
    let severity = match free {
        _ if free < DATABASE_BYTES => Severity::Error,
        _ if free < storage.reserve_bytes.saturating_add(COMFORT_BYTES) => Severity::Warning,
        _ => return,
    };
    let gib = |bytes: u64| bytes as f64 / (1u64 << 30) as f64;
    findings.push(Finding {
        severity,
        about: "disk",
        what: text(
            format!("磁盘只剩 {:.1} GiB,其中 {:.1} GiB 为保留空间", gib(free), gib(storage.reserve_bytes)),
            format!("the disk has {:.1} GiB left, of which {:.1} GiB are the reserve", gib(free), gib(storage.reserve_bytes)),
        ),
        why: text(
            "空间不足时最早的录像先被删除;一个 8 Mb/s 的频道一天约 80 GiB",
            "when space runs low the oldest tape goes first; a channel of 8 Mb/s takes about 80 GiB a day",
        ),
        cure: text("腾出空间、换更大的磁盘,或调小 `[tape] keep_hours`", "make room, take a larger disk, or keep fewer hours in `[tape] keep_hours`"),
    });
}

/// File systems on which something here does not work, by their magic number (statfs(2)).
fn poor_file_system(magic: u32) -> Option<(&'static str, Severity, super::Text)> {
    let network = || text("数据库的日志(WAL)在网络文件系统上可能损坏", "the database's log (WAL) can be damaged on a network file system");
    let memory = || text("重启后一切丢失", "everything is lost on a restart");
    let old = || text("不支持大文件或原子改名", "large files or atomic renames do not work");
    Some(match magic {
        0x6969 => ("NFS", Severity::Warning, network()),
        0xff53_4d42 | 0xfe53_4d42 | 0x517b => ("SMB", Severity::Warning, network()),
        0x0102_1997 => ("9p", Severity::Warning, network()),
        0x0102_1994 | 0x8584_58f6 => ("tmpfs", Severity::Warning, memory()),
        0x4d44 => ("FAT", Severity::Warning, old()),
        0x794c_7630 => ("overlayfs", Severity::Note, text("容器删除后数据随之丢失", "the data goes when the container goes")),
        _ => return None,
    })
}

fn nearest_existing(folder: &Path) -> PathBuf {
    let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    absolute.ancestors().find(|path| path.exists()).map_or_else(|| PathBuf::from("/"), Path::to_owned)
}

fn try_writing(folder: &Path) -> std::io::Result<()> {
    if !folder.is_dir() {
        return Err(std::io::Error::new(std::io::ErrorKind::NotADirectory, "it is not a folder"));
    }
    let probe = folder.join(format!(".yizhan-check-{}", std::process::id()));
    std::fs::write(&probe, b"yizhan")?;
    std::fs::remove_file(&probe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_cannot_be_is_told() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let storage = config::Storage { folder: file.path().join("recordings"), ..config::Storage::default() };
        let mut findings = Vec::new();
        folder(&storage, &mut findings);
        assert_eq!((findings[0].severity, findings[0].about), (Severity::Error, "folder"));
    }

    #[test]
    fn a_disk_that_runs_full_is_told_before_it_is() {
        let storage = config::Storage::default();
        let said = |free| {
            let mut findings = Vec::new();
            space_left(free, &storage, &mut findings);
            findings.first().map(|finding| finding.severity)
        };
        assert_eq!([said(1 << 20), said(3 << 30), said(100 << 30)], [Some(Severity::Error), Some(Severity::Warning), None]);
    }

    #[test]
    fn looking_leaves_nothing_behind() {
        let dir = tempfile::tempdir().unwrap();
        folder(&config::Storage { folder: dir.path().join("a/b"), ..config::Storage::default() }, &mut Vec::new());
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}
