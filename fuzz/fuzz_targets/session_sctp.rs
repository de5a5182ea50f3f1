//! SCTP of a connected client: any chunks with the right ports and checksum, by way of a real DTLS client.
#![no_main]

use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use bytes::BytesMut;
use libfuzzer_sys::fuzz_target;
use rtc::crypto::RTCCryptoProvider;
use rtc::crypto::providers::AwsLcRsProvider;
use rtc::dtls::config::{ConfigBuilder, HandshakeConfig};
use rtc::dtls::crypto::Certificate;
use rtc::dtls::endpoint::{Endpoint, EndpointEvent};
use rtc::dtls::extension::extension_use_srtp::SrtpProtectionProfile;
use rtc::shared::TransportProtocol;
use yizhan_fuzz::transport::session::{Fingerprint, IceCredentials, Remote, Setup};

#[path = "support/session.rs"]
mod session;

static CLIENT: LazyLock<(Arc<HandshakeConfig>, Fingerprint)> = LazyLock::new(|| {
    let provider: Arc<dyn RTCCryptoProvider> = Arc::new(AwsLcRsProvider::new());
    let certificate = Certificate::generate_self_signed(vec!["client".to_owned()], provider.crypto()).expect("a certificate");
    let fingerprint = Fingerprint::of(certificate.certificate[0].as_ref());
    let config = ConfigBuilder::default()
        .with_crypto_provider(provider)
        .with_certificates(vec![certificate])
        .with_srtp_protection_profiles(vec![SrtpProtectionProfile::Srtp_Aead_Aes_128_Gcm])
        .with_insecure_skip_verify(true)
        .with_server_name("x".to_owned())
        .build(true, None);
    (Arc::new(config.expect("a configuration")), fingerprint)
});

/// A chunk's type, its flags, whether it ends the packet, its value.
type Input = Vec<(u8, u8, bool, Vec<u8>)>;

const KINDS: [u8; 16] = [0, 0, 0, 3, 3, 4, 6, 9, 130, 130, 192, 192, 1, 7, 10, 14];

fuzz_target!(|input: Input| {
    let mut now = Instant::now();
    let peer = session::path().remote;
    let mut session = session::checked(now);
    let ice = IceCredentials { ufrag: "theirs".to_owned(), pwd: "x".repeat(22) };
    session.set_remote(now, Remote { ice, fingerprint: CLIENT.1, setup: Setup::Active }).expect("a description");
    let mut client = Endpoint::new(peer, TransportProtocol::UDP, None);
    client.connect(now, peer, Arc::clone(&CLIENT.0), None).expect("a client");
    // What the server's association calls itself, learnt from its answer to INIT, and its cookie.
    let mut tag = [0; 4];
    for _ in 0..10 {
        while let Some(transmit) = client.poll_transmit() {
            session.handle(now, session::path(), &mut transmit.message.to_vec());
        }
        while let Some(transmit) = session.poll_transmit() {
            let _ = client.read(now, peer, None, BytesMut::from(&transmit.datagram[..]));
        }
    }
    assert!(session.is_connected());
    let mut give = |now: Instant, tag: [u8; 4], chunks: &[u8]| {
        let mut packet = vec![0x13, 0x88, 0x13, 0x88];
        packet.extend(tag);
        packet.extend([0; 4]);
        packet.extend_from_slice(chunks);
        let sum = crc32c(&packet).to_le_bytes();
        packet[8..12].copy_from_slice(&sum);
        let _ = client.write(now, peer, &packet);
        while let Some(transmit) = client.poll_transmit() {
            session.handle(now, session::path(), &mut transmit.message.to_vec());
        }
        session.handle_timeout(now);
        let mut answers = Vec::new();
        while let Some(transmit) = session.poll_transmit() {
            for event in client.read(now, peer, None, BytesMut::from(&transmit.datagram[..])).unwrap_or_default() {
                if let EndpointEvent::ApplicationData(answer) = event {
                    answers.push(answer.to_vec());
                }
            }
        }
        while session.poll_event().is_some() {}
        answers
    };
    // INIT: tag 7, a window, 1024 streams either way, first TSN 1. Then the cookie of its answer, sent back.
    let init = [1, 0, 0, 20, 0, 0, 0, 7, 0, 4, 0, 0, 4, 0, 4, 0, 0, 0, 0, 1];
    if let Some(answer) = give(now, [0; 4], &init).iter().find(|answer| answer.get(12) == Some(&2) && answer.len() > 36) {
        tag.copy_from_slice(&answer[16..20]);
        let mut parameters = &answer[32..];
        while parameters.len() >= 4 {
            let len = usize::from(u16::from_be_bytes([parameters[2], parameters[3]])).clamp(4, parameters.len());
            if parameters[..2] == [0, 7] {
                let mut echo = vec![10, 0];
                echo.extend((len as u16).to_be_bytes());
                echo.extend_from_slice(&parameters[4..len]);
                echo.resize(echo.len().next_multiple_of(4), 0);
                give(now, tag, &echo);
            }
            parameters = &parameters[len.next_multiple_of(4).min(parameters.len())..];
        }
    }
    let mut packet = Vec::new();
    for (kind, flags, ends, value) in &input {
        let (mut value, real) = (value.clone(), KINDS[usize::from(kind & 15)]);
        // Half of what counts TSNs counts near those of the association, the first of which is 1; streams are few, and messages say that they are control.
        if kind & 0x80 != 0 && value.len() >= 12 {
            let near = u32::from(value[0]).wrapping_sub(u32::from(value[1] & 3)).to_be_bytes();
            match real {
                0 => {
                    let header = [near[0], near[1], near[2], near[3], 0, value[4] & 3, 0, value[6] & 3, 0, 0, 0, 50 + (value[8] & 3)];
                    value[..12].copy_from_slice(&header);
                }
                192 => value[..4].copy_from_slice(&near),
                130 => {
                    let len = value.len() as u8;
                    value[..4].copy_from_slice(&[0, if flags & 1 == 0 { 13 } else { 16 }, 0, len]);
                }
                _ => {}
            }
        }
        packet.extend([if kind & 0x40 != 0 { *kind } else { real }, *flags]);
        let lie = if kind & 0x30 == 0x30 { flags & 7 } else { 0 };
        packet.extend((value.len() as u16 + 4 + u16::from(lie)).to_be_bytes());
        packet.append(&mut value);
        packet.resize(packet.len().next_multiple_of(4), 0);
        if *ends || packet.len() > 900 {
            packet.truncate(1100);
            now += Duration::from_millis(50);
            give(now, tag, &packet);
            packet.clear();
        }
    }
});

/// CRC-32C (RFC 9260 appendix A).
fn crc32c(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |sum, byte| (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0x82f6_3b78 } else { sum >> 1 }))
}
