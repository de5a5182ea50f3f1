//! The tape of a service out of any packets at any times, and its index read back.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yizhan_fuzz::base::UtcMs;
use yizhan_fuzz::ts::index::read_index;
use yizhan_fuzz::ts::service::Wanted;
use yizhan_fuzz::ts::taper::{Output, Resume, Taper, TaperOptions};
use yizhan_fuzz::{packets, service};

fuzz_target!(|input: (u8, Vec<i16>, Vec<u8>)| {
    let (kind, waits, bytes) = input;
    let mut taper = Taper::new(TaperOptions { wanted: Wanted::First, segment_seconds: 1, signal_lost_ms: 3000, resume: Resume::default() });
    let mut now = UtcMs(1_795_172_400_000);
    service([0x1b, 0x02, 0x24, 0x06][usize::from(kind & 3)], 0x0f, |packet| taper.push(now, packet));
    let mut waits = waits.iter().cycle();
    let mut output = Output::default();
    packets(&bytes, |packet| {
        now = now + i64::from(waits.next().copied().unwrap_or(1));
        taper.push(now, packet);
        taper.tick(now);
        taper.take(&mut output);
        assert!(output.steps.iter().all(|(place, _)| *place <= output.bytes.len()));
    });
    taper.finish();
    taper.take(&mut output);
    let _ = read_index(&bytes);
});
