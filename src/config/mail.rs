use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{Secret, is_host_name, settings};

settings! {
    /// 邮件:会议通知由哪台邮件服务器(SMTP)发出。
    /// Mail: the server (SMTP) by which notices of meetings go out.
    pub struct Mail, together(Mail::together) {
        /// 邮件服务器的域名或地址;留空不发邮件。
        /// Name or address of the mail server; empty: no mail is sent.
        server: String = String::new();

        /// 端口:通常明文与 STARTTLS 为 25 或 587,TLS 为 465。
        /// Port: 25 or 587 for plain and STARTTLS as a rule, 465 for TLS.
        port: u16 = 25, 1..=65_535;

        /// 加密:none(不加密)、starttls、tls;证书按本机信任的机构和 authority 核对。
        /// none, starttls or tls; certificates are checked against the authorities that this machine trusts, and `authority`.
        encryption: MailEncryption = MailEncryption::None;

        /// 邮件服务器证书的签发机构(PEM 文件),单位自建机构时填写;留空只认本机信任的机构。
        /// The authority of the mail server's certificate, a PEM file, where it is the office's own; empty: those that this machine trusts.
        authority: PathBuf = PathBuf::new();

        /// 发件人地址。
        /// The address that mail comes from.
        from: String = String::new();

        /// 登录邮件服务器的用户名;留空则不登录。
        /// Name to sign in to the mail server with; empty: without signing in.
        user: String = String::new();

        /// 登录邮件服务器的密码。
        /// Password to sign in to the mail server with.
        password: Secret = Secret::default();
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailEncryption {
    None,
    StartTls,
    Tls,
}

impl fmt::Display for MailEncryption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

impl Mail {
    pub fn is_on(&self) -> bool {
        !self.server.is_empty()
    }

    fn together(&self) -> Vec<(&'static str, String)> {
        let mut found = Vec::new();
        if !self.is_on() {
            return found;
        }
        if !is_host_name(&self.server) && self.server.parse::<std::net::IpAddr>().is_err() {
            found.push(("server", format!("`{}` is neither a host name nor an address", self.server.escape_debug())));
        }
        let (name, host) = self.from.split_once('@').unwrap_or_default();
        if name.is_empty() || host.is_empty() || host.contains('@') || self.from.chars().any(|c| c.is_whitespace() || c.is_control()) {
            found.push(("from", format!("`{}` is not an address of mail, and `server` needs one to send from", self.from.escape_debug())));
        }
        if !self.password.as_str().is_empty() && self.user.is_empty() {
            found.push(("password", "needs `user` beside it".to_owned()));
        }
        found
    }
}
