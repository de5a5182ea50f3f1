//! The way through the module: packets in, segments out, and what they hold.

mod captures;
mod damage;
mod material;
mod reading;
mod remux;
