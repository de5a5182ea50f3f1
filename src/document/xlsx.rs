//! Spreadsheets: a first sheet that says what it is, and a sheet per table.

use rust_xlsxwriter::{Chart, ChartType, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

use super::{Block, Cell, Document, DocumentError, Table};

/// Of a sheet's name (Excel's own limit).
const NAME: usize = 31;
/// Of a cell's text (likewise).
const TEXT: usize = 32_767;
const WIDEST: f64 = 46.0;

pub(super) fn write(document: &Document) -> Result<Vec<u8>, DocumentError> {
    let mut book = Workbook::new();
    let mut names: Vec<String> = Vec::new();
    front(book.add_worksheet().set_name(name(&mut names, "说明"))?, document)?;
    for block in &document.blocks {
        let Block::Table(table) = block else { continue };
        let title = if table.title.is_empty() { &document.title } else { &table.title };
        let name = name(&mut names, title);
        let sheet = book.add_worksheet().set_name(&name)?;
        fill(sheet, table, &name)?;
        if document.is_wide {
            sheet.set_landscape();
        }
    }
    Ok(book.save_to_buffer()?)
}

/// What is no table stands on the first sheet.
fn front(sheet: &mut Worksheet, document: &Document) -> Result<(), XlsxError> {
    sheet.set_column_width(0, 26)?.set_column_width(1, 100)?;
    let (bold, wrapped) = (Format::new().set_bold(), Format::new().set_text_wrap().set_align(FormatAlign::Top));
    write_text(sheet, 0, 0, &document.title, &bold.clone().set_font_size(16))?;
    let mut row = 1;
    let mut line = |sheet: &mut Worksheet, label: &str, said: &str, format: &Format| {
        if !label.is_empty() {
            write_text(sheet, row, 0, label, &bold)?;
        }
        if !said.is_empty() {
            write_text(sheet, row, 1, said, format)?;
        }
        row += 1;
        Ok::<_, XlsxError>(())
    };
    line(sheet, "", &document.note, &wrapped)?;
    for block in &document.blocks {
        match block {
            Block::Heading(text) => line(sheet, text, "", &wrapped)?,
            Block::Text(text) | Block::Note(text) => line(sheet, "", text, &wrapped)?,
            Block::Pairs(pairs) => pairs.iter().try_for_each(|(label, said)| line(sheet, label, said, &wrapped))?,
            Block::List(items) => items.iter().try_for_each(|item| line(sheet, "", item, &wrapped))?,
            Block::Blank(_) | Block::Table(_) | Block::Strips(_) => {}
        }
    }
    Ok(())
}

fn fill(sheet: &mut Worksheet, table: &Table, name: &str) -> Result<(), XlsxError> {
    let edge = Format::new().set_border(FormatBorder::Thin).set_align(FormatAlign::Top);
    let head = edge.clone().set_bold().set_background_color(0x00f0_f0f2).set_text_wrap();
    for (at, column) in table.columns.iter().enumerate() {
        write_text(sheet, 0, at as u16, &column.title, &head)?;
        let longest = table.rows.iter().filter_map(|row| row.get(at)).take(2_000).map(|cell| width(&cell.said())).fold(width(&column.title), f64::max);
        sheet.set_column_width(at as u16, (longest + 2.0).min(WIDEST))?;
    }
    for (at, row) in table.rows.iter().enumerate() {
        let is_total = table.has_total && at + 1 == table.rows.len();
        let plain = if is_total { edge.clone().set_bold() } else { edge.clone() };
        for (column, cell) in row.iter().enumerate() {
            let (row, column) = (at as u32 + 1, column as u16);
            match cell {
                Cell::Empty => sheet.write_blank(row, column, &plain).map(drop)?,
                Cell::Text(text) => write_text(sheet, row, column, text, &plain.clone().set_text_wrap())?,
                Cell::Number(number, decimals) => {
                    let decimals = usize::from(*decimals);
                    let format = if decimals == 0 { "#,##0".to_owned() } else { format!("#,##0.{}", "0".repeat(decimals)) };
                    sheet.write_number_with_format(row, column, *number, &plain.clone().set_num_format(format))?;
                }
                Cell::Moment(at) => {
                    let format = plain.clone().set_num_format("yyyy-mm-dd hh:mm");
                    let (year, month, day) = (at.year().max(1900) as u16, at.month() as u8, at.day() as u8);
                    let moment =
                        rust_xlsxwriter::ExcelDateTime::from_ymd(year, month, day)?.and_hms(at.hour() as u16, at.minute() as u8, f64::from(at.second()))?;
                    sheet.write_datetime_with_format(row, column, &moment, &format)?;
                }
            }
        }
    }
    sheet.set_freeze_panes(1, 0)?.set_repeat_rows(0, 0)?.set_print_fit_to_pages(1, 0);
    let rows = table.rows.len() - usize::from(table.has_total && !table.rows.is_empty());
    if let Some(column) = table.chart.filter(|_| rows > 0) {
        let (last, column) = (rows as u32, column as u16);
        let mut chart = Chart::new(ChartType::Column);
        chart.add_series().set_categories((name, 1, 0, last, 0)).set_values((name, 1, column, last, column)).set_name((name, 0, column));
        sheet.insert_chart(1, table.columns.len() as u16 + 1, &chart)?;
    }
    Ok(())
}

/// Always text, never a formula; one that looks like a formula stays text when somebody edits it, too.
fn write_text(sheet: &mut Worksheet, row: u32, column: u16, text: &str, format: &Format) -> Result<(), XlsxError> {
    let text: String = text.chars().filter(|letter| !letter.is_control() || *letter == '\n').take(TEXT).collect();
    let format = if text.starts_with(['=', '+', '-', '@']) { format.clone().set_quote_prefix() } else { format.clone() };
    sheet.write_string_with_format(row, column, text, &format).map(drop)
}

/// A name that Excel takes, and that no other sheet has.
fn name(taken: &mut Vec<String>, title: &str) -> String {
    let plain: String = title.chars().map(|letter| if "[]:*?/\\'".contains(letter) || letter.is_control() { ' ' } else { letter }).collect();
    let plain = plain.trim();
    let mut n = 1;
    loop {
        let suffix = if n == 1 { String::new() } else { format!(" {n}") };
        let short: String = plain.chars().take(NAME / 2 - suffix.len()).collect();
        let name = if short.is_empty() { format!("表{suffix}") } else { format!("{short}{suffix}") };
        if !taken.iter().any(|known| known.eq_ignore_ascii_case(&name)) {
            taken.push(name.clone());
            return name;
        }
        n += 1;
    }
}

/// In letters of Latin width.
fn width(text: &str) -> f64 {
    let wide = |line: &str| line.chars().map(|letter| if u32::from(letter) > 0x2e7f { 2.0 } else { 1.1 }).sum();
    text.lines().map(wide).fold(0.0, f64::max)
}
