//! What is wrong with machine and configuration, before anything starts: each finding with why it matters and what to do.
//!
//! `serve` looks first and does not start on errors; `yizhan check` only looks.

mod certificates;
mod disk;
mod fonts;
mod limits;
mod machine;
mod ports;
mod worker;

use std::fmt;

use serde::Serialize;

use crate::config::Config;

pub use limits::raise_open_files;
pub use worker::worker_program;

/// One thing that was looked at and is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub severity: Severity,
    /// A stable word for programs: `port`, `disk`, `element`…
    pub about: &'static str,
    pub what: Text,
    /// Why it matters.
    pub why: Text,
    /// What to do.
    pub cure: Text,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good to know.
    Note,
    /// Works, but worse than it could, or not for long.
    Warning,
    /// Starting makes no sense.
    Error,
}

/// The same in the two languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Text {
    pub zh: String,
    pub en: String,
}

pub fn text(zh: impl Into<String>, en: impl Into<String>) -> Text {
    Text { zh: zh.into(), en: en.into() }
}

/// What the look is for: a server that runs already is in the way of another, not of a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    Look,
    Start,
}

/// Looks at everything; the worst comes first. Takes a second or two (the worker looks for its GStreamer elements).
pub fn check(config: &Config, purpose: Purpose) -> Vec<Finding> {
    let mut findings = Vec::new();
    machine::clock(&mut findings);
    worker::elements(&mut findings);
    ports::free(&config.server, purpose, &mut findings);
    ports::media_free(&config.rooms, purpose, &mut findings);
    disk::folder(&config.storage, &mut findings);
    limits::receive_buffer(&config.ingest, &mut findings);
    limits::open_files(&mut findings);
    fonts::chinese(&mut findings);
    fonts::of_documents(&config.documents, &mut findings);
    certificates::valid(config, &mut findings);
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    findings
}

/// Whether a server may start.
pub fn is_good(findings: &[Finding]) -> bool {
    findings.iter().all(|finding| finding.severity != Severity::Error)
}

/// For people, on a terminal: Chinese, then English.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.severity {
            Severity::Error => "错误 ERROR",
            Severity::Warning => "警告 WARNING",
            Severity::Note => "提示 NOTE",
        };
        write!(f, "{word}  {}", self.what)?;
        write!(f, "\n  原因 {}\n  处理 {}", self.why, self.cure)
    }
}

/// One line, or two where the languages differ.
impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.zh)?;
        if self.en != self.zh { write!(f, "\n       {}", self.en) } else { Ok(()) }
    }
}
