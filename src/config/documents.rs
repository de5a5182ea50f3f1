use std::path::PathBuf;

use super::settings;

settings! {
    /// 文件:纪要、出席情况、线路质量和节约统计的 PDF。
    /// Documents: minutes, attendance, lines and savings as PDF.
    pub struct Documents {
        /// 含中文的字体文件(ttf、otf、ttc);留空则使用系统自带的(Debian:fonts-noto-cjk)。
        /// The file of a font with Chinese letters (ttf, otf, ttc); empty: one that the system has (Debian: fonts-noto-cjk).
        font: PathBuf = PathBuf::new();
    }
}
