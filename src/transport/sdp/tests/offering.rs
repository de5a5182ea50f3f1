use super::*;

fn layout() -> Layout {
    let mut layout = Layout::with_data();
    assert_eq!(layout.place(SectionKind::Audio, sent(1), Options { stereo: true, ..Options::default() }), "1");
    assert_eq!(layout.place(SectionKind::Video, sent(2), Options::default()), "2");
    layout
}

/// As sent, and as the client reads it.
fn offered(layout: &mut Layout) -> Session {
    let session = offer(&local(), &layout.offered());
    assert_eq!(Session::parse(&session.to_string()), Ok(session.clone()));
    session
}

#[test]
fn an_offer_sends_under_our_own_numbers() {
    let session = offered(&mut layout());
    assert_eq!((session.setup, session.ice_lite, session.bundle.as_slice()), (Setup::ActPass, true, ["0", "1", "2"].map(str::to_owned).as_slice()));
    let [data, audio, video] = session.sections.as_slice() else { panic!("three sections") };
    assert_eq!((data.sctp_port, data.max_message_size), (Some(5000), Some(262_144)));
    assert_eq!((audio.direction, video.direction), (Direction::SendOnly, Direction::SendOnly));
    assert_eq!(names(audio), [(63, "red", None), (111, "opus", None)]);
    assert_eq!(audio.codec(111).and_then(|line| line.parameter("sprop-stereo")), Some("1"), "clients look for it");
    let numbers = [(96, "VP8", Some(97)), (102, "H264", Some(103)), (104, "H264", Some(105)), (98, "VP9", Some(99)), (45, "AV1", Some(46))];
    assert_eq!(names(video), numbers);
    assert_eq!(video.repair_ssrc(1002), Some(2002));
    assert!(audio.ssrc_groups.is_empty());
    assert_eq!((video.extensions.get(Extension::Mid), video.extensions.get(Extension::Rid)), (Some(4), None));
}

#[test]
fn numbers_mean_the_same_in_all_sections() {
    let session = offered(&mut layout());
    let [_, audio, video] = session.sections.as_slice() else { panic!("three sections") };
    for (extension, id) in audio.extensions.iter() {
        assert!(video.extensions.iter().all(|(other, its)| (other == extension) == (its == id)));
    }
    assert!(audio.codecs.iter().all(|line| video.codec(line.payload_type).is_none()));
}

#[test]
fn the_answer_of_chromium_says_what_it_took() {
    let ours = offered(&mut layout());
    let taken = taken(&ours, &Session::parse(SUBSCRIBER_ANSWER).unwrap()).unwrap();
    let [data, audio, video] = taken.as_slice() else { panic!("three sections") };
    assert_eq!((data.kind, data.rejected), (SectionKind::Application, false));
    assert_eq!((audio.receives, audio.extensions.get(Extension::AudioLevel)), (true, Some(1)));
    assert_eq!(audio.codecs.iter().map(|line| line.payload_type).collect::<Vec<_>>(), [63, 111]);
    let numbers = [(96, Some(97)), (102, Some(103)), (98, Some(99)), (45, Some(46))];
    assert_eq!(video.codecs.iter().map(|line| (line.payload_type, line.repaired_by)).collect::<Vec<_>>(), numbers, "it has no high profile");
    assert!(video.receives && video.codecs.iter().all(|line| line.has_feedback("transport-cc")));
}

#[test]
fn an_answer_cannot_take_what_was_not_offered() {
    let ours = offered(&mut layout());
    let answer = |text: &str| Session::parse(text).unwrap();
    let lying = SUBSCRIBER_ANSWER
        .replace("a=rtpmap:96 VP8", "a=rtpmap:96 VP9")
        .replace("profile-level-id=42e01f", "profile-level-id=f4001f")
        .replace("extmap:4 ", "extmap:14 ");
    let taken_ = taken(&ours, &answer(&lying)).unwrap();
    assert_eq!(taken_[2].codecs.iter().map(|line| line.payload_type).collect::<Vec<_>>(), [98, 45]);
    assert_eq!(taken_[2].extensions.get(Extension::Mid), None);

    let refused = taken(&ours, &answer(&SUBSCRIBER_ANSWER.replace("m=video 9", "m=video 0"))).unwrap();
    assert!(refused[2].rejected && !refused[2].receives && refused[2].codecs.is_empty());

    let (first, _) = SUBSCRIBER_ANSWER.split_once("m=video").unwrap();
    assert_eq!(taken(&ours, &answer(first)), Err(TakenError::SectionCount { offered: 3, answered: 2 }));
    assert!(matches!(taken(&ours, &answer(&SUBSCRIBER_ANSWER.replace("a=mid:2", "a=mid:9"))), Err(TakenError::Section { at: 2, .. })));
    assert_eq!(taken(&ours, &answer(&SUBSCRIBER_ANSWER.replace("setup:active", "setup:actpass"))), Err(TakenError::Setup));
}

#[test]
fn a_section_keeps_its_place_and_is_used_again_after_the_client_saw_it_idle() {
    let mut layout = layout();
    offered(&mut layout);
    assert!(layout.leave("2"));
    assert!(!layout.leave("2") && !layout.leave("0") && !layout.leave("9"));
    layout.answered();
    assert_eq!(layout.place(SectionKind::Video, sent(3), Options::default()), "3", "the answer was to an offer that still sent");
    let session = offered(&mut layout);
    assert_eq!(session.section("2").map(|section| (section.rejected, section.direction)), Some((false, Direction::Inactive)));
    assert_eq!(session.section("2").map(|section| (section.msid.is_none(), section.ssrcs.len())), Some((true, 0)));
    assert_eq!(layout.place(SectionKind::Video, sent(4), Options::default()), "4", "no answer yet");
    layout.answered();
    assert_eq!(layout.place(SectionKind::Audio, sent(5), Options::default()), "5", "of another kind");
    assert_eq!(layout.place(SectionKind::Video, sent(6), Options::default()), "2");
    assert_eq!(offered(&mut layout).section("2").map(|section| section.direction), Some(Direction::SendOnly));
}
