//! The configuration file: what is wrong is told with its place.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yizhan_fuzz::config::Config;

fuzz_target!(|text: &str| {
    if let Err(error) = Config::parse("fuzz.toml", text) {
        assert!(!error.to_string().is_empty());
    }
});
