//! `yizhan serve`: from a configuration to a running server, and back.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::authority::{Certificates, Identity};
use super::{Listeners, demo, mail_options, org_options, paper_options, rooms, told_to_stop};
use crate::base::{Clock, SystemClock, Zone};
use crate::channel::{Channels, ChannelsOptions};
use crate::config::Config;
use crate::document::Documents;
use crate::http::{AppState, StatusSource};
use crate::jobs::{Queue, QueueOptions, WorkerOptions};
use crate::library::{Folders, KeeperOptions, Library};
use crate::meeting::live::Live;
use crate::meeting::papers::Papers;
use crate::meeting::stands::Stands;
use crate::meeting::{Courier, Meetings};
use crate::org::Org;
use crate::store::Store;
use crate::{http, ingest};

/// Runs the server until it is told to stop (SIGTERM, Ctrl-C).
pub async fn serve(config: Config, with_demo: bool) -> anyhow::Result<()> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let zone = Zone::named(&config.time_zone)?;
    let recordings = std::path::absolute(&config.storage.folder)?;
    std::fs::create_dir_all(&recordings)?;
    let listeners = Listeners::bind(&config.server)?;
    let stop = CancellationToken::new();
    let mut tasks = JoinSet::new();

    let store = Store::open(&recordings).await?;
    let org = Org::open(store.clone(), org_options(&config), clock.clone()).await?;
    let administrator = org.first_start().await?;

    let worker = WorkerOptions { program: super::check::worker_program(), folder: recordings.join("workers"), nice: config.jobs.nice };
    let sources = ingest::Sources::new(
        ingest::Settings {
            receive_buffer_bytes: config.ingest.receive_buffer_bytes as usize,
            reorder_packets: config.ingest.reorder_packets as usize,
            reorder_milliseconds: u64::from(config.ingest.reorder_milliseconds),
            poll_milliseconds: u64::from(config.ingest.poll_milliseconds),
        },
        clock.clone(),
    );
    let channels = Channels::open(
        store.clone(),
        sources,
        clock.clone(),
        ChannelsOptions {
            recordings: recordings.clone(),
            reserve_bytes: config.storage.reserve_bytes,
            tape: config.tape.clone(),
            live: config.live.clone(),
            default_charset: config.ingest.default_charset.clone(),
            preset: config.transcode.preset.to_string(),
            zone: zone.clone(),
            worker: worker.clone(),
        },
    )
    .await?;

    let queue = Queue::new(store.clone(), clock.clone());
    let keeper_options = KeeperOptions {
        folders: Folders::new(&recordings)?,
        queue: queue.clone(),
        preset: config.transcode.preset.to_string(),
        thumbnail_seconds: config.transcode.thumbnail_seconds,
        follow: config.jobs.follow as usize,
        worker: worker.clone(),
    };
    let (library, keeper) = Library::new(store.clone(), channels.clone(), clock.clone(), zone.clone(), keeper_options);
    let (job_events, heard) = mpsc::channel(256);
    tasks.spawn(keeper.run(heard, stop.clone()));
    let queue_options = QueueOptions {
        parallel: config.jobs.parallel as usize,
        attempts: config.jobs.attempts,
        worker: worker.clone(),
        recordings: recordings.clone(),
        reserve_bytes: config.storage.reserve_bytes,
    };
    let queue_stop = stop.clone();
    tasks.spawn(async move {
        if let Err(error) = queue.run(queue_options, job_events, queue_stop).await {
            tracing::error!(%error, "the queue of jobs has ended");
        }
    });

    let meetings = Meetings::new(store.clone(), org.clone(), clock.clone(), zone.clone(), mail_options(&config.mail)?);
    if let Some(courier) = Courier::new(meetings.clone())? {
        tasks.spawn(courier.run(stop.clone()));
    }

    let papers = Papers::new(meetings.clone(), &recordings, paper_options(&config))?;
    tasks.spawn(papers.clone().keep(stop.clone()));
    let documents = Documents::new(&config.documents.font);

    let rooms = rooms::open(&config, &recordings, listeners.https(), clock.clone())?;
    let live = rooms.as_ref().map(|open| Live::new(meetings.clone(), open.rooms.clone()));
    if let Some(live) = &live {
        live.resume().await;
    }

    let state = AppState {
        store: store.clone(),
        org: org.clone(),
        channels: channels.clone(),
        library,
        stands: Stands::new(meetings.clone()),
        meetings,
        papers,
        documents,
        live,
        rooms: rooms.as_ref().map(|open| open.rooms.clone()),
        clock: clock.clone(),
        zone,
        status: StatusSource {
            started: clock.now(),
            time_zone: config.time_zone.clone(),
            recordings: recordings.clone(),
            reserve_bytes: config.storage.reserve_bytes,
        },
    };
    let certificates = Arc::new(Certificates::open(&config.server, &recordings, clock.clone())?);
    if with_demo {
        demo::start(&state, &worker.program, &config.time_zone, &stop, &mut tasks).await?;
    }
    announce(&listeners, &config.server.names, administrator.as_ref())?;
    let media = rooms.as_ref().filter(|_| config.rooms.tcp_on_https).map(|open| open.rooms.media().clone());
    if let Some(open) = &rooms {
        open.listen(&config.rooms, &stop, &mut tasks).await?;
    }
    listeners.serve(http::router(state), certificates, media, told_to_stop()).await?;

    tracing::info!("stopping");
    stop.cancel();
    if let Some(open) = rooms {
        open.close().await;
    }
    channels.close().await;
    tasks.join_all().await;
    store.close().await;
    Ok(())
}

/// The worker program stands beside this one.
/// The addresses, and once the administrator's password: the only thing a newcomer needs to see.
fn announce(listeners: &Listeners, names: &[String], administrator: Option<&(String, String)>) -> anyhow::Result<()> {
    println!("驿站已启动 · Yizhan is up:");
    if let Some(address) = listeners.https() {
        let identity = Identity::of_this_machine(names)?;
        let any = address.ip().is_unspecified();
        for ip in identity.addresses.keys().filter(|ip| if any { ip.is_ipv4() } else { **ip == address.ip() }) {
            println!("  https://{}/", SocketAddr::new(*ip, address.port()));
        }
    }
    if let Some(address) = listeners.http() {
        println!("  http://{address}/  (仅限本机 · this machine only)");
    }
    if let Some(address) = listeners.certificate() {
        println!("  http://<本机地址 address>:{}/  (证书安装说明 · how to install the certificate)", address.port());
    }
    if let Some((name, password)) = administrator {
        println!("管理员(只显示这一次)· administrator, shown this once: {name}  密码 · password: {password}");
    }
    Ok(())
}
