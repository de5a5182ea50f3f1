use proptest::prelude::*;

use super::*;

fn one(compound: &[u8]) -> Rtcp<'_> {
    let mut messages = parse(compound);
    let message = messages.next().unwrap().unwrap();
    assert!(messages.next().is_none());
    message
}

const BLOCK: ReportBlock = ReportBlock {
    ssrc: 0x0102_0304,
    fraction_lost: 64,
    cumulative_lost: -2,
    extended_highest: 0x0001_fffe,
    jitter: 90,
    last_sr: 0x5678_9abc,
    delay_since_last_sr: 0x1_8000,
};

/// RFC 3550 6.4.1's diagram filled in, and 6.5's after it.
const COMPOUND: [u8; 72] = [
    0x81, 200, 0, 12, 0xca, 0xfe, 0xba, 0xbe, 0xe9, 0xde, 0xf2, 0xda, 0x80, 0, 0, 0, 0, 1, 0x5f, 0x90, 0, 0, 0, 10, 0, 0, 0x2e, 0xe0, //
    1, 2, 3, 4, 64, 0xff, 0xff, 0xfe, 0, 1, 0xff, 0xfe, 0, 0, 0, 90, 0x56, 0x78, 0x9a, 0xbc, 0, 1, 0x80, 0, //
    0x81, 202, 0, 4, 0xca, 0xfe, 0xba, 0xbe, 1, 6, b'v', b'e', b'n', b'u', b'e', b'1', 0, 0, 0, 0,
];

#[test]
fn a_compound_of_report_and_name_is_read_and_written() {
    let mut messages = parse(&COMPOUND).map(Result::unwrap);
    let Some(Rtcp::SenderReport { ssrc, ntp, rtp_time, packets, octets, blocks }) = messages.next() else { panic!("no sender report") };
    assert_eq!((ssrc, ntp, rtp_time, packets, octets), (0xcafe_babe, 0xe9de_f2da_8000_0000, 90_000, 10, 12_000));
    assert_eq!(blocks.collect::<Vec<_>>(), [BLOCK]);
    let Some(Rtcp::Sdes(chunks)) = messages.next() else { panic!("no description") };
    assert_eq!(chunks.collect::<Vec<_>>(), [Chunk { ssrc, cname: Some(b"venue1") }]);
    assert!(messages.next().is_none());

    let mut out = Vec::new();
    write_sender_report(&mut out, &SenderInfo { ssrc, ntp, rtp_time, packets, octets }, &[BLOCK]);
    write_sdes_cname(&mut out, ssrc, "venue1");
    assert_eq!(out, COMPOUND);
}

#[test]
fn blocks_over_31_follow_in_further_reports() {
    let blocks: Vec<_> = (0..70).map(|ssrc| ReportBlock { ssrc, ..BLOCK }).collect();
    for with_sender in [false, true] {
        let mut out = Vec::new();
        match with_sender {
            true => write_sender_report(&mut out, &SenderInfo::default(), &blocks),
            false => write_receiver_report(&mut out, 0, &blocks),
        }
        let each = parse(&out).map(|message| match message.unwrap() {
            Rtcp::SenderReport { blocks, .. } | Rtcp::ReceiverReport { blocks, .. } => blocks.collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        });
        let each: Vec<_> = each.collect();
        assert_eq!(each.iter().map(Vec::len).collect::<Vec<_>>(), [31, 31, 8]);
        assert_eq!(each.concat(), blocks);
    }
}

#[test]
fn an_empty_receiver_report_is_one() {
    let mut out = Vec::new();
    write_receiver_report(&mut out, 7, &[]);
    assert_eq!(out, [0x80, 201, 0, 1, 0, 0, 0, 7]);
    assert!(matches!(one(&out), Rtcp::ReceiverReport { ssrc: 7, blocks } if blocks.clone().count() == 0));
}

#[test]
fn losses_over_24_bits_are_said_as_the_most() {
    let mut out = Vec::new();
    write_receiver_report(&mut out, 7, &[i32::MIN, i32::MAX].map(|cumulative_lost| ReportBlock { cumulative_lost, ..BLOCK }));
    let Rtcp::ReceiverReport { blocks, .. } = one(&out) else { panic!() };
    assert_eq!(blocks.map(|block| block.cumulative_lost).collect::<Vec<_>>(), [-0x80_0000, 0x7f_ffff]);
}

#[test]
fn chunks_of_many_items_are_read_to_their_names() {
    // A tool (6), then the name; the next chunk, without items; one that is cut.
    let sdes = [0x83, 202, 0, 7, 0, 0, 0, 1, 6, 2, b'a', b'b', 1, 1, b'x', 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 3, 1, 200, 1, 1];
    let Rtcp::Sdes(chunks) = one(&sdes) else { panic!() };
    assert_eq!(chunks.collect::<Vec<_>>(), [Chunk { ssrc: 1, cname: Some(b"x") }, Chunk { ssrc: 2, cname: None }]);
}

