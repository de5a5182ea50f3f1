//! What stands where: blocks flow down the pages.

use super::super::{Block, Cell, Document, Strips, Table};
use super::text::Setter;
use super::{BAR, GRADES, GREY, INK, MARGIN, Mark, RULE, SHADE};

const TITLE: f32 = 18.0;
const HEADING: f32 = 13.0;
const BODY: f32 = 10.5;
const SMALL: f32 = 8.5;
/// Of a line, in parts of its size.
const LEADING: f32 = 1.6;
const PAD: f32 = 3.5;
const BAR_HEIGHT: f32 = 15.0;
const MOST_BARS: usize = 40;

pub(super) struct Flow<'s> {
    setter: &'s Setter<'s>,
    size: (f32, f32),
    pages: Vec<Vec<Mark>>,
    y: f32,
}

impl<'s> Flow<'s> {
    pub fn new(setter: &'s Setter<'s>, size: (f32, f32)) -> Self {
        Self { setter, size, pages: vec![Vec::new()], y: MARGIN }
    }

    pub fn document(&mut self, document: &Document) {
        for line in self.setter.lines(&document.title, TITLE, self.width()) {
            let x = (self.size.0 - self.setter.width(&line) * TITLE) / 2.0;
            self.line(x, &line, TITLE, true, INK);
        }
        if !document.note.is_empty() {
            for line in self.setter.lines(&document.note, SMALL, self.width()) {
                let x = (self.size.0 - self.setter.width(&line) * SMALL) / 2.0;
                self.line(x, &line, SMALL, false, GREY);
            }
        }
        self.y += BODY * 0.6;
        for block in &document.blocks {
            self.block(block);
        }
    }

