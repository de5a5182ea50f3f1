use super::settings;

settings! {
    /// 登录。
    /// Signing in.
    pub struct SignIn {
        /// 登录后多少小时内有效。
        /// Hours that a sign-in lasts.
        session_hours: u32 = 12, 1..=720;

        /// 多少小时没有操作后须重新登录。
        /// Hours without use after which one must sign in again.
        idle_hours: u32 = 4, 1..=720;

        /// 连续失败几次后锁定账号。
        /// Wrong passwords in a row after which an account is locked.
        failures_before_lock: u32 = 5, 3..=100;

        /// 锁定多少分钟。
        /// Minutes that it stays locked.
        lock_minutes: u32 = 15, 1..=1_440;

        /// 同一地址每分钟最多尝试几次。
        /// Attempts a minute from one address.
        attempts_per_minute: u32 = 20, 1..=10_000;
    }
}
