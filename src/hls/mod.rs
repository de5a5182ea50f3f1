//! HTTP Live Streaming (RFC 8216bis): playlists as types, where segments begin, and thumbnails for the seek bar.
//!
//! - [`MasterPlaylist`], [`MediaPlaylist`]: `to_string()` writes them, `parse()` reads what this program wrote.
//! - [`group`]: which random access points begin segments.
//! - [`thumbnails`]: the WebVTT file of a sprite.

mod attributes;
mod master;
mod media;
mod plan;
mod thumbnails;

pub use attributes::PlaylistError;
pub use master::{AudioRendition, MasterPlaylist, Variant};
pub use media::{Kind, Map, MediaPlaylist, Segment};
pub use plan::{SegmentStart, group};
pub use thumbnails::{Thumbnail, thumbnails};
