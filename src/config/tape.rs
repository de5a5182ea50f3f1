use super::settings;

settings! {
    /// 录像带:每个频道收到什么就连续录下什么。
    /// Tapes: what each channel received, recorded around the clock.
    pub struct Tape {
        /// 每个文件的长度(秒);在下一个随机接入点换文件。
        /// Length of a file in seconds; the next begins at a random access point.
        segment_seconds: u32 = 60, 10..=600;

        /// 保留多少小时;频道可另设。
        /// Hours that are kept; a channel may have its own.
        keep_hours: u32 = 72, 1..=87_600;

        /// 每个频道最多占用的字节数;0 为不限。
        /// Bytes that a channel's tape may take; 0 is no limit.
        keep_bytes: u64 = 0, 0..=1_125_899_906_842_624;

        /// 收到的数据最迟多少毫秒后写入文件。
        /// What arrived is written to its file after at most this many milliseconds.
        flush_milliseconds: u32 = 300, 20..=1_000;

        /// 最迟多少秒同步到磁盘;断电最多丢失这么多。
        /// Seconds between syncs to the disk: what a power cut can cost.
        sync_seconds: u32 = 4, 1..=5;

        /// 多少秒没有数据算作信号中断。
        /// Seconds without data after which the signal counts as missing.
        signal_lost_seconds: u32 = 3, 1..=60;
    }
}
