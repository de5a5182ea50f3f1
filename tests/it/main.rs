//! Promises kept by the whole server, one file each.

mod common;

mod a_bad_line_is_taped_as_what_it_is;
mod a_board_is_kept;
mod a_cut_line_comes_back;
mod a_cut_plays;
mod a_full_disk_is_survived;
mod a_kill_loses_nothing_published;
mod a_meeting_is_held;
mod a_native_client_is_at_home;
mod a_programme_is_followed;
mod a_room_is_steered_by_programs;
mod a_rule_takes_its_programme;
mod a_thin_line_is_used_well;
mod captures_go_the_whole_way;
mod every_role_meets_every_route;
mod every_rung_begins_where_the_task_says;
mod floods_do_no_harm;
mod live_and_start_over;
