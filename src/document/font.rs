//! The fonts that documents are set in: one with Chinese letters, and where a text has letters that it lacks, others of the system.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustybuzz::ttf_parser::{self, name_id};

#[derive(Debug, thiserror::Error)]
pub enum FontError {
    #[error(
        "本机没有中文字体,无法生成 PDF。请安装 fonts-noto-cjk 软件包,或在配置 [documents] font 中写明字体文件 / \
         no font with Chinese letters was found, so no PDF can be made: install fonts-noto-cjk, or name a font's file in `[documents] font`"
    )]
    Missing,
    #[error("字体文件“{0}”无法读取 / the font `{0}` cannot be read: {1}")]
    Unreadable(PathBuf, std::io::Error),
    #[error("“{0}”不是可用的中文字体文件 / `{0}` is not a usable font with Chinese letters")]
    Unusable(PathBuf),
}

/// Where Debian, Kylin, UOS, openEuler and Fedora put theirs; the first that is there is taken.
const CHINESE: &[&str] = &[
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/wqy-microhei/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/wqy-zenhei/wqy-zenhei.ttc",
];

/// For Uyghur, Tibetan, Mongolian, Yi and what else names are written in.
const OTHERS: &[&str] = &[
    "/usr/share/fonts/truetype/noto/NotoNaskhArabic-Regular.ttf",
    "/usr/share/fonts/truetype/noto/NotoSansArabic-Regular.ttf",
    "/usr/share/fonts/truetype/noto/NotoSerifTibetan-Regular.ttf",
    "/usr/share/fonts/truetype/noto/NotoSansMongolian-Regular.ttf",
    "/usr/share/fonts/truetype/noto/NotoSansYi-Regular.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
];

/// A font, as its file has it.
#[derive(Debug, Clone)]
pub(super) struct FontFile {
    pub data: Arc<Vec<u8>>,
    pub index: u32,
}

/// The Chinese one first.
#[derive(Debug, Clone)]
pub(super) struct Fonts(pub Vec<FontFile>);

/// The file that would be used.
fn find(named: &Path) -> Result<PathBuf, FontError> {
    if !named.as_os_str().is_empty() {
        return Ok(named.to_owned());
    }
    CHINESE.iter().map(PathBuf::from).find(|path| path.is_file()).ok_or(FontError::Missing)
}

impl Fonts {
    /// Those that the texts need.
    pub fn load<'t>(named: &Path, texts: impl Iterator<Item = &'t str>) -> Result<Self, FontError> {
        let path = find(named)?;
        let main = read(&path)?;
        let face = ttf_parser::Face::parse(&main.data, main.index).map_err(|_| FontError::Unusable(path.clone()))?;
        if face.glyph_index('会').is_none() {
            return Err(FontError::Unusable(path));
        }
        let mut missing: Vec<char> = texts.flat_map(str::chars).filter(|letter| !letter.is_control() && face.glyph_index(*letter).is_none()).collect();
        let mut fonts = vec![main.clone()];
        for path in OTHERS.iter().map(Path::new) {
            if missing.is_empty() {
                break;
            }
            // A system without it goes on without.
            let Ok(other) = read(path) else { continue };
            let Ok(face) = ttf_parser::Face::parse(&other.data, other.index) else { continue };
            let before = missing.len();
            missing.retain(|letter| face.glyph_index(*letter).is_none());
            if missing.len() < before {
                fonts.push(other.clone());
            }
        }
        Ok(Self(fonts))
    }
}

fn read(path: &Path) -> Result<FontFile, FontError> {
    let data = std::fs::read(path).map_err(|error| FontError::Unreadable(path.to_owned(), error))?;
    let index = simplified(&data);
    Ok(FontFile { data: Arc::new(data), index })
}

/// Of a collection for Chinese, Japanese and Korean the one with the forms of the mainland.
fn simplified(data: &[u8]) -> u32 {
    let is_simplified = |index: &u32| {
        let Ok(face) = ttf_parser::Face::parse(data, *index) else { return false };
        face.names().into_iter().any(|name| name.name_id == name_id::FAMILY && name.to_string().is_some_and(|family| family.ends_with(" SC")))
    };
    (0..ttf_parser::fonts_in_collection(data).unwrap_or(1)).find(is_simplified).unwrap_or(0)
}
