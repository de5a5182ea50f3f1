use std::process::ExitCode;

use anyhow::Context;

use crate::app::check::{self, Finding, Purpose, Severity};
use crate::config::{Config, LogFormat};
use crate::telemetry;

/// Looks whether the machine will do, then serves until told to stop.
pub(super) fn serve(config: Config, demo: bool) -> anyhow::Result<ExitCode> {
    telemetry::init(config.log.format == LogFormat::Json, &config.log.level.to_string())?;
    check::raise_open_files();
    let findings = check::check(&config, Purpose::Start);
    findings.iter().for_each(log);
    if !check::is_good(&findings) {
        findings.iter().filter(|finding| finding.severity == Severity::Error).for_each(|finding| eprintln!("\n{finding}"));
        anyhow::bail!("没有启动,原因见上 · not started, for the reasons above");
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("threads")?;
    runtime.block_on(crate::app::serve(config, demo))?;
    Ok(ExitCode::SUCCESS)
}

fn log(finding: &Finding) {
    let (about, cure) = (finding.about, &finding.cure.en);
    match finding.severity {
        Severity::Error => tracing::error!(about, cure, "{}", finding.what.en),
        Severity::Warning => tracing::warn!(about, cure, "{}", finding.what.en),
        Severity::Note => tracing::info!(about, cure, "{}", finding.what.en),
    }
}
