//! The table of number segments.

use std::collections::HashMap;

use super::super::numbers::{cooling, range, require_change, require_to_hand_down, reserved};
use super::super::{Caller, Directory, Org, OrgError, Record, text};
use super::places::{Places, path};
use super::plan::Plan;
use super::sheet::{Column, Row, Sheet, write as write_sheet};
use super::{ERRORS_SHOWN, ImportReport, LineError};
use crate::base::{NumberSegmentId, UtcMs};
use crate::numbering::{COOLING_DAYS, Plan as Numbers, Range, Segment};

pub(super) const COLUMNS: [Column; 7] = [
    Column { key: "id", zh: "编号", required: false },
    Column { key: "parent", zh: "上级号段", required: false },
    Column { key: "range", zh: "号段", required: true },
    Column { key: "unit", zh: "单位", required: true },
    Column { key: "title", zh: "名称", required: false },
    Column { key: "reserved", zh: "保留", required: false },
    Column { key: "cooling_days", zh: "冷却天数", required: false },
];

pub(super) fn write(directory: &Directory) -> String {
    let plan = &directory.numbers;
    let row = |segment: &Segment| {
        let parent = segment.parent.as_ref().and_then(|id| plan.segment(id));
        // By its range, as people would; by its id where two have the same.
        let parent = parent.map_or(String::new(), |parent| match ranged(plan, &parent.range).len() {
            1 => parent.range.to_string(),
            _ => parent.id.to_string(),
        });
        let kept = segment.reserved.iter().map(Range::to_string).collect::<Vec<_>>().join(" ");
        let cooling = segment.cooling_days.to_string();
        vec![segment.id.to_string(), parent, segment.range.to_string(), path(directory, &segment.unit), segment.title.clone(), kept, cooling]
    };
    write_sheet(&COLUMNS, plan.segments().into_iter().map(row))
}

fn ranged<'a>(plan: &'a Numbers, range: &Range) -> Vec<&'a Segment> {
    plan.segments().into_iter().filter(|segment| segment.range == *range).collect()
}

pub(super) fn plan(caller: &Caller, directory: &Directory, sheet: &Sheet, now: UtcMs) -> Plan<Segment> {
    let mut plan = Plan::new();
    let places = Places::of(&directory.units);
    let mut rows: Vec<(&Row, Range)> = vec![];
    for row in &sheet.rows {
        match range("range", row.filled("range").unwrap_or("")) {
            Ok(range) => rows.push((row, range)),
            Err(error) => plan.errors.push(LineError::new(row.line, error.to_string())),
        }
    }
    // A segment may stand below its parts: the largest first.
    rows.sort_by_key(|(_, range)| std::cmp::Reverse(range.size()));
    let mut work = Work { caller, directory, places, numbers: directory.numbers.clone(), lines: HashMap::new(), now };
    for (row, range) in rows {
        match work.row(row, range) {
            Ok((before, after)) => plan.take(row.line, before, after),
            Err(error) => plan.errors.push(LineError::new(row.line, error.to_string())),
        }
    }
    plan
}

/// The plan as it would be after the rows so far.
struct Work<'a> {
    caller: &'a Caller,
    directory: &'a Directory,
    places: Places,
    numbers: Numbers,
    lines: HashMap<NumberSegmentId, u64>,
    now: UtcMs,
}

