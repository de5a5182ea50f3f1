//! Segments read back with `mp4-atom`, as a player would.

use mp4_atom::{Any, Decode, DecodeMaybe, Ftyp, Moof, Moov};

/// A sample as a player finds it, in the track's ticks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub dts: i64,
    pub pts: i64,
    pub duration: u32,
    pub key: bool,
    pub data: Vec<u8>,
}

/// The samples of a segment. Panics where it is not one.
pub fn samples(segment: &[u8]) -> Vec<Found> {
    let mut found = Vec::new();
    let mut rest = segment;
    let mut moof: Option<(usize, Moof)> = None;
    while !rest.is_empty() {
        let at = segment.len() - rest.len();
        match Any::decode_maybe(&mut rest).unwrap().unwrap() {
            Any::Moof(m) => moof = Some((at, m)),
            Any::Mdat(_) => {
                let (start, moof) = moof.take().expect("a moof before each mdat");
                read(segment, start, &moof, &mut found);
            }
            Any::Styp(_) => assert_eq!(at, 0),
            other => panic!("{other:?}"),
        }
    }
    found
}

fn read(segment: &[u8], start: usize, moof: &Moof, found: &mut Vec<Found>) {
    let [traf] = &moof.traf[..] else { panic!("one track") };
    let [run] = &traf.trun[..] else { panic!("one run") };
    let mut dts = traf.tfdt.as_ref().unwrap().base_media_decode_time as i64;
    let mut at = start + run.data_offset.unwrap() as usize;
    for entry in &run.samples {
        let duration = entry.duration.or(traf.tfhd.default_sample_duration).unwrap();
        let flags = entry.flags.or(traf.tfhd.default_sample_flags).unwrap();
        let size = entry.size.unwrap() as usize;
        let data = segment[at..at + size].to_vec();
        found.push(Found { dts, pts: dts + entry.cts.unwrap_or(0), duration, key: flags & 0x1_0000 == 0, data });
        at += size;
        dts += i64::from(duration);
    }
}

pub fn moov(init: &[u8]) -> Moov {
    let mut rest = init;
    Ftyp::decode(&mut rest).unwrap();
    let moov = Moov::decode(&mut rest).unwrap();
    assert!(rest.is_empty());
    moov
}
