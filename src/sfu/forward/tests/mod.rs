//! The promises of forwarding, each in a file named after it, kept in a virtual network.

mod invariants;
mod network;

mod a_lying_twcc_gains_nothing;
mod a_picture_moves_slowly_rather_than_not;
mod a_thin_line_gets_the_layer_it_can_carry;
mod a_track_crosses_to_another_thread;
mod dtx_passes;
mod duplicates_are_suppressed;
mod dynacast_tells_the_wanted_layer;
mod fifty_tracks_to_one_peer;
mod groups_are_equal_sized_for_one_system_call;
mod key_requests_are_throttled;
mod late_subscriber_gets_a_key_frame_at_once;
mod layers_switch_only_at_key_frames_without_gaps;
mod losses_on_the_downlink_are_repaired_from_one_store;
mod losses_on_the_uplink_are_repaired_by_rtx;
mod mute_costs_nothing;
mod nack_storms_are_bounded;
mod no_bytes_make_it_panic;
mod no_flapping;
mod pause_and_resume_are_told;
mod peers_leave_nothing_behind;
mod quality_returns_within_8_s_after_the_line;
mod red_is_unwrapped_for_those_without;
mod reordering_keeps_numbers;
mod sound_and_picture_stay_together;
mod sound_survives_what_pictures_do_not;
mod temporal_layers_are_dropped_cleanly;
mod the_publisher_begins_anew_under_another_ssrc;
mod vp9_and_av1_go_whole;
