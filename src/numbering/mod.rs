//! The number plan: which office owns which range of numbers, and which number answers for which venue, person or meeting.
//!
//! A [`Segment`] is a [`Range`] of [`Number`]s of one length, owned by a unit. Segments form a tree: an office divides its segment among the offices
//! below it, and gives out what it did not hand down. A [`Given`] number answers for its [`Holder`]; when that ends it rests for a while before
//! somebody else may have it. A [`Plan`] is the whole of it. It judges what is asked of it and says what would then be; [`Plan::take`] makes it so.
//!
//! What is foreign is not kept but seen: a number whose holder's unit is not below the segment's owner, or whose segment was handed down by an office
//! that its owner is no longer below. So no move, of a unit, a venue or a segment, can leave a wrong mark behind.

mod error;
mod given;
mod giving;
mod number;
mod plan;
mod range;
mod reserved;
mod segment;
#[cfg(test)]
mod tests;
mod usage;

pub use error::NumberingError;
pub use given::{Given, Holder, HolderKind, State};
pub use giving::Wish;
pub use number::{LENGTHS, Number, NumberError, typed_digits};
pub use plan::{Plan, Units};
pub use range::{Range, RangeError};
pub use reserved::{SERVICES, Service};
pub use segment::{COOLING_DAYS, Segment};
pub use usage::Use;