#[test]
fn a_long_name_is_cut_between_letters() {
    let mut out = Vec::new();
    write_sdes_cname(&mut out, 1, &"站".repeat(90));
    let Rtcp::Sdes(mut chunks) = one(&out) else { panic!() };
    assert_eq!(chunks.next().and_then(|chunk| chunk.cname), Some("站".repeat(85).as_bytes()));
}

#[test]
fn nacks_are_packed_into_masks() {
    let mut out = Vec::new();
    write_nack(&mut out, 1, 2, [0xfffe, 0xffff, 0, 14, 15, 100]);
    // 0xfffe with 1, 2 and 16 behind it; 15 is 17 behind.
    assert_eq!(out, [0x81, 205, 0, 5, 0, 0, 0, 1, 0, 0, 0, 2, 0xff, 0xfe, 0x80, 0x03, 0, 15, 0, 0, 0, 100, 0, 0]);
    let Rtcp::Nack { sender: 1, media: 2, lost } = one(&out) else { panic!() };
    assert_eq!(lost.collect::<Vec<_>>(), [0xfffe, 0xffff, 0, 14, 15, 100]);
    out.clear();
    write_nack(&mut out, 1, 2, []);
    assert!(out.is_empty());
}

#[test]
fn many_losses_become_several_messages_that_each_fit_a_datagram() {
    let mut out = Vec::new();
    let lost: Vec<u16> = (0..600).map(|i| i * 20).collect();
    write_nack(&mut out, 1, 2, lost.iter().copied());
    let read = parse(&out).flat_map(|message| match message.unwrap() {
        Rtcp::Nack { lost, .. } => lost,
        other => panic!("{other:?}"),
    });
    assert_eq!(read.collect::<Vec<_>>(), lost);
    assert_eq!((parse(&out).count(), out.get(..4)), (3, Some(&[0x81, 205, 0, 252][..])));
}

#[test]
fn key_pictures_are_asked_for() {
    let mut out = Vec::new();
    write_pli(&mut out, 1, 2);
    assert_eq!(out, [0x81, 206, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2]);
    assert!(matches!(one(&out), Rtcp::Pli { sender: 1, media: 2 }));
    out.clear();
    write_fir(&mut out, 1, 2, 9);
    assert_eq!(out, [0x84, 206, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 9, 0, 0, 0]);
    let Rtcp::Fir { sender: 1, entries } = one(&out) else { panic!() };
    assert_eq!(entries.collect::<Vec<_>>(), [(2, 9)]);
}

#[test]
fn remb_keeps_18_bits() {
    // As a browser sends it: 1,000,000 is 250,000 times 4.
    let remb = [0x8f, 206, 0, 5, 0, 0, 0, 1, 0, 0, 0, 0, b'R', b'E', b'M', b'B', 1, 0x0b, 0xd0, 0x90, 0, 0, 0, 2];
    let Rtcp::Remb { sender: 1, bitrate_bps: 1_000_000, ssrcs } = one(&remb) else { panic!() };
    assert_eq!(ssrcs.collect::<Vec<_>>(), [2]);
    let mut out = Vec::new();
    write_remb(&mut out, 1, 1_000_000, &[2]);
    assert_eq!(out, remb);
    for (bitrate_bps, read) in [(0, 0), (0x3_ffff, 0x3_ffff), (0x7_ffff, 0x7_fffe), (u64::MAX, 0x3_ffff << 46)] {
        out.clear();
        write_remb(&mut out, 1, bitrate_bps, &[]);
        assert!(matches!(one(&out), Rtcp::Remb { bitrate_bps, .. } if bitrate_bps == read));
    }
    let absurd = [0x8f, 206, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0, b'R', b'E', b'M', b'B', 0, 0xff, 0xff, 0xff];
    assert!(matches!(one(&absurd), Rtcp::Remb { bitrate_bps: u64::MAX, .. }));
}

#[test]
fn farewells_and_transport_feedback_are_read() {
    let mut out = Vec::new();
    write_bye(&mut out, &[1, 2]);
    // With a reason, as the RFC allows.
    out.extend_from_slice(&[0x81, 203, 0, 2, 0, 0, 0, 3, 2, b'o', b'k', 0]);
    write_transport_feedback(&mut out, 4, 5, &[1, 2, 3, 4, 5]);
    let mut messages = parse(&out).map(Result::unwrap);
    let left: Vec<_> = messages.by_ref().take(2).flat_map(|message| if let Rtcp::Bye { ssrcs } = message { ssrcs.collect() } else { vec![] }).collect();
    assert_eq!(left, [1, 2, 3]);
    assert!(matches!(messages.next(), Some(Rtcp::TransportFeedback { sender: 4, media: 5, fci: [1, 2, 3, 4, 5, 0, 0, 0] })));
}

