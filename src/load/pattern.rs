//! The sizes of a real encoder's pictures, and which picture refers to which.

use super::options::VideoCodec;

/// What an encoder made of a person signing to the camera (30 pictures a second, constant rate, realtime): bytes of pictures in a row, then of key
/// pictures that came amidst.
struct Measured {
    bitrate_bps: u32,
    deltas: [u16; 60],
    keys: [u16; 4],
}

/// libvpx 1.x, VP8, three temporal layers (the first of each four is of the lowest), at 320x180.
const VP8_LOW: Measured = Measured {
    bitrate_bps: 150_000,
    deltas: [
        1357, 381, 473, 485, 902, 503, 594, 612, 1128, 488, 580, 545, 1198, 364, 417, 483, 926, 459, 394, 596, 841, 569, 688, 638, 1302, 471, 580, 437, 854,
        423, 344, 424, 918, 360, 198, 560, 578, 368, 287, 491, 843, 522, 592, 594, 1094, 525, 631, 664, 1281, 576, 680, 594, 1181, 404, 517, 503, 946, 408,
        461, 627,
    ],
    keys: [1494, 1851, 3097, 2241],
};

/// At 640x360.
const VP8_MEDIUM: Measured = Measured {
    bitrate_bps: 500_000,
    deltas: [
        4674, 1600, 1734, 1500, 3236, 1767, 2049, 1931, 3874, 1751, 2052, 1794, 3834, 1279, 1311, 1456, 2900, 1479, 1328, 1946, 3142, 1827, 1906, 1935, 3732,
        1356, 1563, 1466, 2793, 1392, 1264, 1600, 2941, 1402, 945, 1917, 2303, 1310, 1044, 1594, 2783, 1567, 1792, 1977, 3493, 1663, 2300, 2080, 4021, 1819,
        1951, 2245, 3637, 1543, 1801, 1762, 3368, 1214, 1664, 2167,
    ],
    keys: [3126, 3546, 5903, 4594],
};

/// At 1280x720.
const VP8_HIGH: Measured = Measured {
    bitrate_bps: 1_500_000,
    deltas: [
        13324, 5107, 5555, 4648, 10748, 5449, 5869, 5413, 11257, 5666, 6027, 5342, 11933, 4269, 4182, 4249, 8900, 4634, 4107, 5384, 9814, 5365, 5710, 5300,
        10754, 4158, 4745, 4534, 8361, 4321, 3947, 4723, 8848, 4635, 2948, 5682, 7383, 4299, 3660, 4466, 9365, 4514, 5164, 6135, 10280, 4932, 6147, 6583,
        11526, 5679, 5598, 6232, 10736, 4489, 5416, 5545, 10068, 3720, 4930, 6049,
    ],
    keys: [7418, 8091, 10242, 8307],
};

/// OpenH264, constrained baseline without temporal layers, at 640x360.
const H264_MEDIUM: Measured = Measured {
    bitrate_bps: 500_000,
    deltas: [
        1728, 1403, 2155, 2464, 2477, 2473, 1791, 1808, 1879, 1539, 2077, 2305, 2252, 2274, 2419, 1956, 1863, 1700, 2224, 2370, 1514, 1432, 1397, 1269, 1196,
        1173, 1233, 1837, 2404, 2439, 2005, 2193, 2443, 219, 1589, 2493, 1838, 2101, 1970, 2260, 2034, 2245, 1991, 2430, 2310, 2404, 2082, 2280, 2185, 1574,
        1310, 2153, 2405, 2726, 1991, 1938, 1834, 1960, 1580, 2264,
    ],
    keys: [6968, 7210, 7372, 8544],
};

/// Sizes for a rate: the nearest measurement, scaled.
#[derive(Clone, Copy)]
pub struct Sizes {
    measured: &'static Measured,
    scale: f64,
}

