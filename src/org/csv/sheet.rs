//! The file itself: character set, delimiter, header, cells.

use std::borrow::Cow;

use super::LineError;

/// A column by its two names; the first English one is its key.
pub(super) struct Column {
    pub key: &'static str,
    pub zh: &'static str,
    pub required: bool,
}

pub(super) struct Sheet {
    pub rows: Vec<Row>,
}

pub(super) struct Row {
    pub line: u64,
    /// By column key; absent where the file has no such column.
    cells: Vec<(&'static str, String)>,
}

impl Row {
    /// The trimmed text of a cell; `None` where the file has no such column.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.cells.iter().find(|(name, _)| *name == key).map(|(_, text)| text.as_str())
    }

    /// The text of a cell that has any.
    pub fn filled(&self, key: &str) -> Option<&str> {
        self.get(key).filter(|text| !text.is_empty())
    }
}

/// Rows of a file; above this it is not an organisation's table.
const ROWS: usize = 200_000;

impl Sheet {
    pub fn read(file: &[u8], columns: &[Column]) -> Result<Self, LineError> {
        let text = decode(file)?;
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter(&text)).flexible(true).from_reader(text.as_bytes());
        let unreadable =
            |error: csv::Error| LineError::new(error.position().map_or(1, csv::Position::line), format!("表格无法读取 / the table cannot be read: {error}"));
        let heads = header(reader.headers().map_err(unreadable)?, columns)?;
        let mut rows = vec![];
        let lines = LineStarts::of(&text);
        for record in reader.records() {
            let record = record.map_err(unreadable)?;
            let line = record.position().map_or(1, |position| lines.line_of(position.byte()));
            if record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            if record.iter().skip(heads.len()).any(|cell| !cell.trim().is_empty()) {
                return Err(LineError::new(line, format!("单元格数多于表头({0} 列) / more cells than the header's {0}", heads.len())));
            }
            if rows.len() == ROWS {
                return Err(LineError::new(line, format!("超过 {ROWS} 行 / more than {ROWS} rows")));
            }
            let cells = heads.iter().enumerate().map(|(at, key)| (*key, unguard(record.get(at).unwrap_or("").trim()).to_owned())).collect();
            rows.push(Row { line, cells });
        }
        Ok(Self { rows })
    }
}

/// Where lines begin, as the reader counts bytes: it tells where a record begins before it skips blank lines and the rest of a CRLF.
struct LineStarts<'a>(&'a [u8], Vec<usize>);

impl<'a> LineStarts<'a> {
    fn of(text: &'a str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self(text.as_bytes(), std::iter::once(0).chain(ends).collect())
    }

    fn line_of(&self, byte: u64) -> u64 {
        let byte = usize::try_from(byte).unwrap_or(usize::MAX).min(self.0.len());
        let blank = self.0[byte..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        self.1.partition_point(|start| *start <= byte + blank) as u64
    }
}

/// UTF-8 or UTF-16 by a byte order mark, UTF-8 if it is, otherwise what Chinese Excel writes.
fn decode(file: &[u8]) -> Result<Cow<'_, str>, LineError> {
    let (encoding, skip) =
        encoding_rs::Encoding::for_bom(file).unwrap_or((if std::str::from_utf8(file).is_ok() { encoding_rs::UTF_8 } else { encoding_rs::GB18030 }, 0));
    encoding
        .decode_without_bom_handling_and_without_replacement(&file[skip..])
        .ok_or_else(|| LineError::new(1, format!("文件既不是 UTF-8 也不是 GB18030 / the file is neither UTF-8 nor GB18030 (read as {})", encoding.name())))
}

/// Comma, tab ("Unicode text" of Excel) or semicolon: which of them the header has.
fn delimiter(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or("");
    *[b',', b'\t', b';'].iter().max_by_key(|delimiter| (header.bytes().filter(|byte| byte == *delimiter).count(), **delimiter == b',')).unwrap_or(&b',')
}

