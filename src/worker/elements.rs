//! The GStreamer elements that the worker uses, and the Debian packages that hold them.

use serde::Serialize;

/// (element, package, what it is for)
const ELEMENTS: &[(&str, &str, &str)] = &[
    ("appsrc", "gstreamer1.0-plugins-base", "every task"),
    ("appsink", "gstreamer1.0-plugins-base", "every task"),
    ("videoconvert", "gstreamer1.0-plugins-base", "every picture"),
    ("videoconvertscale", "gstreamer1.0-plugins-base", "every picture"),
    ("audioconvert", "gstreamer1.0-plugins-base", "every sound"),
    ("audioresample", "gstreamer1.0-plugins-base", "every sound"),
    ("capssetter", "gstreamer1.0-plugins-good", "50 and 60 pictures a second on small renditions"),
    ("deinterlace", "gstreamer1.0-plugins-good", "interlaced pictures"),
    ("jpegenc", "gstreamer1.0-plugins-good", "posters and thumbnails"),
    ("aacparse", "gstreamer1.0-plugins-good", "AAC sound"),
    ("ac3parse", "gstreamer1.0-plugins-good", "AC-3 and E-AC-3 sound"),
    ("mpegaudioparse", "gstreamer1.0-plugins-good", "MPEG-1 and MPEG-2 sound"),
    ("mpg123audiodec", "gstreamer1.0-plugins-good", "MPEG-1 and MPEG-2 sound"),
    ("h264parse", "gstreamer1.0-plugins-bad", "H.264 pictures"),
    ("mpegvideoparse", "gstreamer1.0-plugins-bad", "MPEG-2 pictures"),
    ("x264enc", "gstreamer1.0-plugins-ugly", "every encoded picture"),
    ("avdec_h264", "gstreamer1.0-libav", "H.264 pictures"),
    ("avdec_h265", "gstreamer1.0-libav", "HEVC pictures"),
    ("avdec_mpeg2video", "gstreamer1.0-libav", "MPEG-2 pictures"),
    ("avdec_aac", "gstreamer1.0-libav", "AAC sound"),
    ("avdec_aac_latm", "gstreamer1.0-libav", "AAC sound in LATM"),
    ("avdec_ac3", "gstreamer1.0-libav", "AC-3 sound"),
    ("avdec_eac3", "gstreamer1.0-libav", "E-AC-3 sound"),
    ("avenc_aac", "gstreamer1.0-libav", "every encoded sound"),
    ("textoverlay", "gstreamer1.0-plugins-base", "the demonstration channel"),
    ("mpegtsmux", "gstreamer1.0-plugins-bad", "the demonstration channel"),
];

#[derive(Debug, Serialize)]
pub struct Report {
    pub gstreamer: String,
    pub missing: Vec<Missing>,
}

#[derive(Debug, Serialize)]
pub struct Missing {
    pub element: &'static str,
    /// Debian 12's name of the package.
    pub package: &'static str,
    pub needed_for: &'static str,
}

/// Looks every element up in the registry.
pub fn report() -> Report {
    let missing = ELEMENTS
        .iter()
        .filter(|(element, ..)| gstreamer::ElementFactory::find(element).is_none())
        .map(|&(element, package, needed_for)| Missing { element, package, needed_for })
        .collect();
    Report { gstreamer: gstreamer::version_string().to_string(), missing }
}
