//! The sections of a connection that we offer. One that was used keeps its place for good (RFC 8829 5.2.2); when its track has gone it waits for another.

use super::local::{Options, Sent};
use super::offer::OfferSection;
use super::section::SectionKind;

#[derive(Debug, Clone, Default)]
pub struct Layout {
    places: Vec<Place>,
}

#[derive(Debug, Clone)]
struct Place {
    section: OfferSection,
    usage: Usage,
}

/// A client tells its application of a track when a section turns from inactive to sending. So a place can be used again only after an answer to
/// an offer in which it was inactive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Usage {
    Taken,
    Left,
    OfferedInactive,
    Free,
}

impl Layout {
    /// Begins with the data channels, as `mid` 0.
    pub fn with_data() -> Self {
        let mut layout = Self::default();
        layout.append(SectionKind::Application, None, Options::default());
        layout
    }

    /// Finds a place for a track; gives its `mid`.
    pub fn place(&mut self, kind: SectionKind, sent: Sent, options: Options) -> &str {
        let free = self.places.iter().position(|place| place.usage == Usage::Free && place.section.kind == kind);
        let at = match free {
            Some(at) => at,
            None => self.append(kind, None, options.clone()),
        };
        match self.places.get_mut(at) {
            Some(place) => {
                place.usage = Usage::Taken;
                place.section.send = Some(sent);
                place.section.options = options;
                &place.section.mid
            }
            None => "",
        }
    }

    /// The track of a section has gone. `false` where there was none.
    pub fn leave(&mut self, mid: &str) -> bool {
        let Some(place) = self.places.iter_mut().find(|place| place.section.mid == mid && place.section.send.is_some()) else { return false };
        place.section.send = None;
        place.usage = Usage::Left;
        true
    }

    /// What to offer now.
    pub fn offered(&mut self) -> Vec<OfferSection> {
        for place in self.places.iter_mut().filter(|place| place.usage == Usage::Left) {
            place.usage = Usage::OfferedInactive;
        }
        self.places.iter().map(|place| place.section.clone()).collect()
    }

    /// The client has answered the last offer.
    pub fn answered(&mut self) {
        for place in self.places.iter_mut().filter(|place| place.usage == Usage::OfferedInactive) {
            place.usage = Usage::Free;
        }
    }

    fn append(&mut self, kind: SectionKind, send: Option<Sent>, options: Options) -> usize {
        let at = self.places.len();
        self.places.push(Place { section: OfferSection { mid: at.to_string(), kind, send, options }, usage: Usage::Taken });
        at
    }
}
