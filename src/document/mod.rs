//! Documents as files: what is said once becomes a spreadsheet (XLSX), a printed page (PDF) or a text for Word (DOCX).
//!
//! A [`Document`] is a title and [`Block`]s; [`Documents`] makes files of it, beside the async runtime and a few at a time. What people wrote stays text:
//! nothing that begins with `=` is ever a formula. [`markup`] is the text form in which a clerk edits one.

mod docx;
mod font;
pub mod markup;
mod pdf;
#[cfg(test)]
pub(crate) mod tests;
mod xlsx;

use std::path::PathBuf;
use std::sync::Arc;

use jiff::civil::DateTime;
use tokio::sync::Semaphore;

pub use font::FontError;

/// Made at once; the others wait.
const AT_ONCE: usize = 2;

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Document {
    pub title: String,
    /// Below the title, small: of what time, made when.
    pub note: String,
    /// Wider than high.
    pub is_wide: bool,
    pub blocks: Vec<Block>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    Heading(String),
    Text(String),
    /// Smaller, for what explains.
    Note(String),
    /// A label and what it says, a line each.
    Pairs(Vec<(String, String)>),
    List(Vec<String>),
    /// So many lines to write on.
    Blank(u8),
    Table(Table),
    Strips(Strips),
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// Also the name of its sheet.
    pub title: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
    /// The last row says the sums.
    pub has_total: bool,
    /// The column that is drawn as bars, labelled by the first.
    pub chart: Option<usize>,
    /// In a spreadsheet only: too long for print.
    pub is_sheet_only: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    pub title: String,
    /// Its share of the width.
    pub weight: f32,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Empty,
    Text(String),
    /// With so many decimals.
    Number(f64, u8),
    Moment(DateTime),
}

/// Rows of coloured fields, as many per row: 0 nothing, 1 good, 2 fair, 3 poor.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Strips {
    pub from: String,
    pub to: String,
    pub rows: Vec<(String, Vec<u8>)>,
}

#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    #[error(transparent)]
    Font(#[from] FontError),
    #[error("PDF 无法生成 / the PDF cannot be made: {0}")]
    Pdf(String),
    #[error("表格无法生成 / the spreadsheet cannot be made: {0}")]
    Xlsx(#[from] rust_xlsxwriter::XlsxError),
    #[error("文稿无法生成 / the text for Word cannot be made: {0}")]
    Docx(#[from] zip::result::ZipError),
    #[error("文件无法生成 / the file cannot be made: {0}")]
    Ended(String),
}

/// Makes files of documents; cheap to clone.
#[derive(Debug, Clone)]
pub struct Documents(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// Empty: one is looked for.
    font: PathBuf,
    turns: Semaphore,
}

impl Documents {
    /// `font`: the file of a font with Chinese letters; empty: one of those that systems bring is looked for.
    pub fn new(font: impl Into<PathBuf>) -> Self {
        Self(Arc::new(Inner { font: font.into(), turns: Semaphore::new(AT_ONCE) }))
    }

    /// Whether documents can be made here.
    pub fn check(&self) -> Result<(), FontError> {
        font::Fonts::load(&self.0.font, std::iter::empty()).map(drop)
    }

    pub async fn pdf(&self, document: Document) -> Result<Vec<u8>, DocumentError> {
        let named = self.0.font.clone();
        self.make(move || {
            let fonts = font::Fonts::load(&named, document.texts())?;
            pdf::write(&document, &fonts)
        })
        .await
    }

    pub async fn xlsx(&self, document: Document) -> Result<Vec<u8>, DocumentError> {
        self.make(move || xlsx::write(&document)).await
    }

    pub async fn docx(&self, document: Document) -> Result<Vec<u8>, DocumentError> {
        self.make(move || docx::write(&document)).await
    }

    async fn make(&self, make: impl FnOnce() -> Result<Vec<u8>, DocumentError> + Send + 'static) -> Result<Vec<u8>, DocumentError> {
        let _turn = self.0.turns.acquire().await.map_err(|ended| DocumentError::Ended(ended.to_string()))?;
        tokio::task::spawn_blocking(make).await.map_err(|ended| DocumentError::Ended(ended.to_string()))?
    }
}

impl Column {
    pub fn new(title: &str, weight: f32) -> Self {
        Self { title: title.to_owned(), weight }
    }
}

impl Cell {
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub fn whole(number: impl Into<u64>) -> Self {
        Self::Number(number.into() as f64, 0)
    }

    /// As it is printed.
    pub fn said(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.clone(),
            Self::Number(number, decimals) => grouped(*number, *decimals),
            Self::Moment(at) => at.strftime("%Y-%m-%d %H:%M").to_string(),
        }
    }
}

/// `1,234,567.5`
fn grouped(number: f64, decimals: u8) -> String {
    let plain = format!("{:.*}", usize::from(decimals), number.abs());
    let (whole, rest) = plain.split_once('.').map_or((plain.as_str(), String::new()), |(whole, rest)| (whole, format!(".{rest}")));
    let mut said = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            said.push(',');
        }
        said.push(digit);
    }
    let sign = if number < 0.0 { "-" } else { "" };
    format!("{sign}{said}{rest}")
}

impl Document {
    /// All that is written in it.
    fn texts(&self) -> impl Iterator<Item = &str> {
        let own = [self.title.as_str(), self.note.as_str()].into_iter();
        own.chain(self.blocks.iter().flat_map(|block| -> Box<dyn Iterator<Item = &str> + '_> {
            match block {
                Block::Heading(text) | Block::Text(text) | Block::Note(text) => Box::new(std::iter::once(text.as_str())),
                Block::Pairs(pairs) => Box::new(pairs.iter().flat_map(|(label, said)| [label.as_str(), said.as_str()])),
                Block::List(items) => Box::new(items.iter().map(String::as_str)),
                Block::Blank(_) => Box::new(std::iter::empty()),
                Block::Table(table) => {
                    let cells = table.rows.iter().flatten().filter_map(|cell| if let Cell::Text(text) = cell { Some(text.as_str()) } else { None });
                    let head = std::iter::once(table.title.as_str()).chain(table.columns.iter().map(|column| column.title.as_str()));
                    Box::new(head.chain(cells))
                }
                Block::Strips(strips) => Box::new(strips.rows.iter().map(|(label, _)| label.as_str()).chain([strips.from.as_str(), strips.to.as_str()])),
            }
        }))
    }
}
