//! Packets as they come, and what may not make the reading of them fail.

use std::time::Duration;

use proptest::prelude::*;

use super::*;

/// A Chromium microphone packet: one-byte extensions 4 (mid "0"), 1 (level -32 dBov with voice), 3 (transport sequence 0x0102), filled up with padding.
const VOICE: [u8; 27] = [
    0x90, 0xef, 0x12, 0x34, 0x00, 0x01, 0x02, 0x03, 0xca, 0xfe, 0xba, 0xbe, 0xbe, 0xde, 0x00, 0x02, //
    0x40, 0x30, 0x10, 0xa0, 0x31, 0x01, 0x02, 0x00, //
    0x78, 0x01, 0x02,
];

#[test]
fn a_packet_is_read_as_it_stands() {
    let rtp = Rtp::parse(&VOICE).unwrap();
    assert_eq!((rtp.payload_type(), rtp.marker(), rtp.sequence(), rtp.timestamp(), rtp.ssrc()), (111, true, 0x1234, 0x10203, 0xcafe_babe));
    assert_eq!((rtp.header_len(), rtp.payload(), rtp.padding_len()), (24, &[0x78, 1, 2][..], 0));
    assert_eq!(rtp.extension(4), Some(&b"0"[..]));
    assert_eq!(rtp.extension(1).and_then(AudioLevel::read), Some(AudioLevel { minus_dbov: 32, voice: true }));
    assert_eq!(rtp.extension(3).and_then(transport_sequence::read), Some(0x102));
    assert_eq!((rtp.extension(2), rtp.extension(0)), (None, None));
}

#[test]
fn contributing_sources_and_padding_are_no_payload() {
    let packet = [0xa2, 96, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 5, 0xaa, 0xbb, 0, 0, 3];
    let rtp = Rtp::parse(&packet).unwrap();
    assert_eq!((rtp.header_len(), rtp.payload(), rtp.padding_len()), (20, &[0xaa, 0xbb][..], 3));
}

#[test]
fn two_byte_extensions_may_be_empty_and_long() {
    let mut packet = vec![0x90, 96, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0x10, 0x05, 0, 6, 20, 0, 0, 16, 17];
    packet.extend_from_slice(&[7; 17]);
    packet.extend_from_slice(&[0, 0]);
    let rtp = Rtp::parse(&packet).unwrap();
    assert_eq!(rtp.extensions().collect::<Vec<_>>(), [(20, &[][..]), (16, &[7; 17])]);
}

#[test]
fn a_damaged_extension_gives_what_stands_before_the_damage() {
    let with = |profile: [u8; 2], body: [u8; 8]| [&[0x90, 96, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3], &profile[..], &[0, 2], &body].concat();
    for (profile, body) in [
        ([0xbe, 0xde], [0x10, 9, 0x2f, 1, 2, 3, 4, 5]),    // too long
        ([0xbe, 0xde], [0x10, 9, 0xf0, 1, 0x20, 3, 4, 5]), // identifier 15 ends
        ([0xbe, 0xde], [0x10, 9, 0x03, 1, 0x20, 3, 4, 5]), // padding with a length
        ([0x10, 0x00], [1, 1, 9, 2, 5, 1, 1, 1]),
        ([0x10, 0x00], [1, 1, 9, 0, 0, 0, 0, 2]),
    ] {
        let packet = with(profile, body);
        assert_eq!(Rtp::parse(&packet).unwrap().extensions().collect::<Vec<_>>(), [(1, &[9][..])], "{body:?}");
    }
    assert_eq!(Rtp::parse(&with([0x12, 0x34], [1; 8])).unwrap().extensions().next(), None);
}

#[test]
fn what_is_no_packet_is_told_with_its_numbers() {
    let error = |packet: &[u8]| Rtp::parse(packet).unwrap_err();
    assert_eq!(error(&VOICE[..11]), RtpError::TooShort { len: 11, needed: 12 });
    assert_eq!(error(&VOICE[..14]), RtpError::TooShort { len: 14, needed: 16 });
    assert_eq!(error(&VOICE[..20]), RtpError::TooShort { len: 20, needed: 24 });
    assert_eq!(error(&[0x83; 20]), RtpError::TooShort { len: 20, needed: 24 });
    assert_eq!(error(&[0x40; 12]), RtpError::Version(1));
    assert_eq!(error(&[&[0xa0][..], &[1; 11], &[0, 3]].concat()), RtpError::Padding { claimed: 3, room: 2 });
    assert_eq!(error(&[&[0xa0][..], &[1; 11], &[0, 0]].concat()), RtpError::Padding { claimed: 0, room: 2 });
    assert_eq!(error(&[&[0xa0][..], &[1; 11]].concat()), RtpError::Padding { claimed: 0, room: 0 });
}

#[test]
fn the_one_byte_form_is_taken_wherever_it_can_be() {
    let header = Header { payload_type: 111, marker: true, sequence: 0x1234, timestamp: 0x10203, ssrc: 0xcafe_babe };
    let mut out = Vec::new();
    write_header(&mut out, &header, &[(4, b"0"), (1, &[0xa0]), (3, &[1, 2])]);
    assert_eq!(out, VOICE[..24]);
    out.clear();
    write_header(&mut out, &header, &[(15, &[1])]);
    assert_eq!(out[12..], [0x10, 0x00, 0, 1, 15, 1, 1, 0]);
    out.clear();
    write_header(&mut out, &header, &[]);
    assert_eq!(out[..2], [0x80, 0xef]);
    assert_eq!(out.len(), 12);
}

