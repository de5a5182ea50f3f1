//! Against `rtc::srtp`, and the promises that it does not keep.

use proptest::prelude::*;
use rtc::crypto::RTCCryptoProvider;
use rtc::crypto::providers::AwsLcRsProvider;
use rtc::srtp::context::Context;
use rtc::srtp::protection_profile::ProtectionProfile;

use super::stream::{Freshness, WINDOW, Window};
use super::*;

const PROFILES: [Profile; 2] = [Profile::AeadAes128Gcm, Profile::Aes128CmSha1_80];

fn exported(profile: Profile) -> Vec<u8> {
    (0..profile.material_len() as u8).map(|byte| byte.wrapping_mul(37)).collect()
}

/// Ours as the server, theirs as the client: what it seals with and opens with.
fn ends(profile: Profile) -> (Sealer, Opener, Context, Context) {
    let exported = exported(profile);
    let material = Material::split(profile, &exported, false).unwrap();
    let theirs = match profile {
        Profile::AeadAes128Gcm => ProtectionProfile::AeadAes128Gcm,
        Profile::Aes128CmSha1_80 => ProtectionProfile::Aes128CmHmacSha1_80,
    };
    let mut config = rtc::srtp::config::Config { profile: theirs, ..Default::default() };
    config.set_session_keys_from_keying_material(&exported, true).unwrap();
    let provider = AwsLcRsProvider::new();
    let context = |key: &[u8], salt: &[u8]| Context::new(key, salt, theirs, None, None, provider.crypto()).unwrap();
    (
        Sealer::new(profile, &material.local).unwrap(),
        Opener::new(profile, &material.remote).unwrap(),
        context(&config.keys.local_master_key, &config.keys.local_master_salt),
        context(&config.keys.remote_master_key, &config.keys.remote_master_salt),
    )
}

/// Both ends ours.
fn pair(profile: Profile) -> (Sealer, Opener) {
    let exported = exported(profile);
    let (server, client) = (Material::split(profile, &exported, false).unwrap(), Material::split(profile, &exported, true).unwrap());
    (Sealer::new(profile, &server.local).unwrap(), Opener::new(profile, &client.remote).unwrap())
}

fn rtp(ssrc: u32, sequence: u16, payload: usize) -> Vec<u8> {
    // With an extension of one word and one CSRC.
    let mut packet = vec![0x91, 0x60];
    packet.extend(sequence.to_be_bytes());
    packet.extend(7_u32.to_be_bytes());
    packet.extend(ssrc.to_be_bytes());
    packet.extend(9_u32.to_be_bytes());
    packet.extend([0xbe, 0xde, 0, 1, 0x10, 0xff, 0, 0]);
    packet.extend((0..payload).map(|byte| byte as u8));
    packet
}

fn report(ssrc: u32) -> Vec<u8> {
    let mut packet = vec![0x80, 200, 0, 6];
    packet.extend(ssrc.to_be_bytes());
    packet.extend(0..20);
    packet
}

#[test]
fn rtc_opens_what_we_seal_and_we_open_what_it_seals_over_rollovers() {
    for profile in PROFILES {
        let (mut sealer, mut opener, mut their_sealer, mut their_opener) = ends(profile);
        // In steps as lost packets make them, a few of them backwards, over three rollovers.
        for at in (0..200_000_u32).step_by(997).flat_map(|at| [at + 2, at + 1, at + 40]) {
            let plain = rtp(5, (at + 40_000) as u16, 300);
            let mut sealed = plain.clone();
            sealer.seal_rtp(&mut sealed).unwrap();
            assert_eq!(sealed.len(), plain.len() + if profile == Profile::AeadAes128Gcm { 16 } else { 10 });
            assert_eq!(their_opener.decrypt_rtp(&sealed).unwrap(), plain, "{profile:?} {at}");
            let mut theirs = their_sealer.encrypt_rtp(&plain).unwrap().to_vec();
            let len = opener.open_rtp(&mut theirs).unwrap();
            assert_eq!(theirs[..len], plain, "{profile:?} {at}");
        }
        for _ in 0..3 {
            let plain = report(5);
            let mut sealed = plain.clone();
            sealer.seal_rtcp(&mut sealed).unwrap();
            assert_eq!(their_opener.decrypt_rtcp(&sealed).unwrap(), plain, "{profile:?}");
            let mut theirs = their_sealer.encrypt_rtcp(&plain).unwrap().to_vec();
            let len = opener.open_rtcp(&mut theirs).unwrap();
            assert_eq!(theirs[..len], plain, "{profile:?}");
        }
    }
}

#[test]
fn a_packet_sealed_in_a_buffer_is_the_packet_sealed_in_a_vector() {
    for profile in PROFILES {
        let (mut one, mut opener) = pair(profile);
        let (mut other, _) = pair(profile);
        let plain = rtp(5, 1, 1200);
        let mut grown = plain.clone();
        one.seal_rtp(&mut grown).unwrap();
        let mut buffer = [0; 1500];
        buffer[..plain.len()].copy_from_slice(&plain);
        let len = other.seal_rtp_in(&mut buffer, plain.len(), 24).unwrap();
        assert_eq!(buffer[..len], grown);
        assert_eq!(opener.open_rtp(&mut grown), Ok(plain.len()));
        let small = &mut buffer[..plain.len() + 3];
        assert!(matches!(other.seal_rtp_in(small, plain.len(), 24), Err(SealError::NoRoom { .. })));
        assert!(matches!(other.seal_rtp_in(&mut buffer, 20, 24), Err(SealError::Malformed { .. })));
    }
}

