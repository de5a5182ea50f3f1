//! HTTP Live Streaming (RFC 8216bis): playlists as types, and thumbnails for the seek bar.
//!
//! - [`MasterPlaylist`], [`MediaPlaylist`]: `to_string()` writes them, `parse()` reads what this program wrote.
//! - [`thumbnails`]: the WebVTT file of a sprite.

mod attributes;
mod master;
mod media;
mod thumbnails;

pub use attributes::PlaylistError;
pub use master::{AudioRendition, MasterPlaylist, Variant};
pub use media::{Kind, Map, MediaPlaylist, Segment};
pub use thumbnails::{Thumbnail, thumbnails};
