//! What we say of ourselves in every description.

use super::section::{GroupKind, Msid, Section, Ssrc, SsrcGroup};
use super::{Candidate, Session, Setup};
use crate::sfu::codec::{Codec, Kind};
use crate::sfu::packet::Extension;

/// RFC 8841 5.1; there is one association only, so any number would do.
pub(super) const SCTP_PORT: u16 = 5000;

/// Our end of a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Local {
    pub session_id: u64,
    /// Higher with every description of a session that differs (RFC 8829 5.2.2).
    pub version: u64,
    pub ice_ufrag: String,
    pub ice_pwd: String,
    /// SHA-256 of our certificate.
    pub fingerprint: [u8; 32],
    /// Best first; see [`Candidate::host`].
    pub candidates: Vec<Candidate>,
    pub end_of_candidates: bool,
    /// Of data channels, in bytes; `None` refuses them.
    pub max_message_size: Option<u64>,
}

/// A track that we send in a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    pub msid: Msid,
    pub cname: String,
    pub ssrc: u32,
    /// Of the retransmissions.
    pub repair_ssrc: Option<u32>,
}

/// How the codecs of a section are chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Allowed, best first. [`Codec::Red`] needs no place here.
    pub codecs: Vec<Codec>,
    /// Opus with redundancy comes before plain Opus (RFC 2198).
    pub red: bool,
    /// Opus: silence is not sent.
    pub dtx: bool,
    pub stereo: bool,
    /// Opus: a packet can mend the one before it.
    pub inband_fec: bool,
    /// Opus: the shortest packets.
    pub min_packet_ms: Option<u16>,
    /// What may be sent to us.
    pub max_bitrate_bps: Option<u64>,
    /// Layers are taken where they are offered.
    pub simulcast: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            codecs: vec![Codec::Opus, Codec::Vp8, Codec::H264, Codec::Vp9, Codec::Av1],
            red: true,
            dtx: true,
            stereo: false,
            inband_fec: true,
            min_packet_ms: Some(10),
            max_bitrate_bps: None,
            simulcast: true,
        }
    }
}

impl Local {
    pub(super) fn session(&self, setup: Setup) -> Session {
        Session {
            id: self.session_id,
            version: self.version,
            ice_ufrag: self.ice_ufrag.clone(),
            ice_pwd: self.ice_pwd.clone(),
            ice_lite: true,
            trickle: true,
            fingerprint: self.fingerprint,
            setup,
            bundle: Vec::new(),
            extmap_allow_mixed: true,
            candidates: self.candidates.clone(),
            end_of_candidates: self.end_of_candidates,
            sections: Vec::new(),
        }
    }
}

impl Sent {
    /// Says in a section what it carries.
    pub(super) fn announce(&self, section: &mut Section) {
        let repair = self.repair_ssrc.filter(|_| section.codecs.iter().any(|line| line.repaired_by.is_some()));
        let ssrcs = [Some(self.ssrc), repair].into_iter().flatten();
        section.ssrcs = ssrcs.map(|ssrc| Ssrc { ssrc, cname: Some(self.cname.clone()), msid: Some(self.msid.clone()) }).collect();
        section.ssrc_groups = repair.map(|repair| SsrcGroup { kind: GroupKind::Fid, ssrcs: vec![self.ssrc, repair] }).into_iter().collect();
        section.msid = Some(self.msid.clone());
    }
}

impl Options {
    /// Opus as we want it (RFC 7587 6.1); `sends` and `receives` are ours.
    pub(super) fn opus(&self, sends: bool, receives: bool) -> Vec<(String, String)> {
        let flag = |name: &'static str, on: bool| on.then(|| (name, "1".to_owned()));
        let words = [
            self.min_packet_ms.map(|ms| ("minptime", ms.to_string())),
            flag("useinbandfec", self.inband_fec),
            flag("usedtx", self.dtx),
            flag("stereo", self.stereo && receives),
            // A subscriber's client reads this to ask for both channels.
            flag("sprop-stereo", self.stereo && sends),
            self.max_bitrate_bps.filter(|_| receives).map(|bps| ("maxaveragebitrate", bps.clamp(6_000, 510_000).to_string())),
        ];
        words.into_iter().flatten().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

/// What a forwarder has a use for.
pub(super) fn extensions(kind: Kind) -> &'static [Extension] {
    match kind {
        Kind::Audio => &[Extension::Mid, Extension::TransportSequence, Extension::AbsSendTime, Extension::AudioLevel],
        Kind::Video => &[
            Extension::Mid,
            Extension::Rid,
            Extension::RepairedRid,
            Extension::TransportSequence,
            Extension::AbsSendTime,
            Extension::VideoOrientation,
            Extension::DependencyDescriptor,
            Extension::PlayoutDelay,
        ],
    }
}

pub(super) fn feedback(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Audio => &["nack", "transport-cc"],
        Kind::Video => &["nack", "nack pli", "ccm fir", "goog-remb", "transport-cc"],
    }
}

/// Without its header extension there is nothing that transport-cc could tell of.
pub(super) fn drop_blind_feedback(section: &mut Section) {
    if section.extensions.get(Extension::TransportSequence).is_none() {
        section.codecs.iter_mut().for_each(|line| line.feedback.retain(|word| word != "transport-cc"));
    }
}
