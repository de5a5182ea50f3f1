use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::net::IpAddr;

use serde::{Deserialize, Serialize, Serializer};

use super::{Server, is_host_name, settings};

/// A key for HMAC with SHA-256 has at least as many bytes as the hash (RFC 7518 §3.2).
pub const LEAST_SECRET_BYTES: usize = 32;

settings! {
    /// 会议室:实时音视频(LiveKit 协议)。
    /// Rooms: live sound and pictures (the LiveKit protocol).
    pub struct Rooms, together(Rooms::together) {
        /// 是否开启会议室。
        /// Whether there are rooms.
        enabled: bool = true;

        /// 签发和验证令牌的密钥,写作 { "名称" = "至少 32 个字符的密文" };可写多个以便轮换。留空则首次启动时生成一个,存于数据文件夹的 rooms.key。
        /// Keys that sign and verify tokens, written { "name" = "a secret of 32 characters or more" }; several while one replaces another.
        /// The first by name signs the server's own tokens. With none, one is made at the first start and kept as rooms.key in the data folder.
        keys: BTreeMap<String, Secret> = BTreeMap::new();

        /// 媒体的 UDP 端口;第 n 个媒体线程用 udp_port + n(从 0 数起);0 为任意空闲端口。
        /// UDP port of media; media thread n (from 0) has udp_port + n. 0 takes any free ones.
        udp_port: u16 = 7_882, 0..=65_535;

        /// 媒体线程数;0 为处理器核数的一半(至少 1)。
        /// Media threads; 0 is half the cores, at least 1.
        media_threads: u32 = 0, 0..=256;

        /// 防火墙不通 UDP 时所用的 TCP 端口(ICE-TCP);0 为不用。
        /// TCP port for those whose firewall passes no UDP (ICE-TCP); 0 for none.
        tcp_port: u16 = 7_881, 0..=65_535;

        /// HTTPS 端口是否也接受 ICE-TCP。
        /// Whether the HTTPS port takes ICE-TCP, too.
        tcp_on_https: bool = true;

        /// 告知客户端的本机地址;留空为所有网卡的地址。例如 ["10.1.2.3"]。
        /// Own addresses that clients are offered; empty: those of all interfaces. For example ["10.1.2.3"].
        addresses: Vec<IpAddr> = Vec::new();

        /// 前面的地址转换(NAT)设备对外显示的地址。
        /// Addresses that an address translator in front shows to the outside.
        public_addresses: Vec<IpAddr> = Vec::new();

        /// 是否给发出的媒体包加上 DSCP 标记(AF41;同一会话只用一种标记,否则时延无法比较)。
        /// Whether media that is sent carries a DSCP mark (AF41; one for a whole session, whose delays could not be compared otherwise).
        dscp: bool = true;

        /// 会议室建立后一直无人,多少秒后关闭。
        /// Seconds after which a room that nobody entered is closed.
        empty_timeout_seconds: u32 = 300, 1..=86_400;

        /// 最后一人离开后多少秒关闭。
        /// Seconds after the last one left at which a room is closed.
        departure_timeout_seconds: u32 = 20, 0..=86_400;

        /// 同时存在的会议室数。
        /// Rooms at the same time.
        max_rooms: u32 = 1_000, 1..=100_000;

        /// 每个会议室的人数。
        /// Participants of a room.
        max_participants: u32 = 1_000, 1..=100_000;

        /// 本机所有会议室的总人数。
        /// Participants of all rooms of this machine together.
        max_participants_per_node: u32 = 2_000, 1..=100_000;

        /// 每人同时发布的轨道数。
        /// Tracks that a participant publishes at the same time.
        max_tracks_per_participant: u32 = 16, 1..=256;

        /// 会议室事件(LiveKit webhook)发往的网址;https 证书按系统信任库验证。例如 ["https://oa.local/livekit"]。
        /// Addresses that are told what happens in rooms (LiveKit webhooks), for example ["https://oa.local/livekit"].
        /// Certificates are checked by the system's trusted ones.
        webhooks: Vec<String> = Vec::new();

        /// 给 webhook 签名的密钥名称;留空为按名称排序的第一个。
        /// Name of the key that signs webhooks; empty: the first by name.
        webhook_key: String = String::new();

        /// 发给一位参会者的总速率上限(kb/s);0 为不限。
        /// What is sent to one participant at most, in kb/s; 0 is no limit.
        line_ceiling_kbps: u32 = 0, 0..=10_000_000;

        /// 允许发布的编码,按优先顺序。
        /// Codecs that may be published, the preferred first.
        codecs: Vec<RoomCodec> = RoomCodec::ALL.to_vec();
    }
}

