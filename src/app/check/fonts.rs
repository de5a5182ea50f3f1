use std::path::{Path, PathBuf};

use super::{Finding, Severity, text};
use crate::config;
use crate::document::Documents;

/// Beginnings of the file names of fonts with Chinese characters.
const CHINESE: &[&str] =
    &["notosanscjk", "notosanssc", "notoserifcjk", "sourcehansans", "sourcehanserif", "wqy", "droidsansfallback", "simsun", "simhei", "msyh"];

pub(super) fn chinese(findings: &mut Vec<Finding>) {
    let home = std::env::var_os("HOME").map(PathBuf::from).map(|home| home.join(".local/share/fonts"));
    let folders = [PathBuf::from("/usr/share/fonts"), PathBuf::from("/usr/local/share/fonts")];
    if !folders.iter().chain(&home).any(|folder| holds_chinese(folder, 6)) {
        findings.push(Finding {
            severity: Severity::Warning,
            about: "font",
            what: text("没有安装中文字体", "no font with Chinese characters is installed"),
            why: text("画面上叠加的中文会显示为方框", "Chinese text burnt into pictures would be boxes"),
            cure: text("`sudo apt-get install fonts-noto-cjk`", "`sudo apt-get install fonts-noto-cjk`"),
        });
    }
}

/// Attendance, minutes and savings are made as PDF.
pub(super) fn of_documents(config: &config::Documents, findings: &mut Vec<Finding>) {
    if let Err(error) = Documents::new(&config.font).check() {
        findings.push(Finding {
            severity: Severity::Warning,
            about: "documents",
            what: text("会议纪要、考勤表等 PDF 文件无法生成", "minutes, attendance and the like cannot be made as PDF"),
            why: text(error.to_string(), error.to_string()),
            cure: text(
                "`sudo apt-get install fonts-noto-cjk`,或在 [documents] font 中写明字体文件",
                "`sudo apt-get install fonts-noto-cjk`, or name a font's file in `[documents] font`",
            ),
        });
    }
}

fn holds_chinese(folder: &Path, depth: u32) -> bool {
    std::fs::read_dir(folder).into_iter().flatten().flatten().any(|entry| {
        let name = entry.file_name().to_string_lossy().to_lowercase();
        let is_folder = || entry.path().is_dir();
        CHINESE.iter().any(|start| name.starts_with(start)) && !is_folder() || depth > 0 && is_folder() && holds_chinese(&entry.path(), depth - 1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_font_that_is_named_and_cannot_be_read_is_told() {
        let mut findings = vec![];
        of_documents(&config::Documents { font: "/nowhere/font.ttc".into() }, &mut findings);
        assert!(findings.len() == 1 && findings[0].why.en.contains("/nowhere/font.ttc"), "{findings:?}");
    }

    #[test]
    fn a_font_is_found_below_its_folder() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(dir.path().join("opentype/noto")).unwrap();
        assert!(!holds_chinese(dir.path(), 6));
        std::fs::write(dir.path().join("opentype/noto/NotoSansCJK-Regular.ttc"), "").unwrap();
        assert!(holds_chinese(dir.path(), 6));
    }
}
