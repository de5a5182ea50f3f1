//! Why a payload could not be read.

use thiserror::Error;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PayloadError {
    #[error("the {what} ends at byte {len}, before byte {needed}")]
    Truncated { what: &'static str, len: usize, needed: usize },
    #[error("{what} is {value}, which cannot be")]
    Value { what: &'static str, value: u64 },
}
