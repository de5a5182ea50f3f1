use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::os::unix::fs::PermissionsExt;

use axum::body::Body;
use axum::http::Request;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tower::ServiceExt;
use x509_parser::prelude::{FromDer, X509Certificate};

use super::scope::Scope;
use super::*;

const NOW: UtcMs = UtcMs(1_795_248_000_000);
const DAY_MS: i64 = 86_400_000;

fn identity(addresses: &[&str]) -> Identity {
    let net = |text: &&str| -> (IpAddr, ipnet::IpNet) {
        let net: ipnet::IpNet = text.parse().unwrap();
        (net.addr(), net)
    };
    Identity { names: identity::names("tv-01.county.gov", &["media.county.gov".to_owned()]), addresses: addresses.iter().map(net).collect::<BTreeMap<_, _>>() }
}

/// Would a browser that has the authority installed go to this host?
fn accepts(authority: &LocalAuthority, leaf: &local::Leaf, host: &str, now: UtcMs) -> Result<(), String> {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(authority.certificate().clone()).map_err(|e| e.to_string())?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let verifier = rustls::client::WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build().map_err(|e| e.to_string())?;
    let chain: Vec<_> = CertificateDer::pem_slice_iter(leaf.chain_pem.as_bytes()).collect::<Result<_, _>>().map_err(|e| e.to_string())?;
    let name = ServerName::try_from(host.to_owned()).map_err(|e| e.to_string())?;
    let at = UnixTime::since_unix_epoch(Duration::from_millis(now.0 as u64));
    rustls::client::danger::ServerCertVerifier::verify_server_cert(&*verifier, &chain[0], &chain[1..], &name, &[], at).map(|_| ()).map_err(|e| e.to_string())
}

#[test]
fn a_leaf_serves_every_name_and_address_and_no_others() {
    let folder = tempfile::tempdir().unwrap();
    let identity = identity(&["127.0.0.1/8", "::1/128", "10.1.2.3/24", "59.200.7.9/20", "fd00::5/64", "2001:db8:1:2::7/64"]);
    let authority = LocalAuthority::open(folder.path(), &identity, NOW).unwrap();
    let leaf = authority.leaf(&identity, NOW).unwrap();
    for host in ["localhost", "tv-01", "tv-01.local", "tv-01.county.gov", "media.county.gov", "127.0.0.1", "10.1.2.3", "59.200.7.9", "::1", "2001:db8:1:2::7"] {
        accepts(&authority, &leaf, host, NOW).unwrap_or_else(|e| panic!("{host}: {e}"));
    }
    assert!(accepts(&authority, &leaf, "10.1.2.4", NOW).is_err());
    assert!(accepts(&authority, &leaf, "www.county.gov", NOW).is_err());
    let (_, parsed) = X509Certificate::from_der(authority.certificate()).unwrap();
    assert!(parsed.is_ca());
    assert!(tls_config(leaf.chain_pem.as_bytes(), &leaf.chain_path, leaf.key_pem.as_bytes(), &leaf.key_path).is_ok());
}

#[test]
fn keys_are_for_nobody_elses_eyes() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("authority");
    LocalAuthority::open(&folder, &identity(&[]), NOW).unwrap().leaf(&identity(&[]), NOW).unwrap();
    for name in ["authority.key", "server.key"] {
        assert_eq!(std::fs::metadata(folder.join(name)).unwrap().permissions().mode() & 0o777, 0o600, "{name}");
    }
    assert_eq!(std::fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
}

#[test]
fn a_leaf_lasts_397_days_and_is_renewed_30_before_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let identity = identity(&["10.1.2.3/24"]);
    let authority = LocalAuthority::open(folder.path(), &identity, NOW).unwrap();
    let first = authority.leaf(&identity, NOW).unwrap();
    let chain: Vec<_> = CertificateDer::pem_slice_iter(first.chain_pem.as_bytes()).collect::<Result<_, _>>().unwrap();
    let (_, parsed) = X509Certificate::from_der(&chain[0]).unwrap();
    let validity = parsed.validity();
    assert_eq!(validity.not_after.timestamp() - validity.not_before.timestamp() + 1, 397 * 86_400);

    let again = LocalAuthority::open(folder.path(), &identity, NOW).unwrap();
    assert_eq!(again.certificate(), authority.certificate());
    assert_eq!(again.leaf(&identity, NOW + 365 * DAY_MS).unwrap().chain_pem, first.chain_pem, "still good");
    let later = NOW + 367 * DAY_MS;
    let renewed = again.leaf(&identity, later).unwrap();
    assert_ne!(renewed.chain_pem, first.chain_pem);
    accepts(&again, &renewed, "10.1.2.3", later).unwrap();
}

