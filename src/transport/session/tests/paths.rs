//! Connectivity: credentials, roles, restarts, moving addresses, consent.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use str0m::ice::IceCreds;

use super::world::{IDENTITY, World};
use crate::transport::session::*;

const USERNAME: u16 = 0x0006;
const INTEGRITY: u16 = 0x0008;
const USE_CANDIDATE: u16 = 0x0025;
const FINGERPRINT: u16 = 0x8028;
const CONTROLLED: u16 = 0x8029;

/// A binding request as a client makes it, written a second time for the tests.
pub fn check(username: &str, password: &str, attributes: &[(u16, &[u8])]) -> Vec<u8> {
    let mut message = vec![0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
    let put = |message: &mut Vec<u8>, kind: u16, value: &[u8], following: usize| {
        message.extend(kind.to_be_bytes());
        message.extend((value.len() as u16).to_be_bytes());
        message.extend(value);
        message.resize(message.len().next_multiple_of(4), 0);
        let length = (message.len() - 20 + following) as u16;
        message[2..4].copy_from_slice(&length.to_be_bytes());
    };
    for (kind, value) in attributes {
        put(&mut message, *kind, value, 0);
    }
    put(&mut message, USERNAME, username.as_bytes(), 24);
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, password.as_bytes());
    let tag = aws_lc_rs::hmac::sign(&key, &message);
    put(&mut message, INTEGRITY, tag.as_ref(), 8);
    let sum = crc32fast::hash(&message) ^ 0x5354_554e;
    put(&mut message, FINGERPRINT, &sum.to_be_bytes(), 0);
    message
}

struct Lone {
    now: Instant,
    session: Session,
    local: IceCredentials,
}

impl Lone {
    fn new() -> Lone {
        let (now, local) = (Instant::now(), IceCredentials::random());
        Lone { now, session: Session::new(now, &IDENTITY, local.clone()), local }
    }

    fn path(port: u16) -> Path {
        Path { local: [10, 0, 0, 1].into(), remote: SocketAddr::from(([10, 0, 0, 9], port)), via: Via::Udp }
    }

    fn give(&mut self, port: u16, mut datagram: Vec<u8>) -> Option<Vec<u8>> {
        assert_eq!(self.session.handle(self.now, Lone::path(port), &mut datagram), Handled::Nothing);
        let transmit = self.session.poll_transmit()?;
        assert_eq!(transmit.path, Lone::path(port));
        Some(transmit.datagram)
    }
}

fn error_code(answer: &[u8]) -> Option<u16> {
    (answer[..2] == [0x01, 0x11]).then(|| u16::from(answer[26]) * 100 + u16::from(answer[27]))
}

fn is_success(answer: Option<Vec<u8>>) -> bool {
    answer.is_some_and(|answer| answer[..2] == [0x01, 0x01])
}

