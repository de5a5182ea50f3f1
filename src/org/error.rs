//! What can go wrong. Messages are for people, in Chinese and English.

use crate::base::UtcMs;
use crate::numbering::NumberingError;
use crate::store::StoreError;

use super::Denied;

#[derive(Debug, thiserror::Error)]
pub enum OrgError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Numbering(#[from] NumberingError),
    /// Something that was given does not fit; `message` says which and why.
    #[error("{message}")]
    Invalid { field: &'static str, message: String },
    #[error("不能把单位移动到它自己的下级 / a unit cannot be moved below itself")]
    Cycle,
    #[error("根单位不能移动或删除 / the root unit cannot be moved or removed")]
    Root,
    #[error("这是最后一位能登录的全局管理员 / this is the last administrator of the whole tree who can sign in")]
    LastAdministrator,
    #[error("用户名或密码不正确 / name or password is wrong")]
    WrongPassword,
    #[error("该账号因多次登录失败已锁定,请在 {wait} 后再试 / locked after too many failed sign-ins, try again in {wait_en}", wait = wait_zh(*seconds), wait_en = wait_en(*seconds))]
    Locked { until: UtcMs, seconds: u64 },
    #[error("来自此地址的登录尝试过于频繁,请在 {seconds} 秒后再试 / too many sign-ins from this address, try again in {seconds} s")]
    TooManyAttempts { seconds: u64 },
    #[error("令牌无效、已过期或已吊销 / the token is not valid, has expired or was revoked")]
    BadToken,
    #[error("password hash: {0}")]
    Hash(argon2::password_hash::Error),
    #[error("a task ended before its time: {0}")]
    Task(#[from] tokio::task::JoinError),
}

impl OrgError {
    pub(super) fn invalid(field: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid { field, message: message.into() }
    }

    pub fn missing(what: &'static str, id: &impl ToString) -> Self {
        Self::Store(StoreError::Missing { what, id: id.to_string() })
    }
}

fn wait_zh(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} 秒"),
        _ => format!("{} 分钟", seconds.div_ceil(60)),
    }
}

fn wait_en(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        _ => format!("{} min", seconds.div_ceil(60)),
    }
}
