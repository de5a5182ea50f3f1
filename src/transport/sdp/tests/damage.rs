//! No text makes reading fail other than by an error, and what is written is read as the same.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::*;

/// Reads; what could be read is answered, written and read again.
fn survives(text: &str) {
    if let Ok(fragment) = Fragment::parse(text) {
        assert_eq!(Fragment::parse(&fragment.to_string()), Ok(fragment));
    }
    let Ok(session) = Session::parse(text) else { return };
    let written = session.to_string();
    assert_eq!(Session::parse(&written), Ok(session.clone()), "{written}");
    let wanted: Vec<AnswerSection> = session
        .sections
        .iter()
        .map(|section| AnswerSection { mid: section.mid.clone(), receive: true, send: Some(sent(1)), options: Options::default() })
        .collect();
    for wanted in [wanted.as_slice(), &[]] {
        let answer = answer(&session, &local(), wanted);
        assert_eq!(Session::parse(&answer.to_string()), Ok(answer.clone()), "{answer}");
        assert_eq!(answer.sections.len(), session.sections.len());
        let _ = taken(&session, &answer);
    }
    let _ = taken(&session, &session);
}

/// Lines that mean something, with words that do or do not fit.
fn line() -> impl Strategy<Value = String> {
    let key = select(vec![
        "m=audio 9 ",
        "m=video 0 ",
        "m=application 9 ",
        "m=text 9 ",
        "b=AS:",
        "b=TIAS:",
        "c=IN ",
        "o=",
        "v=",
        "s=",
        "a=mid:",
        "a=group:BUNDLE ",
        "a=rtpmap:96 ",
        "a=rtpmap:",
        "a=fmtp:96 ",
        "a=fmtp:",
        "a=rtcp-fb:96 ",
        "a=rtcp-fb:* ",
        "a=extmap:4 ",
        "a=extmap:4/sendonly ",
        "a=extmap:",
        "a=rid:",
        "a=rid:q send ",
        "a=simulcast:",
        "a=simulcast:send ",
        "a=ssrc:1 ",
        "a=ssrc:1 cname:",
        "a=ssrc:1 msid:",
        "a=ssrc:",
        "a=ssrc-group:FID ",
        "a=ssrc-group:SIM 1 ",
        "a=msid:",
        "a=sctp-port:",
        "a=sctpmap:",
        "a=max-message-size:",
        "a=candidate:1 1 udp 1 ",
        "a=candidate:",
        "a=setup:",
        "a=ice-ufrag:",
        "a=ice-pwd:",
        "a=ice-options:",
        "a=fingerprint:sha-256 ",
        "a=bundle-only",
        "a=rtcp-mux",
        "a=extmap-allow-mixed",
        "a=ice-lite",
        "a=end-of-candidates",
        "a=recvonly",
        "a=inactive",
        "a=",
        "",
    ]);
    let word = prop_oneof![
        select(vec![
            "UDP/TLS/RTP/SAVPF",
            "DTLS/SCTP",
            "UDP/DTLS/SCTP",
            "webrtc-datachannel",
            "96",
            "97",
            "0",
            "5000",
            "rtx/90000",
            "VP8/90000",
            "opus/48000/2",
            "apt=96",
            "nack",
            "pli",
            "urn:ietf:params:rtp-hdrext:sdes:mid",
            "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
            "q",
            "~q;h,f",
            "send",
            "recv",
            "rid=q",
            "cname:x",
            "msid:a",
            "192.0.2.1",
            "1",
            "typ",
            "host",
            "srflx",
            "tcptype",
            "passive",
            "active",
            "actpass",
            "trickle",
            ";",
            "=",
            ":",
            "/",
            " ",
            "\u{a0}",
            "\u{85}",
            "\t",
            "\u{b}",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,6}",
        any::<u32>().prop_map(|number| number.to_string()),
    ];
    (key, vec(word, 0..6), select(vec![" ", "", ";", ":"])).prop_map(|(key, words, between)| format!("{key}{}", words.join(between)))
}

proptest! {
    #[test]
    fn any_text_is_a_session_or_an_error(text in "(?s).{0,400}") {
        survives(&text);
        survives(&format!("v=0\n{text}"));
        survives(&format!("{ENCODER}{text}"));
        let _ = Trickled::parse(&text);
    }

    #[test]
    fn any_lines_are_a_session_or_an_error(lines in vec(line(), 0..60), end in select(vec!["\n", "\r\n", "\r"])) {
        let lines = lines.join(end);
        survives(&format!("v=0{end}{lines}"));
        survives(&format!("{ENCODER}{lines}{end}"));
    }

    #[test]
    fn damaged_samples_are_a_session_or_an_error(
        sample in select(SAMPLES.to_vec()),
        cuts in vec(any::<Index>(), 0..4),
        swaps in vec((any::<Index>(), any::<Index>()), 0..6),
        inserts in vec((any::<Index>(), line()), 0..12),
        bytes in vec((any::<Index>(), any::<char>()), 0..6),
    ) {
        let mut lines: Vec<String> = sample.lines().map(str::to_owned).collect();
        for (a, b) in swaps {
            let (a, b) = (a.index(lines.len()), b.index(lines.len()));
            lines.swap(a, b);
        }
        for (at, line) in inserts {
            lines.insert(at.index(lines.len()), line);
        }
        for at in cuts {
            lines.remove(at.index(lines.len()));
        }
        let mut text: Vec<char> = lines.join("\r\n").chars().collect();
        for (at, byte) in bytes {
            let at = at.index(text.len());
            text[at] = byte;
        }
        survives(&text.into_iter().collect::<String>());
    }
}

#[test]
fn samples_are_written_as_they_are_read() {
    for sample in SAMPLES {
        assert!(Session::parse(sample).is_ok(), "{sample}");
        survives(sample);
    }
}

/// The worst that fits into the limit: what grows with the square of its lines would take seconds.
#[test]
fn a_long_text_is_read_in_a_moment() {
    let fill = |line: &dyn Fn(usize) -> String| {
        let mut text = ENCODER.to_owned();
        for next in (0..).map(|n| line(n) + "\n") {
            if text.len() + next.len() > TEXT_LIMIT {
                break;
            }
            text += &next;
        }
        text
    };
    let started = std::time::Instant::now();
    let mids = ENCODER.replace("BUNDLE 0 1", &format!("BUNDLE{}", " 1".repeat(TEXT_LIMIT / 3)));
    for text in [
        fill(&|_| "a=rtcp-fb:* nack".to_owned()),
        fill(&|n| format!("a=ssrc:1 x{n}:y")),
        fill(&|n| format!("a=extmap:{n} x")),
        fill(&|n| format!("a=candidate:1 1 udp 1 192.0.2.1 {} typ host", n % 200)),
        fill(&|_| "a=ssrc-group:X".to_owned()),
        fill(&|_| "m=".to_owned()),
        fill(&|_| "a=mid:1".to_owned()),
        fill(&|n| format!("m=audio 9 RTP/AVP{}\na=mid:m{n}", " 96".repeat(128))),
        mids[..TEXT_LIMIT.min(mids.len())].to_owned(),
    ] {
        survives(&text);
    }
    assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
}
