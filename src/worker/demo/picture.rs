//! The picture: hills that pass at three speeds under a sun that swings, in the programme's colours. Cheap to paint, and rich enough that a codec has to work
//! as it does for television. The same instant always gives the same picture. Pure.

use std::f32::consts::TAU;

use super::schedule::{self, Palette};
use yizhan::base::UtcMs;

/// Pictures a second.
pub const RATE: u32 = 25;

/// Which lines of the picture are painted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lines {
    All,
    /// The top field: lines 0, 2, 4…
    Even,
    Odd,
}

/// Paints I420 pictures of one size, planes packed one after the other.
pub struct Painter {
    width: usize,
    height: usize,
    /// Luma of each layer of hills of each palette: its colour with grain, so that painting is copying.
    textures: Vec<(&'static Palette, [Texture; 3])>,
}

impl Painter {
    /// Width and height are even.
    pub fn new(width: usize, height: usize) -> Self {
        let textures = schedule::palettes().map(|palette| (palette, palette.hills.map(|colour| Texture::new(colour[0], width)))).collect();
        Self { width, height, textures }
    }

    pub fn len(&self) -> usize {
        self.width * self.height * 3 / 2
    }

    pub fn paint(&self, picture: &mut [u8], at: UtcMs, lines: Lines) {
        let scene = Scene::new(self.width, self.height, at);
        let Some((_, textures)) = self.textures.iter().find(|(palette, _)| *palette == scene.palette) else { return };
        let (luma, chroma) = picture.split_at_mut(self.width * self.height);
        for (y, row) in luma.chunks_exact_mut(self.width).enumerate().filter(|(y, _)| lines.take(*y)) {
            scene.row(y, 1, 0, row, |layer, from, run| {
                let source = textures[layer].row(y, scene.scroll[layer] + from);
                run.copy_from_slice(&source[..run.len()]);
            });
        }
        for (component, plane) in chroma.chunks_exact_mut(self.width * self.height / 4).enumerate() {
            for (y, row) in plane.chunks_exact_mut(self.width / 2).enumerate().filter(|(y, _)| lines.take(*y)) {
                scene.row(2 * y, 2, component + 1, row, |layer, _, run| run.fill(scene.palette.hills[layer][component + 1]));
            }
        }
    }
}

impl Lines {
    fn take(self, y: usize) -> bool {
        match self {
            Self::All => true,
            Self::Even => y.is_multiple_of(2),
            Self::Odd => !y.is_multiple_of(2),
        }
    }
}

/// Grain of one colour that repeats every 256 lines and columns; a line is as long as the picture at every offset.
struct Texture {
    line: usize,
    luma: Vec<u8>,
}

impl Texture {
    const SIZE: usize = 256;

    fn new(colour: u8, width: usize) -> Self {
        let mut seed = 0x1234_5678u32;
        let line = width + Self::SIZE;
        let mut luma = vec![colour; line * Self::SIZE];
        for row in luma.chunks_exact_mut(line) {
            for pixel in &mut row[..Self::SIZE] {
                seed ^= seed << 13;
                seed ^= seed >> 17;
                seed ^= seed << 5;
                *pixel = pixel.saturating_add_signed((seed >> 24) as i8 / 12);
            }
            for at in Self::SIZE..line {
                row[at] = row[at - Self::SIZE];
            }
        }
        Self { line, luma }
    }