    /// The pages, each with its foot.
    pub fn finish(mut self, title: &str) -> Vec<Vec<Mark>> {
        let count = self.pages.len();
        let y = self.size.1 - MARGIN * 0.55;
        let title = self.setter.lines(title, SMALL, self.width() * 0.7).into_iter().next().unwrap_or_default();
        for (at, page) in self.pages.iter_mut().enumerate() {
            let number = format!("第 {} 页，共 {count} 页", at + 1);
            let x = self.size.0 - MARGIN - self.setter.width(&number) * SMALL;
            page.push(Mark::Text { x: MARGIN, y, size: SMALL, color: GREY, is_bold: false, text: title.clone() });
            page.push(Mark::Text { x, y, size: SMALL, color: GREY, is_bold: false, text: number });
        }
        self.pages
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading(text) => self.heading(text),
            Block::Text(text) => self.paragraph(MARGIN, text, BODY, INK),
            Block::Note(text) => self.paragraph(MARGIN, text, SMALL, GREY),
            Block::Pairs(pairs) => self.pairs(pairs),
            Block::List(items) => {
                for item in items {
                    self.need(BODY * LEADING);
                    let y = self.y + BODY * 1.15;
                    self.mark(Mark::Text { x: MARGIN, y, size: BODY, color: INK, is_bold: false, text: "·".to_owned() });
                    self.paragraph(MARGIN + BODY, item, BODY, INK);
                }
            }
            Block::Blank(lines) => {
                for _ in 0..*lines {
                    self.need(BODY * 2.4);
                    self.y += BODY * 2.2;
                    self.rule(self.y, RULE);
                }
                self.y += BODY;
            }
            Block::Table(table) if !table.is_sheet_only => self.table(table),
            Block::Table(_) => {}
            Block::Strips(strips) => self.strips(strips),
        }
    }

    fn heading(&mut self, text: &str) {
        // Not alone at the foot of a page.
        self.need(HEADING * LEADING + 4.0 * BODY * LEADING);
        self.y += HEADING * 0.5;
        for line in self.setter.lines(text, HEADING, self.width()) {
            self.line(MARGIN, &line, HEADING, true, INK);
        }
        self.y += 2.0;
    }

    fn paragraph(&mut self, x: f32, text: &str, size: f32, color: super::Color) {
        for line in self.setter.lines(text, size, self.size.0 - MARGIN - x) {
            self.line(x, &line, size, false, color);
        }
        self.y += size * 0.25;
    }

    fn pairs(&mut self, pairs: &[(String, String)]) {
        let widest = pairs.iter().map(|(label, _)| self.setter.width(label) * BODY).fold(0.0, f32::max).min(self.width() * 0.4) + BODY;
        for (label, said) in pairs {
            self.need(BODY * LEADING);
            let y = self.y + BODY * 1.15;
            self.mark(Mark::Text { x: MARGIN, y, size: BODY, color: GREY, is_bold: false, text: label.clone() });
            self.paragraph(MARGIN + widest, said, BODY, INK);
        }
        self.y += BODY * 0.3;
    }

    fn table(&mut self, table: &Table) {
        if !table.title.is_empty() {
            self.heading(&table.title);
        }
        let total: f32 = table.columns.iter().map(|column| column.weight.max(0.1)).sum();
        let widths: Vec<f32> = table.columns.iter().map(|column| column.weight.max(0.1) / total * self.width()).collect();
        let size = if table.columns.len() > 7 { SMALL } else { SMALL + 0.5 };
        let head: Vec<Cell> = table.columns.iter().map(|column| Cell::text(column.title.clone())).collect();
        // Numbers stand at the end, and so does what they are called.
        let is_number = |at: usize| matches!(table.rows.first().and_then(|row| row.get(at)), Some(Cell::Number(..)));
        let columns: Vec<(f32, bool)> = widths.into_iter().enumerate().map(|(at, width)| (width, is_number(at))).collect();
        self.row(&head, &columns, size, true, None);
        for (at, row) in table.rows.iter().enumerate() {
            let is_total = table.has_total && at + 1 == table.rows.len();
            self.row(row, &columns, size, is_total, Some(&head));
        }
        self.y += BODY * 0.6;
        if let Some(column) = table.chart {
            self.bars(table, column);
        }
    }

    /// A row; one that is higher than what is left of the page goes on, on the next.
    fn row(&mut self, cells: &[Cell], columns: &[(f32, bool)], size: f32, is_bold: bool, head: Option<&[Cell]>) {
        let line = size * 1.4;
        let set = |(cell, (width, _)): (&Cell, &(f32, bool))| self.setter.lines(&cell.said(), size, (width - 2.0 * PAD).max(size));
        let texts: Vec<Vec<String>> = cells.iter().zip(columns).map(set).collect();
        let mut left = texts.iter().map(Vec::len).max().unwrap_or(1).max(1);
        let mut done = 0;
        while left > 0 {
            let mut room = ((self.bottom() - self.y - 2.0 * PAD) / line).floor().max(0.0) as usize;
            if room < left.min(3) {
                self.turn();
                if let Some(head) = head {
                    self.row(head, columns, size, true, None);
                }
                room = (((self.bottom() - self.y - 2.0 * PAD) / line).floor() as usize).max(1);
            }
            let now = left.min(room);
            let height = now as f32 * line + 2.0 * PAD;
            if head.is_none() {
                self.mark(Mark::Field { at: (MARGIN, self.y), size: (self.width(), height), color: SHADE });
            }
            let mut x = MARGIN;
            for (lines, (width, is_number)) in texts.iter().zip(columns) {
                for (at, text) in lines.iter().skip(done).take(now).enumerate() {
                    let y = self.y + PAD + at as f32 * line + size * 1.05;
                    let x = if *is_number { x + width - PAD - self.setter.width(text) * size } else { x + PAD };
                    self.mark(Mark::Text { x, y, size, color: INK, is_bold, text: text.clone() });
                }
                x += width;
            }
            self.rule(self.y, RULE);
            self.y += height;
            self.rule(self.y, RULE);
            (done, left) = (done + now, left - now);
        }
    }

    fn bars(&mut self, table: &Table, column: usize) {
        let rows = if table.has_total { &table.rows[..table.rows.len().saturating_sub(1)] } else { &table.rows[..] };
        let number = |row: &Vec<Cell>| if let Some(Cell::Number(number, _)) = row.get(column) { *number } else { 0.0 };
        let most = rows.iter().map(number).fold(0.0, f64::max);
        if most <= 0.0 {
            return;
        }
        self.need(BAR_HEIGHT * 3.0);
        let title = table.columns.get(column).map(|column| column.title.clone()).unwrap_or_default();
        self.line(MARGIN, &title, SMALL, true, GREY);
        let (label_width, value_width) = (self.width() * 0.24, 70.0);
        for row in rows.iter().take(MOST_BARS) {
            self.need(BAR_HEIGHT);
            let y = self.y + SMALL * 1.2;
            let label = row.first().map(Cell::said).unwrap_or_default();
            let label = self.setter.lines(&label, SMALL, label_width).into_iter().next().unwrap_or_default();
            let length = (number(row) / most) as f32 * (self.width() - label_width - value_width);
            self.mark(Mark::Text { x: MARGIN, y, size: SMALL, color: INK, is_bold: false, text: label });
            self.mark(Mark::Field { at: (MARGIN + label_width, self.y + 2.0), size: (length.max(0.5), BAR_HEIGHT - 5.0), color: BAR });
            let said = row.get(column).map(Cell::said).unwrap_or_default();
            self.mark(Mark::Text { x: MARGIN + label_width + length + 4.0, y, size: SMALL, color: INK, is_bold: false, text: said });
            self.y += BAR_HEIGHT;
        }
        self.y += BODY * 0.6;
    }

    fn strips(&mut self, strips: &Strips) {
        let label_width = self.width() * 0.24;
        let whole = self.width() - label_width;
        for (label, fields) in &strips.rows {
            self.need(BAR_HEIGHT);
            let label = self.setter.lines(label, SMALL, label_width - PAD).into_iter().next().unwrap_or_default();
            self.mark(Mark::Text { x: MARGIN, y: self.y + SMALL * 1.2, size: SMALL, color: INK, is_bold: false, text: label });
            let wide = whole / fields.len().max(1) as f32;
            for (at, grade) in fields.iter().enumerate() {
                let color = GRADES[usize::from(*grade).min(GRADES.len() - 1)];
                let at = (MARGIN + label_width + at as f32 * wide, self.y + 2.0);
                self.mark(Mark::Field { at, size: (wide * 1.01, BAR_HEIGHT - 5.0), color });
            }
            self.y += BAR_HEIGHT;
        }
        self.need(BODY * LEADING);
        let y = self.y + SMALL;
        let x = self.size.0 - MARGIN - self.setter.width(&strips.to) * SMALL;
        self.mark(Mark::Text { x: MARGIN + label_width, y, size: SMALL, color: GREY, is_bold: false, text: strips.from.clone() });
        self.mark(Mark::Text { x, y, size: SMALL, color: GREY, is_bold: false, text: strips.to.clone() });
        self.y += BODY * LEADING;
    }

    fn line(&mut self, x: f32, text: &str, size: f32, is_bold: bool, color: super::Color) {
        self.need(size * LEADING);
        let y = self.y + size * 1.15;
        self.mark(Mark::Text { x, y, size, color, is_bold, text: text.to_owned() });
        self.y += size * LEADING;
    }

    fn rule(&mut self, y: f32, color: super::Color) {
        let to = (self.size.0 - MARGIN, y);
        self.mark(Mark::Line { from: (MARGIN, y), to, color });
    }

    fn mark(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.push(mark);
        }
    }

    fn need(&mut self, height: f32) {
        if self.y + height > self.bottom() && self.y > MARGIN {
            self.turn();
        }
    }

    fn turn(&mut self) {
        self.pages.push(Vec::new());
        self.y = MARGIN;
    }

    fn width(&self) -> f32 {
        self.size.0 - 2.0 * MARGIN
    }

    fn bottom(&self) -> f32 {
        self.size.1 - MARGIN
    }
}
