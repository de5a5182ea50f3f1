//! The courier: takes letters from the outbox to the mail server, and tries again what did not get through.

#[cfg(test)]
mod tests;

use std::time::Duration;

use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use tokio_util::sync::CancellationToken;

use crate::meeting::Meetings;
use crate::store::outbox::Letter;

/// Where mail goes out.
#[derive(Clone)]
pub struct MailOptions {
    pub server: String,
    pub port: u16,
    pub encryption: Encryption,
    /// Beside those that this machine trusts: the office's own authority, PEM.
    pub authority: Option<Vec<u8>>,
    pub from: String,
    /// Empty: without signing in.
    pub user: String,
    pub password: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encryption {
    None,
    StartTls,
    Tls,
}

#[derive(Debug, thiserror::Error)]
pub enum MailError {
    #[error("address: {0}")]
    Address(#[from] lettre::address::AddressError),
    #[error("message: {0}")]
    Message(#[from] lettre::error::Error),
    #[error("content type: {0}")]
    ContentType(#[from] lettre::message::header::ContentTypeErr),
    #[error("[mail] authority: 不是 PEM 格式的证书 / no certificate in PEM: {0}")]
    Authority(lettre::transport::smtp::Error),
    #[error("{}", refused(host, source))]
    Server { host: String, source: lettre::transport::smtp::Error },
}

impl MailError {
    /// The server will never take it, or it is none.
    fn is_final(&self) -> bool {
        match self {
            Self::Server { source, .. } => source.is_permanent(),
            Self::Address(_) | Self::Message(_) | Self::ContentType(_) | Self::Authority(_) => true,
        }
    }

    /// No server answered: the letters after this one would wait for nothing, too.
    fn is_silence(&self) -> bool {
        matches!(self, Self::Server { source, .. } if !source.is_permanent() && !source.is_transient())
    }
}

/// A letter is tried so often: with the waits between, for two days.
const ATTEMPTS: u32 = 17;
const FIRST_WAIT_MS: i64 = 60_000;
const LONGEST_WAIT_MS: i64 = 6 * 3_600_000;
const LOOK_AGAIN: Duration = Duration::from_secs(30);
const TIMEOUT: Duration = Duration::from_secs(30);
const AT_ONCE: u32 = 20;
/// What was sent is kept so long, for whoever asks where a mail went.
const KEPT_MS: i64 = 30 * 24 * 3_600_000;

/// Sends mail until told to stop.
pub struct Courier {
    meetings: Meetings,
    options: MailOptions,
    transport: AsyncSmtpTransport<Tokio1Executor>,
}

impl Courier {
    /// None where no mail is sent.
    pub fn new(meetings: Meetings) -> Result<Option<Self>, MailError> {
        let Some(options) = meetings.0.mail.clone() else { return Ok(None) };
        let tls = match options.encryption {
            Encryption::None => Tls::None,
            Encryption::StartTls => Tls::Required(trusting(&options)?),
            Encryption::Tls => Tls::Wrapper(trusting(&options)?),
        };
        let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&options.server).port(options.port).tls(tls).timeout(Some(TIMEOUT));
        if !options.user.is_empty() {
            transport = transport.credentials(Credentials::new(options.user.clone(), options.password.clone()));
        }
        Ok(Some(Self { transport: transport.build(), options, meetings }))
    }

    pub async fn run(self, stop: CancellationToken) {
        loop {
            match stop.run_until_cancelled(self.round()).await {
                None => return,
                Some(Err(error)) => tracing::error!(%error, "the outbox cannot be read"),
                Some(Ok(())) => {}
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = self.meetings.0.posted.notified() => {}
                () = tokio::time::sleep(LOOK_AGAIN) => {}
            }
        }
    }

    /// Tries each letter whose turn it is, once.
    async fn round(&self) -> Result<(), crate::store::StoreError> {
        let (store, now) = (&self.meetings.0.store, self.meetings.now());
        store.clear_outbox(now - KEPT_MS).await?;
        loop {
            let letters = store.letters_due(now, AT_ONCE).await?;
            if letters.is_empty() {
                return Ok(());
            }
            for letter in letters {
                match self.send(&letter).await {
                    Ok(()) => store.letter_sent(&letter.id, self.meetings.now()).await?,
                    Err(error) => {
                        let now = self.meetings.now();
                        let again = (!error.is_final() && letter.attempts + 1 < ATTEMPTS).then(|| now + wait_ms(letter.attempts));
                        tracing::warn!(letter = letter.id, recipient = letter.recipient, %error, given_up = again.is_none(), "a mail was not sent");
                        store.letter_failed(&letter.id, &error.to_string(), now, again).await?;
                        if error.is_silence() {
                            return Ok(());
                        }
                    }
                }
            }
        }
    }

    async fn send(&self, letter: &Letter) -> Result<(), MailError> {
        let from = Mailbox::new(Some("驿站".to_owned()), self.options.from.parse()?);
        let message = Message::builder().from(from).to(Mailbox::new(None, letter.recipient.parse()?)).subject(&letter.subject);
        let plain = SinglePart::plain(letter.body.clone());
        let message = match &letter.calendar {
            None => message.singlepart(plain)?,
            Some(calendar) => {
                let method = if calendar.contains("\r\nMETHOD:CANCEL\r\n") { "CANCEL" } else { "REQUEST" };
                let kind = ContentType::parse(&format!("text/calendar; method={method}; charset=utf-8"))?;
                message.multipart(MultiPart::alternative().singlepart(plain).singlepart(SinglePart::builder().header(kind).body(calendar.clone())))?
            }
        };
        let sent = self.transport.send(message).await;
        sent.map(|_| ()).map_err(|source| MailError::Server { host: format!("{}:{}", self.options.server, self.options.port), source })
    }
}

/// Whom the mail server's certificate may be from: never anybody.
fn trusting(options: &MailOptions) -> Result<TlsParameters, MailError> {
    let mut tls = TlsParameters::builder(options.server.clone());
    if let Some(authority) = &options.authority {
        tls = tls.add_root_certificate(Certificate::from_pem(authority).map_err(MailError::Authority)?);
    }
    tls.build().map_err(|source| MailError::Server { host: options.server.clone(), source })
}

/// With the host, and all that the error knows: what it says first of a certificate is only that there was no connection.
fn refused(host: &str, error: &lettre::transport::smtp::Error) -> String {
    let mut said = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(deeper) = cause {
        let more = deeper.to_string();
        if !said.contains(&more) {
            said = format!("{said}: {more}");
        }
        cause = deeper.source();
    }
    match said.contains("certificate") {
        true => format!("邮件服务器 {host} 的证书不可信,请核对 [mail] 的 server 和 authority / the certificate of mail server {host} is not trusted: {said}"),
        false => format!("mail server {host}: {said}"),
    }
}

/// Twice as long each time.
fn wait_ms(attempts: u32) -> i64 {
    FIRST_WAIT_MS.checked_shl(attempts.min(20)).unwrap_or(LONGEST_WAIT_MS).min(LONGEST_WAIT_MS)
}
