//! Transport streams to test with, made once by our own demonstration sender, kept under the build folder.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Thirty seconds of progressive H.264 and AAC with a guide.
pub fn progressive() -> PathBuf {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    MADE.get_or_init(|| made("progressive.ts", &["--seconds", "30", "--height", "360"])).clone()
}

/// Twelve seconds of interlaced MPEG-2 and MP2, as old cable channels have them.
pub fn interlaced() -> PathBuf {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    MADE.get_or_init(|| made("interlaced.ts", &["--seconds", "12", "--interlaced", "--codec", "mpeg2"])).clone()
}

fn made(name: &str, more: &[&str]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("material");
    std::fs::create_dir_all(&folder).expect("a folder for material");
    let path = folder.join(name);
    if !path.exists() {
        let partial = path.with_extension("partial");
        let status = Command::new(env!("CARGO_BIN_EXE_yizhan-worker")).arg("demo").arg("--file").arg(&partial).args(more).status();
        assert!(status.expect("the worker starts").success(), "the worker makes {name}");
        std::fs::rename(&partial, &path).expect("the material is whole");
    }
    path
}

/// A real capture, if the folder of captures is there. Its absence is a failure where `CI=true`, and is said otherwise.
pub fn capture(name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("YIZHAN_TEST_DATA").map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"), PathBuf::from);
    let path = folder.join("broadcast").join(name);
    if path.exists() {
        return Some(path);
    }
    assert!(std::env::var_os("CI").is_none_or(|v| v != "true"), "capture {} is not there", path.display());
    println!("capture {} is not there: this test ran without it", path.display());
    None
}