impl Sizes {
    pub fn of(codec: VideoCodec, bitrate_bps: u32, pictures_per_second: u32) -> Self {
        let measured = match codec {
            VideoCodec::H264 => &H264_MEDIUM,
            VideoCodec::Vp8 if bitrate_bps < 270_000 => &VP8_LOW,
            VideoCodec::Vp8 if bitrate_bps < 870_000 => &VP8_MEDIUM,
            VideoCodec::Vp8 => &VP8_HIGH,
        };
        let mean = measured.deltas.iter().map(|bytes| f64::from(*bytes)).sum::<f64>() / measured.deltas.len() as f64;
        let wanted = f64::from(bitrate_bps) / 8.0 / f64::from(pictures_per_second.max(1));
        debug_assert!(measured.bitrate_bps > 0);
        Self { measured, scale: wanted / mean }
    }

    /// Of the picture that comes `since_key` pictures after a key picture.
    pub fn delta(&self, since_key: u32) -> usize {
        self.scaled(self.measured.deltas.get(since_key as usize % self.measured.deltas.len()))
    }

    pub fn key(&self, at: u32) -> usize {
        self.scaled(self.measured.keys.get(at as usize % self.measured.keys.len()))
    }

    fn scaled(&self, bytes: Option<&u16>) -> usize {
        (f64::from(bytes.copied().unwrap_or(1)) * self.scale).round() as usize
    }
}

/// Where a picture stands among the temporal layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub temporal: u8,
    /// How many pictures before stands the one that it needs; 0 of a key picture.
    pub back: u32,
    /// It needs one of the lowest layer only.
    pub is_sync: bool,
    /// Nothing needs it.
    pub is_discardable: bool,
}

impl Place {
    pub const KEY: Self = Self { temporal: 0, back: 0, is_sync: false, is_discardable: false };
    /// A picture that needs the one before it.
    pub const FOLLOWS: Self = Self { temporal: 0, back: 1, is_sync: false, is_discardable: false };

    /// Three layers in the order 0 2 1 2, as libwebrtc has them.
    pub fn of_three(since_key: u32) -> Self {
        match since_key % 4 {
            _ if since_key == 0 => Self::KEY,
            0 => Self { temporal: 0, back: 4, is_sync: false, is_discardable: false },
            1 => Self { temporal: 2, back: 1, is_sync: true, is_discardable: true },
            2 => Self { temporal: 1, back: 2, is_sync: true, is_discardable: false },
            _ => Self { temporal: 2, back: 1, is_sync: false, is_discardable: true },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_sizes_add_up_to_the_rate(bitrate_bps in 50_000_u32..8_000_000, vp8: bool) {
            let codec = if vp8 { VideoCodec::Vp8 } else { VideoCodec::H264 };
            let sizes = Sizes::of(codec, bitrate_bps, 30);
            let bits: usize = (1..=3_000).map(|at| sizes.delta(at) * 8).sum();
            let rate = bits as f64 / 100.0;
            prop_assert!((rate / f64::from(bitrate_bps) - 1.0).abs() < 0.01, "{rate} for {bitrate_bps}");
        }
    }

    #[test]
    fn the_sizes_vary_as_an_encoders_do() {
        for codec in [VideoCodec::Vp8, VideoCodec::H264] {
            let sizes = Sizes::of(codec, 500_000, 30);
            let (least, most) = (0..60).map(|at| sizes.delta(at)).fold((usize::MAX, 0), |(least, most), each| (least.min(each), most.max(each)));
            assert!(most > 2 * least && sizes.key(0) > 2_000, "{least} {most} {}", sizes.key(0));
        }
    }

    #[test]
    fn pictures_need_what_a_lower_layer_keeps() {
        for at in 1..100_u32 {
            let place = Place::of_three(at);
            let needed = Place::of_three(at - place.back);
            assert!(place.back > 0 && !needed.is_discardable && needed.temporal <= place.temporal, "{at}");
            assert_eq!(place.is_sync, needed.temporal == 0 && place.temporal > 0, "{at}");
        }
        assert_eq!(Place::of_three(0), Place::KEY);
    }
}
