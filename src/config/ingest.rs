use super::settings;

settings! {
    /// 接收:UDP、RTP 与文件信号源。
    /// Reception: UDP, RTP and file sources.
    pub struct Ingest, together(Ingest::together) {
        /// 每个套接字的接收缓冲区字节数(默认 8 MiB);受系统 net.core.rmem_max 限制,`yizhan check` 会检查。
        /// Receive buffer of a socket in bytes (8 MiB); the system's net.core.rmem_max limits it, `yizhan check` looks.
        receive_buffer_bytes: u32 = 8 << 20, 65_536..=1_073_741_824;

        /// RTP 乱序重排窗口(包数)。
        /// RTP packets that are held to put late ones in their place.
        reorder_packets: u32 = 64, 0..=4_096;

        /// RTP 乱序重排最多等待的毫秒数。
        /// Milliseconds that a late RTP packet is waited for at most.
        reorder_milliseconds: u32 = 100, 0..=2_000;

        /// 每隔多少毫秒成批接收一次。
        /// Milliseconds between batched receives.
        poll_milliseconds: u32 = 10, 1..=100;

        /// 节目单未注明字符集时采用的字符集。
        /// Character set of guide texts that do not name theirs.
        default_charset: String = "gb18030".to_owned();
    }
}

impl Ingest {
    fn together(&self) -> Vec<(&'static str, String)> {
        if encoding_rs::Encoding::for_label(self.default_charset.as_bytes()).is_some() {
            return Vec::new();
        }
        vec![("default_charset", format!("`{}` is not a known character set; for example `gb18030`, `utf-8`, `big5`, `iso-8859-1`", self.default_charset))]
    }
}
