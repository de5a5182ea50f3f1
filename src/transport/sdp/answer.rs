//! Our answer to a client's offer (RFC 8829 5.3).

use super::local::{Local, Options, SCTP_PORT, Sent, drop_blind_feedback, extensions, feedback};
use super::section::{Direction, Rid, RidDirection, Section, SectionKind};
use super::{CodecLine, Session, Setup, profile};
use crate::sfu::LAYERS;
use crate::sfu::codec::{Codec, Kind};
use crate::sfu::packet::{Extension, ExtensionIds};

/// What is wanted of one offered section. A section for which nothing is said stays open and inactive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerSection {
    pub mid: String,
    /// What the client sends is taken.
    pub receive: bool,
    /// What we send, if the client receives.
    pub send: Option<Sent>,
    pub options: Options,
}

/// Answers: as ICE-lite, DTLS passive (unless the client insists on that), with the client's payload types and identifiers.
/// Refused are sections without a common codec, outside the BUNDLE group, without rtcp-mux, and data channels but the first; the one that speaks for
/// the group is kept, inactive.
pub fn answer(offer: &Session, local: &Local, wanted: &[AnswerSection]) -> Session {
    let setup = if offer.setup == Setup::Passive { Setup::Active } else { Setup::Passive };
    let mut session = local.session(setup);
    session.extmap_allow_mixed = offer.extmap_allow_mixed;
    let tagged = offer.tagged();
    let (mut alone, mut has_data) = (false, false);
    for (at, offered) in offer.sections.iter().enumerate() {
        // Without a group there is room for one section on one transport.
        let apart = if offer.bundle.is_empty() { alone } else { !offer.bundle.contains(&offered.mid) };
        let section = match offered.kind {
            _ if offered.rejected || apart => None,
            SectionKind::Audio | SectionKind::Video => {
                answer_media(offered, wanted.iter().find(|each| each.mid == offered.mid)).or_else(|| keep(offered).filter(|_| tagged == Some(at)))
            }
            SectionKind::Application if !has_data && (local.max_message_size.is_some() || tagged == Some(at)) => Some(answer_data(offered, local)),
            SectionKind::Application | SectionKind::Other => None,
        };
        alone |= section.is_some();
        has_data |= section.as_ref().is_some_and(|section| section.kind == SectionKind::Application);
        session.sections.push(section.unwrap_or_else(|| refuse(offered)));
    }
    let live = |mid: &&String| session.sections.iter().any(|section| section.mid == **mid && !section.rejected);
    session.bundle = offer.bundle.iter().filter(live).cloned().collect();
    session
}

fn answer_media(offered: &Section, wanted: Option<&AnswerSection>) -> Option<Section> {
    let kind = offered.kind.media().filter(|_| offered.rtcp_mux)?;
    let receives = wanted.is_some_and(|wanted| wanted.receive) && offered.direction.sends();
    let sent = wanted.and_then(|wanted| wanted.send.as_ref()).filter(|_| offered.direction.receives());
    let (options, defaults) = (wanted.map(|wanted| &wanted.options), Options::default());
    let options = options.unwrap_or(&defaults);

    let mut section = Section::new(offered.kind, &offered.mid, &offered.protocol);
    section.direction = Direction::of(sent.is_some(), receives);
    section.codecs = answer_codecs(offered, kind, options, section.direction);
    if section.codecs.is_empty() {
        return None;
    }
    answer_extensions(offered, kind, &mut section);
    drop_blind_feedback(&mut section);
    section.rtcp_mux = true;
    section.rtcp_rsize = offered.rtcp_rsize;
    if receives {
        section.bandwidth_bps = options.max_bitrate_bps;
        // A layer is known by its rid alone (RFC 8853 5.5), so without the extension there are none.
        if options.simulcast && section.extensions.get(Extension::Rid).is_some() {
            let layers = offered.sent_rids().take(LAYERS);
            section.rids = layers.map(|rid| Rid { id: rid.id.clone(), direction: RidDirection::Recv, paused: false }).collect();
        }
    }
    if let Some(sent) = sent {
        sent.announce(&mut section);
    }
    Some(section)
}

