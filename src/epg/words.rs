//! Titles folded for comparison, and sentences in the two languages of the pages.

use serde::Serialize;

/// One sentence in Chinese and in English.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Words {
    pub zh: String,
    pub en: String,
}

impl std::fmt::Display for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} / {}", self.zh, self.en)
    }
}

/// A title as it is compared: lower case, full-width letters, digits, punctuation and spaces as their plain forms, runs of
/// spaces as one, and none beside Chinese characters (`新闻 联播` is `新闻联播`). Simplified and traditional characters stay what they are.
pub fn fold_title(title: &str) -> String {
    let mut out = String::with_capacity(title.len());
    let mut space = false;
    for c in title.chars() {
        let plain = match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            c => c,
        };
        if plain.is_whitespace() {
            space = true;
            continue;
        }
        let wide = |c: char| c as u32 >= 0x2e80;
        if std::mem::take(&mut space) && !wide(plain) && out.chars().next_back().is_some_and(|last| !wide(last)) {
            out.push(' ');
        }
        out.extend(plain.to_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_case_and_spaces_do_not_matter() {
        assert_eq!(fold_title("  ＣＣＴＶ－１　新闻 联播（１２）"), "cctv-1新闻联播(12)");
        assert_eq!(fold_title("Le  Journal\u{3000}de 20h "), "le journal de 20h");
        assert_eq!(fold_title("　 "), "");
        assert_ne!(fold_title("新闻"), fold_title("新聞"));
    }
}
