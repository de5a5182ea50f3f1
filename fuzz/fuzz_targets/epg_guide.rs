//! The guide of a source: EIT, SDT and TDT sections that are whole but say anything.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yizhan_fuzz::base::UtcMs;
use yizhan_fuzz::epg::{Charset, GuideCollector, SdtCollector, announced_time};
use yizhan_fuzz::{packets, section};

fuzz_target!(|input: (Vec<(u8, Vec<u8>)>, i32, Vec<u8>)| {
    let (sections, offset, bytes) = input;
    let now = UtcMs(1_795_172_400_000);
    let mut guide = GuideCollector::new(None, Charset::Gb18030);
    let mut services = SdtCollector::new(Charset::Auto);
    for (table, body) in &sections {
        for change in guide.push_section(&section(0x4e + table % 0x22, body), now).changes {
            assert!(change.upserted.iter().all(|event| event.start < event.end && !event.title.contains(char::is_control)));
        }
        let _ = services.push_section(&section(0x42, body));
        let _ = announced_time(&section(0x73, body));
    }
    guide.set_clock_offset(i64::from(offset) * 1000);
    packets(&bytes, |packet| {
        guide.push(packet, now);
        let _ = services.push(packet);
    });
});
