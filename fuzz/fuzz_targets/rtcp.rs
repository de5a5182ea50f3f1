//! RTCP compounds of any bytes; what is asked for again is written so that it reads the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yizhan_fuzz::sfu::packet::rtcp::{Rtcp, parse, write_nack, write_receiver_report, write_remb, write_transport_feedback};

fuzz_target!(|bytes: &[u8]| {
    let mut messages = parse(bytes);
    for message in messages.by_ref() {
        let mut out = Vec::new();
        match message {
            Ok(Rtcp::SenderReport { blocks, .. } | Rtcp::ReceiverReport { blocks, .. }) => {
                let blocks: Vec<_> = blocks.collect();
                write_receiver_report(&mut out, 1, &blocks);
                let Some(Ok(Rtcp::ReceiverReport { ssrc: 1, blocks: again })) = parse(&out).next() else { panic!("no report") };
                assert!(again.eq(blocks));
            }
            Ok(Rtcp::Sdes(chunks)) => assert!(chunks.count() <= 31),
            Ok(Rtcp::Bye { ssrcs }) => assert!(ssrcs.count() <= 31),
            Ok(Rtcp::Nack { sender, media, lost }) => {
                write_nack(&mut out, sender, media, lost.clone());
                let mut again = std::collections::BTreeSet::new();
                for message in parse(&out) {
                    let Ok(Rtcp::Nack { lost, .. }) = message else { panic!("no NACK") };
                    again.extend(lost);
                }
                assert_eq!(again, lost.collect());
            }
            Ok(Rtcp::Fir { entries, .. }) => assert!(entries.count() <= bytes.len() / 8),
            Ok(Rtcp::Remb { sender, bitrate_bps, ssrcs }) => {
                let ssrcs: Vec<_> = ssrcs.collect();
                write_remb(&mut out, sender, bitrate_bps, &ssrcs);
                let Some(Ok(Rtcp::Remb { bitrate_bps: again, .. })) = parse(&out).next() else { panic!("no REMB") };
                assert!(again == bitrate_bps || bitrate_bps == u64::MAX);
            }
            Ok(Rtcp::TransportFeedback { sender, media, fci }) => write_transport_feedback(&mut out, sender, media, fci),
            Ok(_) => {}
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
    assert!(messages.next().is_none());
});
