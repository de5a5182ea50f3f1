//! Playlists: what is read and written again reads the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yizhan_fuzz::hls::{MasterPlaylist, MediaPlaylist};

fuzz_target!(|text: &str| {
    if let Ok(playlist) = text.parse::<MediaPlaylist>() {
        assert_eq!(playlist.to_string().parse(), Ok(playlist));
    }
    if let Ok(playlist) = text.parse::<MasterPlaylist>() {
        assert_eq!(playlist.to_string().parse(), Ok(playlist));
    }
});
