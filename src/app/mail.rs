use crate::config::{Mail, MailEncryption};
use crate::meeting::{Encryption, MailOptions};

/// What the configuration says about mail, as `meeting` wants to know it; none where it is off.
pub fn mail_options(mail: &Mail) -> Option<MailOptions> {
    mail.is_on().then(|| MailOptions {
        server: mail.server.clone(),
        port: mail.port,
        encryption: match mail.encryption {
            MailEncryption::None => Encryption::None,
            MailEncryption::StartTls => Encryption::StartTls,
            MailEncryption::Tls => Encryption::Tls,
        },
        from: mail.from.clone(),
        user: mail.user.clone(),
        password: mail.password.as_str().to_owned(),
    })
}