#[test]
fn a_probe_is_nothing_but_padding() {
    let header = Header { payload_type: 97, sequence: 7, ..Header::default() };
    let mut out = vec![1, 2, 3];
    write_padding_only(&mut out, &header, &[(3, &[1, 2])], 255);
    let rtp = Rtp::parse(&out[3..]).unwrap();
    assert_eq!((rtp.payload().len(), rtp.padding_len(), rtp.extension(3)), (0, 255, Some(&[1, 2][..])));
    out.clear();
    write_padding_only(&mut out, &header, &[], 0);
    assert_eq!(Rtp::parse(&out).unwrap().padding_len(), 1);
}

#[test]
fn identifiers_are_kept_per_extension() {
    let mut ids = ExtensionIds::default();
    assert_eq!(ids.iter().count(), 0);
    for (id, extension) in (1..).zip(Extension::ALL) {
        assert_eq!(Extension::from_uri(extension.uri()), Some(extension));
        ids.set(extension, id);
    }
    assert_eq!((ids.get(Extension::Mid), ids.get(Extension::PlayoutDelay)), (Some(1), Some(9)));
    ids.set(Extension::Mid, 0);
    assert_eq!((ids.get(Extension::Mid), ids.iter().next()), (None, Some((Extension::Rid, 2))));
    assert_eq!(Extension::from_uri("urn:3gpp:nothing"), None);
}

#[test]
fn values_of_extensions_come_back() {
    let level = AudioLevel { minus_dbov: 127, voice: false };
    assert_eq!((level.bytes(), AudioLevel::read(&[0x7f])), ([0x7f], Some(level)));
    let delay = PlayoutDelay { min: Duration::from_millis(120), max: Duration::from_millis(40_950) };
    assert_eq!((delay.bytes(), PlayoutDelay::read(&[0x00, 0xcf, 0xff])), ([0x00, 0xcf, 0xff], Some(delay)));
    // 24.5 s past a turn of 64 s: 24.5 * 2^18.
    let sent = abs_send_time::bytes(Duration::from_millis(24_500) - Duration::from_secs(2_208_988_800 % 64) + abs_send_time::WRAP * 10);
    assert_eq!(sent, [0x62, 0, 0]);
    assert_eq!(abs_send_time::read(&sent).map(abs_send_time::to_duration), Some(Duration::from_millis(24_500)));
    assert_eq!((AudioLevel::read(&[]), PlayoutDelay::read(&[1, 2]), abs_send_time::read(&[1]), orientation::read(&[])), (None, None, None, None));
}

#[test]
fn ntp_has_its_own_epoch_and_survives_2036() {
    assert_eq!(ntp::from_unix(Duration::ZERO), 2_208_988_800 << 32);
    assert_eq!(ntp::from_unix(Duration::from_millis(500)) as u32, 0x8000_0000);
    let later = Duration::new(2_085_978_496 + 5, 1);
    assert_eq!(ntp::from_unix(later) >> 32, 5);
    assert_eq!(ntp::to_unix(ntp::from_unix(later)), later);
    assert_eq!(ntp::middle(0x1234_5678_9abc_def0), 0x5678_9abc);
    assert_eq!((ntp::from_span(Duration::from_millis(1500)), ntp::to_span(0x1_8000)), (0x1_8000, Duration::from_millis(1500)));
    assert_eq!(ntp::from_span(Duration::MAX), u32::MAX);
}

proptest! {
    #[test]
    fn times_go_to_ntp_and_back(seconds in 0u64..1 << 32, nanos in 0u32..1_000_000_000) {
        let time = Duration::new(seconds, nanos);
        prop_assert_eq!(ntp::to_unix(ntp::from_unix(time)), time);
    }

    #[test]
    fn no_bytes_can_make_it_panic(mut bytes in prop::collection::vec(any::<u8>(), 0..120), form in 0u8..3) {
        // Mostly of version 2 and with an extension in a form that is known, so that more is reached.
        if let (1.., Some([first, ..])) = (form, bytes.get_mut(..1)) {
            *first = 0x90 | *first & 0x21;
        }
        if let (1.., Some([p0, p1, l0, _])) = (form, bytes.get_mut(12..16)) {
            (*p0, *p1, *l0) = if form == 1 { (0xbe, 0xde, 0) } else { (0x10, 0x00, 0) };
        }
        if let Ok(rtp) = Rtp::parse(&bytes) {
            prop_assert_eq!(rtp.header_len() + rtp.payload().len() + rtp.padding_len(), bytes.len());
            let total: usize = rtp.extensions().map(|(_, value)| value.len() + 1).sum();
            prop_assert!(total < rtp.header_len());
            let _ = (rtp.sequence(), rtp.timestamp(), rtp.ssrc());
        }
    }

    #[test]
    fn what_is_written_reads_the_same(
        payload_type in 0u8..128, marker: bool, sequence: u16, timestamp: u32, ssrc: u32,
        values in prop::collection::vec((1u8..=16, prop::collection::vec(any::<u8>(), 0..20)), 0..6),
        payload in prop::collection::vec(any::<u8>(), 0..20),
    ) {
        let header = Header { payload_type, marker, sequence, timestamp, ssrc };
        let extensions: Vec<_> = values.iter().map(|(id, value)| (*id, value.as_slice())).collect();
        let mut out = Vec::new();
        write_header(&mut out, &header, &extensions);
        prop_assert_eq!(out.len() % 4, 0);
        out.extend_from_slice(&payload);
        let rtp = Rtp::parse(&out).unwrap();
        let read = Header { payload_type: rtp.payload_type(), marker: rtp.marker(), sequence: rtp.sequence(), timestamp: rtp.timestamp(), ssrc: rtp.ssrc() };
        prop_assert_eq!(read, header);
        prop_assert_eq!(rtp.payload(), payload);
        prop_assert_eq!(rtp.extensions().collect::<Vec<_>>(), extensions);
    }
}
