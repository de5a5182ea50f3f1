//! Sessions against a full-ICE client (`str0m`) and a DTLS client (`rtc`) in virtual time.

mod bytes;
mod channels;
mod handshake;
mod paths;
mod world;
