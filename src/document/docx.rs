//! A text for Word (ECMA-376): the least that is a document there, which a clerk then makes beautiful.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{Block, Document, DocumentError, Table};

const TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#;
const RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#;
/// Twentieths of a point between the margins of an A4 page.
const WIDTH: f32 = 9_026.0;

pub(super) fn write(document: &Document) -> Result<Vec<u8>, DocumentError> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in [("[Content_Types].xml", TYPES), ("_rels/.rels", RELATIONS), ("word/document.xml", &body(document))] {
        archive.start_file(name, SimpleFileOptions::default().compression_method(CompressionMethod::Deflated))?;
        archive.write_all(text.as_bytes()).map_err(zip::result::ZipError::from)?;
    }
    Ok(archive.finish()?.into_inner())
}

fn body(document: &Document) -> String {
    let mut xml = String::from(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>"#,
    );
    xml += &paragraph(&document.title, 36, true, r#"<w:jc w:val="center"/>"#);
    if !document.note.is_empty() {
        xml += &paragraph(&document.note, 18, false, r#"<w:jc w:val="center"/>"#);
    }
    for block in &document.blocks {
        match block {
            Block::Heading(text) => xml += &paragraph(text, 28, true, r#"<w:keepNext/><w:spacing w:before="240"/>"#),
            Block::Text(text) => xml += &paragraph(text, 24, false, ""),
            Block::Note(text) => xml += &paragraph(text, 18, false, ""),
            Block::Pairs(pairs) => pairs.iter().for_each(|(label, said)| xml += &paragraph(&format!("{label}：{said}"), 24, false, "")),
            Block::List(items) => items.iter().for_each(|item| xml += &paragraph(&format!("· {item}"), 24, false, "")),
            Block::Blank(lines) => (0..*lines).for_each(|_| xml += &paragraph(&"_".repeat(60), 24, false, "")),
            Block::Table(table) if !table.is_sheet_only => xml += &rows(table),
            Block::Table(_) | Block::Strips(_) => {}
        }
    }
    xml + r#"<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1440" w:right="1440" w:bottom="1440" w:left="1440" w:header="851" w:footer="992" w:gutter="0"/></w:sectPr></w:body></w:document>"#
}

/// `size` in half points.
fn paragraph(text: &str, size: u32, is_bold: bool, properties: &str) -> String {
    let bold = if is_bold { "<w:b/>" } else { "" };
    let run = format!(r#"<w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="宋体"/>{bold}<w:sz w:val="{size}"/></w:rPr>"#);
    let lines: Vec<String> = text.lines().map(|line| format!(r#"<w:t xml:space="preserve">{}</w:t>"#, escaped(line))).collect();
    format!("<w:p><w:pPr>{properties}</w:pPr><w:r>{run}{}</w:r></w:p>", lines.join("<w:br/>"))
}

fn rows(table: &Table) -> String {
    let mut xml = String::new();
    if !table.title.is_empty() {
        xml += &paragraph(&table.title, 28, true, r#"<w:keepNext/><w:spacing w:before="240"/>"#);
    }
    xml += r#"<w:tbl><w:tblPr><w:tblBorders><w:top w:val="single" w:sz="4"/><w:left w:val="single" w:sz="4"/><w:bottom w:val="single" w:sz="4"/><w:right w:val="single" w:sz="4"/><w:insideH w:val="single" w:sz="4"/><w:insideV w:val="single" w:sz="4"/></w:tblBorders></w:tblPr><w:tblGrid>"#;
    let total: f32 = table.columns.iter().map(|column| column.weight).sum::<f32>().max(0.1);
    for column in &table.columns {
        xml += &format!(r#"<w:gridCol w:w="{}"/>"#, (column.weight / total * WIDTH) as u32);
    }
    xml += "</w:tblGrid>";
    let row = |cells: Vec<String>, is_bold: bool, properties: &str| {
        let cells: String = cells.into_iter().map(|cell| format!("<w:tc><w:tcPr/>{}</w:tc>", paragraph(&cell, 21, is_bold, ""))).collect();
        format!("<w:tr>{properties}{cells}</w:tr>")
    };
    xml += &row(table.columns.iter().map(|column| column.title.clone()).collect(), true, "<w:trPr><w:tblHeader/></w:trPr>");
    for cells in &table.rows {
        xml += &row(cells.iter().map(super::Cell::said).collect(), false, "");
    }
    // Two tables in a row would become one.
    xml + "</w:tbl>" + &paragraph("", 12, false, "")
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            // XML 1.0 has no control characters, nor these two.
            letter if letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}') => escaped.push(' '),
            letter => escaped.push(letter),
        }
    }
    escaped
}
