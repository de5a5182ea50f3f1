use std::path::Path;

use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer, X509Certificate};

use super::{Finding, Severity, Text, text};
use crate::app::authority::{self, CertificateError, Identity, LocalAuthority};
use crate::base::{Clock, SystemClock, UtcMs};
use crate::config::{Config, Server};

const DAY_MS: i64 = 86_400_000;
/// How long before its end people hear of a certificate that is theirs to renew.
const SOON_DAYS: i64 = 30;
/// A new authority must be installed by everybody: they hear of it a year before.
const AUTHORITY_SOON_DAYS: i64 = 365;

pub(super) fn valid(config: &Config, findings: &mut Vec<Finding>) {
    if config.server.https_listen.address().is_none() {
        return;
    }
    match config.server.own_certificate() {
        Some((certificate, key)) => own(&config.server, certificate, key, SystemClock.now(), findings),
        None => local(config, SystemClock.now(), findings),
    }
}

fn finding(severity: Severity, what: Text, cure: Text) -> Finding {
    Finding {
        severity, about: "certificate", what, why: text("浏览器会拒绝连接,或提示不安全", "browsers would refuse the connection, or warn of it"), cure
    }
}

fn own(server: &Server, certificate: &Path, key: &Path, now: UtcMs, findings: &mut Vec<Finding>) {
    let cure = text("检查 `[server] certificate` 与 `key`", "look at `[server] certificate` and `key`");
    let read = |path: &Path| std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()));
    let usable = read(certificate).and_then(|chain| {
        let key_pem = read(key)?;
        authority::tls_config(&chain, certificate, &key_pem, key).map_err(|error| error.to_string())?;
        Ok(chain)
    });
    let chain = match usable {
        Ok(chain) => chain,
        Err(said) => {
            findings.push(finding(Severity::Error, text(format!("证书不能使用:{said}"), format!("the certificate cannot be used: {said}")), cure));
            return;
        }
    };
    let Ok((_, pem)) = x509_parser::pem::parse_x509_pem(&chain) else { return };
    let Ok((_, leaf)) = X509Certificate::from_der(&pem.contents) else { return };
    let name = certificate.display();
    let end = UtcMs(leaf.validity().not_after.timestamp() * 1000);
    let renew = text("换上新证书;一小时内自动生效,不必重启", "put a new one in its place; it is taken up within an hour, without a restart");
    if end < now {
        findings.push(finding(Severity::Error, text(format!("证书 {name} 已于 {end} 过期"), format!("the certificate {name} ended at {end}")), renew));
    } else if end - now < SOON_DAYS * DAY_MS {
        findings.push(finding(Severity::Warning, text(format!("证书 {name} 将于 {end} 过期"), format!("the certificate {name} ends at {end}")), renew));
    }
    for missing in server.names.iter().filter(|name| !covers(&leaf, name)) {
        findings.push(finding(
            Severity::Warning,
            text(
                format!("证书 {name} 不包含 `[server] names` 中的 {missing}"),
                format!("the certificate {name} is not for {missing}, which `[server] names` lists"),
            ),
            text("申请包含此名称的证书,或从 `names` 中删去", "get one that is, or take the name out of `names`"),
        ));
    }
}

/// RFC 6125 §6.4.3: a wildcard stands for one whole label.
fn covers(leaf: &X509Certificate<'_>, name: &str) -> bool {
    let Ok(Some(alternatives)) = leaf.subject_alternative_name() else { return false };
    let name = name.to_lowercase();
    alternatives.value.general_names.iter().any(|known| match known {
        GeneralName::DNSName(known) => {
            let known = known.to_lowercase();
            known == name || known.strip_prefix("*.").is_some_and(|parent| name.split_once('.').is_some_and(|(_, rest)| rest == parent))
        }
        _ => false,
    })
}