    fn row(&self, y: usize, x: usize) -> &[u8] {
        let start = y % Self::SIZE * self.line;
        &self.luma[start..start + self.line][x % Self::SIZE..]
    }
}

/// One instant.
struct Scene {
    palette: &'static Palette,
    height: usize,
    layers: [Layer; 3],
    scroll: [usize; 3],
    /// Centre and radius.
    sun: (i32, i32, i32),
}

/// A layer of hills: its upper edge per column, and between which lines that lies.
struct Layer {
    edge: Vec<usize>,
    top: usize,
    bottom: usize,
}

impl Scene {
    fn new(width: usize, height: usize, at: UtcMs) -> Self {
        // Within the quarter of an hour, so that 32-bit floats stay exact.
        let seconds = at.0.rem_euclid(900_000) as f32 / 1000.0;
        let (w, h) = (width as f32, height as f32);
        let scroll = [0.03, 0.08, 0.2].map(|speed| seconds * speed * w);
        let layers = [(0.55, 0.10, 1.3), (0.68, 0.08, 2.1), (0.82, 0.06, 2.9)];
        let layers = [0, 1, 2].map(|n| {
            let (base, swing, waves) = layers[n];
            let edge_at = |x: usize| {
                let phase = (x as f32 + scroll[n]) / w * TAU * waves;
                ((base + swing * (phase.sin() * 0.6 + (phase * 2.7).sin() * 0.4)) * h) as usize
            };
            let edge: Vec<usize> = (0..width).map(edge_at).collect();
            Layer { top: edge.iter().copied().min().unwrap_or(0), bottom: edge.iter().copied().max().unwrap_or(0), edge }
        });
        let swing = (seconds / 8.0 * TAU).sin();
        let sun = (((0.5 + 0.4 * swing) * w) as i32, ((0.2 + 0.12 * swing * swing) * h) as i32, (0.08 * h) as i32);
        Self { palette: &schedule::at(at).programme.palette, height, layers, scroll: scroll.map(|s| s as usize), sun }
    }

    /// Paints line `y` of a plane that has a pixel for every `step` columns: sky, sun, and by `hill(layer, column, run)` the runs of each layer over it.
    fn row(&self, y: usize, step: usize, component: usize, row: &mut [u8], mut hill: impl FnMut(usize, usize, &mut [u8])) {
        let lowest = (0..3).rev().find(|&layer| y >= self.layers[layer].bottom);
        if lowest.is_none() {
            self.sky(y, step, component, row);
        }
        for n in lowest.unwrap_or(0)..3 {
            let layer = &self.layers[n];
            if y >= layer.bottom {
                hill(n, 0, row);
            } else if y >= layer.top {
                let mut at = 0;
                while let Some(start) = (at..row.len()).find(|&x| y >= layer.edge[x * step]) {
                    let end = (start..row.len()).find(|&x| y < layer.edge[x * step]).unwrap_or(row.len());
                    hill(n, start * step, &mut row[start..end]);
                    at = end;
                }
            }
        }
    }

    fn sky(&self, y: usize, step: usize, component: usize, row: &mut [u8]) {
        let [top, bottom] = self.palette.sky.map(|colour| usize::from(colour[component]));
        row.fill(((top * (self.height - y) + bottom * y) / self.height) as u8);
        let (x, centre, radius) = self.sun;
        let square = radius * radius - (y as i32 - centre).pow(2);
        if square > 0 {
            let half = f64::from(square).sqrt() as i32;
            let column = |x: i32| (x.max(0) as usize / step).min(row.len());
            let (from, to) = (column(x - half), column(x + half));
            row[from..to].fill(self.palette.sun[component]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_instant_gives_the_same_picture_and_fields_differ_in_time() {
        let painter = Painter::new(320, 180);
        let at = UtcMs(1_795_276_800_000);
        let (mut a, mut b, mut woven) = (vec![0; painter.len()], vec![0; painter.len()], vec![0; painter.len()]);
        painter.paint(&mut a, at, Lines::All);
        painter.paint(&mut b, at + 20, Lines::All);
        assert_ne!(a, b);
        painter.paint(&mut woven, at, Lines::Even);
        painter.paint(&mut woven, at + 20, Lines::Odd);
        for (y, row) in woven[..320 * 180].chunks_exact(320).enumerate() {
            let whole = if y % 2 == 0 { &a } else { &b };
            assert_eq!(row, &whole[y * 320..][..320], "line {y}");
        }
    }
}
