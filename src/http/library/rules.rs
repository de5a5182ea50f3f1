//! Recording rules and what they would take.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::base::{ChannelId, ColumnId, RuleId};
use crate::epg::{Programme, Rule, TimeOfDay, TitleMatch, Weekdays};
use crate::http::extract::{Json, Path};
use crate::http::page::Page;
use crate::http::{AppState, Problem};
use crate::org::{Caller, Record, Role};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(show, change, remove)).routes(routes!(preview)).routes(routes!(preview_unsaved))
}

/// A rule as it is typed in.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewRule {
    #[serde(default)]
    title: String,
    #[serde(default)]
    title_match: TitleMatch,
    channel: Option<ChannelId>,
    #[serde(default)]
    weekdays: Weekdays,
    from_time: Option<TimeOfDay>,
    to_time: Option<TimeOfDay>,
    column: ColumnId,
    #[serde(default)]
    pad_before_seconds: u32,
    #[serde(default)]
    pad_after_seconds: u32,
    keep_last: Option<u32>,
    keep_days: Option<u32>,
    enabled: Option<bool>,
}

impl NewRule {
    fn with_id(self, id: RuleId) -> Result<Rule, Problem> {
        let rule = Rule {
            id,
            title: self.title.trim().to_owned(),
            title_match: self.title_match,
            channel: self.channel,
            weekdays: self.weekdays,
            from_time: self.from_time,
            to_time: self.to_time,
            column: self.column,
            pad_before_seconds: self.pad_before_seconds,
            pad_after_seconds: self.pad_after_seconds,
            keep_last: self.keep_last,
            keep_days: self.keep_days,
            enabled: self.enabled.unwrap_or(true),
            warning: None,
        };
        rule.check().map_err(|e| Problem::bad_request("rule", e.to_string()))?;
        Ok(rule)
    }
}

/// What a rule would take in the coming week, and has on the tape now.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Preview {
    items: Vec<Programme>,
    /// The rule in words.
    words: String,
    /// Why it takes nothing, where it does not.
    warning: Option<String>,
}

/// Recording rules
#[utoipa::path(get, path = "/rules", operation_id = "list_rules", tag = "library", responses((status = 200, body = Page<Rule>)))]
async fn list(State(app): State<AppState>, caller: Caller) -> Result<Json<Page<Rule>>, Problem> {
    caller.require_anywhere(Role::ColumnEditor)?;
    let mut rules = app.store.rules().await?;
    for rule in &mut rules {
        rule.warning = app.library.preview(rule).await?.warning;
    }
    Ok(Json(Page::whole(rules)))
}

/// Make a rule
#[utoipa::path(post, path = "/rules", operation_id = "create_rule", tag = "library", request_body = NewRule, responses((status = 201, body = Rule), (status = 400, body = Problem)))]
async fn create(State(app): State<AppState>, caller: Caller, Json(new): Json<NewRule>) -> Result<(StatusCode, Json<Rule>), Problem> {
    let mut rule = new.with_id(RuleId::random())?;
    may_fill(&app, &caller, &rule).await?;
    app.store.insert_rule(&rule, app.clock.now()).await?;
    app.record(&caller, Record::new("rule.create", rule.id.as_str()).after(&rule)).await?;
    app.library.look_again();
    rule.warning = app.library.preview(&rule).await?.warning;
    Ok((StatusCode::CREATED, Json(rule)))
}

/// A rule
#[utoipa::path(get, path = "/rules/{id}", operation_id = "show_rule", tag = "library", params(("id" = String, Path)), responses((status = 200, body = Rule), (status = 404, body = Problem)))]
async fn show(State(app): State<AppState>, caller: Caller, Path(id): Path<RuleId>) -> Result<Json<Rule>, Problem> {
    caller.require_anywhere(Role::ColumnEditor)?;
    let mut rule = app.store.rule(&id).await?;
    rule.warning = app.library.preview(&rule).await?.warning;
    Ok(Json(rule))
}

