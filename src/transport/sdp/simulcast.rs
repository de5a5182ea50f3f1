//! `a=rid` and `a=simulcast` (RFC 8851, RFC 8853).

use rtc::sdp::description::common::Attribute;

use super::attributes::{split_word, value, values};
use super::error::SdpError;
use super::section::{Rid, RidDirection};

/// Layers of a section. Clients use three.
const RID_LIMIT: usize = 16;

pub(super) fn read(section: usize, attributes: &[Attribute]) -> Result<Vec<Rid>, SdpError> {
    let mut rids: Vec<Rid> = Vec::new();
    for text in values(attributes, "rid") {
        let (id, rest) = split_word(text);
        let Some(direction) = RidDirection::from_word(split_word(rest).0) else { continue };
        if !is_rid(id) || rids.iter().any(|rid| rid.id == id) {
            continue;
        }
        if rids.len() == RID_LIMIT {
            return Err(SdpError::TooMany { section, what: "rids", limit: RID_LIMIT });
        }
        rids.push(Rid { id: id.to_owned(), direction, paused: false });
    }
    if let Some(text) = value(attributes, "simulcast") {
        rids = ordered(rids, text);
    }
    rids.sort_by_key(|rid| rid.direction);
    Ok(rids)
}

/// The rids that the simulcast line names, in its order: `send q;~h;f recv a,b`. Alternatives count as layers.
fn ordered(mut rids: Vec<Rid>, text: &str) -> Vec<Rid> {
    let (mut found, mut direction) = (Vec::new(), None);
    for word in text.split_whitespace() {
        if let Some(next) = RidDirection::from_word(word) {
            direction = Some(next);
            continue;
        }
        // Drafts of the RFC wrote `send rid=q;h;f`.
        for id in word.strip_prefix("rid=").unwrap_or(word).split([';', ',']) {
            let (paused, id) = id.strip_prefix('~').map_or((false, id), |id| (true, id));
            let Some(at) = rids.iter().position(|rid| rid.id == id && Some(rid.direction) == direction) else { continue };
            found.push(Rid { paused, ..rids.remove(at) });
        }
    }
    found
}

/// RFC 8851 10.
fn is_rid(id: &str) -> bool {
    (1..=255).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// `send q;~h;f recv a`; `None` where there is no layer.
pub(super) fn write(rids: &[Rid]) -> Option<String> {
    let mut words = Vec::new();
    for direction in [RidDirection::Send, RidDirection::Recv] {
        let ids: Vec<String> =
            rids.iter().filter(|rid| rid.direction == direction).map(|rid| format!("{}{}", if rid.paused { "~" } else { "" }, rid.id)).collect();
        if !ids.is_empty() {
            words.push(format!("{} {}", direction.word(), ids.join(";")));
        }
    }
    (!words.is_empty()).then(|| words.join(" "))
}
