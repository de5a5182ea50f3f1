//! One setting, written once: its words, its type, its default and its range.

/// What is known of a setting beside its value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setting {
    pub name: &'static str,
    /// Its doc comment, line by line: Chinese, then English.
    pub doc: &'static [&'static str],
    /// Smallest and largest value, where it is a number with limits.
    pub range: Option<(i128, i128)>,
}

/// A `[section]` of the file.
pub(super) trait Section {
    fn doc(&self) -> &'static [&'static str];
    fn settings(&self) -> &'static [Setting];
    /// Numbers outside of their range: key and what is wrong.
    fn out_of_range(&self) -> Vec<(&'static str, String)>;
    /// What a type and a range cannot say: settings that only make sense together.
    fn complaints(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }
}

/// What to say of a number outside of its range.
pub(super) fn outside(setting: &'static str, value: i128, low: i128, high: i128) -> Option<(&'static str, String)> {
    (!(low..=high).contains(&value)).then(|| (setting, format!("{value} is out of range: {low} to {high} is allowed")))
}

/// Defines a section. `name: type = default, lowest..=highest;` – the range is left out where the type says it all.
/// A section that has settings to be judged together names a function: `pub struct Server, together(Server::pairs)`.
macro_rules! settings {
    (
        $(#[doc = $doc:literal])*
        pub struct $section:ident $(, together($together:path))? {
            $( $(#[doc = $setting_doc:literal])* $setting:ident : $kind:ty = $default:expr $(, $low:literal ..= $high:literal)? ; )*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct $section {
            $( $(#[doc = $setting_doc])* pub $setting: $kind, )*
        }

        impl Default for $section {
            fn default() -> Self {
                Self { $( $setting: $default, )* }
            }
        }

        impl $crate::config::setting::Section for $section {
            fn doc(&self) -> &'static [&'static str] {
                &[$( $doc, )*]
            }

            fn settings(&self) -> &'static [$crate::config::setting::Setting] {
                &[$( $crate::config::setting::Setting {
                    name: stringify!($setting),
                    doc: &[$( $setting_doc, )*],
                    range: $crate::config::setting::range!($($low, $high)?),
                }, )*]
            }

            fn out_of_range(&self) -> Vec<(&'static str, String)> {
                let numbers: &[Option<_>] = &[$( $( $crate::config::setting::outside(stringify!($setting), self.$setting as i128, $low, $high), )? )*];
                numbers.iter().flatten().cloned().collect()
            }

            $( fn complaints(&self) -> Vec<(&'static str, String)> {
                $together(self)
            } )?
        }
    };
}

macro_rules! range {
    () => {
        None
    };
    ($low:literal, $high:literal) => {
        Some(($low, $high))
    };
}

pub(super) use {range, settings};
