use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

#[derive(Debug, thiserror::Error)]
pub enum LogError {
    #[error("RUST_LOG=`{text}`: {source}")]
    Filter { text: String, source: tracing_subscriber::filter::ParseError },
    #[error("the log cannot be set up: {0}")]
    Taken(Box<dyn std::error::Error + Send + Sync>),
}

/// Begins logging to standard error, as text or as a JSON object a line, and counting metrics. Once per process, first of all.
/// `level` is a word such as `info`; what the variable RUST_LOG says goes first.
pub fn init(json: bool, level: &str) -> Result<(), LogError> {
    let text = std::env::var("RUST_LOG").ok().filter(|text| !text.is_empty()).unwrap_or_else(|| level.to_owned());
    // It warns of every extension of a browser's that it does not know.
    let quiet = format!("rtc_dtls=error,{text}");
    let filter = EnvFilter::try_new(&quiet).map_err(|source| LogError::Filter { text, source })?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if json {
        lines.json().flatten_event(true).with_current_span(true).with_span_list(false).try_init().map_err(LogError::Taken)?;
    } else {
        lines.with_ansi(std::io::stderr().is_terminal()).with_target(false).try_init().map_err(LogError::Taken)?;
    }
    super::metrics::begin();
    super::panics::log_them();
    Ok(())
}
