//! Pieces of a description that WHIP and WHEP exchange to trickle candidates and to restart ICE (`application/trickle-ice-sdpfrag`: RFC 8840 9, RFC 9725 4.3).

use std::fmt;

use rtc::sdp::description::common::Attribute;

use super::attributes::{has, split_word, value, values};
use super::candidate::Candidate;
use super::error::SdpError;
use super::parse::{CANDIDATE_LIMIT, ice_word};
use super::{Local, text};

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fragment {
    /// User name and password; others than before mean a restart.
    pub ice: Option<(String, String)>,
    pub ice_lite: bool,
    pub sections: Vec<FragmentSection>,
}

/// The candidates of a section.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FragmentSection {
    /// Empty where the client named none.
    pub mid: String,
    pub candidates: Vec<Candidate>,
    pub end_of_candidates: bool,
}

impl Fragment {
    /// Candidates of any section count for all, where there is one transport.
    pub fn parse(text: &str) -> Result<Self, SdpError> {
        let description = text::read_fragment(text)?;
        let levels = || [description.attributes.as_slice()].into_iter().chain(description.media_descriptions.iter().map(|media| media.attributes.as_slice()));
        let ice = levels().find_map(|level| value(level, "ice-ufrag").zip(value(level, "ice-pwd")));
        let ice = ice.map(|(ufrag, pwd)| Ok::<_, SdpError>((ice_word(ufrag)?, ice_word(pwd)?))).transpose()?;
        if levels().flat_map(|level| values(level, "candidate")).nth(CANDIDATE_LIMIT).is_some() {
            return Err(SdpError::TooManyCandidates { limit: CANDIDATE_LIMIT });
        }
        // Drafts had no m= lines: each a=mid began a section.
        let pieces = description.attributes.chunk_by(|_, next| next.key.trim() != "mid");
        let pieces = pieces.chain(description.media_descriptions.iter().map(|media| media.attributes.as_slice()));
        let sections = pieces.map(read_section).filter(|section| *section != FragmentSection::default()).collect();
        Ok(Self { ice, ice_lite: has(&description.attributes, "ice-lite"), sections })
    }

    /// What a restart is answered with: our new credentials and the candidates, for the section that speaks for all.
    pub fn restarted(local: &Local, mid: &str) -> Self {
        let section = FragmentSection { mid: mid.to_owned(), candidates: local.candidates.clone(), end_of_candidates: local.end_of_candidates };
        Self { ice: Some((local.ice_ufrag.clone(), local.ice_pwd.clone())), ice_lite: true, sections: vec![section] }
    }
}

fn read_section(attributes: &[Attribute]) -> FragmentSection {
    FragmentSection {
        mid: value(attributes, "mid").map_or("", |mid| split_word(mid).0).to_owned(),
        candidates: values(attributes, "candidate").filter_map(|text| Candidate::parse(text).ok()).collect(),
        end_of_candidates: has(attributes, "end-of-candidates"),
    }
}

impl fmt::Display for Fragment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ice_lite {
            f.write_str("a=ice-lite\r\n")?;
        }
        if let Some((ufrag, pwd)) = &self.ice {
            write!(f, "a=ice-ufrag:{ufrag}\r\na=ice-pwd:{pwd}\r\n")?;
        }
        for section in &self.sections {
            // The line only marks a beginning (RFC 8840 9.2).
            f.write_str("m=audio 9 RTP/AVP 0\r\n")?;
            if !section.mid.is_empty() {
                write!(f, "a=mid:{}\r\n", section.mid)?;
            }
            for candidate in &section.candidates {
                write!(f, "a={candidate}\r\n")?;
            }
            if section.end_of_candidates {
                f.write_str("a=end-of-candidates\r\n")?;
            }
        }
        Ok(())
    }
}
