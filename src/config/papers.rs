use super::settings;

settings! {
    /// 会议材料:上传的文件。
    /// Papers of meetings: the files that are uploaded.
    pub struct Papers {
        /// 每个文件最多多少字节(默认 200 MiB)。
        /// Bytes of one file at most (200 MiB).
        most_bytes: u64 = 200 << 20, 1_048_576..=17_179_869_184;

        /// 每个会议最多多少个文件。
        /// Files of one meeting at most.
        most_count: u32 = 100, 1..=1_000;

        /// 会议结束后保留多少天。
        /// Days that they are kept after the meeting.
        keep_days: u32 = 1_095, 1..=36_500;
    }
}