/// What signs tokens. It is not shown: neither by `Debug` nor where settings are written out.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        // None at all is no secret: the file of defaults has it.
        to.serialize_str(if self.0.is_empty() { "" } else { "***" })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RoomCodec {
    Opus,
    /// Redundant audio (RFC 2198) around Opus.
    Red,
    Vp8,
    H264,
    Vp9,
    Av1,
}

impl RoomCodec {
    pub const ALL: [RoomCodec; 6] = [Self::Opus, Self::Red, Self::Vp8, Self::H264, Self::Vp9, Self::Av1];
}

/// The name as it is written in the file: `opus`, `h264`.
impl fmt::Display for RoomCodec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

impl Rooms {
    /// As many as are set, or half the cores of this machine.
    pub fn media_threads(&self) -> u32 {
        match self.media_threads {
            0 => std::thread::available_parallelism().map_or(1, |cores| (cores.get() as u32 / 2).max(1)),
            set => set,
        }
    }

    fn together(&self) -> Vec<(&'static str, String)> {
        let mut found = Vec::new();
        let last = u32::from(self.udp_port).saturating_add(self.media_threads()).saturating_sub(1);
        if last > 65_535 {
            let said = format!("{} media threads need ports {} to {last}, and there are none above 65535", self.media_threads(), self.udp_port);
            found.push(("udp_port", said));
        }
        found.extend(self.keys.iter().filter_map(|(name, secret)| Some(("keys", unfit(name, secret)?))));
        if !self.webhook_key.is_empty() && !self.keys.contains_key(&self.webhook_key) {
            found.push(("webhook_key", format!("`{}` is none of `keys`", self.webhook_key)));
        }
        found.extend(self.webhooks.iter().filter_map(|url| Some(("webhooks", unfit_url(url)?))));
        found.extend(twice(&self.webhooks).map(|url| ("webhooks", format!("`{url}` stands twice"))));
        for (setting, addresses) in [("addresses", &self.addresses), ("public_addresses", &self.public_addresses)] {
            let nobodys = addresses.iter().filter(|address| address.is_unspecified() || address.is_multicast());
            found.extend(nobodys.map(|address| (setting, format!("{address} is not the address of a machine"))));
            found.extend(twice(addresses).map(|address| (setting, format!("{address} stands twice"))));
        }
        if !self.codecs.contains(&RoomCodec::Opus) {
            found.push(("codecs", "`opus` is missing: every client sends its sound so".to_owned()));
        }
        found.extend(twice(&self.codecs).map(|codec| ("codecs", format!("`{codec}` stands twice"))));
        found
    }

    /// Where the port of ICE-TCP is that of another listener.
    pub(super) fn beside(&self, server: &Server) -> Vec<(&'static str, String)> {
        let taken = [("https_listen", server.https_listen), ("http_listen", server.http_listen), ("certificate_listen", server.certificate_listen)];
        let same = taken.into_iter().filter(|(_, listen)| listen.address().is_some_and(|address| address.port() == self.tcp_port));
        let said = same.map(|(name, _)| match name {
            "https_listen" => {
                format!("{} is the port of `[server] https_listen`; with `tcp_on_https` that one is shared, and `tcp_port` can be 0", self.tcp_port)
            }
            _ => format!("{} is the port of `[server] {name}`; another is needed, or 0 for none", self.tcp_port),
        });
        if self.enabled && self.tcp_port != 0 { said.map(|said| ("tcp_port", said)).collect() } else { Vec::new() }
    }
}

fn unfit(name: &str, secret: &Secret) -> Option<String> {
    if name.is_empty() || name.len() > 128 || !name.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Some(format!("`{}` is not a name for a key: 1 to 128 letters, digits and signs, no blanks", name.escape_debug()));
    }
    let bytes = secret.0.len();
    (bytes < LEAST_SECRET_BYTES).then(|| format!("the secret of `{name}` has {bytes} characters: at least {LEAST_SECRET_BYTES} are needed, chosen at random"))
}

/// What can be said without taking an address apart in earnest; that is done where it is used.
fn unfit_url(url: &str) -> Option<String> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let authority = rest.map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default());
    let host = authority.map(|authority| authority.rsplit_once('@').map_or(authority, |(_, host)| host));
    let name = host.map(|host| host.rsplit_once(':').filter(|(_, port)| port.parse::<u16>().is_ok()).map_or(host, |(name, _)| name));
    let is_host = name
        .is_some_and(|name| is_host_name(name) || name.strip_prefix('[').and_then(|v6| v6.strip_suffix(']')).is_some_and(|v6| v6.parse::<IpAddr>().is_ok()));
    let is_clean = url.bytes().all(|byte| byte.is_ascii_graphic()) && !url.contains('#');
    (!is_host || !is_clean).then(|| format!("`{}` is not an address to post to; write it like `https://oa.local/livekit`", url.escape_debug()))
}

