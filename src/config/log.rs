use std::fmt;

use serde::{Deserialize, Serialize};

use super::settings;

settings! {
    /// 日志,写到标准错误输出。
    /// The log, on standard error.
    pub struct Log {
        /// "text" 供人阅读,"json" 供日志系统收集。
        /// "text" for people, "json" for a log collector.
        format: LogFormat = LogFormat::Text;

        /// error、warn、info、debug 或 trace。环境变量 RUST_LOG 优先。
        /// error, warn, info, debug or trace. The variable RUST_LOG goes first.
        level: LogLevel = LogLevel::Info;
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

impl fmt::Display for LogLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}
