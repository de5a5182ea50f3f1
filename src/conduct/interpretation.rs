//! Interpretation: languages beside the floor's own, who interprets into each, and who is on air.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Effect;
use super::refusal::Refusal;
use super::state::Conduct;
use crate::base::VenueId;

/// Languages of one meeting, and interpreters of one language: more booths than any hall has.
pub const MOST_LANGUAGES: usize = 12;
const MOST_INTERPRETERS: usize = 12;

/// A language by its tag (BCP 47): `ug` Uyghur, `bo` Tibetan, `mn-Mong` Mongolian in its old script.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String)]
pub struct Language(String);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}”不是语言代码,例如 ug、bo、en / `{0}` is no language tag, such as ug, bo, en")]
pub struct NoLanguage(String);

impl Language {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Language {
    type Error = NoLanguage;

    /// Two or three letters, then perhaps a script, a region, a variant.
    fn try_from(tag: String) -> Result<Self, NoLanguage> {
        let mut parts = tag.split('-');
        let is_primary = parts.next().is_some_and(|first| (2..=3).contains(&first.len()) && first.bytes().all(|byte| byte.is_ascii_lowercase()));
        let is_tag = is_primary && tag.len() <= 20 && parts.all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        if is_tag { Ok(Self(tag)) } else { Err(NoLanguage(tag.chars().take(40).collect())) }
    }
}

impl From<Language> for String {
    fn from(language: Language) -> Self {
        language.0
    }
}

/// A language into which the meeting is interpreted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Interpreted {
    pub language: Language,
    /// Who may, as named by the chair.
    pub interpreters: Vec<VenueId>,
    /// Who does now: one at a time.
    pub on_air: Option<VenueId>,
    /// The colleague to whom who is on air would hand over.
    pub offered: Option<VenueId>,
}

impl Conduct {
    pub(super) fn set_interpreter(&mut self, venue: VenueId, language: Language, named: bool) -> Result<(), Refusal> {
        self.venue(&venue)?;
        if named {
            let known = self.interpretation.iter().position(|each| each.language == language);
            let at = match known {
                Some(at) => at,
                None if self.interpretation.len() >= MOST_LANGUAGES => return Err(range("languages", MOST_LANGUAGES)),
                None => {
                    self.interpretation.push(Interpreted { language, interpreters: Vec::new(), on_air: None, offered: None });
                    self.interpretation.len() - 1
                }
            };
            let interpreters = &mut self.interpretation[at].interpreters;
            if interpreters.contains(&venue) {
                return Ok(());
            }
            if interpreters.len() >= MOST_INTERPRETERS {
                return Err(range("interpreters", MOST_INTERPRETERS));
            }
            interpreters.push(venue);
        } else {
            for each in self.interpretation.iter_mut().filter(|each| each.language == language) {
                each.interpreters.retain(|interpreter| *interpreter != venue);
                each.forget(&venue);
            }
            self.interpretation.retain(|each| !each.interpreters.is_empty());
        }
        Ok(())
    }

    /// Goes on air, or off. Who interprets is not heard on the floor meanwhile: one mouth, one language.
    pub(super) fn interpret(&mut self, venue: &VenueId, language: &Language, on: bool, effects: &mut Vec<Effect>) -> Result<(), Refusal> {
        self.interpreted(venue, language)?;
        // Going on air ends what one did in other languages; going off ends it here.
        for each in self.interpretation.iter_mut().filter(|each| (each.language == *language) != on) {
            each.forget(venue);
        }
        if on {
            let here = self.interpreted(venue, language)?;
            (here.on_air, here.offered) = (Some(venue.clone()), None);
            self.venue_mut(venue)?.is_muted = true;
            effects.push(Effect::Microphone { venue: venue.clone(), is_open: false });
        }
        Ok(())
    }

    /// Who is on air asks a colleague to take over; it is the colleague who does.
    pub(super) fn offer_interpreting(&mut self, venue: &VenueId, language: &Language, to: Option<VenueId>) -> Result<(), Refusal> {
        if let Some(to) = &to {
            self.interpreted(to, language)?;
            self.venue_here(to)?;
        }
        let here = self.interpreted(venue, language)?;
        if here.on_air.as_ref() != Some(venue) {
            return Err(Refusal::NotOnAir);
        }
        here.offered = to.filter(|to| to != venue);
        Ok(())
    }

    fn interpreted(&mut self, venue: &VenueId, language: &Language) -> Result<&mut Interpreted, Refusal> {
        let named = self.interpretation.iter_mut().find(|each| each.language == *language && each.interpreters.contains(venue));
        named.ok_or_else(|| Refusal::NoInterpreter(venue.clone(), language.clone()))
    }

    /// The language in which it is on air.
    pub fn on_air(&self, venue: &VenueId) -> Option<&Language> {
        self.interpretation.iter().find(|each| each.on_air.as_ref() == Some(venue)).map(|each| &each.language)
    }

    /// The languages into which it may interpret.
    pub fn interprets(&self, venue: &VenueId) -> impl Iterator<Item = &Language> {
        self.interpretation.iter().filter(|each| each.interpreters.contains(venue)).map(|each| &each.language)
    }

    /// It is not here any more; it may interpret again when it is.
    pub(super) fn leave_booths(&mut self, venue: &VenueId) {
        for each in &mut self.interpretation {
            each.forget(venue);
        }
    }
}

impl Interpreted {
    pub(super) fn forget(&mut self, venue: &VenueId) {
        if self.on_air.as_ref() == Some(venue) {
            (self.on_air, self.offered) = (None, None);
        }
        self.offered.take_if(|offered| offered == venue);
    }
}

fn range(what: &'static str, most: usize) -> Refusal {
    Refusal::Range { what, given: most as u64 + 1, least: 0, most: most as u64 }
}
