//! Handshakes: profiles, losses, fragments, lies.

use std::time::{Duration, Instant};

use bytes::BytesMut;
use rtc::crypto::RTCCryptoProvider;
use rtc::crypto::providers::AwsLcRsProvider;
use rtc::dtls::config::{ConfigBuilder, HandshakeConfig};
use rtc::dtls::crypto::Certificate;
use rtc::dtls::endpoint::{Endpoint, EndpointEvent};
use rtc::dtls::extension::extension_use_srtp::SrtpProtectionProfile;
use rtc::shared::TransportProtocol;
use std::sync::Arc;

use super::world::{IDENTITY, World, addresses_v4, addresses_v6};
use crate::transport::session::dtls::{Dtls, PEER, Progress};
use crate::transport::session::*;

const GCM: SrtpProtectionProfile = SrtpProtectionProfile::Srtp_Aead_Aes_128_Gcm;
const SHA1: SrtpProtectionProfile = SrtpProtectionProfile::Srtp_Aes128_Cm_Hmac_Sha1_80;
const SHA1_32: SrtpProtectionProfile = SrtpProtectionProfile::Srtp_Aes128_Cm_Hmac_Sha1_32;

fn client_config(profiles: &[SrtpProtectionProfile], mtu: usize) -> Arc<HandshakeConfig> {
    let provider: Arc<dyn RTCCryptoProvider> = Arc::new(AwsLcRsProvider::new());
    let certificate = Certificate::generate_self_signed(vec!["client".to_owned()], provider.crypto()).unwrap();
    let config = ConfigBuilder::default()
        .with_crypto_provider(provider)
        .with_certificates(vec![certificate])
        .with_srtp_protection_profiles(profiles.to_vec())
        .with_insecure_skip_verify(true)
        .with_server_name("yizhan".to_owned())
        // As Chromium's.
        .with_flight_interval(Duration::from_millis(50))
        .with_mtu(mtu)
        .build(true, None)
        .unwrap();
    Arc::new(config)
}

/// What the network does to the datagrams of a handshake, numbered over both directions.
#[derive(Clone, Copy, Debug)]
enum Fault {
    None,
    Lose(usize),
    Duplicate(usize),
    /// It arrives after the one that follows it, or 20 ms late.
    Delay(usize),
}

struct Outcome {
    took: Option<Duration>,
    datagrams: usize,
    profile: Option<Profile>,
    failure: Option<Failure>,
    counters: Counters,
    /// Of what the server sent.
    bytes_sent: usize,
}

/// A handshake of our server with a client that repeats as Chromium does.
fn shake(config: Arc<HandshakeConfig>, fault: Fault) -> Outcome {
    let begun = Instant::now();
    let within = Duration::from_secs(20);
    let (mut now, mut counters) = (begun, Counters::default());
    let mut server = Dtls::new(&IDENTITY, Setup::Active);
    let mut client = Endpoint::new(PEER, TransportProtocol::UDP, None);
    client.connect(now, PEER, config, None).unwrap();
    let mut wire: Vec<(Instant, bool, Vec<u8>)> = Vec::new();
    let (mut sent, mut bytes_sent) = (0, 0);
    let (mut server_up, mut client_up, mut failure) = (false, false, None);
    let mut profile = None;
    while now < begun + Duration::from_secs(5) && failure.is_none() {
        let mut leaving: Vec<(bool, Vec<u8>)> = Vec::new();
        while let Some(transmit) = client.poll_transmit() {
            leaving.push((true, transmit.message.to_vec()));
        }
        leaving.extend(server.take_outgoing().into_iter().map(|datagram| (false, datagram)));
        for (to_server, datagram) in leaving {
            let arrives = now + Duration::from_millis(2) + Duration::from_micros(sent as u64);
            if !to_server {
                bytes_sent += datagram.len();
            }
            match fault {
                Fault::Lose(number) if number == sent => {}
                Fault::Duplicate(number) if number == sent => {
                    wire.push((arrives, to_server, datagram.clone()));
                    wire.push((arrives + Duration::from_millis(1), to_server, datagram));
                }
                Fault::Delay(number) if number == sent => wire.push((arrives + Duration::from_millis(20), to_server, datagram)),
                _ => wire.push((arrives, to_server, datagram)),
            }
            sent += 1;
        }
        if server_up && client_up {
            break;
        }
        wire.sort_by_key(|(arrives, ..)| *arrives);
        let due = [wire.first().map(|(arrives, ..)| *arrives), client.poll_timeout(&PEER), server.next_timeout()];
        let Some(next) = due.into_iter().flatten().min() else { break };
        now = next.max(now);
        if wire.first().is_some_and(|(arrives, ..)| *arrives <= now) {
            let (_, to_server, datagram) = wire.remove(0);
            if to_server {
                for progress in server.handle(now, within, &datagram, &mut counters) {
                    match progress {
                        Progress::Finished => {
                            profile = Some(server.agreed().ok().unwrap().material.profile);
                            server_up = true;
                        }
                        Progress::Failed(why) => failure = Some(why),
                        _ => {}
                    }
                }
            } else if let Ok(events) = client.read(now, PEER, None, BytesMut::from(&datagram[..])) {
                client_up |= events.iter().any(|event| matches!(event, EndpointEvent::HandshakeComplete));
            }
        } else {
            let _ = client.handle_timeout(PEER, now);
            if let Some(Progress::Failed(why)) = server.handle_timeout(now, within) {
                failure = Some(why);
            }
        }
    }
    Outcome { took: (server_up && client_up).then(|| now - begun), datagrams: sent, profile, failure, counters, bytes_sent }
}