fn local(config: &Config, now: UtcMs, findings: &mut Vec<Finding>) {
    let folder = config.storage.folder.join("authority");
    if !folder.join("authority.crt").exists() {
        return; // made at the first start
    }
    let anew = text(
        format!("删除 {} 后重启会生成新的证书机构,所有人须重新安装;或使用自有证书", folder.display()),
        format!("delete {} and restart for a new authority, which everybody must install; or use a certificate of your own", folder.display()),
    );
    let opened = Identity::of_this_machine(&config.server.names)
        .map_err(CertificateError::from)
        .and_then(|identity| Ok((LocalAuthority::open(&folder, &identity, now)?, identity)));
    let (authority, identity) = match opened {
        Ok(opened) => opened,
        Err(error) => {
            findings.push(finding(
                Severity::Error,
                text(format!("本地证书机构不能使用:{error}"), format!("the local authority cannot be used: {error}")),
                anew,
            ));
            return;
        }
    };
    let end = authority.end();
    if end - now < AUTHORITY_SOON_DAYS * DAY_MS {
        let severity = if end < now { Severity::Error } else { Severity::Warning };
        findings.push(finding(severity, text(format!("本地证书机构有效至 {end}"), format!("the local authority ends at {end}")), anew.clone()));
    }
    let outside = authority.outside(&identity);
    if !outside.is_empty() {
        let list = outside.join(", ");
        findings.push(finding(
            Severity::Warning,
            text(format!("本地证书机构不能为这些名称或地址作证:{list}"), format!("the local authority may not vouch for {list}")),
            anew,
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::{CertificateParams, KeyPair};

    fn write(folder: &Path, names: &[&str]) -> (std::path::PathBuf, std::path::PathBuf) {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>()).unwrap();
        params.not_before = rcgen::date_time_ymd(2026, 1, 1);
        params.not_after = rcgen::date_time_ymd(2027, 1, 1);
        let paths = (folder.join("own.crt"), folder.join("own.key"));
        std::fs::write(&paths.0, params.self_signed(&key).unwrap().pem()).unwrap();
        std::fs::write(&paths.1, key.serialize_pem()).unwrap();
        paths
    }

    fn said(server: &Server, paths: &(std::path::PathBuf, std::path::PathBuf), now: UtcMs) -> Vec<(Severity, String)> {
        let mut findings = Vec::new();
        own(server, &paths.0, &paths.1, now, &mut findings);
        findings.into_iter().map(|finding| (finding.severity, finding.what.en)).collect()
    }

    #[test]
    fn a_certificate_of_ones_own_is_looked_over() {
        let folder = tempfile::tempdir().unwrap();
        let paths = write(folder.path(), &["tv.county.gov", "*.media.gov"]);
        let server = Server { names: vec!["TV.county.gov".to_owned(), "a.media.gov".to_owned()], ..Server::default() };
        let june = UtcMs(1_780_272_000_000); // 2026-06-01
        assert_eq!(said(&server, &paths, june), []);
        let december = june + 200 * DAY_MS;
        assert_eq!(said(&server, &paths, december)[0].0, Severity::Warning);
        let next_year = june + 300 * DAY_MS;
        assert_eq!(said(&server, &paths, next_year)[0].0, Severity::Error);
        let other = Server { names: vec!["a.b.media.gov".to_owned()], ..Server::default() };
        assert!(said(&other, &paths, june)[0].1.contains("is not for a.b.media.gov"));
        std::fs::write(&paths.1, KeyPair::generate().unwrap().serialize_pem()).unwrap();
        assert!(said(&server, &paths, june)[0].1.starts_with("the certificate cannot be used: "));
        std::fs::remove_file(&paths.0).unwrap();
        assert!(said(&server, &paths, june)[0].1.contains("own.crt: "));
    }

    #[test]
    fn the_local_authority_is_looked_over() {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::default();
        config.storage.folder = folder.path().to_owned();
        let now = UtcMs(1_780_272_000_000);
        let look = |config: &Config, now| {
            let mut findings = Vec::new();
            local(config, now, &mut findings);
            findings.into_iter().map(|finding| (finding.severity, finding.what.en)).collect::<Vec<_>>()
        };
        assert_eq!(look(&config, now), [], "none yet");
        let identity = Identity::of_this_machine(&[]).unwrap();
        LocalAuthority::open(&folder.path().join("authority"), &identity, now).unwrap();
        assert_eq!(look(&config, now), []);
        config.server.names = vec!["www.elsewhere.cn".to_owned()];
        assert_eq!(look(&config, now), [(Severity::Warning, "the local authority may not vouch for www.elsewhere.cn".to_owned())]);
        assert_eq!(look(&Config { server: Server::default(), ..config }, now + 3653 * DAY_MS)[0].0, Severity::Error);
    }
}
