use super::*;

#[test]
fn candidates_of_browsers_are_read() {
    let parse = |text: &str| match Trickled::parse(text) {
        Ok(Trickled::Candidate(candidate)) => candidate,
        other => panic!("{text}: {other:?}"),
    };
    let host = parse("candidate:842163049 1 udp 2122260223 192.0.2.10 41255 typ host generation 0 ufrag AbCd network-id 1");
    assert_eq!((host.ip(), host.port, host.transport, host.kind), (Some("192.0.2.10".parse().unwrap()), 41255, Transport::Udp, CandidateKind::Host));
    assert_eq!(host.ufrag.as_deref(), Some("AbCd"));
    let hidden = parse("a=candidate:1 1 UDP 2122252543 00000000-0000-4000-8000-000000000001.local 50000 typ host");
    assert_eq!((hidden.ip(), hidden.address), (None, Address::Name("00000000-0000-4000-8000-000000000001.local".to_owned())));
    assert_eq!(parse("candidate:2 1 tcp 1518280447 192.0.2.10 9 typ host tcptype active generation 0").transport, Transport::TcpActive);
    let reflexive = parse("candidate:3 1 udp 1686052607 203.0.113.5 41255 typ srflx raddr 192.0.2.10 rport 41255 generation 0");
    assert_eq!(reflexive.kind, CandidateKind::ServerReflexive);
    assert_eq!(parse("candidate:4 1 udp 2 fe80::1%eth0 1 typ host").ip(), Some("fe80::1".parse().unwrap()));
    for candidate in [host, reflexive] {
        assert_eq!(Trickled::parse(&candidate.to_string()), Ok(Trickled::Candidate(candidate)));
    }
}

#[test]
fn an_empty_candidate_is_the_end() {
    assert_eq!(Trickled::parse(""), Ok(Trickled::End));
    assert_eq!(Trickled::parse("a=end-of-candidates"), Ok(Trickled::End));
}

#[test]
fn a_wrong_candidate_says_what_is_missing() {
    let what = |text: &str| Trickled::parse(text).unwrap_err().what;
    assert_eq!(what("candidate:"), "the foundation");
    assert_eq!(what("candidate:1 x"), "the component");
    assert_eq!(what("candidate:1 1 sctp 1 192.0.2.10 1 typ host"), "the transport");
    assert_eq!(what("candidate:1 1 udp 99999999999 192.0.2.10 1 typ host"), "the priority");
    assert_eq!(what("candidate:1 1 udp 1 a/b 1 typ host"), "the address");
    assert_eq!(what("candidate:1 1 udp 1 192.0.2.10 70000 typ host"), "the port");
    assert_eq!(what("candidate:1 1 udp 1 192.0.2.10 1 typ guest"), "the type");
}

#[test]
fn ours_are_ordered_and_differ() {
    let candidates = local().candidates;
    assert!(candidates.is_sorted_by(|a, b| a.priority > b.priority && a.foundation != b.foundation));
}

/// After the examples of RFC 9725 4.3.2 and 4.3.3.
#[test]
fn fragments_of_whip_are_read_and_written() {
    let text = "a=ice-options:trickle ice2\r\na=group:BUNDLE 0 1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=ice-ufrag:EsAw\r\n\
        a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\na=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host generation 0 ufrag EsAw network-id 1\r\n\
        a=candidate:473322822 1 tcp 1518280447 192.0.2.1 9 typ host tcptype active generation 0 ufrag EsAw network-id 1\r\na=end-of-candidates\r\n";
    let fragment = Fragment::parse(text).unwrap();
    assert_eq!(fragment.ice, Some(("EsAw".to_owned(), "P2uYro0UCOQ4zxjKXaWCBui1".to_owned())));
    assert_eq!(fragment.sections.iter().map(|each| (each.mid.as_str(), each.candidates.len(), each.end_of_candidates)).collect::<Vec<_>>(), [("0", 2, true)]);
    assert_eq!(Fragment::parse(&fragment.to_string()), Ok(fragment));

    let restarted = Fragment::restarted(&local(), "0");
    assert!(
        restarted
            .to_string()
            .starts_with("a=ice-lite\r\na=ice-ufrag:ourU\r\na=ice-pwd:ourpasswordourpassword\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\na=candidate:")
    );
    assert_eq!(Fragment::parse(&restarted.to_string()), Ok(restarted));
}

#[test]
fn fragments_without_m_lines_are_understood() {
    let text = "a=mid:0\na=candidate:1 1 udp 1 192.0.2.1 1 typ host\na=mid:1\na=candidate:1 1 udp 1 192.0.2.1 2 typ host\na=end-of-candidates\n";
    let fragment = Fragment::parse(text).unwrap();
    assert_eq!(
        fragment.sections.iter().map(|each| (each.mid.as_str(), each.candidates.len(), each.end_of_candidates)).collect::<Vec<_>>(),
        [("0", 1, false), ("1", 1, true)]
    );
    let bare = Fragment::parse("a=candidate:1 1 udp 1 192.0.2.1 1 typ host\n").unwrap();
    assert_eq!((bare.ice, bare.sections.len()), (None, 1));
    assert_eq!(Fragment::parse(""), Ok(Fragment::default()));
}
