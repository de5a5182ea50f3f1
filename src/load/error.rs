use std::io;
use std::path::PathBuf;
use std::time::Duration;

use super::media_file::MediaFileError;

/// Why nothing was tried.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error("`{0}` 不是服务器网址,应形如 ws://10.1.2.3:7880 或 wss://… · `{0}` is not a server's address: write it like ws://10.1.2.3:7880 or wss://…")]
    Url(String),
    #[error("证书文件 {} · certificates {}: {said}", path.display(), path.display())]
    Certificates { path: PathBuf, said: String },
    #[error("本机没有受信任证书的文件,用 --ca 或 --insecure · this system has no file of trusted certificates: give --ca or --insecure")]
    NoCertificates,
    #[error("TLS: {0}")]
    Tls(String),
    #[error("令牌无法签发 · a token cannot be made: {0}")]
    Token(String),
    #[error(transparent)]
    Media(#[from] MediaFileError),
    #[error("{0} 个文件;应为 1 个,或 {1} 个(每层一个)· {0} files: one is needed, or {1}, one per layer")]
    Files(usize, usize),
    #[error("没有人参加:--publishers 和 --subscribers 都是 0 · nobody comes: --publishers and --subscribers are 0")]
    Nobody,
}

/// Why a client is not in the room, or not any more.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JoinError {
    #[error("连不上 · cannot connect to {to}: {said}")]
    Connect { to: String, said: String },
    #[error("TLS 失败(证书不受信任时用 --ca 或 --insecure)· TLS failed (of a certificate that is not trusted, give --ca or --insecure): {0}")]
    Tls(String),
    #[error("服务器拒绝(令牌或密钥?)· the server refuses (token, key or secret?): {status} {said}")]
    Refused { status: u16, said: String },
    #[error("不是 LiveKit 协议的服务器? · not a server of the LiveKit protocol? {0}")]
    Protocol(String),
    #[error("{stage}:{} 秒内没有结果 · nothing after {} s: {stage}", after.as_secs(), after.as_secs())]
    Silence { stage: &'static str, after: Duration },
    #[error("信令连接断开 · the signalling connection broke: {0}")]
    Broken(String),
    #[error("被请出 · sent away: {0}")]
    SentAway(String),
    #[error("不准发布 · publishing was refused: {0}")]
    Unpublished(String),
    #[error("媒体连接断开 · the media connection ended: {0}")]
    Media(String),
    #[error("本机 · this machine: {0}")]
    Machine(String),
}

impl JoinError {
    pub(super) fn machine(error: &io::Error) -> Self {
        Self::Machine(error.to_string())
    }
}
