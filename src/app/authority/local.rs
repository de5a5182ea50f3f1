use std::collections::BTreeSet;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose, SanType, date_time_ymd};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer, X509Certificate};

use super::scope::Scope;
use super::{CertificateError, Identity, files};
use crate::base::UtcMs;

const DAY_MS: i64 = 86_400_000;
const AUTHORITY_DAYS: i64 = 3652;
/// Browsers refuse leaves of more than 398 days (CA/Browser Forum ballot SC31); Apple's, from any authority, too.
const LEAF_DAYS: i64 = 397;
const RENEW_DAYS: i64 = 30;
/// Clocks on the network may be behind ours.
const BACKDATE_DAYS: i64 = 1;

/// The authority of this machine: its certificate, and its key in a file that only we can read.
pub struct LocalAuthority {
    folder: PathBuf,
    certificate: CertificateDer<'static>,
    certificate_pem: String,
    scope: Scope,
    issuer: Issuer<'static, KeyPair>,
    end: UtcMs,
}

/// A chain and its key, as files and as text.
pub struct Leaf {
    pub chain_path: PathBuf,
    pub chain_pem: String,
    pub key_path: PathBuf,
    pub key_pem: String,
}

impl LocalAuthority {
    /// Opens the authority in `folder`; the first time, makes one that fits `identity`.
    pub fn open(folder: &Path, identity: &Identity, now: UtcMs) -> Result<Self, CertificateError> {
        let (path, key_path) = (folder.join("authority.crt"), folder.join("authority.key"));
        let (pem, key) = match (files::read_if_there(&path)?, files::read_if_there(&key_path)?) {
            (Some(pem), Some(key)) => (pem, key),
            (Some(_), None) => {
                let said =
                    "is missing beside authority.crt. Restore it; or delete the folder for a new authority, which everybody must then install".to_owned();
                return Err(CertificateError::Content { path: key_path, said });
            }
            // A key alone is of a start that was cut short before anybody saw the certificate.
            (None, _) => {
                let (pem, key) = create(identity, now)?;
                files::write_private(&key_path, &key)?;
                files::write_private(&path, &pem)?;
                tracing::info!(file = %path.display(), "made the local certificate authority");
                (pem, key)
            }
        };
        let wrong = |path: &Path, said: String| CertificateError::Content { path: path.to_owned(), said };
        let certificate = CertificateDer::from_pem_slice(pem.as_bytes()).map_err(|e| wrong(&path, format!("not a certificate in PEM: {e}")))?;
        let (_, parsed) = X509Certificate::from_der(&certificate).map_err(|e| wrong(&path, format!("not a certificate: {e}")))?;
        let (scope, end) = (Scope::of(&parsed), UtcMs(parsed.validity().not_after.timestamp() * 1000));
        let key = KeyPair::from_pem(&key).map_err(|e| wrong(&key_path, e.to_string()))?;
        if key.public_key_raw() != parsed.public_key().subject_public_key.data.as_ref() {
            return Err(wrong(&key_path, "is not the key of authority.crt".to_owned()));
        }
        let issuer = Issuer::from_ca_cert_pem(&pem, key).map_err(|e| wrong(&path, e.to_string()))?;
        Ok(Self { folder: folder.to_owned(), certificate: certificate.clone(), certificate_pem: pem, scope, issuer, end })
    }

