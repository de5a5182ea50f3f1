//! What two ends say to each other before media flows: session descriptions (SDP, RFC 8866) as WebRTC uses them.
//!
//! - A [`Session`] is a whole description, read from a client's text by [`Session::parse`] and written by `to_string`; it has [`Section`]s.
//! - [`answer()`] takes a client's offer (LiveKit's publisher and single connection, WHIP, WHEP): we are ICE-lite, DTLS passive, everything in one BUNDLE.
//! - [`offer()`] is what we offer ourselves (LiveKit's subscriber connection of version 0): a [`Layout`] keeps its sections in their places, [`taken`]
//!   reads the client's answer to it.
//! - A [`Candidate`] travels alone too ([`Trickled`]), in WHIP inside of a [`Fragment`].
//!
//! The grammar is `rtc`'s; what the words mean for a forwarder is said here.

mod answer;
mod attributes;
mod candidate;
mod codec_line;
mod error;
mod fragment;
mod layout;
mod local;
mod offer;
mod parse;
mod payloads;
mod profile;
mod section;
mod simulcast;
mod taken;
mod text;
mod write;

#[cfg(test)]
mod tests;

pub use answer::{AnswerSection, answer};
pub use candidate::{Address, Candidate, CandidateError, CandidateKind, Transport, Trickled};
pub use codec_line::CodecLine;
pub use error::SdpError;
pub use fragment::{Fragment, FragmentSection};
pub use layout::Layout;
pub use local::{Local, Options, Sent};
pub use offer::{OfferSection, offer};
pub use section::{Direction, Foreign, GroupKind, Msid, Rid, RidDirection, Section, SectionKind, Ssrc, SsrcGroup};
pub use taken::{Taken, TakenError, taken};

/// The longest text that is read, in bytes.
pub const TEXT_LIMIT: usize = 256 * 1024;
/// The most media sections of a session.
pub const SECTION_LIMIT: usize = 512;
/// The most codecs of a section, their retransmissions not counted.
pub const CODEC_LIMIT: usize = 64;

/// A session description, as far as it matters to a forwarder. ICE and DTLS are said once: all sections share one transport (BUNDLE, RFC 9143).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Of the line `o=`; zero where it said nothing that can be read.
    pub id: u64,
    /// Higher with each description of a session (RFC 8829 5.2.2).
    pub version: u64,
    pub ice_ufrag: String,
    pub ice_pwd: String,
    pub ice_lite: bool,
    /// Candidates may come later (RFC 8840).
    pub trickle: bool,
    /// SHA-256 of the certificate that DTLS must show (RFC 8122).
    pub fingerprint: [u8; 32],
    pub setup: Setup,
    /// The `mid`s that share the transport, in order; the first live one speaks for all. Empty where there was no BUNDLE group.
    pub bundle: Vec<String>,
    /// One-byte and two-byte header extensions may stand in one stream (RFC 8285 6).
    pub extmap_allow_mixed: bool,
    /// Of all sections. An ICE-lite agent needs none of its peer's.
    pub candidates: Vec<Candidate>,
    pub end_of_candidates: bool,
    pub sections: Vec<Section>,
}

/// Who begins with DTLS (RFC 8842 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Setup {
    Active,
    Passive,
    ActPass,
}

impl Setup {
    pub fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Passive => "passive",
            Self::ActPass => "actpass",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Active, Self::Passive, Self::ActPass].into_iter().find(|each| each.word().eq_ignore_ascii_case(word))
    }
}

impl Session {
    pub fn section(&self, mid: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.mid == mid)
    }

    /// Which section's ICE and DTLS attributes count for all (RFC 9143 7.1.3): the first live one of the group, otherwise the first live one.
    pub(crate) fn tagged(&self) -> Option<usize> {
        let live = |mid: &String| self.sections.iter().position(|section| &section.mid == mid && !section.rejected);
        self.bundle.iter().find_map(live).or_else(|| self.sections.iter().position(|section| !section.rejected))
    }
}
