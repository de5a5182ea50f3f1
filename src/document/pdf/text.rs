//! Letters: how wide they are, where lines break, which glyphs they become.
//!
//! A line is cut into runs of one font and one direction. Runs stand in the order of the text: a name in Uyghur within Chinese is right, a whole paragraph
//! of mixed directions is not reordered.

use std::cell::RefCell;
use std::collections::HashMap;

use krilla::text::{Font, GlyphId, KrillaGlyph};
use rustybuzz::{Direction, Face, UnicodeBuffer};

use super::super::font::Fonts;

/// Puts text into glyphs; widths are in parts of the font size.
pub(super) struct Setter<'f> {
    fonts: Vec<(Face<'f>, Font)>,
    /// Of a letter: its font and width.
    letters: RefCell<HashMap<char, (usize, f32)>>,
}

/// Glyphs of one font.
pub(super) struct Run {
    pub font: Font,
    pub text: String,
    pub glyphs: Vec<KrillaGlyph>,
    pub width: f32,
}

/// These do not begin a line.
const CLOSING: &str = "，。、；：！？）》」』】〕”’…—,.;:!?)]}%‰℃";
/// These do not end one.
const OPENING: &str = "（《「『【〔“‘([{￥¥$";

impl<'f> Setter<'f> {
    pub fn new(fonts: &'f Fonts) -> Option<Self> {
        let open = |file: &'f super::super::font::FontFile| Some((Face::from_slice(&file.data, file.index)?, Font::new(file.data.clone().into(), file.index)?));
        Some(Self { fonts: fonts.0.iter().map(open).collect::<Option<_>>()?, letters: RefCell::default() })
    }

    pub fn width(&self, text: &str) -> f32 {
        text.chars().map(|letter| self.letter(letter).1).sum()
    }

    /// The lines of a text that is set in this size within this width.
    pub fn lines(&self, text: &str, size: f32, width: f32) -> Vec<String> {
        text.split('\n').flat_map(|paragraph| self.broken(&plain(paragraph), width / size)).collect()
    }

    fn broken(&self, text: &str, width: f32) -> Vec<String> {
        let letters: Vec<char> = text.chars().collect();
        let (mut lines, mut from, mut used, mut last_break) = (Vec::new(), 0, 0.0, None);
        let mut at = 0;
        while at < letters.len() {
            let wide = self.letter(letters[at]).1;
            // A blank may stand over the edge.
            if used + wide > width && at > from && letters[at] != ' ' {
                let to = last_break.filter(|found| *found > from).unwrap_or(at);
                lines.push(said(&letters[from..to]));
                (from, used, last_break) = (to, 0.0, None);
                at = to;
                continue;
            }
            used += wide;
            at += 1;
            if at < letters.len() && may_break(letters[at - 1], letters[at]) {
                last_break = Some(at);
            }
        }
        if from < letters.len() || lines.is_empty() {
            lines.push(said(&letters[from..]));
        }
        lines
    }

    pub fn runs(&self, text: &str) -> Vec<Run> {
        let text = plain(text);
        let mut runs: Vec<(usize, bool, String)> = Vec::new();
        for letter in text.chars() {
            let (font, is_backward) = (self.letter(letter).0, is_backward(letter));
            match runs.last_mut() {
                Some((known, backward, run)) if *known == font && (*backward == is_backward || letter == ' ') => run.push(letter),
                _ => runs.push((font, is_backward, letter.to_string())),
            }
        }
        runs.into_iter().map(|(font, is_backward, text)| self.shaped(font, is_backward, text)).collect()
    }

    fn shaped(&self, font: usize, is_backward: bool, text: String) -> Run {
        let (face, font) = &self.fonts[font];
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(&text);
        buffer.guess_segment_properties();
        buffer.set_direction(if is_backward { Direction::RightToLeft } else { Direction::LeftToRight });
        let shaped = rustybuzz::shape(face, &[], buffer);
        let em = face.units_per_em() as f32;
        let starts: Vec<usize> = shaped.glyph_infos().iter().map(|info| info.cluster as usize).collect();
        // A cluster ends where the next of the text begins, in whichever order the glyphs stand.
        let mut sorted = starts.clone();
        sorted.sort_unstable();
        sorted.dedup();
        let end = |start: usize| sorted.get(sorted.partition_point(|known| *known <= start)).copied().unwrap_or(text.len());
        let glyphs: Vec<KrillaGlyph> = shaped
            .glyph_infos()
            .iter()
            .zip(shaped.glyph_positions())
            .map(|(info, position)| {
                let start = info.cluster as usize;
                let scaled = |units: i32| units as f32 / em;
                KrillaGlyph::new(
                    GlyphId::new(info.glyph_id),
                    scaled(position.x_advance),
                    scaled(position.x_offset),
                    scaled(position.y_offset),
                    scaled(position.y_advance),
                    start..end(start),
                    None,
                )
            })
            .collect();
        let width = glyphs.iter().map(|glyph| glyph.x_advance).sum();
        Run { font: font.clone(), text, glyphs, width }
    }

    fn letter(&self, letter: char) -> (usize, f32) {
        if let Some(known) = self.letters.borrow().get(&letter) {
            return *known;
        }
        let found = self.fonts.iter().enumerate().find_map(|(at, (face, _))| Some((at, face.glyph_index(letter)?)));
        let (at, glyph) = found.unwrap_or((0, rustybuzz::ttf_parser::GlyphId(0)));
        let face = &self.fonts[at].0;
        let width = face.glyph_hor_advance(glyph).map_or(1.0, |advance| f32::from(advance) / face.units_per_em() as f32);
        self.letters.borrow_mut().insert(letter, (at, width));
        (at, width)
    }
}

/// Without what has no form.
fn plain(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

fn said(letters: &[char]) -> String {
    letters.iter().collect::<String>().trim_end().to_owned()
}

fn may_break(before: char, after: char) -> bool {
    if CLOSING.contains(after) || OPENING.contains(before) || after == ' ' {
        return false;
    }
    before == ' ' || before == '-' || before == '/' || is_ideograph(before) || is_ideograph(after) || CLOSING.contains(before)
}

fn is_ideograph(letter: char) -> bool {
    matches!(u32::from(letter), 0x2e80..=0x9fff | 0xac00..=0xd7af | 0xf900..=0xfaff | 0xff00..=0xff60 | 0x20000..=0x3ffff)
}

/// Hebrew, Arabic (Uyghur), Syriac, and the Arabic presentation forms.
fn is_backward(letter: char) -> bool {
    matches!(u32::from(letter), 0x0590..=0x08ff | 0xfb1d..=0xfdff | 0xfe70..=0xfeff)
}