impl Work<'_> {
    fn row(&mut self, row: &Row, range: Range) -> Result<(Option<Segment>, Segment), OrgError> {
        let unit = self.places.resolve(row.filled("unit").unwrap_or("/")).map_err(|message| OrgError::invalid("unit", message))?;
        let id = row.filled("id").map(text::id).transpose()?.map(NumberSegmentId::from);
        let known = match &id {
            Some(id) => self.directory.numbers.segment(id),
            None => ranged(&self.directory.numbers, &range).into_iter().find(|segment| segment.unit == unit),
        };
        let parent = match (row.filled("parent"), known) {
            (Some(text), _) => Some(self.named(text)?),
            (None, Some(known)) => known.parent.clone(),
            (None, None) => self.around(&range),
        };
        let made = || Segment {
            id: id.clone().unwrap_or_else(NumberSegmentId::random),
            parent: None,
            unit: unit.clone(),
            title: String::new(),
            range,
            reserved: vec![],
            cooling_days: COOLING_DAYS,
            created: self.now,
        };
        let mut after = known.cloned().unwrap_or_else(made);
        if let Some(line) = self.lines.insert(after.id.clone(), row.line) {
            return Err(OrgError::invalid("id", format!("与第 {line} 行是同一号段 / the same segment as in line {line}")));
        }
        (after.unit, after.range, after.parent) = (unit, range, parent);
        if let Some(title) = row.get("title") {
            after.title = text::free_text("title", title)?;
        }
        if let Some(text) = row.get("reserved") {
            let ranges: Vec<&str> = text.split([' ', ',', ';', '\n', '\u{FF0C}', '\u{FF1B}', '\u{3001}']).filter(|part| !part.is_empty()).collect();
            after.reserved = reserved(&ranges)?;
        }
        if let Some(days) = row.filled("cooling_days") {
            let wrong = |_| OrgError::invalid("cooling_days", format!("“{days}”不是整数 / cooling_days: `{days}` is not a whole number"));
            after.cooling_days = cooling(days.parse().map_err(wrong)?)?;
        }
        match known {
            Some(known) if *known == after => {}
            Some(known) => require_change(self.caller, &self.numbers, known, &after)?,
            None => require_to_hand_down(self.caller, &self.numbers, after.parent.as_ref())?,
        }
        if known != Some(&after) {
            self.numbers.judge_segment(&after, self.directory, self.now)?;
            self.numbers.take_segment(after.clone());
        }
        Ok((known.cloned(), after))
    }

    /// The segment that a cell names by its id or its range.
    fn named(&self, text: &str) -> Result<NumberSegmentId, OrgError> {
        let id = NumberSegmentId::from(text);
        if self.numbers.segment(&id).is_some() {
            return Ok(id);
        }
        let wrong = || OrgError::invalid("parent", format!("没有号段“{text}” / there is no segment `{text}`"));
        match ranged(&self.numbers, &text.parse().map_err(|_| wrong())?)[..] {
            [one] => Ok(one.id.clone()),
            [] => Err(wrong()),
            _ => Err(OrgError::invalid("parent", format!("有几个号段 {text},请写编号 / there are several segments {text}, write the id"))),
        }
    }

    /// The smallest segment that a new one would lie in.
    fn around(&self, range: &Range) -> Option<NumberSegmentId> {
        let around = self.numbers.segments().into_iter().filter(|segment| segment.range.covers(range));
        // From the tops down: of two of one size the last is the inner one.
        around.reduce(|best, segment| if segment.range.size() <= best.range.size() { segment } else { best }).map(|segment| segment.id.clone())
    }
}

impl Org {
    pub(super) async fn import_number_segments(&self, caller: &Caller, file: &[u8], dry_run: bool) -> Result<ImportReport, OrgError> {
        let mut turn = self.turn(caller).await?;
        let plan = match Sheet::read(file, &COLUMNS) {
            Ok(sheet) => plan(&turn.caller, &turn.directory, &sheet, turn.now),
            Err(error) => Plan::failed(error),
        };
        let mut report = plan.report(dry_run);
        if report.applied {
            for planned in &plan.rows {
                let (id, after) = (&planned.after.id, &planned.after);
                match &planned.before {
                    None => {
                        turn.change.insert_number_segment(after).await?;
                        turn.audit(Record::new("number_segment.create", id).on(&after.unit).after(after)).await?;
                    }
                    Some(before) => {
                        turn.change.update_number_segment(after).await?;
                        turn.audit(Record::new("number_segment.update", id).on(&after.unit).before(before).after(after)).await?;
                    }
                }
            }
            turn.finish().await?;
        }
        report.errors.truncate(ERRORS_SHOWN);
        Ok(report)
    }
}