fn header(names: &csv::StringRecord, columns: &[Column]) -> Result<Vec<&'static str>, LineError> {
    let known = || columns.iter().map(|column| format!("{}({})", column.zh, column.key)).collect::<Vec<_>>().join("、");
    let mut keys = vec![];
    // Empty columns at the end are what spreadsheets leave behind.
    let width = (0..names.len()).rfind(|at| !names[*at].trim().is_empty()).map_or(0, |last| last + 1);
    for name in names.iter().take(width) {
        let name = name.trim();
        let Some(column) = columns.iter().find(|column| column.zh == name || column.key.eq_ignore_ascii_case(name)) else {
            return Err(LineError::new(1, format!("不认识的列“{name}”,可用的列:{} / unknown column `{name}`", known())));
        };
        if keys.contains(&column.key) {
            return Err(LineError::new(1, format!("列“{name}”重复 / column `{name}` is there twice")));
        }
        keys.push(column.key);
    }
    match columns.iter().find(|column| column.required && !keys.contains(&column.key)) {
        Some(column) => Err(LineError::new(1, format!("缺少列“{}” / column `{}` is missing", column.zh, column.key))),
        None => Ok(keys),
    }
}

/// What spreadsheets would take for a formula gets an apostrophe before it (OWASP: CSV injection).
const GUARDED: [char; 5] = ['=', '+', '-', '@', '\''];

pub(in crate::org) fn guard(text: &str) -> Cow<'_, str> {
    if text.starts_with(GUARDED) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

fn unguard(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| rest.starts_with(GUARDED)).unwrap_or(text)
}

/// A file for spreadsheets: a byte order mark, CRLF, guarded cells.
pub(super) fn write(columns: &[Column], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut text = String::from('\u{FEFF}');
    line(&mut text, columns.iter().map(|column| column.zh));
    for row in rows {
        line(&mut text, row.iter().map(String::as_str));
    }
    text
}

/// One line of CSV (RFC 4180).
pub fn line<'a>(text: &mut String, cells: impl Iterator<Item = &'a str>) {
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            text.push(',');
        }
        let cell = guard(cell);
        if cell.contains(['"', ',', '\n', '\r', ';', '\t']) {
            text.push('"');
            text.push_str(&cell.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(&cell);
        }
    }
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 3] = [
        Column { key: "id", zh: "编号", required: false },
        Column { key: "title", zh: "名称", required: true },
        Column { key: "level", zh: "级别", required: false },
    ];

    fn titles(file: &[u8]) -> Vec<(u64, String)> {
        let sheet = Sheet::read(file, &COLUMNS).unwrap_or_else(|error| panic!("{error:?}"));
        sheet.rows.iter().map(|row| (row.line, row.get("title").unwrap_or("?").to_owned())).collect()
    }

    #[test]
    fn reads_what_chinese_offices_send() {
        let text = "编号,名称\r\n1,济南市\r\n\r\n2,\"历下区\n(新)\"\r\n3,章丘区\r\n";
        let expected: Vec<(u64, String)> = [(2, "济南市"), (4, "历下区\n(新)"), (6, "章丘区")].map(|(line, title)| (line, title.to_owned())).to_vec();
        let (gb18030, ..) = encoding_rs::GB18030.encode(text);
        let utf16: Vec<u8> = "\u{FEFF}".encode_utf16().chain(text.replace(',', "\t").encode_utf16()).flat_map(u16::to_le_bytes).collect();
        for (name, file) in
            [("utf-8", text.as_bytes().to_vec()), ("bom", format!("\u{FEFF}{text}").into_bytes()), ("gb18030", gb18030.to_vec()), ("utf-16", utf16)]
        {
            assert_eq!(titles(&file), expected, "{name}");
        }
        assert_eq!(titles("ID;Title\n1;a\n".as_bytes()), [(2, "a".to_owned())]);
        assert_eq!(titles("名称,,\n甲,,\n,,\n".as_bytes()), [(2, "甲".to_owned())], "what spreadsheets leave behind");
    }

    #[test]
    fn says_what_is_wrong_and_where() {
        let error = |text: &[u8]| Sheet::read(text, &COLUMNS).map(|_| ()).unwrap_err();
        assert!(error("编号\n1\n".as_bytes()).message.contains("名称"));
        assert!(error("名称,名字\n".as_bytes()).message.contains("名字"));
        assert!(error("名称,title\n".as_bytes()).message.contains("twice"));
        assert_eq!(error("名称\n甲\n乙,丙\n".as_bytes()).line, 3);
        assert!(error(b"\xff\xff\xff,\x80\n").message.contains("GB18030"));
        assert!(error(b"").message.contains("名称"));
    }

    #[test]
    fn formulas_are_guarded_and_come_back() {
        for text in ["=1+1", "-2", "'quoted", "''", "plain", "+86", "@x", "'", ""] {
            let guarded = guard(text);
            assert!(!guarded.starts_with(['=', '+', '-', '@']), "{guarded}");
            assert_eq!(unguard(&guarded), text);
        }
        assert_eq!(unguard("'typed by hand"), "'typed by hand");
    }
}
