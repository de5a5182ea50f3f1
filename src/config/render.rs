//! The default configuration as a file that explains itself.

use std::fmt::Write as _;

use super::{Config, TIME_ZONE_DOC, networks};

const HEAD: &str = "\
# 驿站的设置。每一项都在这里,值为默认值;删去一项即用默认值。改后重启生效,`yizhan config --check 文件` 检查。
# 由 `yizhan config` 从程序生成。
#
# Settings of Yizhan. All of them are here, at their defaults; one that is left out has its default. Restart to apply;
# `yizhan config --check FILE` looks a file over. Generated from the program by `yizhan config`.

";

/// `config/yizhan.toml`.
pub fn render_default() -> String {
    let config = Config::default();
    // The defaults are plain strings, numbers and lists: they have a form in TOML (a test renders them).
    let values = toml::Table::try_from(&config).unwrap_or_default();
    let mut out = HEAD.to_owned();
    comment(&mut out, TIME_ZONE_DOC);
    line(&mut out, "time_zone", values.get("time_zone"));
    for (name, section) in config.sections() {
        out.push('\n');
        comment(&mut out, section.doc());
        let _ = writeln!(out, "[{name}]");
        for setting in section.settings() {
            out.push('\n');
            comment(&mut out, setting.doc);
            if let Some((low, high)) = setting.range {
                let _ = writeln!(out, "# {} … {}", grouped(low), grouped(high));
            }
            line(&mut out, setting.name, values.get(name).and_then(|section| section.get(setting.name)));
        }
    }
    out.push('\n');
    out.push_str(networks::EXAMPLE);
    out
}

fn comment(out: &mut String, doc: &[&str]) {
    for text in doc {
        let _ = writeln!(out, "#{text}");
    }
}

fn line(out: &mut String, key: &str, value: Option<&toml::Value>) {
    let _ = match value {
        Some(toml::Value::Integer(number)) => writeln!(out, "{key} = {}", grouped(i128::from(*number))),
        Some(value) => writeln!(out, "{key} = {value}"),
        None => Ok(()),
    };
}

/// `2147483648` as `2_147_483_648`, as TOML allows.
fn grouped(number: i128) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut out = if number < 0 { "-".to_owned() } else { String::new() };
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push('_');
        }
        out.push(digit);
    }
    out
}
