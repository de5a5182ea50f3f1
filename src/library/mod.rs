//! Columns, assets and what is made of a cut.

pub mod ladder;
