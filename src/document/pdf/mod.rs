//! Papers: A4, pages numbered, heads of tables again on each page.

mod flow;
mod text;

use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;

use super::font::Fonts;
use super::{Document, DocumentError};
use flow::Flow;
use text::Setter;

/// Points: 1/72 inch.
const A4: (f32, f32) = (595.3, 841.9);
const MARGIN: f32 = 51.0;
/// Letters that are bold are drawn with an edge: a second font would be as large as the first.
const BOLD: f32 = 0.03;

/// Something on a page. `y` of a text is its base line.
enum Mark {
    Text { x: f32, y: f32, size: f32, color: Color, is_bold: bool, text: String },
    Line { from: (f32, f32), to: (f32, f32), color: Color },
    Field { at: (f32, f32), size: (f32, f32), color: Color },
}

type Color = (u8, u8, u8);

const INK: Color = (24, 24, 27);
const GREY: Color = (96, 96, 104);
const RULE: Color = (170, 170, 176);
const SHADE: Color = (240, 240, 242);
const BAR: Color = (52, 96, 160);
/// Of a strip: nothing, good, fair, poor.
const GRADES: [Color; 4] = [(228, 228, 231), (46, 125, 80), (224, 160, 32), (179, 38, 30)];

pub(super) fn write(document: &Document, fonts: &Fonts) -> Result<Vec<u8>, DocumentError> {
    let setter = Setter::new(fonts).ok_or_else(|| DocumentError::Pdf("the font cannot be parsed".to_owned()))?;
    let size = if document.is_wide { (A4.1, A4.0) } else { A4 };
    let mut flow = Flow::new(&setter, size);
    flow.document(document);
    let pages = flow.finish(&document.title);

    let mut pdf = krilla::Document::new();
    let metadata = Metadata::new().title(document.title.clone()).language("zh-CN".to_owned()).creator("Yizhan 驿站".to_owned());
    pdf.set_metadata(metadata);
    let settings = || PageSettings::from_wh(size.0, size.1).ok_or_else(|| DocumentError::Pdf("the page has no size".to_owned()));
    for marks in pages {
        let mut page = pdf.start_page_with(settings()?);
        let mut surface = page.surface();
        for mark in &marks {
            draw(&mut surface, &setter, mark);
        }
        surface.finish();
        page.finish();
    }
    pdf.finish().map_err(|error| DocumentError::Pdf(format!("{error:?}")))
}

fn draw(surface: &mut Surface<'_>, setter: &Setter<'_>, mark: &Mark) {
    match mark {
        Mark::Text { x, y, size, color, is_bold, text } => {
            surface.set_fill(Some(fill(*color)));
            surface.set_stroke(is_bold.then(|| Stroke { width: size * BOLD, ..stroke(*color) }));
            let mut x = *x;
            for run in setter.runs(text) {
                surface.draw_glyphs(Point::from_xy(x, *y), &run.glyphs, run.font.clone(), &run.text, *size, false);
                x += run.width * size;
            }
            surface.set_stroke(None);
        }
        Mark::Line { from, to, color } => {
            surface.set_fill(None);
            surface.set_stroke(Some(stroke(*color)));
            let mut path = PathBuilder::new();
            path.move_to(from.0, from.1);
            path.line_to(to.0, to.1);
            if let Some(path) = path.finish() {
                surface.draw_path(&path);
            }
            surface.set_stroke(None);
        }
        Mark::Field { at, size, color } => {
            surface.set_stroke(None);
            surface.set_fill(Some(fill(*color)));
            let mut path = PathBuilder::new();
            if let Some(rect) = Rect::from_xywh(at.0, at.1, size.0, size.1) {
                path.push_rect(rect);
            }
            if let Some(path) = path.finish() {
                surface.draw_path(&path);
            }
        }
    }
}

fn fill(color: Color) -> Fill {
    Fill { paint: rgb::Color::new(color.0, color.1, color.2).into(), opacity: NormalizedF32::ONE, rule: Default::default() }
}

fn stroke(color: Color) -> Stroke {
    Stroke { paint: rgb::Color::new(color.0, color.1, color.2).into(), width: 0.5, ..Stroke::default() }
}
