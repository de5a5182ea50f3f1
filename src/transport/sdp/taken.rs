//! What a client took of our offer.

use thiserror::Error;

use super::error::excerpt;
use super::section::{Section, SectionKind};
use super::{CodecLine, Session, Setup, profile};
use crate::sfu::packet::ExtensionIds;

/// One section as both sides agreed on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    pub mid: String,
    pub kind: SectionKind,
    /// The client refused it: nothing may be sent.
    pub rejected: bool,
    /// The client receives what we send.
    pub receives: bool,
    /// In the client's order; the first is what it likes best.
    pub codecs: Vec<CodecLine>,
    pub extensions: ExtensionIds,
}

#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TakenError {
    #[error("the answer has {answered} sections to {offered} offered")]
    SectionCount { offered: usize, answered: usize },
    #[error("section {at} is `{offered}` in the offer and `{answered}` in the answer")]
    Section { at: usize, offered: String, answered: String },
    #[error("the answer says a=setup:actpass, which leaves DTLS without a beginning")]
    Setup,
}

/// Reads the answer to an offer: section for section (RFC 3264 6), what stands in both.
pub fn taken(offer: &Session, answer: &Session) -> Result<Vec<Taken>, TakenError> {
    let (offered, answered) = (offer.sections.len(), answer.sections.len());
    if offered != answered {
        return Err(TakenError::SectionCount { offered, answered });
    }
    if answer.setup == Setup::ActPass {
        return Err(TakenError::Setup);
    }
    offer.sections.iter().zip(&answer.sections).enumerate().map(|(at, (offered, answered))| taken_section(at, offered, answered)).collect()
}

fn taken_section(at: usize, offered: &Section, answered: &Section) -> Result<Taken, TakenError> {
    // A refused section may have lost its name.
    let named = offered.mid == answered.mid || answered.rejected && answered.mid.is_empty();
    if !named || offered.kind != answered.kind {
        let name = |section: &Section| format!("{:?} {}", section.kind, excerpt(&section.mid));
        return Err(TakenError::Section { at, offered: name(offered), answered: name(answered) });
    }
    let rejected = offered.rejected || answered.rejected;
    let common = |answered: &CodecLine| {
        let ours = offered.codec(answered.payload_type).filter(|ours| profile::same(ours, answered))?;
        Some(CodecLine { repaired_by: answered.repaired_by.filter(|repair| ours.repaired_by == Some(*repair)), ..answered.clone() })
    };
    let mut extensions = ExtensionIds::default();
    for (extension, id) in answered.extensions.iter().filter(|(extension, id)| offered.extensions.get(*extension) == Some(*id)) {
        extensions.set(extension, id);
    }
    Ok(Taken {
        mid: offered.mid.clone(),
        kind: offered.kind,
        rejected,
        receives: !rejected && offered.direction.sends() && answered.direction.receives(),
        codecs: if rejected { Vec::new() } else { answered.codecs.iter().filter_map(common).collect() },
        extensions,
    })
}
