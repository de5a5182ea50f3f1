//! The listeners: HTTPS for everyone, plain HTTP on loopback, and the page that hands out the authority's certificate.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::{Extension, Router};
use axum_server::Handle;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::authority::{Certificates, Identity, certificate_site, page_router};
use crate::config;
use crate::http::OverTls;

/// How long requests under way may take when the server ends.
const GRACE: Duration = Duration::from_secs(3);

/// Opens what the configuration names; returns the addresses for people, the best first.
pub async fn start(
    server: &config::Server,
    router: Router,
    certificates: &Arc<Certificates>,
    stop: &CancellationToken,
    tasks: &mut JoinSet<()>,
) -> anyhow::Result<Vec<String>> {
    let mut said = Vec::new();
    let https = server.https_listen.address();
    let page = certificates.page(https.map_or(443, |a| a.port()));
    if let Some(address) = https {
        let listener = listener(address, "server.https_listen")?;
        let mut router = router.clone().layer(Extension(OverTls));
        if let Some(page) = page.clone() {
            router = page_router(page).merge(router);
        }
        let server = axum_server::from_tcp_rustls(listener, certificates.tls())?.handle(handle(stop));
        tasks.spawn(ended("https", server.serve(router.into_make_service_with_connect_info::<SocketAddr>())));
        said.extend(reached_by(address, &Identity::of_this_machine(&server.names)?).into_iter().map(|name| format!("https://{name}/")));
        let certificates = certificates.clone();
        let stop = stop.clone();
        tasks.spawn(async move { stop.run_until_cancelled(certificates.keep_valid()).await.unwrap_or(()) });
    }
    if let Some(address) = server.http_listen.address() {
        let listener = listener(address, "server.http_listen")?;
        let router = match page.clone() {
            Some(page) => page_router(page).merge(router),
            None => router,
        };
        let plain = axum_server::from_tcp(listener)?.handle(handle(stop));
        tasks.spawn(ended("http", plain.serve(router.into_make_service_with_connect_info::<SocketAddr>())));
        said.push(format!("http://{address}/  (仅本机 / this machine only)"));
    }
    if let Some(address) = server.certificate_listen.address() {
        let listener = listener(address, "server.certificate_listen")?;
        let site = certificate_site(page, https.map_or(443, |a| a.port()));
        let plain = axum_server::from_tcp(listener)?.handle(handle(stop));
        tasks.spawn(ended("certificate page", plain.serve(site.into_make_service_with_connect_info::<SocketAddr>())));
        said.push(format!("http://<本机地址 this machine's address>:{}/  (证书安装说明 / how to install the certificate)", address.port()));
    }
    Ok(said)
}

/// A socket for an address; an address that is taken is told with the setting that named it.
fn listener(address: SocketAddr, setting: &str) -> anyhow::Result<std::net::TcpListener> {
    let listener = std::net::TcpListener::bind(address).with_context(|| format!("`{setting}`: {address} cannot be listened on"))?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

fn handle(stop: &CancellationToken) -> Handle<SocketAddr> {
    let handle = Handle::new();
    let (stopping, stop) = (handle.clone(), stop.clone());
    tokio::spawn(async move {
        stop.cancelled().await;
        stopping.graceful_shutdown(Some(GRACE));
    });
    handle
}

/// The names of this machine by which a listener can be reached, with its port.
fn reached_by(listening: SocketAddr, identity: &Identity) -> Vec<String> {
    let port = listening.port();
    let any = listening.ip().is_unspecified();
    let addresses = identity.addresses.keys().filter(|ip| if any { ip.is_ipv4() } else { **ip == listening.ip() });
    let mut names: Vec<String> = addresses.map(|ip| SocketAddr::new(*ip, port).to_string()).collect();
    if any {
        names.push(format!("localhost:{port}"));
    }
    names
}

async fn ended(what: &'static str, serving: impl Future<Output = std::io::Result<()>>) {
    if let Err(error) = serving.await {
        tracing::error!(%error, what, "a listener has ended");
    }
}