/// The common codecs, ours best first, under the client's payload types.
fn answer_codecs(offered: &Section, kind: Kind, options: &Options, direction: Direction) -> Vec<CodecLine> {
    let mut lines: Vec<CodecLine> = Vec::new();
    for codec in options.codecs.iter().copied().filter(|codec| *codec != Codec::Red) {
        let mut ranked: Vec<(u8, &CodecLine)> =
            offered.codecs.iter().filter(|line| line.codec == Some(codec)).filter_map(|line| Some((profile::rank(line)?, line))).collect();
        ranked.sort_by_key(|(rank, _)| *rank);
        for (_, line) in ranked {
            if lines.iter().all(|each| each.payload_type != line.payload_type) {
                lines.push(answer_codec(line, kind, options, direction));
            }
        }
    }
    // Redundancy is of one Opus (RFC 2198 5): the one that its parameters name.
    let red = offered.codecs.iter().find(|line| options.red && line.codec == Some(Codec::Red)).filter(|red| {
        let named = red.parameters.first().and_then(|(types, _)| types.split('/').next());
        lines.iter().any(|line| line.codec == Some(Codec::Opus) && named.is_none_or(|named| named.parse() == Ok(line.payload_type)))
    });
    if let Some(red) = red {
        lines.insert(0, answer_codec(red, kind, options, direction));
    }
    lines
}

fn answer_codec(offered: &CodecLine, kind: Kind, options: &Options, direction: Direction) -> CodecLine {
    let mut line = offered.clone();
    line.feedback = feedback(kind).iter().filter(|word| offered.has_feedback(word)).map(|word| (*word).to_owned()).collect();
    if line.codec == Some(Codec::Opus) {
        line.parameters = options.opus(direction.sends(), direction.receives());
    }
    if direction.receives() {
        profile::raise_level(&mut line);
    }
    line
}

/// The common extensions. One that is offered in one direction is answered in the other (RFC 8285 5).
fn answer_extensions(offered: &Section, kind: Kind, section: &mut Section) {
    let mut ids = ExtensionIds::default();
    for (extension, id) in offered.extensions.iter().filter(|(extension, _)| extensions(kind).contains(extension)) {
        let direction = offered.extension_directions.iter().find(|(each, _)| *each == extension).map(|(_, direction)| *direction);
        match direction {
            None | Some(Direction::SendRecv) => {}
            Some(Direction::Inactive) => continue,
            Some(Direction::SendOnly) => section.extension_directions.push((extension, Direction::RecvOnly)),
            Some(Direction::RecvOnly) => section.extension_directions.push((extension, Direction::SendOnly)),
        }
        ids.set(extension, id);
    }
    section.extensions = ids;
}

/// The section that speaks for its group, without a common codec: refused, it would take the transport of the others with it (Chromium: "Failed to setup
/// RTCP mux"), so it stays, inactive.
fn keep(offered: &Section) -> Option<Section> {
    let codec = offered.codecs.first().filter(|_| offered.rtcp_mux)?;
    let mut section = Section::new(offered.kind, &offered.mid, &offered.protocol);
    section.direction = Direction::Inactive;
    section.codecs = vec![CodecLine { feedback: Vec::new(), repaired_by: None, ..codec.clone() }];
    section.rtcp_mux = true;
    Some(section)
}

fn answer_data(offered: &Section, local: &Local) -> Section {
    let mut section = Section::new(SectionKind::Application, &offered.mid, &offered.protocol);
    section.sctp_port = Some(SCTP_PORT);
    section.max_message_size = local.max_message_size;
    section
}

/// Port zero, in the offer's own words (RFC 3264 6).
fn refuse(offered: &Section) -> Section {
    let mut section = Section::new(offered.kind, &offered.mid, &offered.protocol);
    section.rejected = true;
    section.direction = if offered.kind.media().is_some() { Direction::Inactive } else { Direction::SendRecv };
    section.codecs = offered.codecs.first().map(|line| CodecLine { feedback: Vec::new(), repaired_by: None, ..line.clone() }).into_iter().collect();
    section.foreign.clone_from(&offered.foreign);
    section
}
