use super::*;

#[test]
fn a_publisher_of_simulcast_and_red_is_read() {
    let session = Session::parse(PUBLISH).unwrap();
    assert_eq!((session.ice_ufrag.as_str(), session.ice_pwd.as_str()), ("AbCd", "AbCdEfGhIjKlMnOpQrStUvWx"));
    assert_eq!((session.setup, session.trickle, session.ice_lite, session.extmap_allow_mixed), (Setup::ActPass, true, false, true));
    assert_eq!(session.fingerprint.first_chunk(), Some(&[0xa0, 0xa1, 0xa2]));
    assert_eq!((session.id, session.version), (1_000_000_000_000_000_001, 2));
    assert_eq!(session.bundle, ["0", "1", "2"]);
    assert_eq!(session.candidates.iter().filter(|each| each.transport == Transport::TcpActive).count(), 2);

    let [audio, video, data] = session.sections.as_slice() else { panic!("three sections") };
    assert_eq!((audio.kind, audio.direction, audio.rejected, audio.rtcp_mux), (SectionKind::Audio, Direction::SendOnly, false, true));
    assert_eq!(audio.codecs.first().map(|line| (line.codec, line.channels)), Some((Some(Codec::Red), 2)));
    assert_eq!(audio.codec(111).map(|line| (line.codec, line.parameter("UseInbandFEC"))), Some((Some(Codec::Opus), Some("1"))));
    assert_eq!(audio.extensions.get(Extension::AudioLevel), Some(1));

    assert_eq!(rids(video), ["q", "h", "f"]);
    assert!(video.ssrcs.is_empty());
    assert_eq!(video.codec(96).map(|line| (line.codec, line.repaired_by, line.has_feedback("nack pli"))), Some((Some(Codec::Vp8), Some(97), true)));
    assert_eq!(video.codec(118).map(|line| line.codec), Some(None), "red in a video section carries FEC");
    assert_eq!([Extension::Mid, Extension::Rid, Extension::RepairedRid].map(|each| video.extensions.get(each)), [Some(4), Some(10), Some(11)]);
    assert_eq!(video.msid.as_ref().map(|msid| msid.track.as_str()), Some("00000000-0000-4000-8000-000000000003"));

    assert_eq!((data.kind, data.sctp_port, data.max_message_size), (SectionKind::Application, Some(5000), Some(262_144)));
}

#[test]
fn ssrc_groups_say_what_repairs_what() {
    let session = Session::parse(SENDRECV).unwrap();
    let video = session.section("1").unwrap();
    assert_eq!(video.repair_ssrc(1002), Some(1003));
    assert_eq!(video.repair_ssrc(1003), None);
    assert_eq!(video.ssrcs.first().and_then(|ssrc| ssrc.cname.as_deref()), Some("AbCdEfGhIjKlMnOp"));
}

#[test]
fn firefox_gives_extensions_a_direction() {
    let session = Session::parse(FIREFOX).unwrap();
    let video = session.section("1").unwrap();
    assert_eq!(video.extensions.get(Extension::RepairedRid), Some(9));
    let directions = [(Extension::Rid, Direction::SendOnly), (Extension::RepairedRid, Direction::SendOnly), (Extension::PlayoutDelay, Direction::RecvOnly)];
    assert_eq!(video.extension_directions, directions);
    assert_eq!(video.codec(97).and_then(|line| line.parameter("packetization-mode")), None);
}

#[test]
fn old_forms_are_understood() {
    let session = Session::parse(FIREFOX_DRAFT).unwrap();
    assert_eq!(rids(&session.sections[0]), ["f", "q"], "simulcast as a draft had it");
    assert_eq!(session.sections[0].direction, Direction::SendOnly);
    assert_eq!(session.sections[1].sctp_port, Some(5000), "the port in the m= line");

    let encoder = Session::parse(ENCODER).unwrap();
    assert_eq!((encoder.setup, encoder.trickle, encoder.end_of_candidates), (Setup::ActPass, true, true), "all of it stands with the session");
    assert_eq!(encoder.candidates.len(), 2);
}

#[test]
fn odd_text_does_no_harm() {
    let plain = Session::parse(PUBLISH).unwrap();
    let crlf = PUBLISH.replace('\n', "\r\n");
    let munged =
        PUBLISH.replace("s=-\n", "s= \ni=\nu=no url\ne=x\nr=never\n\n").replace("a=mid:1\n", "a=mid:1 \na\n=\nb=AS:many\nzz=top\na=candidate:nonsense\na=\n");
    for text in [
        crlf,
        munged,
        format!("\u{feff}\n{PUBLISH}"),
        PUBLISH.replace('\n', " \r\r\n"),
        PUBLISH.replace("a=rtpmap:9 ", "a=rtpmap:999 ").replace("a=rtpmap:999 ", "a=rtpmap:9 "),
    ] {
        assert_eq!(Session::parse(&text).as_ref(), Ok(&plain));
    }
    let no_origin = Session::parse(&PUBLISH.replace("o=- 1000000000000000001 2 ", "o=- -5 x ")).unwrap();
    assert_eq!((no_origin.id, no_origin.version), (0, 0));
}

#[test]
fn bandwidth_is_in_bits_whatever_line_says_it() {
    let with = |lines: &str| Session::parse(&PUBLISH.replace("a=mid:1\n", &format!("a=mid:1\n{lines}"))).unwrap().sections[1].bandwidth_bps;
    assert_eq!(with("b=AS:500\n"), Some(500_000));
    assert_eq!(with("b=AS:500\nb=TIAS:400000\n"), Some(400_000));
    assert_eq!(with("b=X-AS:500\nb=RS:0\n"), None);
    assert_eq!(with("b=AS:18446744073709551615\n"), None);
}

