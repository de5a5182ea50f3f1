//! Many thumbnails in one JPEG.

use gstreamer as gst;
use gstreamer_video as gst_video;
use gstreamer_video::prelude::*;

pub const THUMBNAIL_WIDTH: u32 = 160;
pub const COLUMNS: u32 = 10;
const ROWS: u32 = 10;

/// Where the n-th thumbnail of a task is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub sprite: u32,
    pub column: u32,
    pub row: u32,
}

impl Place {
    pub fn of(n: usize) -> Self {
        let n = n as u32;
        let within = n % (COLUMNS * ROWS);
        Self { sprite: n / (COLUMNS * ROWS), column: within % COLUMNS, row: within / COLUMNS }
    }
}

/// Thumbnails of one size (I420), until the sheet is full.
#[derive(Default)]
pub struct Sprite {
    size: (u32, u32),
    /// The three planes of each.
    tiles: Vec<[Vec<u8>; 3]>,
}

impl Sprite {
    /// Takes a thumbnail; true once the sheet is full.
    pub fn add(&mut self, small: &gst::Sample, info: &gst_video::VideoInfo) -> Result<bool, String> {
        let buffer = small.buffer().ok_or("a thumbnail without a picture")?;
        let frame = gst_video::VideoFrameRef::from_buffer_ref_readable(buffer, info).map_err(|_| "a thumbnail that cannot be read")?;
        let mut tile: [Vec<u8>; 3] = Default::default();
        for (plane, to) in tile.iter_mut().enumerate() {
            let (width, height) = plane_size((info.width(), info.height()), plane);
            let data = frame.plane_data(plane as u32).map_err(|e| e.to_string())?;
            let stride = frame.plane_stride()[plane] as usize;
            for row in data.chunks(stride.max(1)).take(height) {
                to.extend_from_slice(row.get(..width).ok_or("a thumbnail shorter than its size")?);
            }
        }
        self.size = (info.width(), info.height());
        self.tiles.push(tile);
        Ok(self.tiles.len() as u32 >= COLUMNS * ROWS)
    }

    /// The sheet, only as high as needed; `None` without thumbnails.
    pub fn picture(self) -> Result<Option<gst::Sample>, String> {
        if self.tiles.is_empty() {
            return Ok(None);
        }
        let rows = (self.tiles.len() as u32).div_ceil(COLUMNS);
        let sheet = (self.size.0 * COLUMNS, self.size.1 * rows);
        let info =
            gst_video::VideoInfo::builder(gst_video::VideoFormat::I420, sheet.0, sheet.1).fps(gst::Fraction::new(1, 1)).build().map_err(|e| e.to_string())?;
        let mut buffer = gst::Buffer::with_size(info.size()).map_err(|e| e.to_string())?;
        {
            let buffer = buffer.get_mut().ok_or("a new buffer is shared")?;
            let mut frame = gst_video::VideoFrameRef::from_buffer_ref_writable(buffer, &info).map_err(|_| "a sheet cannot be written")?;
            for plane in 0..3 {
                let stride = frame.plane_stride()[plane] as usize;
                let data = frame.plane_data_mut(plane as u32).map_err(|e| e.to_string())?;
                data.fill(if plane == 0 { 16 } else { 128 });
                let (width, height) = plane_size(self.size, plane);
                for (n, tile) in self.tiles.iter().enumerate() {
                    let place = Place::of(n);
                    for (y, row) in tile[plane].chunks(width.max(1)).enumerate() {
                        let at = (place.row as usize * height + y) * stride + place.column as usize * width;
                        if let Some(to) = data.get_mut(at..at + row.len()) {
                            to.copy_from_slice(row);
                        }
                    }
                }
            }
        }
        let caps = info.to_caps().map_err(|e| e.to_string())?;
        Ok(Some(gst::Sample::builder().buffer(&buffer).caps(&caps).build()))
    }
}

/// Bytes of a row and rows of a plane of I420; thumbnails have even sizes.
fn plane_size((width, height): (u32, u32), plane: usize) -> (usize, usize) {
    let halved = u32::from(plane > 0);
    ((width >> halved) as usize, (height >> halved) as usize)
}

pub fn to_jpeg(picture: &gst::Sample) -> Result<Vec<u8>, String> {
    let caps = gst::Caps::builder("image/jpeg").build();
    let jpeg = gst_video::convert_sample(picture, &caps, gst::ClockTime::from_seconds(30)).map_err(|e| e.to_string())?;
    let bytes = jpeg.buffer().and_then(|b| b.map_readable().ok()).map(|m| m.to_vec());
    bytes.ok_or_else(|| "the JPEG encoder gave nothing".to_owned())
}
