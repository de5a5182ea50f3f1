//! One port for HTTPS and for media over TCP: a connection's first byte tells which it is.

use std::io;

use axum_server::accept::Accept;
use axum_server::tls_rustls::RustlsAcceptor;
use tokio::net::TcpStream;

use crate::transport::{self, Media, is_media};

/// Hands media to its threads and all else to TLS.
#[derive(Clone)]
pub struct Sharing {
    pub tls: RustlsAcceptor,
    pub media: Option<Media>,
}

impl<S: Send + 'static> Accept<TcpStream, S> for Sharing {
    type Stream = <RustlsAcceptor as Accept<TcpStream, S>>::Stream;
    type Service = <RustlsAcceptor as Accept<TcpStream, S>>::Service;
    type Future = std::pin::Pin<Box<dyn Future<Output = io::Result<(Self::Stream, Self::Service)>> + Send>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let Self { tls, media } = self.clone();
        Box::pin(async move {
            let Some(media) = media else { return tls.accept(stream, service).await };
            let mut first = [0];
            // Who connects and says nothing is TLS's to wait for.
            let is_silent = tokio::time::timeout(FIRST, stream.peek(&mut first)).await.is_err();
            if !is_silent && is_media(first[0]) {
                tokio::spawn(transport::accept(media, stream));
                return Err(io::Error::other("a media connection"));
            }
            tls.accept(stream, service).await
        })
    }
}

const FIRST: std::time::Duration = std::time::Duration::from_secs(5);
