//! Promises kept by the whole server, one file each.

mod common;

mod a_cut_plays;
