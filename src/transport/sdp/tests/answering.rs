use super::*;

fn take(mid: &str) -> AnswerSection {
    AnswerSection { mid: mid.to_owned(), receive: true, send: None, options: Options::default() }
}

fn give(mid: &str, number: u32) -> AnswerSection {
    AnswerSection { mid: mid.to_owned(), receive: false, send: Some(sent(number)), options: Options::default() }
}

/// Answers, and reads the answer again as the client would.
fn answered(text: &str, wanted: &[AnswerSection]) -> Session {
    let answer = answer(&Session::parse(text).unwrap(), &local(), wanted);
    assert_eq!(Session::parse(&answer.to_string()), Ok(answer.clone()));
    answer
}

#[test]
fn an_answer_is_lite_passive_and_one_bundle() {
    let answer = answered(PUBLISH, &[take("0"), take("1")]);
    assert_eq!((answer.ice_lite, answer.setup, answer.trickle, answer.extmap_allow_mixed), (true, Setup::Passive, true, true));
    assert_eq!((answer.ice_ufrag.as_str(), answer.fingerprint, answer.bundle.as_slice()), ("ourU", [0xab; 32], ["0", "1", "2"].map(str::to_owned).as_slice()));
    let text = answer.to_string();
    assert_eq!(text.matches("a=candidate:").count(), 3, "candidates stand once");
    assert_eq!(text.matches("a=setup:passive").count(), 3);
    assert!(text.contains(" udp 2130706431 192.0.2.1 7000 typ host\r\n"));
    assert!(text.contains(" 192.0.2.1 7443 typ host tcptype passive\r\n"));
    assert!(text.contains("a=end-of-candidates\r\n"));
    let active = answered(&PUBLISH.replace("actpass", "passive"), &[]);
    assert_eq!(active.setup, Setup::Active, "RFC 8842 5.3 leaves no choice");
}

#[test]
fn a_publisher_is_answered_with_its_numbers_and_layers() {
    let answer = answered(PUBLISH, &[take("0"), take("1")]);
    let audio = answer.section("0").unwrap();
    assert_eq!(names(audio), [(63, "red", None), (111, "opus", None)]);
    assert_eq!(audio.direction, Direction::RecvOnly);
    assert_eq!(audio.codec(111).map(parameters), Some(vec![("minptime", "10"), ("useinbandfec", "1"), ("usedtx", "1")]));
    assert_eq!(audio.codec(63).map(parameters), Some(vec![("111/111", "")]));

    let video = answer.section("1").unwrap();
    let h264 = [
        (108, "H264", Some(109)),
        (102, "H264", Some(103)),
        (116, "H264", Some(117)),
        (114, "H264", Some(115)),
        (104, "H264", Some(107)),
        (39, "H264", Some(40)),
    ];
    assert_eq!(names(video), [&[(96, "VP8", Some(97))], h264.as_slice(), &[(98, "VP9", Some(99)), (45, "AV1", Some(46))]].concat());
    assert_eq!(
        video.codec(96).map(|line| line.feedback.as_slice()),
        Some(["nack", "nack pli", "ccm fir", "goog-remb", "transport-cc"].map(str::to_owned).as_slice())
    );
    let text = answer.to_string();
    assert!(text.contains("a=rid:q recv\r\na=rid:h recv\r\na=rid:f recv\r\na=simulcast:recv q;h;f\r\n"));
    assert!(text.contains("a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\r\n"));
    assert!(!text.contains("toffset"));
}

#[test]
fn codecs_are_taken_in_our_order_and_only_what_is_allowed() {
    let options = Options {
        codecs: vec![Codec::Av1, Codec::Vp8, Codec::Opus],
        red: false,
        dtx: false,
        stereo: true,
        max_bitrate_bps: Some(96_000),
        ..Options::default()
    };
    let wanted = ["0", "1"].map(|mid| AnswerSection { options: options.clone(), ..take(mid) });
    let answer = answered(PUBLISH, &wanted);
    assert_eq!(names(&answer.sections[1]), [(45, "AV1", Some(46)), (96, "VP8", Some(97))]);
    assert_eq!(answer.sections[1].bandwidth_bps, Some(96_000));
    let opus = vec![("minptime", "10"), ("useinbandfec", "1"), ("stereo", "1"), ("maxaveragebitrate", "96000")];
    assert_eq!(answer.sections[0].codecs.iter().map(parameters).collect::<Vec<_>>(), [opus]);
}

#[test]
fn red_needs_the_opus_that_it_names() {
    let answer = answered(&PUBLISH.replace("111/111", "109/109"), &[take("0")]);
    assert_eq!(names(&answer.sections[0]), [(111, "opus", None)]);
}

