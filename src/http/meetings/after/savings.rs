//! `/savings`: what was saved by not travelling, for the finance office.

use axum::extract::{FromRef, State};
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::files::{Download, Format};
use crate::base::UnitId;
use crate::document::Documents;
use crate::http::Problem;
use crate::http::extract::{Json, Query};
use crate::meeting::Meetings;
use crate::meeting::after::{Rates, SavingsSheet, documents};
use crate::org::{Caller, Org};

pub fn routes<S>() -> OpenApiRouter<S>
where
    Org: FromRef<S>,
    Meetings: FromRef<S>,
    Documents: FromRef<S>,
    S: Clone + Send + Sync + 'static,
{
    OpenApiRouter::new().routes(routes!(get_savings)).routes(routes!(set_savings_rates)).routes(routes!(savings_pdf)).routes(routes!(savings_xlsx))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct SavingsQuery {
    /// What venues of this unit and those below it saved; all where it is absent.
    unit: Option<UnitId>,
    /// This year where it is absent.
    year: Option<i16>,
}

impl SavingsQuery {
    async fn ask(self, meetings: &Meetings, caller: &Caller) -> Result<SavingsSheet, Problem> {
        Ok(meetings.savings(caller, &self.unit.unwrap_or_else(Org::root), self.year).await?)
    }
}

/// Attendances that saved a journey, times what a journey costs: by year, month, region and rate. For operators and auditors of the unit.
#[utoipa::path(get, path = "/savings", tag = "meetings", params(SavingsQuery), responses(
    (status = 200, body = SavingsSheet), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem),
))]
async fn get_savings(State(meetings): State<Meetings>, caller: Caller, Query(query): Query<SavingsQuery>) -> Result<Json<SavingsSheet>, Problem> {
    Ok(Json(query.ask(&meetings, &caller).await?))
}

/// Sets what a journey costs, for all sheets; takes the operator role on the root.
#[utoipa::path(put, path = "/savings/rates", tag = "meetings", request_body = Rates, responses(
    (status = 200, body = Rates), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem),
))]
async fn set_savings_rates(State(meetings): State<Meetings>, caller: Caller, Json(rates): Json<Rates>) -> Result<Json<Rates>, Problem> {
    Ok(Json(meetings.set_rates(&caller, rates).await?))
}

/// The sheet on paper.
#[utoipa::path(get, path = "/savings.pdf", tag = "meetings", params(SavingsQuery), responses(
    (status = 200, content_type = "application/pdf", body = Vec<u8>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 503, body = Problem, description = "`no_font`"),
))]
async fn savings_pdf(
    State(meetings): State<Meetings>,
    State(documents): State<Documents>,
    caller: Caller,
    Query(query): Query<SavingsQuery>,
) -> Result<Download, Problem> {
    let sheet = query.ask(&meetings, &caller).await?;
    Download::make(&documents, Format::Pdf, documents::savings(&sheet, meetings.zone())).await
}

/// The sheet as a spreadsheet, with every venue of every meeting.
#[utoipa::path(get, path = "/savings.xlsx", tag = "meetings", params(SavingsQuery), responses(
    (status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", body = Vec<u8>),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
))]
async fn savings_xlsx(
    State(meetings): State<Meetings>,
    State(documents): State<Documents>,
    caller: Caller,
    Query(query): Query<SavingsQuery>,
) -> Result<Download, Problem> {
    let sheet = query.ask(&meetings, &caller).await?;
    Download::make(&documents, Format::Xlsx, documents::savings(&sheet, meetings.zone())).await
}
