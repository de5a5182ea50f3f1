use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde::Deserialize;

use super::{Finding, Severity, text};

/// A cold registry of plugins is read in a second or two; a disk that sleeps may take longer.
const PATIENCE: Duration = Duration::from_secs(60);

/// `yizhan-worker`, beside this program.
pub fn worker_program() -> PathBuf {
    let name = "yizhan-worker";
    std::env::current_exe().ok().map(|here| here.with_file_name(name)).unwrap_or_else(|| PathBuf::from(name))
}

/// What `yizhan-worker elements` prints.
#[derive(Debug, Deserialize)]
struct Report {
    missing: Vec<Missing>,
}

/// A GStreamer element that is not there.
#[derive(Debug, Deserialize)]
struct Missing {
    element: String,
    /// The Debian package that has it.
    package: String,
}

pub(super) fn elements(findings: &mut Vec<Finding>) {
    findings.extend(look(&worker_program()));
}

fn look(program: &Path) -> Option<Finding> {
    let why = text("没有它就不能转码,也不能为浏览器转换直播", "without it nothing is transcoded, and live channels are not converted for browsers");
    let name = program.display();
    let output = match run(program) {
        Ok(output) => output,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Some(Finding {
                severity: Severity::Error,
                about: "worker",
                what: text(format!("找不到 {name}"), format!("{name} is not there")),
                why,
                cure: text("它与 yizhan 一同编译,应放在同一文件夹:`make run`", "it is built together with yizhan and belongs into the same folder: `make run`"),
            });
        }
        Err(error) => return Some(broken(program, &error.to_string())),
    };
    let stderr = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    // ld.so ends with 127 when a library is not there, and names it.
    if stderr.contains("error while loading shared libraries") {
        return Some(Finding {
            severity: Severity::Error,
            about: "worker",
            what: text(format!("系统中没有 GStreamer:{stderr}"), format!("GStreamer is not installed: {stderr}")),
            why,
            cure: install(["libgstreamer1.0-0", "libgstreamer-plugins-base1.0-0"].into_iter()),
        });
    }
    let missing = match serde_json::from_slice::<Report>(&output.stdout) {
        Ok(report) => report.missing,
        Err(_) => return Some(broken(program, &format!("{}: {stderr}", output.status))),
    };
    if missing.is_empty() {
        return None;
    }
    let names = missing.iter().map(|missing| missing.element.as_str()).collect::<Vec<_>>().join(", ");
    Some(Finding {
        severity: Severity::Error,
        about: "element",
        what: text(format!("缺少 GStreamer 元件:{names}"), format!("GStreamer elements are missing: {names}")),
        why,
        cure: install(missing.iter().map(|missing| missing.package.as_str())),
    })
}

fn install<'p>(packages: impl Iterator<Item = &'p str>) -> super::Text {
    let packages: std::collections::BTreeSet<&str> = packages.collect();
    let command = format!("`sudo apt-get install {}`", packages.into_iter().collect::<Vec<_>>().join(" "));
    text(command.clone(), command)
}

fn broken(program: &Path, said: &str) -> Finding {
    Finding {
        severity: Severity::Error,
        about: "worker",
        what: text(format!("{} 不能运行:{said}", program.display()), format!("{} does not work: {said}", program.display())),
        why: text("转码和直播转换由它完成", "it transcodes and converts"),
        cure: text("重新编译:`make run`;若仍不行,请附上此信息报告", "build it again: `make run`; if that does not help, report it with this message"),
    }
}

/// Runs `<program> elements`, for a limited time.
fn run(program: &Path) -> std::io::Result<Output> {
    let mut child = Command::new(program).arg("elements").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    // Pipes are emptied while the child runs: what it says may be longer than a pipe holds.
    let drain = |pipe: Option<Box<dyn Read + Send>>| {
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            pipe.map(|mut pipe| pipe.read_to_end(&mut bytes)).transpose().map(|_| bytes)
        })
    };
    let stdout = drain(child.stdout.take().map(|pipe| Box::new(pipe) as _));
    let stderr = drain(child.stderr.take().map(|pipe| Box::new(pipe) as _));
    let began = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if began.elapsed() > PATIENCE {
            child.kill()?;
            child.wait()?;
            return Err(std::io::Error::new(ErrorKind::TimedOut, format!("no answer within {} s", PATIENCE.as_secs())));
        }
        std::thread::sleep(Duration::from_millis(10));
    };
    let join = |thread: std::thread::JoinHandle<std::io::Result<Vec<u8>>>| thread.join().unwrap_or_else(|_| Ok(Vec::new()));
    Ok(Output { status, stdout: join(stdout)?, stderr: join(stderr)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Written by a child: while this process has a file open for writing, another test's child may hold it, too, and then it cannot be run.
    fn script(folder: &Path, text: &str) -> PathBuf {
        let path = folder.join("yizhan-worker");
        let write = r#"printf '#!/bin/sh\n%s\n' "$1" > "$2" && chmod +x "$2""#;
        assert!(Command::new("sh").args(["-c", write, "sh", text]).arg(&path).status().unwrap().success());
        path
    }

    #[test]
    fn missing_elements_are_told_by_their_package() {
        let folder = tempfile::tempdir().unwrap();
        let report = |missing: &str| format!(r#"echo '{{"gstreamer":"GStreamer 1.22.0","missing":[{missing}]}}'"#);
        assert_eq!(look(&script(folder.path(), &report(""))), None);
        let x264 = r#"{"element":"x264enc","package":"gstreamer1.0-plugins-ugly","needed_for":"every encoded picture"}"#;
        let finding = look(&script(folder.path(), &report(x264))).unwrap();
        assert_eq!(finding.what.en, "GStreamer elements are missing: x264enc");
        assert_eq!(finding.cure.en, "`sudo apt-get install gstreamer1.0-plugins-ugly`");
    }

    #[test]
    fn a_worker_that_is_not_there_or_does_not_work_is_told() {
        let folder = tempfile::tempdir().unwrap();
        assert!(look(&folder.path().join("yizhan-worker")).unwrap().what.en.ends_with("yizhan-worker is not there"));
        let library = "yizhan-worker: error while loading shared libraries: libgstreamer-1.0.so.0: cannot open shared object file";
        let finding = look(&script(folder.path(), &format!("echo '{library}' >&2; exit 127"))).unwrap();
        assert!(finding.what.en.starts_with("GStreamer is not installed"), "{finding:?}");
        assert!(look(&script(folder.path(), "exit 3")).unwrap().what.en.contains("does not work: exit status: 3"));
    }
}
