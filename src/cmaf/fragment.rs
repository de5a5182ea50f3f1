//! A segment of one track: `styp`, `moof` and `mdat` (CMAF 7.3.2).

use mp4_atom::{FourCC, Mfhd, Moof, Styp, Tfdt, Tfhd, Traf, Trun, TrunEntry};

use super::init::{TRACK_ID, append};

/// One picture, or one frame of sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// When it is decoded and when it is shown, in ticks of [`super::Track::timescale`] on the tape's time line. `dts` ascends strictly, without
    /// holes inside a segment: it is written only as durations, while the segment begins at its earliest `pts`.
    pub dts: i64,
    pub pts: i64,
    /// In the same ticks.
    pub duration: u32,
    /// Decoding may begin here.
    pub key: bool,
    /// NAL units with 4-byte lengths, or one raw AAC frame.
    pub data: Vec<u8>,
}

/// A sample without its bytes: those of a segment lie one behind the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    pub dts: i64,
    pub pts: i64,
    pub duration: u32,
    pub key: bool,
    pub size: u32,
}

/// Sample flags (ISO/IEC 14496-12, 8.8.3.1): depends on no other; depends on others and is no sync sample.
pub(super) const KEY: u32 = 0x0200_0000;
pub(super) const NOT_KEY: u32 = 0x0101_0000;

/// A whole segment. Without samples it holds none, and no time.
pub fn media_segment(sequence: u32, samples: &[Sample]) -> Vec<u8> {
    let entries: Vec<Entry> = samples.iter().map(|s| Entry { dts: s.dts, pts: s.pts, duration: s.duration, key: s.key, size: s.data.len() as u32 }).collect();
    let data_len = samples.iter().map(|s| s.data.len()).sum();
    let mut out = Vec::with_capacity(256 + 16 * samples.len() + data_len);
    styp(&mut out);
    head(sequence, &entries, data_len, &mut out);
    for sample in samples {
        out.extend_from_slice(&sample.data);
    }
    out
}

/// What a segment begins with.
pub(super) fn styp(out: &mut Vec<u8>) {
    let brands = [b"msdh", b"msix", b"cmfs"].map(FourCC::new);
    append(&Styp { major_brand: FourCC::new(b"msdh"), minor_version: 0, compatible_brands: brands.to_vec() }, out);
}

/// One `moof` and `mdat`, of samples whose bytes lie one behind the other.
pub(super) fn fragment_of(sequence: u32, entries: &[Entry], data: &[u8], out: &mut Vec<u8>) {
    head(sequence, entries, data.len(), out);
    out.extend_from_slice(data);
}

/// `moof`, and the header of `mdat`.
fn head(sequence: u32, entries: &[Entry], data_len: usize, out: &mut Vec<u8>) {
    let mut moof = moof(sequence, entries);
    let start = out.len();
    append(&moof, out);
    // The samples begin behind the header of mdat: known only once the moof's length is.
    let offset = out.len() - start + 8;
    moof.traf[0].trun[0].data_offset = Some(offset as i32);
    out.truncate(start);
    append(&moof, out);
    out.extend((data_len as u32 + 8).to_be_bytes());
    out.extend(b"mdat");
}

fn moof(sequence: u32, entries: &[Entry]) -> Moof {
    let first = entries.first();
    let default_duration = first.map(|e| e.duration).filter(|&d| entries.iter().all(|e| e.duration == d));
    let keys = entries.iter().filter(|e| e.key).count();
    let default_flags = if keys == entries.len() { KEY } else { NOT_KEY };
    // One key at the front is what nearly every segment has, and has a short form.
    let only_first = keys == 1 && first.is_some_and(|e| e.key);
    let flags = |i: usize, e: &Entry| match () {
        () if keys == entries.len() => None,
        () if only_first => (i == 0).then_some(KEY),
        () => Some(if e.key { KEY } else { NOT_KEY }),
    };
    // The fragment's time is that of the first picture shown, and offsets may be negative (CMAF 7.5.17, brand cmf2): so `tfdt` is where the
    // segment begins on the media time line for every rendition, and players find no hole of the reordering delay before it.
    let earliest = entries.iter().map(|e| e.pts).min().unwrap_or(0);
    let shift = first.map_or(0, |e| earliest.saturating_sub(e.dts));
    let offset = |e: &Entry| e.pts.saturating_sub(e.dts.saturating_add(shift));
    let reordered = entries.iter().any(|e| offset(e) != 0);
    let samples: Vec<TrunEntry> = entries
        .iter()
        .enumerate()
        .map(|(i, e)| TrunEntry {
            duration: default_duration.is_none().then_some(e.duration),
            size: Some(e.size),
            flags: flags(i, e),
            cts: reordered.then(|| offset(e).clamp(i32::MIN.into(), i32::MAX.into())),
        })
        .collect();
    Moof {
        mfhd: Mfhd { sequence_number: sequence },
        traf: vec![Traf {
            tfhd: Tfhd {
                track_id: TRACK_ID,
                default_sample_duration: default_duration,
                default_sample_flags: Some(default_flags),
                default_base_is_moof: true,
                ..Default::default()
            },
            tfdt: Some(Tfdt { base_media_decode_time: earliest.max(0) as u64 }),
            trun: vec![Trun { data_offset: Some(0), samples: samples.into() }],
            ..Default::default()
        }],
    }
}
