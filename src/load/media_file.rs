//! Pictures that were encoded before: IVF of VP8, Annex B of H.264.

use std::io;
use std::path::{Path, PathBuf};

use super::options::VideoCodec;

const IVF_HEAD: usize = 32;
const PICTURE_HEAD: usize = 12;

/// The pictures of a file, played again and again.
#[derive(Debug)]
pub struct Recording {
    pub codec: VideoCodec,
    pictures: Vec<Recorded>,
}

#[derive(Debug, PartialEq)]
pub struct Recorded {
    /// VP8: the picture; H.264: its units.
    pub units: Vec<Vec<u8>>,
    pub is_key: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum MediaFileError {
    #[error("{}: {source}", path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("{}: 既不是 VP8 的 IVF,也不是 H.264 的 Annex B · neither IVF with VP8 nor Annex B with H.264", path.display())]
    Unknown { path: PathBuf },
    #[error("{}: 第一幅不是关键帧 · the first picture is no key frame", path.display())]
    NoKey { path: PathBuf },
    #[error("{}: 各层文件的编码不同 · the layers' files are not of one codec", path.display())]
    Mixed { path: PathBuf },
}

impl Recording {
    pub fn open(path: &Path) -> Result<Self, MediaFileError> {
        let bytes = std::fs::read(path).map_err(|source| MediaFileError::Read { path: path.to_owned(), source })?;
        let recording = Self::of(&bytes).ok_or_else(|| MediaFileError::Unknown { path: path.to_owned() })?;
        match recording.pictures.first() {
            Some(first) if first.is_key => Ok(recording),
            _ => Err(MediaFileError::NoKey { path: path.to_owned() }),
        }
    }

    pub fn of(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(b"DKIF") {
            return (bytes.get(8..12)? == b"VP80").then(|| Self { codec: VideoCodec::Vp8, pictures: ivf(bytes) });
        }
        let pictures = annex_b(bytes);
        (!pictures.is_empty()).then_some(Self { codec: VideoCodec::H264, pictures })
    }

    /// The picture at a place, past the end from the beginning again.
    pub fn picture(&self, at: usize) -> Option<&Recorded> {
        self.pictures.get(at % self.pictures.len().max(1))
    }

    /// The next key picture from a place on; there is one, the first.
    pub fn next_key(&self, at: usize) -> usize {
        let from = at % self.pictures.len().max(1);
        self.pictures.iter().enumerate().skip(from).find(|(_, picture)| picture.is_key).map_or(0, |(at, _)| at)
    }
}

fn ivf(bytes: &[u8]) -> Vec<Recorded> {
    let mut rest = bytes.get(IVF_HEAD..).unwrap_or_default();
    let mut pictures = Vec::new();
    while let Some((len, after)) = rest.split_first_chunk::<4>() {
        let len = u32::from_le_bytes(*len) as usize;
        let Some(picture) = after.get(PICTURE_HEAD - 4..).and_then(|after| after.get(..len)) else { break };
        let is_key = picture.first().is_some_and(|tag| tag & 1 == 0);
        if !picture.is_empty() {
            pictures.push(Recorded { units: vec![picture.to_vec()], is_key });
        }
        rest = after.get(PICTURE_HEAD - 4 + len..).unwrap_or_default();
    }
    pictures
}

/// A picture begins with what leads one, or with a slice whose first macroblock is number 0, when the one before has slices.
fn annex_b(bytes: &[u8]) -> Vec<Recorded> {
    let mut pictures: Vec<Recorded> = Vec::new();
    let mut has_slices = true;
    for unit in units(bytes) {
        let Some(head) = unit.first() else { continue };
        let kind = head & 0x1f;
        let is_slice = matches!(kind, 1 | 5);
        let leads = matches!(kind, 6..=9) || is_slice && unit.get(1).is_some_and(|first| first & 0x80 != 0);
        if pictures.is_empty() || has_slices && leads {
            pictures.push(Recorded { units: Vec::new(), is_key: false });
            has_slices = false;
        }
        has_slices |= is_slice;
        let Some(picture) = pictures.last_mut() else { continue };
        picture.is_key |= kind == 5;
        // Delimiters do not travel in RTP.
        if kind != 9 {
            picture.units.push(unit.to_vec());
        }
    }
    pictures.retain(|picture| picture.units.iter().any(|unit| unit.first().is_some_and(|head| matches!(head & 0x1f, 1 | 5))));
    pictures
}

fn units(bytes: &[u8]) -> Vec<&[u8]> {
    let starts: Vec<usize> = bytes.windows(3).enumerate().filter(|(_, three)| *three == [0, 0, 1]).map(|(at, _)| at).collect();
    let ends = starts.iter().skip(1).copied().chain([bytes.len()]);
    starts.iter().zip(ends).filter_map(|(start, end)| Some(bytes.get(start + 3..end)?.trim_suffix_zeros())).collect()
}

trait TrimZeros {
    fn trim_suffix_zeros(&self) -> &Self;
}

impl TrimZeros for [u8] {
    /// A start code of four bytes begins with a zero that belongs to no unit.
    fn trim_suffix_zeros(&self) -> &Self {
        let len = self.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        self.get(..len).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn units_are_put_together_to_pictures() {
        let stream = [
            &[0, 0, 0, 1, 9, 0xf0][..],
            &[0, 0, 0, 1, 0x67, 1, 2],
            &[0, 0, 1, 0x68, 3],
            &[0, 0, 1, 0x65, 0x88, 4],
            &[0, 0, 1, 0x65, 0x40, 5], // the second slice of the same picture
            &[0, 0, 0, 1, 0x41, 0x9a, 6],
        ];
        let recording = Recording::of(&stream.concat()).unwrap();
        assert_eq!(recording.codec, VideoCodec::H264);
        assert_eq!(recording.pictures.iter().map(|picture| (picture.units.len(), picture.is_key)).collect::<Vec<_>>(), [(4, true), (1, false)]);
        assert_eq!((recording.next_key(1), recording.next_key(2)), (0, 0));
    }

    #[test]
    fn an_ivf_is_taken_apart() {
        let mut file = b"DKIF\0\0\x20\0VP80".to_vec();
        file.resize(IVF_HEAD, 0);
        for picture in [&[0x10, 1, 2][..], &[0x11, 3]] {
            file.extend((picture.len() as u32).to_le_bytes());
            file.extend([0; 8]);
            file.extend(picture);
        }
        let recording = Recording::of(&file).unwrap();
        assert_eq!(recording.pictures.len(), 2);
        assert_eq!((recording.picture(2).unwrap().is_key, recording.picture(3).unwrap().units[0].as_slice()), (true, &[0x11, 3][..]));
    }

    proptest! {
        #[test]
        fn no_file_can_make_it_panic(bytes in prop::collection::vec(0_u8..4, 0..200), ivf: bool) {
            let bytes = if ivf { [b"DKIF\0\0\x20\0VP80".to_vec(), bytes].concat() } else { bytes };
            if let Some(recording) = Recording::of(&bytes) {
                let _ = (recording.picture(7).is_some(), recording.next_key(9));
            }
        }
    }
}
