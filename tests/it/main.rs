//! Promises kept by the whole server, one file each.

mod common;

mod a_cut_plays;
mod every_rung_begins_where_the_task_says;
