//! Opens what rooms need: ports, keys, addresses.

use std::net::{Ipv6Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::base::Clock;
use crate::config::{self, Config, RoomCodec};
use crate::room::token::Keys;
use crate::room::webhook::{WebhookOptions, Webhooks, client};
use crate::room::{Options, Rooms};
use crate::sfu::codec::Codec;
use crate::transport::{self, Media, MediaOptions, addresses};

/// RFC 8837: interactive video, AF41. A session's packets are marked alike.
const DSCP: u8 = 34;
/// Messages to other systems get so long to leave when the server stops.
const GRACE: Duration = Duration::from_secs(3);

pub struct Open {
    pub rooms: Rooms,
    webhooks: Webhooks,
}

/// None where rooms are switched off.
pub fn open(config: &Config, recordings: &Path, https: Option<SocketAddr>, clock: Arc<dyn Clock>) -> anyhow::Result<Option<Open>> {
    let rooms = &config.rooms;
    if !rooms.enabled {
        return Ok(None);
    }
    // The client for webhooks needs one, even for plain HTTP; another part may have installed it.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let keys = match Keys::configured(rooms)? {
        Some(keys) => keys,
        None => Keys::load_or_create(recordings)?,
    };
    let shared = https.filter(|_| rooms.tcp_on_https);
    let own = Some(rooms.tcp_port).filter(|port| *port != 0).map(|port| SocketAddr::from((Ipv6Addr::UNSPECIFIED, port)));
    let media = Media::start(MediaOptions {
        udp_port: rooms.udp_port,
        threads: rooms.media_threads() as usize,
        tcp: own.into_iter().chain(shared).collect(),
        addresses: addresses(&rooms.addresses, &rooms.public_addresses),
        dscp: rooms.dscp.then_some(DSCP),
        unix: Duration::from_millis(clock.now().0.max(0) as u64),
    })
    .context("`[rooms]`")?;
    let key = keys.get(&rooms.webhook_key).unwrap_or_else(|| keys.first()).clone();
    let webhooks = Webhooks::start(WebhookOptions { urls: rooms.webhooks.clone(), key, client: client()? }, clock.clone())?;
    let rooms = Rooms::new(media, options(rooms), keys, Some(webhooks.clone()), clock);
    Ok(Some(Open { rooms, webhooks }))
}

impl Open {
    /// Takes media by TCP on a port of its own.
    pub async fn listen(&self, config: &config::Rooms, stop: &CancellationToken, tasks: &mut JoinSet<()>) -> anyhow::Result<()> {
        if config.tcp_port == 0 {
            return Ok(());
        }
        let both = SocketAddr::from((Ipv6Addr::UNSPECIFIED, config.tcp_port));
        let v4 = SocketAddr::from(([0, 0, 0, 0], config.tcp_port));
        let listener = match TcpListener::bind(both).await {
            Ok(listener) => listener,
            Err(_) => TcpListener::bind(v4).await.with_context(|| format!("`[rooms] tcp_port`: {v4}"))?,
        };
        let (media, stop) = (self.rooms.media().clone(), stop.clone());
        tasks.spawn(async move {
            loop {
                tokio::select! {
                    () = stop.cancelled() => return,
                    accepted = listener.accept() => match accepted {
                        Ok((stream, _)) => drop(tokio::spawn(transport::accept(media.clone(), stream))),
                        // Out of descriptors, most likely: those that are open go on.
                        Err(error) => {
                            tracing::warn!(%error, "media over TCP cannot be accepted");
                            tokio::time::sleep(Duration::from_secs(1)).await;
                        }
                    },
                }
            }
        });
        Ok(())
    }

    pub async fn close(self) {
        self.rooms.close().await;
        self.webhooks.close(GRACE).await;
    }
}

fn options(config: &config::Rooms) -> Options {
    let codec = |codec: &RoomCodec| match codec {
        RoomCodec::Opus => Codec::Opus,
        RoomCodec::Red => Codec::Red,
        RoomCodec::Vp8 => Codec::Vp8,
        RoomCodec::H264 => Codec::H264,
        RoomCodec::Vp9 => Codec::Vp9,
        RoomCodec::Av1 => Codec::Av1,
    };
    Options {
        empty_timeout_seconds: config.empty_timeout_seconds,
        departure_timeout_seconds: config.departure_timeout_seconds,
        max_rooms: config.max_rooms as usize,
        max_participants: config.max_participants,
        max_participants_per_node: config.max_participants_per_node as usize,
        max_tracks: config.max_tracks_per_participant,
        codecs: config.codecs.iter().map(codec).collect(),
        ceiling_bps: Some(u64::from(config.line_ceiling_kbps) * 1_000).filter(|bps| *bps > 0),
    }
}
