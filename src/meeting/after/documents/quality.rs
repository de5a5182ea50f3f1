//! How the lines were, and whom to phone.

use super::{clock, note};
use crate::base::{UtcMs, Zone};
use crate::document::{Block, Cell, Column, Document, Strips, Table};
use crate::meeting::after::Held;
use crate::meeting::after::lines::MINUTE_MS;
use crate::meeting::after::quality::{Grade, QualityReport, Trouble, TroubleKind, VenueQuality};

/// Fields of a strip; a longer meeting has several minutes in one.
const FIELDS: i64 = 240;

pub fn quality(held: &Held, report: &QualityReport, zone: &Zone) -> Document {
    let mut blocks = Vec::new();
    let (Some(from), Some(to)) = (report.from, report.to) else {
        blocks.push(Block::Text("没有线路记录：会议没有召开，或没有会场入会。".to_owned()));
        return paper(held, zone, blocks);
    };
    let bad: Vec<&VenueQuality> = report.venues.iter().filter(|venue| !venue.troubles.is_empty()).collect();
    blocks.push(Block::Heading("需要联系的会场".to_owned()));
    if bad.is_empty() {
        blocks.push(Block::Text("所有会场的线路都正常。".to_owned()));
    }
    for venue in bad {
        let said: Vec<String> = venue.troubles.iter().map(|trouble| sentence(trouble, zone)).collect();
        blocks.push(Block::List(vec![format!("{}:{}。{}", venue.title, said.join(";"), phone(venue))]));
    }
    blocks.push(Block::Heading("线路质量时间条".to_owned()));
    blocks.push(Block::Note("每格为一分钟或数分钟：绿为好，黄为一般，红为差，灰为不在会。".to_owned()));
    blocks.push(Block::Strips(strips(report, from, to, zone)));
    blocks.push(Block::Table(table(report)));
    blocks.push(Block::Table(minutes(report, zone)));
    paper(held, zone, blocks)
}

fn paper(held: &Held, zone: &Zone, blocks: Vec<Block>) -> Document {
    Document { title: format!("{}线路质量", held.meeting.title), note: note(held, zone), is_wide: true, blocks }
}

/// `网络在 09:12–09:17 丢包 8 %`
fn sentence(trouble: &Trouble, zone: &Zone) -> String {
    let when = format!("{}–{}", clock(zone, trouble.from), clock(zone, trouble.to));
    let figure = trouble.figure;
    match trouble.kind {
        TroubleKind::Away if figure >= 1.0 => format!("网络在 {when} 断开过，共 {figure:.0} 秒"),
        TroubleKind::Away => format!("网络在 {when} 断开过，随即重新入会"),
        TroubleKind::Loss => format!("网络在 {when} 丢包 {figure:.1} %"),
        TroubleKind::Thin => format!("网络在 {when} 带宽不足 100 kb/s（最低 {figure:.0} kb/s）"),
        TroubleKind::Paused => format!("画面在 {when} 因带宽不足暂停，共 {figure:.0} 秒"),
        TroubleKind::Delay => format!("网络在 {when} 往返时延 {figure:.0} 毫秒"),
    }
}

fn phone(venue: &VenueQuality) -> String {
    match (&venue.contact_name, &venue.contact_phone) {
        (Some(name), Some(phone)) => format!("建议联系 {name}，电话 {phone}"),
        (Some(name), None) => format!("建议联系 {name}（未登记电话）"),
        (None, Some(phone)) => format!("建议拨打电话 {phone}"),
        (None, None) => "该会场没有登记联系人".to_owned(),
    }
}

fn strips(report: &QualityReport, from: UtcMs, to: UtcMs, zone: &Zone) -> Strips {
    let all = ((to - from) / MINUTE_MS).max(1);
    let per_field = (all + FIELDS - 1) / FIELDS;
    let row = |venue: &VenueQuality| {
        let mut fields = vec![0u8; ((all + per_field - 1) / per_field) as usize];
        for minute in &venue.minutes {
            let grade = match minute.grade {
                Grade::Good => 1,
                Grade::Fair => 2,
                Grade::Poor => 3,
            };
            // Of several minutes the worst is seen.
            if let Some(field) = fields.get_mut(((minute.at - from) / MINUTE_MS / per_field) as usize) {
                *field = (*field).max(grade);
            }
        }
        (venue.title.clone(), fields)
    };
    Strips { from: clock(zone, from), to: clock(zone, to), rows: report.venues.iter().map(row).collect() }
}

fn grade(grade: Grade) -> &'static str {
    match grade {
        Grade::Good => "好",
        Grade::Fair => "一般",
        Grade::Poor => "差",
    }
}

fn table(report: &QualityReport) -> Table {
    let columns = [
        ("会场", 4.0),
        ("评价", 1.4),
        ("在会分钟", 1.6),
        ("上行 kb/s", 1.8),
        ("下行 kb/s", 1.8),
        ("上行丢包 %", 1.8),
        ("下行丢包 %", 1.8),
        ("时延 ms", 1.6),
        ("画面暂停 秒", 1.8),
        ("低于100k 秒", 1.9),
        ("断线 秒", 1.5),
        ("重连 次", 1.5),
        ("联系人", 2.2),
        ("电话", 2.8),
    ];
    let row = |venue: &VenueQuality| {
        let known = |text: &Option<String>| text.clone().map_or(Cell::Empty, Cell::Text);
        vec![
            Cell::text(venue.title.clone()),
            Cell::text(grade(venue.grade)),
            Cell::whole(venue.seconds / 60),
            Cell::whole(venue.up_kbps),
            Cell::whole(venue.down_kbps),
            Cell::Number(venue.up_loss_percent, 1),
            Cell::Number(venue.down_loss_percent, 1),
            Cell::whole(venue.rtt_ms),
            Cell::whole(venue.paused_seconds),
            Cell::whole(venue.thin_seconds),
            Cell::whole(venue.away_seconds),
            Cell::whole(venue.comebacks),
            known(&venue.contact_name),
            known(&venue.contact_phone),
        ]
    };
    Table {
        title: "各会场线路".to_owned(),
        columns: columns.map(|(title, weight)| Column::new(title, weight)).into(),
        rows: report.venues.iter().map(row).collect(),
        ..Table::default()
    }
}

fn minutes(report: &QualityReport, zone: &Zone) -> Table {
    let columns = ["会场", "时间", "评价", "上行 kb/s", "下行 kb/s", "最低估计 kb/s", "丢包 %", "时延 ms"];
    let of = |venue: &VenueQuality| -> Vec<Vec<Cell>> {
        let row = |minute: &crate::meeting::after::quality::MinuteQuality| {
            vec![
                Cell::text(venue.title.clone()),
                Cell::Moment(super::civil(zone, minute.at)),
                Cell::text(grade(minute.grade)),
                Cell::whole(minute.up_kbps),
                Cell::whole(minute.down_kbps),
                Cell::whole(minute.least_kbps),
                Cell::Number(minute.loss_percent, 1),
                Cell::whole(minute.rtt_ms),
            ]
        };
        venue.minutes.iter().map(row).collect()
    };
    Table {
        title: "逐分钟".to_owned(),
        columns: columns.map(|title| Column::new(title, 1.0)).into(),
        rows: report.venues.iter().flat_map(of).collect(),
        is_sheet_only: true,
        ..Table::default()
    }
}
