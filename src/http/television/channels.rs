//! Channels: what is received, and how it is.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::base::{ChannelId, UnitId, is_slug};
use crate::channel::{ChannelSettings, Signal, SourceSettings};
use crate::epg::Programme;
use crate::http::extract::{Json, Path};
use crate::http::page::Page;
use crate::http::{AppState, Problem, refusal, title};
use crate::org::{Caller, Org, Record, Role};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(show, change, remove))
}

/// A channel with its signal and what is on.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Channel {
    #[serde(flatten)]
    settings: ChannelSettings,
    signal: Signal,
    now: Option<Programme>,
    next: Option<Programme>,
    live_url: String,
}

impl Channel {
    async fn of(app: &AppState, settings: ChannelSettings) -> Result<Self, Problem> {
        let (now, next) = app.channels.now_and_next(&settings.id).await?;
        Ok(Self { signal: app.channels.signal(&settings.id), now, next, live_url: format!("/media/live/{}/master.m3u8", settings.id), settings })
    }
}

/// A channel as it is typed in.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewChannel {
    /// Lower-case letters, digits and dashes; stands in addresses and on disk.
    id: ChannelId,
    title: String,
    source: SourceSettings,
    /// The service's number in its multiplex; absent where it is the only one.
    service: Option<u16>,
    /// The character set of guide texts that do not name theirs.
    charset: Option<String>,
    /// Hours of tape that are kept; absent: as configured.
    keep_hours: Option<u32>,
    /// Bytes of tape that are kept at most; absent: as configured.
    keep_bytes: Option<u64>,
    enabled: Option<bool>,
    /// `public`, `signed_in` or `network:<name>`.
    audience: Option<String>,
    unit: Option<UnitId>,
}

/// Whether the caller may watch the channel.
fn may_watch(caller: &Caller, channel: &ChannelSettings) -> bool {
    caller.may_watch(&channel.audience, &channel.unit) || caller.may(Role::Operator, &channel.unit)
}

/// The channel, where the caller may watch it.
pub async fn watched(app: &AppState, caller: &Caller, id: &ChannelId) -> Result<ChannelSettings, Problem> {
    let settings = app.channels.settings(id).await?;
    if may_watch(caller, &settings) { Ok(settings) } else { Err(refusal(caller)) }
}

/// The channel, where the caller operates it.
pub async fn operated(app: &AppState, caller: &Caller, id: &ChannelId) -> Result<ChannelSettings, Problem> {
    let settings = app.channels.settings(id).await?;
    caller.require(Role::Operator, &settings.unit)?;
    Ok(settings)
}

/// The channels that the caller may watch. Only those who operate them see those that are switched off, and where the others come from.
pub async fn watched_channels(app: &AppState, caller: &Caller) -> Result<Vec<Channel>, Problem> {
    let mut channels = Vec::new();
    for settings in app.channels.list().await? {
        let operates = caller.may(Role::Operator, &settings.unit);
        if operates || settings.enabled && may_watch(caller, &settings) {
            let mut channel = Channel::of(app, settings).await?;
            if !operates {
                channel.settings.source = SourceSettings::hidden();
            }
            channels.push(channel);
        }
    }
    Ok(channels)
}

/// Channels that you may watch
#[utoipa::path(get, path = "/channels", operation_id = "list_channels", tag = "television", responses((status = 200, body = Page<Channel>)))]
async fn list(State(app): State<AppState>, caller: Caller) -> Result<Json<Page<Channel>>, Problem> {
    Ok(Json(Page::whole(watched_channels(&app, &caller).await?)))
}

/// Make a channel; it is received at once
#[utoipa::path(post, path = "/channels", operation_id = "create_channel", tag = "television", request_body = NewChannel, responses((status = 201, body = Channel), (status = 400, body = Problem), (status = 409, body = Problem)))]
async fn create(State(app): State<AppState>, caller: Caller, Json(new): Json<NewChannel>) -> Result<(StatusCode, Json<Channel>), Problem> {
    let unit = new.unit.unwrap_or_else(Org::root);
    caller.require(Role::Operator, &unit)?;
    if !is_slug(new.id.as_str()) {
        return Err(Problem::bad_request("id", "频道标识只用小写字母、数字和横线 / a channel's id has only a-z, 0-9 and dashes, 1 to 40"));
    }
    let audience = new.audience.as_deref().unwrap_or("public");
    let settings = ChannelSettings {
        id: new.id,
        title: title(&new.title)?,
        source: new.source,
        service: new.service,
        charset: new.charset,
        keep_hours: new.keep_hours,
        keep_bytes: new.keep_bytes,
        enabled: new.enabled.unwrap_or(true),
        audience: audience.parse().map_err(|e| Problem::bad_request("audience", format!("{e}")))?,
        unit: app.existing_unit(&unit)?,
    };
    app.channels.create(&settings, app.clock.now()).await?;
    app.record(&caller, Record::new("channel.create", settings.id.as_str()).after(&settings)).await?;
    app.library.look_again();
    Ok((StatusCode::CREATED, Json(Channel::of(&app, settings).await?)))
}

/// A channel
#[utoipa::path(get, path = "/channels/{id}", operation_id = "show_channel", tag = "television", params(("id" = String, Path)), responses((status = 200, body = Channel), (status = 404, body = Problem)))]
async fn show(State(app): State<AppState>, caller: Caller, Path(id): Path<ChannelId>) -> Result<Json<Channel>, Problem> {
    let mut settings = watched(&app, &caller, &id).await?;
    if !caller.may(Role::Operator, &settings.unit) {
        settings.source = SourceSettings::hidden();
    }
    Ok(Json(Channel::of(&app, settings).await?))
}

/// Change a channel: single members; the tape stays
#[utoipa::path(patch, path = "/channels/{id}", operation_id = "change_channel", tag = "television", params(("id" = String, Path)), request_body = serde_json::Value, responses((status = 200, body = Channel)))]
async fn change(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<ChannelId>,
    Json(change): Json<serde_json::Value>,
) -> Result<Json<Channel>, Problem> {
    let before = operated(&app, &caller, &id).await?;
    let wrong = |e: serde_json::Error| Problem::bad_request("channel", e.to_string());
    // JSON merge patch (RFC 7396) on the settings as they are.
    let mut whole = serde_json::to_value(&before).map_err(wrong)?;
    let (Some(members), serde_json::Value::Object(mut changes)) = (whole.as_object_mut(), change) else {
        return Err(Problem::bad_request("channel", "an object is expected"));
    };
    changes.remove("id");
    members.extend(changes);
    let mut after: ChannelSettings = serde_json::from_value(whole).map_err(wrong)?;
    after.title = title(&after.title)?;
    caller.require(Role::Operator, &after.unit)?;
    after.unit = app.existing_unit(&after.unit)?;
    app.channels.change(&after).await?;
    app.record(&caller, Record::new("channel.change", id.as_str()).before(&before).after(&after)).await?;
    app.library.look_again();
    Ok(Json(Channel::of(&app, after).await?))
}

/// Remove a channel and its tape; assets cut from it stay
#[utoipa::path(delete, path = "/channels/{id}", operation_id = "remove_channel", tag = "television", params(("id" = String, Path)), responses((status = 204), (status = 404, body = Problem)))]
async fn remove(State(app): State<AppState>, caller: Caller, Path(id): Path<ChannelId>) -> Result<StatusCode, Problem> {
    let before = operated(&app, &caller, &id).await?;
    app.channels.remove(&id).await?;
    app.record(&caller, Record::new("channel.remove", id.as_str()).before(&before)).await?;
    Ok(StatusCode::NO_CONTENT)
}