#[test]
fn a_new_address_gets_a_new_leaf_of_the_same_authority() {
    let folder = tempfile::tempdir().unwrap();
    let before = identity(&["10.1.2.3/24"]);
    let authority = LocalAuthority::open(folder.path(), &before, NOW).unwrap();
    authority.leaf(&before, NOW).unwrap();
    let after = identity(&["192.168.7.7/24", "8.8.8.8/24"]);
    let leaf = authority.leaf(&after, NOW).unwrap();
    accepts(&authority, &leaf, "192.168.7.7", NOW).unwrap();
    // An address that the authority may not vouch for is left out: it must not spoil the others.
    assert!(accepts(&authority, &leaf, "8.8.8.8", NOW).is_err());
    assert_eq!(authority.leaf(&after, NOW).unwrap().chain_pem, leaf.chain_pem, "and is not tried again each time");
}

#[test]
fn the_scope_survives_being_written_into_a_certificate() {
    let folder = tempfile::tempdir().unwrap();
    let identity = identity(&["59.200.7.9/8", "2001:db8:1:2::7/16"]);
    let authority = LocalAuthority::open(folder.path(), &identity, NOW).unwrap();
    let (_, parsed) = X509Certificate::from_der(authority.certificate()).unwrap();
    let scope = Scope::of(&parsed);
    assert_eq!(scope, Scope::around(&identity));
    assert!(scope.permits_address("59.200.200.1".parse().unwrap()), "the network around an address");
    assert!(!scope.permits_address("59.201.0.1".parse().unwrap()), "but never a wide one");
    assert!(scope.permits_name("other.local") && !scope.permits_name("evillocal") && !scope.permits_name("example.com"));
}

#[test]
fn what_does_not_fit_together_is_told_with_the_file() {
    let folder = tempfile::tempdir().unwrap();
    LocalAuthority::open(folder.path(), &identity(&[]), NOW).unwrap();
    std::fs::write(folder.path().join("authority.key"), rcgen::KeyPair::generate().unwrap().serialize_pem()).unwrap();
    let said = LocalAuthority::open(folder.path(), &identity(&[]), NOW).err().unwrap().to_string();
    assert!(said.contains("authority.key: is not the key of authority.crt"), "{said}");
    std::fs::remove_file(folder.path().join("authority.key")).unwrap();
    let said = LocalAuthority::open(folder.path(), &identity(&[]), NOW).err().unwrap().to_string();
    assert!(said.contains("authority.key: is missing"), "{said}");
    std::fs::write(folder.path().join("server.key"), "nonsense").unwrap();
}

#[test]
fn this_machine_has_a_name_and_addresses() {
    let identity = Identity::of_this_machine(&["Extra.Name".to_owned()]).unwrap();
    assert!(identity.names.is_superset(&BTreeSet::from(["localhost".to_owned(), "extra.name".to_owned()])));
    assert!(identity.addresses.contains_key(&"127.0.0.1".parse::<IpAddr>().unwrap()));
}

async fn get(router: axum::Router, path: &str, host: &str) -> (u16, axum::http::HeaderMap, Vec<u8>) {
    let response = router.oneshot(Request::get(path).header("host", host).body(Body::empty()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    (parts.status.as_u16(), parts.headers, axum::body::to_bytes(body, 1 << 20).await.unwrap().to_vec())
}

#[tokio::test]
async fn the_plain_listener_has_the_page_and_the_way_to_https() {
    let folder = tempfile::tempdir().unwrap();
    let authority = LocalAuthority::open(folder.path(), &identity(&[]), NOW).unwrap();
    let page = CertificatePage::of(&authority, 8443);
    let site = certificate_site(Some(page.clone()), 8443);

    let (status, headers, body) = get(site.clone(), "/ca", "10.1.2.3:8081").await;
    let text = String::from_utf8(body).unwrap();
    assert_eq!((status, headers["content-type"].to_str().unwrap()), (200, "text/html; charset=utf-8"));
    assert!(
        text.contains(page.fingerprint())
            && text.contains("https://10.1.2.3:8443/")
            && text.contains("http://10.1.2.3:8081/ca/yizhan.pem")
            && !text.contains("{{")
    );

    let (_, headers, der) = get(site.clone(), "/ca/yizhan.crt", "x").await;
    assert_eq!((headers["content-type"].to_str().unwrap(), der.as_slice()), ("application/x-x509-ca-cert", authority.certificate().as_ref()));
    let (_, _, pem) = get(site.clone(), "/ca/yizhan.pem", "x").await;
    assert_eq!(CertificateDer::from_pem_slice(&pem).unwrap(), *authority.certificate());

    let (status, headers, _) = get(site.clone(), "/watch?x=1", "[fd00::1]:8081").await;
    assert_eq!((status, headers["location"].to_str().unwrap()), (307, "https://[fd00::1]:8443/watch?x=1"));
    let (_, headers, _) = get(certificate_site(None, 443), "/ca", "tv.local").await;
    assert_eq!(headers["location"].to_str().unwrap(), "https://tv.local/ca");
    let (_, _, body) = get(site.clone(), "/ca", "<script>").await;
    assert!(!String::from_utf8(body).unwrap().contains("<script>"));
    let (status, ..) = get(site, "/", "a\"b").await;
    assert_eq!(status, 400);
}