#[test]
fn profiles_that_browsers_decode_are_taken_best_first_with_any_level() {
    let options = Options { codecs: vec![Codec::H264, Codec::Vp9], ..Options::default() };
    let wanted = [AnswerSection { options, ..take("1") }];
    let levels = |text: &str| -> Vec<String> {
        let answer = answered(text, &wanted);
        answer.sections[1]
            .codecs
            .iter()
            .map(|line| line.parameter("profile-level-id").or(line.parameter("profile-id")).unwrap_or_default().to_owned())
            .collect()
    };
    assert_eq!(levels(PUBLISH), ["42e034", "420034", "4d0034", "42e034", "420034", "4d0034", "0"]);
    assert_eq!(levels(&PUBLISH.replace("4d001f", "f4001f")), ["42e034", "420034", "42e034", "420034", "0"], "High 4:4:4 is not for browsers");
    assert_eq!(levels(&PUBLISH.replace("4d001f", "garbage")), ["42e034", "420034", "42e034", "420034", "0"]);
    assert_eq!(levels(&PUBLISH.replace("level-asymmetry-allowed=1", "level-asymmetry-allowed=0")).first().unwrap(), "42e01f");
    assert_eq!(levels(ENCODER), ["640c34"], "a high profile where there is nothing else");
}

#[test]
fn firefox_is_answered_in_the_opposite_direction() {
    let text = answered(FIREFOX, &[take("0"), take("1")]).to_string();
    assert!(text.contains("a=extmap:8/recvonly urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\r\n"));
    assert!(text.contains("a=extmap:9/recvonly urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id\r\n"));
    assert!(text.contains("a=extmap:6/sendonly http://www.webrtc.org/experiments/rtp-hdrext/playout-delay\r\n"));
    assert!(text.contains("a=simulcast:recv q;h;f\r\n"));
}

#[test]
fn firefox_without_h264_is_taken_with_layers_by_one_connection() {
    let answer = answered(FIREFOX_SINGLE, &[give("0", 0), give("3", 3), take("7"), take("8")]);
    let of = |mid| answer.section(mid).unwrap();
    assert_eq!(["0", "3", "7", "8"].map(|mid| of(mid).direction), [Direction::SendOnly, Direction::SendOnly, Direction::RecvOnly, Direction::RecvOnly]);
    assert_eq!(answer.bundle, ["0", "1", "2", "3", "4", "5", "6", "7", "8"], "sections at port zero that are bundle-only are alive");
    assert_eq!(names(of("8")), [(120, "VP8", Some(124)), (121, "VP9", Some(125)), (99, "AV1", Some(100))]);
    assert_eq!(rids(of("8")), ["q", "h", "f"]);
    assert_eq!([Extension::Mid, Extension::Rid, Extension::RepairedRid].map(|each| of("8").extensions.get(each)), [Some(3), Some(9), Some(10)]);
}

#[test]
fn layers_need_the_rid_extension_and_the_wish() {
    let without = answered(&PUBLISH.replace("rtp-stream-id", "nothing"), &[take("1")]);
    assert!(without.sections[1].rids.is_empty());
    let unwanted = answered(PUBLISH, &[AnswerSection { options: Options { simulcast: false, ..Options::default() }, ..take("1") }]);
    assert!(unwanted.sections[1].rids.is_empty());
}

#[test]
fn transport_feedback_goes_with_its_extension() {
    let answer = answered(ENCODER, &[take("1")]);
    assert_eq!(answer.sections[1].codecs[0].feedback, ["nack", "nack pli", "goog-remb"]);
    let answer = answered(&PUBLISH.replace("draft-holmer-rmcat", "draft-nobody"), &[take("1")]);
    assert!(!answer.to_string().contains("transport-cc"));
}

#[test]
fn sections_for_nothing_stay_open_and_serve_later() {
    let idle = answered(SINGLE_RECVONLY, &[]);
    assert!(idle.sections.iter().all(|section| !section.rejected && (section.direction == Direction::Inactive) == (section.kind != SectionKind::Application)));

    let answer = answered(SINGLE_PUBLISH, &[give("1", 1), give("4", 4), take("7"), take("8")]);
    let of = |mid| answer.section(mid).unwrap().direction;
    assert_eq!(["1", "2", "4", "7", "8"].map(of), [Direction::SendOnly, Direction::Inactive, Direction::SendOnly, Direction::RecvOnly, Direction::RecvOnly]);
    let text = answer.to_string();
    assert!(text.contains("a=ssrc-group:FID 1004 2004\r\na=ssrc:1004 cname:PA_a\r\na=ssrc:1004 msid:PA_a|TR_b TR_b\r\na=ssrc:2004 cname:PA_a\r\n"));
    assert!(text.contains("a=msid:PA_a|TR_b TR_b\r\n"));
    assert!(!text.contains("a=ssrc:2001"), "sound has no RTX");
}

