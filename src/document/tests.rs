//! What documents promise: what is put in comes out again, whatever it is.

use std::io::{Cursor, Write};
use std::process::{Command, Stdio};

use calamine::{Data, Reader, Xlsx};
use proptest::prelude::*;

use super::*;

fn table(rows: Vec<Vec<Cell>>) -> Block {
    let columns = vec![Column::new("会场", 3.0), Column::new("人数", 1.0)];
    Block::Table(Table { title: "出席".to_owned(), columns, rows, chart: Some(1), ..Table::default() })
}

fn document(blocks: Vec<Block>) -> Document {
    Document { title: "全省防汛工作视频会议纪要".to_owned(), note: "2026 年 11 月 23 日".to_owned(), is_wide: false, blocks }
}

/// The text of a PDF, as poppler reads it.
pub(crate) fn text_of(pdf: &[u8]) -> String {
    let mut child = Command::new("pdftotext")
        .args(["-layout", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("pdftotext (package poppler-utils, see .ci/install)");
    child.stdin.take().unwrap().write_all(pdf).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test]
async fn chinese_goes_into_a_pdf_and_comes_out_again() {
    let long = "各会场要严格落实责任,加强值班值守,及时报送信息。".repeat(20);
    let rows = (0..120).map(|n| vec![Cell::text(format!("第{n}号会场")), Cell::whole(n as u64 * 1_000)]).collect();
    let blocks = vec![
        Block::Heading("一、出席".to_owned()),
        Block::Text(long.clone()),
        Block::Pairs(vec![("主持".to_owned(), "张三".to_owned())]),
        Block::List(vec!["龘靐齉:生僻字".to_owned(), "ئۇيغۇر · Uyghur".to_owned()]),
        Block::Blank(3),
        table(rows),
        Block::Strips(Strips { from: "09:00".to_owned(), to: "10:00".to_owned(), rows: vec![("甲县".to_owned(), vec![0, 1, 2, 3, 9])] }),
    ];
    let pdf = Documents::new("").pdf(document(blocks)).await.unwrap();
    assert!(pdf.len() < 400_000, "only the letters that are used are embedded: {} bytes", pdf.len());
    let text = text_of(&pdf);
    for said in ["全省防汛工作视频会议纪要", "一、出席", "张三", "龘靐齉", "第119号会场", "119,000", "，共 "] {
        assert!(text.contains(said), "{said} is missing in:\n{text}");
    }
    assert!(text.matches("人数").count() >= 3, "the head stands on every page of a table");
    assert_eq!(text.split_whitespace().collect::<String>().matches("加强值班值守").count(), 20, "nothing is lost where lines break");
}

#[tokio::test]
async fn a_missing_font_is_told_in_both_languages() {
    let missing = Documents::new("/nowhere/font.ttc").pdf(document(vec![])).await.unwrap_err().to_string();
    assert!(missing.contains("/nowhere/font.ttc") && missing.contains("无法读取") && missing.contains("cannot be read"), "{missing}");
    let folder = tempfile::tempdir().unwrap();
    let wrong = folder.path().join("x.ttf");
    std::fs::write(&wrong, "no font").unwrap();
    let unusable = Documents::new(wrong).pdf(document(vec![])).await.unwrap_err().to_string();
    assert!(unusable.contains("不是可用的中文字体") && unusable.contains("not a usable font"), "{unusable}");
}

#[tokio::test]
async fn a_row_that_looks_like_a_formula_is_text() {
    let wild = ["=1+1", "+86 10 1234", "-2", "@SUM(A1)", "=HYPERLINK(\"http://x\",\"y\")", "甲县"];
    let rows = wild.iter().enumerate().map(|(at, text)| vec![Cell::text(*text), Cell::whole(at as u64)]).collect();
    let bytes = Documents::new("").xlsx(document(vec![Block::Text("=1".to_owned()), table(rows)])).await.unwrap();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    assert_eq!(book.sheet_names(), ["说明", "出席"]);
    let sheet = book.worksheet_range("出席").unwrap();
    for (at, text) in wild.iter().enumerate() {
        assert_eq!(sheet.get((at + 1, 0)), Some(&Data::String((*text).to_owned())));
        assert_eq!(sheet.get((at + 1, 1)), Some(&Data::Float(at as f64)));
    }
    let formulas = book.worksheet_formula("出席").unwrap();
    assert!(formulas.used_cells().all(|(_, _, formula)| formula.is_empty()), "no cell is a formula");
}

#[tokio::test]
async fn sheets_with_titles_that_excel_refuses_get_names_that_it_takes() {
    let named = |title: &str| Block::Table(Table { title: title.to_owned(), columns: vec![Column::new("a", 1.0)], ..Table::default() });
    let titles = ["a/b:c", "a/b:c", "", &"长".repeat(200), &"长".repeat(200), "'x'"];
    let bytes = Documents::new("").xlsx(document(titles.iter().map(|title| named(title)).collect())).await.unwrap();
    let book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    assert_eq!(book.sheet_names().len(), 7);
}

#[tokio::test]
async fn a_text_for_word_holds_what_was_written() {
    let blocks = vec![Block::Heading("议题 <一> & \"二\"".to_owned()), table(vec![vec![Cell::text("甲县"), Cell::whole(12u64)]]), Block::Blank(1)];
    let bytes = Documents::new("").docx(document(blocks)).await.unwrap();
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut xml = String::new();
    std::io::Read::read_to_string(&mut archive.by_name("word/document.xml").unwrap(), &mut xml).unwrap();
    for said in ["全省防汛工作视频会议纪要", "议题 &lt;一&gt; &amp; &quot;二&quot;", "甲县", ">12<"] {
        assert!(xml.contains(said), "{said}");
    }
}

#[test]
fn what_is_written_as_markup_is_read_as_it_was() {
    let text = format!("# 纪要\n## 出席\n{}\n{}\n- 一\n- 二\n\n> 注\n____\n____\n正文", markup::head(&["会场", "说明"]), markup::row(["甲|县", "a\\b\nc"]));
    let document = markup::read(&text);
    assert_eq!(document.title, "纪要");
    let Block::Table(table) = &document.blocks[1] else { panic!("{document:?}") };
    assert_eq!(table.rows, [[Cell::text("甲|县"), Cell::text("a\\b c")]]);
    assert_eq!(document.blocks[2], Block::List(vec!["一".to_owned(), "二".to_owned()]));
    assert_eq!(&document.blocks[3..], [Block::Note("注".to_owned()), Block::Blank(2), Block::Text("正文".to_owned())]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_a_document(text in "(\\PC|[|#\\-_>\\\\\n ]){0,300}") {
        let document = markup::read(&text);
        prop_assert!(xlsx::write(&document).is_ok());
        prop_assert!(docx::write(&document).is_ok());
    }

    #[test]
    fn any_cell_is_read_as_it_was_written(cells in prop::collection::vec("[^\\p{C}\\s]{1,20}", 2..5)) {
        let text = format!("{}\n{}", markup::head(&vec!["x"; cells.len()]), markup::row(cells.iter().map(String::as_str)));
        let document = markup::read(&text);
        let Some(Block::Table(table)) = document.blocks.first() else { panic!("{document:?}") };
        let is_rule = cells.iter().all(|cell| cell.chars().all(|letter| letter == '-' || letter == ':'));
        if !is_rule {
            prop_assert_eq!(&table.rows, &[cells.iter().map(Cell::text).collect::<Vec<_>>()]);
        }
    }
}

#[test]
fn any_text_is_set_and_nothing_stands_beside_the_page() {
    let fonts = font::Fonts::load(std::path::Path::new(""), std::iter::empty()).unwrap();
    let wild = ["", "\u{0}\u{1}", "一".repeat(5_000).as_str(), &"a".repeat(3_000), "😀🏳️‍🌈\u{202e}abc", "ﷺ\u{200f}", "བོད་ཡིག"].map(str::to_owned);
    for text in wild {
        let blocks = vec![Block::Heading(text.clone()), Block::Text(text.clone()), table(vec![vec![Cell::text(text.clone()), Cell::Number(f64::NAN, 2)]])];
        let document = Document { title: text.clone(), note: text.clone(), is_wide: true, blocks };
        assert!(pdf::write(&document, &fonts).is_ok(), "{}", text.chars().take(20).collect::<String>());
    }
}
