use std::net::SocketAddr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Where to listen, or `off`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listen(Option<SocketAddr>);

impl Listen {
    pub const OFF: Listen = Listen(None);

    pub fn address(self) -> Option<SocketAddr> {
        self.0
    }

    /// For defaults written in this crate: text that is no address is `off` (a test looks at them all).
    pub(super) fn on(text: &str) -> Self {
        Self(text.parse().ok())
    }
}

impl From<SocketAddr> for Listen {
    fn from(address: SocketAddr) -> Self {
        Self(Some(address))
    }
}

impl Serialize for Listen {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Some(address) => to.collect_str(&address),
            None => to.serialize_str("off"),
        }
    }
}

impl<'de> Deserialize<'de> for Listen {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        if text.is_empty() || text == "off" {
            return Ok(Self::OFF);
        }
        let parsed = text.parse().map(|address| Self(Some(address)));
        parsed.map_err(|_| D::Error::custom(format!("`{text}` is not an address with a port; write it like `[::]:8443` or `127.0.0.1:8080`, or `off`")))
    }
}