#[test]
fn nothing_is_sent_to_who_does_not_receive_nor_taken_from_who_does_not_send() {
    let answer = answered(WHIP, &[give("0", 0), give("1", 1)]);
    assert!(answer.sections.iter().all(|section| section.direction == Direction::Inactive && section.ssrcs.is_empty()));
    let answer = answered(WHEP, &[take("0"), AnswerSection { receive: true, ..give("1", 1) }]);
    assert_eq!(answer.sections.iter().map(|section| section.direction).collect::<Vec<_>>(), [Direction::Inactive, Direction::SendOnly]);
    let both = ["0", "1"].map(|mid| AnswerSection { receive: true, ..give(mid, 1) });
    assert!(answered(SENDRECV, &both).sections.iter().all(|section| section.direction == Direction::SendRecv));
}

#[test]
fn what_cannot_be_shared_is_refused_in_the_words_of_the_offer() {
    let wanted = [AnswerSection { options: Options { codecs: vec![Codec::Opus], ..Options::default() }, ..take("1") }];
    let answer = answered(PUBLISH, &wanted);
    assert_eq!(answer.sections.iter().map(|section| section.rejected).collect::<Vec<_>>(), [false, true, false]);
    assert_eq!(answer.bundle, ["0", "2"]);
    assert!(answer.to_string().contains("m=video 0 UDP/TLS/RTP/SAVPF 96\r\n"));

    let foreign = format!("{PUBLISH}m=image 4000 udptl t38\na=mid:fax\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\na=mid:again\n");
    let foreign = foreign.replace("BUNDLE 0 1 2", "BUNDLE 0 1 2 fax again");
    let answer = answered(&foreign, &[]);
    assert!(answer.to_string().contains("m=image 0 udptl t38\r\n"));
    assert_eq!(answer.bundle, ["0", "1", "2"], "one section of data channels is enough");

    let apart = answered(&PUBLISH.replace("BUNDLE 0 1 2", "BUNDLE 0"), &[take("0"), take("1")]);
    assert_eq!(apart.sections.iter().map(|section| section.rejected).collect::<Vec<_>>(), [false, true, true]);
    let no_group = answered(&PUBLISH.replace("a=group:BUNDLE 0 1 2\n", ""), &[take("0"), take("1")]);
    assert_eq!(no_group.sections.iter().map(|section| section.rejected).collect::<Vec<_>>(), [false, true, true]);
    let no_mux = answered(&PUBLISH.replace("a=rtcp-mux\n", ""), &[take("0"), take("1")]);
    assert_eq!(no_mux.sections.iter().map(|section| section.rejected).collect::<Vec<_>>(), [true, true, false]);
    let no_data = answer_without_data(PUBLISH);
    assert_eq!(no_data.bundle, ["0", "1"]);
}

fn answer_without_data(text: &str) -> Session {
    answer(&Session::parse(text).unwrap(), &Local { max_message_size: None, ..local() }, &[])
}

#[test]
fn the_section_that_speaks_for_the_group_is_never_refused() {
    let wanted = [AnswerSection { options: Options { codecs: vec![Codec::Vp8], ..Options::default() }, ..take("0") }, take("1")];
    let answer = answered(WHIP, &wanted);
    assert_eq!(
        answer.sections.iter().map(|section| (section.rejected, section.direction)).collect::<Vec<_>>(),
        [(false, Direction::Inactive), (false, Direction::RecvOnly)]
    );
    assert_eq!(answer.bundle, ["0", "1"]);
    assert!(answer_without_data(&PUBLISH.replace("BUNDLE 0 1 2", "BUNDLE 2 0 1")).sections.iter().all(|section| !section.rejected));
}

#[test]
fn data_channels_are_answered_in_the_form_they_were_offered() {
    assert!(answered(PUBLISH, &[]).to_string().contains("m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n"));
    let old = answered(FIREFOX_DRAFT, &[take("sdparta_0")]).to_string();
    assert!(old.contains("m=application 9 DTLS/SCTP 5000\r\n") && old.contains("a=sctpmap:5000 webrtc-datachannel 1024\r\n"));
}

#[test]
fn a_client_without_names_gets_none() {
    let text: String = WHIP.lines().filter(|line| !line.starts_with("a=mid") && !line.starts_with("a=group")).map(|line| format!("{line}\n")).collect();
    let answer = answered(&text, &[take("")]);
    assert!(!answer.to_string().contains("a=mid") && answer.bundle.is_empty());
    assert_eq!(answer.sections.iter().map(|section| section.rejected).collect::<Vec<_>>(), [false, true]);
}
