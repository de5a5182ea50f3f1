use std::time::Duration;

use crate::config::Config;
use crate::meeting::papers::PaperOptions;

/// What the configuration says about papers, as `meeting` wants to know it.
pub fn paper_options(config: &Config) -> PaperOptions {
    PaperOptions {
        most_bytes: config.papers.most_bytes,
        most_count: config.papers.most_count,
        kept: Duration::from_secs(u64::from(config.papers.keep_days) * 86_400),
        reserve_bytes: config.storage.reserve_bytes,
    }
}
