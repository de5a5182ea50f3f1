//! Layer 0: identifiers, time and the clock. Knows nothing of media, network or storage.

mod clock;
mod ids;
mod time;
mod venue;
pub mod work;

pub use clock::{Clock, SystemClock, TestClock};
pub use ids::*;
pub use time::{UtcMs, Zone, ZoneError};
pub use venue::{Venue, VenueId};
