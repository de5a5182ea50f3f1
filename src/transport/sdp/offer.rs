//! Our offer to a client that only receives (RFC 8829 5.2).

use super::local::{Local, Options, SCTP_PORT, Sent, extensions};
use super::section::{Direction, Section, SectionKind};
use super::{Session, Setup, payloads};
use crate::sfu::packet::Extension;

/// One section of an offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferSection {
    pub mid: String,
    /// Sound, pictures or data channels.
    pub kind: SectionKind,
    /// `None` leaves the section inactive.
    pub send: Option<Sent>,
    pub options: Options,
}

const MEDIA_PROTOCOL: &str = "UDP/TLS/RTP/SAVPF";
const DATA_PROTOCOL: &str = "UDP/DTLS/SCTP";

/// Offers all sections in one BUNDLE, under our own payload types. Data channels need [`Local::max_message_size`].
pub fn offer(local: &Local, sections: &[OfferSection]) -> Session {
    let mut session = local.session(Setup::ActPass);
    session.sections = sections.iter().map(|wanted| offer_section(local, wanted)).collect();
    session.bundle = session.sections.iter().filter(|section| !section.rejected).map(|section| section.mid.clone()).collect();
    session
}

fn offer_section(local: &Local, wanted: &OfferSection) -> Section {
    let Some(kind) = wanted.kind.media() else {
        let mut section = Section::new(SectionKind::Application, &wanted.mid, DATA_PROTOCOL);
        section.rejected = local.max_message_size.is_none();
        section.sctp_port = Some(SCTP_PORT);
        section.max_message_size = local.max_message_size;
        return section;
    };
    let mut section = Section::new(wanted.kind, &wanted.mid, MEDIA_PROTOCOL);
    section.direction = Direction::of(wanted.send.is_some(), false);
    section.codecs = payloads::lines(wanted.kind, &wanted.options);
    section.rejected = section.codecs.is_empty();
    // We send one layer, so a rid would name nothing.
    for extension in extensions(kind).iter().filter(|extension| !matches!(extension, Extension::Rid | Extension::RepairedRid)) {
        section.extensions.set(*extension, payloads::extension_id(*extension));
    }
    section.rtcp_mux = true;
    section.rtcp_rsize = true;
    if let Some(sent) = wanted.send.as_ref().filter(|_| !section.rejected) {
        sent.announce(&mut section);
    }
    section
}
