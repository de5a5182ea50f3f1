//! Descriptions of real clients, anonymised; the older ones of Firefox and that of an encoder are written after what these clients send.

mod answering;
mod damage;
mod offering;
mod reading;
mod trickling;

use super::*;
use crate::sfu::codec::Codec;
use crate::sfu::packet::Extension;

const PUBLISH: &str = include_str!("../samples/chromium_publish_simulcast_red.sdp");
const SENDRECV: &str = include_str!("../samples/chromium_sendrecv.sdp");
const SINGLE_PUBLISH: &str = include_str!("../samples/chromium_single_publish.sdp");
const SINGLE_RECVONLY: &str = include_str!("../samples/chromium_single_recvonly.sdp");
const SUBSCRIBER_ANSWER: &str = include_str!("../samples/chromium_subscriber_answer.sdp");
const WHEP: &str = include_str!("../samples/chromium_whep.sdp");
const WHIP: &str = include_str!("../samples/chromium_whip.sdp");
const ENCODER: &str = include_str!("../samples/encoder_whip.sdp");
const FIREFOX_DRAFT: &str = include_str!("../samples/firefox_draft_simulcast.sdp");
const FIREFOX: &str = include_str!("../samples/firefox_publish_simulcast.sdp");

/// Of Firefox 153 without H.264, as livekit-client 2.23 sends it by one connection with microphone and camera.
const FIREFOX_SINGLE: &str = include_str!("../samples/firefox_single_publish.sdp");

const SAMPLES: [&str; 11] =
    [PUBLISH, SENDRECV, SINGLE_PUBLISH, SINGLE_RECVONLY, SUBSCRIBER_ANSWER, WHEP, WHIP, ENCODER, FIREFOX_DRAFT, FIREFOX, FIREFOX_SINGLE];

fn local() -> Local {
    Local {
        session_id: 7,
        version: 1,
        ice_ufrag: "ourU".to_owned(),
        ice_pwd: "ourpasswordourpassword".to_owned(),
        fingerprint: [0xab; 32],
        candidates: vec![
            Candidate::host("192.0.2.1".parse().unwrap(), 7000, Transport::Udp, 0),
            Candidate::host("2001:db8::1".parse().unwrap(), 7000, Transport::Udp, 1),
            Candidate::host("192.0.2.1".parse().unwrap(), 7443, Transport::TcpPassive, 0),
        ],
        end_of_candidates: true,
        max_message_size: Some(262_144),
    }
}

fn sent(number: u32) -> Sent {
    let msid = Msid { stream: "PA_a|TR_b".to_owned(), track: "TR_b".to_owned() };
    Sent { msid, cname: "PA_a".to_owned(), ssrc: 1000 + number, repair_ssrc: Some(2000 + number) }
}

fn names(section: &Section) -> Vec<(u8, &str, Option<u8>)> {
    section.codecs.iter().map(|line| (line.payload_type, line.name.as_str(), line.repaired_by)).collect()
}

fn rids(section: &Section) -> Vec<&str> {
    section.rids.iter().map(|rid| rid.id.as_str()).collect()
}

fn parameters(line: &CodecLine) -> Vec<(&str, &str)> {
    line.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}
