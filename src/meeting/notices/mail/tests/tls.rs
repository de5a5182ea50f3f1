//! Mail over TLS, with the certificate of an office's own authority.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use super::*;

/// An authority's certificate as PEM, and a server's acceptor with a certificate of it for this name.
fn authority_and_server(name: &str) -> (Vec<u8>, TlsAcceptor) {
    let mut params = CertificateParams::new(vec![]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec![name.to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap().with_no_client_auth();
    let config = config.with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::try_from(key.serialize_der()).unwrap()).unwrap();
    (authority.pem().into_bytes(), TlsAcceptor::from(Arc::new(config)))
}

/// A line of the client's before TLS.
async fn line(stream: &mut TcpStream) -> String {
    use tokio::io::AsyncReadExt;
    let mut line = vec![];
    while !line.ends_with(b"\r\n") {
        line.push(stream.read_u8().await.unwrap());
    }
    String::from_utf8(line).unwrap()
}

impl Sink {
    async fn listen_by_tls(encryption: Encryption, acceptor: TlsAcceptor) -> (Self, MailOptions) {
        let (sink, mut options) = Sink::listen(&[]).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        (options.server, options.port, options.encryption) = ("localhost".to_owned(), listener.local_addr().unwrap().port(), encryption);
        let accepting = sink.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                if encryption == Encryption::StartTls {
                    stream.write_all(b"220 sink\r\n").await.unwrap();
                    assert!(line(&mut stream).await.starts_with("EHLO"));
                    stream.write_all(b"250-sink\r\n250 STARTTLS\r\n").await.unwrap();
                    assert_eq!(line(&mut stream).await, "STARTTLS\r\n", "nothing is said before it is safe");
                    stream.write_all(b"220 go on\r\n").await.unwrap();
                }
                // A client that does not trust us ends it here.
                let Ok(safe) = acceptor.accept(stream).await else { continue };
                let sink = accepting.clone();
                tokio::spawn(async move { sink.speak(safe, encryption == Encryption::Tls).await });
            }
        });
        (sink, options)
    }
}

/// What was taken, and what is noted of the letter.
async fn sent(sink: &Sink, options: MailOptions) -> (usize, String, Option<String>) {
    let (world, courier) = with_addresses(options).await;
    world.book("root", new("root", "root", &["xihu"], 0)).await.unwrap();
    courier.round().await.unwrap();
    let (state, _, error) = world.fixture.store.outbox_states().await.unwrap().remove(0);
    (sink.taken().len(), state, error)
}

#[tokio::test]
async fn mail_goes_by_starttls_and_by_tls_to_a_server_of_the_offices_own_authority() {
    for encryption in [Encryption::StartTls, Encryption::Tls] {
        let (authority, acceptor) = authority_and_server("localhost");
        let (sink, mut options) = Sink::listen_by_tls(encryption, acceptor).await;
        options.authority = Some(authority);
        assert_eq!(sent(&sink, options).await, (1, "sent".to_owned(), None), "{encryption:?}");
    }
}

#[tokio::test]
async fn a_wrong_certificate_is_refused_and_the_host_is_named() {
    let (authority, for_another) = authority_and_server("mail.other.example");
    let (stranger, _) = authority_and_server("localhost");
    let (_, untrusted) = authority_and_server("localhost");
    let wrong = [(for_another, Some(authority)), (untrusted.clone(), Some(stranger)), (untrusted, None)];
    for (acceptor, authority) in wrong {
        for encryption in [Encryption::StartTls, Encryption::Tls] {
            let (sink, mut options) = Sink::listen_by_tls(encryption, acceptor.clone()).await;
            options.authority = authority.clone();
            let host = format!("localhost:{}", options.port);
            let (taken, state, error) = sent(&sink, options).await;
            let error = error.unwrap();
            assert!(error.contains(&host) && error.contains("certificate") && error.contains("证书不可信"), "{error}");
            assert_eq!((taken, state.as_str()), (0, "waiting"), "tried again once it is put right");
        }
    }
}

#[tokio::test]
async fn an_authority_that_is_no_certificate_is_told_at_the_start() {
    let (_, mut options) = Sink::listen(&[]).await;
    (options.encryption, options.authority) = (Encryption::Tls, Some(b"-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n".to_vec()));
    let world = World::with_mail(Some(options)).await;
    let error = Courier::new(world.meetings.clone()).err().unwrap().to_string();
    assert!(error.contains("authority"), "{error}");
}