#[test]
fn the_provider_is_aws_lc_rs() {
    assert_eq!(Identity::provider(), "aws-lc-rs");
    assert_eq!(rtc::crypto::default_provider().unwrap().name(), "aws-lc-rs", "a second provider was compiled in, and would win");
}

#[test]
fn gcm_is_taken_wherever_the_client_can() {
    for (offered, expected) in [
        (vec![SHA1, GCM], Profile::AeadAes128Gcm),
        (vec![GCM, SHA1], Profile::AeadAes128Gcm),
        (vec![GCM], Profile::AeadAes128Gcm),
        (vec![SHA1_32, SHA1], Profile::Aes128CmSha1_80),
        (vec![SHA1], Profile::Aes128CmSha1_80),
    ] {
        let outcome = shake(client_config(&offered, 0), Fault::None);
        assert_eq!(outcome.profile, Some(expected), "{offered:?}");
        assert!(outcome.took.unwrap() < Duration::from_millis(50));
    }
}

#[test]
fn a_client_without_a_common_profile_is_told_so() {
    let outcome = shake(client_config(&[SHA1_32], 0), Fault::None);
    assert_eq!(outcome.failure, Some(Failure::NoProfile { offered: vec![2] }));
    assert_eq!(outcome.took, None);
}

/// The blocker of `rtc` 0.21.1: a lost ServerHello, and a client that repeats its ClientHello, would hang for ever.
#[test]
fn each_datagram_lost_in_turn_costs_less_than_a_second() {
    for mtu in [0, 300] {
        let config = client_config(&[SHA1, GCM], mtu);
        let datagrams = shake(Arc::clone(&config), Fault::None).datagrams;
        assert!(datagrams >= 5);
        for number in 0..datagrams {
            let outcome = shake(Arc::clone(&config), Fault::Lose(number));
            let took = outcome.took.unwrap_or_else(|| panic!("mtu {mtu}: it hangs without datagram {number} of {datagrams}: {:?}", outcome.failure));
            assert!(took < Duration::from_secs(1), "mtu {mtu}: {took:?} without datagram {number}");
        }
    }
}

#[test]
fn each_datagram_doubled_or_late_in_turn_does_no_harm() {
    for mtu in [0, 300] {
        let config = client_config(&[SHA1, GCM], mtu);
        let datagrams = shake(Arc::clone(&config), Fault::None).datagrams;
        for number in 0..datagrams {
            for fault in [Fault::Duplicate(number), Fault::Delay(number)] {
                let took = shake(Arc::clone(&config), fault).took.unwrap_or_else(|| panic!("mtu {mtu}: it hangs by {fault:?} of {datagrams}"));
                assert!(took < Duration::from_secs(1), "mtu {mtu}: {took:?} by {fault:?}");
            }
        }
    }
}

/// One HelloVerifyRequest leaves, not one per fragment.
#[test]
fn a_client_hello_in_fragments_is_one_client_hello() {
    let whole = shake(client_config(&[SHA1, GCM], 0), Fault::None);
    let fragmented = shake(client_config(&[SHA1, GCM], 60), Fault::None);
    assert_eq!(fragmented.profile, Some(Profile::AeadAes128Gcm));
    assert_eq!(fragmented.counters, Counters::default());
    assert!(fragmented.bytes_sent.abs_diff(whole.bytes_sent) < 20, "{} and {}", fragmented.bytes_sent, whole.bytes_sent);
}

