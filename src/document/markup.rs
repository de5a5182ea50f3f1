//! A document as text that people edit: a line that begins with `#` is the title, with `##` a heading, with `-` an item, with `>` a note; rows between `|` are
//! a table, a line of `____` is one to write on, all else is text. Any text is a document.

use super::{Block, Cell, Column, Document, Table};

pub fn read(text: &str) -> Document {
    let mut document = Document::default();
    let mut rows: Vec<Vec<String>> = Vec::new();
    for line in text.lines().map(str::trim_end) {
        if let Some(cells) = cells(line) {
            rows.push(cells);
            continue;
        }
        close_table(&mut document.blocks, &mut rows);
        if let Some(title) = line.strip_prefix("# ").filter(|_| document.title.is_empty()) {
            document.title = title.trim().to_owned();
        } else if let Some(heading) = line.strip_prefix("##") {
            document.blocks.push(Block::Heading(heading.trim_start_matches('#').trim().to_owned()));
        } else if let Some(item) = line.strip_prefix("- ") {
            match document.blocks.last_mut() {
                Some(Block::List(items)) => items.push(item.trim().to_owned()),
                _ => document.blocks.push(Block::List(vec![item.trim().to_owned()])),
            }
        } else if let Some(note) = line.strip_prefix("> ") {
            document.blocks.push(Block::Note(note.trim().to_owned()));
        } else if line.len() >= 4 && line.bytes().all(|byte| byte == b'_') {
            match document.blocks.last_mut() {
                Some(Block::Blank(lines)) => *lines = lines.saturating_add(1),
                _ => document.blocks.push(Block::Blank(1)),
            }
        } else if !line.trim().is_empty() {
            document.blocks.push(Block::Text(line.trim().to_owned()));
        } else if matches!(document.blocks.last(), Some(Block::List(_))) {
            // A list ends with a blank line; the next is one of its own.
            document.blocks.push(Block::Text(String::new()));
        }
    }
    close_table(&mut document.blocks, &mut rows);
    document.blocks.retain(|block| *block != Block::Text(String::new()));
    document
}

/// A row of a table as it is written: what stands in a cell does not end it.
pub fn row<'c>(cells: impl IntoIterator<Item = &'c str>) -> String {
    let mut line = String::from("|");
    for cell in cells {
        line.push(' ');
        line += &inline(cell).replace('\\', "\\\\").replace('|', "\\|");
        line += " |";
    }
    line
}

/// The head of a table, and the line below it.
pub fn head(titles: &[&str]) -> String {
    format!("{}\n{}", row(titles.iter().copied()), row(titles.iter().map(|_| "---")))
}

/// On one line, without blanks around it.
pub fn inline(text: &str) -> String {
    text.split(|letter: char| letter.is_control()).map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

fn cells(line: &str) -> Option<Vec<String>> {
    let inner = line.trim().strip_prefix('|')?;
    let mut cells = vec![String::new()];
    let mut letters = inner.chars();
    while let Some(letter) = letters.next() {
        let cell = cells.last_mut()?;
        match letter {
            '\\' => cell.extend(letters.next()),
            '|' => cells.push(String::new()),
            letter => cell.push(letter),
        }
    }
    // The bar that closes the row begins no cell.
    if cells.last().is_some_and(|cell| cell.trim().is_empty()) && cells.len() > 1 {
        cells.pop();
    }
    Some(cells.into_iter().map(|cell| cell.trim().to_owned()).collect())
}

fn close_table(blocks: &mut Vec<Block>, rows: &mut Vec<Vec<String>>) {
    let mut rows = std::mem::take(rows);
    if rows.is_empty() {
        return;
    }
    let head = rows.remove(0);
    rows.retain(|row| !row.iter().all(|cell| !cell.is_empty() && cell.chars().all(|letter| letter == '-' || letter == ':')));
    let width = rows.iter().map(Vec::len).chain([head.len()]).max().unwrap_or(1);
    // As wide as what is longest in it, within reason.
    let weight = |at: usize| {
        let longest = rows.iter().chain([&head]).filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max().unwrap_or(0);
        longest.clamp(3, 24) as f32
    };
    let columns = (0..width).map(|at| Column { title: head.get(at).cloned().unwrap_or_default(), weight: weight(at) }).collect();
    let full = |row: Vec<String>| (0..width).map(|at| row.get(at).map_or(Cell::Empty, |cell| Cell::text(cell.clone()))).collect();
    blocks.push(Block::Table(Table { columns, rows: rows.into_iter().map(full).collect(), ..Table::default() }));
}