#[test]
fn a_check_with_our_password_is_answered_with_the_seen_address() {
    let mut lone = Lone::new();
    let (ufrag, pwd) = (lone.local.ufrag.clone(), lone.local.pwd.clone());
    let request = check(&format!("{ufrag}:them"), &pwd, &[]);
    assert_eq!(username_of_binding_request(&request), Some(&*ufrag));
    let answer = lone.give(4711, request).unwrap();
    assert_eq!(answer[..2], [0x01, 0x01]);
    assert_eq!(answer[8..20], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    // XOR-MAPPED-ADDRESS of 10.0.0.9:4711.
    let port = (4711_u16 ^ 0x2112).to_be_bytes();
    let ip = (u32::from_be_bytes([10, 0, 0, 9]) ^ 0x2112_a442).to_be_bytes();
    assert_eq!(answer[20..32], [&[0x00, 0x20, 0, 8, 0, 1], &port[..], &ip[..]].concat());
    assert_eq!(answer[32..36], [0x00, 0x08, 0, 20]);
    assert_eq!(lone.session.path(), Some(Lone::path(4711)));
    assert_eq!(lone.session.poll_event(), Some(Event::PathChanged(Lone::path(4711))));
}

#[test]
fn who_does_not_know_the_password_gets_nothing_but_an_error() {
    let mut lone = Lone::new();
    let (ufrag, pwd) = (lone.local.ufrag.clone(), lone.local.pwd.clone());
    let user = format!("{ufrag}:them");
    assert_eq!(error_code(&lone.give(1, check(&user, "wrong", &[])).unwrap()), Some(401));
    assert_eq!(error_code(&lone.give(1, check("other:them", &pwd, &[])).unwrap()), Some(401));
    assert_eq!(error_code(&lone.give(1, check(&ufrag, &pwd, &[])).unwrap()), Some(400));
    let good = check(&user, &pwd, &[]);
    // Without its fingerprint a request is as good: the integrity counts.
    for byte in 0..good.len() - 8 {
        let mut damaged = good.clone();
        damaged[byte] ^= 1;
        assert!(!is_success(lone.give(1, damaged)), "byte {byte}");
    }
    assert_eq!(error_code(&lone.give(1, check(&user, &pwd, &[(0x7f00, &[1, 2, 3])])).unwrap()), Some(420));
    assert_eq!(lone.session.path(), None);
    assert_eq!(lone.session.counters().stun_answered, 0);
    assert!(lone.session.counters().stun_refused > 50);
    // DTLS and media of a stranger are not even looked at.
    assert_eq!(lone.give(1, vec![22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), None);
    assert_eq!(lone.give(1, vec![0x80; 100]), None);
    assert_eq!(lone.session.counters().unchecked_path, 2);
    assert!(is_success(lone.give(1, good)));
}

#[test]
fn a_client_that_thinks_it_is_controlled_is_told_otherwise() {
    let mut lone = Lone::new();
    let request = check(&format!("{}:them", lone.local.ufrag), &lone.local.pwd.clone(), &[(CONTROLLED, &[0; 8])]);
    assert_eq!(error_code(&lone.give(1, request).unwrap()), Some(487));
}

#[test]
fn the_first_path_serves_until_one_is_nominated_and_the_latest_nominated_wins() {
    let mut lone = Lone::new();
    let (user, pwd) = (format!("{}:them", lone.local.ufrag), lone.local.pwd.clone());
    let (plain, nominating) = (check(&user, &pwd, &[]), check(&user, &pwd, &[(USE_CANDIDATE, &[])]));
    for (port, request, expected) in [(1, &plain, 1), (2, &plain, 1), (3, &nominating, 3), (2, &plain, 3), (1, &nominating, 1)] {
        assert!(is_success(lone.give(port, request.clone())));
        assert_eq!(lone.session.path(), Some(Lone::path(expected)));
    }
    lone.session.path_lost(Lone::path(1));
    assert!(lone.session.path().is_some_and(|path| path != Lone::path(1)));
    // One who checks from every port it has takes no room, and does not push out the path in use.
    for port in 100..2000 {
        assert!(is_success(lone.give(port, plain.clone())));
    }
    assert!(lone.session.path().is_some_and(|path| path.remote.port() < 100));
}

#[test]
fn the_client_half_of_the_name_counts_once_it_is_known() {
    let mut lone = Lone::new();
    let (user, pwd) = (format!("{}:them", lone.local.ufrag), lone.local.pwd.clone());
    assert!(is_success(lone.give(1, check(&user, &pwd, &[]))));
    let ice = IceCredentials { ufrag: "others".to_owned(), pwd: "x".repeat(22) };
    lone.session.set_remote(lone.now, Remote { ice, fingerprint: Fingerprint([0; 32]), setup: Setup::Active }).unwrap();
    assert_eq!(error_code(&lone.give(1, check(&user, &pwd, &[])).unwrap()), Some(401));
}

#[test]
fn old_credentials_are_good_until_a_check_knows_the_new_ones() {
    let mut lone = Lone::new();
    let old = check(&format!("{}:a", lone.local.ufrag), &lone.local.pwd.clone(), &[]);
    let local = IceCredentials::random();
    let new = check(&format!("{}:b", local.ufrag), &local.pwd, &[]);
    assert!(!is_success(lone.give(1, new.clone())));
    lone.session.restart_ice(lone.now, local);
    assert!(is_success(lone.give(1, old.clone())));
    assert!(is_success(lone.give(1, new)));
    assert!(!is_success(lone.give(1, old)));
}

#[test]
fn a_restart_keeps_the_connection() {
    let mut world = World::new();
    world.connect();
    let local = IceCredentials::random();
    world.session.restart_ice(world.now, local.clone());
    let theirs = IceCreds { ufrag: "renewed".to_owned(), pass: "renewedrenewedrenewed22".to_owned() };
    let mut direct = world.client.direct_api();
    direct.set_local_ice_credentials(theirs.clone());
    direct.set_remote_ice_credentials(IceCreds { ufrag: local.ufrag, pass: local.pwd });
    let fingerprint = Fingerprint(direct.local_dtls_fingerprint().bytes.clone().try_into().unwrap());
    let remote = Remote { ice: IceCredentials { ufrag: theirs.ufrag, pwd: theirs.pass }, fingerprint, setup: Setup::Active };
    world.session.set_remote(world.now, remote).unwrap();
    world.run(Duration::from_secs(60));
    assert!(world.session.is_connected() && world.client.is_connected(), "{:?} {:?}", world.events, world.session.counters());
    assert_eq!(world.events.iter().filter(|event| matches!(event, Event::Connected { .. })).count(), 1);
}

#[test]
fn a_nat_that_changes_its_mind_is_followed() {
    let mut world = World::new();
    world.connect();
    world.seen_as.set_port(61_000);
    world.run(Duration::from_secs(10));
    assert_eq!(world.session.path().unwrap().remote.port(), 61_000);
    assert!(world.events.contains(&Event::PathChanged(world.path())));
    assert!(world.client.is_connected());
}

#[test]
fn media_moves_the_path_when_the_old_one_is_quiet() {
    let mut world = World::new();
    world.connect();
    let first = world.session.path().unwrap();
    // The client checked a second path, and sends on it without nominating it.
    let second = Path { remote: SocketAddr::from(([10, 0, 0, 3], 1)), ..first };
    let ufrag = world.client.direct_api().local_ice_credentials().ufrag;
    let mut request = check(&format!("{}:{ufrag}", world.local.ufrag), &world.local.pwd, &[]);
    world.session.handle(world.now, second, &mut request);
    assert_eq!(world.session.path(), Some(first));
    world.recorded.clear();
    world.uplink = Box::new(|_, _| false);
    let channel = world.client.direct_api().create_data_channel(Default::default());
    world.run(Duration::from_millis(1500));
    let _ = channel;
    let record = world.recorded.iter().find(|datagram| datagram.first() == Some(&23)).expect("SCTP said nothing").clone();
    world.session.handle(world.now, second, &mut record.clone());
    assert_eq!(world.session.path(), Some(second));
}

#[test]
fn a_client_that_is_gone_is_missed_after_thirty_seconds() {
    let mut world = World::new();
    world.connect();
    let gone = world.now;
    world.uplink = Box::new(|_, _| false);
    world.run_until(Duration::from_secs(60), |world| world.closed().is_some());
    assert!(matches!(world.closed(), Some(Closed::ConsentExpired { quiet }) if *quiet >= Duration::from_secs(30)), "{:?}", world.events);
    let waited = world.now - gone;
    assert!(waited > Duration::from_secs(20) && waited < Duration::from_secs(31), "{waited:?}");
    assert!(world.session.quiet_for(world.now) >= Duration::from_secs(20));
    assert_eq!(world.session.next_timeout(), None);
}

#[test]
fn a_client_that_falls_silent_is_told_of_in_seconds_and_when_it_is_heard_again() {
    let mut world = World::new();
    world.connect();
    world.run(Duration::from_secs(30));
    assert!(!world.events.contains(&Event::Quiet(true)), "checks are signs of life enough");
    let cut = world.now;
    world.uplink = Box::new(|_, _| false);
    world.run_until(Duration::from_secs(20), |world| world.events.contains(&Event::Quiet(true)));
    let waited = world.now - cut;
    assert!(waited > Duration::from_secs(4) && waited < Duration::from_secs(9), "{waited:?}");
    world.uplink = Box::new(|_, _| true);
    world.run_until(Duration::from_secs(20), |world| world.events.contains(&Event::Quiet(false)));
    assert_eq!(world.closed(), None);
}

#[test]
fn a_client_that_never_came_is_missed_too() {
    let mut lone = Lone::new();
    assert_eq!(lone.session.next_timeout(), None, "of two connections clients may never use the second");
    lone.now += Duration::from_secs(600);
    lone.session.handle_timeout(lone.now);
    assert_eq!(lone.session.poll_event(), None);
    let ice = IceCredentials { ufrag: "theirs".into(), pwd: "p".repeat(22) };
    lone.session.set_remote(lone.now, Remote { ice, fingerprint: Fingerprint([0; 32]), setup: Setup::Active }).unwrap();
    let timeout = lone.session.next_timeout().unwrap();
    assert_eq!(timeout, lone.now + Duration::from_secs(30));
    lone.session.handle_timeout(timeout);
    assert!(matches!(lone.session.poll_event(), Some(Event::Closed(Closed::ConsentExpired { .. }))));
}

#[test]
fn passwords_stay_out_of_logs() {
    let credentials = IceCredentials::random();
    assert!(!format!("{credentials:?}").contains(&credentials.pwd));
    assert!(credentials.ufrag.len() >= 4 && credentials.pwd.len() >= 22);
}
