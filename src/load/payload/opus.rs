//! Opus (RFC 6716) that is silence to whoever plays it: the stamp and the rest of a usual size stand in the padding (3.2.5).

use std::sync::Arc;

use crate::load::stamp::Stamp;

/// Speech at 32 kb/s varies about 80 bytes in 20 ms; breath between words takes less.
const SPOKEN: [u8; 16] = [78, 92, 85, 81, 97, 103, 88, 74, 66, 59, 71, 84, 90, 83, 76, 62];
const QUIET: u8 = 48;
/// CELT, 20 ms, full band; a number of frames follows.
const TOC: u8 = 0xfb;
/// One frame, with padding.
const ONE_PADDED: u8 = 0x41;
const SILENCE: [u8; 2] = [0xff, 0xfe];

pub fn packet(stamp: &Stamp, speaks: bool) -> Arc<[u8]> {
    let burnt_in = stamp.bytes();
    let size = if speaks { SPOKEN.get(stamp.number as usize % SPOKEN.len()).copied().unwrap_or(QUIET) } else { QUIET };
    let padding = usize::from(size).saturating_sub(3 + SILENCE.len()).max(burnt_in.len());
    let zeros = [0; 255];
    let fill = zeros.get(..padding - burnt_in.len()).unwrap_or_default();
    [&[TOC, ONE_PADDED, padding as u8], SILENCE.as_slice(), fill, &burnt_in].concat().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sound_carries_its_stamp_and_has_a_usual_size() {
        for number in 0..100 {
            let stamp = Stamp { run: 1, publisher: 2, number, needs: number, index: 0, packets: 1, layer: 0, is_key: true, made_ns: 5 };
            for (speaks, least, most) in [(true, 59, 103), (false, 48, 48)] {
                let packet = packet(&stamp, speaks);
                assert_eq!(Stamp::find(&packet, 1), Some(stamp));
                assert!((least..=most).contains(&packet.len()));
                // Padding is the rest behind head and frame.
                assert_eq!(usize::from(packet[2]), packet.len() - 5);
            }
        }
    }
}