    /// The authority's certificate, to be installed by people.
    pub fn certificate(&self) -> &CertificateDer<'static> {
        &self.certificate
    }

    pub fn certificate_pem(&self) -> &str {
        &self.certificate_pem
    }

    pub fn end(&self) -> UtcMs {
        self.end
    }

    /// Names and addresses that the authority may not vouch for, as it was made before they were there.
    pub fn outside(&self, identity: &Identity) -> Vec<String> {
        let names = identity.names.iter().filter(|name| !self.scope.permits_name(name)).cloned();
        let addresses = identity.addresses.keys().filter(|address| !self.scope.permits_address(**address)).map(ToString::to_string);
        names.chain(addresses).collect()
    }

    /// The leaf in the folder if it still serves this identity, else a new one.
    pub fn leaf(&self, identity: &Identity, now: UtcMs) -> Result<Leaf, CertificateError> {
        let wanted = self.within_scope(identity);
        let (chain_path, key_path) = (self.folder.join("server.crt"), self.folder.join("server.key"));
        if let (Some(chain_pem), Some(key_pem)) = (files::read_if_there(&chain_path)?, files::read_if_there(&key_path)?)
            && self.still_serves(&chain_pem, &key_pem, &wanted, now)
        {
            return Ok(Leaf { chain_path, chain_pem, key_path, key_pem });
        }
        let (chain_pem, key_pem) = self.issue(&wanted, now)?;
        // Between the two writes the pair does not fit: such a pair does not serve, and is issued again.
        files::write_private(&key_path, &key_pem)?;
        files::write_private(&chain_path, &chain_pem)?;
        tracing::info!(names = ?wanted.names, addresses = ?wanted.addresses, "issued a server certificate");
        Ok(Leaf { chain_path, chain_pem, key_path, key_pem })
    }

    /// What is outside of the constraints would spoil the whole leaf, so it is left out and said.
    fn within_scope(&self, identity: &Identity) -> Subject {
        let outside = self.outside(identity);
        if !outside.is_empty() {
            tracing::warn!(
                ?outside, folder = %self.folder.display(),
                "the local authority was made before these and may not vouch for them: use a certificate of your own, \
                 or delete the folder for a new authority, which everybody must then install"
            );
        }
        Subject {
            names: identity.names.iter().filter(|name| self.scope.permits_name(name)).cloned().collect(),
            addresses: identity.addresses.keys().copied().filter(|address| self.scope.permits_address(*address)).collect(),
        }
    }

    fn still_serves(&self, chain_pem: &str, key_pem: &str, wanted: &Subject, now: UtcMs) -> bool {
        let Ok(chain) = CertificateDer::pem_slice_iter(chain_pem.as_bytes()).collect::<Result<Vec<_>, _>>() else { return false };
        let [leaf, authority] = chain.as_slice() else { return false };
        let (Ok((_, leaf)), Ok(key)) = (X509Certificate::from_der(leaf), KeyPair::from_pem(key_pem)) else { return false };
        let (from, to) = (leaf.validity().not_before.timestamp() * 1000, leaf.validity().not_after.timestamp() * 1000);
        *authority == self.certificate
            && key.public_key_raw() == leaf.public_key().subject_public_key.data.as_ref()
            && from <= now.0
            && to - now.0 >= RENEW_DAYS * DAY_MS
            && Subject::of(&leaf) == *wanted
    }

    fn issue(&self, subject: &Subject, now: UtcMs) -> Result<(String, String), CertificateError> {
        let name = subject.names.iter().find(|name| *name != "localhost").cloned().unwrap_or_else(|| "localhost".to_owned());
        let failed = |source| CertificateError::Issue { subject: name.clone(), source };
        let mut params = CertificateParams::default();
        params.distinguished_name.remove(DnType::CommonName);
        params.distinguished_name.push(DnType::CommonName, name.chars().take(64).collect::<String>()); // X.520: at most 64
        for name in &subject.names {
            params.subject_alt_names.push(SanType::DnsName(name.as_str().try_into().map_err(failed)?));
        }
        params.subject_alt_names.extend(subject.addresses.iter().copied().map(SanType::IpAddress));
        let end = self.end.min(now + (LEAF_DAYS - BACKDATE_DAYS) * DAY_MS - 1000);
        set_validity(&mut params, now - BACKDATE_DAYS * DAY_MS, end);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        params.is_ca = IsCa::ExplicitNoCa;
        let key = KeyPair::generate().map_err(failed)?;
        let leaf = params.signed_by(&key, &self.issuer).map_err(failed)?;
        Ok((format!("{}{}", leaf.pem(), self.certificate_pem), key.serialize_pem()))
    }
}

/// What a leaf vouches for.
#[derive(Debug, PartialEq, Eq)]
struct Subject {
    names: BTreeSet<String>,
    addresses: BTreeSet<IpAddr>,
}

impl Subject {
    fn of(leaf: &X509Certificate<'_>) -> Self {
        let mut subject = Self { names: BTreeSet::new(), addresses: BTreeSet::new() };
        let Ok(Some(alternatives)) = leaf.subject_alternative_name() else { return subject };
        for name in &alternatives.value.general_names {
            match name {
                GeneralName::DNSName(name) => subject.names.extend([(*name).to_owned()]),
                GeneralName::IPAddress(bytes) => {
                    let v4 = <[u8; 4]>::try_from(*bytes).map(IpAddr::from);
                    subject.addresses.extend(v4.or_else(|_| <[u8; 16]>::try_from(*bytes).map(IpAddr::from)));
                }
                _ => {}
            }
        }
        subject
    }
}

fn create(identity: &Identity, now: UtcMs) -> Result<(String, String), CertificateError> {
    let host = identity.names.iter().find(|name| *name != "localhost").map_or("localhost", String::as_str);
    let name: String = format!("Yizhan {host}").chars().take(64).collect();
    let failed = |source| CertificateError::Issue { subject: name.clone(), source };
    let mut params = CertificateParams::default();
    params.distinguished_name.remove(DnType::CommonName);
    params.distinguished_name.push(DnType::CommonName, name.clone());
    params.distinguished_name.push(DnType::OrganizationName, "Yizhan 驿站");
    set_validity(&mut params, now - BACKDATE_DAYS * DAY_MS, now + AUTHORITY_DAYS * DAY_MS);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.name_constraints = Some(Scope::around(identity).to_constraints());
    let key = KeyPair::generate().map_err(failed)?;
    let certificate = params.self_signed(&key).map_err(failed)?;
    Ok((certificate.pem(), key.serialize_pem()))
}

fn set_validity(params: &mut CertificateParams, from: UtcMs, to: UtcMs) {
    let date = |at: UtcMs| date_time_ymd(1970, 1, 1) + Duration::from_secs((at.0 / 1000).max(0) as u64);
    (params.not_before, params.not_after) = (date(from), date(to));
}
