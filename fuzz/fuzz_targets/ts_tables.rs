//! Tables: sections out of packets, PAT, PMT, TDT and TOT.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yizhan_fuzz::{packets, section, ts};

fuzz_target!(|bytes: &[u8]| {
    let mut assembler = ts::SectionAssembler::default();
    packets(bytes, |packet| assembler.push(packet, |section| assert!(section.len() >= 3)));
    for table in [0x00, 0x02, 0x70, 0x73] {
        for section in [section(table, bytes), bytes.to_vec()] {
            if let Ok(pat) = ts::Pat::parse(&section) {
                assert_eq!(ts::Pat::parse(&pat.section()).map(|p| p.services), Ok(pat.services));
            }
            let _ = ts::Pmt::parse(&section);
            let _ = ts::tdt::parse_tdt(&section);
        }
    }
});
