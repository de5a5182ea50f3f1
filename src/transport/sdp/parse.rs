//! From text to a [`Session`].

use std::collections::HashSet;

use rtc::sdp::SessionDescription;
use rtc::sdp::description::common::Attribute;
use rtc::sdp::description::media::MediaDescription;

use super::attributes::{has, split_word, value, values};
use super::candidate::Candidate;
use super::error::{SdpError, excerpt};
use super::section::{Direction, Foreign, GroupKind, Msid, Section, SectionKind, Ssrc, SsrcGroup};
use super::{Session, Setup, codec_line, simulcast, text};
use crate::sfu::packet::{Extension, ExtensionIds};

const SSRC_LIMIT: usize = 64;
pub(super) const CANDIDATE_LIMIT: usize = 256;

impl Session {
    /// Reads a client's description. What is odd is taken where its meaning is clear; what ICE and DTLS need must be there.
    pub fn parse(text: &str) -> Result<Self, SdpError> {
        let description = text::read(text)?;
        let sections: Vec<Section> =
            description.media_descriptions.iter().enumerate().map(|(at, media)| read_section(at, media, &description.attributes)).collect::<Result<_, _>>()?;
        let mut mids = HashSet::new();
        if let Some(twice) = sections.iter().map(|section| section.mid.as_str()).find(|mid| !mid.is_empty() && !mids.insert(*mid)) {
            return Err(SdpError::DuplicateMid(excerpt(twice)));
        }
        let bundle = read_bundle(&description.attributes, mids);
        let mut session = Self {
            id: description.origin.session_id,
            version: description.origin.session_version,
            ice_ufrag: String::new(),
            ice_pwd: String::new(),
            ice_lite: false,
            trickle: false,
            fingerprint: [0; 32],
            setup: Setup::Active,
            bundle,
            extmap_allow_mixed: false,
            candidates: Vec::new(),
            end_of_candidates: false,
            sections,
        };
        session.read_transport(&description)?;
        Ok(session)
    }

    /// ICE and DTLS may stand with the session, with each section, or with the one that speaks for its group.
    fn read_transport(&mut self, description: &SessionDescription) -> Result<(), SdpError> {
        let medias = &description.media_descriptions;
        let tagged = self.tagged().and_then(|at| medias.get(at));
        let levels: Vec<&[Attribute]> = tagged.into_iter().map(|media| media.attributes.as_slice()).chain([description.attributes.as_slice()]).collect();
        let levels: Vec<&[Attribute]> = levels.into_iter().chain(medias.iter().map(|media| media.attributes.as_slice())).collect();

        let (ufrag, pwd) = levels.iter().find_map(|level| value(level, "ice-ufrag").zip(value(level, "ice-pwd"))).ok_or(SdpError::MissingIce)?;
        (self.ice_ufrag, self.ice_pwd) = (ice_word(ufrag)?, ice_word(pwd)?);
        self.fingerprint = read_fingerprint(&levels)?;
        if let Some(word) = levels.iter().find_map(|level| value(level, "setup")) {
            self.setup = Setup::from_word(word).ok_or_else(|| SdpError::InvalidSetup(excerpt(word)))?;
        }
        self.ice_lite = has(&description.attributes, "ice-lite");
        self.trickle = levels.iter().any(|level| values(level, "ice-options").flat_map(|options| options.split([' ', ','])).any(|option| option == "trickle"));
        self.end_of_candidates = levels.iter().any(|level| has(level, "end-of-candidates"));
        self.extmap_allow_mixed = has(&description.attributes, "extmap-allow-mixed") || mixed_everywhere(&self.sections, medias);

        let everywhere = [description.attributes.as_slice()].into_iter().chain(medias.iter().map(|media| media.attributes.as_slice()));
        for candidate in everywhere.flat_map(|level| values(level, "candidate")).filter_map(|text| Candidate::parse(text).ok()) {
            if !self.candidates.contains(&candidate) {
                self.candidates.push(candidate);
            }
            if self.candidates.len() > CANDIDATE_LIMIT {
                return Err(SdpError::TooManyCandidates { limit: CANDIDATE_LIMIT });
            }
        }
        Ok(())
    }
}

