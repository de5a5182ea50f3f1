//! The rules for what people type: names, titles, passwords.

use super::OrgError;
use crate::base::is_slug;

pub const TITLE_CHARACTERS: usize = 200;
pub const NAME_CHARACTERS: usize = 64;
pub const PASSWORD_CHARACTERS: std::ops::RangeInclusive<usize> = 8..=256;

/// The rungs of the ladder that a site can be limited to, lowest first.
pub const RUNGS: [&str; 5] = ["audio", "270p", "480p", "720p", "1080p"];

/// A title of anything: trimmed, not empty, at most 200 characters; line breaks (cells of spreadsheets have them) are kept, other control characters refused.
pub fn title(field: &'static str, text: &str) -> Result<String, OrgError> {
    let text = free_text(field, text)?;
    if text.is_empty() { Err(OrgError::invalid(field, format!("{field} 不能为空 / {field} is empty"))) } else { Ok(text) }
}

/// Like a title, but may be empty.
pub fn free_text(field: &'static str, text: &str) -> Result<String, OrgError> {
    let text = text.trim().replace("\r\n", "\n");
    let count = text.chars().count();
    if count > TITLE_CHARACTERS {
        return Err(OrgError::invalid(
            field,
            format!("{field} 过长:{count} 个字符,最多 {TITLE_CHARACTERS} 个 / {field} has {count} characters, at most {TITLE_CHARACTERS}"),
        ));
    }
    if let Some(found) = text.chars().find(|c| c.is_control() && *c != '\n') {
        return Err(OrgError::invalid(field, format!("{field} 含控制字符 / {field} holds the control character U+{:04X}", found as u32)));
    }
    Ok(text)
}

/// Who is phoned, or by which number: a line of text; none where it is empty.
pub fn contact(field: &'static str, text: &str) -> Result<Option<String>, OrgError> {
    let text = free_text(field, text)?.replace('\n', " ");
    Ok(Some(text).filter(|text| !text.is_empty()))
}

/// A sign-in name, in lower case: 1 to 64 characters without blanks and control characters.
pub fn sign_in_name(text: &str) -> Result<String, OrgError> {
    let name = name_key(text);
    let count = name.chars().count();
    if !(1..=NAME_CHARACTERS).contains(&count) {
        return Err(OrgError::invalid(
            "name",
            format!("用户名应为 1 到 {NAME_CHARACTERS} 个字符,现为 {count} 个 / a name has 1 to {NAME_CHARACTERS} characters, this one {count}"),
        ));
    }
    if name.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(OrgError::invalid("name", "用户名不能含空白或控制字符 / a name has no blanks or control characters"));
    }
    Ok(name)
}

/// An address of mail, as far as one can see by looking at it: something without blanks on both sides of one `@`.
pub fn email(text: &str) -> Result<String, OrgError> {
    let text = text.trim();
    let part = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c)) && !part.starts_with('.');
    match text.split_once('@') {
        Some((name, host)) if text.len() <= 254 && part(name) && part(host) => Ok(text.to_owned()),
        _ => Err(OrgError::invalid("email", format!("邮箱“{0}”无效 / `{0}` is not an address of mail", text.chars().take(60).collect::<String>()))),
    }
}

/// The form in which names are compared.
pub fn name_key(text: &str) -> String {
    text.trim().to_lowercase()
}

/// A password that someone chose.
pub fn password(name: &str, text: &str) -> Result<(), OrgError> {
    let count = text.chars().count();
    if !PASSWORD_CHARACTERS.contains(&count) {
        let (least, most) = (PASSWORD_CHARACTERS.start(), PASSWORD_CHARACTERS.end());
        return Err(OrgError::invalid("password", format!("密码应为 {least} 到 {most} 个字符 / a password has {least} to {most} characters")));
    }
    let first = text.chars().next();
    if text.chars().all(|c| Some(c) == first) || text.to_lowercase() == name {
        return Err(OrgError::invalid("password", "密码过于简单 / the password is the name, or one character again and again"));
    }
    Ok(())
}

/// An id that someone chose, such as an administrative division code.
pub fn id(text: &str) -> Result<String, OrgError> {
    let text = text.trim();
    if is_slug(text) {
        return Ok(text.to_owned());
    }
    Err(OrgError::invalid(
        "id",
        format!("编号“{0}”无效:1 到 40 个小写字母、数字或短横线 / id `{0}` is not 1 to 40 of a-z, 0-9 and -", text.chars().take(60).collect::<String>()),
    ))
}

pub fn rung(text: &str) -> Result<String, OrgError> {
    let text = text.trim();
    if RUNGS.contains(&text) {
        return Ok(text.to_owned());
    }
    let known = RUNGS.join(", ");
    Err(OrgError::invalid("highest_rung", format!("最高清晰度“{text}”无效,应为 {known} 之一 / highest rung `{text}` is not one of {known}")))
}

pub fn share(percent: i64) -> Result<u8, OrgError> {
    u8::try_from(percent).ok().filter(|percent| (1..=100).contains(percent)).ok_or_else(|| {
        OrgError::invalid("media_share_percent", format!("媒体占比应为 1 到 100,现为 {percent} / the media share is {percent}, not 1 to 100 percent"))
    })
}

pub fn capacity(kbps: i64) -> Result<u32, OrgError> {
    u32::try_from(kbps).ok().filter(|kbps| (1..=1_000_000_000).contains(kbps)).ok_or_else(|| {
        OrgError::invalid("capacity_kbps", format!("线路带宽应为 1 到 1000000000 kb/s,现为 {kbps} / the capacity is {kbps}, not 1 to 1000000000 kb/s"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_named() {
        let error = title("title", &"长".repeat(10_000)).unwrap_err().to_string();
        assert!(error.contains("10000") && error.contains("200"), "{error}");
        assert!(title("title", " \n ").is_err());
        assert!(title("title", "a\u{0}b").unwrap_err().to_string().contains("U+0000"));
        assert_eq!(title("title", " 济南市\r\n历下区 ").unwrap(), "济南市\n历下区");
        assert!(sign_in_name(&"a".repeat(65)).is_err());
        assert_eq!(sign_in_name("张San").unwrap(), "张san");
        assert!(sign_in_name("a b").is_err());
        assert!(password("zhangsan", "ZhangSan").is_err());
        assert!(password("x", "aaaaaaaaaa").is_err());
        assert!(password("x", "短密码").is_err());
        assert!(password("x", "correct horse").is_ok());
        assert!(share(0).is_err() && share(101).is_err() && share(100).is_ok());
        assert!(capacity(0).is_err() && capacity(2000).is_ok() && capacity(i64::MAX).is_err());
        assert!(email(" zhang.san@gov.example ").is_ok() && email("张@单位.cn").is_ok());
        for wrong in ["", "a", "a@", "@b", "a@b@c", "a b@c", "a@b\r\nBcc: x@y", &"a@".repeat(1000)] {
            assert!(email(wrong).is_err(), "{wrong}");
        }
        assert!(rung("480p").is_ok() && rung("480").is_err());
    }
}
