//! Rooms: who is in them, what they publish and take, spoken in the open LiveKit protocol.
//!
//! - [`Rooms`] is the handle: it finds and makes rooms, lists and ends them.
//! - A room is an actor (`actor`): it alone touches its state, and tells the media threads what to forward.
//! - A [`Seat`](seat::Seat) is a place in a room for something inside the process.
//! - A [`SignalLink`] is a client's signalling connection: frames in, frames out; who carries them (a WebSocket) is not known here.
//! - [`RoomEvents`] tell what happens; [`token`] says who may do what, [`webhook`] tells other systems, [`service`] is the API by which programs steer rooms.

mod actor;
mod allowance;
mod carried;
mod events;
mod id;
mod lines;
mod link;
mod participant;
mod present;
mod rooms;
pub mod seat;
mod service;
mod signal;
pub mod token;
mod track;
pub mod webhook;

pub use actor::{Governed, Plain, PlainError, Purpose};
pub use events::{Passage, RoomEvent, RoomEvents};
pub use lines::LineSample;
pub use link::{Frame, SignalLink};
pub use rooms::{JoinError, Options, PlainRefusal, RoomSummary, Rooms};
pub use service::{ServiceError, ServiceReply};
pub use signal::{JoinQuery, QueryError};
