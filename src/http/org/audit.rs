//! `/audit`: who changed what.

use axum::body::Body;
use axum::extract::{FromRef, State};
use axum::http::header;
use axum::response::IntoResponse;
use serde::Deserialize;
use tokio::io::{AsyncWriteExt, DuplexStream};
use tokio_util::io::ReaderStream;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::base::{PersonId, UnitId, UtcMs};
use crate::http::extract::{Json, Query};
use crate::http::{Page, Problem, page_size};
use crate::org::{AuditFilter, Caller, Entry, Org, Role, csv_line};

pub fn routes<S>() -> OpenApiRouter<S>
where
    Org: FromRef<S>,
    S: Clone + Send + Sync + 'static,
{
    OpenApiRouter::new().routes(routes!(list_audit)).routes(routes!(export_audit))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AuditQuery {
    person: Option<PersonId>,
    /// An action (`channel.create`), or with a dot at its end all of a noun (`channel.`).
    action: Option<String>,
    /// The id of what was changed.
    object: Option<String>,
    /// Only entries of this unit and those below it.
    unit: Option<UnitId>,
    #[param(value_type = Option<i64>)]
    from: Option<UtcMs>,
    /// Exclusive.
    #[param(value_type = Option<i64>)]
    to: Option<UtcMs>,
    cursor: Option<String>,
    limit: Option<usize>,
}

fn filter(caller: &Caller, query: AuditQuery) -> Result<AuditFilter, Problem> {
    let before =
        query.cursor.map(|cursor| cursor.parse::<i64>().map_err(|_| Problem::bad_request("bad_cursor", format!("the cursor `{cursor}` is none of this list"))));
    Ok(AuditFilter {
        person: query.person,
        action: query.action,
        object: query.object,
        from: query.from,
        to: query.to,
        units: query.unit.map(|unit| caller.directory().tree.subtree(&unit)),
        before: before.transpose()?,
    })
}

/// The newest entries first; of the units that the caller audits.
#[utoipa::path(get, path = "/audit", tag = "org", params(AuditQuery), responses((status = 200, body = Page<Entry>), (status = 401, body = Problem), (status = 403, body = Problem)))]
async fn list_audit(State(org): State<Org>, caller: Caller, Query(query): Query<AuditQuery>) -> Result<Json<Page<Entry>>, Problem> {
    let size = page_size(query.limit);
    let mut items = org.audit(&caller, filter(&caller, query)?, size as u32 + 1).await?;
    let more = items.len() > size;
    items.truncate(size);
    let next = items.last().filter(|_| more).map(|entry| entry.sequence.to_string());
    Ok(Json(Page { items, next }))
}

/// The same as a table, whole.
#[utoipa::path(get, path = "/audit.csv", tag = "org", params(AuditQuery), responses(
    (status = 200, content_type = "text/csv", body = String), (status = 401, body = Problem), (status = 403, body = Problem),
))]
async fn export_audit(State(org): State<Org>, caller: Caller, Query(query): Query<AuditQuery>) -> Result<impl IntoResponse, Problem> {
    caller.require_anywhere(Role::Auditor)?;
    let filter = filter(&caller, query)?;
    let (reader, writer) = tokio::io::duplex(64 << 10);
    tokio::spawn(write(org, caller, filter, writer));
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"audit.csv\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, Body::from_stream(ReaderStream::new(reader))))
}

const HEADS: [&str; 11] = ["序号", "时间", "操作者类型", "人员", "用户名", "令牌", "地址", "操作", "对象", "变更前", "变更后"];

/// Page by page, as fast as the reader takes it. A fault on the way is the table's last line, so that a part is not taken for the whole.
async fn write(org: Org, caller: Caller, mut filter: AuditFilter, mut writer: DuplexStream) {
    let mut text = String::from('\u{FEFF}');
    csv_line(&mut text, HEADS.into_iter());
    loop {
        let entries = match org.audit(&caller, filter.clone(), 500).await {
            Ok(entries) => entries,
            Err(error) => {
                tracing::error!(%error, "the export of the audit log broke off");
                csv_line(&mut text, ["导出中断,以下内容缺失 / the export broke off here"].into_iter());
                vec![]
            }
        };
        entries.iter().for_each(|entry| row(&mut text, entry));
        // Whoever downloads may go away: nothing to do then.
        if writer.write_all(text.as_bytes()).await.is_err() {
            return;
        }
        text.clear();
        match entries.last() {
            Some(last) => filter.before = Some(last.sequence),
            None => return,
        }
    }
}

fn row(text: &mut String, entry: &Entry) {
    let (sequence, at) = (entry.sequence.to_string(), entry.at.to_string());
    let json = |value: &Option<serde_json::Value>| value.as_ref().map_or(String::new(), ToString::to_string);
    let (before, after) = (json(&entry.before), json(&entry.after));
    let person = entry.person.as_ref().map_or("", PersonId::as_str);
    let token = entry.token.as_ref().map_or("", |token| token.as_str());
    let (name, address) = (entry.person_name.as_deref().unwrap_or(""), entry.address.as_deref().unwrap_or(""));
    csv_line(text, [&sequence, &at, &entry.actor, person, name, token, address, &entry.action, &entry.object, &before, &after].into_iter());
}