/// Change a rule: the whole of it, or single members
#[utoipa::path(patch, path = "/rules/{id}", operation_id = "change_rule", tag = "library", params(("id" = String, Path)), request_body = serde_json::Value, responses((status = 200, body = Rule)))]
async fn change(State(app): State<AppState>, caller: Caller, Path(id): Path<RuleId>, Json(change): Json<serde_json::Value>) -> Result<Json<Rule>, Problem> {
    let before = app.store.rule(&id).await?;
    may_fill(&app, &caller, &before).await?;
    let wrong = |e: serde_json::Error| Problem::bad_request("rule", e.to_string());
    // JSON merge patch (RFC 7396) on the rule as it is.
    let mut whole = serde_json::to_value(&before).map_err(wrong)?;
    let (Some(members), serde_json::Value::Object(changes)) = (whole.as_object_mut(), change) else {
        return Err(Problem::bad_request("rule", "an object is expected"));
    };
    for own in ["id", "warning"] {
        members.remove(own);
    }
    members.extend(changes.into_iter().filter(|(name, _)| name != "id" && name != "warning"));
    let rule = serde_json::from_value::<NewRule>(whole).map_err(wrong)?.with_id(id)?;
    may_fill(&app, &caller, &rule).await?;
    app.store.update_rule(&rule).await?;
    app.record(&caller, Record::new("rule.change", rule.id.as_str()).before(&before).after(&rule)).await?;
    app.library.look_again();
    Ok(Json(rule))
}

/// Remove a rule; what it took stays
#[utoipa::path(delete, path = "/rules/{id}", operation_id = "remove_rule", tag = "library", params(("id" = String, Path)), responses((status = 204), (status = 404, body = Problem)))]
async fn remove(State(app): State<AppState>, caller: Caller, Path(id): Path<RuleId>) -> Result<StatusCode, Problem> {
    let rule = app.store.rule(&id).await?;
    may_fill(&app, &caller, &rule).await?;
    app.store.delete_rule(&id).await?;
    app.record(&caller, Record::new("rule.remove", id.as_str()).before(&rule)).await?;
    app.library.look_again();
    Ok(StatusCode::NO_CONTENT)
}

/// What a rule would take
#[utoipa::path(get, path = "/rules/{id}/preview", tag = "library", params(("id" = String, Path)), responses((status = 200, body = Preview)))]
async fn preview(State(app): State<AppState>, caller: Caller, Path(id): Path<RuleId>) -> Result<Json<Preview>, Problem> {
    caller.require_anywhere(Role::ColumnEditor)?;
    previewed(&app, &app.store.rule(&id).await?).await
}

/// What a rule would take that is still being typed in
#[utoipa::path(post, path = "/rules/preview", tag = "library", request_body = NewRule, responses((status = 200, body = Preview), (status = 400, body = Problem)))]
async fn preview_unsaved(State(app): State<AppState>, caller: Caller, Json(new): Json<NewRule>) -> Result<Json<Preview>, Problem> {
    caller.require_anywhere(Role::ColumnEditor)?;
    previewed(&app, &new.with_id(RuleId::random())?).await
}

async fn previewed(app: &AppState, rule: &Rule) -> Result<Json<Preview>, Problem> {
    let seen = app.library.preview(rule).await?;
    Ok(Json(Preview { items: seen.programmes, words: seen.words, warning: seen.warning }))
}

/// A rule fills a column, so it is the affair of the column's editors; and it names a channel that there is.
async fn may_fill(app: &AppState, caller: &Caller, rule: &Rule) -> Result<(), Problem> {
    let column = app.store.column(&rule.column).await?;
    caller.require(Role::ColumnEditor, &column.unit.into())?;
    if let Some(channel) = &rule.channel {
        app.store.channel(channel).await?;
    }
    Ok(())
}
