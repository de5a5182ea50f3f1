//! Transport streams to test with, made once by our own demonstration sender, kept under the build folder.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

/// Thirty seconds of progressive H.264 and AAC with a guide.
pub fn progressive() -> PathBuf {
    made("progressive.ts", &["--seconds", "30", "--height", "270", "--bitrate", "900000"])
}

/// Twelve seconds of interlaced H.264 and MP2: nothing that a browser plays.
pub fn interlaced() -> PathBuf {
    made("interlaced.ts", &["--seconds", "12", "--height", "288", "--bitrate", "900000", "--interlaced", "--audio", "mp2"])
}

fn made(name: &str, more: &[&str]) -> PathBuf {
    static MAKING: Mutex<()> = Mutex::new(());
    let _turn = MAKING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
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