#[test]
fn messages_of_no_use_are_passed_over() {
    // An extended report (RFC 3611) and application feedback that is no REMB.
    let compound = [0x80, 207, 0, 1, 0, 0, 0, 1, 0x8f, 206, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2, b'A', b'F', b'B', b'!', 0x81, 206, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2];
    let messages: Vec<_> = parse(&compound).map(Result::unwrap).collect();
    assert!(matches!(
        messages[..],
        [Rtcp::Other { payload_type: 207, format: 0 }, Rtcp::Other { payload_type: 206, format: 15 }, Rtcp::Pli { sender: 1, media: 2 }]
    ));
}

#[test]
fn the_first_that_cannot_be_read_ends_it_and_says_where() {
    let errors = |tail: &[u8]| {
        let compound = [&COMPOUND[52..], tail].concat();
        let messages: Vec<_> = parse(&compound).collect();
        assert_eq!(messages.len(), 2);
        messages.into_iter().find_map(Result::err)
    };
    assert_eq!(errors(&[0x80, 201]), Some(RtcpError::Truncated { offset: 20, needed: 4, left: 2 }));
    assert_eq!(errors(&[0x80, 201, 0, 1, 0, 0]), Some(RtcpError::Truncated { offset: 20, needed: 8, left: 6 }));
    assert_eq!(errors(&[0x40, 201, 0, 0]), Some(RtcpError::Version { offset: 20, version: 1 }));
    assert_eq!(errors(&[0x81, 201, 0, 1, 0, 0, 0, 1]), Some(RtcpError::Short { offset: 20, payload_type: 201, len: 4 }));
    assert_eq!(errors(&[0xa0, 201, 0, 1, 0, 0, 0, 5]), Some(RtcpError::Padding { offset: 20, claimed: 5 }));
    assert_eq!(errors(&[0xa0, 201, 0, 0]), Some(RtcpError::Padding { offset: 20, claimed: 0 }));
}

proptest! {
    #[test]
    fn no_bytes_can_make_it_panic(mut bytes in prop::collection::vec(any::<u8>(), 0..160), kind in 200u8..208, first: u8) {
        for known in [false, true] {
            if let (true, Some([b0, b1, l0, l1])) = (known, bytes.get_mut(..4)) {
                (*b0, *b1, *l0, *l1) = (0x80 | first & 0x3f, kind, 0, *l1 & 0x0f);
            }
            for message in parse(&bytes) {
                match message {
                    Ok(Rtcp::SenderReport { blocks, .. } | Rtcp::ReceiverReport { blocks, .. }) => prop_assert!(blocks.count() <= 31),
                    Ok(Rtcp::Sdes(chunks)) => prop_assert!(chunks.count() <= 31),
                    Ok(Rtcp::Bye { ssrcs }) => prop_assert!(ssrcs.count() <= 31),
                    Ok(Rtcp::Remb { ssrcs, .. }) => prop_assert!(ssrcs.count() <= 255),
                    Ok(Rtcp::Nack { lost, .. }) => prop_assert!(lost.count() <= bytes.len() * 17 / 4),
                    Ok(Rtcp::Fir { entries, .. }) => prop_assert!(entries.count() <= bytes.len() / 8),
                    Ok(_) => {}
                    Err(error) => prop_assert!(!error.to_string().is_empty()),
                }
            }
        }
    }

    #[test]
    fn what_is_asked_for_again_arrives(lost in prop::collection::btree_set(any::<u16>(), 0..400)) {
        let mut out = Vec::new();
        write_nack(&mut out, 1, 2, lost.iter().copied());
        let mut read = Vec::new();
        for message in parse(&out) {
            let Ok(Rtcp::Nack { lost, .. }) = message else { return Err(TestCaseError::fail("no NACK")) };
            read.extend(lost);
        }
        prop_assert_eq!(read, Vec::from_iter(lost));
    }

    #[test]
    fn blocks_come_back(fields: (u32, u8, u32, u32, u32, u32), lost in -0x80_0000..0x80_0000i32) {
        let (ssrc, fraction_lost, extended_highest, jitter, last_sr, delay_since_last_sr) = fields;
        let block = ReportBlock { ssrc, fraction_lost, cumulative_lost: lost, extended_highest, jitter, last_sr, delay_since_last_sr };
        let mut out = Vec::new();
        write_receiver_report(&mut out, 9, &[block]);
        let Rtcp::ReceiverReport { blocks, .. } = one(&out) else { return Err(TestCaseError::fail("no report")) };
        prop_assert_eq!(blocks.collect::<Vec<_>>(), [block]);
    }
}
