//! Where people come in: HTTPS for all, plain HTTP on loopback, and the plain page from which the certificate is installed.

use std::future::Future;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use axum_server::Handle;
use axum_server::tls_rustls::RustlsAcceptor;

use super::authority::{Certificates, certificate_site, page_router};
use super::share::Sharing;
use crate::config;
use crate::transport::Media;

/// Downloads under way get so long to end when the server stops.
const GRACE: Duration = Duration::from_secs(10);

/// Ports that are ours already, before anything else starts.
pub struct Listeners {
    https: Option<TcpListener>,
    http: Option<TcpListener>,
    certificate: Option<TcpListener>,
}

impl Listeners {
    pub fn bind(server: &config::Server) -> anyhow::Result<Self> {
        Ok(Self {
            https: bind("https_listen", server.https_listen)?,
            http: bind("http_listen", server.http_listen)?,
            // Without HTTPS there is nothing to install, and nowhere to send people.
            certificate: if server.https_listen == config::Listen::OFF { None } else { bind("certificate_listen", server.certificate_listen)? },
        })
    }

    /// As the system gave it: the configured port may have been 0.
    pub fn https(&self) -> Option<SocketAddr> {
        self.https.as_ref().and_then(|listener| listener.local_addr().ok())
    }

    pub fn http(&self) -> Option<SocketAddr> {
        self.http.as_ref().and_then(|listener| listener.local_addr().ok())
    }

    pub fn certificate(&self) -> Option<SocketAddr> {
        self.certificate.as_ref().and_then(|listener| listener.local_addr().ok())
    }

    /// Serves until `stop`, media over TCP on the port of HTTPS too; then lets what is under way end.
    pub async fn serve(self, router: Router, certificates: Arc<Certificates>, media: Option<Media>, stop: impl Future<Output = ()>) -> anyhow::Result<()> {
        let https_port = self.https().map_or(0, |address| address.port());
        let page = certificates.page(https_port);
        let router = page.clone().map_or_else(Router::new, page_router).merge(router);
        let handle = Handle::new();
        let mut serving = tokio::task::JoinSet::new();
        if let Some(listener) = self.https {
            let service = router.clone().layer(axum::Extension(crate::http::OverTls)).into_make_service_with_connect_info::<SocketAddr>();
            let sharing = Sharing { tls: RustlsAcceptor::new(certificates.tls()), media };
            serving.spawn(axum_server::from_tcp(listener)?.acceptor(sharing).handle(handle.clone()).serve(service));
        }
        if let Some(listener) = self.http {
            let service = router.into_make_service_with_connect_info::<SocketAddr>();
            serving.spawn(axum_server::from_tcp(listener)?.handle(handle.clone()).serve(service));
        }
        if let Some(listener) = self.certificate {
            let service = certificate_site(page, https_port).into_make_service();
            serving.spawn(axum_server::from_tcp(listener)?.handle(handle.clone()).serve(service));
        }
        let keeping = tokio::spawn(certificates.keep_valid());
        tokio::select! {
            () = stop => {}
            Some(ended) = serving.join_next() => ended?.context("a listener ended")?,
        }
        handle.graceful_shutdown(Some(GRACE));
        while let Some(ended) = serving.join_next().await {
            ended?.context("a listener ended")?;
        }
        keeping.abort();
        Ok(())
    }
}

fn bind(setting: &str, listen: config::Listen) -> anyhow::Result<Option<TcpListener>> {
    let Some(address) = listen.address() else { return Ok(None) };
    let listener = TcpListener::bind(address).with_context(|| format!("`[server] {setting}`: {address}"))?;
    listener.set_nonblocking(true)?;
    Ok(Some(listener))
}

/// Ends when the program is told to stop: by Ctrl-C or by the service manager.
pub async fn told_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) else {
        tracing::error!("signals cannot be watched: end the program by SIGKILL");
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::SystemClock;
    use crate::config::Listen;

    fn any_port() -> Listen {
        SocketAddr::from(([127, 0, 0, 1], 0)).into()
    }

    #[tokio::test]
    async fn https_with_our_certificate_plain_on_loopback_and_the_page() {
        let folder = tempfile::tempdir().unwrap();
        let server = config::Server { https_listen: any_port(), http_listen: any_port(), certificate_listen: any_port(), ..config::Server::default() };
        let listeners = Listeners::bind(&server).unwrap();
        let (https, http, certificate) = (listeners.https().unwrap(), listeners.http().unwrap(), listeners.certificate().unwrap());
        let certificates = Arc::new(Certificates::open(&server, folder.path(), Arc::new(SystemClock)).unwrap());
        let router = Router::new().route("/hello", axum::routing::get(|| async { "hello" }));
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let serving = tokio::spawn(listeners.serve(router, certificates, None, async {
            let _ = stopped.await;
        }));

        // Another test may have installed the same provider already.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let plain = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let pem = plain.get(format!("http://{certificate}/ca/yizhan.pem")).send().await.unwrap().bytes().await.unwrap();
        let trusting = reqwest::Client::builder().add_root_certificate(reqwest::Certificate::from_pem(&pem).unwrap()).build().unwrap();
        let hello = async |url: String| trusting.get(url).send().await.unwrap().text().await.unwrap();
        assert_eq!(hello(format!("https://{https}/hello")).await, "hello");
        assert_eq!(hello(format!("https://localhost:{}/hello", https.port())).await, "hello");
        assert_eq!(hello(format!("http://{http}/hello")).await, "hello");
        assert!(hello(format!("https://{https}/ca")).await.contains("SHA-256"));
        assert!(plain.get(format!("https://{https}/hello")).send().await.is_err(), "a stranger to the authority is warned");
        let answer = plain.get(format!("http://{certificate}/hello")).send().await.unwrap();
        assert_eq!(
            (answer.status().as_u16(), answer.headers()["location"].to_str().unwrap()),
            (307, format!("https://127.0.0.1:{}/hello", https.port()).as_str())
        );

        stop.send(()).unwrap();
        drop((plain, trusting));
        serving.await.unwrap().unwrap();
        assert!(tokio::net::TcpStream::connect(https).await.is_err());
    }
}
