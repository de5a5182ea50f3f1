//! The header of a track's segments: `ftyp` and `moov` (ISO/IEC 14496-12; CMAF 7.3.1).

use mp4_atom::{
    Audio, Avc1, Dinf, Dref, DrefEntry, Edts, Elst, ElstEntry, Encode, Esds, FourCC, Ftyp, Hdlr, Mdhd, Mdia, Minf, Moov, Mp4a, Mvex, Mvhd, Pasp, Smhd, Stbl,
    Stco, Stsd, Tkhd, Trak, Trex, Url, Visual, Vmhd, esds,
};

use super::{Aac, Codec, H264, Track};

/// Every file has one track.
pub(super) const TRACK_ID: u32 = 1;

/// `ftyp` and `moov` of a track.
pub fn init_segment(track: &Track) -> Vec<u8> {
    let mut out = Vec::with_capacity(1024);
    let brands = [b"iso6", b"cmfc", b"cmf2"].map(FourCC::new);
    append(&Ftyp { major_brand: FourCC::new(b"iso6"), minor_version: 0, compatible_brands: brands.to_vec() }, &mut out);
    append(&moov(track), &mut out);
    out
}

/// Boxes of checked values, written to memory, cannot fail to encode.
pub(super) fn append(atom: &impl Encode, out: &mut Vec<u8>) {
    atom.encode(out).expect("boxes of checked values encode");
}

fn moov(track: &Track) -> Moov {
    let timescale = track.timescale();
    Moov {
        mvhd: Mvhd { timescale, rate: 1.into(), volume: 1.into(), next_track_id: TRACK_ID + 1, ..Default::default() },
        mvex: Some(Mvex { mehd: None, trex: vec![Trex { track_id: TRACK_ID, default_sample_description_index: 1, ..Default::default() }] }),
        trak: vec![Trak {
            tkhd: tkhd(&track.codec),
            edts: edit(&track.codec),
            mdia: Mdia { mdhd: Mdhd { timescale, language: language(track), ..Default::default() }, hdlr: handler(&track.codec), minf: minf(&track.codec) },
            ..Default::default()
        }],
        ..Default::default()
    }
}

fn tkhd(codec: &Codec) -> Tkhd {
    let base = Tkhd { track_id: TRACK_ID, enabled: true, in_movie: true, ..Default::default() };
    match codec {
        Codec::H264(h264) => {
            let (across, down) = h264.sample_aspect.unwrap_or((1, 1));
            let shown = u64::from(h264.width) * u64::from(across) / u64::from(down.max(1));
            Tkhd { width: clamped(shown).into(), height: clamped(h264.height.into()).into(), ..base }
        }
        Codec::AacLc(_) => Tkhd { volume: 1.into(), alternate_group: 1, ..base },
    }
}

/// An edit that starts after the encoder's priming. Without one, presentation begins with the first sample, as MSE and CMAF expect.
fn edit(codec: &Codec) -> Option<Edts> {
    let Codec::AacLc(Aac { priming: priming @ 1.., .. }) = *codec else { return None };
    let entry = ElstEntry { segment_duration: 0, media_time: Some(priming.into()), media_rate: 1.into() };
    Some(Edts { elst: Some(Elst { entries: vec![entry] }) })
}

fn language(track: &Track) -> String {
    let known = track.language.as_ref().filter(|l| l.len() == 3 && l.bytes().all(|b| b.is_ascii_lowercase()));
    known.cloned().unwrap_or_else(|| "und".to_owned())
}

fn handler(codec: &Codec) -> Hdlr {
    match codec {
        Codec::H264(_) => Hdlr { handler: FourCC::new(b"vide"), name: "video".to_owned() },
        Codec::AacLc(_) => Hdlr { handler: FourCC::new(b"soun"), name: "sound".to_owned() },
    }
}

fn minf(codec: &Codec) -> Minf {
    let entry = match codec {
        Codec::H264(h264) => avc1(h264).into(),
        Codec::AacLc(aac) => mp4a(aac).into(),
    };
    Minf {
        vmhd: matches!(codec, Codec::H264(_)).then(Vmhd::default),
        smhd: matches!(codec, Codec::AacLc(_)).then(Smhd::default),
        dinf: Dinf { dref: Dref { entries: vec![DrefEntry::Url(Url::default())] } },
        stbl: Stbl { stsd: Stsd { codecs: vec![entry] }, stco: Some(Stco::default()), ..Default::default() },
        ..Default::default()
    }
}

fn avc1(h264: &H264) -> Avc1 {
    Avc1 {
        visual: Visual { data_reference_index: 1, width: clamped(h264.width.into()), height: clamped(h264.height.into()), ..Default::default() },
        avcc: h264.avcc(),
        pasp: h264.sample_aspect.map(|(across, down)| Pasp { h_spacing: across.into(), v_spacing: down.into() }),
        btrt: None,
        colr: None,
        taic: None,
        fiel: None,
        spatial: None,
    }
}

fn mp4a(aac: &Aac) -> Mp4a {
    let dec_specific = esds::DecoderSpecific { raw: aac.config.clone(), ..Default::default() };
    // 0x40: MPEG-4 audio; 5: an audio stream (ISO/IEC 14496-1, tables 5 and 6).
    let dec_config = esds::DecoderConfig { object_type_indication: 0x40, stream_type: 5, dec_specific: Some(dec_specific), ..Default::default() };
    Mp4a {
        audio: Audio {
            data_reference_index: 1,
            channel_count: aac.channels.into(),
            sample_size: 16,
            // Rates that 16 bits do not hold are in the AudioSpecificConfig alone.
            sample_rate: u16::try_from(aac.sample_rate).unwrap_or(0).into(),
        },
        esds: Esds { es_desc: esds::EsDescriptor { dec_config, ..Default::default() } },
        btrt: None,
        taic: None,
    }
}

fn clamped(value: u64) -> u16 {
    value.min(u16::MAX.into()) as u16
}
