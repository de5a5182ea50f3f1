//! For whom a column or a channel is.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Written as `public`, `signed_in` or `network:<name>`, in the database and in the API alike.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Audience {
    /// Everyone on a named network, and everyone who is signed in; where no network is named, everyone.
    #[default]
    Public,
    /// Everyone who is signed in.
    SignedIn,
    /// Everyone on this named network.
    Network(String),
}

/// A string, for the API's description.
impl utoipa::PartialSchema for Audience {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        String::schema()
    }
}

impl utoipa::ToSchema for Audience {}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("观看范围“{0}”无效,应为 public、signed_in 或 network:<名称> / audience `{0}` is not one of public, signed_in, network:<name>")]
pub struct AudienceError(String);

impl FromStr for Audience {
    type Err = AudienceError;
    fn from_str(text: &str) -> Result<Self, AudienceError> {
        match text {
            "public" => Ok(Self::Public),
            "signed_in" => Ok(Self::SignedIn),
            _ => match text.strip_prefix("network:") {
                Some(name) if !name.is_empty() && name.trim() == name => Ok(Self::Network(name.to_owned())),
                _ => Err(AudienceError(text.to_owned())),
            },
        }
    }
}

impl fmt::Display for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Public => f.write_str("public"),
            Self::SignedIn => f.write_str("signed_in"),
            Self::Network(name) => write!(f, "network:{name}"),
        }
    }
}

impl TryFrom<String> for Audience {
    type Error = AudienceError;
    fn try_from(text: String) -> Result<Self, AudienceError> {
        text.parse()
    }
}

impl From<Audience> for String {
    fn from(audience: Audience) -> Self {
        audience.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_written_as_it_is_read() {
        for text in ["public", "signed_in", "network:大院"] {
            assert_eq!(text.parse::<Audience>().unwrap().to_string(), text);
        }
        for text in ["", "Public", "network:", "network: x", "everyone"] {
            assert!(text.parse::<Audience>().is_err(), "{text}");
        }
    }
}
