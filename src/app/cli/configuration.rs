use std::path::Path;
use std::process::ExitCode;

use super::{ConfigFile, say};
use crate::config::{Config, render_default};

const USUAL: &str = "config/yizhan.toml";

impl ConfigFile {
    pub(super) fn load(&self) -> anyhow::Result<Config> {
        match &self.path {
            Some(path) => Ok(Config::load(path)?),
            None if Path::new(USUAL).exists() => Ok(Config::load(Path::new(USUAL))?),
            None => Ok(Config::default()),
        }
    }
}

pub(super) fn print_or_check(file: Option<&Path>) -> anyhow::Result<ExitCode> {
    match file {
        None => say(&render_default())?,
        Some(path) => {
            Config::load(path)?;
            say(&format!("{}: 正确 · good", path.display()))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
