//! From text to [`Config`]: unknown keys first (all of them, with the nearest known one), then types, then ranges.

use std::ops::Range;
use std::path::Path;

use toml::de::{DeTable, DeValue};

use super::{Config, ConfigError, Problem, networks};

impl Config {
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })?;
        Self::parse(&path.display().to_string(), &text)
    }

    /// `file` is what errors call the text.
    pub fn parse(file: &str, text: &str) -> Result<Self, ConfigError> {
        let here = |at: usize, said: String| Problem { file: file.to_owned(), line: line_of(text, at), said };
        let syntax = |error: toml::de::Error| {
            let said = error.message().trim().replace('\n', ", ");
            ConfigError::Wrong(vec![here(error.span().map_or(0, |s| s.start), said)])
        };
        let document = DeTable::parse(text).map_err(syntax)?;
        let places = Places::of(document.get_ref());

        let unknown: Vec<_> = places.0.iter().filter_map(|place| Some(here(place.key_at.start, place.unknown()?))).collect();
        if !unknown.is_empty() {
            return Err(ConfigError::Wrong(unknown));
        }
        let config: Config = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |s| s.start);
            let said = error.message().trim().replace('\n', ", ");
            let said = places.around(at).map_or(said.clone(), |place| format!("`{}`: {said}", place.name()));
            ConfigError::Wrong(vec![here(at, said)])
        })?;
        let out_of_range: Vec<_> = config
            .complaints()
            .into_iter()
            .map(|(section, key, said)| here(places.find(section, key).map_or(0, |p| p.key_at.start), format!("`{}`: {said}", full_name(section, key))))
            .collect();
        if out_of_range.is_empty() { Ok(config) } else { Err(ConfigError::Wrong(out_of_range)) }
    }
}

/// A key of the text and where it stands. `section` is `""` at the top.
struct Place<'t> {
    section: &'t str,
    key: &'t str,
    key_at: Range<usize>,
    value_at: Range<usize>,
    is_table: bool,
}

struct Places<'t>(Vec<Place<'t>>);

impl<'t> Places<'t> {
    fn of(document: &'t DeTable<'_>) -> Self {
        let mut places = Vec::new();
        let mut note = |section: &'t str, table: &'t DeTable<'_>| {
            for (key, value) in table {
                let is_table = matches!(value.get_ref(), DeValue::Table(_));
                places.push(Place { section, key: key.get_ref(), key_at: key.span(), value_at: value.span(), is_table });
            }
        };
        note("", document);
        for (key, value) in document {
            match value.get_ref() {
                DeValue::Table(table) => note(key.get_ref(), table),
                DeValue::Array(list) => list.iter().filter_map(|item| item.get_ref().as_table()).for_each(|table| note(key.get_ref(), table)),
                _ => {}
            }
        }
        places.sort_by_key(|place| place.key_at.start);
        Self(places)
    }

    fn find(&self, section: &str, key: &str) -> Option<&Place<'t>> {
        self.0.iter().find(|place| place.section == section && place.key == key)
    }

    /// The innermost key whose value covers the offset.
    fn around(&self, at: usize) -> Option<&Place<'t>> {
        self.0.iter().filter(|place| !place.is_table && place.value_at.contains(&at)).min_by_key(|place| place.value_at.len())
    }
}

impl Place<'_> {
    fn name(&self) -> String {
        full_name(self.section, self.key)
    }

    /// What to say when this is not a setting.
    fn unknown(&self) -> Option<String> {
        let known = known();
        let mut in_section = known.iter().filter(|(section, _)| *section == self.section).peekable();
        in_section.peek()?; // of a section that is unknown itself, only that is told
        if in_section.any(|(_, key)| *key == self.key) {
            return None;
        }
        let kind = if self.section.is_empty() && self.is_table { "section" } else { "setting" };
        let name = if kind == "section" { format!("[{}]", self.key) } else { self.name() };
        Some(match nearest(self, &known) {
            Some((section, key)) if section == self.section && kind == "section" => format!("`{name}` is not a section; did you mean `[{key}]`?"),
            Some((section, key)) if section == self.section => format!("`{name}` is not a setting; did you mean `{key}`?"),
            Some((section, key)) => format!("`{name}` is not a {kind}; did you mean `{}`?", full_name(section, key)),
            None => format!("`{name}` is not a {kind}"),
        })
    }
}

/// Every (section, key) there is; sections themselves are keys of `""`.
fn known() -> Vec<(&'static str, &'static str)> {
    let config = Config::default();
    let mut known = vec![("", "time_zone"), ("", "networks")];
    for (name, section) in config.sections() {
        known.push(("", name));
        known.extend(section.settings().iter().map(|setting| (name, setting.name)));
    }
    known.extend(networks::KEYS.iter().map(|key| ("networks", *key)));
    known
}

/// The known key most like this one: of its own section if that is near enough, else the same word elsewhere.
fn nearest(place: &Place<'_>, known: &[(&'static str, &'static str)]) -> Option<(&'static str, &'static str)> {
    let like = |key: &str| strsim::normalized_damerau_levenshtein(&place.key.to_lowercase().replace('-', "_"), key);
    let best = |own: bool, least: f64| {
        let candidates = known.iter().filter(|(section, _)| (*section == place.section) == own).map(|known| (like(known.1), *known));
        candidates.filter(|(score, _)| *score >= least).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, known)| known)
    };
    best(true, 0.6).or_else(|| best(false, 0.85)).or_else(|| best(true, 0.4))
}

fn full_name(section: &str, key: &str) -> String {
    if section.is_empty() { key.to_owned() } else { format!("[{section}] {key}") }
}

fn line_of(text: &str, at: usize) -> usize {
    1 + text.bytes().take(at).filter(|b| *b == b'\n').count()
}
