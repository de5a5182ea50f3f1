//! Fields of a PATCH that may be absent (stays), null (is taken away) or a value.

use serde::{Deserialize, Deserializer};

/// For `#[serde(default, deserialize_with = "given")] field: Option<Option<T>>`.
pub fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}