fn read_section(at: usize, media: &MediaDescription, session: &[Attribute]) -> Result<Section, SdpError> {
    let (name, attributes) = (&media.media_name, media.attributes.as_slice());
    let protocol = name.protos.join("/");
    let kind = match name.media.as_str() {
        "audio" if protocol.contains("RTP/") => SectionKind::Audio,
        "video" if protocol.contains("RTP/") => SectionKind::Video,
        "application" if protocol.ends_with("DTLS/SCTP") => SectionKind::Application,
        _ => SectionKind::Other,
    };
    let mid = value(attributes, "mid").map_or("", |mid| split_word(mid).0);
    let mut section = Section::new(kind, mid, &protocol);
    section.rejected = name.port.value == 0 && !has(attributes, "bundle-only");
    match kind {
        SectionKind::Audio | SectionKind::Video => {
            section.direction = read_direction(attributes).or_else(|| read_direction(session)).unwrap_or(Direction::SendRecv);
            section.codecs = codec_line::read(at, kind, &name.formats, attributes)?;
            (section.extensions, section.extension_directions) = read_extensions(session, attributes);
            section.rids = simulcast::read(at, attributes)?;
            section.ssrcs = read_ssrcs(at, attributes)?;
            section.ssrc_groups = read_ssrc_groups(at, attributes)?;
            section.msid = value(attributes, "msid").and_then(Msid::parse).or_else(|| section.ssrcs.iter().find_map(|ssrc| ssrc.msid.clone()));
            section.bandwidth_bps = read_bandwidth(media);
            section.rtcp_mux = ["rtcp-mux", "rtcp-mux-only"].into_iter().any(|key| has(attributes, key));
            section.rtcp_rsize = has(attributes, "rtcp-rsize");
        }
        SectionKind::Application => {
            // Before RFC 8841 the port stood in the m= line, with a=sctpmap.
            let words = [value(attributes, "sctp-port"), value(attributes, "sctpmap"), name.formats.first().map(String::as_str)];
            section.sctp_port = words.into_iter().flatten().find_map(|text| split_word(text).0.parse().ok());
            section.max_message_size = value(attributes, "max-message-size").and_then(|size| size.parse().ok());
        }
        SectionKind::Other => section.foreign = Some(Foreign { media: name.media.clone(), formats: name.formats.clone() }),
    }
    Ok(section)
}

fn read_direction(attributes: &[Attribute]) -> Option<Direction> {
    attributes.iter().find_map(|attribute| Direction::from_word(attribute.key.trim()))
}

/// The first BUNDLE group, as far as its names are sections.
fn read_bundle<'a>(attributes: &'a [Attribute], mut mids: HashSet<&'a str>) -> Vec<String> {
    let group = values(attributes, "group").map(split_word).find(|(semantics, _)| semantics.eq_ignore_ascii_case("BUNDLE"));
    group.map_or_else(Vec::new, |(_, names)| names.split_whitespace().filter(|name| mids.remove(name)).map(str::to_owned).collect())
}

fn read_extensions(session: &[Attribute], attributes: &[Attribute]) -> (ExtensionIds, Vec<(Extension, Direction)>) {
    let (mut ids, mut directions) = (ExtensionIds::default(), Vec::new());
    for text in values(attributes, "extmap").chain(values(session, "extmap")) {
        let (place, rest) = split_word(text);
        let (id, direction) = place.split_once('/').map_or((place, None), |(id, direction)| (id, Direction::from_word(direction)));
        // 15 is reserved, and identifiers from 4096 wait for a better one (RFC 8285 4.2, 7).
        let Some(id) = id.parse::<u8>().ok().filter(|id| !matches!(id, 0 | 15)) else { continue };
        let Some(extension) = Extension::from_uri(split_word(rest).0) else { continue };
        if ids.get(extension).is_some() || ids.iter().any(|(_, taken)| taken == id) {
            continue;
        }
        ids.set(extension, id);
        directions.extend(direction.filter(|direction| *direction != Direction::SendRecv).map(|direction| (extension, direction)));
    }
    directions.sort_by_key(|(extension, _)| *extension);
    (ids, directions)
}