#[test]
fn the_first_section_of_the_group_speaks_for_all() {
    let text = PUBLISH.replacen("a=ice-ufrag:AbCd", "a=ice-ufrag:first", 1).replace("BUNDLE 0 1 2", "BUNDLE 1 0 2");
    assert_eq!(Session::parse(&text).unwrap().ice_ufrag, "AbCd");
    let text = text.replace("m=video 46315", "m=video 0");
    assert_eq!(Session::parse(&text).unwrap().ice_ufrag, "first", "a refused section does not speak");
}

#[test]
fn only_a_section_with_port_zero_that_is_not_bundle_only_is_refused() {
    let text = PUBLISH.replace("m=video 46315", "m=video 0");
    assert!(Session::parse(&text).unwrap().sections[1].rejected);
    assert!(!Session::parse(&text.replace("a=mid:1\n", "a=mid:1\na=bundle-only\n")).unwrap().sections[1].rejected);
}

#[test]
fn another_fingerprint_beside_sha_256_is_left_aside() {
    let line = PUBLISH.lines().find(|line| line.starts_with("a=fingerprint")).unwrap();
    let both = PUBLISH.replace(line, &format!("a=fingerprint:sha-512 00:11\n{}", line.replace("sha-256", "SHA-256")));
    assert_eq!(Session::parse(&both), Session::parse(PUBLISH));
    let parse = |text: String| Session::parse(&text).unwrap_err();
    assert_eq!(parse(PUBLISH.replace("sha-256", "sha-1")), SdpError::FingerprintHash("sha-1".to_owned()));
    assert_eq!(parse(PUBLISH.replace(line, "a=fingerprint:sha-256 A0:+1")), SdpError::InvalidFingerprint("A0:+1".to_owned()));
    assert_eq!(parse(PUBLISH.replace("a=fingerprint", "a=finger")), SdpError::MissingFingerprint);
}

#[test]
fn what_is_wrong_is_named() {
    let parse = |text: &str| Session::parse(text).unwrap_err();
    assert_eq!(parse(""), SdpError::NotSdp(String::new()));
    assert_eq!(parse("{\"sdp\":1}"), SdpError::NotSdp("{\"sdp\":1}".to_owned()));
    assert_eq!(parse(&PUBLISH.replace("a=ice-pwd", "a=no-pwd")), SdpError::MissingIce);
    assert_eq!(parse(&PUBLISH.replace("a=ice-ufrag:AbCd", "a=ice-ufrag:Ab Cd")), SdpError::InvalidIce("Ab Cd".to_owned()));
    assert_eq!(parse(&PUBLISH.replace("actpass", "holdconn")), SdpError::InvalidSetup("holdconn".to_owned()));
    assert_eq!(parse(&PUBLISH.replace("a=mid:2", "a=mid:1")), SdpError::DuplicateMid("1".to_owned()));
    assert!(matches!(parse(&PUBLISH.replace("m=video", "m=smell")), SdpError::Grammar(text) if text.contains("smell")));
}

#[test]
fn limits_are_kept() {
    assert_eq!(Session::parse(&" ".repeat(TEXT_LIMIT + 1)), Err(SdpError::TooLong { bytes: TEXT_LIMIT + 1 }));
    let section = "m=audio 9 UDP/TLS/RTP/SAVPF 0\n";
    let sections = |count: usize| Session::parse(&format!("{ENCODER}{}", section.repeat(count)));
    assert_eq!(sections(SECTION_LIMIT - 2).map(|session| session.sections.len()), Ok(SECTION_LIMIT));
    assert_eq!(sections(SECTION_LIMIT - 1), Err(SdpError::TooManySections));

    let lines = |line: fn(usize) -> String, count: usize| Session::parse(&format!("{ENCODER}{}", (1..=count).map(line).collect::<String>()));
    let too_many = |what, limit| Err(SdpError::TooMany { section: 1, what, limit });
    assert_eq!(lines(|n| format!("a=ssrc:{n} cname:x\n"), 65), too_many("SSRCs", 64));
    assert_eq!(lines(|n| format!("a=ssrc-group:FID {n}\n"), 65), too_many("SSRC groups", 64));
    assert_eq!(lines(|n| format!("a=rid:{n} send\n"), 17), too_many("rids", 16));
    assert_eq!(lines(|n| format!("a=rtcp-fb:96 x{n}\n"), 17), too_many("kinds of feedback of a codec", 16));
    assert_eq!(lines(|n| format!("a=fmtp:96 x{n}=1;y=2\n"), 33), too_many("parameters of a codec", 64));
    assert_eq!(lines(|n| format!("a=candidate:1 1 udp 1 192.0.2.1 {n} typ host\n"), 257), Err(SdpError::TooManyCandidates { limit: 256 }));
    let formats: String = (0..65).map(|n| format!(" {n}")).collect();
    let maps: String = (0..65).map(|n| format!("a=rtpmap:{n} X{n}/90000\n")).collect();
    let codecs = format!("{ENCODER}m=video 9 UDP/TLS/RTP/SAVPF{formats}\n{maps}");
    assert_eq!(Session::parse(&codecs), Err(SdpError::TooMany { section: 2, what: "codecs", limit: CODEC_LIMIT }));
}
