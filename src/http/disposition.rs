//! `Content-Disposition`: shown or saved, and by what name.

use axum::http::HeaderValue;

/// To be shown in the browser.
pub fn inline(name: &str) -> HeaderValue {
    header("inline", name)
}

/// To be saved.
pub fn attachment(name: &str) -> HeaderValue {
    header("attachment", name)
}

/// RFC 6266 section 4.3: a plain name for old clients, the real one, of any script, in UTF-8 (RFC 8187).
fn header(how: &str, name: &str) -> HeaderValue {
    let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || "-_. ".contains(c) { c } else { '_' }).collect();
    let encoded: String = name
        .bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect();
    let text = format!("{how}; filename=\"{plain}\"; filename*=UTF-8''{encoded}");
    // Never the latter: all of it is printable ASCII.
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static("attachment"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_name_of_any_script_is_told_in_both_ways() {
        let told = attachment("简报\"; x=\r\n.pdf");
        assert!(told.to_str().unwrap().starts_with("attachment; filename=\"____ x___.pdf\"; filename*=UTF-8''%E7%AE%80"), "{told:?}");
        assert_eq!(inline("units.csv"), "inline; filename=\"units.csv\"; filename*=UTF-8''units.csv");
    }

    proptest! {
        #[test]
        fn any_name_makes_one_line_of_ascii(name in any::<String>()) {
            let told = attachment(&name);
            let text = told.to_str().unwrap();
            prop_assert!(text.starts_with("attachment; filename=\"") && text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) && text.matches('"').count() == 2);
        }
    }
}
