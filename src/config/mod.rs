//! What can be set, with what it means, its default and its allowed range in one place per setting.
//!
//! [`Config`] is read from a TOML file; everything that is not written there has its default. `config/yizhan.toml` is
//! [`render_default`]: each section's struct is written once (by `settings!`), and the file, its comments, the names that
//! error messages suggest and the checks come from it.

mod documents;
mod error;
mod ingest;
mod jobs;
mod listen;
mod live;
mod log;
mod mail;
mod networks;
mod papers;
mod read;
mod render;
mod rooms;
mod server;
mod setting;
mod sign_in;
mod storage;
mod tape;
#[cfg(test)]
mod tests;
mod transcode;

use serde::{Deserialize, Serialize};

pub use documents::Documents;
pub use error::{ConfigError, Problem};
pub use ingest::Ingest;
pub use jobs::Jobs;
pub use listen::Listen;
pub use live::LiveConversion;
pub use log::{Log, LogFormat, LogLevel};
pub use mail::{Mail, MailEncryption};
pub use networks::{Network, Networks};
pub use papers::Papers;
pub use render::render_default;
pub use rooms::{LEAST_SECRET_BYTES, RoomCodec, Rooms, Secret};
pub use server::{Server, is_host_name};
use setting::{Section, settings};
pub use sign_in::SignIn;
pub use storage::Storage;
pub use tape::Tape;
pub use transcode::{Preset, Transcode};

/// Every setting of the program.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    pub time_zone: String,
    pub server: Server,
    pub storage: Storage,
    pub tape: Tape,
    pub ingest: Ingest,
    pub jobs: Jobs,
    pub transcode: Transcode,
    pub live: LiveConversion,
    pub rooms: Rooms,
    pub sign_in: SignIn,
    pub mail: Mail,
    pub papers: Papers,
    pub documents: Documents,
    pub log: Log,
    pub networks: Networks,
}

/// What stands before the first section.
const TIME_ZONE_DOC: &[&str] = &[" 日期、节目单和时间表所在的时区(IANA 名称)。", " The zone that dates, guides and timetables are in (an IANA name)."];

impl Default for Config {
    fn default() -> Self {
        Self {
            time_zone: "Asia/Shanghai".to_owned(),
            server: Server::default(),
            storage: Storage::default(),
            tape: Tape::default(),
            ingest: Ingest::default(),
            jobs: Jobs::default(),
            transcode: Transcode::default(),
            live: LiveConversion::default(),
            rooms: Rooms::default(),
            sign_in: SignIn::default(),
            mail: Mail::default(),
            papers: Papers::default(),
            documents: Documents::default(),
            log: Log::default(),
            networks: Networks::default(),
        }
    }
}

impl Config {
    /// The sections in the order of the file; a test compares them with the fields above.
    fn sections(&self) -> [(&'static str, &dyn Section); 13] {
        [
            ("server", &self.server),
            ("storage", &self.storage),
            ("tape", &self.tape),
            ("ingest", &self.ingest),
            ("jobs", &self.jobs),
            ("transcode", &self.transcode),
            ("live", &self.live),
            ("rooms", &self.rooms),
            ("sign_in", &self.sign_in),
            ("mail", &self.mail),
            ("papers", &self.papers),
            ("documents", &self.documents),
            ("log", &self.log),
        ]
    }

    /// What is out of range or does not fit together, by section and key (`""` is the top of the file).
    fn complaints(&self) -> Vec<(&'static str, &'static str, String)> {
        let mut found = Vec::new();
        if jiff::tz::TimeZone::get(&self.time_zone).is_err() {
            let said = format!("`{}` is not a time zone that this machine knows; an IANA name such as `Asia/Shanghai` is needed", self.time_zone);
            found.push(("", "time_zone", said));
        }
        for (name, section) in self.sections() {
            let mut complaints = section.out_of_range();
            complaints.extend(section.complaints());
            found.extend(complaints.into_iter().map(|(key, said)| (name, key, said)));
        }
        found.extend(self.rooms.beside(&self.server).into_iter().map(|(key, said)| ("rooms", key, said)));
        found.extend(self.networks.complaints().into_iter().map(|(key, said)| ("networks", key, said)));
        found
    }
}
