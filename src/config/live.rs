use super::settings;

settings! {
    /// 直播:浏览器不能直接播放的频道,有人看时才转换。
    /// Live: channels that browsers cannot play are converted while somebody watches.
    pub struct LiveConversion {
        /// 最后一位观众离开多少秒后停止转换。
        /// Seconds after the last viewer at which a conversion stops.
        idle_seconds: u32 = 30, 5..=3_600;

        /// 直播分片的内存缓存字节数(默认 64 MiB)。
        /// Memory for live segments in bytes (64 MiB).
        cache_bytes: u64 = 64 << 20, 1_048_576..=68_719_476_736;

        /// 同时转换的频道数。
        /// Channels that are converted at the same time.
        parallel: u32 = 2, 0..=64;
    }
}
