//! Packets of a service to CMAF segments.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yizhan_fuzz::base::work::Anchor;
use yizhan_fuzz::cmaf::Remuxer;
use yizhan_fuzz::{SERVICE, packets, service};

fuzz_target!(|input: (u8, u64, Vec<u32>, Vec<u8>)| {
    let (kind, pts, lengths, bytes) = input;
    let pts_33 = pts % (1 << 33);
    let media_90k = 161_565_516_000_000;
    let mut end = media_90k;
    let boundaries = lengths.iter().map(|length| {
        end += i64::from(*length) + 1;
        end
    });
    let mut remuxer = Remuxer::new(SERVICE, Anchor { pts_33, media_90k }, [media_90k].into_iter().chain(boundaries));
    let (video, audio) = [(0x1b, 0x0f), (0x02, 0x03), (0x24, 0x11), (0x1b, 0x81)][usize::from(kind & 3)];
    service(video, audio, |packet| remuxer.push(packet));
    packets(&bytes, |packet| {
        remuxer.push(packet);
        while remuxer.poll().is_some() {}
    });
    remuxer.finish();
    while remuxer.poll().is_some() {}
});
