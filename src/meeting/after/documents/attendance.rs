//! The list of attendance.

use super::{civil, clock, note};
use crate::base::Zone;
use crate::document::{Block, Cell, Column, Document, Table};
use crate::meeting::after::Held;
use crate::meeting::after::text::{counted, mark};
use crate::minutes::Attended;

const COLUMNS: [(&str, f32); 10] = [
    ("序号", 1.2),
    ("单位", 4.0),
    ("会场", 4.0),
    ("点名", 2.2),
    ("应答时间", 2.2),
    ("入会", 2.6),
    ("离会", 2.6),
    ("在会分钟", 1.8),
    ("人数", 1.4),
    ("人数来源", 2.4),
];

pub fn attendance(held: &Held, zone: &Zone) -> Document {
    let attendance = held.attendance();
    let rows = attendance.items.iter().enumerate().map(|(at, line)| row(at, line, zone)).collect();
    let columns = COLUMNS.map(|(title, weight)| Column::new(title, weight)).into();
    let pairs = [
        ("应到会场", format!("{} 个", attendance.expected)),
        ("实到会场", format!("{} 个", attendance.attended)),
        ("点名", format!("到 {}、迟到 {}、缺席 {}", attendance.present, attendance.late, attendance.absent)),
        ("人数", format!("{} 人", attendance.people)),
        ("其中", format!("会上填报 {}，按回复 {}，未报人数的会场按 1 人计 {}", attendance.people_typed, attendance.people_replied, attendance.people_assumed)),
    ];
    Document {
        title: format!("{}出席情况", held.meeting.title),
        note: note(held, zone),
        is_wide: true,
        blocks: vec![
            Block::Pairs(pairs.map(|(label, said)| (label.to_owned(), said)).into()),
            Block::Table(Table { title: "出席情况".to_owned(), columns, rows, ..Table::default() }),
            Block::Table(stays(held, &attendance.items, zone)),
        ],
    }
}

fn row(at: usize, line: &Attended, zone: &Zone) -> Vec<Cell> {
    let title = if line.is_main { format!("{}（主会场）", line.title) } else { line.title.clone() };
    let title = if line.is_expected { title } else { format!("{title}（临时）") };
    let time = |at: Option<crate::base::UtcMs>| at.map_or(Cell::Empty, |at| Cell::text(clock(zone, at)));
    let went = line.stays.last().map(|stay| stay.went.map_or(Cell::text("在会"), |went| Cell::text(clock(zone, went))));
    vec![
        Cell::whole(at as u64 + 1),
        Cell::text(line.unit.clone()),
        Cell::text(title),
        Cell::text(mark(line)),
        time(line.marked_at),
        time(line.stays.first().map(|stay| stay.came)),
        went.unwrap_or(Cell::Empty),
        Cell::whole((line.milliseconds / 60_000) as u64),
        line.counted.map_or(Cell::Empty, |_| Cell::whole(line.headcount.unwrap_or(1))),
        Cell::text(counted(line.counted)),
    ]
}

/// Every coming and going; on paper it would only be long.
fn stays(held: &Held, lines: &[Attended], zone: &Zone) -> Table {
    let of = |line: &Attended| -> Vec<Vec<Cell>> {
        let stay = |stay: &crate::minutes::Stayed| {
            let went = stay.went.map_or(Cell::Empty, |went| Cell::Moment(civil(zone, went)));
            let minutes = (stay.went.unwrap_or(held.now) - stay.came).max(0) / 60_000;
            vec![Cell::text(line.title.clone()), Cell::Moment(civil(zone, stay.came)), went, Cell::whole(minutes as u64)]
        };
        line.stays.iter().map(stay).collect()
    };
    let columns = [("会场", 4.0), ("入会", 2.0), ("离会", 2.0), ("分钟", 1.0)].map(|(title, weight)| Column::new(title, weight)).into();
    Table { title: "进出记录".to_owned(), columns, rows: lines.iter().flat_map(of).collect(), is_sheet_only: true, ..Table::default() }
}