/// Those that stand in the list a second time.
fn twice<T: Ord>(list: &[T]) -> impl Iterator<Item = &T> {
    let mut seen = BTreeSet::new();
    list.iter().filter(move |item| !seen.insert(*item))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn said(text: &str) -> String {
        Config::parse("c.toml", text).unwrap_err().to_string()
    }

    #[test]
    fn keys_are_read_and_their_secrets_are_not_shown() {
        let secret = "0123456789abcdef0123456789abcdef";
        for text in [format!("[rooms]\nkeys = {{ \"A-1\" = \"{secret}\" }}"), format!("[rooms.keys]\nA-1 = \"{secret}\"")] {
            let config = Config::parse("c.toml", &text).unwrap();
            assert_eq!(config.rooms.keys["A-1"].as_str(), secret);
            let shown = format!("{config:?} {}", toml::to_string(&config).unwrap());
            assert!(!shown.contains(secret) && shown.contains("***"));
            // What was shown does not pass for settings.
            assert!(said(&toml::to_string(&config).unwrap()).contains("has 3 characters"));
        }
    }

    #[test]
    fn a_weak_or_nameless_key_is_refused_without_telling_its_secret() {
        let short = said("[rooms]\n\nkeys = { devkey = 'hunter2' }");
        assert_eq!(short, "c.toml line 3: `[rooms] keys`: the secret of `devkey` has 7 characters: at least 32 are needed, chosen at random");
        assert!(said("[rooms]\nkeys = { 'a b' = '0123456789abcdef0123456789abcdef' }").contains("`a b` is not a name for a key"));
        assert!(said("[rooms]\nkeys = { a = 1 }").starts_with("c.toml line 2: "));
        assert!(said("[rooms]\nwebhook_key = 'b'\nkeys = { a = '0123456789abcdef0123456789abcdef' }").contains("`b` is none of `keys`"));
    }

    #[test]
    fn ports_of_rooms_and_of_other_listeners_are_apart() {
        assert_eq!(
            said("[rooms]\ntcp_port = 8443"),
            "c.toml line 2: `[rooms] tcp_port`: 8443 is the port of `[server] https_listen`; with `tcp_on_https` that one is shared, and `tcp_port` can be 0"
        );
        assert!(said("[server]\ncertificate_listen = '[::]:7881'\n[rooms]\ntcp_port = 7881").contains("is the port of `[server] certificate_listen`"));
        assert!(Config::parse("c.toml", "[rooms]\nenabled = false\ntcp_port = 8443").is_ok());
        assert!(Config::parse("c.toml", "[server]\nhttp_listen = '127.0.0.1:0'\n[rooms]\ntcp_port = 0").is_ok());
        assert!(said("[rooms]\nudp_port = 65535\nmedia_threads = 2").contains("need ports 65535 to 65536"));
        assert!(Config::parse("c.toml", "[rooms]\nudp_port = 65535\nmedia_threads = 1").is_ok());
        assert!(Config::parse("c.toml", "[rooms]\nudp_port = 0").is_ok(), "any free one");
    }

    #[test]
    fn half_of_the_cores_are_for_media() {
        assert!(Rooms::default().media_threads() >= 1);
        assert_eq!(Rooms { media_threads: 3, ..Rooms::default() }.media_threads(), 3);
    }

    #[test]
    fn addresses_codecs_and_webhooks_are_looked_at() {
        assert!(said("[rooms]\naddresses = ['0.0.0.0']").contains("`[rooms] addresses`: 0.0.0.0 is not the address of a machine"));
        assert!(said("[rooms]\npublic_addresses = ['192.0.2.1', '192.0.2.1']").contains("192.0.2.1 stands twice"));
        assert!(said("[rooms]\ncodecs = ['vp8']").contains("`opus` is missing"));
        assert!(said("[rooms]\ncodecs = ['opus', 'h265']").contains("unknown variant `h265`"));
        assert!(said("[rooms]\ncodecs = ['opus', 'vp8', 'vp8']").contains("`vp8` stands twice"));
        for good in ["http://oa.local/livekit", "https://oa.local", "https://[2001:db8::1]:8443/x?y=1", "http://u:p@10.0.0.1:8080/"] {
            assert!(Config::parse("c.toml", &format!("[rooms]\nwebhooks = ['{good}']")).is_ok(), "{good}");
        }
        for bad in [
            "",
            "oa.local/livekit",
            "ftp://oa.local/",
            "https://",
            "https://:80/",
            "https://a b/",
            "https://a/#f",
            "https://a:99999/",
            "https://[::1/",
            "http://单位.local/",
        ] {
            assert!(said(&format!("[rooms]\nwebhooks = ['{bad}']")).contains("is not an address to post to"), "{bad}");
        }
    }
}