#[test]
fn a_client_connects_by_ipv4_and_by_ipv6() {
    for addresses in [addresses_v4(), addresses_v6()] {
        let mut world = World::with(addresses, Setup::Active);
        assert!(world.connect() < Duration::from_secs(1));
        assert_eq!(world.session.path(), Some(world.path()));
        assert!(world.events.contains(&Event::Connected { profile: Profile::AeadAes128Gcm }), "{:?}", world.events);
        assert!(world.events.contains(&Event::PathChanged(world.path())));
    }
}

#[test]
fn we_can_be_the_dtls_client() {
    let mut world = World::with(addresses_v4(), Setup::Passive);
    assert!(world.connect() < Duration::from_secs(1));
}

#[test]
fn a_client_connects_over_a_line_that_loses_a_tenth() {
    for seed in 0..10_usize {
        let mut world = World::new();
        let lossy = |salt: usize| move |number: usize, _: &[u8]| (number * 7919 + salt * 104_729) % 1000 % 10 != 3;
        world.uplink = Box::new(lossy(seed));
        world.downlink = Box::new(lossy(seed + 100));
        world.connect();
    }
}

#[test]
fn a_description_may_come_after_the_handshake() {
    let mut world = World::new();
    let remote = described(&mut world);
    world.session = Session::new(world.now, &IDENTITY, world.local.clone());
    world.run(Duration::from_secs(2));
    assert!(!world.session.is_connected());
    world.session.set_remote(world.now, remote).unwrap();
    world.connect();
}

fn described(world: &mut World) -> Remote {
    let direct = world.client.direct_api();
    let ice = direct.local_ice_credentials();
    let fingerprint = Fingerprint(direct.local_dtls_fingerprint().bytes.clone().try_into().unwrap());
    Remote { ice: IceCredentials { ufrag: ice.ufrag, pwd: ice.pass }, fingerprint, setup: Setup::Active }
}

#[test]
fn another_certificate_than_the_described_is_refused() {
    let mut world = World::new();
    let mut remote = described(&mut world);
    remote.fingerprint.0[7] ^= 1;
    world.session = Session::new(world.now, &IDENTITY, world.local.clone());
    world.session.set_remote(world.now, remote).unwrap();
    world.run(Duration::from_secs(3));
    assert!(matches!(world.closed(), Some(Closed::Failed(Failure::Fingerprint { .. }))), "{:?}", world.events);
    assert!(!world.session.is_connected());
    assert_eq!(world.session.next_timeout(), None);
}

#[test]
fn a_running_session_keeps_its_fingerprint() {
    let mut world = World::new();
    world.connect();
    let mut remote = described(&mut world);
    remote.fingerprint.0[7] ^= 1;
    assert_eq!(world.session.set_remote(world.now, remote), Err(RemoteError::FingerprintChanged));
}

#[test]
fn a_client_that_says_goodbye_ends_the_session() {
    let mut world = World::new();
    world.connect();
    world.run(Duration::from_secs(1));
    world.client.close().unwrap();
    world.run(Duration::from_secs(2));
    assert_eq!(world.closed(), Some(&Closed::ByClient));
}

#[test]
fn a_session_that_is_closed_says_goodbye() {
    let mut world = World::new();
    world.connect();
    world.run(Duration::from_secs(1));
    world.session.close(world.now);
    world.run(Duration::from_secs(1));
    assert_eq!(world.closed(), Some(&Closed::ByServer));
    assert!(world.client_is_gone || !world.client.is_alive(), "it heard nothing");
    assert_eq!(world.session.seal_rtp(&mut vec![0x80; 30]), Err(SealError::NotConnected));
}

#[test]
fn a_handshake_that_stops_ends_in_time() {
    let mut world = World::new();
    let mut records = 0;
    world.uplink = Box::new(move |_, datagram| {
        records += usize::from(datagram.first() == Some(&22));
        datagram.first() != Some(&22) || records < 3
    });
    world.run(Duration::from_secs(25));
    assert_eq!(world.closed(), Some(&Closed::Failed(Failure::HandshakeTimeout { waited: Duration::from_secs(20) })));
}
