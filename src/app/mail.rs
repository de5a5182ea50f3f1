use anyhow::Context;

use crate::config::{Mail, MailEncryption};
use crate::meeting::{Encryption, MailOptions};

/// What the configuration says about mail, as `meeting` wants to know it; none where it is off.
pub fn mail_options(mail: &Mail) -> anyhow::Result<Option<MailOptions>> {
    if !mail.is_on() {
        return Ok(None);
    }
    let authority = match mail.authority.as_os_str().is_empty() {
        true => None,
        false => {
            let read = std::fs::read(&mail.authority);
            Some(read.with_context(|| format!("[mail] authority: 证书文件不能读取 / the certificate cannot be read: {}", mail.authority.display()))?)
        }
    };
    Ok(Some(MailOptions {
        server: mail.server.clone(),
        port: mail.port,
        encryption: match mail.encryption {
            MailEncryption::None => Encryption::None,
            MailEncryption::StartTls => Encryption::StartTls,
            MailEncryption::Tls => Encryption::Tls,
        },
        authority,
        from: mail.from.clone(),
        user: mail.user.clone(),
        password: mail.password.as_str().to_owned(),
    }))
}
