use std::path::PathBuf;

use super::settings;

settings! {
    /// 磁盘:数据库、录像与节目存放在哪里。
    /// Disk: where database, tapes and assets are kept.
    pub struct Storage {
        /// 数据文件夹;相对路径从启动程序时的目录算起。
        /// The data folder; a relative path starts where the program is started.
        folder: PathBuf = PathBuf::from("recordings");

        /// 始终留空的字节数(默认 2 GiB):录像不会占用,数据库总能写入。
        /// Bytes that media never uses (2 GiB), so that the database can always write.
        reserve_bytes: u64 = 2 << 30, 67_108_864..=17_592_186_044_416;
    }
}
