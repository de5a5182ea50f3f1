//! `/org/export` and `/org/import`: tables for spreadsheets.

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRef, State};
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::Problem;
use crate::http::disposition::attachment;
use crate::http::extract::{Json, Path, Query};
use crate::org::{Caller, ImportReport, Org, Sort};

/// A province with a hundred thousand people fits.
const FILE_BYTES: usize = 16 << 20;

pub fn routes<S>() -> OpenApiRouter<S>
where
    Org: FromRef<S>,
    S: Clone + Send + Sync + 'static,
{
    OpenApiRouter::new().routes(routes!(export_table)).routes(routes!(import_table)).layer(DefaultBodyLimit::max(FILE_BYTES))
}

fn sort(name: &str) -> Result<Sort, Problem> {
    name.parse().map_err(|()| Problem::not_found("table", name))
}

/// `units.csv`, `sites.csv`, `people.csv`, `number_segments.csv` or `numbers.csv`: UTF-8 with a byte order mark, headed in Chinese.
#[utoipa::path(get, path = "/org/export/{file}", tag = "org", params(("file" = String, Path, example = "units.csv")), responses(
    (status = 200, content_type = "text/csv", body = String), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
))]
async fn export_table(State(org): State<Org>, caller: Caller, Path(file): Path<String>) -> Result<impl IntoResponse, Problem> {
    let table = sort(file.strip_suffix(".csv").unwrap_or(""))?;
    let text = org.export(&caller, table)?;
    Ok((
        [
            (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
            (header::CONTENT_DISPOSITION, attachment(&file)),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ],
        text,
    ))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ImportQuery {
    /// Only say what would be done.
    #[serde(default)]
    dry_run: bool,
}

/// Takes in `units`, `sites`, `people`, `number_segments` or `numbers`: UTF-8, UTF-16 or GB18030; all rows or, with any error, none.
#[utoipa::path(post, path = "/org/import/{table}", tag = "org", params(("table" = String, Path, example = "units"), ImportQuery),
    request_body(content = String, content_type = "text/csv"), responses(
    (status = 200, body = ImportReport), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 413, body = Problem),
))]
async fn import_table(
    State(org): State<Org>,
    caller: Caller,
    Path(table): Path<String>,
    Query(query): Query<ImportQuery>,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Result<Json<ImportReport>, Problem> {
    let table = sort(&table)?;
    let file = body.map_err(|rejection| {
        let most = FILE_BYTES >> 20;
        Problem::new(
            rejection.status(),
            "bad_body",
            format!("文件无法接收,最大 {most} MiB / the file cannot be taken, at most {most} MiB: {}", rejection.body_text()),
        )
    })?;
    Ok(Json(org.import(&caller, table, &file, query.dry_run).await?))
}