#[test]
fn no_nonce_serves_twice() {
    for profile in PROFILES {
        let (mut sealer, _) = pair(profile);
        sealer.seal_rtp(&mut rtp(5, 65_535, 10)).unwrap();
        sealer.seal_rtp(&mut rtp(5, 1, 10)).unwrap();
        let mut again = rtp(5, 1, 11);
        assert_eq!(sealer.seal_rtp(&mut again), Err(SealError::Repeated { ssrc: 5, sequence: 1 }));
        assert_eq!(again, rtp(5, 1, 11), "a refused packet is left as it was");
        // Late but new.
        sealer.seal_rtp(&mut rtp(5, 0, 10)).unwrap();
        // The same numbers on another SSRC are other nonces.
        sealer.seal_rtp(&mut rtp(6, 1, 10)).unwrap();
    }
}

#[test]
fn replays_are_dropped_and_late_packets_are_not() {
    for profile in PROFILES {
        let (mut sealer, mut opener) = pair(profile);
        let mut sealed: Vec<_> = (0..2000_u16).map(|at| rtp(5, at.wrapping_add(65_000), 20)).collect();
        sealed.iter_mut().for_each(|packet| sealer.seal_rtp(packet).unwrap());
        for (at, packet) in sealed.iter().enumerate().filter(|(at, _)| at % 2 == 0 && *at < 1500) {
            assert!(opener.open_rtp(&mut packet.clone()).is_ok(), "{at}");
            assert_eq!(opener.open_rtp(&mut packet.clone()), Err(OpenError::Replayed), "{at}");
        }
        // The highest is 1498: within the window the odd ones are late, before it too late.
        assert!(opener.open_rtp(&mut sealed[1498 - 1023].clone()).is_ok());
        assert_eq!(opener.open_rtp(&mut sealed[1498 - 1025].clone()), Err(OpenError::Replayed));
        let mut compound = report(5);
        sealer.seal_rtcp(&mut compound).unwrap();
        assert!(opener.open_rtcp(&mut compound.clone()).is_ok());
        assert_eq!(opener.open_rtcp(&mut compound), Err(OpenError::Replayed));
    }
}

#[test]
fn a_forger_moves_no_window_and_makes_no_state() {
    for profile in PROFILES {
        let (mut sealer, mut opener) = pair(profile);
        let mut first = rtp(5, 100, 20);
        sealer.seal_rtp(&mut first).unwrap();
        for byte in 0..first.len() {
            let mut forged = first.clone();
            forged[byte] ^= 1;
            assert!(opener.open_rtp(&mut forged).is_err(), "{profile:?} byte {byte}");
        }
        for ssrc in 0..5000 {
            assert_eq!(opener.open_rtp(&mut rtp(ssrc, 30_000, 60)), Err(OpenError::NotAuthentic));
        }
        assert!(opener.open_rtp(&mut first).is_ok());
    }
}

#[test]
fn a_session_takes_so_many_ssrcs_and_no_more() {
    let (mut sealer, mut opener) = pair(Profile::AeadAes128Gcm);
    for ssrc in 0..1025_u32 {
        let mut packet = rtp(ssrc.wrapping_mul(0x9e37_79b9), 1, 20);
        sealer.seal_rtp(&mut packet).unwrap();
        assert_eq!(opener.open_rtp(&mut packet).is_ok(), ssrc < 1024);
    }
    let mut known = rtp(0, 2, 20);
    sealer.seal_rtp(&mut known).unwrap();
    assert!(opener.open_rtp(&mut known).is_ok());
}

#[test]
fn the_rollover_counter_is_guessed_near_the_last_packet() {
    let mut window = Window::starting(65_530);
    assert_eq!(window.guess(3), Some(65_539));
    window.accept(65_539);
    assert_eq!(window.guess(65_533), Some(65_533));
    assert_eq!(window.judge(65_533), Freshness::Fresh);
    assert_eq!(window.judge(65_530), Freshness::Stale);
    assert_eq!(Window::starting(3).guess(65_533), None, "before the first rollover there is nothing");
    assert_eq!(Window::starting(u64::from(u32::MAX) << 16 | 0xffff).guess(0), None, "2^48 packets are enough");
}

proptest! {
    /// What the window says is what a set of all indices would say.
    #[test]
    fn a_window_is_a_set(steps in proptest::collection::vec(-1500_i64..1500, 1..300)) {
        let mut at = 100_000_i64;
        let mut window = Window::starting(at as u64);
        let mut seen = std::collections::BTreeSet::from([at as u64]);
        for step in steps {
            at = (at + step).max(0);
            let (index, highest) = (at as u64, *seen.last().unwrap());
            let is_stale = seen.contains(&index) || index + WINDOW <= highest;
            prop_assert_eq!(window.judge(index) == Freshness::Stale, is_stale);
            if !is_stale {
                window.accept(index);
                seen.insert(index);
            }
        }
    }

    #[test]
    fn no_bytes_make_opening_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        for profile in PROFILES {
            let (mut sealer, mut opener) = pair(profile);
            let _ = opener.open_rtp(&mut bytes.clone());
            let _ = opener.open_rtcp(&mut bytes.clone());
            let _ = sealer.seal_rtp(&mut bytes.clone());
            let _ = sealer.seal_rtcp(&mut bytes.clone());
        }
    }
}
