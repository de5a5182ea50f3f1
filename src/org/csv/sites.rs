//! The table of sites.

use std::collections::HashMap;

use super::super::sites::MEDIA_SHARE_PERCENT;
use super::super::{Caller, Directory, OrgError, Role, Site, text};
use super::places::{Places, path};
use super::plan::Plan;
use super::sheet::{Column, Row, Sheet, write as write_sheet};
use super::{LineError, exists};
use crate::base::{SiteId, UnitId, UtcMs};

pub(super) const COLUMNS: [Column; 8] = [
    Column { key: "id", zh: "编号", required: false },
    Column { key: "unit", zh: "单位", required: true },
    Column { key: "title", zh: "名称", required: true },
    Column { key: "capacity_kbps", zh: "线路带宽kbps", required: false },
    Column { key: "media_share_percent", zh: "媒体占比", required: false },
    Column { key: "highest_rung", zh: "最高清晰度", required: false },
    Column { key: "contact_name", zh: "联系人", required: false },
    Column { key: "contact_phone", zh: "联系电话", required: false },
];

pub(super) fn write(directory: &Directory) -> String {
    let row = |site: &Site| {
        let capacity = site.capacity_kbps.map_or(String::new(), |kbps| kbps.to_string());
        let rung = site.highest_rung.clone().unwrap_or_default();
        let (name, phone) = (site.contact_name.clone().unwrap_or_default(), site.contact_phone.clone().unwrap_or_default());
        vec![site.id.to_string(), path(directory, &site.unit), site.title.clone(), capacity, site.media_share_percent.to_string(), rung, name, phone]
    };
    write_sheet(&COLUMNS, directory.sites.iter().map(row))
}

pub(super) fn plan(caller: &Caller, directory: &Directory, sheet: &Sheet, now: UtcMs) -> Plan<Site> {
    let mut plan = Plan::new();
    let places = Places::of(&directory.units);
    let titled: HashMap<(&UnitId, &str), &Site> = directory.sites.iter().map(|site| ((&site.unit, site.title.as_str()), site)).collect();
    let by_id: HashMap<&SiteId, &Site> = directory.sites.iter().map(|site| (&site.id, site)).collect();
    let mut all: HashMap<SiteId, Site> = directory.sites.iter().map(|site| (site.id.clone(), site.clone())).collect();
    let mut lines: HashMap<SiteId, u64> = HashMap::new();
    let mut one = |row: &Row| -> Result<(Option<Site>, Site), OrgError> {
        let unit = places.resolve(row.filled("unit").unwrap_or("/")).map_err(|message| OrgError::invalid("unit", message))?;
        let title = text::title("title", row.filled("title").unwrap_or(""))?;
        let id = row.filled("id").map(text::id).transpose()?.map(SiteId::from);
        let known = match &id {
            Some(id) => by_id.get(id).copied(),
            None => titled.get(&(&unit, title.as_str())).copied(),
        };
        let made = || Site {
            id: id.clone().unwrap_or_else(SiteId::random),
            unit: unit.clone(),
            title: String::new(),
            capacity_kbps: None,
            media_share_percent: MEDIA_SHARE_PERCENT,
            highest_rung: None,
            contact_name: None,
            contact_phone: None,
            created: now,
        };
        let mut after = known.cloned().unwrap_or_else(made);
        if let Some(line) = lines.insert(after.id.clone(), row.line) {
            return Err(OrgError::invalid("id", format!("与第 {line} 行是同一会场 / the same site as in line {line}")));
        }
        (after.unit, after.title) = (unit, title);
        if let Some(capacity) = row.get("capacity_kbps") {
            after.capacity_kbps = number("capacity_kbps", capacity)?.map(text::capacity).transpose()?;
        }
        if let Some(share) = number("media_share_percent", row.filled("media_share_percent").unwrap_or("").trim_end_matches(['%', '%']))? {
            after.media_share_percent = text::share(share)?;
        }
        if let Some(rung) = row.get("highest_rung") {
            after.highest_rung = Some(rung).filter(|rung| !rung.is_empty()).map(text::rung).transpose()?;
        }
        if let Some(name) = row.get("contact_name") {
            after.contact_name = text::contact("contact_name", name)?;
        }
        if let Some(phone) = row.get("contact_phone") {
            after.contact_phone = text::contact("contact_phone", phone)?;
        }
        if known != Some(&after) {
            known.map_or(Ok(()), |before| caller.require(Role::Administrator, &before.unit))?;
            caller.require(Role::Administrator, &after.unit)?;
        }
        all.insert(after.id.clone(), after.clone());
        Ok((known.cloned(), after))
    };
    for row in &sheet.rows {
        match one(row) {
            Ok((before, after)) => plan.take(row.line, before, after),
            Err(error) => plan.errors.push(LineError::new(row.line, error.to_string())),
        }
    }
    plan.refuse_doubles(all.values(), |site| Some((site.unit.clone(), site.title.clone())), |site| exists("site", &site.title));
    plan
}

fn number(field: &'static str, text: &str) -> Result<Option<i64>, OrgError> {
    match text.trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| OrgError::invalid(field, format!("“{text}”不是整数 / {field}: `{text}` is not a whole number"))),
    }
}