fn read_ssrcs(section: usize, attributes: &[Attribute]) -> Result<Vec<Ssrc>, SdpError> {
    let mut ssrcs: Vec<Ssrc> = Vec::new();
    for text in values(attributes, "ssrc") {
        let (number, rest) = split_word(text);
        let Ok(number) = number.parse::<u32>() else { continue };
        let at = ssrcs.iter().position(|each| each.ssrc == number).unwrap_or_else(|| {
            ssrcs.push(Ssrc { ssrc: number, cname: None, msid: None });
            ssrcs.len() - 1
        });
        if ssrcs.len() > SSRC_LIMIT {
            return Err(SdpError::TooMany { section, what: "SSRCs", limit: SSRC_LIMIT });
        }
        let (Some(ssrc), (key, value)) = (ssrcs.get_mut(at), rest.split_once(':').unwrap_or((rest, ""))) else { continue };
        match key.trim() {
            "cname" if !value.trim().is_empty() => ssrc.cname = Some(value.trim().to_owned()),
            "msid" => ssrc.msid = Msid::parse(value).or(ssrc.msid.take()),
            _ => {}
        }
    }
    Ok(ssrcs)
}

fn read_ssrc_groups(section: usize, attributes: &[Attribute]) -> Result<Vec<SsrcGroup>, SdpError> {
    let groups = values(attributes, "ssrc-group").map(split_word).filter_map(|(kind, numbers)| {
        let ssrcs: Vec<u32> = numbers.split_whitespace().map_while(|number| number.parse().ok()).collect();
        Some(SsrcGroup { kind: GroupKind::from_word(kind)?, ssrcs }).filter(|group| !group.ssrcs.is_empty())
    });
    let groups: Vec<SsrcGroup> = groups.take(SSRC_LIMIT + 1).collect();
    if groups.len() > SSRC_LIMIT { Err(SdpError::TooMany { section, what: "SSRC groups", limit: SSRC_LIMIT }) } else { Ok(groups) }
}

fn read_bandwidth(media: &MediaDescription) -> Option<u64> {
    let of = |kind: &str, unit: u64| {
        let line = media.bandwidth.iter().find(|line| !line.experimental && line.bandwidth_type == kind)?;
        line.bandwidth.checked_mul(unit)
    };
    // RFC 3890: TIAS in bit/s; RFC 8866 5.8: AS in kbit/s.
    of("TIAS", 1).or_else(|| of("AS", 1000))
}

fn mixed_everywhere(sections: &[Section], medias: &[MediaDescription]) -> bool {
    let mut rtp = sections.iter().zip(medias).filter(|(section, _)| !section.rejected && section.kind.media().is_some()).peekable();
    rtp.peek().is_some() && rtp.all(|(_, media)| has(&media.attributes, "extmap-allow-mixed"))
}

/// RFC 8839 5.4 has fewer letters and more of them; a client's password is never used by an agent that only answers.
pub(super) fn ice_word(word: &str) -> Result<String, SdpError> {
    let fits = (1..=256).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_graphic());
    if fits { Ok(word.to_owned()) } else { Err(SdpError::InvalidIce(excerpt(word))) }
}

/// The SHA-256 fingerprint of the first level that has any.
fn read_fingerprint(levels: &[&[Attribute]]) -> Result<[u8; 32], SdpError> {
    let level = levels.iter().find(|level| value(level, "fingerprint").is_some()).ok_or(SdpError::MissingFingerprint)?;
    let mut other = None;
    for (hash, digits) in values(level, "fingerprint").map(split_word) {
        if hash.eq_ignore_ascii_case("sha-256") {
            return read_digest(digits).ok_or_else(|| SdpError::InvalidFingerprint(excerpt(digits)));
        }
        other.get_or_insert(hash);
    }
    Err(SdpError::FingerprintHash(excerpt(other.unwrap_or_default())))
}

fn read_digest(digits: &str) -> Option<[u8; 32]> {
    let bytes: Vec<u8> = digits.split(':').map(|pair| u8::from_str_radix(pair, 16).ok().filter(|_| pair.len() == 2)).collect::<Option<_>>()?;
    bytes.try_into().ok()
}
