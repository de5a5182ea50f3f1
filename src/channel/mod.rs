//! A channel is anything that plays by itself; its tape is what it leaves behind.

pub mod tape;
