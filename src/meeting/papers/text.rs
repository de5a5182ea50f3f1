//! Names of papers: of any script, and harmless.

use super::super::MeetingError;

const TITLE: usize = 200;

/// Only the name, without folders, control characters and marks that turn the direction of writing (by which `exe.fdp` reads as `pdf.exe`).
pub fn file_name(given: &str) -> String {
    let name = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String =
        name.chars().filter(|c| !c.is_control() && !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')).collect();
    let name = name.trim().trim_start_matches('.');
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) if (1..=8).contains(&ending.chars().count()) => (stem, format!(".{ending}")),
        _ => (name, String::new()),
    };
    let stem: String = stem.chars().take(TITLE - 9).collect();
    if stem.trim().is_empty() { format!("材料{ending}") } else { stem + &ending }
}

/// What stands in the list.
pub fn title(given: Option<&str>, file_name: &str) -> Result<String, MeetingError> {
    let said = given.map(str::trim).filter(|title| !title.is_empty());
    let Some(title) = said else { return Ok(file_name.rsplit_once('.').map_or(file_name, |(stem, _)| stem).to_owned()) };
    let count = title.chars().count();
    if count > TITLE {
        return Err(MeetingError::invalid("title", format!("标题过长:{count} 个字符,最多 {TITLE} 个 / the title has {count} characters, at most {TITLE}")));
    }
    if title.chars().any(char::is_control) {
        return Err(MeetingError::invalid("title", "标题含控制字符 / the title holds a control character"));
    }
    Ok(title.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_their_script_and_lose_their_tricks() {
        assert_eq!(file_name("C:\\文件\\关于防汛的通知.pdf"), "关于防汛的通知.pdf");
        assert_eq!(file_name("../../etc/passwd"), "passwd");
        assert_eq!(file_name("报告\u{202e}fdp.exe"), "报告fdp.exe");
        assert_eq!(file_name("  "), "材料");
        assert_eq!(file_name(".pdf"), "pdf");
        assert_eq!(file_name("يىغىن.docx"), "يىغىن.docx");
        assert_eq!(file_name(&format!("{}.pdf", "长".repeat(500))).chars().count(), 195);
        assert_eq!(title(None, "水情简报.第12期.pdf").unwrap(), "水情简报.第12期");
    }
}
