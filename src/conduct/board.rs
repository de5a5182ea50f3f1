//! The shared board: what may be drawn on it, and its bounds. Strokes are vectors on a page of 10,000 × 10,000 that is shown 16:9, so that they are sharp on any
//! screen. Where they are kept is the store's.

use serde::{Deserialize, Serialize};

use super::apply::text;
use super::refusal::Refusal;

/// A page's sides.
const SIDE: u16 = 10_000;
pub const MOST_PAGES: u32 = 20;
/// Of one page: 60,000 points are a good half megabyte, which a late comer takes in a second.
pub const MOST_STROKES: usize = 3_000;
pub const MOST_POINTS: usize = 60_000;
const MOST_OF_ONE: usize = 1_000;
const MOST_LETTERS: usize = 200;
const MOST_ERASED: usize = 200;
const WIDTHS: std::ops::RangeInclusive<u8> = 1..=100;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Colour {
    Ink,
    Red,
    Blue,
    Green,
    Orange,
}

/// Points are x and y, from 0 to 10,000.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Shape {
    Pen(Vec<[u16; 2]>),
    Line([[u16; 2]; 2]),
    Text { at: [u16; 2], text: String },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Stroke {
    /// Chosen by who draws it: letters and digits.
    pub id: String,
    pub page: u32,
    pub colour: Colour,
    /// In thousandths of the page's width; the size of letters is eight times that.
    pub width: u8,
    pub shape: Shape,
}

/// What is done on the board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
pub enum BoardAct {
    Draw {
        stroke: Stroke,
    },
    /// By their ids: one's own; the chair's are all.
    Erase {
        strokes: Vec<String>,
    },
    /// All of a page; by the chair and the desk.
    Clear {
        page: u32,
    },
    /// All screens show this page; one after the last is a new one.
    Turn {
        page: u32,
    },
}

impl BoardAct {
    /// In its bounds, its text as people meant it.
    pub fn checked(self) -> Result<Self, Refusal> {
        match self {
            Self::Draw { stroke } => Ok(Self::Draw { stroke: stroke.checked()? }),
            Self::Erase { strokes } => {
                within("strokes", strokes.len(), 1, MOST_ERASED)?;
                strokes.iter().try_for_each(|id| check_id(id))?;
                Ok(Self::Erase { strokes })
            }
            Self::Clear { page } | Self::Turn { page } if page >= MOST_PAGES => {
                Err(Refusal::Range { what: "page", given: page.into(), least: 0, most: (MOST_PAGES - 1).into() })
            }
            other => Ok(other),
        }
    }
}

impl Stroke {
    /// How much of a page's room it takes.
    pub fn points(&self) -> usize {
        match &self.shape {
            Shape::Pen(points) => points.len(),
            Shape::Line(_) => 2,
            Shape::Text { text, .. } => 1 + text.chars().count() / 2,
        }
    }

    fn checked(mut self) -> Result<Self, Refusal> {
        check_id(&self.id)?;
        within("page", self.page as usize, 0, MOST_PAGES as usize - 1)?;
        within("width", self.width.into(), (*WIDTHS.start()).into(), (*WIDTHS.end()).into())?;
        let points: &[[u16; 2]] = match &mut self.shape {
            Shape::Pen(points) => {
                within("points", points.len(), 1, MOST_OF_ONE)?;
                points
            }
            Shape::Line(ends) => ends,
            Shape::Text { at, text: words } => {
                within("text", words.chars().count(), 1, MOST_LETTERS)?;
                *words = text("text", std::mem::take(words))?;
                within("text", words.chars().count(), 1, MOST_LETTERS)?;
                std::slice::from_ref(at)
            }
        };
        for side in points.iter().flatten() {
            within("point", (*side).into(), 0, SIDE.into())?;
        }
        Ok(self)
    }
}

fn check_id(id: &str) -> Result<(), Refusal> {
    within("id", id.len(), 1, 32)?;
    if id.bytes().all(|byte| byte.is_ascii_alphanumeric()) { Ok(()) } else { Err(Refusal::Range { what: "id", given: 0, least: 1, most: 32 }) }
}

fn within(what: &'static str, given: usize, least: usize, most: usize) -> Result<(), Refusal> {
    if (least..=most).contains(&given) {
        return Ok(());
    }
    Err(Refusal::Range { what, given: given as u64, least: least as u64, most: most as u64 })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pen(points: Vec<[u16; 2]>) -> BoardAct {
        BoardAct::Draw { stroke: Stroke { id: "a1".into(), page: 0, colour: Colour::Red, width: 4, shape: Shape::Pen(points) } }
    }

    #[test]
    fn what_a_hand_draws_is_taken_as_it_is() {
        let drawn = pen(vec![[0, 0], [5_000, 5_000], [10_000, 10_000]]);
        assert_eq!(drawn.clone().checked(), Ok(drawn));
    }

    #[test]
    fn what_is_out_of_bounds_is_not_taken() {
        assert!(pen(vec![]).checked().is_err());
        assert!(pen(vec![[10_001, 0]]).checked().is_err());
        assert!(pen(vec![[1, 1]; 1_001]).checked().is_err());
        assert!(BoardAct::Turn { page: MOST_PAGES }.checked().is_err());
        assert!(BoardAct::Erase { strokes: vec!["a/b".into()] }.checked().is_err());
        let words = |text: &str| BoardAct::Draw {
            stroke: Stroke { id: "a".into(), page: 0, colour: Colour::Ink, width: 4, shape: Shape::Text { at: [1, 1], text: text.into() } },
        };
        assert!(words(" \u{7}").checked().is_err(), "nothing to read");
        assert!(words(&"长".repeat(201)).checked().is_err());
        assert_eq!(words(" 防汛\u{0} ").checked(), Ok(words("防汛")));
    }

    proptest! {
        /// Whatever is sent is refused or in its bounds.
        #[test]
        fn any_text_is_refused_or_within_bounds(sent in r#"\{"act":"(draw|erase|clear|turn)"[ -~]{0,200}\}"#, page in any::<u32>(), width in any::<u8>(), points in prop::collection::vec(any::<[u16; 2]>(), 0..1_200)) {
            let _ = serde_json::from_str::<BoardAct>(&sent).map(BoardAct::checked);
            let stroke = Stroke { id: "x".into(), page, colour: Colour::Blue, width, shape: Shape::Pen(points) };
            if let Ok(BoardAct::Draw { stroke }) = (BoardAct::Draw { stroke }).checked() {
                prop_assert!(stroke.page < MOST_PAGES && WIDTHS.contains(&stroke.width) && stroke.points() <= MOST_OF_ONE);
                prop_assert!(matches!(&stroke.shape, Shape::Pen(points) if points.iter().flatten().all(|side| *side <= SIDE)));
            }
        }
    }
}
