use std::path::{Path, PathBuf};

use ipnet::IpNet;

use super::{Listen, settings};

settings! {
    /// 网页与接口:在哪里监听,用哪张证书。
    /// Pages and API: where to listen, which certificate to show.
    pub struct Server, together(Server::together) {
        /// HTTPS 监听地址;"off" 关闭(例如前面有代理时)。
        /// Address for HTTPS; "off" for none (behind a proxy, say).
        https_listen: Listen = Listen::on("[::]:8443");

        /// 明文 HTTP 监听地址,只允许本机回环地址(127.0.0.1、[::1]);给本机和前置代理使用。
        /// Address for plain HTTP, on loopback only: for this machine and for a proxy in front.
        http_listen: Listen = Listen::on("127.0.0.1:8080");

        /// 本地证书下载与安装说明页的明文地址,其余请求转到 HTTPS;"off" 关闭。
        /// Plain HTTP address of the page that hands out the local authority's certificate; all else there is sent on to HTTPS.
        certificate_listen: Listen = Listen::on("[::]:8081");

        /// 访问本机所用的其他域名,写入证书;主机名与各网卡地址自动包含。
        /// Further names people use for this machine, put into the certificate; the host name and every address are there anyway.
        names: Vec<String> = Vec::new();

        /// 自有证书(PEM,含中间证书)的文件;留空则使用本地证书机构签发的证书。
        /// Your own certificate (PEM, with intermediates); empty: one issued by the local authority.
        certificate: PathBuf = PathBuf::new();

        /// 自有证书的私钥(PEM)文件。
        /// The private key (PEM) of your own certificate.
        key: PathBuf = PathBuf::new();

        /// 前置代理的地址;只相信它们给出的 X-Forwarded-For。
        /// Proxies in front; only their X-Forwarded-For is believed. For example ["10.0.0.5/32"].
        trusted_proxies: Vec<IpNet> = Vec::new();
    }
}

impl Server {
    /// The certificate and key of the operator's own, if there are.
    pub fn own_certificate(&self) -> Option<(&Path, &Path)> {
        (!self.certificate.as_os_str().is_empty()).then_some((&self.certificate, &self.key))
    }

    fn together(&self) -> Vec<(&'static str, String)> {
        let mut found = Vec::new();
        match (self.certificate.as_os_str().is_empty(), self.key.as_os_str().is_empty()) {
            (false, true) => found.push(("certificate", "needs `key` beside it".to_owned())),
            (true, false) => found.push(("key", "needs `certificate` beside it".to_owned())),
            _ => {}
        }
        if let Some(address) = self.http_listen.address()
            && !address.ip().is_loopback()
        {
            let said = format!("{address} is not a loopback address: plain HTTP is served on this machine only, others use `https_listen`");
            found.push(("http_listen", said));
        }
        if self.https_listen.address().is_none() && self.http_listen.address().is_none() {
            found.push(("https_listen", "is off, and so is `http_listen`: nobody could reach the server".to_owned()));
        }
        for name in &self.names {
            if !is_host_name(name) {
                found.push(("names", format!("`{name}` is not a host name")));
            }
        }
        found
    }
}

/// RFC 1123 §2.1; names in Chinese are written in their `xn--` form.
pub fn is_host_name(name: &str) -> bool {
    let label = |l: &str| (1..=63).contains(&l.len()) && !l.starts_with('-') && !l.ends_with('-') && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    name.len() <= 253 && name.split('.').all(label)
}
