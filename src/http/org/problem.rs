//! The organisation's errors as problem details, in Chinese and English.

use axum::http::StatusCode;

use crate::http::Problem;
use crate::org::{Denied, NumberingError, OrgError};
use crate::store::StoreError;

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        let code = match &denied {
            Denied::SignIn => return Problem::unauthorized(),
            Denied::Role { .. } => "forbidden",
            Denied::PersonNeeded => "person_needed",
            Denied::HoldsRolesElsewhere { .. } => "holds_roles_elsewhere",
            Denied::MoreThanOwn { .. } => "more_than_own",
            Denied::OtherSite => "other_site",
        };
        Problem::new(StatusCode::FORBIDDEN, code, denied.to_string())
    }
}

impl From<OrgError> for Problem {
    fn from(error: OrgError) -> Self {
        let detail = error.to_string();
        match error {
            OrgError::Store(error) => store(error),
            OrgError::Denied(denied) => denied.into(),
            OrgError::Numbering(error) => numbering(error),
            OrgError::Invalid { .. } => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", detail),
            OrgError::Cycle => Problem::conflict("cycle", detail),
            OrgError::Root => Problem::conflict("root", detail),
            OrgError::LastAdministrator => Problem::conflict("last_administrator", detail),
            OrgError::WrongPassword => Problem::new(StatusCode::UNAUTHORIZED, "wrong_password", detail),
            OrgError::Locked { .. } => Problem::new(StatusCode::TOO_MANY_REQUESTS, "locked", detail),
            OrgError::TooManyAttempts { .. } => Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_attempts", detail),
            OrgError::BadToken => Problem::new(StatusCode::UNAUTHORIZED, "bad_token", detail),
            OrgError::Hash(_) | OrgError::Task(_) => Problem::internal(&detail),
        }
    }
}

fn numbering(error: NumberingError) -> Problem {
    let code = match &error {
        NumberingError::NoSegment { .. } | NumberingError::NotInUse { .. } => {
            let missing = if matches!(error, NumberingError::NoSegment { .. }) { "number segment" } else { "number" };
            return Problem { detail: error.to_string(), ..Problem::not_found(missing, "") };
        }
        NumberingError::Taken { .. } => "number_taken",
        NumberingError::Resting { .. } => "number_resting",
        NumberingError::HasNumber { .. } => "has_number",
        NumberingError::Exhausted { .. } | NumberingError::NoSegmentOf { .. } => "no_number_left",
        NumberingError::Overlap { .. } => "segments_overlap",
        NumberingError::HasParts { .. } | NumberingError::HasNumbers { .. } | NumberingError::LeftOut { .. } => "in_use",
        _ => return Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", error.to_string()),
    };
    Problem::conflict(code, error.to_string())
}

fn store(error: StoreError) -> Problem {
    match &error {
        StoreError::Missing { what, id } => Problem { detail: format!("{}“{id}”不存在 / {error}", zh(what)), ..Problem::not_found(what, id) },
        StoreError::Exists { what, id } => Problem::conflict("exists", format!("{}“{id}”已存在 / {error}", zh(what))),
        StoreError::InUse { what, id, by } => Problem::conflict("in_use", format!("{}“{id}”仍在使用({}) / {error}", zh(what), users_zh(by))),
        _ => error.into(),
    }
}

fn zh(what: &str) -> &str {
    match what {
        "unit" => "单位",
        "site" => "会场",
        "person" => "人员",
        "grant" => "授权",
        "number segment" => "号段",
        "token" | "token role" => "令牌",
        other => other,
    }
}

/// `3 people` → `3 个人员`.
fn users_zh(by: &str) -> String {
    let Some((count, what)) = by.split_once(' ').filter(|(count, _)| count.parse::<u64>().is_ok()) else {
        return "其频道、栏目等".to_owned();
    };
    let what = match what {
        "units below it" => "下级单位",
        "sites" => "会场",
        "people" => "人员",
        "roles granted on it" => "授权",
        "number segments" => "号段",
        other => other,
    };
    format!("{count} 个{what}")
}
