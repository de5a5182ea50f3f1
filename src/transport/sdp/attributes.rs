//! Looking attributes up.

use rtc::sdp::description::common::Attribute;

/// The values of all attributes of a name; a flag's value is empty.
pub(super) fn values<'a>(attributes: &'a [Attribute], key: &'a str) -> impl Iterator<Item = &'a str> {
    attributes.iter().filter(move |attribute| attribute.key.trim() == key).map(|attribute| attribute.value.as_deref().unwrap_or_default().trim())
}

pub(super) fn value<'a>(attributes: &'a [Attribute], key: &'a str) -> Option<&'a str> {
    values(attributes, key).find(|value| !value.is_empty())
}

pub(super) fn has(attributes: &[Attribute], key: &str) -> bool {
    values(attributes, key).next().is_some()
}

/// The first word, and what comes after it.
pub(super) fn split_word(text: &str) -> (&str, &str) {
    let text = text.trim();
    text.split_once(char::is_whitespace).map_or((text, ""), |(word, rest)| (word, rest.trim()))
}
