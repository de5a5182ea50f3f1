//! `serve --demo`: a channel of our own making, so that a newcomer sees the whole way within minutes.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::base::RuleId;
use crate::channel::{ChannelSettings, SourceSettings};
use crate::epg::{Rule, TitleMatch, Weekdays};
use crate::http::AppState;
use crate::org::{Actor, Audience, Org, Record};
use crate::store::{ColumnRow, StoreError};

const CHANNEL: &str = "demo";
const LOOPBACK: &str = "127.0.0.1";

/// Sets up the channel, its columns and rules where they are not there yet, and starts the child that sends the stream.
pub async fn start(app: &AppState, worker: &Path, time_zone: &str, stop: &CancellationToken, tasks: &mut JoinSet<()>) -> anyhow::Result<()> {
    set_up(app).await?;
    let source = app.channels.settings(&CHANNEL.into()).await?.source;
    if source.interface.as_deref() != Some(LOOPBACK) {
        tracing::info!(address = source.address, "the demonstration channel has a source of its own by now: nothing is sent");
        return Ok(());
    }
    let (worker, time_zone, stop) = (worker.to_owned(), time_zone.to_owned(), stop.clone());
    tasks.spawn(async move { stop.run_until_cancelled(send(&worker, &source.address, &time_zone)).await.unwrap_or(()) });
    Ok(())
}

/// A group within the machine for this server alone: two demonstrations beside each other do not mix.
fn own_group() -> String {
    let [third, fourth]: [u8; 2] = rand::random();
    format!("239.255.{third}.{fourth}:5004")
}

async fn set_up(app: &AppState) -> anyhow::Result<()> {
    let now = app.clock.now();
    let columns = [("news", "要闻", 1), ("scenery", "驿站风光", 2)];
    for (id, title, position) in columns {
        let row = ColumnRow {
            id: id.to_owned(),
            title: title.to_owned(),
            audience: Audience::Public.to_string(),
            unit: Org::root().to_string(),
            position,
            on_front: true,
            created: now.0,
        };
        match app.store.insert_column(&row).await {
            Ok(()) | Err(StoreError::Exists { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let settings = ChannelSettings {
        id: CHANNEL.into(),
        title: "驿站演示".to_owned(),
        source: SourceSettings { kind: "udp".to_owned(), address: own_group(), interface: Some(LOOPBACK.to_owned()) },
        service: None,
        charset: None,
        keep_hours: Some(24),
        keep_bytes: None,
        enabled: true,
        audience: Audience::Public,
        unit: Org::root(),
    };
    if app.channels.list().await?.iter().any(|c| c.id == settings.id) {
        return Ok(());
    }
    app.channels.create(&settings, now).await?;
    app.org.record(&Actor::server(), Record::new("channel.create", CHANNEL).after(&settings)).await?;
    for (title, column) in [("演示新闻", "news"), ("驿站风光", "scenery")] {
        let rule = Rule {
            id: RuleId::random(),
            title: title.to_owned(),
            title_match: TitleMatch::Contains,
            channel: Some(CHANNEL.into()),
            weekdays: Weekdays::default(),
            from_time: None,
            to_time: None,
            column: column.into(),
            pad_before_seconds: 0,
            pad_after_seconds: 0,
            keep_last: Some(12),
            keep_days: None,
            enabled: true,
            warning: None,
        };
        app.store.insert_rule(&rule, now).await?;
        app.org.record(&Actor::server(), Record::new("rule.create", &rule.id).after(&rule)).await?;
    }
    Ok(())
}

/// Keeps the sending child alive.
async fn send(worker: &Path, group: &str, time_zone: &str) {
    let mut wait = Duration::from_secs(1);
    loop {
        let child = tokio::process::Command::new(worker)
            .args(["demo", "--to", group, "--interface", LOOPBACK, "--time-zone", time_zone])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn();
        match child {
            Ok(mut child) => {
                // It ends when its input does; waiting would close that.
                let _input = child.stdin.take();
                match child.wait().await {
                    Ok(status) => tracing::warn!(%status, "the demonstration channel's sender ended"),
                    Err(error) => tracing::warn!(%error, "the demonstration channel's sender"),
                }
            }
            Err(error) => tracing::error!(%error, worker = %worker.display(), "the demonstration channel's sender does not start"),
        }
        tokio::time::sleep(wait).await;
        wait = (wait * 2).min(Duration::from_secs(60));
    }
}
