//! The sheet for the finance office, with the rule and all numbers by which it can be checked.

use super::civil;
use crate::base::Zone;
use crate::document::{Block, Cell, Column, Document, Table};
use crate::meeting::after::savings::{SavedJourney, SavingsSheet, Sum};
use crate::store::after::CountedBy;

/// Rows of a sheet that Excel still opens at once.
const MOST_ROWS: usize = 100_000;

pub fn savings(sheet: &SavingsSheet, zone: &Zone) -> Document {
    let total = &sheet.total;
    let yuan = |yuan: u64| Cell::whole(yuan).said();
    let pairs = [
        ("会议", format!("{} 次", total.meetings)),
        ("参会", format!("{} 个会场次，{} 人次", total.venues, yuan(total.people))),
        ("节省出行", format!("{} 人次", yuan(total.journeys))),
        ("节约差旅支出", format!("{} 元", yuan(total.yuan))),
        ("人数来源", format!("会上填报 {}，按回复 {}，未报人数的会场按 1 人计 {}", sheet.typed, sheet.replied, sheet.assumed)),
    ];
    let rest = total.journeys + sheet.local + sheet.free;
    let rule = [
        "一、只计本单位及下级会场实际参会的人次，不论会议由谁召开；来宾不计。".to_owned(),
        "二、会场与主会场不在同一地区的，视为节省一次出行；部门和机构按其所在地区计。".to_owned(),
        format!("三、每人次标准：{}。", rates(sheet)),
        format!(
            "四、核对：{} 人次 = 节省出行 {} + 与主会场同地 {} + 标准为 0 元 {}{}。",
            total.people,
            total.journeys,
            sheet.local,
            sheet.free,
            if rest == total.people { "" } else { "（不符，请联系管理员）" }
        ),
        "五、金额 = 各级别人次 × 每人次标准之和，见“按标准”表；每次会议每个会场的人次见电子表格中的“明细”。".to_owned(),
    ];
    let detail = sheet.journeys.len();
    let mut blocks = vec![Block::Pairs(pairs.map(|(label, said)| (label.to_owned(), said)).into()), Block::Heading("计算规则".to_owned())];
    blocks.extend(rule.map(Block::Text));
    if detail > MOST_ROWS {
        blocks.push(Block::Note(format!("明细共 {detail} 行，表中为前 {MOST_ROWS} 行。")));
    }
    blocks.push(Block::Table(by_rate(sheet)));
    blocks.push(Block::Table(sums("按月", "月份", sheet.months.iter().map(|of| (format!("{} 月", of.month), of.sum)), Some(*total))));
    let regions = sheet.regions.iter().map(|of| (if of.is_own { format!("{}（本级）", of.title) } else { of.title.clone() }, of.sum));
    blocks.push(Block::Table(sums("按地区", "地区", regions, Some(*total))));
    blocks.push(Block::Table(sums("按年", "年份", sheet.years.iter().map(|of| (format!("{} 年", of.year), of.sum)), None)));
    blocks.push(Block::Table(details(sheet, zone)));
    Document {
        title: format!("{} {} 年视频会议节约差旅支出统计", sheet.title, sheet.year),
        note: format!("{} 制表", super::moment(zone, sheet.made)),
        is_wide: false,
        blocks,
    }
}

fn rates(sheet: &SavingsSheet) -> String {
    let rates = &sheet.rates;
    let levels = rates.levels.iter().map(|rate| format!("{} {} 元", rate.level, rate.yuan));
    let own = match rates.units.len() {
        0 => None,
        count => Some(format!("另有 {count} 个单位单独规定")),
    };
    let all: Vec<String> = levels.chain([format!("其他 {} 元", rates.yuan)]).chain(own).collect();
    all.join(",")
}

fn by_rate(sheet: &SavingsSheet) -> Table {
    let columns =
        [("级别", 2.0), ("节省出行人次", 2.0), ("每人次标准（元）", 2.0), ("金额（元）", 2.0)].map(|(title, weight)| Column::new(title, weight)).into();
    let mut rows: Vec<Vec<Cell>> = sheet
        .by_rate
        .iter()
        .map(|of| {
            let level = if of.level.is_empty() { "（未填级别）".to_owned() } else { of.level.clone() };
            vec![Cell::text(level), Cell::whole(of.journeys), Cell::whole(of.yuan_each), Cell::whole(of.yuan)]
        })
        .collect();
    rows.push(vec![Cell::text("合计"), Cell::whole(sheet.total.journeys), Cell::Empty, Cell::whole(sheet.total.yuan)]);
    Table { title: "按标准".to_owned(), columns, rows, has_total: true, ..Table::default() }
}

fn sums(title: &str, label: &str, of: impl Iterator<Item = (String, Sum)>, total: Option<Sum>) -> Table {
    let columns = [(label, 3.0), ("会议", 1.2), ("会场次", 1.4), ("参会人次", 1.6), ("节省出行人次", 2.0), ("金额（元）", 2.0)];
    let row = |(label, sum): (String, Sum)| {
        vec![Cell::text(label), Cell::whole(sum.meetings), Cell::whole(sum.venues), Cell::whole(sum.people), Cell::whole(sum.journeys), Cell::whole(sum.yuan)]
    };
    let mut rows: Vec<Vec<Cell>> = of.map(row).collect();
    rows.extend(total.map(|total| row(("合计".to_owned(), total))));
    Table {
        title: title.to_owned(),
        columns: columns.map(|(title, weight)| Column::new(title, weight)).into(),
        rows,
        has_total: total.is_some(),
        chart: Some(5),
        is_sheet_only: false,
    }
}

fn details(sheet: &SavingsSheet, zone: &Zone) -> Table {
    let columns = ["开始时间", "会议", "主会场", "会场", "单位", "人次", "人数来源", "是否节省出行", "每人次标准（元）", "金额（元）"];
    let row = |of: &SavedJourney| {
        let path = sheet.paths.iter().find(|(unit, _)| *unit == of.unit).map_or("", |(_, path)| path.as_str());
        let source = match of.counted {
            CountedBy::Typed => "会上填报",
            CountedBy::Reply => "按回复",
            CountedBy::One => "按 1 人计",
        };
        let saved = match (of.is_local, of.yuan_each) {
            (true, _) => "否，与主会场同地",
            (false, 0) => "否，标准为 0 元",
            (false, _) => "是",
        };
        vec![
            Cell::Moment(civil(zone, of.starts)),
            Cell::text(of.title.clone()),
            Cell::text(of.main_title.clone()),
            Cell::text(of.venue_title.clone()),
            Cell::text(path),
            Cell::whole(of.people),
            Cell::text(source),
            Cell::text(saved),
            Cell::whole(of.yuan_each),
            Cell::whole(of.yuan()),
        ]
    };
    Table {
        title: "明细".to_owned(),
        columns: columns.map(|title| Column::new(title, 1.0)).into(),
        rows: sheet.journeys.iter().take(MOST_ROWS).map(row).collect(),
        is_sheet_only: true,
        ..Table::default()
    }
}
